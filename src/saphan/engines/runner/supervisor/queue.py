"""Fair turns: round robin over visitors, first come first served within one.

A visitor's first waiting run is in the round that is being served, her second in the next, and so
on; rounds are served in order. So one who asks a hundred times is passed by one who asks once, and
the order of all that wait is known: a place is counted, not guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

EACH, ALL = 4, 400


class Full(Exception):
    """No more may wait: `whose` is "visitor" or "all"."""

    def __init__(self, whose: str) -> None:
        super().__init__(whose)
        self.whose = whose


class Asked(Protocol):
    """What can wait here."""

    visitor: str


T = TypeVar("T", bound=Asked)


@dataclass
class FairQueue(Generic[T]):
    """`each`: how many of one visitor may wait; `all`: how many in total."""

    each: int = EACH
    all: int = ALL
    _waiting: list[tuple[int, int, T]] = field(default_factory=list)
    """(round, number, run), unsorted; a few hundred at most."""
    _last: dict[str, int] = field(default_factory=dict)
    """The last round each visitor got, as long as it lies ahead or is being served."""
    _round: int = 0
    _number: int = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, run: T) -> None:
        """Raises Full."""
        if sum(held.visitor == run.visitor for _, _, held in self._waiting) >= self.each:
            raise Full("visitor")
        if len(self._waiting) >= self.all:
            raise Full("all")
        turn = max(self._round, self._last.get(run.visitor, -1) + 1)
        self._last[run.visitor] = turn
        self._number += 1
        self._waiting.append((turn, self._number, run))

    def pop(self) -> T:
        """The next run. IndexError if none waits."""
        if not self._waiting:
            raise IndexError("nobody waits")
        first = min(self._waiting, key=_order)
        self._waiting.remove(first)
        if first[0] > self._round:
            self._round = first[0]
            self._last = {who: last for who, last in self._last.items() if last >= self._round}
        return first[2]

    def remove(self, run: T) -> bool:
        """Take a run out; the visitor's later ones move up a round. False if it does not wait."""
        mine = sorted((each for each in self._waiting if each[2].visitor == run.visitor),
                      key=_order)
        at = next((at for at, each in enumerate(mine) if each[2] is run), None)
        if at is None:
            return False
        turns = [turn for turn, _, _ in mine]
        self._waiting.remove(mine[at])
        for turn, (old, number, held) in zip(turns[at:], mine[at + 1:], strict=False):
            self._waiting[self._waiting.index((old, number, held))] = (turn, number, held)
        self._last[run.visitor] -= 1
        return True

    def ordered(self) -> Iterator[T]:
        """All that wait, in the order in which they will run if nobody else comes."""
        return (run for _, _, run in sorted(self._waiting, key=_order))

    def place(self, run: T) -> int | None:
        """How many run before this one; None if it does not wait."""
        for place, held in enumerate(self.ordered()):
            if held is run:
                return place
        return None


def _order(entry: tuple[int, int, object]) -> tuple[int, int]:
    return entry[0], entry[1]
