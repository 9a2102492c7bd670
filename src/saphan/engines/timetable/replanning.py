"""A plan that people already hold, put right after the world has changed.

Past meetings stay. What can still be held is kept at the price of a broken promise; what has become
impossible drops out; the time set free goes to other wishes."""

from __future__ import annotations

import time
from collections.abc import Sequence

from saphan.engines.timetable.bounds import bounded
from saphan.engines.timetable.compile import bits, compiled
from saphan.engines.timetable.construct import Draft, Seat, by_worth, drafted
from saphan.engines.timetable.problem import Meeting, Plan, Problem
from saphan.engines.timetable.progress import Report
from saphan.engines.timetable.solving import Run, known
from saphan.engines.timetable.tables import meetings as with_tables

STEPS, TURNS = 40_000, 30
"""Steps of the local search between two looks at the clock, and how often."""
HOT, COLD = 6.0, 0.5


def replan(
    problem: Problem,
    meetings: Sequence[Meeting],
    *,
    since: int,
    seed: int = 1,
    seconds: float = 2.5,
    move_price: int = 12,
    drop_price: int = 60,
    most_moved: float = 0.01,
    report: Report | None = None,
) -> Plan:
    """A plan for the changed `problem` from the `meetings` of the old plan.

    Meetings in slots before `since` stay as they are. Later ones that still are possible are kept:
    giving one up costs `drop_price` points beside its worth, another slot, place or other people
    cost `move_price`, and at most the share `most_moved` of them (but always one) may move.
    `seconds` of processor time, reading the problem counted in; the bound comes on top. Raises
    BadProblem."""
    began = time.process_time()
    world = compiled(problem)
    known(problem, meetings)
    run = Run(world, seed, seconds, report)
    run.began = began
    within = bits(range(since, len(problem.slots)))
    past = [one for one in meetings if one.slot < since]
    future = [one for one in meetings if one.slot >= since]
    kept = drafted(world, start=future, fixed=past, order=(), within=within)
    promised = dict(kept.seats)
    draft = _filled(kept, future, within)
    run.offer(with_tables(draft, draft.seats, future))
    run.tell("first")
    if not run.over and world.worth:
        may_move = max(1, int(most_moved * len(promised)))
        _improve(run, draft, future, promised, within, (move_price, drop_price, may_move))
    run.bound = bounded(world).points
    run.tell("done")
    return run.plan()


def _filled(draft: Draft, lost: Sequence[Meeting], within: int) -> Draft:
    """Puts lost meetings back into their slot where colleagues can go, then what else fits."""
    world = draft.world
    for one in sorted(lost, key=lambda one: -world.worth[one.wish]):
        if one.wish not in draft.when:
            draft.insert(one.wish, 1 << one.slot & within)
    for wish in by_worth(world):
        if wish not in draft.when:
            draft.insert(wish, within)
    return draft


def _improve(
    run: Run,
    draft: Draft,
    future: Sequence[Meeting],
    promised: dict[int, Seat],
    within: int,
    prices: tuple[int, int, int],
) -> None:
    from saphan.engines.timetable.layout import Prices
    from saphan.engines.timetable.search import Search

    search = Search(draft, seed=run.seed, within=within, promised=promised, prices=Prices(*prices))
    active = search.movable()
    best, best_points = dict(draft.seats), search.points
    begun = run.cpu
    for turn in range(TURNS):
        if run.over:
            break
        # Where time is short, the search must cool down all the same.
        spent = (run.cpu - begun) / max(0.1, run.seconds - begun)
        done = max(turn / TURNS, min(1.0, spent))
        cool = min(1.0, done + max(1 / TURNS, done / (turn + 1)))
        hot, cold = (HOT * (COLD / HOT) ** part for part in (done, cool))
        points = search.run(active, STEPS, hot, cold)
        if points > best_points:
            best, best_points = search.seats(), points
    run.offer(with_tables(draft, best, future))
