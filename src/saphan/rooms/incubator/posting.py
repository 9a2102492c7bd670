"""What somebody writes becomes a draft, or changes a call: for the web, the API and MCP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from saphan.house import callers
from saphan.people.models import Person
from saphan.rooms.incubator import exchange, gating
from saphan.rooms.incubator.actions import calls as actions
from saphan.rooms.incubator.forms.calls import CallForm
from saphan.rooms.incubator.models import Call
from saphan.rooms.incubator.rules import calls as rules

WRITABLE = frozenset({*CallForm.base_fields, "budget"})


def keep(form: CallForm, *, by: Person, version: int | None = None) -> Call:
    """Save what the form holds, every field that is right: a new draft, or changes to its call.
    Call after `is_valid()`, whatever it said."""
    values = form.values(by=by.ref)
    if form.call is not None:
        return actions.save(form.call, values, by=by, version=version)
    values.setdefault("economy_id", by.economy_id)
    return actions.start(values, by=by)


def draft(data: Mapping[str, Any], *, by: Person) -> Call:
    """A new draft from what software sent. Raises `Invalid` with every field that is wrong."""
    rules.may_start(by).or_raise()
    form = CallForm(_for_form(data))
    if not form.is_valid():
        raise callers.Invalid.form(form)
    return keep(form, by=by)


def change(call: Call, data: Mapping[str, Any], *, by: Person) -> Call:
    """Change the given fields; what is not given stays. `version` guards against overwriting."""
    rules.may_edit(by, call).or_raise()
    version = data.get("version")
    if version is not None and (isinstance(version, bool) or not isinstance(version, int)):
        raise callers.Invalid([{"field": "version", "message": _("Enter a whole number.")}])
    given = _for_form({name: value for name, value in data.items() if name != "version"})
    form = CallForm({**_as_it_is(call), **given}, lang=call.lang, call=call)
    if not form.is_valid():
        raise callers.Invalid.form(form)
    names = {*given, *(["title"] if "title_en" in given else []),
             *(["economy_id", "time_zone", "deadline"] if "economy" in given else []),
             *(["deadline"] if "time_zone" in given else []),
             *(["organisation_name", "organisation_kind"] if "organisation" in given else [])}
    values = {name: value for name, value in form.values(by=by.ref).items() if name in names}
    return actions.save(call, values, by=by, version=version)


def submit(call: Call, *, by: Person, objection: str = "") -> Call:
    """Send a draft to the desk. Raises `Invalid` with what the quality gate refuses."""
    try:
        return actions.submit(call, by=by, objection=objection)
    except gating.Held as held:
        raise held.invalid() from held


def _as_it_is(call: Call) -> dict[str, Any]:
    row = {name: value for name, value in exchange.row_of(call).items() if name in WRITABLE}
    return {**_budget(row), "form": call.form, "economy": call.economy_id or "",
            "organisation": call.maker, "organisation_kind": call.organisation_kind}


def _for_form(data: Mapping[str, Any]) -> dict[str, Any]:
    """What software sent, as the form takes it. Raises `Invalid` for fields that it does not know
    and values of the wrong type."""
    errors = [{"field": name, "message": _("This field is not known, or cannot be set.")}
              for name in data if name not in WRITABLE]
    errors += [{"field": name, "message": message}
               for name, message in exchange.wrong_types(
                   {name: value for name, value in data.items() if name in WRITABLE})
               if name not in ("budget_amount",)]
    if errors:
        raise callers.Invalid(errors)
    plain, organisation = _budget(data), data.get("organisation")
    if isinstance(organisation, Mapping):
        names = organisation.get("name")
        plain["organisation"] = next(iter(names.values()), "") if isinstance(
            names, Mapping) else str(names or "")
        plain.setdefault("economy", organisation.get("economy") or "")
        plain.setdefault("organisation_kind", organisation.get("kind") or "")
    return plain


def _budget(data: Mapping[str, Any]) -> dict[str, Any]:
    plain = dict(data)
    if "budget" in plain:
        budget = plain.pop("budget") or {}
        plain["budget_amount"], plain["budget_currency"] = (
            budget.get("amount"), budget.get("currency"))
    return plain
