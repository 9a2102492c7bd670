"""Who may do what with an event, and why not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from saphan.ground import clock
from saphan.ground.access import Rule, Verdict, allowed_if, every
from saphan.people.models import Person, Role
from saphan.rooms.meetings.models import Event

State = Event.State


def runs_events(person: Person | None) -> bool:
    """Programme managers and administrators hold events."""
    return person is not None and person.is_authenticated and person.has_role(
        Role.Name.PROGRAMME_MANAGER, Role.Name.ADMINISTRATOR)


def helps_at_events(person: Person | None) -> bool:
    """Clerks and liaison officers help at the desk: registrations, check-in, what happens live."""
    return runs_events(person) or (
        person is not None and person.is_authenticated
        and person.has_role(Role.Name.CLERK, Role.Name.LIAISON_OFFICER))


def looks_at_events(person: Person | None) -> bool:
    """The director sees what the desk sees."""
    return helps_at_events(person) or (
        person is not None and person.is_authenticated and person.has_role(Role.Name.DIRECTOR))


def signed_in(person: Person | None, _subject: object = None) -> Verdict:
    return allowed_if(person is not None and person.is_authenticated,
                      _("Please sign in first. What you wrote is kept."))


def is_organiser(person: Person | None, _subject: object = None) -> Verdict:
    return allowed_if(runs_events(person), _("Only the organisers of the event may do that."))


def is_helper(person: Person | None, _subject: object = None) -> Verdict:
    return allowed_if(helps_at_events(person), _("Only the staff of the event may do that."))


def may_look_at_the_desk(person: Person | None, _subject: object = None) -> Verdict:
    return allowed_if(looks_at_events(person), _("Only the staff of the event may see that."))


def may_read(person: Person | None, event: Event) -> Verdict:
    return allowed_if(event.is_public or looks_at_events(person),
                      _("This event is not public now."))


def may_start(person: Person | None) -> Verdict:
    return is_organiser(person)


def is_not_over(_person: Person | None, event: Event) -> Verdict:
    return allowed_if(event.state not in {State.OVER, State.CANCELLED},
                      _("The event is over: nothing can be changed any more."))


def has_what_it_needs(_person: Person | None, event: Event) -> Verdict:
    return (allowed_if(event.slots.exists(), _("Say first when meetings can be."))
            & allowed_if(event.places.exists(), _("Say first where meetings can be.")))


def is_ahead(_person: Person | None, event: Event) -> Verdict:
    """Nobody could register for what is over."""
    return allowed_if(clock.now() < event.registration_ends,
                      _("The time for registration is over already. Change it first."))


def has_a_plan(_person: Person | None, event: Event) -> Verdict:
    return allowed_if(event.plans.filter(state="published").exists(),
                      _("Publish a plan first."))


def is_at_its_end(_person: Person | None, event: Event) -> Verdict:
    last = event.slots.order_by("ends").last()
    return allowed_if(last is None or clock.now() >= last.begins,
                      _("The last meetings have not begun yet."))


may_edit = every(is_organiser, is_not_over)
may_help = every(is_helper, is_not_over)
may_open = every(is_organiser, has_what_it_needs, is_ahead)
may_close = every(is_organiser)
may_reopen = every(is_organiser)
may_begin = every(is_organiser, has_a_plan)
may_finish = every(is_organiser, is_at_its_end)
may_cancel = every(is_organiser)

def was_never_public(_person: Person | None, event: Event) -> Verdict:
    return allowed_if(event.state == State.DRAFT and event.opened is None,
                      _("Only a draft can be removed. Cancel the event instead."))


may_remove = every(is_organiser, was_never_public)

BY_TRANSITION: dict[str, Rule] = {
    "open": may_open, "close": may_close, "reopen": may_reopen, "begin": may_begin,
    "finish": may_finish, "cancel": may_cancel,
}
