"""From the visits of a day to the engine's problem, and from its plan back to lines.

Minutes are those of the day at the centre. Positions of the engine stand for records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from math import ceil, hypot
from typing import Any

from saphan.engines.timetable.problem import Level
from saphan.engines.timetable.tours import model as engine
from saphan.engines.timetable.tours.split import Part, split
from saphan.rooms.meetings.models import DayPlan, Station, Visit, VisitGroup, VisitGuide
from saphan.rooms.meetings.visits import queries

METRES_A_MINUTE = 50
"""A group walks slower than a person, and has to gather."""
MINUTES_A_FLOOR = 2
SLOW = 150
VALUE = 20
DAY = 24 * 60
FIRST = -DAY


def minute_of(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def time_of(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


@dataclass
class Assembled:
    """The engine's problem beside the records that its positions stand for."""

    problem: engine.Problem
    held: engine.Held | None
    visits: list[Visit]
    stations: list[Station]
    guides: list[VisitGuide]
    groups: list[VisitGroup | None]
    """The record of a group that keeps its people; None for one that was split anew."""

    def lines(self, made: engine.Plan) -> list[dict[str, Any]]:
        """`DayPlan.lines` of a plan."""
        found = []
        for at, (group, route) in enumerate(zip(self.problem.groups, made.routes, strict=True)):
            record = self.groups[at]
            found.append({
                "visit": self.visits[group.tour].pk, "people": group.people,
                "languages": list(group.languages), "pace": group.pace,
                "group": record.pk if record else None,
                "guide": self._guide(route.lead), "interpreter": self._guide(route.interpreter),
                "stops": [[self.stations[stop.station].pk, stop.begins, stop.ends]
                          for stop in route.stops]})
        return found

    def _guide(self, at: int) -> int | None:
        return self.guides[at].pk if at >= 0 else None

    def advice(self, told: dict[str, Any]) -> dict[str, Any]:
        """The engine's advice by primary keys."""
        groups = self.problem.groups
        numbers: dict[int, int] = {}
        letters = []
        for group in groups:
            numbers[group.tour] = numbers.get(group.tour, 0) + 1
            letters.append(numbers[group.tour])
        return {
            "reasons": [{"visit": self.visits[groups[one["group"]].tour].pk,
                         "group": letters[one["group"]],
                         "station": self.stations[one["station"]].pk, "why": one["why"],
                         "number": one["number"]} for one in told.get("reasons", [])],
            "guides": [{"visit": self.visits[one["tour"]].pk, "languages": one["languages"],
                        "groups": one["groups"]} for one in told.get("guides", [])],
            "longer": [{"visit": self.visits[one["tour"]].pk, "least": one["least"],
                        "enough": one["enough"]} for one in told.get("longer", [])]}


def assemble(plan: DayPlan) -> Assembled:
    """Everything that the plan of a day has to respect, as things stand now."""
    stations = queries.stations(everything=True)
    guides = queries.guides(everything=True)
    visits = [visit for visit in queries.of_day(plan.day) if visit.state in Visit.STANDING
              and (plan.since is None or minute_of(visit.begins) + visit.minutes > plan.since)]
    at = {station.pk: here for here, station in enumerate(stations)}
    guide_at = {guide.pk: here for here, guide in enumerate(guides)}
    told = [_guide(guide, plan) for guide in guides]
    groups: list[engine.Group] = []
    records: list[VisitGroup | None] = []
    for here, visit in enumerate(visits):
        wishes = tuple(sorted(at[station.pk] for station in visit.wishes.all()))
        kept = list(visit.groups.all()) if _is_kept(visit, plan) else []
        records += kept
        groups += [engine.Group(here, one.people, tuple(one.languages), wishes, one.pace)
                   for one in kept]
        if not kept:
            new = split(_parts(visit, wishes), here, most=max(1, visit.group_size), guides=told)
            groups += new
            records += [None] * len(new)
    problem = engine.Problem(
        stations=tuple(_station(station) for station in stations),
        walks=tuple(tuple(_walk(a, b) for b in stations) for a in stations),
        door=tuple(_way(station.x, station.y, station.floor) for station in stations),
        tours=tuple(engine.Tour(minute_of(visit.begins), visit.minutes, visit.guided)
                    for visit in visits),
        groups=tuple(groups), guides=tuple(told))
    return Assembled(problem, _held(plan, records, at, guide_at), visits, stations, guides, records)


def _is_kept(visit: Visit, plan: DayPlan) -> bool:
    """Whether the groups of a visit stay as they are: its people know them."""
    return plan.kind == DayPlan.Kind.REPLAN or visit.state in (
        Visit.State.CONFIRMED, Visit.State.UNDER_WAY)


def _parts(visit: Visit, wishes: tuple[int, ...]) -> list[Part]:
    found = []
    for lang, people in sorted(visit.crowd.items(), key=lambda one: (-int(one[1]), one[0])):
        slow = min(int(visit.slow.get(lang, 0)), int(people))
        found += [Part(lang, int(people) - slow, wishes), Part(lang, slow, wishes, SLOW)]
    return [part for part in found if part.people]


def _station(station: Station) -> engine.Station:
    opened: tuple[tuple[int, int], ...] = ()
    if station.opens or station.closes:
        opened = ((minute_of(station.opens) if station.opens else 0,
                   minute_of(station.closes) if station.closes else DAY),)
    if not station.shown:
        opened = ((0, 0),)
    return engine.Station(
        minutes=max(1, station.minutes), room=station.capacity, must=station.must and station.shown,
        value=max(1, min(100, VALUE * station.value)), open=opened, langs=tuple(station.langs))


def _walk(a: Station, b: Station) -> int:
    return 0 if a.pk == b.pk else _way(a.x - b.x, a.y - b.y, a.floor - b.floor)


def _way(x: float, y: float, floors: int) -> int:
    return max(1, ceil(hypot(x, y) / METRES_A_MINUTE)) + MINUTES_A_FLOOR * abs(floors)


def _guide(guide: VisitGuide, plan: DayPlan) -> engine.Guide:
    there = (guide.active and plan.day.isoformat() not in guide.away
             and guide.pk not in plan.missing)
    free = ((minute_of(guide.begins), minute_of(guide.ends)),) if there else ((0, 0),)
    return engine.Guide(
        speaks={lang: Level(int(level)) for lang, level in guide.speaks.items()}, free=free,
        run=guide.run, leads=guide.leads, interprets=guide.interprets)


def _held(plan: DayPlan, records: Sequence[VisitGroup | None], at: dict[int, int],
          guide_at: dict[int, int]) -> engine.Held | None:
    """What people hold: to the minute `since` it stays, later it has its price."""
    if not any(records):
        return None
    routes = tuple(
        engine.Route(
            tuple(engine.Stop(at[station], begins, ends) for station, begins, ends in one.stops
                  if station in at),
            guide_at.get(one.guide_id, -1) if one.guide_id else -1,
            guide_at.get(one.interpreter_id, -1) if one.interpreter_id else -1)
        if one else engine.Route(()) for one in records)
    place = {one.pk: here for here, one in enumerate(records) if one}
    return engine.Held(
        routes, now=FIRST if plan.since is None else plan.since,
        late=tuple(sorted((place[int(key)], int(minutes)) for key, minutes in plan.late.items()
                          if int(key) in place)),
        broken=tuple(sorted((at[int(key)], int(until)) for key, until in plan.broken.items()
                            if int(key) in at)))
