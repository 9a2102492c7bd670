"""One in twenty does not come: how much is won back, how fast, and how many have to move.

    python bench/timetable/replanning.py [--participants 1000] [--seeds 1 2 3] [--share 0.05]

A plan is made; at a quarter of the event it becomes known who is not there. Meetings of the past
stay. Beside our replanning: doing nothing, filling up greedily, and solving anew from the past
alone. Lost is the value of the meetings that can no longer be as they were; won back is how much
of it the new plan has again (as value, and in points, which count floors and breaks as well). Moved
is the share of the meetings that could stay but are at another slot or place, or gone. Told are
people with a meeting that is gone, new, or anything but its table different.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from generate import event, no_shows

from saphan.engines.timetable import changes, replan, solve
from saphan.engines.timetable.check import breaches, score, seats
from saphan.engines.timetable.compile import bits, compiled
from saphan.engines.timetable.construct import drafted
from saphan.engines.timetable.problem import Meeting, Problem
from saphan.engines.timetable.tables import meetings as with_tables

HEAD = (
    "| event | method | won back, value | won back, points | new meetings | moved or gone | moved "
    "| other people | other interpreter | told | CPU-s | wall s |"
)


def left(problem: Problem, meetings: Sequence[Meeting], since: int) -> tuple[Meeting, ...]:
    """The meetings without those for which somebody is missing."""
    return tuple(
        one
        for one in meetings
        if one.slot < since
        or all(one.slot in problem.people[who].free for who in seats(problem, one))
    )


def refilled(problem: Problem, kept: Sequence[Meeting], since: int) -> tuple[Meeting, ...]:
    """The gaps filled with the dearest wishes that fit, nobody moved."""
    past = [one for one in kept if one.slot < since]
    future = [one for one in kept if one.slot >= since]
    within = bits(range(since, len(problem.slots)))
    draft = drafted(compiled(problem), start=future, fixed=past, within=within)
    return with_tables(draft, draft.seats, future)


def anew(problem: Problem, kept: Sequence[Meeting], since: int, seed: int) -> tuple[Meeting, ...]:
    """Everything that is to come planned from nothing. Wishes lose the slots of the past."""
    past = [one for one in kept if one.slot < since]
    people = tuple(
        replace(one, free=tuple(slot for slot in one.free if slot >= since))
        for one in problem.people
    )
    coming = replace(problem, people=people)
    plan = solve(coming, seed=seed, seconds=600, start=past, keep=[one.wish for one in past])
    return plan.meetings


def compare(participants: int, seed: int, share: float, seconds: float) -> None:
    before = event(participants, seed)
    plan = solve(before, seed=seed, seconds=600)
    since = len(before.slots) // 4
    problem = no_shows(before, since, seed, share)
    kept = left(problem, plan.meetings, since)
    whole, rest = score(problem, plan.meetings), score(problem, kept)
    name = f"{participants}, seed {seed}"
    print(
        f"{name}: {len(plan.meetings)} meetings, {len(plan.meetings) - len(kept)} lost "
        f"({whole.value - rest.value} of value, {whole.points - rest.points} points)",
        flush=True,
    )
    methods: dict[str, Callable[[], tuple[Meeting, ...]]] = {
        "do nothing": lambda: kept,
        "greedy refill": lambda: refilled(problem, kept, since),
        "solve anew": lambda: anew(problem, kept, since, seed),
        "our replanning": lambda: (
            replan(problem, plan.meetings, since=since, seed=seed, seconds=seconds).meetings
        ),
    }
    to_come = sum(one.slot >= since for one in kept)
    print(HEAD)
    print("|---" * (HEAD.count("|") - 1) + "|")
    for method, work in methods.items():
        cpu, wall = time.process_time(), time.monotonic()
        found = work()
        cpu, wall = time.process_time() - cpu, time.monotonic() - wall
        wrong = breaches(problem, found)
        if wrong:
            raise SystemExit(f"{name}, {method}: {len(wrong)} breaches, first {wrong[0]}")
        now = score(problem, found)
        kinds = Counter(one.kind for one in changes(kept, found))
        told = {
            who
            for change in changes(plan.meetings, found)
            for one in (change.before, change.after)
            if one and change.kind != "table"
            for who in seats(problem, one)
        }
        print(
            f"| {name} | {method} | {(now.value - rest.value) / (whole.value - rest.value):.0%} "
            f"| {(now.points - rest.points) / (whole.points - rest.points):.0%} "
            f"| {kinds['added']} | {(kinds['moved'] + kinds['dropped']) / to_come:.1%} "
            f"| {kinds['moved']} | {kinds['people']} | {kinds['interpreter']} | {len(told)} "
            f"| {cpu:.1f} | {wall:.1f} |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--participants", type=int, default=1000)
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2, 3])
    parser.add_argument("--share", type=float, default=0.05, help="of the people stay away")
    parser.add_argument("--seconds", type=float, default=2.5, help="CPU-s for our replanning")
    given = parser.parse_args()
    # Compiled code is loaded before anything is timed, as in a service that runs for days.
    small = event(50, 0)
    held = solve(small, effort=0.1).meetings
    replan(no_shows(small, 2, 0), held, since=2, seconds=0.5)
    for seed in given.seeds:
        compare(given.participants, seed, given.share, given.seconds)


if __name__ == "__main__":
    main()
