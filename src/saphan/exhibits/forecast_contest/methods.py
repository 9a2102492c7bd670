"""Four ways to forecast: each takes past values and a period and gives middle, low and high.

Low and high bound the interval that should hold 80 % of what comes.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

Floats = npt.NDArray[np.float64]
Z80 = 1.2816
"""80 % of a normal distribution lie within so many standard deviations."""
LONGEST_ETS_PERIOD = 24
"""Beyond it the seasonal states cost seconds: the pattern is taken away first."""


@dataclass(frozen=True)
class Ahead:
    """A forecast: one value for each step ahead."""

    middle: Floats
    low: Floats
    high: Floats


def naive(past: Floats, period: int, steps: int) -> Ahead:
    """What was one period ago comes again (the last value where the period is 1)."""
    middle = np.resize(past[-period:], steps)
    error = _spread(past[period:] - past[:-period])
    return _around(middle, error * np.sqrt(np.arange(steps) // period + 1))


def ets(past: Floats, period: int, steps: int) -> Ahead:
    """Exponential smoothing in state space form: of level, damped trend and additive or
    multiplicative season, the model with the least AICc. Hyndman, Koehler, Ord & Snyder 2008;
    the fit is by statsmodels."""
    if period > LONGEST_ETS_PERIOD:
        flat, pattern = without_season(past, period)
        ahead = ets(flat, 1, steps)
        again = np.resize(np.roll(pattern, -(len(past) % period)), steps)
        return Ahead(ahead.middle + again, ahead.low + again, ahead.high + again)
    scale = float(np.abs(past).mean()) or 1.0
    best = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a fit that stops early only scores worse
        for family in _families(past, period):
            try:
                fitted = ETSModel(past / scale, **family).fit(disp=False, maxiter=100)
            except (ValueError, ArithmeticError, np.linalg.LinAlgError):
                continue
            if np.isfinite(fitted.aicc) and (best is None or fitted.aicc < best.aicc):
                best = fitted
    if best is None:
        return naive(past, period, steps)
    middle = np.asarray(best.forecast(steps)) * scale
    return _around(middle, _ets_spread(best, period, steps) * scale)


def _families(past: Floats, period: int) -> list[dict[str, object]]:
    plain: list[dict[str, object]] = [
        {"error": "add"}, {"error": "add", "trend": "add", "damped_trend": True}]
    if period == 1:
        return plain
    seasonal: list[dict[str, object]] = [
        {**each, "seasonal": "add", "seasonal_periods": period} for each in plain]
    if float(past.min()) > 0:
        seasonal.append({"error": "mul", "trend": "add", "damped_trend": True,
                         "seasonal": "mul", "seasonal_periods": period})
    return [plain[0], *seasonal]


def _ets_spread(fitted: object, period: int, steps: int) -> Floats:
    """Standard deviation by step, from the variance formula of the additive models (Hyndman and
    others 2008, chapter 6); for the multiplicative one it is an approximation."""
    parameters = dict(zip(fitted.param_names, fitted.params, strict=True))  # type: ignore[attr-defined]
    alpha = parameters.get("smoothing_level", 0.0)
    beta = parameters.get("smoothing_trend", 0.0)
    gamma = parameters.get("smoothing_seasonal", 0.0)
    phi = parameters.get("damping_trend", 0.0)
    ahead = np.arange(1, steps)
    grown = np.cumsum(phi ** ahead) if phi else np.zeros(steps - 1)
    weights = alpha + beta * grown + gamma * (ahead % period == 0) * (period > 1)
    errors = np.asarray(fitted.model.endog - fitted.fittedvalues)  # type: ignore[attr-defined]
    return _spread(errors) * np.sqrt(1 + np.concatenate([[0], np.cumsum(weights ** 2)]))


def theta(past: Floats, period: int, steps: int) -> Ahead:
    """Simple smoothing with half the slope of the straight line as drift, the season taken away
    first. Assimakopoulos & Nikolopoulos 2000, in the form of Hyndman & Billah 2003."""
    shares = period > 1 and float(past.min()) > 0  # a season of shares, where that is possible
    flat, pattern = without_season(np.log(past) if shares else past, period)
    flat = np.exp(flat) if shares else flat
    spots = np.arange(len(flat))
    drift = float(np.polyfit(spots, flat, 1)[0]) / 2
    errors, level, alpha = min(((*_smoothed(flat, alpha, drift), alpha)
                                for alpha in np.linspace(0.05, 1, 20)),
                               key=lambda tried: float(tried[0] @ tried[0]))
    middle = level + drift * np.arange(1, steps + 1)
    spread = _spread(errors) * np.sqrt(1 + np.arange(steps) * alpha ** 2)
    again: Floats = np.resize(np.roll(pattern, -(len(past) % period)), steps)
    if shares:
        times: Floats = np.asarray(np.exp(again), float)
        return _around(middle * times, spread * times)
    return _around(middle + again, spread)


def _smoothed(values: Floats, alpha: float, drift: float) -> tuple[Floats, float]:
    level, errors = float(values[0]), np.empty(len(values) - 1)
    for at, value in enumerate(values[1:]):
        errors[at] = value - level - drift
        level += drift + alpha * errors[at]
    return errors, level


def without_season(past: Floats, period: int) -> tuple[Floats, Floats]:
    """The values without their yearly (weekly, …) pattern, and the pattern from its first step:
    medians of what differs from the moving average of one period."""
    if period == 1:
        return past, np.zeros(1)
    window = np.ones(period + 1 - period % 2)
    if period % 2 == 0:
        window[[0, -1]] = 0.5
    middle = np.convolve(past, window / period, mode="valid")
    edge = len(window) // 2
    differs = past[edge:len(past) - edge] - middle
    phase = np.arange(edge, len(past) - edge) % period
    pattern = np.array([np.median(differs[phase == each]) if (phase == each).any() else 0.0
                        for each in range(period)])
    pattern -= pattern.mean()
    return past - np.resize(pattern, len(past)), pattern


def learned(past: Floats, period: int, steps: int) -> Ahead:
    """A linear rule learnt from the series alone: the next change from the changes before it and
    a period ago, with weights by ridge regression. How strongly they are held back is chosen by
    generalised cross-validation (Golub, Heath & Wahba 1979)."""
    scale = float(np.abs(past).mean()) or 1.0
    gap = period if period > 1 else 1
    change = (past[gap:] - past[:-gap]) / scale  # against the same step one period ago
    lags = [lag for lag in (1, 2, 3, 4, 6, period, period + 1) if lag < len(change) // 3]
    lags = sorted(set(lags)) or [1]
    most = max(lags)
    seen = np.column_stack([change[most - lag:len(change) - lag] for lag in lags])
    weights, errors = _ridge(seen, change[most:])
    path = list(change)
    for _ in range(steps):
        path.append(float(np.dot(weights[1:], [path[-lag] for lag in lags])) + weights[0])
    values = list(past)
    for each in path[len(change):]:
        values.append(values[-gap] + each * scale)
    middle = np.array(values[len(past):])
    return _around(middle, _spread(errors) * scale * _growth(weights[1:], lags, gap, steps))


def _ridge(seen: Floats, wanted: Floats) -> tuple[Floats, Floats]:
    centre, mean = seen.mean(axis=0), float(wanted.mean())
    left, sizes, right = np.linalg.svd(seen - centre, full_matrices=False)
    along = left.T @ (wanted - mean)
    best: tuple[float, Floats] | None = None
    for hold in np.geomspace(1e-4, 1e3, 15) * (float((sizes ** 2).mean()) or 1.0):
        kept = sizes ** 2 / (sizes ** 2 + hold)
        errors = wanted - mean - left @ (kept * along)
        score = float(errors @ errors) / (len(wanted) - 1 - float(kept.sum())) ** 2
        if best is None or score < best[0]:
            weights = right.T @ (kept * along / np.where(sizes > 0, sizes, 1))
            best = score, weights
    assert best is not None
    weights = best[1]
    start = mean - float(centre @ weights)
    return np.concatenate([[start], weights]), wanted - start - seen @ weights


def _growth(weights: Floats, lags: list[int], gap: int, steps: int) -> Floats:
    """How much larger than one error the error of each step ahead is: what one shock grows to
    in the changes, summed over the periods, added up in squares."""
    shock = np.zeros(steps)
    shock[0] = 1
    for at in range(1, steps):
        shock[at] = sum(weight * shock[at - lag] for weight, lag in
                        zip(weights, lags, strict=True) if lag <= at)
    for at in range(gap, steps):
        shock[at] += shock[at - gap]
    return np.sqrt(np.minimum(np.cumsum(np.minimum(shock ** 2, 1e6)), 1e8))


def _spread(errors: Floats) -> float:
    return float(np.sqrt(np.mean(errors ** 2))) if len(errors) else 0.0


def _around(middle: Floats, spread: Floats) -> Ahead:
    return Ahead(middle, middle - Z80 * spread, middle + Z80 * spread)


METHODS: dict[str, Callable[[Floats, int, int], Ahead]] = {
    "naive": naive, "ets": ets, "theta": theta, "learned": learned}
