"""The first meeting as an invitation: RFC 5545 (iCalendar) and RFC 5546 (iTIP)."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText

from saphan.ground import clock
from saphan.people.letters import Attachment
from saphan.people.models import Person
from saphan.rooms.market.models import Interest


def invitation(interest: Interest, people: list[Person], *, summary: str,
               description: str = "") -> Attachment:
    """The meeting for everybody's calendar; without a time, the earlier invitation is taken back.

    The organiser is the house, so that answers reach the broker's mailbox and nobody learns an
    address that was not told already.
    """
    cancelled = interest.meets_at is None
    calendar = Calendar()
    calendar.add("prodid", "-//Saphan//saphan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "REQUEST")
    event = Event()
    event.add("uid", f"{interest.number.lower()}@{settings.BASE_URL.partition('//')[2]}")
    event.add("sequence", interest.invitation)
    event.add("dtstamp", clock.now())
    start = interest.meets_at or clock.now()
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(minutes=interest.meets_minutes))
    event.add("summary", summary)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    if description:
        event.add("description", description)
    if interest.meets_where:
        event.add("location", interest.meets_where)
        if interest.meets_where.startswith(("https://", "http://")):
            event.add("url", interest.meets_where)
    organiser = vCalAddress(f"MAILTO:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    event["organizer"] = organiser
    for person in people:
        attendee = vCalAddress(f"MAILTO:{person.email}")
        attendee.params["CN"] = vText(person.name or person.email)
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
        attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
        attendee.params["RSVP"] = vText("TRUE")
        event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return Attachment("meeting.ics", calendar.to_ical(),
                      f"text/calendar; method={'CANCEL' if cancelled else 'REQUEST'}")
