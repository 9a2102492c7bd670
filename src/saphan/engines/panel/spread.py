"""Reviewers who use little of the scale and reviewers who use all of it.

Model: a reviewer's points differ from her own level by `spread` times what the others see in those
answers. Each slope is taken against the mean of the other reviewers of the answer (never her own
points), the slopes' logarithms are brought to a mean of 0, and each is drawn towards it by how
uncertain it is: empirical Bayes with the variance between reviewers after DerSimonian and Laird,
"Meta-analysis in clinical trials", Controlled Clinical Trials 7 (1986).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from saphan.engines.panel.model import Fit
from saphan.engines.panel.rubric import Floats, Ints, Table

FEWEST = 4
"""Answers that a reviewer must share with others before her spread is estimated."""
BOUNDS = (0.5, 2.0)
LEAST = 0.1
"""Below this slope a reviewer sees nothing of what the others see; her spread stays as it is."""


def spreads(table: Table, fit: Fit) -> Floats:
    """[reviewers]: factor of each reviewer's use of the scale, 1 if nothing speaks against it."""
    level = table.points - fit.effect[table.reviewer]
    count = table.reviews()[table.answer]
    shared = count > 1
    sums = np.bincount(table.answer, weights=level, minlength=len(table.answers))[table.answer]
    others = np.where(shared, (sums - level) / np.maximum(count - 1, 1), 0.0)
    slope, variance = _slopes(table.reviewer[shared], others[shared], level[shared],
                              len(table.reviewers))
    known = np.isfinite(slope) & (slope > LEAST) & (variance > 0)
    factors = np.ones(len(slope))
    if known.sum() < 3:
        return factors
    # A reviewer who squeezes the scale squeezes her error as well: logarithms are alike in size.
    log, unsure = np.log(slope[known]), variance[known] / slope[known] ** 2
    log = log - float((log / unsure).sum() / (1 / unsure).sum())
    weight = 1 / unsure
    excess = float((weight * log**2).sum()) - (len(log) - 1)
    between = max(excess / (weight.sum() - (weight**2).sum() / weight.sum()), 0.0)
    factors[known] = np.exp(between / (between + unsure) * log).clip(*BOUNDS)
    return factors


def stretched(table: Table, fit: Fit, factors: Floats) -> Table:
    """The table with every reviewer's points brought to the common spread, her level kept."""
    centre = float(np.nanmean(fit.answer)) + fit.effect[table.reviewer]
    return replace(table,
                   points=centre + (table.points - centre) / factors[table.reviewer])


def _slopes(who: Ints, x: Floats, y: Floats, count: int) -> tuple[Floats, Floats]:
    """Least-squares slope of y on x for each reviewer, and its variance; nan where unknown."""
    n = np.bincount(who, minlength=count)
    with np.errstate(invalid="ignore", divide="ignore"):
        x = x - (np.bincount(who, x, count) / n)[who]
        y = y - (np.bincount(who, y, count) / n)[who]
        xx = np.bincount(who, x * x, count)
        slope = np.bincount(who, x * y, count) / xx
        rest = y - slope[who] * x
        left = np.bincount(who, rest * rest, count)
        # Few answers give a wild variance; half of what is believed comes from the whole panel.
        pooled = left.sum() / max(float((n - 2).clip(0).sum()), 1.0)
        variance = (left + FEWEST * pooled) / (n - 2 + FEWEST) / xx
    slope[(n < FEWEST) | (xx <= 0)] = np.nan
    return slope, variance
