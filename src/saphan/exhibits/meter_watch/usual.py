"""The usual day of a log, learnt so that the unusual does not spoil it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .reading import Log

Floats = npt.NDArray[np.float64]
WEEKEND_FROM = 14
"""Days from which on weekends get a usual day of their own."""
MAD = 1.4826
"""Median absolute deviation to standard deviation of a normal distribution."""


@dataclass(frozen=True)
class Usual:
    """`middle`: the expected value at each time, slow changes of level included; `spread`: the
    usual distance from it; `day`: the usual day of working days by slot; `level`: the slow part."""

    middle: Floats
    spread: Floats
    day: Floats
    level: Floats


def learn(log: Log) -> Usual:
    """Median by time of day (weekends apart from two weeks on), then the slow level: the running
    median over a day of what is left; the spread from the median distance by time of day."""
    per_day, size = log.per_day, len(log.values)
    slot = (np.arange(size) + log.first_slot) % per_day
    weekend = np.array([log.at(at).weekday() >= 5 for at in range(size)])
    apart = size >= WEEKEND_FROM * per_day
    week = _week_level(log.values, per_day) if apart else np.full(size, np.nanmedian(log.values))
    days, pattern = {}, np.zeros(size)
    for kind in (False, True):
        used = weekend == kind if apart else np.ones(size, bool)
        days[kind] = _by_slot((log.values - week)[used], slot[used], per_day)
        pattern[weekend == kind] = days[kind][slot[weekend == kind]]
    level = running_median(log.values - pattern, per_day)  # sees a new level within half a day
    rest = log.values - pattern - level
    spreads = _by_slot(np.abs(rest), slot, per_day, reach=2) * MAD
    floor = max(float(np.nanmedian(spreads)) * .5, float(np.nanstd(log.values)) * .01, 1e-9)
    return Usual(pattern + level, np.maximum(spreads, floor)[slot], days[False], level)


def _week_level(values: Floats, per_day: int) -> Floats:
    """The level of the week around each day: taken away before days are compared, so that a new
    level in the middle of a log does not make two usual days of one."""
    starts = range(0, len(values), per_day)
    days = np.array([np.nanmedian(part) if np.isfinite(part := values[at:at + per_day]).any()
                     else np.nan for at in starts])
    return np.repeat(running_median(days, 7), per_day)[:len(values)]


def _by_slot(values: Floats, slot: npt.NDArray[np.int_], per_day: int, reach: int = 0) -> Floats:
    """Median of the values of each slot, `reach` neighbours to both sides counted in."""
    found = np.empty(per_day)
    overall = float(np.nanmedian(values))
    order = [values[slot == each] for each in range(per_day)]
    for each in range(per_day):
        near = np.concatenate([order[(each + off) % per_day] for off in range(-reach, reach + 1)])
        near = near[np.isfinite(near)]
        found[each] = np.median(near) if len(near) else overall
    return found


def running_median(values: Floats, window: int) -> Floats:
    """Median over a window around each value; at the edges over what is there."""
    half = window // 2
    padded = np.concatenate([np.full(half, np.nan), values, np.full(half, np.nan)])
    frames = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    ordered = np.sort(frames, axis=1)  # nan last
    count = np.isfinite(frames).sum(axis=1)
    middle = np.maximum((count - 1) // 2, 0)
    upper = np.maximum(count // 2, 0)
    rows = np.arange(len(values))
    found = (ordered[rows, middle] + ordered[rows, np.minimum(upper, 2 * half)]) / 2
    there = np.flatnonzero(np.isfinite(found))
    return np.asarray(np.interp(rows, there, found[there]))
