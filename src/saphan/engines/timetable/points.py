"""What a plan is worth, as the solver counts it. (`check.score` counts anew, in another way.)"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from saphan.engines.timetable.compile import World
from saphan.engines.timetable.problem import Meeting, Score


def scored(world: World, meetings: Sequence[Meeting]) -> Score:
    """The plan in numbers."""
    problem, goals = world.problem, world.problem.goals
    wishes = [problem.wishes[one.wish] for one in meetings]
    value = sum(wish.value for wish in wishes)
    musts = sum(wish.must for wish in wishes)
    missed = sum(wish.must for wish in problem.wishes) - musts
    met = np.zeros(len(problem.parties), np.int64)
    for wish in wishes:
        met[wish.a] += 1
        met[wish.b] += 1
    short = np.maximum(0, np.array(world.floor, np.int64) - met)
    breaks, changes = _days(world, meetings)
    overload = _overload(world, meetings)
    return Score(
        points=value
        + goals.must * musts
        - goals.floor * int(short.sum())
        - goals.breaks * breaks
        - goals.table * changes
        - goals.load * overload,
        value=value,
        held=len(meetings),
        musts_missed=missed,
        below_floor=int((short > 0).sum()),
        floor_short=int(short.sum()),
        breaks=breaks,
        table_changes=changes,
        overload=overload,
    )


def _days(world: World, meetings: Sequence[Meeting]) -> tuple[int, int]:
    """Breaks and table changes."""
    order = sorted(meetings, key=lambda one: one.slot)
    last: dict[int, Meeting] = {}
    breaks = changes = 0
    for one in order:
        for person in {one.person_a, one.person_b}:
            if not world.counted[person]:
                continue
            before = last.get(person)
            last[person] = one
            if before is None or world.days[before.slot] != world.days[one.slot]:
                continue
            changes += (before.place, before.table) != (one.place, one.table)
            free = world.free[person]
            both = free >> before.slot & free >> one.slot & 1
            between = (1 << one.slot) - (2 << before.slot)
            breaks += bool(both and free & between)
    return breaks, changes


def _overload(world: World, meetings: Sequence[Meeting]) -> int:
    load = [0] * len(world.problem.interpreters)
    for one in meetings:
        for helper in one.interpreters:
            load[helper] += 1
    return max(load) + -sum(load) // len(load) if load else 0
