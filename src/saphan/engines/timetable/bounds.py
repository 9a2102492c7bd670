"""What no plan can exceed: a linear program over which wishes are met, not when.

The program leaves out whatever depends on the slot, so that its optimum is at least as good as
every plan. What is proven does not hang on the solver's tolerances: any prices y >= 0 of the rows
give the bound  b y + sum over columns of max(0, c - A^T y) u,  and this is what is returned, with
y from HiGHS (in SciPy). README.md says why each row holds for every plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from saphan.engines.timetable.compile import Option, World, compiled, positions
from saphan.engines.timetable.problem import Problem

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Bound:
    points: float
    chosen: _Floats
    """Per wish: how far the linear program holds it, 0 to 1."""
    gain: _Floats
    """Per wish: its worth less the prices of what it uses; far below 0 means that holding it
    would cost more than it brings."""


class _Program:
    """Maximise c x with A x <= b and 0 <= x <= u, written row by row."""

    def __init__(self) -> None:
        self.worth: list[float] = []
        self.upper: list[float] = []
        self.limit: list[float] = []
        self.rows: list[npt.NDArray[np.int64]] = []
        self.columns: list[npt.NDArray[np.int64]] = []
        self.values: list[_Floats] = []

    def column(self, worth: float, upper: float) -> int:
        self.worth.append(worth)
        self.upper.append(upper)
        return len(self.worth) - 1

    def row(self, limit: float, *parts: tuple[list[int], float]) -> None:
        """`parts`: columns with a factor each."""
        for columns, factor in parts:
            self.columns.append(np.array(columns, np.int64))
            self.rows.append(np.full(len(columns), len(self.limit), np.int64))
            self.values.append(np.full(len(columns), factor))
        self.limit.append(limit)

    def solved(self) -> tuple[float, _Floats, _Floats]:
        """The proven bound, the solution and the columns' reduced gains."""
        from scipy.optimize import linprog
        from scipy.sparse import csr_array

        worth, upper = np.array(self.worth), np.array(self.upper)
        limit = np.array(self.limit)
        where = (np.concatenate(self.rows), np.concatenate(self.columns))
        shape = (len(limit), len(worth))
        matrix = csr_array((np.concatenate(self.values), where), shape=shape)
        bounds = np.column_stack([np.zeros(len(upper)), upper])
        found = linprog(-worth, A_ub=matrix, b_ub=limit, bounds=bounds, method="highs-ds")
        prices = np.zeros(len(limit))
        if found.status == 0:
            prices = np.maximum(0.0, -found.ineqlin.marginals)
        gain = worth - matrix.T @ prices
        bound = float(limit @ prices + np.maximum(0.0, gain) @ upper)
        x = found.x if found.status == 0 else np.zeros(len(worth))
        return bound, x, gain


def upper_bound(problem: Problem) -> float:
    """No plan of the problem has more points. Raises BadProblem."""
    return bounded(compiled(problem)).points


def bounded(world: World) -> Bound:
    """The bound, and what the linear program would choose."""
    wishes = len(world.worth)
    able = [at for at in range(wishes) if world.options[at]]
    floor = world.problem.goals.floor
    constant = -floor * sum(world.floor)
    if not able:
        return Bound(float(constant), np.zeros(wishes), np.zeros(wishes))
    program = _Program()
    column = {at: program.column(world.worth[at], 1.0) for at in able}
    _parties(world, program, column)
    _hosts(world, program, column)
    _tables(world, program, column)
    _interpreters(world, program, column)
    _changes(world, program, column)
    points, x, gain = program.solved()
    chosen, gains = np.zeros(wishes), np.full(wishes, -np.inf)
    chosen[able], gains[able] = x[: len(able)], gain[: len(able)]
    # Points are whole numbers; what rounding may have taken is far below a thousandth.
    whole = float(np.floor(points + 1e-6 * abs(points) + 1e-3))
    return Bound(whole + constant, chosen, gains)


def _capacity(world: World, person: int) -> int:
    return min(world.most[person], world.free[person].bit_count())


def _parties(world: World, program: _Program, column: dict[int, int]) -> None:
    """A party's people, all and those whom some wishes name, have only so much time; and what a
    floor is worth is earned meeting by meeting."""
    for party, told in enumerate(world.problem.parties):
        mine = [column[at] for at in world.wishes_of[party] if at in column]
        if not mine:
            continue
        time = sum(_capacity(world, person) for person in set(told.people))
        program.row(min(told.most, time), (mine, 1.0))
        named: defaultdict[frozenset[int], list[int]] = defaultdict(list)
        for at in world.wishes_of[party]:
            if at in column:
                side = 0 if world.problem.wishes[at].a == party else 1
                named[frozenset(option[side] for option in world.options[at])].append(at)
        for group in named:
            if len(group) < len(set(told.people)):
                inside = [column[at] for some in named if some <= group for at in named[some]]
                program.row(sum(_capacity(world, person) for person in group), (inside, 1.0))
        if world.floor[party] and world.problem.goals.floor:
            reached = program.column(world.problem.goals.floor, world.floor[party])
            program.row(0.0, ([reached], 1.0), (mine, -1.0))


def _hosts(world: World, program: _Program, column: dict[int, int]) -> None:
    """A host sits in one meeting at a time."""
    hosted: defaultdict[int, list[int]] = defaultdict(list)
    for at in column:
        for host in world.hosts[at]:
            hosted[host].append(column[at])
    for host, mine in hosted.items():
        program.row(_capacity(world, host), (mine, 1.0))


def _tables(world: World, program: _Program, column: dict[int, int]) -> None:
    """All tables; those on site for what can only be on site, and those online likewise."""
    places = world.problem.places
    program.row(sum(sum(place.tables) for place in places), (list(column.values()), 1.0))
    for online in (0, 1):
        only = [
            column[at]
            for at in column
            if all(option.online == online for option in world.options[at])
        ]
        if only:
            tables = sum(sum(place.tables) for place in places if place.online == bool(online))
            program.row(tables, (only, 1.0))


_Kind = tuple[int, int, int]
"""Interpreters, bit by bit: alone, first, second."""


def _kind(world: World, options: list[Option]) -> _Kind | None:
    """Who could interpret: alone, as first, as second of two. None if it can do without."""
    if any(option.words < 0 for option in options):
        return None
    kinds = [world.words[at] for at in {option.words for option in options}]
    return (
        _any(kind.one for kind in kinds),
        _any(kind.first for kind in kinds),
        _any(kind.second for kind in kinds),
    )


def _any(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


def _interpreters(world: World, program: _Program, column: dict[int, int]) -> None:
    """Interpreters' slots flow to the wishes that need them; those who serve the same kinds of
    wishes are one source."""
    kinds: defaultdict[_Kind, list[int]] = defaultdict(list)
    for at in column:
        kind = _kind(world, world.options[at])
        if kind is not None:
            kinds[kind].append(column[at])
    roles: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for at, kind in enumerate(kinds):
        for role in range(3):
            for i in positions(kind[role]):
                roles[i].append((at, role))
    sources: defaultdict[tuple[tuple[int, int], ...], int] = defaultdict(int)
    for i in sorted(roles):
        sources[tuple(roles[i])] += _shift(world, i)
    flows: dict[tuple[int, int], list[int]] = defaultdict(list)
    for served, slots in sources.items():
        mine = []
        for use in served:
            flow = program.column(0.0, slots)
            flows[use].append(flow)
            mine.append(flow)
        program.row(slots, (mine, 1.0))
    for at, wished in enumerate(kinds.values()):
        relayed = []
        if flows[at, 1] and flows[at, 2]:
            relayed = [program.column(0.0, float(len(wished)))]
            program.row(0.0, (relayed, 1.0), (flows[at, 1], -1.0))
            program.row(0.0, (relayed, 1.0), (flows[at, 2], -1.0))
        program.row(0.0, (wished, 1.0), (flows[at, 0] + relayed, -1.0))


def _shift(world: World, interpreter: int) -> int:
    """In how many slots she can work at most, with the rests that she needs."""
    one = world.people + interpreter
    free, run = world.free[one], world.run[one]
    total = 0
    for day in sorted(set(world.days)):
        row = 0
        for slot in positions(day):
            # Resting only when the row is full serves most slots (each rest as late as possible).
            if free >> slot & 1 and row < run:
                row, total = row + 1, total + 1
            else:
                row = 0
    return min(total, world.most[one])


def _changes(world: World, program: _Program, column: dict[int, int]) -> None:
    """At least so many times people change the table: of two who met at a table, one stays."""
    goals = world.problem.goals
    if not goals.table or goals.breaks < goals.table:
        return
    longest = max(day.bit_count() for day in world.days)
    moving: list[int] = []
    for party, told in enumerate(world.problem.parties):
        mine = [column[at] for at in world.wishes_of[party] if at in column]
        spare = sum(_spare(world, person) for person in set(told.people))
        if len(mine) > spare:
            moves = program.column(0.0, float(len(mine)))
            program.row(spare, (mine, 1.0), ([moves], -1.0))
            moving.append(moves)
    seen: set[tuple[int, int]] = set()
    twice = 0
    for at in column:
        wish = world.problem.wishes[at]
        pair = (min(wish.a, wish.b), max(wish.a, wish.b))
        twice += pair in seen
        seen.add(pair)
    if moving:
        most = float(2 * len(column))
        changes = program.column(-goals.table, most)
        held = (list(column.values()), -(1.0 - 1.0 / longest))
        program.row(twice, (moving, 1.0), held, ([changes], -1.0))


def _spare(world: World, person: int) -> int:
    """Meetings of a person that need not bring a change of table: the first of each day, and the
    first after each stretch in which she is not free."""
    if not world.counted[person]:
        return _capacity(world, person)
    free, firsts = world.free[person], 0
    for day in set(world.days):
        here = positions(free & day)
        firsts += bool(here) + sum(then - first > 1 for first, then in pairwise(here))
    return firsts
