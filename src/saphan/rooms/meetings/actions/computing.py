"""Computing plans: asked for by a person, done beside the worker, seen while it goes."""

from __future__ import annotations

import math
import os
import threading
import time
from dataclasses import asdict, replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from saphan.engines.timetable import client
from saphan.engines.timetable import problem as engine
from saphan.engines.timetable.check import breaches, score
from saphan.engines.timetable.progress import Progress
from saphan.ground import aside, clock, ledger
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.meetings import assembling, diffing
from saphan.rooms.meetings.actions import publishing
from saphan.rooms.meetings.assembling import Assembled
from saphan.rooms.meetings.models import Event, Incident, Plan, Wish
from saphan.rooms.meetings.queries import plans as queries
from saphan.rooms.meetings.rules import plans as rules

State, Kind = Plan.State, Plan.Kind

EFFORTS = {"quick": 0.25, "thorough": 1.0, "exhaustive": 8.0}
"""How many steps the search takes, as the engine counts effort."""
SECONDS = {"quick": 60.0, "thorough": 240.0, "exhaustive": 1800.0}
"""Processor time after which it ends in any case."""
REPLAN_SECONDS = 2.5
REPLAN_WALL = 15.0
EVERY = 1.0  # seconds between two plans that are written down
POINTS = 160  # of the curve that are kept
ATTEMPTS = 3
FAILED = "plan.failed"


def compute(event: Event, *, by: Person, seed: int = 1, effort: str = "thorough") -> Plan:
    """Ask for a plan of the whole event, or of what is left of it. It is computed in the
    background; see `line`."""
    rules.may_plan(by, event).or_raise()
    if effort not in EFFORTS:
        raise ValueError(effort)
    _has_something(event)
    return _asked(event, by=by, kind=Kind.PLAN, seed=seed, effort=EFFORTS[effort])


def replan(event: Event, *, by: Person | None, seed: int = 1) -> Plan:
    """Ask for the plan that people hold to be mended for what has happened since. A mended plan
    that waits for publication gives way: the new one answers its incidents as well."""
    if by is not None:
        rules.may_mend(by, event).or_raise()
    current = queries.published(event)
    if current is None:
        raise Refused(_("Publish a plan first."))
    with transaction.atomic():
        made = _asked(event, by=by, kind=Kind.REPLAN, seed=seed, effort=1.0, base=current)
        for each in event.plans.filter(kind=Kind.REPLAN, state__in=[
                State.WAITING, State.READY, State.FAILED]).exclude(pk=made.pk):
            each.take("discard", message="newer")
        open_ones = Incident.objects.filter(event=event, undone__isnull=True)
        open_ones.exclude(plan__state__in=[State.PUBLISHED, State.REPLACED]).update(plan=made)
    return made


def _has_something(event: Event) -> None:
    for there, missing in (
            (event.slots.exists(), _("Say first when meetings can be.")),
            (event.places.exists(), _("Say first where meetings can be.")),
            (event.wishes.filter(state__in=Wish.LIVE).exists(), _("There are no wishes yet."))):
        if not there:
            raise Refused(missing)
    if not any(slot.begins > clock.now() for slot in event.slots.all()):
        raise Refused(_("The last meetings have begun: nothing can be planned any more."))


def _asked(event: Event, *, by: Person | None, kind: str, seed: int, effort: float,
           base: Plan | None = None) -> Plan:
    with ledger.fact("plan.asked", None, by=by, event=event.number, kind=kind, seed=seed,
                     effort=effort) as draft:
        made = Plan(event=event, number=publishing.next_number(event), kind=kind, seed=seed,
                    effort=effort, base=base, by=getattr(by, "ref", ""), made=clock.now())
        made.save()
        draft.data["plan"] = made.number
    return made


def end(plan: Plan, *, by: Person) -> Plan:
    """Take the plan as it is now. The computation notices and stops."""
    rules.may_end(by, plan).or_raise()
    plan.refresh_from_db()
    if not plan.lines:
        raise Refused(_("There is no plan yet. Wait a few seconds."))
    with ledger.fact("plan.ended", plan, by=by, event=plan.event.number, plan=plan.number):
        plan.take("end", finished=clock.now())
    return plan


def retry(plan: Plan, *, by: Person) -> Plan:
    """Compute a plan again that failed, or that nobody works on any more."""
    rules.may_retry(by, plan).or_raise()
    if plan.state == State.RUNNING and not Plan.objects.filter(
            aside.left_alone(), pk=plan.pk).exists():
        raise Refused(_("This plan is being computed now."))
    with ledger.fact("plan.asked", plan, by=by, event=plan.event.number, plan=plan.number,
                     kind=plan.kind, seed=plan.seed, effort=plan.effort):
        plan.take("retry", attempts=0, message="", touched=None)
    return plan


# --- the work itself --------------------------------------------------------------------------

def claim() -> int | None:
    """The next plan that nobody works on. Of one event one is computed at a time; what happened
    live does not wait for a long computation."""
    waiting = Plan.objects.filter(aside.left_alone(), state__in=[State.WAITING, State.RUNNING])
    for key, event in waiting.order_by("pk").values_list("pk", "event"):
        with transaction.atomic():
            Event.objects.select_for_update().get(pk=event)
            plan = Plan.objects.get(pk=key)
            busy = Plan.objects.filter(event=event, state=State.RUNNING, kind=plan.kind).exclude(
                aside.left_alone()).exists()
            rows = Plan.objects.filter(pk=key, state=plan.state)
            if busy or plan.state not in (State.WAITING, State.RUNNING) or not aside.take(rows):
                continue
            if plan.attempts >= ATTEMPTS:
                _fail(plan, "again_and_again")
                continue
            if plan.state == State.RUNNING:
                plan.take("retry")
            plan.take("start", attempts=plan.attempts + 1, message="")
            return key
    return None


def alive(key: int) -> bool:
    return aside.beat(Plan, key, state=State.RUNNING)


def work(key: int, stop: threading.Event) -> None:
    """Compute a plan that was claimed. What goes wrong is kept with it."""
    plan = Plan.objects.select_related("event").get(pk=key)
    try:
        _Computation(plan, stop).run()
    except client.EngineFailed as error:
        _fail(plan, f"engine: {error}")
    except Refused as error:
        _fail(plan, str(error))
    except Exception as error:
        _fail(plan, f"{type(error).__name__}: {error}")
        raise


def _fail(plan: Plan, message: str) -> None:
    plan.refresh_from_db()
    if plan.state in (State.WAITING, State.RUNNING):
        with ledger.fact(FAILED, plan, event=plan.event.number, plan=plan.number):
            plan.take("fail", message=message[:500], finished=clock.now())


line = aside.Aside("plan", claim=claim, work=work, alive=alive)


class _Computation:
    """One run of the engine for one plan."""

    def __init__(self, plan: Plan, stop: threading.Event) -> None:
        self.plan, self.stop = plan, stop
        self.found: Assembled = assembling.assemble(plan.event)
        self.curve: list[list[Any]] = []
        self.written = 0.0
        self.best: engine.Plan | None = None
        self.gone = False

    def run(self) -> None:
        os.environ.setdefault("NUMBA_CACHE_DIR", str(settings.HOME / "numba"))
        request, wall = self._request()
        made = client.run(request, report=self.report, seconds=wall)
        if self.gone:
            return
        self.best = made
        broken = breaches(self.found.problem, made.meetings)
        held = set(self._held())
        if any(not held.issuperset(made.meetings[at] for at in each.meetings) for each in broken):
            _fail(self.plan, "broken")
            return
        self._finish(made)

    def _held(self) -> list[engine.Meeting]:
        """Of what people hold, that which is over. It stays as it was."""
        since = self._since()
        return [each for each in self.found.meetings(assembling.standing(self.plan.event))
                if each.slot < since]

    def _since(self) -> int:
        moment = clock.now()
        return sum(1 for slot in self.found.slots if slot.begins <= moment)

    def _request(self) -> tuple[dict[str, object], float]:
        """What the engine is asked, and how long it may take on the wall."""
        plan, since = self.plan, self._since()
        asked: dict[str, object] = {"problem": self.found.problem, "seed": plan.seed}
        held = self.found.meetings(assembling.standing(plan.event))
        if plan.kind == Kind.REPLAN:
            return asked | {"do": "replan", "meetings": held, "since": since,
                            "seconds": REPLAN_SECONDS}, REPLAN_WALL
        seconds = next((SECONDS[name] for name, effort in EFFORTS.items()
                        if effort >= plan.effort), SECONDS["exhaustive"])
        wall = 3 * seconds + 60  # other work runs on the same machine
        if since and held:  # in the middle of the event: what is over stays
            free = {"move_price": 0, "drop_price": 0, "most_moved": 1.0}
            return asked | free | {"do": "replan", "meetings": held, "since": since,
                                   "seconds": seconds}, wall
        asked["problem"] = self._ahead(since)
        start = [each for each in self.found.meetings(plan.lines) if each.slot >= since]
        return asked | {"do": "solve", "effort": plan.effort, "seconds": seconds,
                        "meetings": start}, wall

    def _ahead(self, since: int) -> engine.Problem:
        """The problem without the slots that are over (they keep their positions)."""
        if not since:
            return self.found.problem
        shut = tuple(replace(place, tables=(0,) * since + place.tables[since:])
                     for place in self.found.problem.places)
        return replace(self.found.problem, places=shut)

    def report(self, told: Progress) -> bool:
        """Write down how far it is, a better plan once a second at most."""
        bound = told.bound if math.isfinite(told.bound) else None
        self.curve.append([round(told.cpu, 2), told.points, bound, told.held])
        if len(self.curve) > POINTS:
            self.curve = self.curve[::2]
        self.best = told.plan or self.best
        moment = time.monotonic()
        if moment - self.written < EVERY and told.stage != "first":
            return not self.stop.is_set()
        self.written = moment
        changed: dict[str, Any] = {"progress": self.curve, "bound": bound, "touched": clock.now()}
        if self.best is not None:
            changed |= {"lines": self.found.lines(self.best.meetings),
                        "score": asdict(self.best.score)}
        rows = Plan.objects.filter(pk=self.plan.pk, state=State.RUNNING)
        self.gone = self.gone or not rows.update(**changed)
        return not (self.gone or self.stop.is_set())

    def _finish(self, made: engine.Plan) -> None:
        plan, lines = self.plan, self.found.lines(made.meetings)
        told = asdict(score(self.found.problem, made.meetings))
        bound = made.bound if math.isfinite(made.bound) else None
        with ledger.fact("plan.ready", plan, event=plan.event.number, plan=plan.number,
                         kind=plan.kind, digest=diffing.digest(lines), score=told, bound=bound):
            plan.take("end", lines=lines, score=told, bound=bound, progress=self.curve,
                      finished=clock.now())
        _publish_small(plan)


def _publish_small(plan: Plan) -> None:
    """A mended plan that changes little is published at once where the organiser wants that."""
    event = plan.event
    event.refresh_from_db(fields=["automatic"])
    if plan.kind != Kind.REPLAN or not event.automatic:
        return
    after = publishing.outcome(plan)
    if 0 < len(after.changes) <= event.automatic and not after.breaches:
        publishing.publish(plan, by=None)


__all__ = ["EFFORTS", "alive", "claim", "compute", "end", "line", "replan", "retry", "work"]
