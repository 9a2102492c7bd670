"""The first meeting as an invitation to everybody's calendar."""

from __future__ import annotations

from datetime import timedelta

from saphan.ground import clock
from saphan.people import calendars
from saphan.people.letters import Attachment
from saphan.people.models import Person
from saphan.rooms.market.models import Interest


def invitation(interest: Interest, people: list[Person], *, summary: str,
               description: str = "") -> Attachment:
    """The meeting; without a time, the earlier invitation is taken back. Answers reach the broker's
    mailbox, which is the house's."""
    start = interest.meets_at or clock.now()
    return calendars.invitation(calendars.Entry(
        key=interest.number.lower(), sequence=interest.invitation, starts=start,
        ends=start + timedelta(minutes=interest.meets_minutes), summary=summary,
        description=description, where=interest.meets_where,
        cancelled=interest.meets_at is None),
        [calendars.Attendee(person.email, person.name) for person in people])
