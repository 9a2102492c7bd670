"""What of a plan touches one wish: where it could be held, and who would have to give way there.

Plain Python over the plan's meetings, quick enough to run while somebody drags a meeting. It knows
the same rules as `check.py`, asked the other way round: not "what is broken" but "what is in the
way". Where the two could differ, tests hold them against each other.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from saphan.engines.timetable.check import Rule, minutes_from_elsewhere
from saphan.engines.timetable.problem import RELAY, Level, Meeting, Problem


@dataclass(frozen=True)
class Choice:
    """Who would sit and how they would talk."""

    person_a: int
    person_b: int
    language: str = ""
    interpreters: tuple[int, ...] = ()


@dataclass(frozen=True)
class Hurdle:
    """What is in the way of a meeting."""

    rule: Rule
    meetings: tuple[int, ...] = ()
    """Positions of meetings; if one of these gave way, the hurdle would be gone. Empty: nothing
    that gives way helps."""
    person: int = -1
    interpreter: int = -1


@dataclass(frozen=True)
class Option:
    """One way to hold a wish in a slot and place, with all that is in its way."""

    slot: int
    place: int
    choice: Choice
    hurdles: tuple[Hurdle, ...]

    @property
    def closed(self) -> Rule | None:
        """The first hurdle that no meeting can lift by giving way."""
        return next((hurdle.rule for hurdle in self.hurdles if not hurdle.meetings), None)


Price = tuple[int, int]
"""Hurdles that nothing lifts, points of the meetings that would have to give way."""


class Around:
    """The part of a plan that concerns a wish. A meeting of the wish itself is left out."""

    def __init__(
        self, problem: Problem, meetings: Sequence[Meeting], wish: int, also: Iterable[int] = ()
    ) -> None:
        """`also`: people to look at besides those who may sit."""
        self.problem, self.meetings, self.number = problem, meetings, wish
        self.wish = problem.wishes[wish]
        parties = problem.parties
        self.sides = (
            self.wish.people_a or parties[self.wish.a].people,
            self.wish.people_b or parties[self.wish.b].people,
        )
        self.hosts = {parties[self.wish.a].host, parties[self.wish.b].host} - {-1}
        self.concerned = {*self.sides[0], *self.sides[1], *self.hosts, *also}
        self.own = -1
        self.seated: defaultdict[int, dict[int, int]] = defaultdict(dict)
        """Person to slot to position of a meeting."""
        self.helping: defaultdict[int, dict[int, int]] = defaultdict(dict)
        self.at: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        """Slot and place to positions."""
        self.of_party: dict[int, list[int]] = {self.wish.a: [], self.wish.b: []}
        self.earlier: list[int] = []
        self.later: list[int] = []
        self._read()
        self.free = {one: set(problem.people[one].free) for one in self.concerned}
        self._kinds: dict[tuple[int, int], _Kind] = {}
        self._rows: dict[tuple[int, int], tuple[Hurdle, ...]] = {}

    def _read(self) -> None:
        problem, concerned = self.problem, self.concerned
        led = {at for at, party in enumerate(problem.parties) if party.host in concerned}
        for at, one in enumerate(self.meetings):
            if one.wish == self.number:
                self.own = at
                continue
            wish = problem.wishes[one.wish]
            slot = one.slot
            self.at[slot, one.place].append(at)
            if one.person_a in concerned:
                self.seated[one.person_a][slot] = at
            if one.person_b in concerned:
                self.seated[one.person_b][slot] = at
            for party in (wish.a, wish.b):
                if party in led:
                    self.seated[problem.parties[party].host][slot] = at
                if party in self.of_party:
                    self.of_party[party].append(at)
            for helper in one.interpreters:
                self.helping[helper][slot] = at
            if wish.after and self.number in wish.after:
                self.later.append(at)
            if self.wish.after and one.wish in self.wish.after:
                self.earlier.append(at)

    # --- what giving way would cost ---

    def worth(self, at: int) -> int:
        """Points of a meeting by itself."""
        wish = self.problem.wishes[self.meetings[at].wish]
        return wish.value + wish.must * self.problem.goals.must

    def giving_way(self, hurdles: Iterable[Hurdle]) -> tuple[int, ...]:
        """Positions of cheap meetings that lift these hurdles together."""
        chosen: set[int] = set()
        for hurdle in sorted(hurdles, key=lambda one: len(one.meetings)):
            if hurdle.meetings and chosen.isdisjoint(hurdle.meetings):
                chosen.add(min(hurdle.meetings, key=lambda at: (self.worth(at), at)))
        return tuple(sorted(chosen))

    def price(self, hurdles: Sequence[Hurdle]) -> Price:
        if not hurdles:
            return (0, 0)
        shut = sum(1 for one in hurdles if not one.meetings)
        return (shut, sum(self.worth(at) for at in self.giving_way(hurdles)))

    # --- what is in the way ---

    def best(self, slot: int, place: int) -> Option:
        """The way to hold the wish here with the least in its way."""
        found: Option | None = None
        least: Price = (99, 0)
        for option in self.options(slot, place):
            price = self.price(option.hurdles)
            if found is None or price < least:
                found, least = option, price
                if not option.hurdles:
                    break
        return found or Option(slot, place, Choice(-1, -1), (Hurdle(Rule.NOT_OF_SIDE),))

    def options(self, slot: int, place: int) -> Iterator[Option]:
        """For each pair of people who may sit: the best way to let them talk here."""
        here = self.meeting_hurdles(slot, place)
        for a, b in self.pairs():
            there = self.pair_hurdles(a, b, slot, place)
            hosts = [h for one in self.hosts - {a, b} for h in self.sits(one, slot, place, True)]
            language, helpers, words = self.words(a, b, slot, place)
            choice = Choice(a, b, language, helpers)
            yield Option(slot, place, choice, (*here, *there, *hosts, *words))

    def pairs(self) -> Iterator[tuple[int, int]]:
        return ((a, b) for a in self.sides[0] for b in self.sides[1] if a != b)

    def meeting_hurdles(self, slot: int, place: int) -> tuple[Hurdle, ...]:
        """Whoever sits: the wish's own terms, the place, the order of wishes, parties' limits."""
        if (slot, place) not in self._rows:
            self._rows[slot, place] = tuple(self._meeting_hurdles(slot, place))
        return self._rows[slot, place]

    def _meeting_hurdles(self, slot: int, place: int) -> Iterator[Hurdle]:
        wish, where, when = self.wish, self.problem.places[place], self.problem.slots[slot]
        if wish.slots and slot not in wish.slots:
            yield Hurdle(Rule.WISH_SLOT)
        if wish.places and place not in wish.places:
            yield Hurdle(Rule.WISH_PLACE)
        if where.home and wish.a not in where.home and wish.b not in where.home:
            yield Hurdle(Rule.HOME)
        if len(self.at[slot, place]) >= where.tables[slot]:
            yield Hurdle(Rule.NO_TABLE, tuple(self.at[slot, place]) if where.tables[slot] else ())
        for at in self.earlier:
            if self.problem.slots[self.meetings[at].slot].ends > when.begins:
                yield Hurdle(Rule.ORDER, (at,))
        for at in self.later:
            if when.ends > self.problem.slots[self.meetings[at].slot].begins:
                yield Hurdle(Rule.ORDER, (at,))
        for party, held in self.of_party.items():
            if len(held) >= self.problem.parties[party].most:
                yield Hurdle(Rule.PARTY_MOST, tuple(held))

    def pair_hurdles(self, a: int, b: int, slot: int, place: int) -> list[Hurdle]:
        remote = any(self.problem.people[one].online for one in {a, b, *self.hosts})
        found = [*self.sits(a, slot, place), *self.sits(b, slot, place)]
        if remote != self.problem.places[place].online:
            found.append(Hurdle(Rule.NEEDS_ONLINE if remote else Rule.NEEDS_SITE))
        return found

    def sits(self, who: int, slot: int, place: int, host: bool = False) -> Iterator[Hurdle]:
        """What keeps a person from sitting here."""
        person, busy = self.problem.people[who], self.seated[who]
        if slot not in self.free[who]:
            yield Hurdle(Rule.HOST_NOT_FREE if host else Rule.PERSON_NOT_FREE, person=who)
        if slot in busy:
            rule = Rule.HOST_TWICE if host else Rule.PERSON_TWICE
            yield Hurdle(rule, (busy[slot],), person=who)
        if len(busy) >= person.most:
            yield Hurdle(Rule.PERSON_MOST, tuple(busy.values()), person=who)
        for at in self._too_far(busy, slot, place):
            yield Hurdle(Rule.WALK, (at,), person=who)
        if person.engaged:
            here = Meeting(self.number, slot, place, 0, who, who)
            if any(minutes_from_elsewhere(self.problem, here, one) for one in person.engaged):
                yield Hurdle(Rule.WALK, person=who)

    def _too_far(self, busy: dict[int, int], slot: int, place: int) -> Iterator[int]:
        """Of a day's meetings just before and after, those from which the way is too long."""
        slots, walks = self.problem.slots, self.problem.walks
        day = [other for other in busy if slots[other].day == slots[slot].day and other != slot]
        before = max((other for other in day if other < slot), default=-1)
        after = min((other for other in day if other > slot), default=-1)
        if before >= 0:
            gap = slots[slot].begins - slots[before].ends
            if walks[self.meetings[busy[before]].place][place] > gap:
                yield busy[before]
        if after >= 0:
            gap = slots[after].begins - slots[slot].ends
            if walks[place][self.meetings[busy[after]].place] > gap:
                yield busy[after]

    # --- words ---

    def kind(self, a: int, b: int) -> _Kind:
        """What two people can speak with each other, and who can interpret between them."""
        if (a, b) not in self._kinds:
            self._kinds[a, b] = _kind(self.problem, a, b)
        return self._kinds[a, b]

    def words(
        self, a: int, b: int, slot: int, place: int
    ) -> tuple[str, tuple[int, ...], tuple[Hurdle, ...]]:
        """Language or interpreters with the least in their way, and what that is."""
        kind = self.kind(a, b)
        if kind.language:
            return kind.language, (), ()
        best: tuple[int, ...] = ()
        hurdles: tuple[Hurdle, ...] = (Hurdle(Rule.INTERPRETER_LANGUAGE),)
        least: Price = (2, 0)
        for helpers in self._teams(kind, slot, place):
            found = tuple(h for one in helpers for h in self.helps(one, slot, place))
            price = self.price(found)
            if price < least or not best:
                best, hurdles, least = helpers, found, price
            if not found:
                break
        return "", best, hurdles

    def _teams(self, kind: _Kind, slot: int, place: int) -> Iterator[tuple[int, ...]]:
        """One interpreter or two; with two, the best for each side."""
        for one in sorted(kind.one, key=lambda one: len(self.helping[one])):
            yield (one,)
        if not kind.first:
            return

        def cost(one: int) -> tuple[Price, int]:
            return self.price(tuple(self.helps(one, slot, place))), len(self.helping[one])

        firsts, seconds = sorted(kind.first, key=cost)[:2], sorted(kind.second, key=cost)[:2]
        for pair in itertools.product(firsts, seconds):
            if pair[0] != pair[1]:
                yield pair

    def helps(self, one: int, slot: int, place: int) -> Iterator[Hurdle]:
        """What keeps an interpreter from helping here."""
        who, busy = self.problem.interpreters[one], self.helping[one]
        if slot not in who.free:
            yield Hurdle(Rule.INTERPRETER_NOT_FREE, interpreter=one)
            return
        if who.online and not self.problem.places[place].online:
            yield Hurdle(Rule.INTERPRETER_ONLINE, interpreter=one)
            return
        if slot in busy:
            yield Hurdle(Rule.INTERPRETER_TWICE, (busy[slot],), interpreter=one)
        if len(busy) >= who.most:
            yield Hurdle(Rule.INTERPRETER_MOST, tuple(busy.values()), interpreter=one)
        for row in self._long_rows(busy, slot, who.run):
            yield Hurdle(Rule.INTERPRETER_RUN, row, interpreter=one)
        for at in self._too_far(busy, slot, place):
            yield Hurdle(Rule.INTERPRETER_WALK, (at,), interpreter=one)

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


@dataclass(frozen=True)
class _Kind:
    language: str
    one: tuple[int, ...] = ()
    first: tuple[int, ...] = ()
    second: tuple[int, ...] = ()


def _kind(problem: Problem, a: int, b: int) -> _Kind:
    x, y = problem.people[a].speaks, problem.people[b].speaks
    knows_a = {name for name, level in x.items() if level >= problem.needs}
    knows_b = {name for name, level in y.items() if level >= problem.needs}
    shared = sorted(knows_a & knows_b)
    if shared:
        return _Kind(max(shared, key=lambda name: min(x[name], y[name])))
    one, first, second = [], [], []
    for at, helper in enumerate(problem.interpreters):
        fluent = {name for name, level in helper.speaks.items() if level >= Level.FLUENT}
        if fluent & knows_a and fluent & knows_b:
            one.append(at)
        if problem.relay and RELAY in fluent:
            if fluent & knows_a:
                first.append(at)
            if fluent & knows_b:
                second.append(at)
    if not first or not second:
        first, second = [], []
    return _Kind("", tuple(one), tuple(first), tuple(second))
