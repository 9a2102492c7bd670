"""A visit as software reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from saphan.ground.access import Refused
from saphan.house import callers
from saphan.people.models import Person
from saphan.rooms.meetings.models import Visit
from saphan.rooms.meetings.visits import actions, queries, rules, shown
from saphan.rooms.meetings.visits.forms import VisitForm


def find(number: str, person: Person | None) -> Visit:
    try:
        return queries.visit(number, asker=person)
    except queries.NotFound:
        raise callers.Missing(number) from None


def brief(visit: Visit) -> dict[str, Any]:
    return {"number": visit.number, "kind": visit.kind, "state": visit.state,
            "title": str(visit.title), "begins": visit.starts_at.isoformat(),
            "ends": visit.ends_at.isoformat(), "people": visit.people,
            "example": visit.example, "url": visit.get_absolute_url()}


def whole(visit: Visit, person: Person | None) -> dict[str, Any]:
    """All that she may know: routes once it is confirmed, for the staff and guides before."""
    hers = rules.is_hers(person, visit) or rules.looks(person)
    routed = visit.state in Visit.SHOWN or rules.looks(person) or rules.leads(person, visit)
    told = brief(visit)
    if hers:
        told |= {"crowd": visit.crowd, "slow": visit.slow, "guided": visit.guided,
                 "about": visit.about.plain(), "needs": visit.needs.plain(),
                 "wishes": [station.pk for station in visit.wishes.all()]}
    if routed:
        told["groups"] = [_row(row, hers) for row in shown.Rows().of_visit(visit)]
    return told


def _row(row: shown.Row, hers: bool) -> dict[str, Any]:
    people = {"guide": row.guide.name if row.guide else "",
              "interpreter": row.interpreter.name if row.interpreter else ""} if hers else {}
    return {"name": row.name, "people": row.people, "languages": list(row.languages), **people,
            "stops": [{"station": stop.station.pk, "name": str(stop.station),
                       "where": str(stop.station.where), "begins": stop.begins.isoformat(),
                       "ends": stop.ends.isoformat()} for stop in row.stops]}


def stations() -> list[dict[str, Any]]:
    return [{"id": each.pk, "name": str(each), "where": str(each.where), "minutes": each.minutes,
             "people_at_once": each.capacity, "page": each.address}
            for each in queries.stations()]


def request(given: Mapping[str, Any], *, by: Person) -> Visit:
    """Through the same form as the page. Raises callers.Invalid, Refused."""
    form = VisitForm({"guided": True, **given}, by=by, lang=str(given.get("lang") or ""))
    if not form.is_valid():
        raise callers.Invalid.form(form)
    return actions.request(form.values(), by=by)


def known(person: Person | None) -> Person:
    verdict = rules.signed_in(person)
    if person is None or not verdict:
        raise Refused(verdict.reason)
    return person
