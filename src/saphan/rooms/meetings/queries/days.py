"""Whose day it is, what stands in it, and what has changed in it since she last knew.

A day belongs to a guest or to an interpreter; both are a `Reader`. A `Line` is one meeting as plain
data, as copies of days keep it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db.models import Q, QuerySet

from saphan.people.models import Person
from saphan.rooms.meetings.models import Copy, Event, Guest, Interpreter, Meeting, Party
from saphan.rooms.meetings.queries import parties as party_queries
from saphan.rooms.meetings.queries.plans import MEETING_RELATED

Kind = Literal["guest", "interpreter"]
Key = tuple[Kind, int]
ChangeKind = Literal["added", "moved", "changed", "dropped"]
LIVE = frozenset({Meeting.State.PLANNED, Meeting.State.HELD, Meeting.State.MISSED})


@dataclass(frozen=True)
class Reader:
    """Somebody who has a day: a guest, or an interpreter (then `guest` is None)."""

    event: Event
    guest: Guest | None = None
    interpreter: Interpreter | None = None

    @property
    def record(self) -> Guest | Interpreter:
        found = self.guest or self.interpreter
        assert found is not None
        return found

    @property
    def key(self) -> Key:
        return ("guest" if self.guest else "interpreter"), self.record.pk

    @property
    def keys(self) -> dict[str, Any]:
        """The foreign keys of what belongs to her."""
        return {"guest": self.guest, "interpreter": self.interpreter}

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def language(self) -> str:
        return self.record.language or "en"

    @property
    def token(self) -> str:
        return self.record.token

    @property
    def email(self) -> str:
        """Where letters reach her; of who has an account, else the account's."""
        person = self.record.person
        if self.record.email or person is None:
            return self.record.email
        return person.email if person.is_active else ""

    @property
    def is_online(self) -> bool:
        return self.record.presence == "online"

    @property
    def own_zone(self) -> str:
        """Her time zone, if it is not the event's; for who joins online."""
        zone = self.guest.time_zone if self.guest else ""
        return zone if zone and zone != self.event.time_zone else ""


@dataclass(frozen=True)
class Line:
    """A meeting in a day, as plain data: moments in ISO 8601 (UTC), the rest by primary keys.
    `guests` and `parties` are whom she meets; for interpreters and hosts, both sides."""

    begins: str
    ends: str
    place: int
    table: int
    guests: tuple[int, ...]
    parties: tuple[int, ...]
    language: str
    interpreters: tuple[int, ...]
    link: str
    sequence: int

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Line:
        return cls(**{**row, **{name: tuple(row[name])
                                for name in ("guests", "parties", "interpreters")}})

    @property
    def row(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def starts(self) -> datetime:
        return datetime.fromisoformat(self.begins)

    @property
    def stops(self) -> datetime:
        return datetime.fromisoformat(self.ends)


Lines = dict[str, Line]


@dataclass(frozen=True)
class Change:
    """What became of one meeting. `before` is None for one that was added, `now` for one that was
    dropped. moved: another time or table; changed: other people, language or link."""

    kind: ChangeKind
    word: str
    before: Line | None
    now: Line | None

    @property
    def soonest(self) -> datetime:
        """The earliest moment at which it matters."""
        return min(line.starts for line in (self.before, self.now) if line is not None)


# Who

def by_token(token: str) -> Reader | None:
    """Whose day this secret address opens. None for one that is not, or no longer, valid."""
    if guest := party_queries.guest_by_token(token):
        return Reader(guest.party.event, guest=guest)
    if interpreter := party_queries.interpreter_by_token(token):
        return Reader(interpreter.event, interpreter=interpreter)
    return None


def readers(event: Event) -> list[Reader]:
    """Everybody who may have a day: the guests that were admitted, then the interpreters."""
    guests = (Guest.objects.filter(party__event=event, party__state=Party.State.APPROVED)
              .select_related("party__organisation", "party__economy", "person")
              .order_by("party__position", "position", "pk"))
    return [*(Reader(event, guest=guest) for guest in guests),
            *(Reader(event, interpreter=each)
              for each in event.interpreters.select_related("person"))]


def of_person(event: Event, person: Person | None) -> list[Reader]:
    """The days that a signed-in person may open: her own first, then those of her party's
    guests; and hers as an interpreter."""
    if person is None or not person.is_authenticated:
        return []
    mine = [party.pk for party in party_queries.of_person(event, person)
            if party.state == Party.State.APPROVED]
    guests = list(Guest.objects.filter(party__in=mine)
                  .select_related("party__organisation", "party__economy", "person")
                  .order_by("party__position", "position"))
    guests.sort(key=lambda guest: guest.person_id != person.pk)
    return [*(Reader(event, guest=guest) for guest in guests),
            *(Reader(event, interpreter=each) for each in
              event.interpreters.filter(person=person).select_related("person"))]


# What stands in a day

def meetings(reader: Reader) -> QuerySet[Meeting]:
    """Her meetings with what a page shows of them, in order of time."""
    found = (reader.event.meetings.filter(state__in=LIVE).select_related(*MEETING_RELATED)
             .prefetch_related("interpreters").order_by("slot__begins", "pk"))
    return found.filter(_hers(reader)).distinct()


def _hers(reader: Reader) -> Q:
    if reader.guest is None:
        return Q(interpreters=reader.interpreter)
    hosted = reader.guest.hosts.filter(host_sits_in=True).values("pk")
    return (Q(guest_a=reader.guest) | Q(guest_b=reader.guest)
            | Q(guest_a__party__delegation__in=hosted)
            | Q(guest_b__party__delegation__in=hosted))


def line_of(meeting: Meeting, reader: Key, interpreters: Iterable[int]) -> Line:
    sides = [meeting.guest_a, meeting.guest_b]
    others = [side for side in sides if ("guest", side.pk) != reader]
    return Line(
        begins=meeting.slot.begins.isoformat(), ends=meeting.slot.ends.isoformat(),
        place=meeting.place_id, table=meeting.table,
        guests=tuple(side.pk for side in others), parties=tuple(side.party_id for side in others),
        language=meeting.language, interpreters=tuple(sorted(interpreters)),
        link=meeting.link, sequence=meeting.sequence)


def lines(reader: Reader, found: Iterable[Meeting] | None = None) -> Lines:
    """Her day as data; `found`: her meetings, if they were read already. Empty after the event was
    cancelled."""
    if reader.event.state == Event.State.CANCELLED:
        return {}
    return {each.word: line_of(each, reader.key, [one.pk for one in each.interpreters.all()])
            for each in (meetings(reader) if found is None else found)}


def all_lines(event: Event) -> dict[Key, Lines]:
    """The days of everybody at once, in a constant number of queries."""
    if event.state == Event.State.CANCELLED:
        return {}
    hosts = dict(event.delegations.filter(host_sits_in=True, host__isnull=False)
                 .values_list("pk", "host"))
    days: dict[Key, Lines] = {}
    for each in (event.meetings.filter(state__in=LIVE)
                 .select_related("slot", "guest_a__party", "guest_b__party")
                 .prefetch_related("interpreters")):
        helping = [one.pk for one in each.interpreters.all()]
        concerned: list[Key] = [("guest", each.guest_a_id), ("guest", each.guest_b_id),
                                *(("interpreter", key) for key in helping)]
        for side in (each.guest_a, each.guest_b):
            if side.party.delegation_id in hosts:
                concerned.append(("guest", hosts[side.party.delegation_id]))
        for key in dict.fromkeys(concerned):
            days.setdefault(key, {})[each.word] = line_of(each, key, helping)
    return days


# What has changed

def read(copy: Mapping[str, Any]) -> Lines:
    return {word: Line.of(row) for word, row in copy.items()}


def stored(day: Lines) -> dict[str, Any]:
    return {word: line.row for word, line in day.items()}


def changes(before: Lines, now: Lines) -> list[Change]:
    """What to tell somebody who knows `before`, in order of time."""
    found: list[Change] = []
    for word in {**before, **now}:
        old, new = before.get(word), now.get(word)
        if old is None or new is None:
            found.append(Change("added" if old is None else "dropped", word, old, new))
        elif (old.begins, old.ends, old.place, old.table) != (
                new.begins, new.ends, new.place, new.table):
            found.append(Change("moved", word, old, new))
        elif (old.guests, old.language, old.interpreters, old.link) != (
                new.guests, new.language, new.interpreters, new.link):
            found.append(Change("changed", word, old, new))
    return sorted(found, key=lambda one: (one.soonest, one.word))


KEPT = timedelta(days=14)
"""How long calendars hear of a meeting that was called off, after its day."""


def gone_after(copy: Copy | None, now: Lines, moment: datetime) -> dict[str, Any]:
    """The meetings that she once knew of and that are not in her day any more. Their number of the
    invitation is one higher, so that calendars take the cancellation as news."""
    if copy is None:
        return {}
    known = {**read(copy.seen), **read(copy.told)}
    rows = {word: {**line.row, "sequence": line.sequence + 1} for word, line in known.items()}
    rows = {**rows, **copy.gone}
    return {word: row for word, row in rows.items()
            if word not in now and datetime.fromisoformat(row["ends"]) > moment - KEPT}


def copy_of(reader: Reader) -> Copy | None:
    return Copy.objects.filter(**reader.keys).first()
