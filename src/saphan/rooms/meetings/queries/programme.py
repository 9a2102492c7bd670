"""The programme of an event, day by day: meetings, breaks, sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

from saphan.rooms.meetings.models import Event, Guest, Session, Slot
from saphan.rooms.meetings.queries import events

BREAK = timedelta(minutes=15)
"""Shorter gaps between two meetings are on the way to the next table."""


@dataclass
class Block:
    """A stretch of a day: `meetings` with so many slots, a `break`, or a `session`."""

    kind: str
    begins: datetime
    ends: datetime
    slots: int = 0
    minutes: int = 0
    session: Session | None = None
    mine: list[Guest] = field(default_factory=list)
    """Of her own guests: who attends."""

    @property
    def seats_left(self) -> int | None:
        if self.session is None or self.session.capacity is None:
            return None
        return max(0, self.session.capacity - getattr(self.session, "seated", 0))


@dataclass
class Day:
    day: date
    blocks: list[Block]


def programme(event: Event, *, guests: Sequence[Guest] = ()) -> list[Day]:
    """The days in order. `guests`: those whose attendance is to be shown, with their sessions
    fetched."""
    by_day: dict[date, list[Block]] = {day: [] for day in events.days(event)}
    slots: dict[date, list[Slot]] = {}
    for slot in event.slots.all():
        slots.setdefault(slot.begins.astimezone(event.zone).date(), []).append(slot)
    sessions = list(events.sessions(event))
    for day, those in slots.items():
        by_day.setdefault(day, []).extend(_meetings_and_breaks(those, sessions))
    attending = {guest.pk: {session.pk for session in guest.sessions.all()} for guest in guests}
    for session in sessions:
        day = session.begins.astimezone(event.zone).date()
        by_day.setdefault(day, []).append(Block(
            "session", session.begins, session.ends, session=session,
            mine=[guest for guest in guests if session.pk in attending[guest.pk]]))
    return [Day(day, sorted(blocks, key=lambda block: (block.begins, block.kind != "session",
                                                       block.ends)))
            for day, blocks in sorted(by_day.items()) if blocks]


def _meetings_and_breaks(slots: list[Slot], sessions: Sequence[Session]) -> list[Block]:
    """Runs of slots become blocks of meetings; what is between them, and no session, a break."""
    blocks: list[Block] = []
    for slot in slots:
        minutes = round((slot.ends - slot.begins).total_seconds() / 60)
        last = blocks[-1] if blocks else None
        if last and slot.begins - last.ends < BREAK and last.minutes == minutes:
            last.ends, last.slots = slot.ends, last.slots + 1
        else:
            blocks.append(Block("meetings", slot.begins, slot.ends, 1, minutes))
    pauses = [Block("break", one.ends, other.begins)
              for one, other in pairwise(blocks)
              if other.begins - one.ends >= BREAK and not any(
                  session.begins < other.begins and one.ends < session.ends
                  for session in sessions)]
    return [*blocks, *pauses]
