"""After a meeting: what each side says of it, and what follows from that."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from saphan.ground import clock, ledger
from saphan.ground.text import Text
from saphan.people.models import Person
from saphan.rooms.meetings.models import Feedback, Guest, Meeting, Party
from saphan.rooms.meetings.rules import feedback as rules
from saphan.rooms.meetings.vocabulary import NextStep

State = Meeting.State


def give(meeting: Meeting, party: Party, *, by: Person | Guest, took_place: bool,
         useful: int | None = None, next_step: str = "", words: Text | None = None) -> Feedback:
    """One side says how it was; saying it again changes it. `by` a guest: she came with the secret
    address of her day."""
    if isinstance(by, Guest):
        rules.may_rate_as_guest(by, meeting).or_raise()
        party, person = by.party, None
    else:
        rules.may_rate(by, meeting, party).or_raise()
        person = by
    event = meeting.event
    with transaction.atomic():
        with ledger.fact("meeting.rated", meeting, by=person, event=event.number,
                         took_place=took_place, useful=useful, next_step=next_step,
                         interest=meeting.wish.came_from, organisation=party.organisation_id,
                         economy=party.economy_id,
                         on=meeting.slot.begins.astimezone(event.zone).date().isoformat()):
            found, _created = Feedback.objects.update_or_create(
                meeting=meeting, party=party, defaults={
                    "took_place": took_place, "useful": useful, "next_step": next_step,
                    "words": words or Text(), "by": person.ref if person else "",
                    "at": clock.now()})
        _settle(meeting, by=person)
        _note_next_step(meeting, found, by=person)
    return found


def _settle(meeting: Meeting, *, by: Person | None) -> None:
    """It took place as soon as one side says so; it did not when both say that."""
    said = list(meeting.feedback.values_list("took_place", flat=True))
    step: Any = None
    if any(said) and meeting.may_take("hold"):
        step = "hold", "meeting.held"
    elif len(said) == 2 and not any(said) and meeting.may_take("miss"):
        step = "miss", "meeting.missed"
    if step:
        with ledger.fact(step[1], meeting, by=by, event=meeting.event.number,
                         economy=meeting.wish.asker.economy_id, by_feedback=True):
            meeting.take(step[0])


def _note_next_step(meeting: Meeting, found: Feedback, *, by: Person | None) -> None:
    """The first next step that a side names counts for the meeting, once."""
    if found.next_step in {"", NextStep.NONE}:
        return
    if not ledger.about(meeting).filter(name="meeting.next_step_agreed").exists():
        ledger.record("meeting.next_step_agreed", meeting, by=by, event=meeting.event.number,
                      next_step=found.next_step, economy=meeting.wish.asker.economy_id)
