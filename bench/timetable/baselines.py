"""What others would do with the same event: book by themselves, take the dearest first, or match
slot by slot. (`monolithic.py` gives everything to a general solver at once.)

All of them seat people, tables and interpreters through the same careful hands (`Draft`, which only
puts what obeys every rule), so that what differs is the choice of meetings and slots.
"""

from __future__ import annotations

import random
from collections import defaultdict

import numpy as np

from saphan.engines.timetable.bounds import bounded
from saphan.engines.timetable.compile import World, compiled, positions
from saphan.engines.timetable.construct import Draft, drafted
from saphan.engines.timetable.problem import Meeting, Problem
from saphan.engines.timetable.tables import meetings as with_tables

Plan = tuple[Meeting, ...]


def self_booking(problem: Problem, seed: int) -> Plan:
    """Requests come in random order; each takes a random slot in which both sides, a table and, if
    need be, an interpreter are free."""
    chance = random.Random(seed)
    draft = Draft(compiled(problem))
    slots = list(range(len(problem.slots)))
    for wish in chance.sample(range(len(problem.wishes)), len(problem.wishes)):
        chance.shuffle(slots)
        any(draft.insert(wish, 1 << slot) for slot in slots)
    return with_tables(draft, draft.seats)


def greedy(problem: Problem) -> Plan:
    """The dearest wish first, into the slot that breaks up days least."""
    draft = drafted(compiled(problem))
    return with_tables(draft, draft.seats)


def slot_by_slot(problem: Problem, seconds: float = 20.0) -> Plan:
    """For one slot after the other the best set of meetings (a mixed-integer program over people,
    tables and interpreters). A meeting is worth more if the bound's solution holds it, if its
    people had a meeting just before, and if their parties lack meetings to their floors."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_matrix

    world = compiled(problem)
    draft = Draft(world)
    wanted = np.clip(bounded(world).chosen, 0, 1)
    for slot in range(len(problem.slots)):
        chances = [
            (wish, option)
            for wish in range(len(problem.wishes))
            if wish not in draft.when and world.slots[wish] >> slot & 1
            for option, pair in enumerate(world.options[wish])
            if pair.slots >> slot & 1
        ]
        if not chances:
            continue
        rows: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        limits: dict[tuple[str, int], int] = {}
        for at, (wish, option) in enumerate(chances):
            for key, limit in _limits(world, draft, wish, option, slot):
                rows[key].append(at)
                limits[key] = limit
        names = list(rows)
        i = [n for n, key in enumerate(names) for _ in rows[key]]
        j = [at for key in names for at in rows[key]]
        matrix = csr_matrix((np.ones(len(j)), (i, j)), shape=(len(names), len(chances)))
        worth = [_urgent(world, draft, wish, option, slot, wanted) for wish, option in chances]
        solved = milp(
            -np.array(worth),
            integrality=np.ones(len(chances)),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(matrix, -np.inf, [limits[key] for key in names]),
            options={"time_limit": seconds, "mip_rel_gap": 0.002},
        )
        if solved.x is None:
            continue
        chosen = [chances[at] for at in np.flatnonzero(solved.x > 0.5)]
        seat(draft, [(wish, option, slot) for wish, option in chosen])
    return with_tables(draft, draft.seats)


def seat(draft: Draft, chosen: list[tuple[int, int, int]]) -> None:
    """Puts wishes with these people into these slots, dearest first; what finds no place or
    interpreter there then takes other people of the two parties, if that helps."""
    world = draft.world
    left = []
    for wish, option, slot in sorted(chosen, key=lambda one: -world.worth[one[0]]):
        pair = world.options[wish][option]
        there = {pair.a, pair.b, *world.hosts[wish]}
        able = draft._slots(wish) & pair.slots & 1 << slot and all(
            draft.idle[one] >> slot & 1 and draft.count[one] < world.most[one] for one in there
        )
        if not able or not draft.seat(wish, option, slot):
            left.append((wish, slot))
    for wish, slot in left:
        draft.insert(wish, 1 << slot)


def _limits(
    world: World, draft: Draft, wish: int, option: int, slot: int
) -> list[tuple[tuple[str, int], int]]:
    """The rows of a slot's program that a meeting is part of, with what each allows."""
    pair = world.options[wish][option]
    told = world.problem.wishes[wish]
    found = [(("wish", wish), 1)]
    for one in {pair.a, pair.b, *world.hosts[wish]}:
        found.append((("person", one), int(draft.count[one] < world.most[one])))
    for party in (told.a, told.b):
        left = world.problem.parties[party].most - draft.met[party]
        found.append((("party", party), max(0, left)))
    tables = sum(
        place.tables[slot] for place in world.problem.places if place.online == bool(pair.online)
    )
    found.append((("tables", pair.online), tables))
    if pair.words >= 0:
        found.append((("words", pair.words), idle(world, draft, pair.words, slot)))
    return found


def idle(world: World, draft: Draft, words: int, slot: int) -> int:
    kind = world.words[words]
    able = positions(kind.one | kind.first | kind.second)
    return sum(
        1
        for one in able
        if draft.idle[world.people + one] >> slot & 1
        and draft.count[world.people + one] < world.most[world.people + one]
    )


def _urgent(
    world: World, draft: Draft, wish: int, option: int, slot: int, wanted: np.ndarray
) -> float:
    told, pair = world.problem.wishes[wish], world.options[wish][option]
    worth = world.worth[wish] * (0.3 + float(wanted[wish]))
    for party in (told.a, told.b):
        lacks = max(0, world.floor[party] - draft.met[party])
        left = max(1, len(world.problem.slots) - slot)
        worth += 60 * min(1.2, lacks / left) ** 2 + (20 if lacks else 0)
    for one in (pair.a, pair.b):
        if slot and draft.at[one].get(slot - 1, -1) >= 0:
            worth += 6
    return worth
