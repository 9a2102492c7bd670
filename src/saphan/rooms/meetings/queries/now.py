"""Now and next: which table, who, with which interpreter, who is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from saphan.ground import clock
from saphan.rooms.meetings.models import Event, Guest, Meeting, Place, Slot
from saphan.rooms.meetings.queries import plans, suggestions
from saphan.rooms.meetings.vocabulary import Presence

moment = clock.now


@dataclass(frozen=True)
class Table:
    """A table with its meeting in one slot, and who of it has not checked in."""

    meeting: Meeting
    missing: tuple[Guest, ...]


@dataclass
class Hall:
    """A place in one slot."""

    place: Place
    tables: list[Table] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    """Numbers of tables without a meeting."""


@dataclass(frozen=True)
class Round:
    """A slot with its places."""

    slot: Slot
    halls: list[Hall]
    held: int


@dataclass(frozen=True)
class Screen:
    places: list[Place]
    now: Round | None
    next: Round | None
    at: datetime


def now_and_next(event: Event, *, place: int | None = None, text: str = "") -> Screen:
    """The slot that is on and the one that comes. `place` is a primary key; `text` narrows to
    names of people and organisations, or the number of a table. A constant number of queries."""
    at = clock.now()
    slots, places = list(event.slots.all()), list(event.places.all())
    current = next((slot for slot in slots if slot.begins <= at < slot.ends), None)
    coming = next((slot for slot in slots if slot.begins > at), None)
    wanted = [slot for slot in (current, coming) if slot is not None]
    meetings = list(plans.meetings_of(event).filter(slot__in=wanted)) if wanted else []
    shown = [one for one in places if place is None or one.pk == place]

    def told(slot: Slot | None) -> Round | None:
        if slot is None:
            return None
        held = [one for one in meetings if one.slot_id == slot.pk]
        halls = [_hall(one, held, text) for one in shown]
        return Round(slot, halls, sum(len(hall.tables) for hall in halls))

    return Screen(places, told(current), told(coming), at)


def _hall(place: Place, held: list[Meeting], text: str) -> Hall:
    hall, words = Hall(place), text.strip().casefold()
    here = [one for one in held if one.place_id == place.pk]
    for one in here:
        if not words or words == str(one.table_number) or words in _names(one):
            hall.tables.append(Table(one, tuple(
                guest for guest in (one.guest_a, one.guest_b)
                if guest.checked_in is None and guest.presence == Presence.ONSITE)))
    taken = {one.table for one in here}
    if not words and not place.online:
        hall.empty = [place.first_table + table for table in range(place.tables)
                      if table not in taken]
    return hall


def _names(one: Meeting) -> str:
    return " ".join(map(str, (one.guest_a, one.guest_b, one.guest_a.party, one.guest_b.party,
                              *one.interpreters.all()))).casefold()


def fits(meeting: Meeting) -> list[str]:
    """What the two have in common, in the reader's words: why the house thought that they should
    talk."""
    found = suggestions.reasons(meeting.wish.because)
    return list(dict.fromkeys(word for reason in found for word in reason.concepts))
