"""Writes a draft into the one array of the local search (see kernel.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from saphan.engines.timetable import kernel as k
from saphan.engines.timetable.compile import World, positions
from saphan.engines.timetable.construct import Draft, Seat

Ints = npt.NDArray[np.int32]
_LOG = 2048
"""Changes of one step; the longest step makes a few hundred."""
_OUT = 512


@dataclass(frozen=True)
class Prices:
    """What a replanning adds to the goals."""

    move: int = 0
    drop: int = 0
    may_move: int = 1 << 30
    """At most so many promised meetings elsewhere than promised."""
    interpreter: int = 5
    """Another interpreter for a meeting that is otherwise as promised."""


class _Flat:
    """Lists of positions, one behind the other, in front of all tables."""

    def __init__(self) -> None:
        self.all: list[int] = []

    def add(self, some: Sequence[int]) -> tuple[int, int]:
        """Addresses of begin and end."""
        begin = k.FRONT + len(self.all)
        self.all.extend(some)
        return begin, k.FRONT + len(self.all)


def starts(world: World) -> list[int]:
    """Where each wish's options begin in the table of all options."""
    found, at = [], 0
    for options in world.options:
        found.append(at)
        at += len(options)
    return found


def memory(draft: Draft, seed: int, within: int, promised: dict[int, Seat], prices: Prices) -> Ints:
    """The array, with the fixed meetings of the draft held and no others."""
    world, problem = draft.world, draft.world.problem
    flat = _Flat()
    wish, able = _wishes(draft, within, promised, prices, flat)
    days = sorted({slot.day for slot in problem.slots})
    words = -(-len(problem.interpreters) // int(k.WIDTH))
    near = max((len(row) for row in world.near), default=0)
    deepest = max((n for place in problem.places for n in place.tables), default=0)
    front = np.zeros(k.FRONT, np.int32)
    front[: k.DEEPEST + 1] = [
        world.people,
        len(problem.slots),
        len(problem.places),
        len(days),
        words,
        near,
        deepest + 1 + len(draft.fixed),
    ]
    goals = problem.goals
    front[[k.BREAK, k.FLOOR, k.MOVE]] = goals.breaks, goals.floor, prices.move
    front[[k.MAY_MOVE, k.LEAD, k.SWAP]] = prices.may_move, 25, 30
    front[[k.TABLE, k.SHIFT, k.LOOKS, k.TRIES]] = goals.table, 10, 8, 40
    front[k.VOICE] = prices.interpreter
    front[k.RANDOM] = (seed * 2654435761 + 97) % 0x7FFFFFFF or 1
    at = _cells(world)
    shape = (len(problem.places), len(problem.slots))
    tables: list[tuple[int, npt.NDArray[np.generic]]] = [
        (k.T_WISH, wish),
        (k.T_OPTION, _options(world)),
        (k.T_HELD, _held(world)),
        (k.T_WORDS, _words(world, flat, words)),
        (k.T_PARTY, _parties(world, flat)),
        (k.T_DAY, np.array([days.index(slot.day) for slot in problem.slots])),
        (k.T_NEAR, _near(world, near)),
        (k.T_WALK, np.array(problem.walks)),
        (k.T_TABLES, np.array([place.tables for place in problem.places])),
        (k.T_ABLE, able),
        (k.T_MEETING, np.full((len(wish), k.MEETING_COLUMNS), -1)),
        (k.T_AT, at),
        (k.T_IDLE, _idle(world, words)),
        (k.T_RUNS, np.zeros((world.people, len(days)))),
        (k.T_FULL, np.zeros(shape)),
        (k.T_ROW, np.zeros((*shape, front[k.DEEPEST]))),
        (k.T_LOG, np.zeros((_LOG, 7))),
        (k.T_OUT, np.zeros(_OUT)),
        (k.T_CHAIN, np.zeros((k.LONGEST + 1, 3))),
        (k.T_LINE, np.array([place.online for place in problem.places])),
        (k.T_ROOM, _room(world)),
    ]
    place = k.FRONT + len(flat.all)
    for name, table in tables:
        # A table that nobody needs has address 0.
        front[name] = place if table.size else 0
        place += table.size
    parts = [front, np.array(flat.all), *(table.ravel() for _, table in tables)]
    x = np.concatenate([part.astype(np.int32) for part in parts])
    _fix(draft, x)
    return x


def _table(rows: Sequence[Sequence[int]], columns: int) -> npt.NDArray[np.int64]:
    return np.array(rows, np.int64).reshape(len(rows), columns)


def _wishes(
    draft: Draft, within: int, promised: dict[int, Seat], prices: Prices, flat: _Flat
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    world = draft.world
    fixed = {one.wish for one in draft.fixed}
    first = starts(world)
    able = np.zeros((len(world.worth), len(world.problem.slots)), np.bool_)
    rows = []
    for at, told in enumerate(world.problem.wishes):
        slots = positions(world.slots[at] & within)
        able[at, slots] = True
        sites, lines = world.places[at]
        site0, site1 = flat.add(sites)
        _, line1 = flat.add(lines)
        before0, before1 = flat.add(world.before[at])
        _, later1 = flat.add(world.later[at])
        host1, host2 = (*world.hosts[at], -1, -1)[:2]
        seat = promised.get(at)
        was: tuple[int, ...] = (-1, -1, -1, -1, -1)
        worth = world.worth[at]
        if seat is not None:
            helpers = (*seat.interpreters, -1, -1)[:2]
            was = (seat.slot, seat.place, first[at] + seat.option, *helpers)
            worth += prices.drop
        rows.append(
            (
                *(told.a, told.b, worth, host1, host2),
                *(first[at], first[at] + len(world.options[at]), *flat.add(slots)),
                *(site0, site1, line1, before0, before1, later1, at in fixed, *was),
                draft.zones[at] if draft.zones else -1,
            )
        )
    return _table(rows, k.WISH_COLUMNS), able


def _options(world: World) -> npt.NDArray[np.int64]:
    rows = [(one.a, one.b, one.words, one.online) for group in world.options for one in group]
    return _table(rows, 4)


def _held(world: World) -> npt.NDArray[np.int64]:
    counted = [*world.counted, *(False for _ in world.problem.interpreters)]
    return _table(
        [
            (most, run, count, 0)
            for most, run, count in zip(world.most, world.run, counted, strict=True)
        ],
        4,
    )


def _masked(mask: int, words: int) -> list[int]:
    """A mask of interpreters cut into words, the lowest first."""
    width = int(k.WIDTH)
    return [mask >> width * at & ((1 << width) - 1) for at in range(words)]


def _words(world: World, flat: _Flat, words: int) -> npt.NDArray[np.int64]:
    rows = []
    for kind in world.words:
        one, first, second = (flat.add(_masked(mask, words))[0] for mask in kind)
        rows.append((one, first, second, bool(kind.first), *flat.add(positions(kind.one))))
    return _table(rows, int(k.WORDS_COLUMNS))


def _idle(world: World, words: int) -> npt.NDArray[np.int64]:
    """Per slot: the mask of interpreters who are free."""
    helpers = list(enumerate(world.free[world.people :]))
    masks = [
        sum(1 << at for at, free in helpers if free >> slot & 1) for slot in range(len(world.days))
    ]
    return _table([_masked(mask, words) for mask in masks], words)


def _parties(world: World, flat: _Flat) -> npt.NDArray[np.int64]:
    parties = zip(world.problem.parties, world.floor, world.wishes_of, strict=True)
    return _table([(one.most, floor, 0, *flat.add(mine)) for one, floor, mine in parties], 5)


def _room(world: World) -> npt.NDArray[np.int64]:
    """Tables on site and online, per slot."""
    room = np.zeros((2, len(world.days)), np.int64)
    for place in world.problem.places:
        room[int(place.online)] += place.tables
    return room


def _cells(world: World) -> npt.NDArray[np.int64]:
    """Per person or interpreter and slot: whether free, the free slots before and after on the
    day, and the places out of reach."""
    cells = np.full((len(world.free), len(world.days), 4), -1)
    cells[:, :, 0] = k.AWAY
    cells[:, :, k.BARRED] = 0
    for one, mask in enumerate(world.free):
        free = positions(mask)
        cells[one, free, 0] = -1
        for first, then in pairwise(free):
            if world.days[first] == world.days[then]:
                cells[one, first, k.AFTER], cells[one, then, k.BEFORE] = then, first
    for one, slots in world.barred.items():
        for slot, places in slots.items():
            cells[one, slot, k.BARRED] = places
    return cells


def _near(world: World, most: int) -> npt.NDArray[np.int64]:
    near = np.full((len(world.near), most, 2), -1)
    for slot, row in enumerate(world.near):
        for at, pair in enumerate(row):
            near[slot, at] = pair
    return near


def view(x: Ints, name: int, shape: tuple[int, ...]) -> Ints:
    """A table of the array, to look at and to write into."""
    begin = int(x[name])
    return x[begin : begin + int(np.prod(shape))].reshape(shape)


def _fix(draft: Draft, x: Ints) -> None:
    """Enters the fixed meetings, which no step touches."""
    world = draft.world
    people, slots = world.people, len(world.days)
    if not draft.fixed:
        return
    meeting = view(x, k.T_MEETING, (len(world.worth), k.MEETING_COLUMNS))
    at = view(x, k.T_AT, (len(world.free), slots, 4))
    held = view(x, k.T_HELD, (len(world.free), 4))
    party = view(x, k.T_PARTY, (len(world.floor), 5))
    full = view(x, k.T_FULL, (len(world.open), slots))
    row = view(x, k.T_ROW, (len(world.open), slots, int(x[k.DEEPEST])))
    room = view(x, k.T_ROOM, (2, slots))
    idle = view(x, k.T_IDLE, (slots, int(x[k.HELPERS])))
    for one in draft.fixed:
        number = full[one.place, one.slot]
        helpers = (*one.interpreters, -1, -1)[:2]
        meeting[one.wish, : k.WHO] = [one.slot, one.place, -1, *helpers, number]
        row[one.place, one.slot, number] = one.wish
        full[one.place, one.slot] += 1
        room[int(world.problem.places[one.place].online), one.slot] -= 1
        there = {one.person_a, one.person_b, *world.hosts[one.wish]}
        for who in (*there, *(people + helper for helper in one.interpreters)):
            at[who, one.slot, 0] = one.wish
            held[who, k.COUNT] += 1
            if who >= people:
                word, bit = divmod(who - people, int(k.WIDTH))
                idle[one.slot, word] &= ~(1 << bit)
        told = world.problem.wishes[one.wish]
        party[[told.a, told.b], k.P_MET] += 1
    day = view(x, k.T_DAY, (slots,))
    runs = view(x, k.T_RUNS, (people, int(x[k.DAYS])))
    for who, slot in np.argwhere(at[:people, :, 0] >= 0).tolist():
        before = at[who, slot, k.BEFORE]
        if before < 0 or at[who, before, 0] < 0:
            runs[who, day[slot]] += 1
