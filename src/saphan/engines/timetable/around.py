"""What of a plan touches one wish: where it could be held, and who would have to give way there.

Plain Python over the plan's meetings, quick enough to run while somebody drags a meeting. It knows
the same rules as `check.py`, asked the other way round: not "what is broken" but "what is in the
way". Where the two could differ, tests hold them against each other.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
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
        # What was worked out once: a board asks for the same person in a slot for each place.
        self._kinds: dict[tuple[int, int], _Kind] = {}
        self._words: dict[tuple[_Kind, int, int], _Words] = {}
        self._sits: dict[tuple[int, int, bool], tuple[Hurdle, ...]] = {}
        self._worth: dict[int, int] = {}
        self._leasts: dict[tuple[int, ...], int] = {}
        self._between: dict[tuple[frozenset[str], frozenset[str]], _Kind] = {}
        self._clean: dict[tuple[tuple[int, ...], int], list[int]] = {}
        self._ranked: dict[tuple[tuple[int, ...], int], list[tuple[Price, int]]] = {}
        self._beside: dict[tuple[bool, int, int], list[_Beside]] = {}

    def _read(self) -> None:
        parties, wishes, concerned = self.problem.parties, self.problem.wishes, self.concerned
        led = {at for at, party in enumerate(parties) if party.host in concerned}
        looked_at = led | set(self.of_party)
        places, seated, number = self.at, self.seated, self.number
        for at, one in enumerate(self.meetings):
            if one.wish == number:
                self.own = at
                continue
            wish, slot = wishes[one.wish], one.slot
            places[slot, one.place].append(at)
            if one.person_a in concerned:
                seated[one.person_a][slot] = at
            if one.person_b in concerned:
                seated[one.person_b][slot] = at
            if wish.a in looked_at or wish.b in looked_at:
                for party in (wish.a, wish.b):
                    if party in led:
                        seated[parties[party].host][slot] = at
                    if party in self.of_party:
                        self.of_party[party].append(at)
            for helper in one.interpreters:
                self.helping[helper][slot] = at
            if wish.after and number in wish.after:
                self.later.append(at)
            if one.wish in self.wish.after:
                self.earlier.append(at)

    # --- what giving way would cost ---

    def worth(self, at: int) -> int:
        """Points of a meeting by itself."""
        if at not in self._worth:
            wish = self.problem.wishes[self.meetings[at].wish]
            self._worth[at] = wish.value + wish.must * self.problem.goals.must
        return self._worth[at]

    def giving_way(self, hurdles: Iterable[Hurdle]) -> tuple[int, ...]:
        """Positions of cheap meetings that lift these hurdles together."""
        chosen: set[int] = set()
        for hurdle in sorted(hurdles, key=lambda one: len(one.meetings)):
            if hurdle.meetings and chosen.isdisjoint(hurdle.meetings):
                chosen.add(self._least(hurdle.meetings))
        return tuple(sorted(chosen))

    def _least(self, meetings: tuple[int, ...]) -> int:
        if len(meetings) == 1:
            return meetings[0]
        if meetings not in self._leasts:
            self._leasts[meetings] = min(meetings, key=lambda at: (self.worth(at), at))
        return self._leasts[meetings]

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
        """For each pair of people who may sit: the best way to let them talk here. If the slot or
        the place is closed whoever sits, only that is told."""
        here = tuple(self.meeting_hurdles(slot, place))
        closed = not all(one.meetings for one in here)
        for a, b in self.pairs():
            if closed:
                yield Option(slot, place, Choice(a, b), here)
                return
            there = self.pair_hurdles(a, b, slot, place)
            if all(one.meetings for one in there):
                language, helpers, words = self.words(a, b, slot, place)
                choice = Choice(a, b, language, helpers)
                yield Option(slot, place, choice, (*here, *there, *words))
            else:
                yield Option(slot, place, Choice(a, b), (*here, *there))

    def pairs(self) -> Iterator[tuple[int, int]]:
        return ((a, b) for a in self.sides[0] for b in self.sides[1] if a != b)

    def meeting_hurdles(self, slot: int, place: int) -> Iterator[Hurdle]:
        """Whoever sits: the wish's own terms, the place, the order of wishes, parties' limits."""
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
        """What keeps these two, or a host, from sitting here."""
        remote = any(self.problem.people[one].online for one in {a, b, *self.hosts})
        found: list[Hurdle] = []
        if remote != self.problem.places[place].online:
            found.append(Hurdle(Rule.NEEDS_ONLINE if remote else Rule.NEEDS_SITE))
        found += self._seat(a, slot, place)
        found += self._seat(b, slot, place)
        for host in self.hosts - {a, b}:
            found += self._seat(host, slot, place, True)
        return found

    def _seat(self, who: int, slot: int, place: int, host: bool = False) -> Iterator[Hurdle]:
        if (who, slot, host) not in self._sits:
            self._sits[who, slot, host] = tuple(self._sitting(who, slot, host))
        yield from self._sits[who, slot, host]
        for at in self._too_far(False, who, slot, place):
            yield Hurdle(Rule.WALK, (at,), person=who)
        engaged = self.problem.people[who].engaged
        if engaged:
            here = Meeting(self.number, slot, place, 0, who, who)
            if any(minutes_from_elsewhere(self.problem, here, one) for one in engaged):
                yield Hurdle(Rule.WALK, person=who)

    def _sitting(self, who: int, slot: int, host: bool) -> Iterator[Hurdle]:
        person, busy = self.problem.people[who], self.seated[who]
        if slot not in self.free[who]:
            yield Hurdle(Rule.HOST_NOT_FREE if host else Rule.PERSON_NOT_FREE, person=who)
        if slot in busy:
            rule = Rule.HOST_TWICE if host else Rule.PERSON_TWICE
            yield Hurdle(rule, (busy[slot],), person=who)
        if len(busy) >= person.most:
            yield Hurdle(Rule.PERSON_MOST, tuple(busy.values()), person=who)

    def _too_far(self, helper: bool, who: int, slot: int, place: int) -> Iterator[int]:
        """Of a day's meetings just before and after, those from which the way is too long."""
        if (helper, who, slot) not in self._beside:
            busy = self.helping[who] if helper else self.seated[who]
            self._beside[helper, who, slot] = list(self._neighbours(busy, slot))
        for at, gap, before in self._beside[helper, who, slot]:
            other = self.meetings[at].place
            first, then = (other, place) if before else (place, other)
            if self.problem.walks[first][then] > gap:
                yield at

    def _neighbours(self, busy: dict[int, int], slot: int) -> Iterator[_Beside]:
        slots = self.problem.slots
        day = [other for other in busy if slots[other].day == slots[slot].day]
        before = max((other for other in day if other < slot), default=-1)
        after = min((other for other in day if other > slot), default=-1)
        if before >= 0:
            yield busy[before], slots[slot].begins - slots[before].ends, True
        if after >= 0:
            yield busy[after], slots[after].begins - slots[slot].ends, False

    # --- words ---

    def kind(self, a: int, b: int) -> _Kind:
        """What two people can speak with each other, and who can interpret between them."""
        if (a, b) not in self._kinds:
            sides = (self._knows(a), self._knows(b))
            language = _best_shared(self.problem, a, b, sides[0] & sides[1])
            if language:
                self._kinds[a, b] = _Kind(language)
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

    def words(self, a: int, b: int, slot: int, place: int) -> _Words:
        """Language or interpreters with the least in their way, and what that is."""
        kind = self.kind(a, b)
        if kind.language:
            return kind.language, (), ()
        key = (kind, slot, place)
        if key not in self._words:
            self._words[key] = self._interpreted(kind, slot, place)
        return self._words[key]

    def _interpreted(self, kind: _Kind, slot: int, place: int) -> _Words:
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
    ) -> tuple[_Words, Price]:
        best: _Words = "", (), (Hurdle(Rule.INTERPRETER_LANGUAGE),)
        least: Price = (99, 0)
        for team in teams:
            found = tuple(hurdle for one in team for hurdle in self.helps(one, slot, place))
            price = self.price(found)
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
            if able and not any(True for _ in self._too_far(True, one, slot, place)):
                return one
        return -1

    def _cheapest(self, among: tuple[int, ...], slot: int, place: int) -> list[int]:
        """The two of these with the least in their way."""
        key = (among, slot)
        if key not in self._ranked:
            prices = [(self.price(tuple(self._helping(one, slot))), one) for one in among]
            self._ranked[key] = sorted(prices)
        found: list[tuple[Price, int]] = []
        for least, one in self._ranked[key]:
            if len(found) > 1 and least >= found[1][0]:
                break  # the way can only add to it
            found = sorted([*found, (self.price(self.helps(one, slot, place)), one)])[:2]
        return [one for _, one in found]

    def helps(self, one: int, slot: int, place: int) -> tuple[Hurdle, ...]:
        """What keeps an interpreter from helping here."""
        if self.problem.interpreters[one].online and not self.problem.places[place].online:
            return (Hurdle(Rule.INTERPRETER_ONLINE, interpreter=one),)
        far = [
            Hurdle(Rule.INTERPRETER_WALK, (at,), interpreter=one)
            for at in self._too_far(True, one, slot, place)
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


_Words = tuple[str, tuple[int, ...], tuple[Hurdle, ...]]
"""Language, interpreters, what is in their way."""
_Beside = tuple[int, int, bool]
"""Position of a meeting, minutes between, whether it is before."""


@dataclass(frozen=True, eq=False)
class _Kind:
    language: str
    one: tuple[int, ...] = ()
    first: tuple[int, ...] = ()
    second: tuple[int, ...] = ()


def _best_shared(problem: Problem, a: int, b: int, shared: frozenset[str]) -> str:
    """Of the shared languages the one that the weaker of the two speaks best; empty if none."""
    x, y = problem.people[a].speaks, problem.people[b].speaks
    return max(sorted(shared), key=lambda name: min(x[name], y[name]), default="")


def _between(
    problem: Problem, a: frozenset[str], b: frozenset[str], load: Callable[[int], int]
) -> _Kind:
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
    return _Kind("", tuple(one), tuple(first), tuple(second))
