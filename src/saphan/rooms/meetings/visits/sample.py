"""The visits of a sample centre: guided tours over the exhibits that are on show.

`visits.toml` holds, all marked as examples but the stations, which stand for real exhibits:

- `[where.NAME]`: the words for a part of the hall, by language;
- `[[station]]`: `exhibit` (the name of its folder), `where` (one of those names), and the fields
  of a station: `minutes`, `capacity`, `value` (1 to 5), `must`, `x`, `y`, `floor`;
- `[[guide]]`: fields of the guide form (`forms.py`): `name`, `speaks`, `leads`, `interprets`, …;
- `[[day]]`: `in_days` (counted from today; with `weekday`, a Saturday or Sunday gives way to the
  Monday), and the `bound` of its plan;
- `[[day.visit]]`: `key` and the fields of the visit form; `wishes` are exhibits;
- `[[day.route]]`: the plan of the day, computed before; one for each group, in the order in which
  the house makes the groups: `guide` and `interpreter` by name, and `stops`, a list of
  `[begins, ends, exhibit]`.

A file is loaded once, as a whole, and only if exhibits are on show. Where its routes do not fit,
because the house has other stations or visits by then, the visits wait for the staff to plan them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, time, timedelta
from math import inf, isfinite
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import translation

from saphan.engines.timetable.tours import check
from saphan.engines.timetable.tours import model as engine
from saphan.ground import clock
from saphan.ground.access import Refused
from saphan.ground.text import Text
from saphan.house.sampling import BadSample, manager, valid
from saphan.rooms.meetings.models import DayPlan, Station, Visit, VisitGuide
from saphan.rooms.meetings.visits import actions, computing, queries
from saphan.rooms.meetings.visits.assembling import Assembled, assemble, minute_of
from saphan.rooms.meetings.visits.forms import GuideForm, VisitForm

PAGE = "exhibition/at/{}/"
FRIDAY = 5
NOTHING = engine.Score(0, 0, 0, 0, 0, 0, 0, 0, 0)


def load(path: Path) -> None:
    """Load the file, unless it is here already or there is nothing to see."""
    if not path.is_file():
        return
    row = tomllib.loads(path.read_text("utf-8"))
    keys = [visit["key"] for day in row["day"] for visit in day["visit"]]
    if Visit.objects.filter(key__in=keys).exists():
        return
    with translation.override("en"), transaction.atomic():
        _Tours(row, path.name).tell()


class _Tours:
    """Stations, guides and days of visits, as the staff would set them up."""

    def __init__(self, row: Mapping[str, Any], where: str) -> None:
        self.row, self.where, self.staff = row, where, manager()
        self.stations: dict[str, Station] = {}
        self.guides: dict[str, VisitGuide] = {}
        self.untouched = not Station.objects.exists()

    def tell(self) -> None:
        self._set_up_stations()
        if not self.stations:
            return
        for given in self.row["guide"]:
            form = valid(GuideForm({"begins": "09:00", "ends": "18:00", "run": 180, "leads": True,
                                    "active": True, **given}), f"{self.where}, {given['name']}")
            self.guides[given["name"]] = actions.keep_guide(
                {**form.values(), "example": True}, by=self.staff)
        for given in self.row["day"]:
            self._tell_day(given)

    def _set_up_stations(self) -> None:
        """What the staff have set up before stays as it is."""
        known = set(Station.objects.values_list("pk", flat=True))
        try:
            actions.take_over_exhibits(by=self.staff)
        except Refused:
            return
        found = {station.address: station for station in queries.stations(everything=True)}
        for at, given in enumerate(self.row["station"], len(known)):
            station = found.get(PAGE.format(given["exhibit"]))
            if station is None:
                continue
            if station.pk not in known:
                plain = {name: value for name, value in given.items() if name != "exhibit"}
                actions.keep_station(
                    {**plain, "where": self._where(given["where"]), "position": at},
                    by=self.staff, station=station)
            self.stations[given["exhibit"]] = station

    def _where(self, name: str) -> Text:
        words = self.row["where"].get(name)
        if words is None:
            raise BadSample(f"{self.where}: there is no [where.{name}]")
        return Text.of(words, source="en", origin="house")

    def _tell_day(self, given: Mapping[str, Any]) -> None:
        day = day_of(given)
        for visit in given["visit"]:
            self._request(visit, day)
        plan = DayPlan(day=day, number=1, state=DayPlan.State.READY, made=clock.now())
        if queries.plans_of(day) or not self._fill(plan, given):
            return
        plan.save(force_insert=True)
        computing.publish(plan, by=self.staff)
        for visit in queries.of_day(day):
            actions.confirm(visit, by=self.staff)

    def _fill(self, plan: DayPlan, given: Mapping[str, Any]) -> bool:
        """Whether the routes of the file can be walked in this house; the plan gets them."""
        found = assemble(plan)
        routes = self._routes(given["route"], found)
        if len(routes) != len(found.problem.groups):
            return False
        score = check.score(found.problem, engine.Plan(routes, NOTHING, 0))
        made = engine.Plan(routes, score, given["bound"] if self._is_proven(found) else inf)
        if check.check(found.problem, made):
            return False
        plan.lines, plan.score = found.lines(made), asdict(score)
        plan.bound = made.bound if isfinite(made.bound) else None
        return True

    def _is_proven(self, found: Assembled) -> bool:
        """The bound of the file holds for its own stations and guides. It still holds where an
        exhibit lacks on this machine: a route without it was a route of the whole hall too, unless
        it misses what everybody must see."""
        musts = {row["exhibit"] for row in self.row["station"] if row.get("must")}
        return (self.untouched and musts <= self.stations.keys()
                and {station.pk for station in found.stations} == {
                    station.pk for station in self.stations.values()}
                and len(found.guides) == len(self.guides))

    def _request(self, given: Mapping[str, Any], day: date) -> None:
        wishes = [self.stations[name].pk for name in given.get("wishes", [])
                  if name in self.stations]
        form = valid(VisitForm({"guided": True, "group_size": 15, **given, "day": day.isoformat(),
                                "wishes": wishes}, by=self.staff), f"{self.where}, {given['key']}")
        actions.request({**form.values(origin="house"), "key": given["key"], "example": True,
                         "asker": None}, by=self.staff)

    def _routes(self, rows: Sequence[Mapping[str, Any]],
                found: Assembled) -> tuple[engine.Route, ...]:
        at = {station.pk: here for here, station in enumerate(found.stations)}
        guide_at = {guide.pk: here for here, guide in enumerate(found.guides)}

        def who(name: str) -> int:
            return guide_at[self.guides[name].pk] if name else engine.NOBODY

        return tuple(engine.Route(
            tuple(engine.Stop(at[self.stations[exhibit].pk], _minute(begins), _minute(ends))
                  for begins, ends, exhibit in row["stops"] if exhibit in self.stations),
            who(row.get("guide", "")), who(row.get("interpreter", ""))) for row in rows)


def day_of(given: Mapping[str, Any]) -> date:
    """The date of a `[[day]]`, counted from today."""
    day = clock.today() + timedelta(days=given["in_days"])
    if given.get("weekday") and day.isoweekday() > FRIDAY:
        return day + timedelta(days=8 - day.isoweekday())
    return day


def _minute(words: str) -> int:
    return minute_of(time.fromisoformat(words))
