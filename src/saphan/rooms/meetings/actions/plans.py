"""What people do with single meetings: move them by hand, say whether they took place, call them
off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from saphan.engines.timetable import problem as engine
from saphan.engines.timetable import trial
from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.meetings import assembling
from saphan.rooms.meetings.actions import publishing
from saphan.rooms.meetings.assembling import Assembled
from saphan.rooms.meetings.diffing import Line
from saphan.rooms.meetings.models import Event, Incident, Meeting, Plan
from saphan.rooms.meetings.queries import board as board_queries
from saphan.rooms.meetings.queries import plans as queries
from saphan.rooms.meetings.rules import plans as rules
from saphan.rooms.meetings.vocabulary import IncidentKind

State, Kind = Plan.State, Plan.Kind


# --- by hand ----------------------------------------------------------------------------------

def draft_of(event: Event, on: Plan | None, *, by: Person) -> Plan:
    """The draft that collects her moves: the one that is open, or a new one that begins with the
    lines of `on` (a computed plan that is looked at), else with what people hold."""
    rules.may_mend(by, event).or_raise()
    if on is not None and on.kind == Kind.HAND and on.state == State.READY:
        rules.is_not_outdated(by, on).or_raise()
        return on
    if on is not None and on.state not in (State.READY, State.PUBLISHED):
        raise Refused(_("This plan cannot be changed by hand."))
    fresh = on is None or on.state == State.PUBLISHED
    rows = assembling.standing(event) if fresh else on.lines  # type: ignore[union-attr]
    if on is None and not rows:
        raise Refused(_("There is no plan yet."))
    return publishing.derive(event, rows, kind=Kind.HAND, by=by)


def move(event: Event, wish: int, *, by: Person, to: tuple[int, int, int | None],
         on: Plan | None = None, swap: bool = False) -> Plan:
    """Put the meeting of a wish into another slot, place and table (primary keys; a table from 0,
    or None for any). Those in its way are taken out of the plan with `swap`, otherwise the move is
    refused, with what would break. Returns the draft."""
    found = assembling.assemble(event)
    rows = board_queries.rows(event, on)
    meetings = found.meetings(rows)
    try:
        at = found.at["wishes"][wish]
        slot, place = found.at["slots"][to[0]], found.at["places"][to[1]]
    except KeyError:
        raise Refused(_("Something of this meeting does not exist any more.")) from None
    _is_ahead(found, meetings, at, slot)
    after = _placed(found, meetings, at, (slot, place, to[2]), swap=swap)
    draft = draft_of(event, on, by=by)
    return _rewrite(draft, found, after, by=by, moved=wish)


def _is_ahead(found: Assembled, meetings: Sequence[engine.Meeting], wish: int, slot: int) -> None:
    past = queries.begun(found.slots)
    held = next((one for one in meetings if one.wish == wish), None)
    slots = [slot] if held is None else [slot, held.slot]
    if any(found.slots[one].pk in past for one in slots):
        raise Refused(_("What has begun cannot be moved any more."))


def _placed(found: Assembled, meetings: Sequence[engine.Meeting], wish: int,
            to: tuple[int, int, int | None], *, swap: bool) -> list[engine.Meeting]:
    """The meetings after the move, checked."""
    slot, place, table = to
    first = trial.try_meeting(found.problem, meetings, wish, slot=slot, place=place, table=table)
    best = first
    for choice in first.choices:  # colleagues or another interpreter with whom it is possible
        other = trial.try_meeting(found.problem, meetings, wish, slot=slot, place=place,
                                  table=table, person_a=choice.person_a,
                                  person_b=choice.person_b)
        if not other.breaches:
            best = other
            break
    gives_way = best.collides if swap else ()
    after = [one for one in meetings if one.wish != wish and one.wish not in gives_way]
    after.append(best.meeting)
    before = next((one for one in meetings if one.wish == wish), None)
    for evicted in gives_way:
        after = _elsewhere(found, after, evicted, before)
    lines = [Line.of(row) for row in found.lines(after)]
    broken = publishing.broken(found, lines, queries.begun(found.slots))
    if broken:
        raise Refused(" ".join(list(dict.fromkeys(broken))[:3]))
    return after


def _elsewhere(found: Assembled, meetings: list[engine.Meeting], wish: int,
               before: engine.Meeting | None) -> list[engine.Meeting]:
    """Where a meeting goes that gave way: to the place that was left, if that is possible, else to
    the first free one, else out of the plan."""
    past = queries.begun(found.slots)
    free = [spot for spot in trial.spots(found.problem, meetings, wish)
            if spot.state == trial.State.FREE and found.slots[spot.slot].pk not in past]
    if not free:
        return meetings
    spot = next((one for one in free if before is not None
                 and (one.slot, one.place) == (before.slot, before.place)), free[0])
    assert spot.choice is not None
    tried = trial.try_meeting(found.problem, meetings, wish, slot=spot.slot, place=spot.place,
                              person_a=spot.choice.person_a, person_b=spot.choice.person_b)
    return meetings if tried.breaches else [*meetings, tried.meeting]


def take_out(event: Event, wish: int, *, by: Person, on: Plan | None = None) -> Plan:
    """Take a meeting out of the plan, in the draft."""
    found = assembling.assemble(event)
    meetings = found.meetings(board_queries.rows(event, on))
    at = found.at["wishes"].get(wish, -1)
    _is_ahead(found, meetings, at, len(found.slots) - 1)
    draft = draft_of(event, on, by=by)
    return _rewrite(draft, found, [one for one in meetings if one.wish != at], by=by, moved=wish)


def _rewrite(draft: Plan, found: Assembled, meetings: Sequence[engine.Meeting], *, by: Person,
             moved: int) -> Plan:
    rows = found.lines(meetings)
    past = queries.begun(found.slots)
    # What is over stays, also where a side has withdrawn and the engine does not know it any more.
    lines = queries.merged(queries.standing(draft.event), [Line.of(row) for row in rows], past)
    with ledger.fact("plan.changed", draft, by=by, event=draft.event.number, plan=draft.number,
                     wish=moved):
        draft.lines = [line.as_row() for line in lines]
        draft.score = publishing.scored(found, draft.lines)
        draft.finished = clock.now()
        draft.save(update_fields=["lines", "score", "finished"])
    return draft


# --- one meeting ------------------------------------------------------------------------------

def hold(meeting: Meeting, *, by: Person | None) -> Meeting:
    """It took place. `by=None`: both sides said so, see the feedback."""
    if by is not None:
        rules.may_hold(by, meeting).or_raise()
    with ledger.fact("meeting.held", meeting, by=by, **_of(meeting)):
        meeting.take("hold")
    return meeting


def miss(meeting: Meeting, *, by: Person | None) -> Meeting:
    """It did not take place."""
    if by is not None:
        rules.may_miss(by, meeting).or_raise()
    with ledger.fact("meeting.missed", meeting, by=by, **_of(meeting)):
        meeting.take("miss")
    return meeting


def _of(meeting: Meeting) -> dict[str, Any]:
    return {"event": meeting.event.number, "wish": meeting.wish_id,
            "economy": meeting.guest_a.party.economy_id,
            "interpreted": not meeting.language}


def call_off(meeting: Meeting, *, by: Person, note: str = "") -> Plan:
    """A meeting will not be. It is a change of the plan like any other: those concerned are told,
    and it can be undone."""
    rules.may_cancel(by, meeting).or_raise()
    if meeting.state != Meeting.State.PLANNED or meeting.slot.begins <= clock.now():
        raise Refused(_("What has begun cannot be called off any more."))
    event = meeting.event
    with ledger.fact("incident.reported", None, by=by, event=event.number,
                     kind=IncidentKind.CANCELLED, wish=meeting.wish_id):
        incident = Incident.objects.create(
            event=event, kind=IncidentKind.CANCELLED, meeting=meeting, begins=clock.now(),
            note=note, by=by.ref, at=clock.now())
        rows = [row for row in assembling.standing(event) if row[0] != meeting.wish_id]
        plan = publishing.derive(event, rows, kind=Kind.HAND, by=by)
        incident.plan = plan
        incident.save(update_fields=["plan"])
        publishing.publish(plan, by=by)
    meeting.refresh_from_db()
    return plan


__all__ = ["call_off", "draft_of", "hold", "miss", "move", "take_out"]
