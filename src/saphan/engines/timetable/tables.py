"""Gives meetings their table numbers, so that people stay where they sit.

Per slot and place a cheapest assignment (Jonker-Volgenant, SciPy): a table is worth as much as
people of the meeting sat there last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from saphan.engines.timetable.compile import World
from saphan.engines.timetable.construct import Draft, Seat
from saphan.engines.timetable.problem import Meeting

_PROMISED = 5
"""How many people a promised table outweighs."""


def language(world: World, a: int, b: int) -> str:
    """What two people speak with each other: the language that the weaker speaks best, the first
    in the alphabet among equals; empty if they share none."""
    x, y = world.problem.people[a].speaks, world.problem.people[b].speaks
    shared = sorted(world.knows[a] & world.knows[b])
    return max(shared, key=lambda name: min(x[name], y[name]), default="")


def meetings(
    draft: Draft, seats: dict[int, Seat], promised: Iterable[Meeting] = ()
) -> tuple[Meeting, ...]:
    """The plan with tables; the fixed meetings keep theirs, and promised ones where it can be."""
    world = draft.world
    told = {one.wish: one for one in promised}
    groups: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for wish, seat in seats.items():
        groups[seat.slot, seat.place].append(wish)
    fixed: defaultdict[tuple[int, int], list[Meeting]] = defaultdict(list)
    for one in draft.fixed:
        fixed[one.slot, one.place].append(one)
    last: dict[int, tuple[int, int, int]] = {}
    found = list(draft.fixed)
    places = range(len(world.problem.places))
    for slot in range(len(world.problem.slots)):
        here: list[Meeting] = []
        for place in places:
            here += fixed[slot, place]
            group = sorted(groups[slot, place])
            taken = {one.table for one in fixed[slot, place]}
            tables = [
                t for t in range(world.problem.places[place].tables[slot]) if t not in taken
            ]
            for wish, table in zip(
                group, _assigned(world, group, seats, tables, last, told), strict=True
            ):
                here.append(_meeting(world, wish, seats[wish], table))
        for one in here:
            for person in (one.person_a, one.person_b):
                last[person] = (world.days[slot], one.place, one.table)
        found += [one for one in here if one.wish in seats]
    return tuple(sorted(found, key=lambda one: one.wish))


def _meeting(world: World, wish: int, seat: Seat, table: int) -> Meeting:
    pair = world.options[wish][seat.option]
    spoken = "" if seat.interpreters else language(world, pair.a, pair.b)
    return Meeting(
        wish, seat.slot, seat.place, table, pair.a, pair.b, spoken, seat.interpreters
    )


def _assigned(
    world: World,
    group: list[int],
    seats: dict[int, Seat],
    tables: list[int],
    last: dict[int, tuple[int, int, int]],
    told: dict[int, Meeting],
) -> list[int]:
    """A table for each wish of the group."""
    column = {table: at for at, table in enumerate(tables)}
    likes: list[tuple[int, int, int]] = []
    for row, wish in enumerate(group):
        seat = seats[wish]
        pair = world.options[wish][seat.option]
        for person in (pair.a, pair.b):
            day, place, table = last.get(person, (0, -1, -1))
            here = place == seat.place and day == world.days[seat.slot]
            if world.counted[person] and here and table in column:
                likes.append((row, column[table], 1))
        old = told.get(wish)
        if old and (old.slot, old.place) == (seat.slot, seat.place) and old.table in column:
            likes.append((row, column[old.table], _PROMISED))
    if not likes:
        return tables[: len(group)]
    from scipy.optimize import linear_sum_assignment

    worth = np.zeros((len(group), len(tables)))
    for row, at, good in likes:
        worth[row, at] += good
    _, chosen = linear_sum_assignment(worth, maximize=True)
    return [tables[at] for at in chosen.tolist()]
