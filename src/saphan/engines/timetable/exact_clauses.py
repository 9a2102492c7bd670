"""The rules of a fixture as clauses.

Variables: a meeting is in a slot; a person is busy in a slot; and, per person with k meetings,
"at least j of her meetings are in the first t slots" (order encoding of the time of her j-th
meeting). The last are few, since the meetings before and after leave the j-th only
`slots - k + 1` places, and they carry the proofs: sessions fix some of them at once, and "no break"
is one clause of three literals per (t, j): if j meetings are over by t, then j + 1 are by t + 1.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from saphan.engines.timetable.exact_domains import Domains, NothingFits, meetings_of

if TYPE_CHECKING:
    from saphan.engines.timetable.exact import Fixture

try:
    from pysat.card import CardEnc, EncType
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError(
        "an exact timetable needs the package python-sat: pip install python-sat") from missing

Literal = int | bool
"""A variable from 1, negative for "not"; or what is known already."""


def no(literal: Literal) -> Literal:
    """The opposite."""
    return not literal if isinstance(literal, bool) else -literal


@dataclass
class Formula:
    """Clauses, and what the variables mean."""

    variables: int = 0
    packed_clauses: array[int] = field(default_factory=lambda: array("i"))
    """Literals, each clause closed by 0."""
    costs: list[int] = field(default_factory=list)
    """Each true one is a break."""
    place: list[dict[int, int]] = field(default_factory=list)
    """Per meeting: slot to variable."""

    def new(self) -> int:
        """A fresh variable."""
        self.variables += 1
        return self.variables

    def add(self, *literals: Literal) -> None:
        """One of these is true. Raises NothingFits where none can be."""
        clause: list[int] = []
        for literal in literals:
            if literal is True:
                return
            if literal is not False:
                clause.append(literal)
        if not clause:
            raise NothingFits
        clause.append(0)
        self.packed_clauses.extend(clause)

    def at_most_one(self, literals: Sequence[Literal]) -> None:
        """Pair by pair."""
        for i, one in enumerate(literals):
            for other in literals[:i]:
                self.add(no(one), no(other))

    def any_of(self, literals: Sequence[Literal]) -> Literal:
        """True exactly where one of them is."""
        if len(literals) < 2:
            return literals[0] if literals else False
        some = self.new()
        self.add(-some, *literals)
        for literal in literals:
            self.add(no(literal), some)
        return some

    def count(self, literals: Iterable[Literal], most: int) -> list[Literal]:
        """[at least 1 is true, at least 2, ..., at least `most`] (a sequential counter)."""
        at_least: list[Literal] = [True, *([False] * most)]
        for literal in literals:
            new: list[Literal] = [True]
            for j in range(1, most + 1):
                new.append(self._step(literal, at_least[j], at_least[j - 1]))
            at_least = new
        return at_least[1:]

    def _step(self, literal: Literal, same: Literal, less: Literal) -> Literal:
        """`same` or (`less` and `literal`)."""
        if same is True or less is False or literal is False:
            return same
        if same is False and (less is True or literal is True):
            return literal if less is True else less
        result = self.new()
        self.add(no(same), result)
        self.add(no(literal), no(less), result)
        self.add(-result, same, literal)
        self.add(-result, same, less)
        return result

    def at_most(self, literals: Sequence[Literal], most: int, kind: int) -> None:
        """No more than so many are true; `kind` is an encoding of pysat."""
        open_ones = [v for v in literals if not isinstance(v, bool)]
        most -= sum(v is True for v in literals)
        if most < 0:
            raise NothingFits
        if len(open_ones) > most:
            made = CardEnc.atmost(open_ones, most, top_id=self.variables, encoding=kind)
            self.variables = max(self.variables, made.nv)
            for clause in made.clauses:
                self.add(*clause)

    def packed(self) -> bytes:
        """As `exact_search` reads it."""
        head = array("i", [self.variables, len(self.costs), *self.costs])
        return head.tobytes() + self.packed_clauses.tobytes()

    def slots(self, true: Iterable[int]) -> tuple[int, ...]:
        """Per meeting, its slot where these variables are true."""
        known = set(true)
        return tuple(next(t for t, v in one.items() if v in known) for one in self.place)


def formula(fixture: Fixture, may: Domains) -> Formula:
    """All rules for meetings that can be in the slots of `may`. Raises NothingFits."""
    made = Formula()
    theirs = meetings_of(fixture)
    for slots in may:
        place = {t: made.new() for t in sorted(slots)}
        made.place.append(place)
        made.add(*place.values())
        made.at_most_one(list(place.values()))
    busy: list[list[Literal]] = []
    at_least: list[list[Literal]] = []
    for meetings in theirs:
        one = _person(made, meetings, may, fixture.slots)
        busy.append(one)
        at_least.append(_breaks(made, one, meetings, may))
    _fairness(made, at_least, fixture.fairness)
    for breaks in at_least:
        made.costs += [v for v in breaks if not isinstance(v, bool)]
    _tables(made, fixture, theirs, busy)
    for earlier, later in fixture.before:
        _order(made, made.place[earlier], made.place[later])
    return made


def _person(made: Formula, meetings: list[int], may: Domains, slots: int) -> list[Literal]:
    """Nobody twice at once. Per slot: is she busy?"""
    busy: list[Literal] = []
    for t in range(slots):
        here = [made.place[m][t] for m in meetings if t in may[m]]
        made.at_most_one(here)
        busy.append(made.any_of(here))
    return busy


def _breaks(made: Formula, busy: list[Literal], meetings: list[int], may: Domains) -> list[Literal]:
    """[at least one break, at least two, ...] of a person."""
    k, slots = len(meetings), len(busy)
    if k == 0:
        return []
    known: dict[tuple[int, int], int] = {}

    def over(t: int, j: int) -> Literal:
        """At least j of her meetings are in the first t slots."""
        if j <= 0 or slots - t <= k - j:
            return j <= k
        if j > k or t < j:
            return False
        if (t, j) not in known:
            known[t, j] = made.new()
        return known[t, j]

    for t in range(1, slots + 1):
        for j in range(1, k + 2):
            made.add(no(busy[t - 1]), no(over(t - 1, j - 1)), over(t, j))
            made.add(no(over(t, j)), over(t - 1, j), busy[t - 1])
            made.add(no(over(t, j)), over(t - 1, j - 1))
            made.add(no(over(t - 1, j)), over(t, j))
        made.add(over(t, sum(max(may[m]) < t for m in meetings)))
        made.add(no(over(t, k + 1 - sum(min(may[m]) >= t for m in meetings))))
    most = min(k - 1, slots - k)
    if most == 0:
        return []
    begins: list[Literal] = []
    for t in range(slots):
        begins.append(_begins(made, busy[t], busy[t - 1] if t else False))
    breaks = made.count(begins, most + 1)[1:]
    for t in range(slots):
        for j in range(1, k):
            made.add(no(over(t, j)), over(t + 1, j + 1), breaks[0])
    return breaks


def _begins(made: Formula, now: Literal, before: Literal) -> Literal:
    """She is busy now and was not before."""
    if now is False or before is False:
        return now
    result = made.new()
    made.add(no(now), before, result)
    made.add(-result, now)
    made.add(-result, no(before))
    return result


def _fairness(made: Formula, at_least: list[list[Literal]], fairness: int | None) -> None:
    """Where anybody has i + fairness breaks, everybody has i."""
    if fairness is None:
        return
    for i in range(1, max(map(len, at_least), default=0) - fairness + 1):
        floor: Literal = made.new() if all(len(one) >= i for one in at_least) else False
        for one in at_least:
            if len(one) >= i + fairness:
                made.add(no(one[i + fairness - 1]), floor)
            if floor is not False:
                made.add(no(floor), one[i - 1])


def _tables(
    made: Formula, fixture: Fixture, theirs: list[list[int]], busy: list[list[Literal]]
) -> None:
    """At most so many meetings at once, said twice. Counted are a few people who are, together, in
    all meetings (greedily covered: of each one's meetings at most one is in a slot), and all busy
    people, two for each table. The second follows from the first, but without it proofs take many
    times as long (an implied constraint of the paper)."""
    left = set(range(len(fixture.meetings)))
    covers: list[tuple[int, list[int]]] = []
    while left:
        sizes = [sum(m in left for m in meetings) for meetings in theirs]
        person = sizes.index(max(sizes))
        part = [m for m in theirs[person] if m in left]
        covers.append((person, part))
        left -= set(part)
    for t in range(fixture.slots):
        held: list[Literal] = []
        for person, part in covers:
            here = [made.place[m][t] for m in part if t in made.place[m]]
            whole = sum(t in made.place[m] for m in theirs[person])
            one = busy[person][t] if len(here) == whole else made.any_of(here)
            held.append(one)
        made.at_most(held, fixture.tables, EncType.seqcounter)
        made.at_most([one[t] for one in busy], 2 * fixture.tables, EncType.cardnetwrk)


def _order(made: Formula, earlier: dict[int, int], later: dict[int, int]) -> None:
    """The one is in an earlier slot than the other."""
    for t, here in later.items():
        made.add(-here, *(v for u, v in earlier.items() if u < t))
    for t, here in earlier.items():
        made.add(-here, *(v for u, v in later.items() if u > t))
