"""Events for other people's software (MCP), and what the API shares with that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from saphan.ground.access import Refused
from saphan.house import callers, render
from saphan.house.room import Tool
from saphan.people.models import Person
from saphan.rooms.meetings import registering
from saphan.rooms.meetings.forms.events import initial_of
from saphan.rooms.meetings.models import Event, Guest, Party, Session
from saphan.rooms.meetings.queries import events as queries
from saphan.rooms.meetings.queries import parties as party_queries
from saphan.rooms.meetings.queries import plates
from saphan.rooms.meetings.queries.programme import programme
from saphan.rooms.meetings.rules import events as event_rules
from saphan.rooms.meetings.rules import parties as rules

PAGE = 20
SHELVES = ("running", "coming", "past")
RULES = ("needs_approval", "floor", "most", "language_level", "relay", "unanswered")


def brief(event: Event) -> dict[str, Any]:
    """An event in a list."""
    return {**render.plate(plates.plate_of(event)), "first_day": event.first_day.isoformat(),
            "last_day": event.last_day.isoformat(), "mode": event.mode, "sector": event.sector,
            "time_zone": event.time_zone, "capacity": event.capacity,
            "places_left": queries.places_left(event),
            "registration_ends": event.registration_ends.isoformat(),
            "wishes_end": event.wishes_end.isoformat(),
            "takes_registrations": event.takes_registrations}


def whole(event: Event, person: Person | None = None) -> dict[str, Any]:
    """An event with all its words and who takes part, in numbers."""
    counted = queries.represented(event)
    words = {name: getattr(event, name).plain() for name in queries.TRANSLATED}
    desk = {"version": event.version, **{name: initial_of(event)[name] for name in RULES}} \
        if event_rules.looks_at_events(person) else {}
    return {**brief(event), "words": words, "lang": event.lang, "address": event.address, **desk,
            "participants": {"count": counted.parties, "economies": dict(counted.economies),
                             "sectors": dict(counted.sectors)}}


def programme_of(event: Event) -> dict[str, Any]:
    """Days with their meetings, breaks and sessions; times with the event's offset."""
    def moment(value: Any) -> str:
        return str(value.astimezone(event.zone).isoformat(timespec="minutes"))

    return {"number": event.number, "time_zone": event.time_zone, "days": [
        {"day": day.day.isoformat(), "blocks": [
            {"kind": block.kind, "begins": moment(block.begins), "ends": moment(block.ends),
             **({"meetings": block.slots, "minutes": block.minutes}
                if block.kind == "meetings" else {}),
             **(_session(block.session, block.seats_left) if block.session else {})}
            for block in day.blocks]} for day in programme(event)]}


def _session(session: Session, left: int | None) -> dict[str, Any]:
    return {"id": session.pk, "title": str(session.title.best()),
            "about": str(session.about.best()), "track": session.track,
            "speakers": session.speakers, "languages": session.langs,
            "place": str(session.place) if session.place else "", "everybody": session.everybody,
            "seats": session.capacity, "seats_left": left}


def registration(party: Party, person: Person | None) -> dict[str, Any]:
    """A registration; the people's addresses only for its own and the staff."""
    open_ = bool(rules.may_see_addresses(person, party)) or event_rules.looks_at_events(person)
    return {"position": party.position, "organisation": str(party.organisation),
            "economy": party.economy_id, "sector": party.sector, "lang": party.lang,
            "about": party.about.plain(), "seeks": party.seeks.plain(),
            "guests": [_guest(guest, open_) for guest in party.guests.all()],
            **({"state": party.state, "applied": party.applied.isoformat(), "most": party.most,
                "delegation": party.delegation_id, "because": party.declined_because}
               if open_ else {})}


def _guest(guest: Guest, open_: bool) -> dict[str, Any]:
    if open_:
        return {**registering.guest_as_sent(guest),
                "checked_in": guest.checked_in.isoformat() if guest.checked_in else None}
    return {"name": guest.name, "function": guest.function, "speaks": guest.speaks,
            "presence": guest.presence}


def find(number: str, person: Person | None) -> Event:
    try:
        return queries.event(number, asker=person)
    except queries.NotFound:
        raise callers.Missing(number) from None


def find_events(shelf: str = "coming", sector: str = "", economy: str = "", mode: str = "",
                page: int = 1, person: Person | None = None) -> dict[str, Any]:
    if shelf not in SHELVES:
        raise callers.Missing(shelf)
    found = queries.shelf(shelf, queries.Filters.read(
        {"sector": sector, "economy": economy, "mode": mode}))
    start = (min(max(page, 1), 100_000) - 1) * PAGE
    return {"count": found.count(), "events": [brief(event) for event in found[start:start + PAGE]]}


def read_event(number: str, person: Person | None = None) -> dict[str, Any]:
    return whole(find(number, person), person)


def read_programme(number: str, person: Person | None = None) -> dict[str, Any]:
    return programme_of(find(number, person))


def my_registrations(number: str, person: Person | None = None) -> dict[str, Any]:
    event = find(number, person)
    return {"registrations": [registration(party, person)
                              for party in party_queries.of_person(event, person)]}


def register_for_event(number: str, organisation: str, economy: str, about: str = "",
                       seeks: str = "", lang: str = "", sector: str = "",
                       guests: list[dict[str, Any]] | None = None,
                       person: Person | None = None) -> dict[str, Any]:
    if person is None:
        raise Refused(event_rules.signed_in(None).reason)
    event = find(number, person)
    party = registering.register(event, {
        "organisation": organisation, "economy": economy, "about": about, "seeks": seeks,
        "lang": lang, "sector": sector, "guests": guests or []}, by=person)
    return registration(party, person)


def tools() -> Sequence[Tool]:
    """Tools about events and registration."""
    return [
        Tool("find_events", "List matchmaking events. shelf: coming (the nearest first), running "
                            "or past. sector, economy (two letters) and mode (onsite, online, "
                            "mixed) narrow the list.", find_events),
        Tool("read_event", "Read one matchmaking event by its accession number, for example "
                           "MTG-2026-0001.", read_event),
        Tool("read_programme", "Read the programme of an event: times for meetings, breaks and "
                               "sessions, with seats left.", read_programme),
        Tool("my_registrations", "What the person whose token this is registered at an event.",
             my_registrations),
        Tool("register_for_event",
             "Register an organisation for an event. economy: two letters. guests: a list of "
             "{name, email, function, speaks: {language: 1 to 3}, language, presence}. about and "
             "seeks in any language.", register_for_event, writes=True),
    ]
