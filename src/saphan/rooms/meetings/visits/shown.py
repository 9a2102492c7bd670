"""Visits as people see them: groups with their names, routes with places and times, the picture of
a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from saphan.design import formats
from saphan.rooms.meetings.models import DayPlan, Station, Visit, VisitGroup, VisitGuide
from saphan.rooms.meetings.visits import queries
from saphan.rooms.meetings.visits.assembling import minute_of


@dataclass(frozen=True)
class Stop:
    """One station of a route; times are aware."""

    station: Station
    number: int
    begins: datetime
    ends: datetime
    first: int
    last: int
    """Minutes of the day."""

    @property
    def minutes(self) -> int:
        return self.last - self.first


@dataclass(frozen=True)
class Row:
    """A group with its route."""

    visit: Visit
    position: int
    people: int
    languages: tuple[str, ...]
    slow: bool
    guide: VisitGuide | None
    interpreter: VisitGuide | None
    stops: tuple[Stop, ...]
    key: int | None = None

    @property
    def name(self) -> str:
        """A, B, … within a visit."""
        return chr(64 + self.position) if self.position <= 26 else str(self.position)

    @property
    def spoken(self) -> str:
        return " · ".join(formats.language_name(lang) for lang in self.languages)


def moment(visit: Visit, minute: int) -> datetime:
    midnight = datetime(visit.day.year, visit.day.month, visit.day.day,
                        tzinfo=ZoneInfo(settings.TIME_ZONE))
    return midnight + timedelta(minutes=minute)


class Rows:
    """Makes rows, with the stations and guides read once."""

    def __init__(self) -> None:
        found = queries.stations(everything=True)
        self.stations = queries.by_key(found)
        self.numbers = {station.pk: at for at, station in enumerate(found, 1)}
        self.guides = {guide.pk: guide for guide in queries.guides(everything=True)}

    def of_group(self, group: VisitGroup, visit: Visit | None = None) -> Row:
        visit = visit or group.visit
        return Row(visit, group.position, group.people, tuple(group.languages), group.pace > 100,
                   self.guides.get(group.guide_id or 0),
                   self.guides.get(group.interpreter_id or 0),
                   self._stops(visit, group.stops), group.pk)

    def of_visit(self, visit: Visit) -> list[Row]:
        return [self.of_group(group, visit) for group in visit.groups.all()]

    def of_plan(self, plan: DayPlan, visits: Iterable[Visit]) -> list[Row]:
        """What a plan that is not published would give."""
        found, counts = [], dict[int, int]()
        by_key = {visit.pk: visit for visit in visits}
        for line in plan.lines:
            visit = by_key.get(line["visit"])
            if visit is None:
                continue
            counts[visit.pk] = counts.get(visit.pk, 0) + 1
            found.append(Row(
                visit, counts[visit.pk], line["people"], tuple(line["languages"]),
                line["pace"] > 100, self.guides.get(line["guide"] or 0),
                self.guides.get(line["interpreter"] or 0), self._stops(visit, line["stops"]),
                line["group"]))
        return found

    def _stops(self, visit: Visit, stops: Sequence[Sequence[int]]) -> tuple[Stop, ...]:
        return tuple(
            Stop(self.stations[station], self.numbers[station], moment(visit, begins),
                 moment(visit, ends), begins, ends)
            for station, begins, ends in stops if station in self.stations)


def reading_language(languages: Sequence[str], fallback: str = "") -> str:
    """In which language of the house a group reads: Chinese as its visit writes it."""
    known = {code.lower(): code for code, _name in settings.LANGUAGES}
    for lang in languages:
        if lang == "zh":
            return fallback if fallback.lower().startswith("zh-") else "zh-Hans"
        if lang.lower() in known:
            return lang
    return "en"


# --- the picture of a day ----------------------------------------------------------------------

LEFT, MINUTE, LINE, TOP = 168, 5, 40, 32


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    width: int
    label: str
    title: str
    full: bool = False
    mark: str = ""

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


@dataclass
class Picture:
    """Boxes on lines over time, in units of the SVG."""

    width: int
    height: int
    ticks: list[tuple[int, str]] = field(default_factory=list)
    lines: list[tuple[int, str, str]] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)


def _frame(rows: Sequence[Row], lines: int) -> tuple[Picture, int]:
    first = min(minute_of(row.visit.begins) for row in rows) // 15 * 15
    last = max(minute_of(row.visit.begins) + row.visit.minutes for row in rows)
    picture = Picture(LEFT + (last - first) * MINUTE + 40, TOP + lines * LINE + 8)
    step = 15 if last - first <= 240 else 30
    for minute in range(first, last + 1, step):
        picture.ticks.append((LEFT + (minute - first) * MINUTE,
                              formats.clock(moment(rows[0].visit, minute))))
    return picture, first


def schedule(rows: Sequence[Row]) -> Picture | None:
    """A line for each group, a box for each stop with the number of the station."""
    if not rows:
        return None
    picture, first = _frame(rows, len(rows))
    for at, row in enumerate(rows):
        y = TOP + at * LINE
        picture.lines.append((y, f"{row.visit.number[-4:]} {row.name}",
                              f"{row.people} · {row.spoken}"))
        for stop in row.stops:
            picture.boxes.append(Box(
                LEFT + (stop.first - first) * MINUTE, y, (stop.last - stop.first) * MINUTE,
                str(stop.number), f"{clock_of(stop)} {stop.station}"))
    return picture


def load(rows: Sequence[Row], stations: Mapping[int, Station],
         numbers: Mapping[int, int]) -> Picture | None:
    """A line for each station that is visited; how many people are there when."""
    used: dict[int, list[tuple[int, int, int]]] = {}
    for row in rows:
        for stop in row.stops:
            used.setdefault(stop.station.pk, []).append((stop.first, stop.last, row.people))
    if not used:
        return None
    order = sorted(used, key=lambda key: numbers[key])
    picture, first = _frame(rows, len(order))
    for at, key in enumerate(order):
        y = TOP + at * LINE
        station = stations[key]
        name = str(station.name)
        picture.lines.append((y, f"{numbers[key]} {name[:16]}{'…' if len(name) > 16 else ''}",
                              _("room for %(number)s") % {
                                  "number": formats.number(station.capacity)}))
        for begins, ends, people in _steps(used[key]):
            share = people / station.capacity
            picture.boxes.append(Box(
                LEFT + (begins - first) * MINUTE, y, (ends - begins) * MINUTE,
                str(people) if ends - begins >= 4 else "", f"{people}/{station.capacity}",
                full=people >= station.capacity,
                mark="high" if share > 0.8 else "some" if share > 0.5 else "low"))
    return picture


def _steps(stays: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Stretches in which the number of people does not change."""
    edges = sorted({minute for begins, ends, _people in stays for minute in (begins, ends)})
    found = []
    for begins, ends in pairwise(edges):
        people = sum(number for a, b, number in stays if a <= begins and ends <= b)
        if people:
            found.append((begins, ends, people))
    return found


def clock_of(stop: Stop) -> str:
    return "–".join(map(formats.clock, (stop.begins, stop.ends)))


def active_language() -> str:
    return formats.bcp47(get_language() or "en")


# --- advice in words ----------------------------------------------------------------------------

def advice_of(plan: DayPlan, visits: Iterable[Visit], stations: Mapping[int, Station]) -> list[str]:
    """What does not fit, and what would help, as sentences."""
    numbers = {visit.pk: visit.number for visit in visits}
    found = []
    for one in plan.advice.get("guides", []):
        found.append(ngettext(
            "%(visit)s: nobody leads %(groups)s group. One more guide who speaks %(languages)s "
            "would do.",
            "%(visit)s: nobody leads %(groups)s groups. One more guide who speaks %(languages)s "
            "would help.", one["groups"]) % {
                "visit": numbers.get(one["visit"], "—"), "groups": formats.number(one["groups"]),
                "languages": " · ".join(formats.language_name(lang)
                                        for lang in one["languages"])})
    for one in plan.advice.get("longer", []):
        if one["enough"] > 0:
            found.append(_(
                "%(visit)s: %(minutes)s minutes would do to see all that every group should "
                "see.") % {
                "visit": numbers.get(one["visit"], "—"),
                "minutes": formats.number(one["enough"])})
    for one in plan.advice.get("reasons", []):
        words = REASONS.get(one["why"])
        if words and one["station"] in stations:
            found.append(words() % {
                "visit": numbers.get(one["visit"], "—"), "group": chr(64 + one["group"] % 27),
                "station": stations[one["station"]], "number": formats.number(one["number"])})
    return found


REASONS = {
    "too_many": lambda: _("%(visit)s, group %(group)s: “%(station)s” has room for %(number)s "
                          "people only. Make the groups smaller."),
    "closed": lambda: _("%(visit)s, group %(group)s: “%(station)s” is closed while they are here."),
    "too_far": lambda: _("%(visit)s, group %(group)s: “%(station)s” is too far for the time."),
    "no_time": lambda: _("%(visit)s, group %(group)s: the time is too short for “%(station)s”."),
    "crowded": lambda: _("%(visit)s, group %(group)s: “%(station)s” is full whenever they could "
                         "see it."),
}
