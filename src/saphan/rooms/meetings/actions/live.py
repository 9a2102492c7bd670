"""What goes otherwise than planned: reported, answered by a mended plan, undone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.meetings.actions import computing, publishing
from saphan.rooms.meetings.models import Event, Incident, Plan
from saphan.rooms.meetings.queries import live as queries
from saphan.rooms.meetings.queries import plans as plan_queries
from saphan.rooms.meetings.rules import plans as rules
from saphan.rooms.meetings.vocabulary import IncidentKind

State = Plan.State


def cost(event: Event, values: Mapping[str, Any]) -> list[queries.Hit]:
    """The meetings that it would hit, if this happened. Changes nothing."""
    before = {hit.meeting.pk for hit in queries.to_mend(event)}
    with transaction.atomic():
        Incident.objects.create(event=event, at=clock.now(), **values)
        found = queries.to_mend(event)
        transaction.set_rollback(True)
    return [hit for hit in found if hit.meeting.pk not in before]


def report(event: Event, values: Mapping[str, Any], *, by: Person) -> Incident:
    """Something happened. Where people hold a plan already, a mended one is asked for; it is told
    to nobody before it is published."""
    rules.may_mend(by, event).or_raise()
    if values["kind"] == IncidentKind.CANCELLED:
        raise Refused(_("Call a meeting off on its own page."))
    with ledger.fact("incident.reported", None, by=by, event=event.number,
                     kind=values["kind"]) as draft:
        Event.objects.select_for_update().get(pk=event.pk)
        _is_new(event, values)
        incident = Incident.objects.create(event=event, by=by.ref, at=clock.now(), **values)
        draft.data["incident"] = incident.pk
        if plan_queries.published(event) is not None:
            computing.replan(event, by=by)
    incident.refresh_from_db()
    return incident


def _is_new(event: Event, values: Mapping[str, Any]) -> None:
    what = {name: values.get(name) for name in ("kind", "guest", "party", "interpreter", "place")}
    same = event.incidents.filter(undone__isnull=True, ends__isnull=True, **what)
    if values["kind"] != IncidentKind.FEWER_TABLES and same.exists():
        raise Refused(_("This was reported already."))


def undo(incident: Incident, *, by: Person) -> Plan | None:
    """It was a mistake, or it is over. Returns the plan that follows, to be published: what people
    held before, if nothing was published since, else a mended one. None if nobody holds a plan."""
    event = incident.event
    rules.may_mend(by, event).or_raise()
    with ledger.fact("incident.undone", None, by=by, event=event.number, kind=incident.kind,
                     incident=incident.pk):
        Event.objects.select_for_update().get(pk=event.pk)
        won = Incident.objects.filter(pk=incident.pk, undone__isnull=True).update(
            undone=clock.now())
        if not won:
            raise Refused(_("This was undone already."))
        incident.refresh_from_db()
        return _answer(event, incident, by=by)


def _answer(event: Event, incident: Incident, *, by: Person) -> Plan | None:
    current = plan_queries.published(event)
    if current is None:
        return None
    if incident.plan_id == current.pk and current.base is not None and not (
            current.incidents.filter(undone__isnull=True).exists()):
        return publishing.undo(event=event, by=by)
    open_ones = event.incidents.filter(undone__isnull=True, plan=incident.plan)
    answered = incident.plan is not None and incident.plan.state in (
        State.PUBLISHED, State.REPLACED)
    if not answered and not open_ones.exists():
        for each in event.plans.filter(incidents=incident,
                                       state__in=[State.WAITING, State.READY, State.FAILED]):
            each.take("discard", message="undone")
        return None
    return computing.replan(event, by=by)


def mend(event: Event, *, by: Person) -> Plan:
    """Ask for a mended plan without a report: somebody has withdrawn, or wishes came."""
    return computing.replan(event, by=by)


def switch(event: Event, most: int, *, by: Person) -> Event:
    """From now on mended plans are published at once if they change at most so many meetings;
    0: never."""
    rules.may_plan(by, event).or_raise()
    with ledger.fact("event.changed", event, by=by, automatic=most):
        event.automatic = most
        event.save(update_fields=["automatic"])
    return event

