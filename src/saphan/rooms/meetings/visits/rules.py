"""Who may do what with a visit, a station, a guide, the plan of a day; and why not."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from saphan.ground import clock
from saphan.ground.access import Rule, Verdict, allowed_if, every
from saphan.people.models import Person
from saphan.rooms.meetings.models import DayPlan, Visit
from saphan.rooms.meetings.rules import events

State = Visit.State
signed_in = events.signed_in
is_staff = events.helps_at_events
looks = events.looks_at_events
REQUESTS_AT_MOST = 10


def is_hers(person: Person | None, visit: Visit) -> bool:
    """Whether she asked for it, hosts it or leads one of its groups."""
    if person is None or not person.is_authenticated:
        return False
    return person.pk in (visit.asker_id, visit.host_id) or leads(person, visit)


def leads(person: Person | None, visit: Visit) -> bool:
    if person is None or not person.is_authenticated:
        return False
    return any(guide.person_id == person.pk for group in visit.groups.all()
               for guide in (group.guide, group.interpreter) if guide is not None)


def is_asker_or_staff(person: Person | None, visit: Visit) -> Verdict:
    asked = person is not None and person.is_authenticated and visit.asker_id == person.pk
    return allowed_if(asked or is_staff(person),
                      _("Only those who asked for this visit and the staff may do that."))


def is_desk(person: Person | None, _subject: Any = None) -> Verdict:
    return allowed_if(is_staff(person), _("Only the staff who receive visitors may do that."))


def may_see_the_desk(person: Person | None, _subject: Any = None) -> Verdict:
    return allowed_if(looks(person), _("Only the staff who receive visitors may see that."))


def has_not_too_many(person: Person | None) -> Verdict:
    """So that nobody fills the calendar alone."""
    open_ones = 0 if is_staff(person) or person is None else Visit.objects.filter(
        asker=person, state__in=Visit.STANDING).count()
    return allowed_if(open_ones < REQUESTS_AT_MOST, _(
        "You have asked for many visits already. Please wait until some of them are over."))


def can_be_edited(person: Person | None, visit: Visit) -> Verdict:
    return allowed_if(visit.state == State.REQUESTED, _(
        "This visit is planned already. Please speak to the staff."))


def is_not_past(_person: Person | None, visit: Visit) -> Verdict:
    return allowed_if(visit.day >= clock.today(), _("This day is over."))


def has_routes(_person: Person | None, visit: Visit) -> Verdict:
    return allowed_if(any(group.stops for group in visit.groups.all()),
                      _("There is no route yet. Plan the day and publish the plan first."))


def is_the_day(_person: Person | None, visit: Visit) -> Verdict:
    return allowed_if(visit.day <= clock.today(), _("This visit is on another day."))


def receives(person: Person | None, visit: Visit) -> Verdict:
    """The desk, and who leads them."""
    return allowed_if(is_staff(person) or leads(person, visit) or (
        person is not None and visit.host_id == person.pk),
        _("Only the staff and the guides of this visit may do that."))


def is_current(_person: Person | None, plan: DayPlan) -> Verdict:
    """A plan that changes what people hold is computed from what they hold now."""
    newer = DayPlan.objects.filter(day=plan.day, state=DayPlan.State.PUBLISHED,
                                   published__gt=plan.made).exists()
    return allowed_if(plan.kind == DayPlan.Kind.PLAN or not newer,
                      _("Another plan was published in between. Compute this one again."))


def fits_the_visits(_person: Person | None, plan: DayPlan) -> Verdict:
    planned: dict[int, int] = {}
    for line in plan.lines:
        planned[line["visit"]] = planned.get(line["visit"], 0) + line["people"]
    standing = Visit.objects.filter(pk__in=planned, state__in=Visit.STANDING)
    return allowed_if(
        all(visit.people == planned[visit.pk] and visit.day == plan.day for visit in standing),
        _("A visit was changed in between. Plan the day again."))


def by_the_house(person: Any, _subject: Any = None) -> Verdict:
    return allowed_if(person is None, _("The house does this by itself when it is time."))


def may_read(person: Person | None, visit: Visit) -> Verdict:
    public = visit.kind == Visit.Kind.PUBLIC and visit.state in Visit.SHOWN
    return allowed_if(public or looks(person) or is_hers(person, visit),
                      _("This visit is not public."))


def may_request(person: Person | None) -> Verdict:
    return signed_in(person) and has_not_too_many(person)


may_edit = every(is_asker_or_staff, can_be_edited)
may_set_up = every(is_desk)
may_plan_day = every(is_desk)
may_publish = every(is_desk, is_current, fits_the_visits)
may_discard = every(is_desk)
may_confirm = every(is_desk, is_not_past, has_routes)
may_reopen = every(is_desk, is_not_past)
may_arrive = every(receives, is_the_day)
may_leave = every(receives)
may_cancel = every(is_asker_or_staff)

BY_TRANSITION: dict[str, Rule] = {
    "plan": by_the_house, "confirm": may_confirm, "reopen": may_reopen, "arrive": may_arrive,
    "leave": may_leave, "cancel": may_cancel,
}
BY_PLAN: dict[str, Rule] = {
    "start": by_the_house, "end": by_the_house, "fail": by_the_house, "retry": by_the_house,
    "publish": may_publish, "replace": by_the_house, "discard": may_discard,
}
