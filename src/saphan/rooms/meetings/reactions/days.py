"""What days do on their own: those concerned are told, by letter, of what changed for them."""

from __future__ import annotations

from saphan.ground import clock, jobs
from saphan.ground.models import Fact
from saphan.rooms.meetings.actions import letters
from saphan.rooms.meetings.models import Event, Meeting, Plan


@jobs.on("plan.published")
def tell_of_a_plan(fact: Fact) -> None:
    plan = Plan.objects.select_related("event").filter(pk=fact.subject_id).first()
    if plan is not None:
        _note(plan.event, plan)


@jobs.on("meeting.link_changed")
def tell_of_a_meeting(fact: Fact) -> None:
    meeting = Meeting.objects.select_related("event").filter(pk=fact.subject_id).first()
    if meeting is not None:
        _note(meeting.event)


@jobs.on("event.cancelled")
def tell_of_the_end(fact: Fact) -> None:
    event = Event.objects.filter(pk=fact.subject_id).first()
    if event is not None:
        _note(event)


def _note(event: Event, plan: Plan | None = None) -> None:
    """The letters leave afterwards, see `send`: a reaction that writes to thousands would hold up
    everything else, and would write again if it failed in the middle."""
    letters.note(event, plan=plan)


@clock.every(seconds=10)
def send() -> None:
    """Letters that wait, some at a time, the urgent first."""
    letters.give_up_stuck()
    letters.send_waiting()
