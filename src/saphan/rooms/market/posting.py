"""What somebody writes becomes a draft, or changes a record: for the web, the API and MCP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from saphan.house import callers
from saphan.people.models import Person
from saphan.rooms.market import actions, checking, exchange, gating, rules
from saphan.rooms.market.forms import COMMON, NEED_ONLY, OBJECTION, OFFER_ONLY, ListingForm
from saphan.rooms.market.models import Listing

WRITABLE = frozenset({*COMMON, *NEED_ONLY, *OFFER_ONLY, "economy", "budget", "lang"})


def keep(form: ListingForm, *, by: Person, version: int | None = None,
         objection: str | None = None) -> Listing:
    """Save what the form holds, every field that is right: a new draft, or changes to its listing.
    Call after `is_valid()`, whatever it said. `objection`: her answer to the quality gate, if she
    was asked for one."""
    values = form.values(by=by.ref)
    if objection is not None:
        values["objection"] = objection.strip()[:OBJECTION]
    if form.listing is not None:
        return actions.save(form.listing, values, by=by, version=version)
    values.setdefault("economy_id", by.economy_id)
    return actions.start(values, by=by)


def draft(data: Mapping[str, Any], *, by: Person, lang: str = "") -> Listing:
    """A new draft from what software sent. Raises `Invalid` with every field that is wrong."""
    rules.may_post(by).or_raise()
    form = ListingForm(_for_form(data), lang=lang)
    if not form.is_valid():
        raise callers.Invalid.form(form)
    return keep(form, by=by)


def change(listing: Listing, data: Mapping[str, Any], *, by: Person) -> Listing:
    """Change the given fields; what is not given stays. `version` guards against overwriting."""
    rules.may_edit(by, listing).or_raise()
    version = data.get("version")
    if version is not None and (isinstance(version, bool) or not isinstance(version, int)):
        raise callers.Invalid([{"field": "version", "message": _("Enter a whole number.")}])
    given = _for_form({name: value for name, value in data.items() if name != "version"})
    form = ListingForm({**_as_it_is(listing), **given}, lang=listing.lang, listing=listing)
    if not form.is_valid():
        raise callers.Invalid.form(form)
    names = {*given, *(["title"] if "title_en" in given else []),
             *(["economy_id"] if "economy" in given else []),
             *(["organisation_name"] if "organisation" in given else [])}
    values = {name: value for name, value in form.values(by=by.ref).items() if name in names}
    try:
        return actions.save(listing, values, by=by, version=version)
    except gating.Held as held:
        raise held.invalid() from held


def submit(listing: Listing, *, by: Person, objection: str = "") -> Listing:
    """Send a draft to the desk. Raises `Invalid` with what the quality gate refuses."""
    try:
        return actions.submit(listing, by=by, objection=objection[:OBJECTION])
    except gating.Held as held:
        raise held.invalid() from held


def _as_it_is(listing: Listing) -> dict[str, Any]:
    row = exchange.row_of(listing, named=True)
    kept = {name: value for name, value in row.items() if name in WRITABLE}
    return {**_budget(kept), "kind": listing.kind, "economy": listing.economy_id or "",
            "organisation": listing.maker}


def _for_form(data: Mapping[str, Any]) -> dict[str, Any]:
    """What software sent, as the form takes it. Raises `Invalid` for fields that it does not know
    and values of the wrong type."""
    errors = [{"field": name, "message": _("This field is not known, or cannot be set.")}
              for name in data if name not in WRITABLE]
    errors += [{"field": name, "message": str(message)}
               for name, message in checking.wrong_types(data) if name in WRITABLE]
    if errors:
        raise callers.Invalid(errors)
    organisation = data.get("organisation")
    plain = _budget(data)
    if isinstance(organisation, Mapping):
        names = organisation.get("name")
        plain["organisation"] = next(iter(names.values()), "") if isinstance(
            names, Mapping) else str(names or "")
        plain.setdefault("economy", organisation.get("economy", ""))
    return plain


def _budget(data: Mapping[str, Any]) -> dict[str, Any]:
    plain = dict(data)
    if "budget" in plain:
        budget = plain.pop("budget") or {}
        plain["budget_amount"], plain["budget_currency"] = (
            budget.get("amount"), budget.get("currency"))
    return plain
