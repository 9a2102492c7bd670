"""The contest: the end of a series is hidden, each method forecasts it, the errors are compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .methods import METHODS, Ahead

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """How the methods did on the hidden part, and what is forecast of the future.

    `mase` and `smape` by method; `hidden`: how many values were hidden; `shown`: what each said
    of them; `winner`: the method with the least MASE; `ahead`: the mean of `CALCULATED`.
    """

    hidden: int
    shown: dict[str, Ahead]
    mase: dict[str, float]
    smape: dict[str, float]
    winner: str
    ahead: Ahead


CALCULATED = ("ets", "theta", "learned")
"""Their mean forecasts better than the winner of one hidden part does (bench), as contests with
thousands of series found too (Makridakis, Spiliotis & Assimakopoulos 2020)."""


def hold(values: Floats, period: int, steps: int, hidden: int | None = None) -> Outcome:
    """Hide the last values (as many as are to be forecast, at most a quarter), let every method
    forecast them, then let all see everything and forecast `steps`."""
    if hidden is None:
        hidden = min(steps, len(values) // 4)
    past, truth = values[:-hidden], values[-hidden:]
    before = period if len(past) > 2 * period else 1
    shown = {name: method(past, before, hidden) for name, method in METHODS.items()}
    errors = {name: mase(past, truth, each.middle, before) for name, each in shown.items()}
    ahead = _mean([METHODS[name](values, period, steps) for name in CALCULATED])
    return Outcome(hidden, shown, errors,
                   {name: smape(truth, each.middle) for name, each in shown.items()},
                   min(errors, key=lambda name: errors[name]),
                   _widened(ahead, _mean([shown[name] for name in CALCULATED]), truth))


def _mean(several: list[Ahead]) -> Ahead:
    return Ahead(*(np.mean([getattr(each, name) for each in several], axis=0)
                   for name in ("middle", "low", "high")))


def _widened(ahead: Ahead, shown: Ahead, truth: Floats) -> Ahead:
    """The interval made as wide as would have held 80 % of the hidden values, never narrower:
    a method's own interval knows nothing of its being the wrong method."""
    half = np.maximum((shown.high - shown.low) / 2, 1e-12)
    factor = min(max(1.0, float(np.quantile(np.abs(truth - shown.middle) / half, 0.8))), 5.0)
    return Ahead(ahead.middle, ahead.middle - factor * (ahead.middle - ahead.low),
                 ahead.middle + factor * (ahead.high - ahead.middle))


def mase(past: Floats, truth: Floats, said: Floats, period: int) -> float:
    """Mean absolute error, counted in the mean absolute error that repeating the last period
    makes within the past. Hyndman & Koehler 2006 (Int. J. Forecasting 22, 679)."""
    usual = float(np.abs(past[period:] - past[:-period]).mean())
    usual = usual or float(np.abs(np.diff(past)).mean()) or 1e-12
    return float(np.abs(truth - said).mean()) / usual


def smape(truth: Floats, said: Floats) -> float:
    """Mean of 2 |error| / (|true| + |forecast|): 0 is right, 2 the worst (Makridakis 1993)."""
    size = np.abs(truth) + np.abs(said)
    parts = np.divide(2 * np.abs(truth - said), size, out=np.zeros_like(size), where=size > 0)
    return float(parts.mean())
