"""Gives meetings their table numbers, so that people stay where they sit.

Slot by slot, a meeting claims the tables at which its people sat last. A table has two claimants at
most (the two who met there), a meeting two claims. Serving the meeting or table with least choice
first satisfies as many as can be (Karp and Sipser 1981; exact where nobody has more than two)."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable

from saphan.engines.timetable.compile import World
from saphan.engines.timetable.construct import Draft, Seat
from saphan.engines.timetable.problem import Meeting

_Where = tuple[int, int, int]
"""The slots of the day, place and table."""


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
    for wish in sorted(seats):
        groups[seats[wish].slot, seats[wish].place].append(wish)
    fixed: defaultdict[tuple[int, int], list[Meeting]] = defaultdict(list)
    for one in draft.fixed:
        fixed[one.slot, one.place].append(one)
    last: dict[int, _Where] = {}
    found = list(draft.fixed)
    for slot, place in sorted({*groups, *fixed}):
        # Places of one slot share no people: what they change in `last` concerns the next slots.
        group = groups[slot, place]
        claims = {wish: _claims(world, seats[wish], wish, last) for wish in group}
        taken = {one.table for one in fixed[slot, place]}
        tables = [t for t in range(world.problem.places[place].tables[slot]) if t not in taken]
        old = {
            wish: told[wish].table
            for wish in group
            if wish in told and (told[wish].slot, told[wish].place) == (slot, place)
        }
        given = _given(group, tables, claims, old)
        new = [_meeting(world, wish, seats[wish], given[wish]) for wish in group]
        found += new
        for one in (*new, *fixed[slot, place]):
            for person in (one.person_a, one.person_b):
                last[person] = (world.days[slot], place, one.table)
    return tuple(sorted(found, key=lambda one: one.wish))


def _meeting(world: World, wish: int, seat: Seat, table: int) -> Meeting:
    pair = world.options[wish][seat.option]
    spoken = "" if seat.interpreters else language(world, pair.a, pair.b)
    return Meeting(wish, seat.slot, seat.place, table, pair.a, pair.b, spoken, seat.interpreters)


def _claims(world: World, seat: Seat, wish: int, last: dict[int, _Where]) -> list[int]:
    """The tables of this place at which people of a meeting sat last on this day."""
    pair = world.options[wish][seat.option]
    found = []
    for person in (pair.a, pair.b):
        day, place, table = last.get(person, (0, -1, -1))
        if world.counted[person] and (day, place) == (world.days[seat.slot], seat.place):
            found.append(table)
    return found


def _given(
    group: list[int], tables: list[int], claims: dict[int, list[int]], old: dict[int, int]
) -> dict[int, int]:
    """A table for each meeting of one slot and place: promised ones, then those claimed twice,
    then as many claims as can be served, then what is left."""
    free = set(tables)
    given: dict[int, int] = {}
    both = {wish: mine[0] for wish, mine in claims.items() if len(mine) > len(set(mine))}
    for wish, table in (*old.items(), *both.items()):
        if wish not in given and table in free:
            given[wish] = table
            free.discard(table)
    want = {wish: set(claims[wish]) & free for wish in group if wish not in given}
    for wish, table in _matched(want).items():
        given[wish] = table
        free.discard(table)
    left = iter(sorted(free))
    for wish in group:
        if wish not in given:
            given[wish] = next(left)
    return given


def _matched(want: dict[int, set[int]]) -> dict[int, int]:
    """Who wants what, each at most one: whoever or whatever has one chance left comes first."""
    wanted: defaultdict[int, set[int]] = defaultdict(set)
    for wish, mine in want.items():
        for table in mine:
            wanted[table].add(wish)
    given: dict[int, int] = {}
    waiting = deque(sorted(wish for wish, mine in want.items() if len(mine) == 1))
    scarce = deque(sorted(table for table, some in wanted.items() if len(some) == 1))
    rest = deque(sorted(want))
    while waiting or scarce or rest:
        if waiting:
            wish = waiting.popleft()
            table = min(want[wish], default=-1)
        elif scarce:
            table = scarce.popleft()
            wish = min(wanted[table], default=-1)
        else:
            wish = rest.popleft()
            table = min(want[wish], default=-1)
        if table < 0 or wish < 0 or wish in given or table not in want[wish]:
            continue
        given[wish] = table
        for other in wanted.pop(table):
            want[other].discard(table)
            if len(want[other]) == 1 and other not in given:
                waiting.append(other)
        for other in want[wish]:
            wanted[other].discard(wish)
            if len(wanted[other]) == 1:
                scarce.append(other)
        want[wish] = set()
    return given
