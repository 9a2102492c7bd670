"""How long runs take, and how long those who wait will wait."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

WEIGHT = 0.3
"""Of the newest run in the moving average."""
UNKNOWN_RUN, UNKNOWN_START = 1.0, 1.0


@dataclass
class Average:
    """An exponential moving average whose first values count as a plain mean."""

    value: float
    count: int = 0

    def add(self, seen: float) -> None:
        self.count += 1
        self.value += (seen - self.value) * max(WEIGHT, 1 / self.count)


@dataclass
class Times:
    """Seconds that each exhibit's runs and starts take."""

    runs: dict[str, Average] = field(default_factory=dict)
    starts: dict[str, Average] = field(default_factory=dict)

    def ran(self, slug: str, seconds: float) -> None:
        self.runs.setdefault(slug, Average(UNKNOWN_RUN)).add(seconds)

    def started(self, slug: str, seconds: float) -> None:
        self.starts.setdefault(slug, Average(UNKNOWN_START)).add(seconds)

    def run(self, slug: str) -> float:
        """Seconds a run of this exhibit takes; the mean of all exhibits if it never ran."""
        return _of(self.runs, slug, UNKNOWN_RUN)

    def start(self, slug: str) -> float:
        """Seconds a worker of this exhibit takes to start."""
        return _of(self.starts, slug, UNKNOWN_START)

    def waits(self, busy: Sequence[float], slots: int, waiting: Iterable[tuple[object, str]],
              workers: dict[str, int]) -> dict[object, float]:
        """Seconds until each of `waiting` (name, slug; in their order) begins.

        `busy`: seconds that each run under way still takes; `workers`: how many workers each
        exhibit has. A run that finds no worker counts its start."""
        ends = [*busy[:slots], *[0.0] * (slots - len(busy))]
        heapq.heapify(ends)
        warm, found = dict(workers), {}
        for name, slug in waiting:
            begins = heapq.heappop(ends)
            found[name] = begins
            cold = 0.0
            if not warm.get(slug):
                cold, warm[slug] = self.start(slug), 1
            heapq.heappush(ends, begins + cold + self.run(slug))
        return found


def _of(held: dict[str, Average], slug: str, unknown: float) -> float:
    if slug in held:
        return held[slug].value
    return sum(each.value for each in held.values()) / len(held) if held else unknown
