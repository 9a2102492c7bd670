"""Everything at once in one CP-SAT model."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from typing import Any

from baselines import Plan, idle, seat
from ortools.sat.python import cp_model

from saphan.engines.timetable.compile import World, compiled, positions
from saphan.engines.timetable.construct import Draft, Seat, by_worth
from saphan.engines.timetable.problem import Problem
from saphan.engines.timetable.tables import meetings as with_tables

Literals = list[cp_model.IntVar]


class Model:
    """Who sits when: people and hosts once at a time, limits, order, floors, breaks."""

    def __init__(self, world: World) -> None:
        self.world, self.model = world, cp_model.CpModel()
        self.held: dict[tuple[int, int, int], cp_model.IntVar] = {}
        """Wish, option, slot."""
        self.groups: defaultdict[tuple[str, int, int], Literals] = defaultdict(list)
        for wish, options in enumerate(world.options):
            for option, pair in enumerate(options):
                for slot in positions(pair.slots):
                    literal = self.model.new_bool_var("")
                    self.held[wish, option, slot] = literal
                    self.groups["wish", wish, 0].append(literal)
                    for one in {pair.a, pair.b, *world.hosts[wish]}:
                        self.groups["busy", one, slot].append(literal)
                        self.groups["all", one, 0].append(literal)
        for (kind, which, _), literals in self.groups.items():
            if kind != "all":
                self.model.add_at_most_one(literals)
            elif len(literals) > world.most[which]:
                self.model.add(sum(literals) <= world.most[which])
        self._order()
        self.goal: list[Any] = [world.worth[key[0]] * one for key, one in self.held.items()]
        self._floors()
        self._breaks()

    def solve(self, seconds: float, workers: int) -> tuple[cp_model.CpSolver | None, bool]:
        """The solver with its best solution, if it found one, and whether it is proven best. Stops
        when so much processor time is gone: others may use the machine."""
        self.model.maximize(sum(self.goal))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = workers
        over = threading.Event()
        begun = time.process_time()

        def watch() -> None:
            while not over.wait(0.2):
                if time.process_time() - begun > seconds:
                    solver.stop_search()

        threading.Thread(target=watch, daemon=True).start()
        status = solver.solve(self.model)
        over.set()
        found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
        return (solver if found else None), status == cp_model.OPTIMAL

    def _order(self) -> None:
        when: defaultdict[int, list[tuple[int, Any]]] = defaultdict(list)
        for (wish, _, slot), literal in self.held.items():
            when[wish].append((slot, literal))
        for wish, firsts in enumerate(self.world.before):
            for first in firsts:
                for slot, literal in when[wish]:
                    late = [other for at, other in when[first] if at >= slot]
                    if late:
                        self.model.add(sum(late) == 0).only_enforce_if(literal)

    def _floors(self) -> None:
        world = self.world
        for party, floor in enumerate(world.floor):
            own = [x for w in world.wishes_of[party] for x in self.groups.get(("wish", w, 0), ())]
            most = world.problem.parties[party].most
            if len(own) > most:
                self.model.add(sum(own) <= most)
            if floor:
                short = self.model.new_int_var(0, floor, "")
                self.model.add(short + sum(own) >= floor)
                self.goal.append(-world.problem.goals.floor * short)

    def _breaks(self) -> None:
        """Breaks of a person and day: the stretches with meetings, less one."""
        world, model = self.world, self.model
        for one in range(world.people):
            if not world.counted[one]:
                continue
            for day in sorted(set(world.days)):
                starts: list[Any] = []
                before = None
                for slot in positions(world.free[one] & day):
                    here = model.new_bool_var("")
                    model.add(sum(self.groups.get(("busy", one, slot), [])) == here)
                    start = here if before is None else model.new_bool_var("")
                    if before is not None:
                        model.add_bool_or([here.negated(), before, start])
                    starts.append(start)
                    before = here
                if len(starts) > 2:
                    breaks = model.new_int_var(0, len(starts), "")
                    model.add(breaks >= sum(starts) - 1)
                    self.goal.append(-world.problem.goals.breaks * breaks)


def in_full(problem: Problem, seconds: float, workers: int = 2) -> Plan:
    """The whole problem with a variable for each room and interpreter of each meeting, within so
    many processor seconds. Only table changes and the load of interpreters are left out of its
    goals (one point each); the table numbers come from our own assignment."""
    world = compiled(problem)
    whole = Model(world)
    rooms, teams = _rooms(whole), _teams(whole)
    _ways(whole, rooms, teams)
    solver, _ = whole.solve(seconds, workers)
    if solver is None:
        return ()
    seats = {}
    for (wish, option, slot), literal in whole.held.items():
        if solver.value(literal):
            place = next(p for p in _may(world, wish) if _on(solver, rooms, (wish, slot, p)))
            words = world.options[wish][option].words
            helpers = [one for one in teams[wish, slot, words] if one] if words >= 0 else []
            order = [i for group in helpers for i, x in group.items() if solver.value(x)]
            seats[wish] = Seat(slot, place, option, tuple(order))
    return with_tables(Draft(world), seats)


def _may(world: World, wish: int) -> tuple[int, ...]:
    return (*world.places[wish][0], *world.places[wish][1])


def _on(solver: cp_model.CpSolver, found: dict, key: tuple[int, int, int]) -> bool:
    return key in found and bool(solver.value(found[key]))


def _rooms(whole: Model) -> dict[tuple[int, int, int], Any]:
    """A literal per wish, slot and place; no more meetings in a place than tables."""
    world, model = whole.world, whole.model
    sides: defaultdict[tuple[int, int, int], Literals] = defaultdict(list)
    for (wish, option, slot), literal in whole.held.items():
        sides[wish, slot, world.options[wish][option].online].append(literal)
    rooms: dict[tuple[int, int, int], Any] = {}
    full: defaultdict[tuple[int, int], Literals] = defaultdict(list)
    for (wish, slot, online), literals in sides.items():
        here = []
        for place in world.places[wish][online]:
            if world.open[place] >> slot & 1:
                rooms[wish, slot, place] = model.new_bool_var("")
                here.append(rooms[wish, slot, place])
                full[place, slot].append(here[-1])
        model.add(sum(here) == sum(literals))
    for (place, slot), literals in full.items():
        model.add(sum(literals) <= world.problem.places[place].tables[slot])
    return rooms


def _teams(whole: Model) -> dict[tuple[int, int, int], list[dict[int, Any]]]:
    """Per wish, slot and kind of interpretation: who could be the one, and the first and second of
    a relay, each with a literal."""
    world, model = whole.world, whole.model
    needed: defaultdict[tuple[int, int, int], Literals] = defaultdict(list)
    for (wish, option, slot), literal in whole.held.items():
        words = world.options[wish][option].words
        if words >= 0:
            needed[wish, slot, words].append(literal)
    teams = {}
    at: defaultdict[tuple[int, int], Literals] = defaultdict(list)
    for (wish, slot, words), literals in needed.items():
        kind = world.words[words]
        groups = []
        for mask in (kind.one, kind.first, kind.second):
            able = [i for i in positions(mask) if world.free[world.people + i] >> slot & 1]
            groups.append({i: model.new_bool_var("") for i in able})
            for i, literal in groups[-1].items():
                at[i, slot].append(literal)
        one, first, second = (sum(group.values()) for group in groups)
        model.add(one + first == sum(literals))
        model.add(first == second)
        teams[wish, slot, words] = groups
    for literals in at.values():
        model.add_at_most_one(literals)
    for i, told in enumerate(world.problem.interpreters):
        mine = {slot: sum(at[i, slot]) for slot in told.free if (i, slot) in at}
        if len(mine) > told.most:
            model.add(sum(mine.values()) <= told.most)
        for day in set(world.days):
            for slot in positions(day):
                row = [
                    mine[t] for t in range(slot, slot + told.run + 1) if t in mine and day >> t & 1
                ]
                if len(row) > told.run:
                    model.add(sum(row) <= told.run)
    return teams


def _ways(whole: Model, rooms: dict, teams: dict) -> None:
    """Nobody is in two places that are too far apart for the time between."""
    world, model = whole.world, whole.model
    walks = world.problem.walks
    there: dict[tuple[int, int, int], Any] = {}

    def stands(one: int, slot: int, place: int) -> Any:
        if (one, slot, place) not in there:
            there[one, slot, place] = model.new_bool_var("")
        return there[one, slot, place]

    for (wish, option, slot), literal in whole.held.items():
        pair = world.options[wish][option]
        for place in world.places[wish][pair.online]:
            if (wish, slot, place) not in rooms:
                continue
            both = [literal, rooms[wish, slot, place]]
            for one in {pair.a, pair.b, *world.hosts[wish]}:
                if world.barred.get(one, {}).get(slot, 0) >> place & 1:
                    model.add_bool_or([x.negated() for x in both])
                elif world.near[slot]:
                    model.add_implication(both[0], stands(one, slot, place)).only_enforce_if(
                        both[1]
                    )
    for (wish, slot, _), groups in teams.items():
        for place in _may(world, wish) if world.near[slot] else ():
            for group in groups:
                for i, x in group.items():
                    if (wish, slot, place) in rooms:
                        here = stands(world.people + i, slot, place)
                        model.add_bool_or([x.negated(), rooms[wish, slot, place].negated(), here])
    for (one, slot, place), here in list(there.items()):
        for then, between in world.near[slot]:
            if then <= slot:
                continue
            for other in range(len(walks)):
                if walks[place][other] > between and (one, then, other) in there:
                    model.add_bool_or([here.negated(), there[one, then, other].negated()])


def in_numbers(problem: Problem, seconds: float, workers: int = 2) -> Plan:
    """The same with tables per slot and interpreters per pair of languages as mere numbers, for
    events where the full model would have millions of variables. Rooms, ways and interpreters are
    filled in after; what then has no place takes another slot if there is one."""
    world = compiled(problem)
    whole = Model(world)
    tables: defaultdict[tuple[int, int], Literals] = defaultdict(list)
    words: defaultdict[tuple[int, int], Literals] = defaultdict(list)
    for (wish, option, slot), literal in whole.held.items():
        pair = world.options[wish][option]
        tables[pair.online, slot].append(literal)
        if pair.words >= 0:
            words[pair.words, slot].append(literal)
    for (online, slot), literals in tables.items():
        limit = sum(p.tables[slot] for p in problem.places if p.online == bool(online))
        whole.model.add(sum(literals) <= limit)
    empty = Draft(world)
    for (kind, slot), literals in words.items():
        whole.model.add(sum(literals) <= idle(world, empty, kind, slot))
    solver, _ = whole.solve(seconds, workers)
    if solver is None:
        return ()
    draft = Draft(world)
    seat(draft, [key for key, literal in whole.held.items() if solver.value(literal)])
    for wish in by_worth(world):
        if wish not in draft.when:
            draft.insert(wish)
    return with_tables(draft, draft.seats)
