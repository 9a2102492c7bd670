"""One's own day for other people's software (MCP), and what the API shares with that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse

from saphan.ground import clock
from saphan.ground.access import Refused
from saphan.house import callers, render
from saphan.house.room import Tool
from saphan.people.models import Person
from saphan.rooms.meetings.actions import days as actions
from saphan.rooms.meetings.forms.days import check_link
from saphan.rooms.meetings.models import Event, Guest, Meeting
from saphan.rooms.meetings.queries import agenda as agendas
from saphan.rooms.meetings.queries import days as queries
from saphan.rooms.meetings.queries import events, plans
from saphan.rooms.meetings.queries.agenda import Item
from saphan.rooms.meetings.queries.days import Reader
from saphan.rooms.meetings.rules import events as rules


def find_event(number: str, person: Person | None) -> Event:
    try:
        return events.event(number, asker=person)
    except events.NotFound:
        raise callers.Missing(number) from None


def find_meeting(event: Event, word: str, person: Person | None) -> Meeting:
    try:
        return plans.meeting(event, word, asker=person)
    except events.NotFound:
        raise callers.Missing(word) from None


def whole(reader: Reader) -> dict[str, Any]:
    """Somebody's days as plain data. Moments are ISO 8601 in the event's zone."""
    found, event = agendas.agenda(reader, moment=clock.now()), reader.event
    address = settings.BASE_URL + reverse("meetings:day", args=[reader.token])
    return {
        "event": event.number, "time_zone": event.time_zone, "name": reader.name,
        "role": "guest" if reader.guest else "interpreter", "page": address,
        "calendar": f"{address}calendar.ics",
        "own_time_zone": reader.own_zone or None,
        "changed_since_seen": found.changed,
        "days": [{"date": day.date.isoformat(), "items": [
            line(item, event) for item in day.items if item.kind != "free"]}
            for day in found.days]}


def line(item: Item, event: Event) -> dict[str, Any]:
    zone = event.zone
    said: dict[str, Any] = {
        "kind": item.kind, "begins": item.begins.astimezone(zone).isoformat(),
        "ends": item.ends.astimezone(zone).isoformat(),
        "place": render.reading(item.place.name.best()) if item.place else None,
        "online": item.is_online, "minutes_on_foot": item.walk or None}
    if item.session is not None:
        return {**said, "title": render.reading(item.session.title.best())}
    assert item.meeting is not None
    words: Any = item.words
    return {
        **said, "word": item.meeting.word, "state": item.meeting.state, "table": item.table,
        "with": [whom(guest) for guest in item.others],
        "language": item.language or None, "interpreters": list(item.interpreters),
        "wish": render.reading(words),
        "link": item.link or None,
        "link_from": item.link_from.astimezone(zone).isoformat() if item.link_from else None,
        "change": item.mark or None}


def whom(guest: Guest) -> dict[str, Any]:
    organisation: Any = guest.party.organisation.reading()
    return {"organisation": render.reading(organisation), "name": guest.name,
            "function": guest.function or None, "economy": guest.party.economy_id}


def read_my_day(number: str, person: Person | None = None) -> dict[str, Any]:
    rules.signed_in(person).or_raise()
    found = queries.of_person(find_event(number, person), person)
    return {"event": number.upper(), "count": len(found),
            "people": [whole(reader) for reader in found]}


def set_meeting_link(number: str, word: str, link: str,
                     person: Person | None = None) -> dict[str, Any]:
    if person is None:
        raise Refused(rules.signed_in(None).reason)
    meeting = find_meeting(find_event(number, person), word, person)
    try:
        wanted = check_link(link[:600])
        if len(wanted) > 500:
            raise ValidationError("long")
    except ValidationError as problem:
        raise callers.Invalid([{"field": "link", "message": " ".join(
            problem.messages)}]) from None
    changed = actions.change_link(meeting, wanted, by=person)
    return {"word": changed.word, "link": changed.link or None, "sequence": changed.sequence}


def tools() -> Sequence[Tool]:
    """Tools about days."""
    return [
        Tool("read_my_day", "Read the meetings and sessions of the person whose token this is, and "
                            "of those whom her organisation sends, at one event. number: of the "
                            "event, for example MTG-2026-0001.", read_my_day),
        Tool("set_meeting_link", "Set the address (https) of a meeting online. word: the "
                                 "meeting's word, as read_my_day gives it. Both sides are told.",
             set_meeting_link, writes=True),
    ]
