"""What of a plan touches one wish: where it could be held, and who would have to give way there.

Plain Python over the plan's meetings, quick enough to run while somebody drags a meeting. It knows
the same rules as `check.py`, asked the other way round: not "what is broken" but "what is in the
way". Where the two could differ, tests hold them against each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from saphan.engines.timetable.check import Rule, minutes_from_elsewhere
from saphan.engines.timetable.hurdles import Choice, Hurdle, Option, Price, Prices, Ways
from saphan.engines.timetable.interpreting import Interpreting
from saphan.engines.timetable.problem import Meeting, Problem


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
        self._sits: dict[tuple[int, int, bool], tuple[Hurdle, ...]] = {}
        self.prices = Prices(problem, meetings)
        self.ways = Ways(problem, meetings, self.seated)
        helpers = Ways(problem, meetings, self.helping)
        self.interpreting = Interpreting(problem, self.prices, helpers, self.helping)

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

    # --- what is in the way ---

    def best(self, slot: int, place: int) -> Option:
        """The way to hold the wish here with the least in its way."""
        found: Option | None = None
        least: Price = (99, 0)
        for option in self.options(slot, place):
            price = self.prices.price(option.hurdles)
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
                language, helpers, words = self.interpreting.words(a, b, slot, place)
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
        for at in self.ways.too_far(who, slot, place):
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
