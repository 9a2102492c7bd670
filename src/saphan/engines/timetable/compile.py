"""A problem as sets of slots in whole numbers (bit t for slot t), worked out once.

People come first, then interpreters: both are `helds`, things that a meeting holds for a slot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from saphan.engines.timetable.problem import (
    RELAY,
    Interpreter,
    Level,
    Person,
    Problem,
    Wish,
)
from saphan.engines.timetable.valid import sound


class Option(NamedTuple):
    """Two people who may sit for the two sides of a wish."""

    a: int
    b: int
    words: int
    """-1: they share a language; else the position of the kind of interpretation in `words`."""
    online: int
    slots: int
    """In which all who must be there are free, bit by slot."""


class Words(NamedTuple):
    """Which interpreters can stand between two sets of languages."""

    one: int
    """Alone; bit by interpreter."""
    first: int
    """With a relay: those beside the first person; none without one."""
    second: int


@dataclass
class World:
    """What the solver works on. Nothing here changes while it works."""

    problem: Problem
    free: list[int]
    """Per person, then per interpreter: bit by slot."""
    most: list[int]
    run: list[int]
    counted: list[bool]
    """Per person: whether breaks and table changes count (not for hosts)."""
    days: list[int]
    """Per slot: the slots of its day."""
    near: list[list[tuple[int, int]]]
    """Per slot: other slots of the day from which some way is too long, with the minutes between
    the two slots."""
    barred: dict[int, dict[int, int]]
    """Person to slot to places (bit by place) that she cannot reach from where she is engaged."""
    open: list[int]
    """Per place: the slots in which it has tables."""
    hosts: list[tuple[int, ...]]
    """Per wish: the hosts who sit in, each once."""
    worth: list[int]
    """Per wish: value and what a must adds."""
    options: list[list[Option]]
    slots: list[int]
    """Per wish: in which it can be held at all."""
    places: list[tuple[tuple[int, ...], tuple[int, ...]]]
    """Per wish: places on site, places online."""
    words: list[Words]
    before: list[list[int]]
    """Per wish: wishes that must be over first, and those for which it must be."""
    later: list[list[int]]
    floor: list[int]
    """Per party: min(floor, most, number of wishes)."""
    wishes_of: list[list[int]]
    people: int
    knows: list[frozenset[str]]
    """Per person: what she speaks well enough."""


def bits(positions: Iterable[int]) -> int:
    found = 0
    for position in positions:
        found |= 1 << position
    return found


def positions(mask: int) -> list[int]:
    """The set bits of a mask, rising."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


def compiled(problem: Problem) -> World:
    """Raises BadProblem."""
    sound(problem)
    held = [0] * len(problem.parties)
    wishes_of: list[list[int]] = [[] for _ in problem.parties]
    for at, wish in enumerate(problem.wishes):
        for party in (wish.a, wish.b):
            held[party] += 1
            wishes_of[party].append(at)
    hosting = {party.host for party in problem.parties}
    days: dict[int, int] = {}
    for at, slot in enumerate(problem.slots):
        days[slot.day] = days.get(slot.day, 0) | 1 << at
    everyone: list[Person | Interpreter] = [*problem.people, *problem.interpreters]
    world = World(
        problem=problem,
        free=[bits(one.free) for one in everyone],
        most=[one.most for one in everyone],
        run=[len(problem.slots) + 1 for _ in problem.people]
        + [one.run for one in problem.interpreters],
        counted=[at not in hosting for at in range(len(problem.people))],
        days=[days[slot.day] for slot in problem.slots],
        near=_near(problem),
        barred=_barred(problem),
        open=[bits(t for t, n in enumerate(place.tables) if n) for place in problem.places],
        hosts=[_hosts(problem, wish) for wish in problem.wishes],
        worth=[wish.value + wish.must * problem.goals.must for wish in problem.wishes],
        options=[],
        slots=[],
        places=[],
        words=[],
        before=[sorted(set(wish.after)) for wish in problem.wishes],
        later=[[] for _ in problem.wishes],
        floor=[
            min(party.floor, party.most, wished)
            for party, wished in zip(problem.parties, held, strict=True)
        ],
        wishes_of=wishes_of,
        people=len(problem.people),
        knows=[
            frozenset(name for name, level in one.speaks.items() if level >= problem.needs)
            for one in problem.people
        ],
    )
    for at, firsts in enumerate(world.before):
        for first in firsts:
            world.later[first].append(at)
    _wishes(world)
    return world


def _near(problem: Problem) -> list[list[tuple[int, int]]]:
    farthest = max((minutes for row in problem.walks for minutes in row), default=0)
    near: list[list[tuple[int, int]]] = [[] for _ in problem.slots]
    for then in range(len(problem.slots)):
        for first in range(then - 1, -1, -1):
            between = problem.slots[then].begins - problem.slots[first].ends
            if problem.slots[first].day != problem.slots[then].day or between >= farthest:
                break
            near[then].append((first, between))
            near[first].append((then, between))
    return near


def _barred(problem: Problem) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {}
    for who, person in enumerate(problem.people):
        for begins, ends, place in person.engaged:
            if place < 0:
                continue
            for at in person.free:
                slot = problem.slots[at]
                mask = 0
                for other in range(len(problem.places)):
                    to = problem.walks[place][other] > slot.begins - ends >= 0
                    back = problem.walks[other][place] > begins - slot.ends >= 0
                    mask |= (to or back) << other
                if mask:
                    mine = found.setdefault(who, {})
                    mine[at] = mine.get(at, 0) | mask
    return found


def _hosts(problem: Problem, wish: Wish) -> tuple[int, ...]:
    hosts = {problem.parties[wish.a].host, problem.parties[wish.b].host} - {-1}
    return tuple(sorted(hosts))


class _Interpreting:
    """Finds who can interpret between two sets of languages; remembers what it found."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.fluent = [
            {name for name, level in one.speaks.items() if level >= Level.FLUENT}
            for one in world.problem.interpreters
        ]
        self.found: dict[tuple[frozenset[str], frozenset[str], int], int] = {}

    def position(self, a: frozenset[str], b: frozenset[str], online: int) -> int:
        """In `world.words`; -2 where nobody can."""
        key = (a, b, online)
        if key not in self.found:
            self.found[key] = self._work_out(a, b, online)
        return self.found[key]

    def _work_out(self, a: frozenset[str], b: frozenset[str], online: int) -> int:
        able = [
            at
            for at, one in enumerate(self.world.problem.interpreters)
            if (online or not one.online) and self.world.free[self.world.people + at]
        ]
        one = bits(at for at in able if self.fluent[at] & a and self.fluent[at] & b)
        first = second = 0
        if self.world.problem.relay:
            first = bits(at for at in able if self.fluent[at] & a and RELAY in self.fluent[at])
            second = bits(at for at in able if self.fluent[at] & b and RELAY in self.fluent[at])
            if not first or not second or (first | second).bit_count() < 2:
                first = second = 0
        if not one and not first:
            return -2
        self.world.words.append(Words(one, first, second))
        return len(self.world.words) - 1


def _wishes(world: World) -> None:
    problem = world.problem
    sides = [party.people for party in problem.parties]
    every = bits(range(len(problem.slots)))
    interpreting = _Interpreting(world)
    common = tuple(
        tuple(
            at
            for at, place in enumerate(problem.places)
            if place.online == online and world.open[at] and not place.home
        )
        for online in (False, True)
    )
    stands: dict[int, list[int]] = {}
    for at, place in enumerate(problem.places):
        for party in place.home:
            stands.setdefault(party, []).append(at)
    for at, wish in enumerate(problem.wishes):
        may = _places(world, wish, common, stands)
        opens = tuple(_any(world.open, group) for group in may)
        mask = bits(wish.slots) if wish.slots else every
        for host in world.hosts[at]:
            mask &= world.free[host]
        hosted = any(problem.people[host].online for host in world.hosts[at])
        options: list[Option] = []
        for a in wish.people_a or sides[wish.a]:
            for b in wish.people_b or sides[wish.b]:
                online = int(hosted or problem.people[a].online or problem.people[b].online)
                slots = mask & world.free[a] & world.free[b] & opens[online]
                if not slots:
                    continue
                words = -1
                if world.knows[a].isdisjoint(world.knows[b]):
                    words = interpreting.position(world.knows[a], world.knows[b], online)
                if words > -2:
                    options.append(Option(a, b, words, online, slots))
        world.options.append(options)
        world.slots.append(_any([option.slots for option in options], range(len(options))))
        world.places.append(may)


def _any(masks: list[int], which: Iterable[int]) -> int:
    found = 0
    for at in which:
        found |= masks[at]
    return found


def _places(
    world: World, wish: Wish, common: tuple[tuple[int, ...], ...], stands: dict[int, list[int]]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    may = (list(common[0]), list(common[1]))
    for at in sorted({*stands.get(wish.a, ()), *stands.get(wish.b, ())}):
        if world.open[at]:
            may[world.problem.places[at].online].append(at)
    sites, lines = (
        tuple(at for at in group if not wish.places or at in wish.places) for group in may
    )
    return sites, lines
