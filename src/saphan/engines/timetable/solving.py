"""From a problem to a plan that keeps getting better until steps or time run out."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence

import numpy as np

from saphan.engines.timetable.bounds import Bound, bounded
from saphan.engines.timetable.compile import World, compiled
from saphan.engines.timetable.construct import Draft, by_worth, drafted
from saphan.engines.timetable.points import scored
from saphan.engines.timetable.problem import Meeting, Plan, Problem
from saphan.engines.timetable.progress import Progress, Report
from saphan.engines.timetable.tables import meetings
from saphan.engines.timetable.valid import BadProblem
from saphan.engines.timetable.zones import zones

HOT, COLD = 6.0, 0.6
"""Temperature of the search at its start and end, in points."""
STAGES = 40
LONGEST_TURN = 200_000
"""Steps between two looks at the clock and at who listens."""
EVERY = 1.0
"""Seconds of processor time between two reports, at least."""
STEPS_PER_WISH = 400
HOPELESS = 60.0
"""A wish whose worth is so far below what its parties' time would bring elsewhere is not tried."""
FAVOUR = 1
"""How many times more often a wish that the linear program holds is tried."""


class Run:
    """One call of the solver: the best plan so far, the bound, the clock and who listens."""

    def __init__(self, world: World, seed: int, seconds: float, report: Report | None) -> None:
        self.world, self.seed, self.seconds, self.report = world, seed, seconds, report
        self.began = time.process_time()
        self.bound = float("inf")
        self.best: Plan | None = None
        self.stopped = False
        self.told = 0.0

    @property
    def cpu(self) -> float:
        return time.process_time() - self.began

    @property
    def over(self) -> bool:
        return self.stopped or self.cpu >= self.seconds

    def offer(self, found: tuple[Meeting, ...]) -> bool:
        """Takes a plan if it is better than the best so far."""
        score = scored(self.world, found)
        if self.best is not None and score.points <= self.best.score.points:
            return False
        self.best = Plan(found, score, self.bound, self.seed)
        return True

    def tell(self, stage: str, with_plan: bool = True) -> None:
        """Reports where the run stands; the listener may stop it."""
        self.told = self.cpu
        if self.report is None or self.best is None:
            return
        plan = self.plan()
        said = Progress(
            stage,
            self.cpu,
            plan.score.points,
            plan.score.held,
            self.bound,
            plan.gap,
            plan if with_plan else None,
        )
        if not self.report(said):
            self.stopped = True

    def plan(self) -> Plan:
        """The best plan, with the bound that is known now."""
        assert self.best is not None
        return Plan(self.best.meetings, self.best.score, self.bound, self.seed)


def solve(
    problem: Problem,
    *,
    seed: int = 1,
    effort: float = 1.0,
    seconds: float = 60.0,
    start: Sequence[Meeting] = (),
    keep: Collection[int] = (),
    report: Report | None = None,
) -> Plan:
    """The best plan found. `effort` scales the number of steps of the local search; for a seed and
    an effort the result is always the same unless `seconds` of processor time run out first.
    `start` gives meetings to begin with; those of wishes in `keep` stay as they are. `report` is
    told of progress and returns False to stop. Raises BadProblem."""
    world = compiled(problem)
    known(problem, start)
    run = Run(world, seed, seconds, report)
    fixed = [one for one in start if one.wish in set(keep)]
    rest = [one for one in start if one.wish not in set(keep)]
    draft = drafted(world, start=rest, fixed=fixed)
    run.offer(meetings(draft, draft.seats))
    run.tell("first")
    if not run.over and world.worth:
        bound = bounded(world)
        run.bound = bound.points
        run.tell("bound", with_plan=False)
        if not run.over:
            order = sorted(by_worth(world), key=lambda wish: -bound.chosen[wish])
            suited = zones(world, np.flatnonzero(bound.chosen > 0.5).tolist())
            guided = drafted(world, start=rest, fixed=fixed, order=order, zones=suited)
            if run.offer(meetings(guided, guided.seats)):
                draft = guided
            _improve(run, draft, bound, effort)
    elif not world.worth:
        run.bound = 0.0
    run.tell("done")
    return run.plan()


def known(problem: Problem, start: Sequence[Meeting]) -> None:
    """Refuses meetings of what the problem does not have."""
    for at, one in enumerate(start):
        in_range = (
            0 <= one.wish < len(problem.wishes)
            and 0 <= one.slot < len(problem.slots)
            and 0 <= one.place < len(problem.places)
            and 0 <= one.person_a < len(problem.people)
            and 0 <= one.person_b < len(problem.people)
            and all(0 <= helper < len(problem.interpreters) for helper in one.interpreters)
        )
        if not in_range:
            raise BadProblem("meetings", f"meeting {at} names what is not there")
    if len({one.wish for one in start}) < len(start):
        raise BadProblem("meetings", "a wish is met twice")


def _improve(run: Run, draft: Draft, bound: Bound, effort: float) -> None:
    """Anneals; the wishes that the linear program holds are tried more often than others, and
    hopeless ones never."""
    # numba takes a second to load; a plan is reported before.
    from saphan.engines.timetable.search import Search

    search = Search(draft, seed=run.seed)
    active = search.movable()
    good = active[bound.gain[active] > -HOPELESS]
    active = np.concatenate([good, *[active[bound.chosen[active] > 0.5]] * FAVOUR])
    steps = int(effort * STEPS_PER_WISH * len(good))
    best, best_points = dict(draft.seats), search.points
    turns = max(STAGES, -(-steps // LONGEST_TURN))
    for turn in range(turns):
        if run.over:
            break
        hot, cold = (HOT * (COLD / HOT) ** ((turn + end) / turns) for end in (0, 1))
        points = search.run(active, steps // turns, hot, cold)
        better = points > best_points
        if better:
            best, best_points = search.seats(), points
        if run.cpu - run.told >= EVERY:
            run.tell("improving", with_plan=better and run.offer(meetings(draft, best)))
    run.offer(meetings(draft, best))
