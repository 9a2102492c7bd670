"""How far reviewers agree: on each answer, and as a panel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from scipy.special import chdtrc

from saphan.engines.panel.adjust import Adjusted
from saphan.engines.panel.model import fit
from saphan.engines.panel.rubric import Floats, Table

FLAG = 0.01
"""An answer is flagged if chance alone would make reviewers differ so much in fewer cases."""
DRAWS = 400


@dataclass(frozen=True)
class Disagreement:
    """How much the reviewers of one answer differ, in points.

    `low`, `high`, `spread` (standard deviation) of the given points; `corrected`: the standard
    deviation after severity is taken off; `furthest`: who is furthest from the others, by `by`
    points (positive: gave more); `chance`: share of answers that differ as much if nothing but the
    panel's usual noise is at work, None if unknown; `flagged`: chance below 0.01.
    """

    answer: str
    low: float
    high: float
    spread: float
    corrected: float
    furthest: str
    by: float
    chance: float | None
    flagged: bool


@dataclass(frozen=True)
class Alpha:
    """Krippendorff's alpha: 1 full agreement, 0 as by chance, below 0 worse than chance.

    `low` to `high`: 95 % of resamples of answers. `units`: answers with two or more scores. None
    where it cannot be known (nothing is shared, or all points are equal).
    """

    value: float | None
    low: float | None
    high: float | None
    units: int


@dataclass(frozen=True)
class Icc:
    """Intraclass correlation: `single` for one reviewer, `average` for the mean of `k` of them.

    None where it cannot be known. May be below zero.
    """

    single: float | None
    average: float | None
    k: float


def disagreements(adjusted: Adjusted) -> tuple[Disagreement, ...]:
    """Each answer with two or more reviews, in the order of the table's names."""
    table, fitted = adjusted.stretched, adjusted.fit
    rest = table.points - fitted.effect[table.reviewer] - fitted.answer[table.answer]
    count = table.reviews()
    squares = np.bincount(table.answer, weights=rest * rest, minlength=len(count))
    original = adjusted.table.points
    starts = np.concatenate(([0], np.cumsum(count)[:-1]))  # a table is sorted by answer
    low, high = (np.minimum.reduceat(original, starts), np.maximum.reduceat(original, starts))
    free = np.maximum(count - 1, 1)
    off = original - adjusted.table.means()[table.answer]
    spread = np.sqrt(np.bincount(table.answer, off * off, len(count)) / free)
    chances = chdtrc(free, squares / adjusted.noise**2) if adjusted.noise else None
    most = np.lexsort((-np.abs(rest), table.answer))[starts]  # of each answer the furthest review
    by = rest[most] * count / free
    rows = []
    for at in np.flatnonzero(count > 1).tolist():
        chance = None if chances is None else float(chances[at])
        rows.append(Disagreement(
            table.answers[at], float(low[at]), float(high[at]), float(spread[at]),
            float(np.sqrt(squares[at] / free[at])), table.reviewers[table.reviewer[most[at]]],
            float(by[at]), chance, chance is not None and chance < FLAG))
    return tuple(rows)


def alpha(table: Table, kind: Literal["interval", "ordinal"] = "interval", *,
          seed: int = 0) -> Alpha:
    """Krippendorff's alpha over answers with two or more scores; `seed` is for the resamples.

    The ordinal difference of two values counts the values between them; that is the interval
    difference of their middle ranks. Source: Krippendorff, "Computing Krippendorff's
    Alpha-Reliability" (2011); resampling of units instead of his of errors.
    """
    count = table.reviews()
    use = count[table.answer] > 1
    units = int((count > 1).sum())
    if not units:
        return Alpha(None, None, None, 0)
    values = table.points[use]
    if kind == "ordinal":
        values = _middle_ranks(values)
    values = values - values.mean()
    who = table.answer[use]
    n, total, squares = (np.bincount(who, weights=w, minlength=len(count))[count > 1]
                         for w in (np.ones(len(values)), values, values**2))
    within = n * (squares - total**2 / n) / (n - 1)
    sums = _resamples(units, seed) @ np.column_stack((n, total, squares, within))
    everything, mean, square, observed = sums.T
    expected = (square - mean**2 / everything) * everything / (everything - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.where(expected > 1e-12, 1 - observed / expected, np.nan)
    if np.isnan(found[0]):
        return Alpha(None, None, None, units)
    drawn_well = found[1:][np.isfinite(found[1:])]
    if units < 2 or not len(drawn_well):
        return Alpha(float(found[0]), None, None, units)
    low, high = np.quantile(drawn_well, (0.025, 0.975))
    return Alpha(float(found[0]), float(low), float(high), units)


def icc_one_way(table: Table) -> Icc:
    """ICC(1) and ICC(k): each answer read by reviewers of its own, severity counted as error.

    Unequal numbers of reviews by the one-way analysis of variance. Sources: Shrout and Fleiss,
    Psychological Bulletin 86 (1979); McGraw and Wong, Psychological Methods 1 (1996).
    """
    count = table.reviews().astype(np.float64)
    answers, reviews = len(count), float(count.sum())
    k = float(len(count) / (1 / count).sum()) if answers else 0.0
    if answers < 2 or reviews <= answers:
        return Icc(None, None, k)
    means, grand = table.means(), float(table.points.mean())
    between = float((count * (means - grand) ** 2).sum()) / (answers - 1)
    within = float(((table.points - means[table.answer]) ** 2).sum()) / (reviews - answers)
    typical = (reviews - float((count**2).sum()) / reviews) / (answers - 1)
    return _icc((between - within) / typical, within, k)


def icc_agreement(table: Table) -> Icc:
    """ICC(A,1) and ICC(A,k): absolute agreement, answers and reviewers both random.

    From variance components: error and reviewers by REML (`model`), answers by what the variance
    of the adjusted scores exceeds their errors. Equals the analysis of variance if every
    reviewer read every answer. Source: McGraw and Wong, Psychological Methods 1 (1996).
    """
    count = table.reviews()
    k = float(len(count) / (1 / count).sum()) if len(count) else 0.0
    if len(count) < 2:
        return Icc(None, None, k)
    fitted = fit(table)
    if fitted.noise is None:
        return Icc(None, None, k)
    shift = fitted.difference_variances()
    unsure = float(shift.sum()) / (2 * len(count) * (len(count) - 1))
    error = fitted.noise**2
    true = float(fitted.answer.var(ddof=1)) - error * unsure
    return _icc(true, error * (1 + fitted.ratio), k)


def _icc(true: float, error: float, k: float) -> Icc:
    if true + error <= 0 or true + error / k <= 0:
        return Icc(None, None, k)
    return Icc(true / (true + error), true / (true + error / k), k)


@lru_cache(maxsize=4)
def _resamples(units: int, seed: int) -> Floats:
    """[1 + DRAWS, units]: how often each unit is taken; the first row is the panel as it is."""
    drawn = np.random.default_rng(seed).integers(0, units, (DRAWS, units))
    drawn += units * np.arange(DRAWS)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=DRAWS * units).reshape(DRAWS, units)
    return np.vstack((np.ones((1, units)), counts))


def _middle_ranks(values: Floats) -> Floats:
    """Values replaced by how many lie below, and half of those equal."""
    _, at, count = np.unique(np.round(values, 9), return_inverse=True, return_counts=True)
    return (np.cumsum(count) - count / 2)[at]
