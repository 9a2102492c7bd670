"""What of the meetings room the director counts. Examples do not count."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from saphan.house.room import Indicator
from saphan.rooms.meetings.models import Event, Feedback, Guest, Meeting, Party
from saphan.rooms.meetings.vocabulary import NextStep


def real_events() -> Any:
    return Event.objects.filter(example=False).values_list("pk", flat=True)


def real_parties() -> Any:
    return Party.objects.filter(event__example=False).values_list("pk", flat=True)


def real_guests() -> Any:
    """People who are checked in; a check-in that was undone does not count."""
    return Guest.objects.filter(party__event__example=False,
                                checked_in__isnull=False).values_list("pk", flat=True)


def real_meetings() -> Any:
    return Meeting.objects.filter(event__example=False,
                                  state=Meeting.State.HELD).values_list("pk", flat=True)


def with_a_next_step() -> Any:
    told = Feedback.objects.exclude(next_step__in=["", NextStep.NONE])
    return Meeting.objects.filter(event__example=False, feedback__in=told).values_list(
        "pk", flat=True)


INDICATORS = [
    Indicator("events", _("Matchmaking events held"), ["event.ended"], real_events),
    Indicator("registered", _("Participants admitted"), ["party.approved"], real_parties),
    Indicator("here", _("People checked in"), ["guest.checked_in"], real_guests),
    Indicator("meetings", _("Meetings held"), ["meeting.held"], real_meetings),
    Indicator("next_steps", _("Meetings with a next step"), ["meeting.next_step_agreed"],
              with_a_next_step),
]
