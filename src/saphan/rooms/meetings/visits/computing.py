"""The plan of a day: asked for, computed beside the worker, published to the groups."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from saphan.engines.timetable.tours import client
from saphan.engines.timetable.tours.check import check
from saphan.engines.timetable.tours.model import Plan
from saphan.ground import aside, clock, ledger
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.meetings.models import DayPlan, Visit, VisitGroup
from saphan.rooms.meetings.visits import queries, rules
from saphan.rooms.meetings.visits.assembling import Assembled, assemble

State, Kind = DayPlan.State, DayPlan.Kind
EFFORT, REPLAN_EFFORT = 10.0, 3.0
SECONDS, REPLAN_SECONDS = 120.0, 20.0
EVERY = 1.0  # seconds between two plans that are written down
ATTEMPTS = 3


def plan_day(day: date, *, by: Person, effort: float = EFFORT) -> DayPlan:
    """Ask for a plan of a day. Groups of visits that are confirmed stay as they are, and their
    routes change only where it is worth it."""
    rules.may_plan_day(by).or_raise()
    if not Visit.objects.filter(day=day, state__in=Visit.STANDING).exists():
        raise Refused(_("There is no visit on this day."))
    if not queries.stations():
        raise Refused(_("Say first what there is to see."))
    since = minute_now() if day == clock.today() else None
    return _asked(DayPlan(day=day, kind=Kind.PLAN, effort=effort, since=since), by=by)


def minute_now() -> int:
    """The minute of the day at the centre."""
    moment = clock.now().astimezone(ZoneInfo(settings.TIME_ZONE))
    return moment.hour * 60 + moment.minute


def mend(day: date, *, by: Person, since: int, late: Mapping[int, int] | None = None,
         broken: Mapping[int, int] | None = None, missing: list[int] | None = None) -> DayPlan:
    """Ask for the routes of a day to be mended from the minute `since` on. `late`: group to
    minutes; `broken`: station to the minute at which it works again; `missing`: guides."""
    rules.may_plan_day(by).or_raise()
    if not VisitGroup.objects.filter(visit__day=day, visit__state__in=Visit.STANDING).exists():
        raise Refused(_("Nobody has a route on this day yet."))
    return _asked(DayPlan(
        day=day, kind=Kind.REPLAN, effort=REPLAN_EFFORT, since=since,
        late={str(key): value for key, value in (late or {}).items()},
        broken={str(key): value for key, value in (broken or {}).items()},
        missing=list(missing or [])), by=by)


def _asked(plan: DayPlan, *, by: Person) -> DayPlan:
    with ledger.fact("visits.plan_asked", plan, by=by, day=plan.day, kind=plan.kind):
        for other in DayPlan.objects.filter(day=plan.day, state__in=[
                State.WAITING, State.READY, State.FAILED]):
            other.take("discard", message="newer")
        last = DayPlan.objects.filter(day=plan.day).order_by("-number").first()
        plan.number, plan.made = (last.number if last else 0) + 1, clock.now()
        plan.save(force_insert=True)
    return plan


def discard(plan: DayPlan, *, by: Person) -> DayPlan:
    rules.may_discard(by, plan).or_raise()
    with ledger.fact("visits.plan_discarded", plan, by=by, day=plan.day):
        plan.take("discard")
    return plan


def publish(plan: DayPlan, *, by: Person) -> list[Visit]:
    """The groups of all visits get these routes. Returns the visits whose routes changed."""
    rules.may_publish(by, plan).or_raise()
    with ledger.fact("visits.published", plan, by=by, day=plan.day, kind=plan.kind) as draft:
        for old in DayPlan.objects.filter(day=plan.day, state=State.PUBLISHED):
            old.take("replace")
        plan.take("publish", published=clock.now())
        changed = _give(plan)
        draft.data |= {"visits": [visit.number for visit in changed], "score": plan.score}
    return changed


def _give(plan: DayPlan) -> list[Visit]:
    changed = []
    for visit in queries.of_day(plan.day):
        lines = [line for line in plan.lines if line["visit"] == visit.pk]
        if visit.state not in Visit.STANDING or not lines:
            continue
        old = {group.position: _route(group) for group in visit.groups.all()}
        for position, line in enumerate(lines, 1):
            VisitGroup.objects.update_or_create(visit=visit, position=position, defaults={
                "people": line["people"], "languages": line["languages"], "pace": line["pace"],
                "guide_id": line["guide"], "interpreter_id": line["interpreter"],
                "stops": line["stops"]})
        visit.groups.filter(position__gt=len(lines)).delete()
        if visit.state == Visit.State.REQUESTED:
            visit.take("plan")
        new = {at: (line["people"], line["guide"], line["interpreter"], line["stops"])
               for at, line in enumerate(lines, 1)}
        if new != old:
            Visit.objects.filter(pk=visit.pk).update(sequence=visit.sequence + 1)
            changed.append(visit)
    return changed


def _route(group: VisitGroup) -> tuple[Any, ...]:
    return group.people, group.guide_id, group.interpreter_id, group.stops


# --- the work itself --------------------------------------------------------------------------

def claim() -> int | None:
    """The next plan that nobody works on."""
    waiting = DayPlan.objects.filter(aside.left_alone(), state__in=[State.WAITING, State.RUNNING])
    for plan in waiting.order_by("pk"):
        with transaction.atomic():
            if not aside.take(DayPlan.objects.filter(pk=plan.pk, state=plan.state)):
                continue
            if plan.attempts >= ATTEMPTS:
                _fail(plan, "again_and_again")
                continue
            if plan.state == State.RUNNING:
                plan.take("retry")
            plan.take("start", attempts=plan.attempts + 1, message="")
            return int(plan.pk)
    return None


def alive(key: int) -> bool:
    return aside.beat(DayPlan, key, state=State.RUNNING)


def work(key: int, stop: threading.Event) -> None:
    """Compute a plan that was claimed. What goes wrong is kept with it."""
    plan = DayPlan.objects.get(pk=key)
    try:
        _compute(plan, stop)
    except (client.ToursFailed, Refused) as error:
        _fail(plan, str(error))
    except Exception as error:
        _fail(plan, f"{type(error).__name__}: {error}")
        raise


def _compute(plan: DayPlan, stop: threading.Event) -> None:
    found = assemble(plan)
    written = 0.0

    def progress(made: Plan) -> bool:
        nonlocal written
        if time.monotonic() - written >= EVERY:
            written = time.monotonic()
            if not DayPlan.objects.filter(pk=plan.pk, state=State.RUNNING).update(
                    touched=clock.now(), **_kept(found, made)):
                return False
        return not stop.is_set()

    made, told = client.plan(
        found.problem, held=found.held, effort=plan.effort, progress=progress,
        seconds=SECONDS if plan.kind == Kind.PLAN else REPLAN_SECONDS)
    broken = check(found.problem, made, found.held)
    if broken:
        _fail(plan, f"broken: {broken[0].rule}")
        return
    plan.refresh_from_db()
    if plan.state != State.RUNNING:
        return
    with ledger.fact("visits.planned", plan, day=plan.day, kind=plan.kind, score=asdict(made.score),
                     bound=made.bound):
        plan.take("end", advice=found.advice(told), **_kept(found, made))


def _kept(found: Assembled, made: Plan) -> dict[str, Any]:
    return {"lines": found.lines(made), "score": asdict(made.score),
            "bound": made.bound if math.isfinite(made.bound) else None}


def _fail(plan: DayPlan, message: str) -> None:
    plan.refresh_from_db()
    if plan.state in (State.WAITING, State.RUNNING):
        with ledger.fact("visits.plan_failed", plan, day=plan.day):
            plan.take("fail", message=message[:500])


line = aside.Aside("visits", claim=claim, work=work, alive=alive, at_once=1)
