"""Who may say how a meeting was, and who reads it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from saphan.ground.access import Verdict, allowed_if
from saphan.people.models import Person
from saphan.rooms.meetings.models import Guest, Meeting, Party
from saphan.rooms.meetings.rules import events, parties, plans


def _can_be_rated(meeting: Meeting, party: Party) -> Verdict:
    return (allowed_if(party.pk in {meeting.guest_a.party_id, meeting.guest_b.party_id},
                       _("Only the two sides of a meeting may say how it was."))
            & allowed_if(meeting.state != Meeting.State.CANCELLED,
                         _("This meeting was called off."))
            & plans.has_begun(None, meeting))


def may_rate(person: Person | None, meeting: Meeting, party: Party) -> Verdict:
    """For a side of it: whoever speaks for that party, and the desk on its behalf."""
    return (allowed_if(parties.speaks_for(person, party) or events.helps_at_events(person),
                       _("Only the two sides of a meeting may say how it was."))
            & _can_be_rated(meeting, party))


def may_rate_as_guest(guest: Guest, meeting: Meeting) -> Verdict:
    """With the secret address of her day, without an account: for her own party."""
    return _can_be_rated(meeting, guest.party)


def may_read_all(person: Person | None) -> Verdict:
    return events.may_look_at_the_desk(person)
