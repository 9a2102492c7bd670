"""Plans and meetings for other people's software (MCP), and what the API shares with that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from saphan.house import callers
from saphan.house.room import Tool
from saphan.people.models import Person
from saphan.rooms.meetings import assembling, diffing
from saphan.rooms.meetings.actions import computing, live, publishing
from saphan.rooms.meetings.actions import plans as actions
from saphan.rooms.meetings.forms.plans import ComputeForm, IncidentForm, MoveForm
from saphan.rooms.meetings.models import Event, Incident, Meeting, Plan
from saphan.rooms.meetings.queries import events as event_queries
from saphan.rooms.meetings.queries import explaining
from saphan.rooms.meetings.queries import live as live_queries
from saphan.rooms.meetings.queries import now as now_queries
from saphan.rooms.meetings.queries import plans as queries
from saphan.rooms.meetings.rules import events as event_rules

PAGE = 200


def event_of(number: str, person: Person | None) -> Event:
    try:
        return event_queries.event(number, asker=person)
    except event_queries.NotFound:
        raise callers.Missing(number) from None


def desk(number: str, person: Person | None) -> Event:
    """The event, for its staff; for anybody else there is nothing here."""
    event = event_of(number, person)
    if not event_rules.looks_at_events(person):
        raise callers.Missing(number)
    return event


def plan_of(event: Event, plan: int, person: Person | None) -> Plan:
    try:
        return queries.plan(event, plan, asker=person)
    except event_queries.NotFound:
        raise callers.Missing(f"{event.number}/plans/{plan}") from None


def brief(plan: Plan) -> dict[str, Any]:
    """A plan in a list."""
    return {"plan": plan.number, "kind": plan.kind, "state": plan.state, "score": plan.score,
            "bound": plan.bound, "gap": plan.gap, "how_good": explaining.gap_words(plan),
            "base": plan.base.number if plan.base else None,
            "made": plan.made.isoformat(),
            "published": plan.published.isoformat() if plan.published else None}


def plans_of(event: Event, person: Person | None) -> dict[str, Any]:
    found = list(queries.plans(event, person)[:PAGE])
    return {"event": event.number, "count": len(found), "plans": [brief(each) for each in found]}


def whole(plan: Plan) -> dict[str, Any]:
    """A plan with what publishing it would change, and what it would break."""
    told: dict[str, Any] = {**brief(plan), "progress": plan.progress, "message": plan.message,
                            "lines": plan.lines}
    if plan.state == Plan.State.READY:
        after = publishing.outcome(plan)
        told |= {"changes": diffing.counts(after.changes), "breaches": after.breaches,
                 "left_out": after.left_out, "people_told": queries.told(plan)}
    elif plan.published is not None:
        told["changes"] = diffing.counts(queries.changes_of(plan))
    return told


def unmet_of(plan: Plan, page: int = 1) -> dict[str, Any]:
    """Wishes that a plan does not meet, and why not: 25 a page."""
    found = assembling.assemble(plan.event)
    left = explaining.unmet_wishes(found, plan.lines)
    shown = left[25 * (page - 1):25 * page]
    return {"count": len(left), "page": page, "wishes": [
        {"wish": each.wish.pk, "sides": [each.one.position, each.other.position],
         "reason": each.kind, "words": each.words}
        for each in explaining.explained(found, found.meetings(plan.lines), shown)]}


def meeting_of(meeting: Meeting) -> dict[str, Any]:
    zone = meeting.event.zone
    return {"word": meeting.word, "state": meeting.state, "wish": meeting.wish_id,
            "begins": meeting.slot.begins.astimezone(zone).isoformat(timespec="minutes"),
            "ends": meeting.slot.ends.astimezone(zone).isoformat(timespec="minutes"),
            "place": str(meeting.place), "online": meeting.place.online,
            "table": None if meeting.place.online else meeting.table_number,
            "sides": [{"party": side.party.position, "organisation": str(side.party),
                       "person": side.name} for side in (meeting.guest_a, meeting.guest_b)],
            "language": meeting.language or None, "link": meeting.link or None,
            "interpreters": [one.name for one in meeting.interpreters.all()]}


def meetings_of(event: Event, person: Person | None, page: int = 1) -> dict[str, Any]:
    """For the staff all, 200 a page; for others their own."""
    found = queries.visible_meetings(event, person)
    return {"event": event.number, "time_zone": event.time_zone, "count": found.count(),
            "page": page,
            "meetings": [meeting_of(each) for each in found[PAGE * (page - 1):PAGE * page]]}


def now_of(event: Event) -> dict[str, Any]:
    """Which table, who, who is missing: in the slot that is on and in the next one."""
    screen = now_queries.now_and_next(event)

    def told(found: now_queries.Round | None) -> dict[str, Any] | None:
        if found is None:
            return None
        return {"begins": found.slot.begins.astimezone(event.zone).isoformat(timespec="minutes"),
                "places": [{"place": str(hall.place), "empty_tables": hall.empty, "meetings": [
                    {**meeting_of(table.meeting),
                     "not_checked_in": [guest.name for guest in table.missing]}
                    for table in hall.tables]} for hall in found.halls]}

    return {"at": screen.at.isoformat(timespec="seconds"), "now": told(screen.now),
            "next": told(screen.next)}


def incident_of(incident: Incident) -> dict[str, Any]:
    return {"id": incident.pk, "kind": incident.kind, "begins": incident.begins.isoformat(),
            "ends": incident.ends.isoformat() if incident.ends else None, "note": incident.note,
            "undone": incident.undone is not None,
            "plan": incident.plan.number if incident.plan else None}


def incidents_of(event: Event) -> dict[str, Any]:
    return {"incidents": [incident_of(each) for each in live_queries.incidents(event)[:PAGE]],
            "to_mend": [{"meeting": hit.meeting.word, "words": hit.words}
                        for hit in live_queries.to_mend(event)]}


# --- verbs, as the API and MCP both call them -------------------------------------------------

def compute(event: Event, given: dict[str, Any], *, by: Person) -> Plan:
    form = ComputeForm(given)
    if not form.is_valid():
        raise callers.Invalid.form(form)
    return computing.compute(event, by=by, **form.cleaned_data)


PLAN_VERBS: dict[str, Callable[..., Plan]] = {
    "publish": publishing.publish, "discard": publishing.discard, "end": computing.end,
    "retry": computing.retry}


def act(plan: Plan, verb: str, *, by: Person) -> Plan:
    if verb not in PLAN_VERBS:
        raise callers.Missing(verb)
    return PLAN_VERBS[verb](plan, by=by)


def move(event: Event, given: dict[str, Any], *, by: Person) -> Plan:
    """Move a meeting by hand, in a draft: that of `plan`, or a new one."""
    number = given.pop("plan", None)
    on = plan_of(event, int(number), by) if number else None
    form = MoveForm(given)
    if not form.is_valid():
        raise callers.Invalid.form(form)
    told = form.cleaned_data
    return actions.move(event, told["wish"], by=by, on=on, swap=told["swap"],
                        to=(told["slot"], told["place"], told["table"]))


def incident_values(event: Event, given: dict[str, Any]) -> dict[str, Any]:
    form = IncidentForm(given, event=event)
    if not form.is_valid():
        raise callers.Invalid.form(form)
    return form.values()


def _person(person: Person | None) -> Person:
    if person is None:
        raise callers.Unauthorised("")
    return person


def list_plans(number: str, *, person: Person | None) -> dict[str, Any]:
    return plans_of(desk(number, person), person)


def read_plan(number: str, plan: int, *, person: Person | None) -> dict[str, Any]:
    found = plan_of(desk(number, person), plan, person)
    return {**whole(found), "not_met": unmet_of(found) if found.lines else None}


def compute_plan(number: str, effort: str = "thorough", seed: int = 1, *,
                 person: Person | None) -> dict[str, Any]:
    return brief(compute(desk(number, person), {"effort": effort, "seed": seed},
                         by=_person(person)))


def publish_plan(number: str, plan: int, *, person: Person | None) -> dict[str, Any]:
    found = plan_of(desk(number, person), plan, person)
    return whole(publishing.publish(found, by=_person(person)))


def list_meetings(number: str, page: int = 1, *, person: Person | None) -> dict[str, Any]:
    return meetings_of(event_of(number, person), person, max(1, page))


def meetings_now(number: str, *, person: Person | None) -> dict[str, Any]:
    return now_of(desk(number, person))


def report_incident(number: str, kind: str, party: int | None = None, place: int | None = None,
                    interpreter: int | None = None, tables: int | None = None, begins: str = "",
                    ends: str = "", note: str = "", *, person: Person | None) -> dict[str, Any]:
    event = desk(number, person)
    values = incident_values(event, {
        "kind": kind, "party": party, "place": place, "interpreter": interpreter,
        "tables": tables, "begins": begins, "ends": ends, "note": note})
    hits = live.cost(event, values)
    told = live.report(event, values, by=_person(person))
    return {**incident_of(told), "meetings_hit": len(hits)}


def tools() -> list[Tool]:
    return [
        Tool("list_plans", "List the timetables of an event: state, how good, proven gap. For the "
                           "staff.", list_plans),
        Tool("read_plan", "Read one timetable: score, what publishing it would change, and the "
                          "first wishes that are not met, with reasons. For the staff.",
             read_plan),
        Tool("compute_plan", "Begin to compute a timetable. effort: quick, thorough or "
                             "exhaustive. It goes on in the background: read_plan says how far "
                             "it is. For organisers.", compute_plan, writes=True),
        Tool("publish_plan", "Publish a timetable that is ready. Those concerned are told.",
             publish_plan, writes=True),
        Tool("list_meetings", "The planned meetings of an event: for the staff all, for others "
                              "those of their own organisation.", list_meetings),
        Tool("meetings_now", "Which table, who, with which interpreter, who has not checked in: "
                             "now and next. For the staff.", meetings_now),
        Tool("report_incident", "Report what went otherwise. kind: no_show, late, left (with "
                                "party: its position), place_closed or fewer_tables (with place), "
                                "interpreter_gone, walk_in. begins, ends: 14:30 on the event's "
                                "clock. A mended timetable is computed, and published by a "
                                "person.", report_incident, writes=True),
    ]
