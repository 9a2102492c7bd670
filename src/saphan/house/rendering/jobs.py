"""Long work of the translation desk: machine drafts, one record after the other.

What is asked of the machine is written on the renderings themselves, so a run that was killed goes
on with what is still asked. After some seconds a run makes room for the worker's other duties and
comes back.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta

from saphan.ground import clock, jobs, ledger
from saphan.ground.access import Refused
from saphan.ground.models import Work
from saphan.house.rendering import actions, kinds, machine, queries, rules
from saphan.house.rendering.models import Rendering
from saphan.people.models import Person

Machine, State = Rendering.Machine, Rendering.State
SECONDS_AT_ONCE = 20.0
RECORDS_AT_ONCE = 200
BUDGET = "budget"


def ask_for(rendering: Rendering, *, by: Person | None) -> None:
    """One record's draft, on demand."""
    actions.ask_machine(rendering, by=by)
    draft_waiting.enqueue()


def order(langs: Sequence[str], *, by: Person | None) -> None:
    """Drafts of all public records in these languages that nobody has begun."""
    rules.may_order(by).or_raise()
    chosen = [lang for lang in kinds.targets() if lang in langs]
    if chosen:
        ledger.record("rendering.ordered", None, by=by, langs=chosen)
        order_all.enqueue(chosen)


@jobs.job
def order_all(langs: list[str]) -> None:
    """Ask the machine for every public record; doing it twice changes nothing more."""
    for kind in kinds.kinds().values():
        keys = list(kind.visible_to(None).order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(keys), RECORDS_AT_ONCE):
            for record in kind.visible_to(None).filter(pk__in=keys[start:start + RECORDS_AT_ONCE]):
                for lang in langs:
                    if kinds.needed(kind, record, lang):
                        _ask(actions.begin(record, lang, by=None))
    draft_waiting.enqueue()


def _ask(rendering: Rendering) -> None:
    Rendering.objects.filter(
        pk=rendering.pk, state=State.WANTED, claimed_by=None, machine=Machine.NOT_ASKED).update(
            machine=Machine.ASKED, trouble="")


@jobs.job
def draft_waiting() -> None:
    """Draft what is asked, what most readers want first, until the time is up."""
    total = queries.waiting_for_the_machine().count()
    if not total:
        return  # another job of the same kind has done it
    work = _run_of(total)
    trouble = "none"
    try:
        if provider := _provider():
            trouble = _go_through(provider, work)
    except BaseException:
        _end(work, Work.State.FAILED, "")
        raise
    if trouble == BUDGET:  # nothing failed: tomorrow it goes on
        _end(work, Work.State.RUNNING, trouble)
    elif trouble:
        _end(work, Work.State.FAILED, trouble)
    elif queries.waiting_for_the_machine().exists():
        work.save()
        draft_waiting.using(run_after=clock.now() + timedelta(seconds=1)).enqueue()
    else:
        _end(work, Work.State.DONE, "")


def _provider() -> machine.Provider | None:
    try:
        return machine.provider()
    except machine.Misconfigured:
        return None


def _run_of(waiting: int) -> Work:
    """The run that is under way, or a new one."""
    work = queries.latest_run()
    if work is None or work.finished:
        work = jobs.begin_work(queries.WORK)
    work.state, work.total, work.message = Work.State.RUNNING, work.done + waiting, ""
    work.save()
    return work


def _end(work: Work, state: str, trouble: str) -> None:
    work.state, work.message = state, trouble
    work.save()


def _go_through(provider: machine.Provider, work: Work) -> str:
    """Returns what stopped it, if anything did."""
    until = time.monotonic() + SECONDS_AT_ONCE
    while time.monotonic() < until:
        rendering = queries.waiting_for_the_machine().first()
        if rendering is None:
            return ""
        trouble = _one(rendering, provider)
        if trouble and trouble not in machine.OF_THE_RECORD:
            return trouble
        work.done += 1
        work.save(update_fields=["done", "touched", "state"])
    return ""


def _one(rendering: Rendering, provider: machine.Provider) -> str:
    """Draft one. Returns the kind of its trouble, if it had one."""
    try:
        if machine.draft(rendering, provider) is None:
            _answered(rendering, Machine.NOT_ASKED, "")
    except machine.NoBudget:
        return BUDGET
    except machine.TranslationError as error:
        if error.kind not in machine.OF_THE_RECORD:
            return error.kind
        _answered(rendering, Machine.FAILED, error.kind)
        return error.kind
    except Refused:  # somebody was at it meanwhile: her words come first
        _answered(rendering, Machine.NOT_ASKED, "")
    return ""


def _answered(rendering: Rendering, machine_state: str, trouble: str) -> None:
    Rendering.objects.filter(pk=rendering.pk).update(machine=machine_state, trouble=trouble[:40])


@clock.every(minutes=10)
def go_on() -> None:
    """What could not be done is tried again."""
    if queries.waiting_for_the_machine().exists() and machine.is_there():
        draft_waiting.enqueue()
