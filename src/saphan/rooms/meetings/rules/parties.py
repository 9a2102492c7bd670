"""Who may register, who admits, who changes a registration, and why not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from saphan.ground.access import Rule, Verdict, allowed_if, every
from saphan.people.models import Person
from saphan.rooms.meetings.models import Event, Party
from saphan.rooms.meetings.rules import events

State = Party.State
ADMITTED = frozenset({State.APPROVED})


def speaks_for(person: Person | None, party: Party) -> bool:
    """Whether she registered the party, may publish for its organisation, or is one of its
    guests."""
    if person is None or not person.is_authenticated:
        return False
    return (party.contact_id == person.pk
            or person.memberships.filter(organisation_id=party.organisation_id,
                                         may_publish=True).exists()
            or party.guests.filter(person=person).exists())


def is_hers(person: Person | None, party: Party) -> Verdict:
    return allowed_if(speaks_for(person, party),
                      _("Only the people of this participant may do that."))


def is_hers_or_desk(person: Person | None, party: Party) -> Verdict:
    return allowed_if(speaks_for(person, party) or events.helps_at_events(person),
                      _("Only the people of this participant and the staff may do that."))


def takes_registrations(person: Person | None, event: Event) -> Verdict:
    """Until registration ends; the staff may register who just came in, to the end of the event.
    Nobody should prepare for an event that was made up."""
    return allowed_if(
        not event.example or events.helps_at_events(person),
        _("This event is made up to show how the house works. Nobody can register.")
    ) & allowed_if(
        event.takes_registrations
        or (events.helps_at_events(person) and event.state in {
            Event.State.OPEN, Event.State.PLANNING, Event.State.RUNNING}),
        _("Registration for this event is closed."))


def has_room(_person: Person | None, party: Party) -> Verdict:
    """An event takes as many people as it has places."""
    taken = sum(each.guests.count() for each in party.event.parties.filter(
        state=State.APPROVED).exclude(pk=party.pk).prefetch_related("guests"))
    return allowed_if(taken + party.guests.count() <= party.event.capacity,
                      _("All places are taken. Put the registration on the waiting list."))


def is_approved(_person: Person | None, party: Party) -> Verdict:
    return allowed_if(party.state == State.APPROVED,
                      _("The registration has to be approved first."))


def has_not_begun(person: Person | None, party: Party) -> Verdict:
    return allowed_if(events.helps_at_events(person) or party.event.state in {
        Event.State.OPEN, Event.State.PLANNING},
        _("The event has begun. Please speak to the staff at the desk."))


def event_is_not_over(person: Person | None, party: Party) -> Verdict:
    return events.is_not_over(person, party.event)


def event_takes_registrations(person: Person | None, party: Party) -> Verdict:
    return takes_registrations(person, party.event)


may_register = every(events.signed_in, takes_registrations)
may_read = every(is_hers_or_desk)
may_edit = every(is_hers_or_desk, event_is_not_over, has_not_begun)
may_approve = every(events.is_helper, event_is_not_over, has_room)
may_overrule = every(events.is_helper, event_is_not_over)
"""Take somebody although all places are taken; the staff say why."""
may_put_on_list = every(events.is_helper, event_is_not_over)
may_decline = every(events.is_helper, event_is_not_over)
may_withdraw = every(is_hers_or_desk, event_is_not_over)
may_apply_again = every(is_hers_or_desk, event_takes_registrations)
may_check_in = every(events.is_helper, event_is_not_over, is_approved)
may_see_addresses = every(is_hers_or_desk)
may_attend = every(is_hers_or_desk, event_is_not_over, is_approved)
"""Say which sessions the party's guests attend."""

BY_TRANSITION: dict[str, Rule] = {
    "approve": may_approve, "put_on_list": may_put_on_list, "decline": may_decline,
    "withdraw": may_withdraw, "apply_again": may_apply_again,
}
