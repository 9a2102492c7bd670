"""What is printed: per person, per company, per interpreter, per table. Each kind is read in a
constant number of queries, however many sheets there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from saphan.rooms.meetings.models import Event, Guest, Meeting, Party, Place, Session
from saphan.rooms.meetings.queries import days, plans, telling
from saphan.rooms.meetings.queries.agenda import Day, Item, in_days, meeting_item, session_item
from saphan.rooms.meetings.queries.days import Reader

WHO = ("all", "no_email", "changed")
T = TypeVar("T")


@dataclass(frozen=True)
class PersonSheet:
    """One person's days, in her language; of a guest or an interpreter."""

    reader: Reader
    days: tuple[Day, ...]

    @property
    def lang(self) -> str:
        return self.reader.language


@dataclass(frozen=True)
class Row:
    """A meeting of a company: the item as its guest `ours` has it."""

    ours: Guest
    item: Item


@dataclass(frozen=True)
class PartySheet:
    """All meetings of one company, in the language of its first guest."""

    party: Party
    days: tuple[tuple[date, tuple[Row, ...]], ...]
    lang: str


@dataclass(frozen=True)
class TableCard:
    """Who sits at one table, and when."""

    place: Place
    number: int
    days: tuple[tuple[date, tuple[Meeting, ...]], ...]


class Printer:
    """The records of an event, read once for as many sheets as are wanted."""

    def __init__(self, event: Event, moment: datetime) -> None:
        self.event, self.moment = event, moment
        self.meetings = list(plans.meetings_of(event))
        self.readers = days.readers(event)
        self.sessions = list(event.sessions.select_related("place"))
        self.hosts = dict(event.delegations.filter(
            host_sits_in=True, host__isnull=False).values_list("pk", "host"))
        self.chosen: dict[int, set[int]] = defaultdict(set)
        for session, guest in Session.guests.through.objects.filter(
                session__event=event).values_list("session", "guest"):
            self.chosen[guest].add(session)
        self.lines = days.all_lines(event)
        first = event.slots.first()
        self.offset = telling.offset(first.begins if first else moment, event.time_zone)

    def of(self, kind: str, who: str = "all", party: int | None = None) -> list[Reader]:
        """Whose sheets: of guests (`people`) or `interpreters`; `who` is one of `WHO`; of one
        party by its position only."""
        found = [reader for reader in self.readers
                 if (reader.guest is None) == (kind == "interpreters")]
        if party is not None:
            found = [each for each in found if each.guest and each.guest.party.position == party]
        if who == "no_email":
            found = [each for each in found if not each.email]
        if who == "changed":
            copies = {_owner(copy): copy for copy in self.event.copies.all()}
            found = [each for each in found if days.changes(
                days.read(copies[each.key].printed) if each.key in copies else {},
                self.lines.get(each.key, {}))]
        return found

    def people(self, readers: Sequence[Reader]) -> Iterator[PersonSheet]:
        by_key: dict[days.Key, list[Meeting]] = defaultdict(list)
        for meeting in self.meetings:
            for key in self._concerned(meeting):
                by_key[key].append(meeting)
        for reader in readers:
            items = [meeting_item(each, reader, None, self.moment)
                     for each in by_key[reader.key]]
            items += [session_item(each) for each in self.sessions
                      if each.everybody or (reader.guest
                                            and each.pk in self.chosen[reader.guest.pk])]
            yield PersonSheet(reader, in_days(items, self.event.zone))

    def _concerned(self, meeting: Meeting) -> Iterable[days.Key]:
        keys: list[days.Key] = [("guest", meeting.guest_a_id), ("guest", meeting.guest_b_id)]
        keys += [("interpreter", each.pk) for each in meeting.interpreters.all()]
        keys += [("guest", self.hosts[side.party.delegation_id])
                 for side in (meeting.guest_a, meeting.guest_b)
                 if side.party.delegation_id in self.hosts]
        return dict.fromkeys(keys)

    def companies(self, readers: Sequence[Reader]) -> Iterator[PartySheet]:
        by_party: dict[int, list[Row]] = defaultdict(list)
        for meeting in self.meetings:
            for side in (meeting.guest_a, meeting.guest_b):
                by_party[side.party_id].append(Row(side, meeting_item(
                    meeting, Reader(self.event, guest=side), None, self.moment)))
        seen: set[int] = set()
        for reader in readers:
            if reader.guest is None or reader.guest.party_id in seen:
                continue
            party = reader.guest.party
            seen.add(party.pk)
            yield PartySheet(party, self._by_day(by_party[party.pk],
                                                 lambda row: row.item.begins), reader.language)

    def tables(self) -> Iterator[TableCard]:
        """Every table at which somebody sits, in the order of rooms and numbers."""
        by_table: dict[tuple[int, int, int], list[Meeting]] = defaultdict(list)
        for meeting in self.meetings:
            if not meeting.place.online:
                by_table[meeting.place.position, meeting.place_id, meeting.table].append(meeting)
        for key in sorted(by_table):
            found = by_table[key]
            yield TableCard(found[0].place, found[0].table_number,
                            self._by_day(found, lambda meeting: meeting.slot.begins))

    def _by_day(self, rows: Iterable[T], when: Callable[[T], datetime]
                ) -> tuple[tuple[date, tuple[T, ...]], ...]:
        found: dict[date, list[T]] = defaultdict(list)
        for row in sorted(rows, key=when):
            found[when(row).astimezone(self.event.zone).date()].append(row)
        return tuple((day, tuple(rows)) for day, rows in found.items())


def _owner(copy: object) -> days.Key:
    guest = getattr(copy, "guest_id", None)
    return ("guest", guest) if guest else ("interpreter", getattr(copy, "interpreter_id", 0) or 0)
