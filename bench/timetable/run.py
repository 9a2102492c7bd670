"""The full problem at several sizes: our solver beside other ways to make a timetable.

    python bench/timetable/run.py [--participants 50 200 1000 3000] [--seeds 1]
    python bench/timetable/run.py --instance event.json

Prints a table: points, the gap to the proven bound (LP), meetings held, musts missed, breaks per
person who has a meeting, parties below their floor, processor seconds, and for our solver after how
many of them there was a first plan. Every plan is checked by the independent checker, and its
points are the checker's.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from baselines import greedy, self_booking, slot_by_slot
from generate import SIZES, event
from monolithic import in_full, in_numbers

from saphan.engines.timetable import solve, upper_bound
from saphan.engines.timetable.check import breaches, score
from saphan.engines.timetable.problem import Meeting, Problem
from saphan.engines.timetable.progress import Progress
from saphan.engines.timetable.wire import load

HEAD = (
    "| event | method | points | gap | held | musts missed | breaks per person "
    "| parties below floor | CPU-s | first plan, CPU-s |"
)


def row(
    name: str, method: str, problem: Problem, bound: float, work: Callable[[], tuple[Meeting, ...]]
) -> tuple[str, float]:
    """Runs a method; a line of the table and the processor seconds."""
    begun = time.process_time()
    meetings = work()
    cpu = time.process_time() - begun
    wrong = breaches(problem, meetings)
    if wrong:
        raise SystemExit(f"{name}, {method}: {len(wrong)} breaches, first {wrong[0]}")
    found = score(problem, meetings)
    people = len({one for m in meetings for one in (m.person_a, m.person_b)})
    gap = (bound - found.points) / abs(bound)
    return (
        f"| {name} | {method} | {found.points:,} | {gap:.1%} | {found.held} | {found.musts_missed} "
        f"| {found.breaks / max(1, people):.2f} | {found.below_floor} | {cpu:.1f} |",
        cpu,
    )


def compare(name: str, problem: Problem, given: argparse.Namespace, seed: int) -> None:
    begun = time.process_time()
    bound = upper_bound(problem)
    say(f"| {name} | bound | {bound:,.0f} | | | | | | {time.process_time() - begun:.1f} | |")
    first: list[float] = []

    def ours() -> tuple[Meeting, ...]:
        def report(progress: Progress) -> bool:
            if progress.stage == "first":
                first.append(progress.cpu)
            return True

        plan = solve(problem, seed=seed, effort=given.effort, seconds=given.seconds, report=report)
        assert score(problem, plan.meetings) == plan.score
        return plan.meetings

    line, _ = row(name, "our solver", problem, bound, ours)
    say(f"{line} {first[0]:.1f} |")
    methods: dict[str, Callable[[], tuple[Meeting, ...]]] = {
        "self-booking": lambda: self_booking(problem, seed),
        "greedy": lambda: greedy(problem),
        "slot by slot": lambda: slot_by_slot(problem),
    }
    limit = given.cpsat_seconds
    if len(problem.people) <= given.cpsat_full_up_to:
        methods[f"CP-SAT, {limit:.0f} CPU-s"] = lambda: in_full(problem, limit)
    elif len(problem.people) <= given.cpsat_up_to:
        methods[f"CP-SAT, simpler model, {limit:.0f} CPU-s"] = lambda: in_numbers(problem, limit)
    for method, work in methods.items():
        if not given.only or method.split(",")[0] in given.only:
            say(f"{row(name, method, problem, bound, work)[0]} |")


def say(line: str) -> None:
    print(line, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--participants", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--seeds", type=int, nargs="*", default=[1])
    parser.add_argument("--instance", type=Path, help="a problem as JSON, as wire.dump writes it")
    parser.add_argument("--seconds", type=float, default=600.0, help="most CPU-s for our solver")
    parser.add_argument("--effort", type=float, default=1.0)
    parser.add_argument("--cpsat-seconds", type=float, default=120.0, help="CPU-s")
    parser.add_argument("--cpsat-full-up-to", type=int, default=250, help="people")
    parser.add_argument("--cpsat-up-to", type=int, default=1100, help="people, simpler model")
    parser.add_argument("--only", nargs="*", default=[], help="of the other methods only these")
    given = parser.parse_args()
    # Compiled code is loaded before anything is timed, as in a service that runs for days.
    solve(event(50, 0), effort=0.1)
    say(HEAD)
    say("|---" * (HEAD.count("|") - 1) + "|")
    if given.instance:
        problem = load(Problem, json.loads(given.instance.read_text("utf-8")))
        compare(given.instance.stem, problem, given, given.seeds[0])
        return
    for participants in given.participants:
        for seed in given.seeds:
            compare(f"{participants}, seed {seed}", event(participants, seed), given, seed)


if __name__ == "__main__":
    sys.exit(main())
