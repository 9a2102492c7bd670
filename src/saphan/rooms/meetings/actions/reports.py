"""“I come late”, “I cannot come”: what people say of themselves from their day becomes an incident,
as if the desk had written it down. Nothing is replanned by it: the desk decides."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from saphan.ground import clock, ledger
from saphan.rooms.meetings.models import Incident, Meeting
from saphan.rooms.meetings.queries.days import Reader
from saphan.rooms.meetings.rules import days as rules
from saphan.rooms.meetings.vocabulary import IncidentKind


def report(reader: Reader, what: str, *, minutes: int = 20, meeting: Meeting | None = None,
           expected: datetime | None = None, note: str = "") -> Incident:
    """`what`: late (so many minutes after `expected`, when her next item begins), meeting (not to
    this one), leave (to nothing any more)."""
    rules.may_report(reader.event).or_raise()
    moment = clock.now()
    ends: datetime | None = None
    if what == "late":
        ends = max(expected or moment, moment) + timedelta(minutes=minutes)
    values: dict[str, Any] = {"begins": moment, "ends": ends}
    if reader.interpreter is not None:
        kind = IncidentKind.INTERPRETER_GONE
        values["interpreter"] = reader.interpreter
        if meeting is not None:
            values |= {"begins": meeting.slot.begins, "ends": meeting.slot.ends}
    elif meeting is not None:
        # Not called off: at another time, or with a colleague of hers, it may still be.
        kind = IncidentKind.NO_SHOW
        values |= {"meeting": meeting, "guest": reader.guest, "begins": meeting.slot.begins,
                   "ends": meeting.slot.ends}
    else:
        kind = IncidentKind.LATE if what == "late" else IncidentKind.LEFT
        values["guest"] = reader.guest
    person = reader.record.person
    if known := _known(reader, kind, values):
        return known
    with ledger.fact("incident.reported", None, by=person, event=reader.event.number,
                     kind=kind, by_herself=True) as draft:
        made = Incident.objects.create(
            event=reader.event, kind=kind, note=note, at=moment,
            by=person.ref if person is not None else "", **values)
        draft.data["incident"] = made.pk
    return made


def _known(reader: Reader, kind: str, values: dict[str, Any]) -> Incident | None:
    """The same, if she has said it before."""
    what = {name: value for name, value in values.items() if name != "begins" or value is None}
    return reader.event.incidents.filter(kind=kind, undone__isnull=True, **what).first()
