"""The numbers of the centre: each a count of facts of the ledger, and each opens what it counts."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import numpy as np
from django.apps import apps
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from saphan.ground import clock
from saphan.ground.models import Fact
from saphan.house import tally
from saphan.house.registry import rooms
from saphan.house.room import STAGES, Indicator, Room
from saphan.people.models import Person, Role


def may_open(person: Person | None) -> bool:
    """Who may open a number down to its records: those who run the centre."""
    return person is not None and person.has_role(
        Role.Name.DIRECTOR, Role.Name.PROGRAMME_MANAGER, Role.Name.CLERK, Role.Name.ADMINISTRATOR)


def indicators() -> Iterator[tuple[Room, Indicator]]:
    for room in rooms():
        for indicator in room.indicators:
            yield room, indicator


def find(slug: str) -> tuple[Room, Indicator] | None:
    """`market.signed`: the room and its indicator."""
    for room, indicator in indicators():
        if f"{room.slug}.{indicator.slug}" == slug:
            return room, indicator
    return None


def of_stage(stage: str) -> list[tuple[Room, Indicator]]:
    """The numbers that count what is signed, running or an outcome, of all rooms."""
    return [(room, indicator) for room, indicator in indicators() if indicator.stage == stage]


@dataclass(frozen=True)
class Part:
    """What part of a number is meant; empty means all of it. `since`, `until`: days at the centre,
    both included."""

    economy: str = ""
    sector: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Part:
        """From a query string: `economy`, `sector`, and `period` as a year or a month. What is no
        such thing is left out."""
        period = re.fullmatch(r"((?:19|20)\d\d)(?:-(0[1-9]|1[0-2]))?", given.get("period") or "")
        since = until = None
        if period:
            year, month = int(period[1]), int(period[2] or 0)
            since = date(year, month or 1, 1)
            until = date(year, month or 12, monthrange(year, month or 12)[1])
        return cls((given.get("economy") or "")[:2].upper(), (given.get("sector") or "")[:20],
                   since, until)

    def query(self, **changes: str) -> str:
        """The query string of this part, or of a narrower one."""
        said = {"economy": self.economy, "sector": self.sector, "period": self.period, **changes}
        said = {name: value for name, value in said.items() if value}
        return f"?{urlencode(said)}" if said else ""

    @property
    def period(self) -> str:
        """`2026` or `2026-03`; empty if it is not limited."""
        if self.since is None or self.until is None:
            return ""
        return f"{self.since:%Y-%m}" if self.since.month == self.until.month else f"{self.since:%Y}"

    def of(self, counted: tally.Counted) -> tally.Counted:
        counted = counted.of(economy=self.economy, sector=self.sector)
        if self.since is None and self.until is None:
            return counted
        return counted.within(self.since or date.min, self.until or date.max)


def facts(*chosen: Indicator, part: Part | None = None) -> QuerySet[Fact]:
    """What the numbers count, newest first."""
    meant = Q(pk__in=[])
    for indicator in chosen:
        one = Q(name__in=indicator.facts)
        if indicator.subjects is not None:
            # Facts name their subject as text, keys are numbers.
            keys = indicator.subjects().annotate(as_text=Cast("pk", CharField()))
            one &= Q(subject_id__in=keys.values_list("as_text", flat=True))
        if indicator.once:
            one &= Q(~Exists(Fact.objects.filter(
                name__in=indicator.facts, subject_type=OuterRef("subject_type"),
                subject_id=OuterRef("subject_id"), seq__lt=OuterRef("seq"))))
        meant |= one
    found, part = Fact.objects.filter(meant), part or Part()
    if part.since is not None:
        found = found.filter(at__gte=_midnight(part.since))
    if part.until is not None:
        found = found.filter(at__lt=_midnight(part.until + timedelta(days=1)))
    if part.economy:
        found = found.filter(data__economy=part.economy)
    if part.sector:
        found = found.filter(data__sector=part.sector)
    return found.order_by("-seq")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))


def names() -> set[str]:
    """Names of all facts that some number counts."""
    return {name for _room, indicator in indicators() for name in indicator.facts}


def catch_up() -> int:
    """Take in what the ledger has gained; the worker does, so that no page waits for it."""
    return tally.mirror.catch_up(names())


class Count:
    """One look at the ledger, from which any number can be told. Subjects are asked once."""

    def __init__(self) -> None:
        catch_up()
        self._subjects: dict[Any, np.ndarray] = {}

    def of(self, *chosen: Indicator) -> tally.Counted:
        """The facts that these numbers count, together."""
        return tally.together([self._one(indicator) for indicator in chosen])

    def _one(self, indicator: Indicator) -> tally.Counted:
        counting = None
        if indicator.subjects is not None:
            if indicator.subjects not in self._subjects:
                self._subjects[indicator.subjects] = tally.keys_of(indicator.subjects)
            counting = self._subjects[indicator.subjects]
        return tally.mirror.read(indicator.facts, counting, once=indicator.once)


@dataclass(frozen=True)
class Number:
    """One indicator: in all, since the first of January, in the last 30 days; by month, by economy
    and by sector where the facts say one."""

    room: Room
    indicator: Indicator
    total: int
    this_year: int
    last_30_days: int
    months: tuple[tuple[date, int], ...]
    economies: tuple[tuple[str, int], ...]
    sectors: tuple[tuple[str, int], ...]

    @property
    def slug(self) -> str:
        return f"{self.room.slug}.{self.indicator.slug}"


def number(room: Room, indicator: Indicator, *, count: Count | None = None,
           part: Part | None = None) -> Number:
    """Count, from the ledger alone."""
    today = clock.today()
    found = (part or Part()).of((count or Count()).of(indicator))
    return Number(room, indicator, found.total, found.since(today.replace(month=1, day=1)),
                  found.since(today - timedelta(days=29)), tuple(found.months()),
                  tuple(found.by("economies")), tuple(found.by("sectors")))


def all_numbers() -> list[tuple[Room, list[Number]]]:
    """Every number of every room that counts something."""
    count = Count()
    return [(room, [number(room, indicator, count=count) for indicator in room.indicators])
            for room in rooms() if room.indicators]


def by_year(counted: Number) -> list[tuple[int, int]]:
    """Years and how many, the oldest first."""
    found: dict[int, int] = defaultdict(int)
    for month, count in counted.months:
        found[month.year] += count
    return sorted(found.items())


@dataclass(frozen=True)
class Stage:
    """What is signed, running or an outcome at the whole centre."""

    name: str
    numbers: tuple[Number, ...]
    total: int
    months: dict[date, int]
    economies: dict[str, int]
    sectors: dict[str, int]


def stages(part: Part | None = None, *, count: Count | None = None) -> list[Stage]:
    """Signed, running, outcome: three counts that are never added up."""
    count, part = count or Count(), part or Part()
    found: list[Stage] = []
    for name in STAGES:
        chosen = of_stage(name)
        together = part.of(count.of(*(indicator for _room, indicator in chosen)))
        found.append(Stage(
            name, tuple(number(room, one, count=count, part=part) for room, one in chosen),
            together.total, dict(together.months()), dict(together.by("economies")),
            dict(together.by("sectors"))))
    return found


@dataclass(frozen=True)
class Line:
    """A fact as somebody reads it: with the number and the page of the record that it is about."""

    fact: Fact
    number: str
    url: str

    @property
    def economy(self) -> str:
        return str(self.fact.data.get("economy") or "")

    @property
    def sector(self) -> str:
        return str(self.fact.data.get("sector") or "")


def lines(found: Iterable[Fact]) -> list[Line]:
    """The facts with what they are about, asked of the database once for each kind of record."""
    found = list(found)
    there = _subjects(found)
    return [Line(fact, str(next((fact.data[name] for name in ("listing", "call", "observation")
                                 if fact.data.get(name)), "")),
                 _address(there.get((fact.subject_type, fact.subject_id)))) for fact in found]


def _subjects(found: Sequence[Fact]) -> dict[tuple[str, str], Any]:
    keys: dict[str, set[str]] = defaultdict(set)
    for fact in found:
        keys[fact.subject_type].add(fact.subject_id)
    there: dict[tuple[str, str], Any] = {}
    for kind, ids in keys.items():
        try:
            model = apps.get_model(kind)
        except (LookupError, ValueError):
            continue
        related = [one.name for one in model._meta.concrete_fields
                   if one.many_to_one and not one.null]
        there |= {(kind, str(one.pk)): one for one in model._default_manager.select_related(
            *related).filter(pk__in=ids)}
    return there


def _address(subject: Any) -> str:
    """Where a thing has its page; empty if it has none, or is gone."""
    locate = getattr(subject, "get_absolute_url", None)
    return str(locate()) if locate else ""
