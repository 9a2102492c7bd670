"""Who may see and change what belongs to a day, and why not. The secret address of a day is the key
to it: whoever holds it needs no account."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from saphan.ground.access import Rule, Verdict, allowed_if, every
from saphan.people.models import Person
from saphan.rooms.meetings.models import Event, Guest, Meeting, Notice, Party
from saphan.rooms.meetings.rules import events, parties


def may_print(person: Person | None, event: Event) -> Verdict:
    """Sheets show everybody's day and its secret address."""
    return events.is_helper(person)


def may_tell(person: Person | None, event: Event) -> Verdict:
    return events.is_helper(person)


def is_her_day(person: Person | None, guest: Guest) -> Verdict:
    return allowed_if(
        guest.party.state == Party.State.APPROVED and (
            parties.speaks_for(person, guest.party) or events.helps_at_events(person)),
        _("Only the people of this participant and the staff may do that."))


def may_report(event: Event) -> Verdict:
    """From the day itself, while the event is ahead or on."""
    return allowed_if(event.state in {Event.State.OPEN, Event.State.PLANNING,
                                      Event.State.RUNNING},
                      _("The event is over: nothing can be changed any more."))


def meets_online(_person: Person | None, meeting: Meeting) -> Verdict:
    return allowed_if(meeting.place.online, _("This meeting is not online."))


def is_to_come(_person: Person | None, meeting: Meeting) -> Verdict:
    return allowed_if(meeting.state == Meeting.State.PLANNED,
                      _("This meeting is not planned any more."))


def sits_in(person: Person | None, meeting: Meeting) -> Verdict:
    return allowed_if(
        events.helps_at_events(person) or parties.speaks_for(person, meeting.guest_a.party)
        or parties.speaks_for(person, meeting.guest_b.party),
        _("Only the two sides and the staff may do that."))


def is_one_of_both(guest: Guest | None, meeting: Meeting) -> Verdict:
    """The same for who opened her day by its secret address."""
    return allowed_if(guest is not None and guest.pk in (meeting.guest_a_id, meeting.guest_b_id),
                      _("Only the two sides and the staff may do that."))


may_change_link = every(sits_in, meets_online, is_to_come)


def may_change_link_by_token(guest: Guest | None, meeting: Meeting) -> Verdict:
    return (is_one_of_both(guest, meeting) & meets_online(None, meeting)
            & is_to_come(None, meeting))


def by_the_house(person: Person | None, _notice: Notice) -> Verdict:
    return allowed_if(person is None, _("The house does this by itself when it is time."))


def helps(person: Person | None, notice: Notice) -> Verdict:
    return may_tell(person, notice.event)


BY_NOTICE: dict[str, Rule] = {
    "leave": by_the_house, "arrive": by_the_house, "fail": by_the_house, "drop": by_the_house,
    "try_again": helps,
}
