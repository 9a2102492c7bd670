"""How two people can talk in a slot and place of a plan: a language, or interpreters."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from saphan.engines.timetable.check import Rule
from saphan.engines.timetable.hurdles import Hurdle, Price, Prices, Ways
from saphan.engines.timetable.problem import RELAY, Level, Problem

Words = tuple[str, tuple[int, ...], tuple[Hurdle, ...]]
"""Language, interpreters, what is in their way."""


@dataclass(frozen=True, eq=False)
class Kind:
    """How two people can talk: a language, or who can interpret, alone or by relay; who is least
    busy comes first."""

    language: str
    one: tuple[int, ...] = ()
    first: tuple[int, ...] = ()
    second: tuple[int, ...] = ()


class Interpreting:
    """Who can interpret, in a plan of which `helping` says who does so now."""

    def __init__(
        self, problem: Problem, prices: Prices, ways: Ways, helping: Mapping[int, dict[int, int]]
    ) -> None:
        """`helping`: interpreter to slot to position of a meeting."""
        self.problem, self.prices, self.ways, self.helping = problem, prices, ways, helping
        # What was worked out once: a board asks for the same slot for each place.
        self._kinds: dict[tuple[int, int], Kind] = {}
        self._words: dict[tuple[Kind, int, int], Words] = {}
        self._between: dict[tuple[frozenset[str], frozenset[str]], Kind] = {}
        self._clean: dict[tuple[tuple[int, ...], int], list[int]] = {}
        self._ranked: dict[tuple[tuple[int, ...], int], list[tuple[Price, int]]] = {}

    def kind(self, a: int, b: int) -> Kind:
        """What two people can speak with each other, and who can interpret between them."""
        if (a, b) not in self._kinds:
            sides = (self._knows(a), self._knows(b))
            language = _best_shared(self.problem, a, b, sides[0] & sides[1])
            if language:
                self._kinds[a, b] = Kind(language)
            else:
                if sides not in self._between:
                    self._between[sides] = _between(self.problem, *sides, self._load)
                self._kinds[a, b] = self._between[sides]
        return self._kinds[a, b]

    def _knows(self, person: int) -> frozenset[str]:
        speaks = self.problem.people[person].speaks
        return frozenset(name for name, level in speaks.items() if level >= self.problem.needs)

    def _load(self, one: int) -> int:
        return len(self.helping[one])

    def words(self, a: int, b: int, slot: int, place: int) -> Words:
        """Language or interpreters with the least in their way, and what that is."""
        kind = self.kind(a, b)
        if kind.language:
            return kind.language, (), ()
        key = (kind, slot, place)
        if key not in self._words:
            self._words[key] = self._interpreted(kind, slot, place)
        return self._words[key]

    def _interpreted(self, kind: Kind, slot: int, place: int) -> Words:
        """One interpreter, or two, with nothing in their way; else those with the least."""
        one = self._idle(kind.one, slot, place)
        if one >= 0:
            return "", (one,), ()
        first = self._idle(kind.first, slot, place)
        if first >= 0:
            second = self._idle(kind.second, slot, place, first)
            if second >= 0:
                return "", (first, second), ()
        singles = [(one,) for one in self._cheapest(kind.one, slot, place)]
        best, price = self._best_team(singles, slot, place)
        if price[0]:  # a relay that others give way for only where no single interpreter could be
            firsts = self._cheapest(kind.first, slot, place)
            seconds = self._cheapest(kind.second, slot, place) if firsts else []
            pairs = [pair for pair in itertools.product(firsts, seconds) if len({*pair}) == 2]
            other, less = self._best_team(pairs, slot, place)
            best = other if less < price else best
        return best

    def _best_team(
        self, teams: Sequence[tuple[int, ...]], slot: int, place: int
    ) -> tuple[Words, Price]:
        best: Words = "", (), (Hurdle(Rule.INTERPRETER_LANGUAGE),)
        least: Price = (99, 0)
        for team in teams:
            found = tuple(hurdle for one in team for hurdle in self.helps(one, slot, place))
            price = self.prices.price(found)
            if price < least:
                best, least = ("", team, found), price
        return best, least

    def _idle(self, among: tuple[int, ...], slot: int, place: int, but: int = -1) -> int:
        """The first of these with nothing in the way, or -1."""
        key = (among, slot)
        if key not in self._clean:
            self._clean[key] = [one for one in among if not any(self._helping(one, slot))]
        online = self.problem.places[place].online
        for one in self._clean[key]:
            able = one != but and (online or not self.problem.interpreters[one].online)
            if able and not any(True for _ in self.ways.too_far(one, slot, place)):
                return one
        return -1

    def _cheapest(self, among: tuple[int, ...], slot: int, place: int) -> list[int]:
        """The two of these with the least in their way."""
        key = (among, slot)
        if key not in self._ranked:
            prices = [(self.prices.price(tuple(self._helping(one, slot))), one) for one in among]
            self._ranked[key] = sorted(prices)
        found: list[tuple[Price, int]] = []
        for least, one in self._ranked[key]:
            if len(found) > 1 and least >= found[1][0]:
                break  # the way can only add to it
            found = sorted([*found, (self.prices.price(self.helps(one, slot, place)), one)])[:2]
        return [one for _, one in found]

    def helps(self, one: int, slot: int, place: int) -> tuple[Hurdle, ...]:
        """What keeps an interpreter from helping here."""
        if self.problem.interpreters[one].online and not self.problem.places[place].online:
            return (Hurdle(Rule.INTERPRETER_ONLINE, interpreter=one),)
        far = [
            Hurdle(Rule.INTERPRETER_WALK, (at,), interpreter=one)
            for at in self.ways.too_far(one, slot, place)
        ]
        return (*self._helping(one, slot), *far)

    def _helping(self, one: int, slot: int) -> Iterator[Hurdle]:
        who, busy = self.problem.interpreters[one], self.helping[one]
        if slot not in who.free:
            yield Hurdle(Rule.INTERPRETER_NOT_FREE, interpreter=one)
            return
        if slot in busy:
            yield Hurdle(Rule.INTERPRETER_TWICE, (busy[slot],), interpreter=one)
        if len(busy) >= who.most:
            yield Hurdle(Rule.INTERPRETER_MOST, tuple(busy.values()), interpreter=one)
        for row in self._long_rows(busy, slot, who.run):
            yield Hurdle(Rule.INTERPRETER_RUN, row, interpreter=one)

    def _long_rows(self, busy: dict[int, int], slot: int, run: int) -> list[tuple[int, ...]]:
        """Groups of meetings of which one each has to give way to leave a rest."""
        slots = self.problem.slots
        sides: list[list[int]] = []
        for step in (-1, 1):
            row, at = [], slot + step
            while at in busy and slots[at].day == slots[slot].day:
                row.append(busy[at])
                at += step
            sides.append(row)
        left, right = sides
        if len(left) + 1 + len(right) <= run:
            return []
        lift = [at for n, at in enumerate(left) if n + 1 + len(right) <= run]
        lift += [at for n, at in enumerate(right) if n + 1 + len(left) <= run]
        return [tuple(lift)] if lift else [(left[0],), (right[0],)]


def _best_shared(problem: Problem, a: int, b: int, shared: frozenset[str]) -> str:
    """Of the shared languages the one that the weaker of the two speaks best; empty if none."""
    x, y = problem.people[a].speaks, problem.people[b].speaks
    return max(sorted(shared), key=lambda name: min(x[name], y[name]), default="")


def _between(
    problem: Problem, a: frozenset[str], b: frozenset[str], load: Callable[[int], int]
) -> Kind:
    """Who can interpret between people who know these languages, least busy first."""
    one, first, second = [], [], []
    for at in sorted(range(len(problem.interpreters)), key=load):
        speaks = problem.interpreters[at].speaks
        fluent = {name for name, level in speaks.items() if level >= Level.FLUENT}
        if fluent & a and fluent & b:
            one.append(at)
        if problem.relay and RELAY in fluent:
            if fluent & a:
                first.append(at)
            if fluent & b:
                second.append(at)
    if not first or not second:
        first, second = [], []
    return Kind("", tuple(one), tuple(first), tuple(second))
