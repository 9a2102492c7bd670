"""The numbers of the centre: each a count of facts of the ledger, and each opens what it counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.apps import apps
from django.db.models import QuerySet
from django.utils import timezone

from saphan.ground import clock
from saphan.ground.models import Fact
from saphan.house.registry import rooms
from saphan.house.room import Indicator, Room
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


def facts(indicator: Indicator, *, since: date | None = None,
          economy: str = "") -> QuerySet[Fact]:
    """What the number counts, newest first."""
    found = Fact.objects.filter(name__in=indicator.facts)
    if indicator.subjects is not None:
        # Facts name their subject as text, keys are numbers: compared here, not in the database.
        keys = {str(key) for key in indicator.subjects()}
        found = found.filter(subject_id__in=keys)
    if since is not None:
        found = found.filter(at__date__gte=since)
    if economy:
        found = found.filter(data__economy=economy)
    return found.order_by("-seq")


@dataclass(frozen=True)
class Number:
    """One indicator: in all, since the first of January, in the last 30 days; by month and by
    economy where the facts say one."""

    room: Room
    indicator: Indicator
    total: int
    this_year: int
    last_30_days: int
    months: tuple[tuple[date, int], ...]
    economies: tuple[tuple[str, int], ...]

    @property
    def slug(self) -> str:
        return f"{self.room.slug}.{self.indicator.slug}"


def number(room: Room, indicator: Indicator) -> Number:
    """Count, from the ledger alone."""
    today = clock.today()
    months, economies = Counter[date](), Counter[str]()
    total = year = recent = 0
    for at, data in facts(indicator).values_list("at", "data").iterator(chunk_size=2000):
        day = timezone.localdate(at)
        total += 1
        year += day.year == today.year
        recent += day > today - timedelta(days=30)
        months[day.replace(day=1)] += 1
        if isinstance(data.get("economy"), str):
            economies[data["economy"]] += 1
    return Number(room, indicator, total, year, recent, tuple(sorted(months.items())),
                  tuple(economies.most_common()))


def all_numbers() -> list[tuple[Room, list[Number]]]:
    """Every number of every room that counts something."""
    found: list[tuple[Room, list[Number]]] = []
    for room in rooms():
        if room.indicators:
            found.append((room, [number(room, indicator) for indicator in room.indicators]))
    return found


def address_of(fact: Fact) -> str:
    """Where the thing that a fact is about has its page; empty if it has none, or is gone."""
    if not fact.subject_type:
        return ""
    try:
        model = apps.get_model(fact.subject_type)
    except LookupError:
        return ""
    subject = model._default_manager.filter(pk=fact.subject_id).first()
    locate = getattr(subject, "get_absolute_url", None)
    return str(locate()) if locate else ""
