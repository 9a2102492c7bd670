"""Questions about events. Getters here cannot return what the asker may not see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import ngettext_lazy

from saphan.house.room import FeedItem, LiveFact
from saphan.people.models import Person
from saphan.rooms.meetings.models import Event, Guest, Meeting, Party, Session
from saphan.rooms.meetings.rules import events as rules

State = Event.State
RELATED = ("economy", "manager")
PUBLIC = Q(state__in=Event.PUBLIC) | Q(state=State.CANCELLED, opened__isnull=False)
# What the translation desk brings into other languages, in the order in which people read it.
TRANSLATED = ("title", "summary", "description", "venue")
NOT_ON_A_PLATE = ("description", "cancelled_because")
COMING = frozenset({State.OPEN, State.PLANNING})


class NotFound(Exception):
    """No such thing, or none that the asker may know of."""


def visible_to(person: Person | None) -> QuerySet[Event]:
    """What is public; for the staff all."""
    found = Event.objects.select_related(*RELATED)
    return found if rules.looks_at_events(person) else found.filter(PUBLIC)


def public() -> QuerySet[Event]:
    return visible_to(None)


def event(number: str, *, asker: Person | None) -> Event:
    """One event by accession number. Raises `NotFound`, also for what she may not see."""
    found = visible_to(asker).filter(number=number.upper()).first()
    if found is None:
        raise NotFound(number)
    return found


@dataclass(frozen=True)
class Filters:
    """What the list of events is narrowed to; empty means everything."""

    sector: str = ""
    economy: str = ""
    mode: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Filters:
        return cls(sector=(given.get("sector") or "")[:20], mode=(given.get("mode") or "")[:8],
                   economy=(given.get("economy") or "")[:2].upper())

    def apply(self, found: QuerySet[Event]) -> QuerySet[Event]:
        chosen = {"sector": self.sector, "economy_id": self.economy, "mode": self.mode}
        return found.filter(**{name: value for name, value in chosen.items() if value})


def taken_of() -> Any:
    """The number of people admitted, as a column of a query about events."""
    people = (Guest.objects.filter(party__event=OuterRef("pk"), party__state=Party.State.APPROVED)
              .order_by().values("party__event").annotate(number=Count("pk")).values("number"))
    return Coalesce(Subquery(people), 0)


def shelf(name: str, filters: Filters | None = None) -> QuerySet[Event]:
    """Events that are `running`, `coming` (the nearest first) or `past` (the latest first), each
    with `taken`, the number of people admitted. Raises KeyError for other shelves."""
    states = {"running": {State.RUNNING}, "coming": COMING, "past": {State.OVER}}[name]
    found = (filters or Filters()).apply(public().filter(state__in=states))
    order = ("-first_day", "-pk") if name == "past" else ("first_day", "pk")
    return found.annotate(taken=taken_of()).order_by(*order).defer(*NOT_ON_A_PLATE)


def drafts() -> QuerySet[Event]:
    """What is being prepared; for the staff."""
    return (Event.objects.filter(state=State.DRAFT).select_related(*RELATED)
            .annotate(taken=taken_of()).order_by("first_day", "pk").defer(*NOT_ON_A_PLATE))


def registered_by(person: Person | None) -> dict[int, str]:
    """For each event: the state of her party there, if she has one."""
    if person is None or not person.is_authenticated:
        return {}
    hers = Party.objects.filter(Q(contact=person) | Q(guests__person=person)).distinct()
    return {party.event_id: str(party.get_state_display()) for party in hers}


def taken(event: Event) -> int:
    """How many people are admitted."""
    return Guest.objects.filter(party__event=event, party__state=Party.State.APPROVED).count()


def places_left(event: Event) -> int:
    known = getattr(event, "taken", None)
    return max(0, event.capacity - (taken(event) if known is None else known))


@dataclass(frozen=True)
class Represented:
    """Who takes part, in numbers only: nobody is named to the public."""

    parties: int
    economies: list[tuple[str, int]]
    sectors: list[tuple[str, int]]


def represented(event: Event) -> Represented:
    rows = list(event.parties.filter(state=Party.State.APPROVED).order_by()
                .values_list("economy", "sector"))
    return Represented(len(rows), _counted(economy for economy, _sector in rows),
                       _counted(sector for _economy, sector in rows))


def _counted(values: Iterable[str]) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return sorted(counts.items(), key=lambda row: (-row[1], row[0]))


def sessions(event: Event) -> QuerySet[Session]:
    """The programme, each session with `seated`: how many people take part in it."""
    return event.sessions.select_related("place").annotate(seated=Count(
        "guests", filter=Q(guests__party__state=Party.State.APPROVED)))


def days(event: Event) -> list[date]:
    length = min((event.last_day - event.first_day).days, 60)
    return [event.first_day + timedelta(days=each) for each in range(length + 1)]


def live_fact() -> LiveFact:
    """Meetings held or planned at public events; without any, how many events are ahead."""
    number = Meeting.objects.filter(
        state__in=[Meeting.State.PLANNED, Meeting.State.HELD],
        event__state__in=Event.PUBLIC).count()
    if number:
        return LiveFact(number, ngettext_lazy("meeting arranged", "meetings arranged", number))
    ahead = public().filter(state__in=[*COMING, State.RUNNING]).count()
    return LiveFact(ahead, ngettext_lazy("event to come", "events to come", ahead))


def new_events() -> Iterable[FeedItem]:
    """The feed of events, the latest opened first."""
    found = public().exclude(state=State.CANCELLED).exclude(opened__isnull=True)
    for record in found.order_by(F("opened").desc(), "-pk")[:50]:
        title, summary = record.title.best(), record.summary.best()
        yield FeedItem(key=record.number, title=title.text, summary=summary.text,
                       url=record.get_absolute_url(), updated=record.opened, lang=title.lang,
                       author=str(record.venue.best()))
