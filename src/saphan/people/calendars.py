"""Calendars that people keep: invitations by letter and feeds. RFC 5545 (iCalendar) and RFC 5546
(iTIP): one way for the whole house.

The organiser of everything is the house, so that nobody learns an address that was not told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from icalendar import Calendar, Component, Event, vCalAddress, vText

from saphan.ground import clock
from saphan.people.letters import Attachment

PRODUCT = "-//Saphan//saphan//EN"


@dataclass(frozen=True)
class Entry:
    """Something in a calendar. `key` is the same for ever and the house's own; `sequence` grows
    with every change. `starts` and `ends` are aware. `where` is a place or an https address."""

    key: str
    sequence: int
    starts: datetime
    ends: datetime
    summary: str
    description: str = ""
    where: str = ""
    link: str = ""
    cancelled: bool = False
    changed: datetime | None = None


@dataclass(frozen=True)
class Attendee:
    """Who is invited. `answers`: whether an answer is asked for, which goes to the house."""

    email: str
    name: str = ""
    answers: bool = True


def invitation(entry: Entry, people: Iterable[Attendee], *, name: str = "meeting") -> Attachment:
    """One meeting for everybody's calendar, or taken back if it is cancelled. An invitation holds
    one entry: RFC 5546 wants all of a request to be about the same."""
    method = "CANCEL" if entry.cancelled else "REQUEST"
    calendar = _calendar(method)
    event = _event(entry)
    event["organizer"] = vCalAddress(f"MAILTO:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    for person in people:
        event.add("attendee", _attendee(person), encode=False)
    calendar.add_component(event)
    return Attachment(f"{name}.ics", calendar.to_ical(), f"text/calendar; method={method}")


def published(entries: Sequence[Entry], *, name: str, lang: str,
              refresh: timedelta = timedelta(minutes=15)) -> bytes:
    """A calendar to subscribe to or to take in at once. `refresh`: how often programs should look
    again (RFC 7986; the older name beside it is what most of them read)."""
    calendar = _calendar("PUBLISH")
    calendar.add("name", name, {"LANGUAGE": lang})
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", refresh, {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", refresh)
    for entry in entries:
        calendar.add_component(_event(entry, lang=lang))
    return calendar.to_ical()


def _calendar(method: str) -> Component:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _event(entry: Entry, *, lang: str = "") -> Component:
    told = {"LANGUAGE": lang} if lang else {}
    event = Event()
    event.add("uid", f"{entry.key}@{settings.BASE_URL.partition('//')[2]}")
    event.add("sequence", entry.sequence)
    # A feed says when the entry was changed, not when it was asked for: else it is new each time.
    event.add("dtstamp", entry.changed or clock.now())
    event.add("dtstart", entry.starts)
    event.add("dtend", entry.ends)
    event.add("summary", entry.summary, told)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    if entry.description:
        event.add("description", entry.description, told)
    if entry.where:
        event.add("location", entry.where)
    link = entry.link or entry.where
    if link.startswith(("https://", "http://")):
        event.add("url", link)
    return event


def _attendee(person: Attendee) -> vCalAddress:
    attendee = vCalAddress(f"MAILTO:{person.email}")
    attendee.params["CN"] = vText(person.name or person.email)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
    attendee.params["RSVP"] = vText("TRUE" if person.answers else "FALSE")
    return attendee
