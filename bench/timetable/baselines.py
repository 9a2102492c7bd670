"""What others would do with the same event: book by themselves, take the dearest first, match slot
by slot, or give everything to a general solver at once.

All of them seat people, tables and interpreters through the same careful hands (`Draft`, which only
puts what obeys every rule), so that what differs is the choice of meetings and slots.
"""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict

import numpy as np

from saphan.engines.timetable.bounds import bounded
from saphan.engines.timetable.compile import World, compiled, positions
from saphan.engines.timetable.construct import Draft, by_worth, drafted
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
        _seat(draft, [(wish, option, slot) for wish, option in chosen])
    return with_tables(draft, draft.seats)


def _seat(draft: Draft, chosen: list[tuple[int, int, int]]) -> None:
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
        found.append((("words", pair.words), _idle(world, draft, pair.words, slot)))
    return found


def _idle(world: World, draft: Draft, words: int, slot: int) -> int:
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


def monolithic(problem: Problem, seconds: float, workers: int = 2) -> tuple[Plan, bool]:
    """One CP-SAT model of everything: who sits, slots, floors, breaks, limits, order; tables per
    slot and interpreters per pair of languages as numbers. Rooms, ways and single interpreters are
    filled in after, what then has no place takes another slot if there is one (a model with a
    variable for each of them has tens of millions at 1,000). Within so many processor seconds.
    Returns whether the solver proved its optimum."""
    from ortools.sat.python import cp_model

    world = compiled(problem)
    model = cp_model.CpModel()
    held: dict[tuple[int, int, int], cp_model.IntVar] = {}
    groups: defaultdict[tuple[str, int, int], list[cp_model.IntVar]] = defaultdict(list)
    for wish in range(len(problem.wishes)):
        for option, pair in enumerate(world.options[wish]):
            for slot in positions(pair.slots):
                literal = model.new_bool_var("")
                held[wish, option, slot] = literal
                groups["wish", wish, 0].append(literal)
                for one in {pair.a, pair.b, *world.hosts[wish]}:
                    groups["person", one, slot].append(literal)
                    groups["all", one, 0].append(literal)
                groups["tables", pair.online, slot].append(literal)
                if pair.words >= 0:
                    groups["words", pair.words, slot].append(literal)
    empty = Draft(world)
    for (kind, which, slot), literals in groups.items():
        if kind in ("wish", "person"):
            model.add_at_most_one(literals)
            continue
        limit = world.most[which] if kind == "all" else 0
        if kind == "words":
            limit = _idle(world, empty, which, slot)
        elif kind == "tables":
            limit = sum(p.tables[slot] for p in problem.places if p.online == bool(which))
        if len(literals) > limit:
            model.add(sum(literals) <= limit)
    _order(model, world, held)
    goal = [world.worth[wish] * literal for (wish, _, _), literal in held.items()]
    goal += _floors(model, world, groups)
    goal += _breaks(model, world, groups)
    model.maximize(sum(goal))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    status = _within(solver, model, seconds)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return (), False
    chosen = [key for key, literal in held.items() if solver.value(literal)]
    draft = Draft(world)
    _seat(draft, chosen)
    for wish in by_worth(world):
        if wish not in draft.when:
            draft.insert(wish)
    return with_tables(draft, draft.seats), status == cp_model.OPTIMAL


def _within(solver, model, seconds: float):  # type: ignore[no-untyped-def]
    """Solves, and stops when so much processor time is gone: others may use the machine."""
    over = threading.Event()
    begun = time.process_time()

    def watch() -> None:
        while not over.wait(0.2):
            if time.process_time() - begun > seconds:
                solver.stop_search()

    threading.Thread(target=watch, daemon=True).start()
    status = solver.solve(model)
    over.set()
    return status


def _order(model, world, held) -> None:  # type: ignore[no-untyped-def]
    when: defaultdict[int, list] = defaultdict(list)
    for (wish, _, slot), literal in held.items():
        when[wish].append((slot, literal))
    for wish, firsts in enumerate(world.before):
        for first in firsts:
            for slot, literal in when[wish]:
                late = [other for at, other in when[first] if at >= slot]
                if late:
                    model.add(sum(late) == 0).only_enforce_if(literal)


def _floors(model, world, groups) -> list:  # type: ignore[no-untyped-def]
    goal = []
    for party, floor in enumerate(world.floor):
        of_party = [x for w in world.wishes_of[party] for x in groups.get(("wish", w, 0), ())]
        most = world.problem.parties[party].most
        if len(of_party) > most:
            model.add(sum(of_party) <= most)
        if floor:
            short = model.new_int_var(0, floor, "")
            model.add(short + sum(of_party) >= floor)
            goal.append(-world.problem.goals.floor * short)
    return goal


def _breaks(model, world, groups) -> list:  # type: ignore[no-untyped-def]
    """A break begins where somebody is busy, is not in the next free slot, and is again later: per
    day the number of starts less one."""
    goal = []
    for one in range(world.people):
        if not world.counted[one]:
            continue
        for day in sorted(set(world.days)):
            busy = []
            for slot in positions(world.free[one] & day):
                literals = groups.get(("person", one, slot), [])
                here = model.new_bool_var("")
                model.add(sum(literals) == here)
                busy.append(here)
            if len(busy) < 3:
                continue
            starts = []
            for before, here in zip([None, *busy], busy, strict=False):
                if before is None:
                    starts.append(here)
                    continue
                start = model.new_bool_var("")
                model.add_bool_or([here.negated(), before, start])
                starts.append(start)
            breaks = model.new_int_var(0, len(busy), "")
            model.add(breaks >= sum(starts) - 1)
            goal.append(-world.problem.goals.breaks * breaks)
    return goal
