"""Who may plan, publish, change what people hold, and why not."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from saphan.ground import clock
from saphan.ground.access import Rule, Verdict, allowed_if, every
from saphan.people.models import Person
from saphan.rooms.meetings.models import Event, Meeting, Plan
from saphan.rooms.meetings.rules import events, parties

PLANNABLE = frozenset({Event.State.OPEN, Event.State.PLANNING, Event.State.RUNNING})


def can_be_planned(_person: Person | None, event: Event) -> Verdict:
    return allowed_if(event.state in PLANNABLE, _("This event is not being planned now."))


def event_can_be_planned(person: Person | None, plan: Plan) -> Verdict:
    return can_be_planned(person, plan.event)


def is_not_outdated(_person: Person | None, plan: Plan) -> Verdict:
    """A change of a plan is a change of what people hold now."""
    current = plan.event.plans.filter(state=Plan.State.PUBLISHED).first()
    return allowed_if(plan.kind == Plan.Kind.PLAN or current is None or plan.base == current,
                      _("Another plan was published in between. Compute this one again."))


def runs(person: Person | None, subject: Any) -> Verdict:
    return events.is_organiser(person)


def by_the_house(person: Any, _subject: Any = None) -> Verdict:
    return allowed_if(person is None, _("The house does this by itself when it is time."))


def sits_in(person: Person | None, meeting: Meeting) -> Verdict:
    """The two sides and the staff say whether it took place."""
    return allowed_if(
        events.helps_at_events(person) or parties.speaks_for(person, meeting.guest_a.party)
        or parties.speaks_for(person, meeting.guest_b.party),
        _("Only the two sides and the staff may say that."))


def has_begun(_person: Person | None, meeting: Meeting) -> Verdict:
    return allowed_if(clock.now() >= meeting.slot.begins, _("This meeting has not begun yet."))


def event_runs(person: Person | None, meeting: Meeting) -> Verdict:
    return can_be_planned(person, meeting.event)


may_plan = every(events.is_organiser, can_be_planned)
may_mend = every(events.is_helper, can_be_planned)
"""Live: report what happened and compute and publish what follows from it."""
may_publish = every(events.is_helper, event_can_be_planned, is_not_outdated)
may_discard = every(events.is_helper)
may_end = every(events.is_helper)
may_retry = every(events.is_helper, event_can_be_planned)
may_hold = every(sits_in, has_begun)
may_miss = every(sits_in, has_begun)
may_cancel = every(events.is_helper, event_runs)

BY_TRANSITION: dict[str, Rule] = {
    "start": by_the_house, "end": may_end, "fail": by_the_house, "retry": may_retry,
    "publish": may_publish, "replace": by_the_house, "discard": may_discard,
}
BY_MEETING: dict[str, Rule] = {
    "hold": may_hold, "miss": may_miss, "cancel": may_cancel, "plan_again": by_the_house,
}
