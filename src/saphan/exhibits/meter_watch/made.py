"""Made logs with faults whose places are known: for the examples and for the bench."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from .reading import Log

Floats = npt.NDArray[np.float64]
START = datetime(2026, 6, 1)
REASONS = ("high", "low", "stuck", "gap", "shift")
LOAD = (.42, .4, .38, .37, .38, .45, .6, .8, 1, 1.1, 1.15, 1.18, 1.12, 1.16, 1.2, 1.17, 1.1, .95,
        .9, .88, .8, .7, .58, .48)


@dataclass(frozen=True)
class Fault:
    """Values `start` to `end` were spoiled in the way of `reason`."""

    start: int
    end: int
    reason: str


def meter(seed: int, days: int = 28, minutes: int = 60) -> Log:
    """kWh of a workshop: its day, quiet weekends, weather that wanders, noise that grows."""
    chance = np.random.default_rng(seed)
    size = days * 1440 // minutes
    hour = np.arange(size) * minutes / 60
    day = np.interp(hour % 24, np.arange(25), (*LOAD, LOAD[0]))
    quiet = np.where(hour // 24 % 7 >= 5, .35 + .65 * chance.uniform(.3, .6), 1)
    base = .3 + (day - .3) * quiet
    weather = np.zeros(size)
    for at in range(1, size):
        weather[at] = .985 * weather[at - 1] + chance.normal(0, .006)
    values: Floats = 40 * base * (1 + weather) + chance.normal(0, 1, size) * (.3 + .8 * base)
    return Log(START, minutes, np.asarray(np.round(np.maximum(values, 0), 2), float))


def cold_room(seed: int, days: int = 28, minutes: int = 30) -> Log:
    """°C of a cold room: the compressor's swing, doors by day, a thaw twice a day, slow drift."""
    chance = np.random.default_rng(seed)
    size = days * 1440 // minutes
    hour = np.arange(size) * minutes / 60
    door = .8 * np.clip(np.sin((hour % 24 - 7) / 11 * np.pi), 0, None) * (hour % 24 > 7)
    thaw = np.where((hour % 12 >= 3) & (hour % 12 < 3.5), 1.2, 0)
    drift = np.cumsum(chance.normal(0, .01, size))
    values = 13.5 + door + thaw + drift + .25 * np.sin(hour * 5.1) + chance.normal(0, .18, size)
    return Log(START, minutes, np.round(values, 2))


def spoil(log: Log, seed: int, count: int = 5) -> tuple[Log, list[Fault]]:
    """The log with `count` faults of chosen kinds, at least a day apart, none in the first two
    days. Sizes are small enough that not all can be found."""
    chance = np.random.default_rng(seed + 77)
    values, per_day = log.values.copy(), log.per_day
    swing = float(np.quantile(values, .95) - np.quantile(values, .05))
    faults: list[Fault] = []
    for number in range(count):
        start = int(chance.integers((2 + number * 5) * per_day, (5 + number * 5) * per_day))
        reason = str(chance.choice(REASONS))
        hours = chance.uniform(*{"high": (1, 5), "low": (1, 5), "stuck": (4, 14), "gap": (2, 12),
                                 "shift": (40, 72)}[reason])
        end = min(start + max(2, round(hours * 60 / log.minutes)), len(values))
        size = swing * chance.uniform(.15, .7)
        if reason in ("high", "low"):
            values[start:end] += size * (1 if reason == "high" else -1)
        elif reason == "stuck":
            values[start:end] = values[start]
        elif reason == "gap":
            values[start:end] = np.nan
        else:
            values[start:end] += size * chance.choice([-1, 1])
        faults.append(Fault(start, end, reason))
    return Log(log.start, log.minutes, np.round(values, 2)), faults


def text(log: Log, unit: str) -> str:
    """The log as a visitor would paste it; gaps are missing lines."""
    lines = [f"{log.label(at)},{value:g}" for at, value in enumerate(log.values)
             if np.isfinite(value)]
    return "\n".join([f"time,{unit}", *lines]) + "\n"
