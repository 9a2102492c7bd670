"""Stations, guides and visits for tests, made by the fewest words."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from saphan.ground import clock
from saphan.ground.text import Text
from saphan.people.models import Economy, Person
from saphan.rooms.meetings.models import DayPlan, Station, Visit, VisitGuide
from saphan.rooms.meetings.visits import actions, computing


def day() -> date:
    return clock.today() + timedelta(days=7)


def station(name: str = "", **values: Any) -> Station:
    at = Station.objects.count()
    return Station.objects.create(**{
        "name": Text.of({"en": name or f"Exhibit {at + 1}"}), "minutes": 8, "capacity": 20,
        "where": Text.of({"en": "Hall"}), "x": 10.0 * at, "y": 5.0, "position": at, **values})


def guide(name: str = "Ploy", *, person: Person | None = None, **speaks: int) -> VisitGuide:
    return VisitGuide.objects.create(name=name, person=person, speaks=speaks or {"en": 3})


def visit(asker: Person | None = None, **values: Any) -> Visit:
    values = {
        "title": Text.of({"en": "Fruit growers of Rayong"}), "lang": "en", "day": day(),
        "begins": time(10), "minutes": 60, "crowd": {"en": 8, "th": 10},
        "economy": Economy.objects.get(code="TH"), **values}
    at = Visit.objects.count() + 1
    return Visit.objects.create(number=f"VST-2026-{at:04d}", asker=asker, **values)


def planned(desk: Person, on: date | None = None) -> DayPlan:
    """The plan of a day, computed."""
    plan = computing.plan_day(on or day(), by=desk, effort=1.0)
    computing.line.do_all()
    plan.refresh_from_db()
    return plan


def confirmed(desk: Person, asker: Person | None = None, **values: Any) -> Visit:
    """A visit with a published route."""
    made = visit(asker, **values)
    computing.publish(planned(desk, made.day), by=desk)
    made.refresh_from_db()
    actions.confirm(made, by=desk)
    return made
