"""One person's day as she reads it: meetings, sessions and free time in order, each with where,
whom, in which language, how far to walk, and what is new about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from saphan.ground.text import Reading
from saphan.rooms.meetings.models import (
    Copy,
    Event,
    Guest,
    Incident,
    Interpreter,
    Meeting,
    Party,
    Place,
    Session,
)
from saphan.rooms.meetings.queries import days
from saphan.rooms.meetings.queries.days import Change, Line, Lines, Reader

LINK_BEFORE = timedelta(minutes=15)
"""How long before a meeting online its link is shown."""
FREE_FROM = timedelta(minutes=20)
"""Shorter gaps are for walking, not worth a line."""


@dataclass(frozen=True)
class Item:
    """A line of a day. `others`: whom she meets; of interpreters and hosts, both sides."""

    kind: Literal["meeting", "session", "free"]
    begins: datetime
    ends: datetime
    meeting: Meeting | None = None
    session: Session | None = None
    others: tuple[Guest, ...] = ()
    place: Place | None = None
    table: int | None = None
    walk: int = 0
    interpreters: tuple[str, ...] = ()
    change: Change | None = None
    link: str = ""
    link_from: datetime | None = None

    @property
    def mark(self) -> str:
        return self.change.kind if self.change else ""

    @property
    def is_online(self) -> bool:
        return self.place is not None and self.place.online

    @property
    def language(self) -> str:
        return self.meeting.language if self.meeting else ""

    @property
    def words(self) -> Reading | None:
        """What the wish says."""
        wish = self.meeting.wish if self.meeting else None
        return wish.words.best() if wish and wish.words else None


@dataclass(frozen=True)
class Day:
    date: date
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Agenda:
    """All the days of one person. `dropped`: what she last knew of and is not there any more."""

    reader: Reader
    days: tuple[Day, ...]
    lines: Lines
    dropped: tuple[Change, ...] = ()
    changed: int = 0
    incidents: tuple[Incident, ...] = ()
    copy: Copy | None = None

    @property
    def items(self) -> list[Item]:
        return [item for day in self.days for item in day.items]

    def current(self, moment: datetime) -> list[Item]:
        """What she is at now."""
        return [item for item in self.items
                if item.kind != "free" and item.begins <= moment < item.ends]

    def next(self, moment: datetime) -> Item | None:
        return next((item for item in self.items
                     if item.kind != "free" and item.begins > moment), None)


@dataclass
class Names:
    """What the records of an event are called, read once for many days."""

    event: Event
    places: dict[int, Place] = field(default_factory=dict)
    parties: dict[int, Party] = field(default_factory=dict)
    guests: dict[int, Guest] = field(default_factory=dict)
    interpreters: dict[int, Interpreter] = field(default_factory=dict)

    @classmethod
    def of(cls, event: Event, lines: Iterable[Line] | None = None) -> Names:
        """Everybody's, or only what stands in these lines."""
        parties = event.parties.select_related("organisation", "economy")
        guests = Guest.objects.filter(party__event=event)
        if lines is not None:
            wanted = list(lines)
            parties = parties.filter(pk__in={key for line in wanted for key in line.parties})
            guests = guests.filter(pk__in={key for line in wanted for key in line.guests})
        return cls(event, places={each.pk: each for each in event.places.all()},
                   parties={each.pk: each for each in parties},
                   guests={each.pk: each for each in guests},
                   interpreters={each.pk: each for each in event.interpreters.all()})


def agenda(reader: Reader, *, moment: datetime) -> Agenda:
    """Her days as they are now, with what changed since she last looked."""
    event = reader.event
    found = ([] if event.state == Event.State.CANCELLED else list(days.meetings(reader)))
    copy = days.copy_of(reader)
    lines = days.lines(reader, found)
    news = [] if copy is None or copy.seen_at is None else days.changes(
        days.read(copy.seen), lines)
    by_word = {change.word: change for change in news}
    items = [meeting_item(each, reader, by_word.get(each.word), moment) for each in found]
    items += [session_item(each) for each in sessions(reader)]
    dropped = tuple(change for change in news if change.kind == "dropped")
    return Agenda(reader, in_days(items, event.zone), lines, dropped, len(news),
                  _incidents(reader), copy)


def meeting_item(meeting: Meeting, reader: Reader, change: Change | None,
                 moment: datetime) -> Item:
    sides = (meeting.guest_a, meeting.guest_b)
    others = tuple(side for side in sides if reader.guest is None or side.pk != reader.guest.pk)
    opens = meeting.slot.begins - LINK_BEFORE
    return Item(
        "meeting", meeting.slot.begins, meeting.slot.ends, meeting=meeting, others=others,
        place=meeting.place, table=None if meeting.place.online else meeting.table_number,
        interpreters=tuple(each.name for each in meeting.interpreters.all()
                           if each != reader.interpreter),
        change=change, link=meeting.link if opens <= moment < meeting.slot.ends else "",
        link_from=opens if meeting.link else None)


def session_item(session: Session) -> Item:
    return Item("session", session.begins, session.ends, session=session, place=session.place)


def sessions(reader: Reader) -> list[Session]:
    """What she attends: those for everybody, and those she chose."""
    if reader.event.state == Event.State.CANCELLED:
        return []
    chosen = ({each.pk for each in reader.guest.sessions.all()} if reader.guest else set())
    return [each for each in reader.event.sessions.select_related("place")
            if each.everybody or each.pk in chosen]


def _incidents(reader: Reader) -> tuple[Incident, ...]:
    """What the desk knows of her: late, gone. Newest first."""
    found = reader.event.incidents.filter(undone__isnull=True)
    return tuple(found.filter(guest=reader.guest) if reader.guest
                 else found.filter(interpreter=reader.interpreter))


def in_days(items: Iterable[Item], zone: ZoneInfo) -> tuple[Day, ...]:
    """The items by day of the event's zone, with the ways between and the free time."""
    by_day: dict[date, list[Item]] = {}
    for item in sorted(items, key=lambda one: (one.begins, one.ends)):
        by_day.setdefault(item.begins.astimezone(zone).date(), []).append(item)
    return tuple(Day(day, tuple(_with_ways(found))) for day, found in by_day.items())


def _with_ways(items: Sequence[Item]) -> Iterable[Item]:
    before: Item | None = None
    for item in items:
        if before is not None:
            if item.begins - before.ends >= FREE_FROM:
                yield Item("free", before.ends, item.begins)
            item = replace(item, walk=minutes_between(before.place, item.place))
        yield item
        if before is None or item.ends >= before.ends:
            before = item


def minutes_between(here: Place | None, there: Place | None) -> int:
    """Minutes on foot; 0 where it is the same place, online, or not known."""
    if here is None or there is None or here == there or here.online or there.online:
        return 0
    return int(here.walks.get(str(there.pk)) or there.walks.get(str(here.pk)) or 0)
