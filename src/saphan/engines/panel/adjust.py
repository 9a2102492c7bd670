"""Scores corrected for harsh and mild reviewers, with how sure they are."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.special import stdtrit

from saphan.engines.panel.connected import Island, islands
from saphan.engines.panel.model import Fit, fit
from saphan.engines.panel.rubric import Floats, Table
from saphan.engines.panel.spread import spreads, stretched

LEVEL = 0.95


@dataclass(frozen=True)
class AnswerScore:
    """All in points of 0 to 100 (an adjusted score may lie a little outside).

    `adjusted`: what the answer would get if the whole panel had read it; `error`, `low` and `high`
    belong to that, and are None where the panel is too thin to know them. Whether two answers
    differ, `ranking` says.
    """

    answer: str
    reviews: int
    raw: float
    median: float
    adjusted: float
    error: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class ReviewerScore:
    """`severity`: points that she gives below the panel (negative: mild), drawn towards 0 by doubt.

    `spread`: 1 uses the scale as the others do, less than 1 keeps to the middle. Bounds as above.
    """

    reviewer: str
    reviews: int
    severity: float
    error: float | None
    low: float | None
    high: float | None
    spread: float


@dataclass(frozen=True, eq=False)
class Adjusted:
    """What `adjust` found. `answers` and `reviewers` stand in the order of the table's names.

    `why_raw` is "" or says why the adjusted score is the plain mean: "one_reviewer_each" (nobody
    read what another read), "too_few" (no degrees of freedom are left) or "no_severity" (the panel
    shows none). `islands`: more than one means that scores of different islands rest on the
    assumption that reviewers are alike on both. `noise`, `severity_sd`: standard deviations in
    points of single scores around the model and of the reviewers' severity.
    """

    table: Table
    answers: tuple[AnswerScore, ...]
    reviewers: tuple[ReviewerScore, ...]
    noise: float | None
    severity_sd: float | None
    why_raw: str
    islands: tuple[Island, ...]
    level: float
    quantile: float | None = field(repr=False)
    """Of Student's distribution, for two-sided intervals at `level`."""
    fit: Fit = field(repr=False)
    stretched: Table = field(repr=False)
    """The table that was fitted: `table`, or with spreads evened out."""

    @property
    def scores(self) -> Floats:
        """[answers] adjusted points."""
        return self.fit.answer

    def difference_bounds(self) -> Floats | None:
        """[answers, answers]: differences above these points are more than chance at `level`."""
        if self.noise is None or self.quantile is None:
            return None
        return self.quantile * self.noise * np.sqrt(self.fit.difference_variances())


def adjust(table: Table, *, spread: bool = False, level: float = LEVEL) -> Adjusted:
    """Fit points = answer + reviewer + error (`model`), with `spread` also each reviewer's scale.

    Works with incomplete designs. Intervals take the ratio of variances as known, so in panels of
    few reviews they are somewhat too narrow. ValueError for an empty table.
    """
    if not len(table.points):
        raise ValueError("no whole review yet")
    fitted, used = fit(table), table
    factors = np.ones(len(table.reviewers))
    if spread and fitted.noise is not None:
        factors = spreads(table, fitted)
        if (factors != 1).any():
            used = stretched(table, fitted, factors)
            fitted = fit(used)
    quantile = float(stdtrit(fitted.free, 0.5 + level / 2)) if fitted.free > 0 else None
    return Adjusted(
        table=table, answers=_answers(table, fitted, quantile),
        reviewers=_reviewers(table, fitted, quantile, factors), noise=fitted.noise,
        severity_sd=None if fitted.noise is None else fitted.noise * float(np.sqrt(fitted.ratio)),
        why_raw=_why_raw(table, fitted), islands=islands(table), level=level, quantile=quantile,
        fit=fitted, stretched=used)


def _why_raw(table: Table, fitted: Fit) -> str:
    if len(table.points) == len(table.answers):
        return "one_reviewer_each"
    if fitted.noise is None:
        return "too_few"
    return "" if fitted.ratio > 0 else "no_severity"


def _answers(table: Table, fitted: Fit, quantile: float | None) -> tuple[AnswerScore, ...]:
    errors = _errors(fitted, fitted.answer_variances())
    bounds = _bounds(fitted.answer, errors, quantile)
    rows = zip(table.answers, table.reviews().tolist(), table.means().tolist(),
               _medians(table).tolist(), fitted.answer.tolist(), errors, *bounds, strict=True)
    return tuple(AnswerScore(*row) for row in rows)


def _reviewers(table: Table, fitted: Fit, quantile: float | None,
               factors: Floats) -> tuple[ReviewerScore, ...]:
    severity = 0.0 - fitted.effect
    errors = _errors(fitted, fitted.effect_variances())
    bounds = _bounds(severity, errors, quantile)
    rows = zip(table.reviewers, table.loads().tolist(), severity.tolist(), errors, *bounds,
               factors.tolist(), strict=True)
    return tuple(ReviewerScore(*row) for row in rows)


def _errors(fitted: Fit, variances: Floats) -> list[float | None]:
    if fitted.noise is None:
        return [None] * len(variances)
    return list((fitted.noise * np.sqrt(np.maximum(variances, 0.0))).tolist())


def _bounds(middle: Floats, errors: list[float | None],
            quantile: float | None) -> tuple[list[float | None], list[float | None]]:
    low: list[float | None] = []
    high: list[float | None] = []
    for value, error in zip(middle.tolist(), errors, strict=True):
        known = error is not None and quantile is not None
        half = error * quantile if known else 0.0  # type: ignore[operator]
        low.append(value - half if known else None)
        high.append(value + half if known else None)
    return low, high


def _medians(table: Table) -> Floats:
    """[answers] median of each answer's points."""
    order = np.lexsort((table.points, table.answer))
    points, count = table.points[order], table.reviews()
    first = np.concatenate(([0], np.cumsum(count)[:-1]))
    return (points[first + (count - 1) // 2] + points[first + count // 2]) / 2
