"""For software: plans, meetings, what happened."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict

from saphan.house import callers
from saphan.rooms.meetings.actions import live
from saphan.rooms.meetings.actions import plans as actions
from saphan.rooms.meetings.actions.publishing import undo
from saphan.rooms.meetings.models import Event, Meeting
from saphan.rooms.meetings.queries import plans as queries
from saphan.rooms.meetings.queries.events import NotFound
from saphan.rooms.meetings.tools import plans as tools

router = Router()


class Effort(BaseModel):
    """`effort`: quick, thorough or exhaustive. The same `seed` gives the same plan again."""

    effort: str = "thorough"
    seed: int = 1


class Moved(BaseModel):
    """Keys of wish, slot and place; `table` from 0, or none for any. `swap`: others give way.
    `plan`: the draft to go on with."""

    wish: int
    slot: int
    place: int
    table: int | None = None
    swap: bool = False
    plan: int | None = None


class Happened(BaseModel):
    """`kind`, and whom or what it is about: `guest` (key), `party` (position), `interpreter`,
    `place`; `begins`, `ends` (14:30 on the event's clock, or ISO 8601), `tables`, `note`."""

    model_config = ConfigDict(extra="allow")
    kind: str


@router.get("/events/{number}/plans", summary="The timetables of an event, for the staff")
def plans(request: HttpRequest, number: str) -> dict[str, Any]:
    person = callers.asker(request)
    return tools.plans_of(tools.desk(number, person), person)


@router.post("/events/{number}/plans", summary="Begin to compute a timetable",
             response={202: dict[str, Any]})
def compute(request: HttpRequest, number: str, body: Effort) -> Any:
    person = callers.writer(request)
    made = tools.compute(tools.desk(number, person), body.model_dump(), by=person)
    return Status(202, tools.brief(made))


@router.get("/events/{number}/plans/{plan}", summary="One timetable, with what it would change")
def plan(request: HttpRequest, number: str, plan: int) -> dict[str, Any]:
    person = callers.asker(request)
    return tools.whole(tools.plan_of(tools.desk(number, person), plan, person))


@router.get("/events/{number}/plans/{plan}/unmet", summary="Wishes that it does not meet, and why")
def unmet(request: HttpRequest, number: str, plan: int, page: int = 1) -> dict[str, Any]:
    person = callers.asker(request)
    return tools.unmet_of(tools.plan_of(tools.desk(number, person), plan, person), max(1, page))


@router.post("/events/{number}/undo", summary="A plan that brings back the one before")
def go_back(request: HttpRequest, number: str) -> dict[str, Any]:
    person = callers.writer(request)
    return tools.whole(undo(event=tools.desk(number, person), by=person))


@router.post("/events/{number}/plans/{plan}/{verb}",
             summary="publish, discard, end (take it as it is now) or retry")
def act(request: HttpRequest, number: str, plan: int, verb: str) -> dict[str, Any]:
    person = callers.writer(request)
    found = tools.plan_of(tools.desk(number, person), plan, person)
    return tools.whole(tools.act(found, verb, by=person))


@router.post("/events/{number}/moves", summary="Move a meeting by hand, in a draft")
def move(request: HttpRequest, number: str, body: Moved) -> dict[str, Any]:
    person = callers.writer(request)
    return tools.whole(tools.move(tools.desk(number, person), body.model_dump(), by=person))


@router.get("/events/{number}/meetings", summary="Meetings: for the staff all, for others own")
def meetings(request: HttpRequest, number: str, page: int = 1) -> dict[str, Any]:
    person = callers.asker(request)
    return tools.meetings_of(tools.event_of(number, person), person, max(1, page))


def _meeting(event: Event, word: str, request: HttpRequest) -> Meeting:
    try:
        return queries.meeting(event, word, asker=callers.asker(request))
    except NotFound:
        raise callers.Missing(word) from None


@router.get("/events/{number}/meetings/{word}", summary="One meeting, for its sides and the staff")
def meeting(request: HttpRequest, number: str, word: str) -> dict[str, Any]:
    event = tools.event_of(number, callers.asker(request))
    return tools.meeting_of(_meeting(event, word, request))


@router.post("/events/{number}/meetings/{word}/{verb}",
             summary="hold (it took place), miss (it did not) or cancel (call off)")
def on_meeting(request: HttpRequest, number: str, word: str, verb: str) -> dict[str, Any]:
    person = callers.writer(request)
    found = _meeting(tools.event_of(number, person), word, request)
    if verb == "cancel":
        actions.call_off(found, by=person)
    elif verb in ("hold", "miss"):
        (actions.hold if verb == "hold" else actions.miss)(found, by=person)
    else:
        raise callers.Missing(verb)
    return tools.meeting_of(found)


@router.get("/events/{number}/now", summary="All tables now and next, for the staff")
def now(request: HttpRequest, number: str) -> dict[str, Any]:
    return tools.now_of(tools.desk(number, callers.asker(request)))


@router.get("/events/{number}/incidents", summary="What went otherwise, and what is to mend")
def incidents(request: HttpRequest, number: str) -> dict[str, Any]:
    return tools.incidents_of(tools.desk(number, callers.asker(request)))


@router.post("/events/{number}/incidents/cost", summary="The meetings that it would hit")
def cost(request: HttpRequest, number: str, body: Happened) -> dict[str, Any]:
    event = tools.desk(number, callers.writer(request))
    hits = live.cost(event, tools.incident_values(event, body.model_dump()))
    return {"hits": [{"meeting": hit.meeting.word, "words": hit.words} for hit in hits]}


@router.post("/events/{number}/incidents", summary="Report what happened",
             response={201: dict[str, Any]})
def report(request: HttpRequest, number: str, body: Happened) -> Any:
    person = callers.writer(request)
    event = tools.desk(number, person)
    values = tools.incident_values(event, body.model_dump())
    return Status(201, tools.incident_of(live.report(event, values, by=person)))


@router.post("/events/{number}/incidents/{incident}/undo", summary="It was a mistake, or is over")
def undo_incident(request: HttpRequest, number: str, incident: int) -> dict[str, Any]:
    person = callers.writer(request)
    event = tools.desk(number, person)
    found = event.incidents.filter(pk=incident).first()
    if found is None:
        raise callers.Missing(str(incident))
    made = live.undo(found, by=person)
    return {**tools.incident_of(found), "plan": made.number if made else None}
