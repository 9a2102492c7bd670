"""Published days for tests: an event in Yangon (UTC+6:30), two companies, an interpreter."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from saphan.ground import clock, ledger
from saphan.people.models import Person
from saphan.rooms.meetings.models import Event, Guest, Interpreter, Meeting, Party, Plan
from saphan.rooms.meetings.tests import making

MORNING = datetime(2027, 3, 10, 0, 30, tzinfo=UTC)  # seven o'clock in Yangon


def event(**values: Any) -> Event:
    return making.event(**{"time_zone": "Asia/Yangon", "state": Event.State.PLANNING, **values})


def meeting(a: Party, b: Party, *, slot: int = 0, table: int = 0, place: int = 0,
            interpreters: tuple[Interpreter, ...] = (), **values: Any) -> Meeting:
    """A meeting of the first guests of two parties, as if a plan held it."""
    event = a.event
    wish = event.wishes.filter(asker=a, invited=b).first() or making.wish(
        a, b, words=making.Text.of({"en": "Let us talk about packing."}))
    made = Meeting.objects.create(**{
        "event": event, "wish": wish, "slot": event.slots.all()[slot],
        "place": event.places.all()[place], "table": table, "guest_a": first(a),
        "guest_b": first(b), "language": "en", "word": f"word-{wish.pk}", **values})
    made.interpreters.set(interpreters)
    return made


def move(made: Meeting, slot: int) -> None:
    made.slot, made.sequence = made.event.slots.all()[slot], made.sequence + 1
    made.save()


def call_off(made: Meeting) -> None:
    Meeting.objects.filter(pk=made.pk).update(
        state=Meeting.State.CANCELLED, sequence=made.sequence + 1)


def publish(event: Event, *, by: Person | None = None) -> Plan:
    """The fact that a plan was published, whatever meetings there are."""
    event.plans.filter(state=Plan.State.PUBLISHED).update(state=Plan.State.REPLACED)
    plan = Plan(event=event, number=event.plans.count() + 1, state=Plan.State.PUBLISHED,
                made=clock.now(), published=clock.now())
    with ledger.fact("plan.published", plan, by=by, event=event.number):
        plan.save()
    return plan


def first(party: Party) -> Guest:
    return party.guests.order_by("position")[0]


def mailed(party: Party, address: str) -> Guest:
    guest = first(party)
    guest.email = address
    guest.save()
    return guest


__all__ = ["MORNING", "call_off", "event", "first", "mailed", "meeting", "move", "publish"]
