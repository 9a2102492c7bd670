"""Events for software: read, hold, set up; register, decide, check in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import BaseModel, ConfigDict, Field

from saphan.house import callers
from saphan.people.models import Person
from saphan.rooms.meetings import registering
from saphan.rooms.meetings.actions import attending
from saphan.rooms.meetings.actions import events as actions
from saphan.rooms.meetings.actions import parties as party_actions
from saphan.rooms.meetings.models import Event, Party
from saphan.rooms.meetings.queries import checkin
from saphan.rooms.meetings.queries import parties as party_queries
from saphan.rooms.meetings.queries import registrations as queries
from saphan.rooms.meetings.rules import events as rules
from saphan.rooms.meetings.tools import events as tools

router = Router()
PAGE = 50


class Narrow(Schema):
    """Filters of a list; leave out what does not matter."""

    shelf: str = "coming"
    sector: str = ""
    economy: str = ""
    mode: str = ""
    page: int = Field(1, ge=1, le=100_000)


class Submitted(BaseModel):  # Ninja's own Schema drops what it does not declare
    """The fields of a record, as reading it gives them. Words are a string in `lang`, or an object
    from language code to string."""

    model_config = ConfigDict(extra="allow")


class Reason(Schema):
    """Why; for a cancelled event, a registration that is not admitted, or one that is admitted
    although all places are taken."""

    because: str = ""


class Queue(Schema):
    """Filters of the registrations, for the staff."""

    state: str = ""
    economy: str = ""
    sector: str = ""
    text: str = ""
    page: int = Field(1, ge=1, le=100_000)


class Scanned(Schema):
    """What the code on a badge says, or the key of a guest."""

    code: str = ""
    guest: int = 0
    undo: bool = False


@router.get("/events/", summary="Events: coming, running or past")
def events(request: HttpRequest, narrow: Query[Narrow]) -> dict[str, Any]:
    return tools.find_events(**narrow.dict(), person=callers.asker(request))


@router.post("/events/", summary="Hold an event: a draft", response={201: dict[str, Any]})
def hold(request: HttpRequest, body: Submitted) -> Any:
    person = callers.writer(request)
    return Status(201, tools.whole(registering.draft(body.model_dump(), by=person), person))


@router.get("/events/{number}", summary="One event, with all its words")
def read(request: HttpRequest, number: str) -> dict[str, Any]:
    return tools.read_event(number, person=callers.asker(request))


@router.patch("/events/{number}", summary="Change an event")
def change(request: HttpRequest, number: str, body: Submitted) -> dict[str, Any]:
    person = callers.writer(request)
    event = tools.find(number, person)
    return tools.whole(registering.change_event(event, body.model_dump(), by=person), person)


@router.get("/events/{number}/programme", summary="Times for meetings, breaks, sessions")
def programme(request: HttpRequest, number: str) -> dict[str, Any]:
    return tools.read_programme(number, person=callers.asker(request))


@router.post("/events/{number}/programme/{session}/{verb}",
             summary="A guest attends a session, or gives the seat back: attend, leave")
def attend(request: HttpRequest, number: str, session: int, verb: str,
           body: Scanned) -> dict[str, Any]:
    person = callers.writer(request)
    event = tools.find(number, person)
    found = event.sessions.filter(pk=session).first()
    guest = checkin.guest(event, body.guest)
    do = {"attend": attending.attend, "leave": attending.leave}.get(verb)
    if found is None or do is None or guest is None or not party_queries.visible_to(
            event, person).filter(pk=guest.party_id).exists():
        raise callers.Missing(verb)
    do(found, guest, by=person)
    return tools.programme_of(event)


@router.get("/events/{number}/registrations", summary="Registrations; for the staff")
def registrations(request: HttpRequest, number: str, narrow: Query[Queue]) -> dict[str, Any]:
    event, person = _for_the_staff(request, number)
    found = queries.queue(event, queries.Filters.read(narrow.dict()), asker=person)
    start = (narrow.page - 1) * PAGE
    return {"count": found.count(), "registrations": [
        tools.registration(party, person) for party in found[start:start + PAGE]]}


@router.post("/events/{number}/registrations", summary="Register an organisation",
             response={201: dict[str, Any]})
def register(request: HttpRequest, number: str, body: Submitted) -> Any:
    person = callers.writer(request)
    event = tools.find(number, person)
    party = registering.register(event, body.model_dump(), by=person)
    return Status(201, tools.registration(party, person))


@router.get("/events/{number}/registrations/mine", summary="One's own registrations")
def mine(request: HttpRequest, number: str) -> dict[str, Any]:
    return tools.my_registrations(number, person=callers.asker(request))


@router.get("/events/{number}/registrations/{position}", summary="One registration")
def one(request: HttpRequest, number: str, position: int) -> dict[str, Any]:
    person = callers.asker(request)
    return tools.registration(_party(tools.find(number, person), position, person), person)


@router.patch("/events/{number}/registrations/{position}", summary="Change a registration")
def change_registration(request: HttpRequest, number: str, position: int,
                        body: Submitted) -> dict[str, Any]:
    person = callers.writer(request)
    party = _party(tools.find(number, person), position, person)
    return tools.registration(registering.change(party, body.model_dump(), by=person), person)


@router.post("/events/{number}/registrations/{position}/{transition}",
             summary="Move a registration along: approve, put_on_list, decline, withdraw, …")
def move_registration(request: HttpRequest, number: str, position: int, transition: str,
                      body: Reason | None = None) -> dict[str, Any]:
    person = callers.writer(request)
    party = _party(tools.find(number, person), position, person)
    verb = party_actions.BY_TRANSITION.get(transition)
    if verb is None:
        raise callers.Missing(transition)
    because = body.because if body else ""
    given = {"decline": {"because": because}, "approve": {"over_because": because}}.get(
        transition, {})
    return tools.registration(verb(party, by=person, **given), person)


@router.post("/events/{number}/check-in", summary="Check somebody in, or undo it; for the staff")
def check_in(request: HttpRequest, number: str, body: Scanned) -> dict[str, Any]:
    callers.writer(request)
    event, person = _for_the_staff(request, number)
    guest = checkin.guest(event, body.guest) if body.guest else checkin.by_code(event, body.code)
    if guest is None:
        raise callers.Missing(body.code or str(body.guest))
    (attending.undo_check_in if body.undo else attending.check_in)(guest, by=person)
    counts = checkin.counts(event)
    return {"guest": guest.pk, "name": guest.name, "organisation": str(guest.party.organisation),
            "checked_in": guest.checked_in.isoformat() if guest.checked_in else None,
            "here": counts.here, "expected": counts.expected}


@router.post("/events/{number}/{transition}", summary="Move an event along: open, close, begin, …")
def move(request: HttpRequest, number: str, transition: str,
         body: Reason | None = None) -> dict[str, Any]:
    person = callers.writer(request)
    event = tools.find(number, person)
    verb = actions.BY_TRANSITION.get(transition)
    if verb is None:
        raise callers.Missing(transition)
    given = {"because": body.because if body else ""} \
        if transition in actions.WITH_A_REASON else {}
    return tools.whole(verb(event, by=person, **given), person)


def _for_the_staff(request: HttpRequest, number: str) -> tuple[Event, Person]:
    person = callers.asker(request)
    if person is None:
        raise callers.Unauthorised(rules.signed_in(None).reason)
    event = tools.find(number, person)
    if not rules.looks_at_events(person):
        raise callers.Missing(number)
    return event, person


def _party(event: Event, position: int, person: Person | None) -> Party:
    try:
        return party_queries.party(event, position, asker=person)
    except party_queries.NotFound:
        raise callers.Missing(str(position)) from None
