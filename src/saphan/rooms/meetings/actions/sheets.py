"""What the desk does with printouts."""

from __future__ import annotations

from collections.abc import Sequence

from saphan.ground import clock, ledger
from saphan.people.models import Person
from saphan.rooms.meetings.models import Copy, Event
from saphan.rooms.meetings.queries import days
from saphan.rooms.meetings.queries.days import Lines, Reader
from saphan.rooms.meetings.rules import days as rules


def printed(event: Event, readers: Sequence[Reader], lines: dict[days.Key, Lines], *,
            by: Person) -> int:
    """These sheets were printed and handed out: later only those that changed need it again."""
    rules.may_print(by, event).or_raise()
    moment = clock.now()
    with ledger.fact("sheets.printed", event, by=by, sheets=len(readers)):
        there = {("guest", copy.guest_id) if copy.guest_id else (
            "interpreter", copy.interpreter_id): copy for copy in event.copies.all()}
        old: list[Copy] = []
        new: list[Copy] = []
        for reader in readers:
            copy = there.get(reader.key) or Copy(event=event, **reader.keys)
            copy.printed = days.stored(lines.get(reader.key, {}))
            copy.printed_at = moment
            (old if copy.pk else new).append(copy)
        Copy.objects.bulk_update(old, ["printed", "printed_at"], batch_size=300)
        Copy.objects.bulk_create(new, batch_size=300)
    return len(readers)
