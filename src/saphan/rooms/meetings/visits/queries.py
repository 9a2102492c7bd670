"""Questions about visits. Getters here cannot return what the asker may not see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from saphan.ground import clock
from saphan.people.models import Person
from saphan.rooms.meetings.models import DayPlan, Station, Visit, VisitGroup, VisitGuide
from saphan.rooms.meetings.visits import rules

State = Visit.State
RELATED = ("asker", "host", "economy")
GROUPS = ("groups", "groups__guide", "groups__interpreter")
PUBLIC = Q(kind=Visit.Kind.PUBLIC, state__in=Visit.SHOWN)


class NotFound(Exception):
    """No such thing, or none that the asker may know of."""


def visible_to(person: Person | None) -> QuerySet[Visit]:
    """For the staff all; else public tours that are confirmed, and her own."""
    found = Visit.objects.select_related(*RELATED).prefetch_related(*GROUPS)
    if rules.looks(person):
        return found
    if person is None or not person.is_authenticated:
        return found.filter(PUBLIC)
    return found.filter(PUBLIC | Q(asker=person) | Q(host=person) | Q(
        groups__guide__person=person) | Q(groups__interpreter__person=person)).distinct()


def visit(number: str, *, asker: Person | None) -> Visit:
    """One visit by accession number. Raises `NotFound`, also for what she may not see."""
    found = visible_to(asker).filter(number=number.upper()).first()
    if found is None:
        raise NotFound(number)
    return found


def by_token(token: str) -> Visit | None:
    """Whose routes this secret address opens."""
    return (Visit.objects.select_related(*RELATED).prefetch_related(*GROUPS)
            .filter(token=token).exclude(state=State.CANCELLED).first())


def mine(person: Person | None) -> QuerySet[Visit]:
    """Visits that she asked for or hosts, the next first."""
    if person is None or not person.is_authenticated:
        return Visit.objects.none()
    return Visit.objects.filter(Q(asker=person) | Q(host=person)).order_by("-day", "-begins")


def public_tours() -> QuerySet[Visit]:
    """Public tours from today on."""
    return Visit.objects.filter(PUBLIC, day__gte=clock.today()).order_by("day", "begins")


def of_day(day: date) -> list[Visit]:
    """Everything that stands on a day, with its groups."""
    return list(Visit.objects.filter(day=day).exclude(state=State.CANCELLED)
                .select_related(*RELATED).prefetch_related(*GROUPS, "wishes"))


def days_ahead(*, limit: int = 14) -> list[tuple[date, int]]:
    """The next days with visits, and how many."""
    found: dict[date, int] = {}
    for day in (Visit.objects.filter(day__gte=clock.today(), state__in=Visit.STANDING)
                .order_by("day").values_list("day", flat=True)):
        found[day] = found.get(day, 0) + 1
    return list(found.items())[:limit]


def stations(*, everything: bool = False) -> list[Station]:
    found = Station.objects.all()
    return list(found if everything else found.filter(shown=True))


def guides(*, everything: bool = False) -> list[VisitGuide]:
    found = VisitGuide.objects.select_related("person")
    return list(found if everything else found.filter(active=True))


def guide_of(person: Person | None) -> VisitGuide | None:
    if person is None or not person.is_authenticated:
        return None
    return VisitGuide.objects.filter(person=person).first()


def led_by(guide: VisitGuide, *, since: date, limit: int = 30) -> list[VisitGroup]:
    """The groups that a guide leads or interprets for, in order of time. Also what is planned but
    not yet confirmed: she learns of it as soon as it is published to the staff."""
    return list(VisitGroup.objects.filter(
        Q(guide=guide) | Q(interpreter=guide), visit__day__gte=since,
        visit__state__in=Visit.STANDING)
        .select_related("visit", "visit__economy", "visit__host", "guide", "interpreter")
        .order_by("visit__day", "visit__begins", "visit", "position")[:limit])


def plans_of(day: date) -> list[DayPlan]:
    return list(DayPlan.objects.filter(day=day)[:10])


def plan(key: int) -> DayPlan:
    """Raises NotFound."""
    found = DayPlan.objects.filter(pk=key).first()
    if found is None:
        raise NotFound(str(key))
    return found


def by_key(found: Iterable[Station]) -> dict[int, Station]:
    return {station.pk: station for station in found}
