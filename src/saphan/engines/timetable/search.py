"""Runs the local search from a draft and reads what it finds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from saphan.engines.timetable import kernel
from saphan.engines.timetable.construct import Draft, Seat
from saphan.engines.timetable.layout import Prices, memory, starts, view


class Search:
    """A local search over the meetings of a draft, its fixed meetings aside."""

    def __init__(
        self,
        draft: Draft,
        *,
        seed: int,
        within: int = -1,
        promised: dict[int, Seat] | None = None,
        prices: Prices | None = None,
    ) -> None:
        self.draft, self.world = draft, draft.world
        self.x = memory(draft, seed, within, promised or {}, prices or Prices())
        self.starts = starts(self.world)
        wishes = len(self.world.worth)
        self.wish = view(self.x, kernel.T_WISH, (wishes, kernel.WISH_COLUMNS))
        self.meeting = view(self.x, kernel.T_MEETING, (wishes, kernel.MEETING_COLUMNS))
        rows = []
        for wish, seat in draft.seats.items():
            pair = (*seat.interpreters, -1, -1)[:2]
            rows.append((wish, seat.slot, seat.place, self.starts[wish] + seat.option, *pair))
        kernel.begin(self.x, np.array(rows, np.int64).reshape(-1, 6))

    @property
    def points(self) -> int:
        """Of the meetings at hand, up to a constant; promises and prices counted in."""
        return int(self.x[kernel.POINTS])

    def movable(self) -> npt.NDArray[np.int64]:
        """The wishes that a step may begin with."""
        wish = self.wish
        free = (wish[:, kernel.SLOT1] > wish[:, kernel.SLOT0]) & (wish[:, kernel.FIXED] == 0)
        return np.flatnonzero(free).astype(np.int64)

    def run(self, active: npt.NDArray[np.int64], steps: int, hot: float, cold: float) -> int:
        """Steps around the active wishes; returns the points of what is then at hand."""
        if len(active):
            kernel.anneal(self.x, active, steps, hot, cold)
        return self.points

    def seats(self) -> dict[int, Seat]:
        """The meetings at hand, without the fixed ones."""
        found = {}
        fixed = {one.wish for one in self.draft.fixed}
        for wish in np.flatnonzero(self.meeting[:, kernel.SLOT] >= 0).tolist():
            if wish in fixed:
                continue
            slot, place, option, first, second = self.meeting[wish, :5].tolist()
            helpers = tuple(one for one in (first, second) if one >= 0)
            found[wish] = Seat(slot, place, option - self.starts[wish], helpers)
        return found
