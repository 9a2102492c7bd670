"""What is unusual in a log: too high, too low, a stuck sensor, a gap, a shift of level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .reading import Log
from .usual import MAD, Usual, running_median

Floats = npt.NDArray[np.float64]
STUCK_HOURS = 3
GAP_STEPS = 2
JOIN = 2
"""Unusual values so few steps apart are one event."""
FALSE_A_WEEK = {3.0: 1.9, 4.0: 0.23, 5.0: 0.015}
"""False alarms in 168 values by threshold, measured on the made meter logs without faults. Real
logs have more days that are no fault and not usual either: feasts, heat, work."""


@dataclass(frozen=True)
class Event:
    """Values `start` to `end` (not included) are unusual. `far`: the largest distance from what is
    usual, in usual distances (0 for a gap or a stuck sensor)."""

    start: int
    end: int
    reason: str
    far: float = 0.0


def find(log: Log, usual: Usual, threshold: float) -> list[Event]:
    """All events in the order of time. `threshold`: how many usual distances are too far."""
    gaps = [Event(*run, "gap") for run in runs(~np.isfinite(log.values)) if
            run[1] - run[0] >= GAP_STEPS]
    stuck = [Event(*run, "stuck") for run in _stuck(log)]
    shifts = _shifts(log, usual, threshold)
    far = (log.values - usual.middle) / usual.spread
    wild = []
    for sign, reason in ((1, "high"), (-1, "low")):
        for start, end in joined(runs(np.nan_to_num(far * sign) > threshold)):
            if not any(start < each.end and each.start < end for each in stuck):
                wild.append(Event(start, end, reason, float(np.nanmax(far[start:end] * sign))))
    wild = [each for each in wild
            if not any(abs(each.start - shift.start) <= log.per_day // 4 for shift in shifts)]
    return sorted([*gaps, *stuck, *shifts, *wild], key=lambda each: each.start)


def runs(where: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Stretches [start, end) in which it is true."""
    edges = np.diff(np.concatenate([[False], where, [False]]).astype(int))
    return list(zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(),
                    strict=True))


def joined(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    whole: list[tuple[int, int]] = []
    for start, end in found:
        if whole and start - whole[-1][1] <= JOIN:
            whole[-1] = whole[-1][0], end
        else:
            whole.append((start, end))
    return whole


def _stuck(log: Log) -> list[tuple[int, int]]:
    """Stretches of one and the same value: at least `STUCK_HOURS` and four values, and longer
    than three times what 98 of 100 such stretches have in this log."""
    same = np.concatenate([[False], np.diff(log.values) == 0])
    found = [(start - 1, end) for start, end in runs(same)]
    lengths = np.array([end - start for start, end in found] or [0])
    singles = np.ones(max(len(log.values) - int(lengths.sum()), 1))
    usual = float(np.quantile(np.concatenate([lengths, singles]), .98))
    least = max(STUCK_HOURS * 60 / log.minutes, 4, 3 * usual if usual > 1 else 0)
    return [run for run in found if run[1] - run[0] >= least]


def _shifts(log: Log, usual: Usual, threshold: float) -> list[Event]:
    """Times at which the level of a whole day differs from that of the day before by far more than
    such days usually do, and stays away."""
    per_day = log.per_day
    rest = log.values - usual.middle + usual.level
    if len(rest) < 3 * per_day:
        return []
    level = running_median(rest, per_day)
    edges = np.arange(per_day, len(rest) - per_day)
    half = per_day // 2
    step = level[edges + half] - level[edges - half - 1]  # medians of the day after and before
    spread = max(MAD * float(np.median(np.abs(step - np.median(step)))),
                 float(np.median(usual.spread)) * .5)
    far = np.abs(step) / spread
    found: list[Event] = []
    for at in np.argsort(-far):
        if far[at] < threshold:
            break
        spot = int(edges[at])
        if all(abs(spot - each.start) > 2 * per_day for each in found):
            found.append(Event(spot, spot + 1, "shift", float(far[at])))
    return found


def false_alarms(log: Log, threshold: float) -> float:
    """How many false alarms such a log is to be expected to give, by what was measured on made
    logs. Their number goes with the number of values."""
    levels = sorted(FALSE_A_WEEK)
    rates = np.log([FALSE_A_WEEK[each] for each in levels])
    weekly = float(np.exp(np.interp(threshold, levels, rates)))
    return weekly * len(log.values) / (7 * 24)
