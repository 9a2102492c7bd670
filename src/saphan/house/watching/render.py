"""Saved searches as plain data: one rendering for the API and MCP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from saphan.house import callers, render
from saphan.house.watching import actions, queries
from saphan.house.watching.forms import FIELDS, WatchForm, said_of
from saphan.house.watching.models import Watch
from saphan.house.watching.queries import Result
from saphan.people.models import Person


def watch(found: Watch) -> dict[str, Any]:
    return {"id": found.pk, **said_of(found), "state": found.state,
            "created": found.created.isoformat(), "changed": found.changed.isoformat(),
            "url": settings.BASE_URL + found.get_absolute_url(),
            "feeds": {form: queries.feed_address(found, form) for form in ("atom", "json")}}


def result(found: Result) -> dict[str, Any]:
    return {**render.hit(found.hit), "entry": found.entry,
            "found_at": found.at.isoformat() if found.at else None}


def results(found: Watch) -> dict[str, Any]:
    return {"id": found.pk, "results": [result(each) for each in queries.results(found)]}


def trial(found: Watch) -> dict[str, Any]:
    return {"id": found.pk, "days": 30, "results": [result(each) for each in queries.trial(found)]}


def listed(person: Person | None) -> list[dict[str, Any]]:
    """Her searches. Raises `callers.Unauthorised` for somebody unknown."""
    return [{**watch(each), "found": each.news,  # type: ignore[attr-defined]
             "latest": each.latest.isoformat() if each.latest else None}  # type: ignore[attr-defined]
            for each in queries.watches_of(known(person))]


def known(person: Person | None) -> Person:
    if person is None:
        raise callers.Unauthorised(_("This call needs a token. Make one in your account."))
    return person


def one(pk: int, person: Person | None) -> Watch:
    """Raises `callers.Missing`, `callers.Unauthorised`."""
    try:
        return queries.watch(pk, asker=known(person))
    except queries.NotFound:
        raise callers.Missing(pk) from None


def save(given: Mapping[str, Any], person: Person) -> Watch:
    """Raises `callers.Invalid`, `Refused`."""
    return actions.save(_values({**given}), by=person)


def change(found: Watch, given: Mapping[str, Any], person: Person) -> Watch:
    """What is not given stays. Raises `callers.Invalid`, `Refused`."""
    return actions.change(found, _values({**said_of(found), **given}), by=person)


def _values(given: dict[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(given) - set(FIELDS))
    if unknown:
        raise callers.Invalid([{"field": name, "message": _("There is no such field.")}
                               for name in unknown])
    form = WatchForm(given)
    if not form.is_valid():
        raise callers.Invalid.form(form)
    return form.cleaned_data
