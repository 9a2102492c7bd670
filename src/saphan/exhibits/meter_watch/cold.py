"""What a temperature log means for what is kept cold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .unusual import runs

Floats = npt.NDArray[np.float64]
HEAT_OVER_R = 10_000.0
"""Activation heat over the gas constant in kelvin: 83.144 kJ/mol, the usual value (Haynes 1971)."""
Q10 = ((10.0, 2.5, 4.0), (20.0, 2.0, 2.5), (30.0, 1.5, 2.0), (99.0, 1.0, 1.5))
"""Up to so many °C: how many times faster produce breathes for 10 °C more, low and high. Saltveit
in USDA Agriculture Handbook 66: typical of fruit and vegetables, not measured on durian."""


@dataclass(frozen=True)
class Cold:
    """`minutes_above` and `longest` (minutes in one piece) above the limit, `kinetic` mean
    temperature in °C, share of the shelf life used with low and high Q10."""

    minutes_above: float
    longest: float
    kinetic: float
    mean: float
    highest: float
    used_low: float
    used_high: float


def judge(values: Floats, minutes: int, limit: float, keeps_days: float) -> Cold:
    """A log in °C, one value every `minutes`. `keeps_days`: how long the goods keep at the limit.
    Times without values are left out."""
    known = values[np.isfinite(values)]
    above = np.isfinite(values) & (values > limit)
    longest = max((end - start for start, end in runs(above)), default=0)
    used = [float(faster(known, limit, side).sum()) * minutes / 1440 / keeps_days
            for side in (1, 2)]
    return Cold(float(above.sum()) * minutes, float(longest) * minutes, mean_kinetic(known),
                float(known.mean()), float(known.max()), min(used), max(used))


def mean_kinetic(celsius: Floats) -> float:
    """The steady temperature in °C that would do as much harm: J. D. Haynes, J. Pharm. Sci. 60
    (1971) 927."""
    kelvin = celsius + 273.15
    mean = float(np.mean(np.exp(-HEAT_OVER_R / kelvin + HEAT_OVER_R / kelvin.max())))
    return float(HEAT_OVER_R / (HEAT_OVER_R / kelvin.max() - np.log(mean)) - 273.15)


def faster(celsius: Floats, reference: float, side: int) -> Floats:
    """How many times faster produce ages than at the reference. `side`: 1 low, 2 high Q10."""
    return np.asarray(np.exp(_log_rate(celsius, side)
                             - _log_rate(np.array([reference]), side)[0]))


def _log_rate(celsius: Floats, side: int) -> Floats:
    total, start = np.zeros(len(celsius)), 0.0
    for row in Q10:
        first = start == 0.0
        part = np.clip(celsius, None if first else start, row[0]) - start
        total = total + part * np.log(row[side]) / 10
        start = row[0]
    return total
