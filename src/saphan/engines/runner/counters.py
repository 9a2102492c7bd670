"""The machine's own energy counters: Linux powercap (RAPL) and how much of them a run used.

A counter tells what a whole processor package used. What of it a run used is not told by anyone:
we take the run's share of the CPU time of the machine in that interval. Other work at the same
time blurs this, so the share is given as a range: of all CPU time there was (low: idle cores carry
their part) and of the CPU time that was used (high: the run carries the idle cores too).
"""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

from saphan.engines.runner.ranges import Range

POWERCAP = Path("/sys/class/powercap")
STAT = Path("/proc/stat")
ZONE = re.compile(r"intel-rapl:\d+(:\d+)?")
"""Packages and their parts, on Intel and AMD. `intel-rapl-mmio` shows the same joules again."""
SHORTEST_S = 0.1
"""/proc/stat counts hundredths of a second: below ten of them a share means nothing."""
MOST_WATTS = 500.0
"""No package uses more; so a counter cannot have gone round twice within range / MOST_WATTS."""


class Unreadable(Exception):
    """No measurement, and a code that says why: `no_counter`, `no_permission`, `too_short`,
    `too_long`, `counter_changed`."""


@dataclass(frozen=True)
class Reading:
    """All counters at one moment: microjoules and range by zone, CPU-seconds of the machine."""

    microjoules: dict[str, tuple[int, int]]
    busy_s: float
    idle_s: float
    at_s: float
    dram: bool


@dataclass(frozen=True)
class Interval:
    """What the machine used between two readings: joules, CPU-seconds busy and idle, seconds."""

    joules: float
    busy_s: float
    idle_s: float
    wall_s: float
    dram: bool
    """Whether the memory's own counter is among the joules."""

    def share(self, cpu_s: float) -> Range:
        """The part of the joules that `cpu_s` CPU-seconds of a run account for, 0 to 1.

        /proc/stat is coarse and counts other than a process's own clock; a run never gets more
        than everything.
        """
        busy = max(self.busy_s, cpu_s)
        if busy <= 0:
            return Range.exactly(0.0)
        high = cpu_s / busy
        low = cpu_s / max(busy + self.idle_s, busy)
        return Range(low, (low + high) / 2, high)


class Counters:
    """Reads the counters. The folders are parameters: a test shows it a tree of its own."""

    def __init__(self, powercap: Path = POWERCAP, stat: Path = STAT) -> None:
        self.powercap, self.stat = powercap, stat

    def read(self) -> Reading:
        """All counters now. Unreadable where there is none or this process may not read it."""
        found: dict[str, tuple[int, int]] = {}
        dram = False
        try:
            zones = sorted(path for path in self.powercap.iterdir() if ZONE.fullmatch(path.name))
        except OSError:
            zones = []
        try:
            for zone in zones:
                name = (zone / "name").read_text().strip()
                if not (name.startswith("package") or name == "dram"):
                    continue  # cores and graphics are inside the package; psys is the whole board
                found[zone.name] = (int((zone / "energy_uj").read_text()),
                                    int((zone / "max_energy_range_uj").read_text()))
                dram = dram or name == "dram"
        except PermissionError as refused:
            raise Unreadable("no_permission") from refused
        except (OSError, ValueError) as broken:
            raise Unreadable("no_counter") from broken
        if not any(zone.count(":") == 1 for zone in found):
            raise Unreadable("no_counter")
        busy, idle = self._cpu()
        return Reading(found, busy, idle, time.monotonic(), dram)

    def _cpu(self) -> tuple[float, float]:
        """CPU-seconds of the machine since it started: used, and idle or waiting for a disk."""
        try:
            first = self.stat.read_text().split("\n", 1)[0].split()
            user, nice, system, idle, waiting, irq, softirq = (int(part) for part in first[1:8])
        except (OSError, ValueError) as broken:
            raise Unreadable("no_counter") from broken
        tick = os.sysconf("SC_CLK_TCK")
        return (user + nice + system + irq + softirq) / tick, (idle + waiting) / tick


def between(before: Reading, after: Reading) -> Interval:
    """What was used between two readings. A counter that went round once is put right.

    Unreadable where the readings cannot be compared, or lie too near or too far apart.
    """
    wall = after.at_s - before.at_s
    if before.microjoules.keys() != after.microjoules.keys():
        raise Unreadable("counter_changed")
    if wall < SHORTEST_S:
        raise Unreadable("too_short")
    total = 0
    for zone, (now, span) in after.microjoules.items():
        if span <= 0 or wall * MOST_WATTS * 1e6 > span:
            raise Unreadable("too_long")
        used = now - before.microjoules[zone][0]
        total += used if used >= 0 else used + span
    return Interval(total / 1e6, max(0.0, after.busy_s - before.busy_s),
                    max(0.0, after.idle_s - before.idle_s), wall, after.dram)
