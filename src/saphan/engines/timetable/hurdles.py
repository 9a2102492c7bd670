"""What is in the way of a meeting, and what it costs if others give way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from saphan.engines.timetable.check import Rule
from saphan.engines.timetable.problem import Meeting, Problem


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


class Prices:
    """What meetings of a plan are worth that may have to give way."""

    def __init__(self, problem: Problem, meetings: Sequence[Meeting]) -> None:
        wishes, must = problem.wishes, problem.goals.must
        worth = [wish.value + must if wish.must else wish.value for wish in wishes]
        self._worth = [worth[one.wish] for one in meetings]
        self._leasts: dict[tuple[int, ...], int] = {}

    def worth(self, at: int) -> int:
        """Points of a meeting by itself."""
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
            self._leasts[meetings] = min(meetings, key=self._worth.__getitem__)
        return self._leasts[meetings]

    def price(self, hurdles: Sequence[Hurdle]) -> Price:
        if not hurdles:
            return (0, 0)
        shut = sum(1 for one in hurdles if not one.meetings)
        return (shut, sum(self._worth[at] for at in self.giving_way(hurdles)))


_Beside = tuple[int, int, bool]
"""Position of a meeting, minutes between, whether it is before."""


class Ways:
    """Which meetings of the same day somebody would not reach, or not come from, in time."""

    def __init__(
        self, problem: Problem, meetings: Sequence[Meeting], busy: Mapping[int, dict[int, int]]
    ) -> None:
        """`busy`: person (or interpreter) to slot to position of a meeting."""
        self.problem, self.meetings, self.busy = problem, meetings, busy
        self._beside: dict[tuple[int, int], list[_Beside]] = {}

    def too_far(self, who: int, slot: int, place: int) -> Iterator[int]:
        """Of a day's meetings just before and after, those from which the way is too long."""
        if (who, slot) not in self._beside:
            self._beside[who, slot] = list(self._neighbours(self.busy[who], slot))
        for at, gap, before in self._beside[who, slot]:
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
