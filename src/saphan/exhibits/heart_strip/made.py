"""Made electrocardiograms whose beats are known: for the examples and for the bench.

After the dynamical model of McSharry, Clifford, Tarassenko & Smith 2003 (IEEE Trans. Biomed. Eng.
50, 289): a point runs around a circle once a beat, and five bells on its way (P, Q, R, S, T) draw
the trace. On the circle itself the model's third equation integrates to a sum of bells; its slow
return to the base line is left out, since a drift of our own is added.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import signal

Floats = npt.NDArray[np.float64]
ANGLES = np.radians([-70, -15, 0, 15, 100])
HEIGHTS = np.array([1.2, -5, 30, -7.5, 0.75])
WIDTHS = np.array([0.25, 0.1, 0.1, 0.1, 0.4])
EARLY_HEIGHTS = np.array([0, -2, 7, -4, -0.9])
"""A beat that starts in a chamber: no P, broad, the T wave turned over."""
EARLY_WIDTHS = np.array([0.25, 0.2, 0.24, 0.24, 0.45])
KINDS = ("steady", "early", "irregular")


@dataclass(frozen=True)
class Strip:
    """Samples in mV, samples a second, and the true places of the R peaks (sample numbers)."""

    samples: Floats
    rate: int
    peaks: npt.NDArray[np.int_]
    early: tuple[int, ...] = ()
    """Which of the peaks are early beats."""


def make(kind: str, seed: int, *, seconds: float = 10, rate: int = 250, per_minute: float = 70,
         noise_db: float | None = None, wander: float = 0.1) -> Strip:
    """A strip. `kind`: steady (breathing moves the rate a little), early (single early beats) or
    irregular (no beat follows the last, no P waves, a trembling base line, as in atrial
    fibrillation). `noise_db`: signal to noise, None for clean; `wander`: mV of slow drift."""
    chance = np.random.default_rng(seed)
    times, early = _beats(kind, chance, seconds + 4, 60 / per_minute)
    at = np.arange(round((seconds + 4) * rate)) / rate
    trace = _trace(at, times, early, kind == "irregular")
    if kind == "irregular":
        trembling = np.sin(2 * np.pi * np.cumsum(chance.normal(6, .6, len(at))) / rate)
        trace = trace + 0.05 * trembling
    start = 2 * rate  # the model swings in; and no beat is cut at the edge of what is known
    trace = trace[start:start + round(seconds * rate)]
    kept = (times >= 2) & (times < 2 + seconds - 1 / rate)
    trace = trace + _disturbed(chance, trace, rate, noise_db, wander)
    peaks = np.round((times[kept] - 2) * rate).astype(int)
    return Strip(trace, rate, peaks, tuple(np.flatnonzero(early[kept]).tolist()))


def _beats(kind: str, chance: np.random.Generator, seconds: float,
           usual: float) -> tuple[Floats, npt.NDArray[np.bool_]]:
    times: list[float] = []
    early: list[bool] = []
    now, phase = 0.5, chance.uniform(0, 6)
    while now < seconds:
        comes_early = kind == "early" and len(times) > 2 and not (early and early[-1]) \
            and chance.random() < 0.15
        if comes_early:
            now -= usual * 0.38
        times.append(now)
        early.append(comes_early)
        if kind == "irregular":
            gap = usual * chance.lognormal(0, 0.24)
        else:
            gap = usual * (1 + 0.04 * np.sin(2 * np.pi * 0.25 * now + phase)
                           + 0.02 * np.sin(2 * np.pi * 0.1 * now) + chance.normal(0, 0.01))
        now += max(gap * (1.38 if comes_early else 1), 0.3)
    return np.array(times), np.array(early)


def _trace(at: Floats, times: Floats, early: npt.NDArray[np.bool_], no_p: bool) -> Floats:
    nearest = np.searchsorted((times[1:] + times[:-1]) / 2, at)
    before = np.diff(times, prepend=times[0] - (times[1] - times[0]))
    after = np.diff(times, append=times[-1] + (times[-1] - times[-2]))
    away = at - times[nearest]
    gap = np.where(away < 0, before[nearest], after[nearest])
    theta = np.clip(2 * np.pi * away / gap, -np.pi, np.pi)
    broad = early[nearest]
    trace = np.zeros(len(at))
    for each in range(5):
        height = np.where(broad, (EARLY_HEIGHTS * EARLY_WIDTHS ** 2)[each],
                          (HEIGHTS * WIDTHS ** 2)[each])
        if no_p and each == 0:
            height = np.zeros(len(at))
        # bells keep their length in time, not in turns: a fast heart does not beat narrower
        stretch = np.sqrt(1 / gap) if each in (0, 4) else 1 / gap
        width = np.where(broad, EARLY_WIDTHS[each], WIDTHS[each]) * stretch
        off = theta - ANGLES[each] * np.sqrt(1 / gap)
        trace += height * np.exp(-off ** 2 / (2 * width ** 2))
    return trace / 0.27  # the R wave is about 1 mV high


def _disturbed(chance: np.random.Generator, trace: Floats, rate: int, noise_db: float | None,
               wander: float) -> Floats:
    at = np.arange(len(trace)) / rate
    drift = wander * (np.sin(2 * np.pi * chance.uniform(.15, .35) * at + chance.uniform(0, 6))
                      + 0.5 * np.sin(2 * np.pi * 0.05 * at + chance.uniform(0, 6)))
    if noise_db is None:
        return np.asarray(drift)
    muscle = np.diff(chance.normal(0, 1, len(trace) + 1)) / np.sqrt(2)  # more of the high
    mains = np.sin(2 * np.pi * 50 * at + chance.uniform(0, 6)) * np.sqrt(2)
    moved = signal.lfilter([1], [1, -0.97], chance.normal(0, 1, len(trace)))
    mixed = muscle + chance.normal(0, 1, len(trace)) + 0.4 * mains + 1.2 * moved / moved.std()
    power = float(np.var(trace)) / 10 ** (noise_db / 10)
    return np.asarray(drift + mixed * np.sqrt(power / float(np.var(mixed))))
