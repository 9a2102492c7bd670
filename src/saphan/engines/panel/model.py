"""The additive model: points = answer + reviewer + error, fitted by REML.

Answers are fixed (nobody's score is drawn towards the mean of strangers), reviewers are random with
mean zero. This is the analysis of incomplete blocks with recovery of inter-block information.
How far a reviewer's severity is drawn towards zero follows from the ratio of the variance between
reviewers to that of the error, which maximises the restricted likelihood. If the panel shows no
differences in severity, the ratio is zero and the adjusted score is the plain mean.

Sources: Yates, "The recovery of inter-block information in balanced incomplete block designs",
Annals of Eugenics 10 (1940); Patterson and Thompson, "Recovery of inter-block information when
block sizes are unequal", Biometrika 58 (1971); Henderson, "Best linear unbiased estimation and
prediction under a selection model", Biometrics 31 (1975).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from saphan.engines.panel.rubric import Floats, Table

RATIOS = np.concatenate(([0.0], np.logspace(-4, 4, 129)))


@dataclass(frozen=True, eq=False)
class Fit:
    """Arrays [answers] `answer`, [reviewers] `effect` (positive: gives more) and what they rest on.

    `ratio`: variance between reviewers over that of the error; `noise`: standard deviation of the
    error in points, None if the reviews do not suffice to know it; `free`: degrees of freedom.
    """

    answer: Floats
    effect: Floats
    ratio: float
    noise: float | None
    free: int
    weights: Floats
    """[answers, reviewers]: reviews of the answer by the reviewer, over its reviews."""
    inverse: Floats
    """[reviewers, reviewers]: prediction variance of the effects over that of the error."""
    counts: Floats
    """Reviews of each answer."""

    def answer_variances(self) -> Floats:
        """[answers]: variance of each score over that of the error.

        Against what the answer would get if the whole panel read it: that the panel as a whole may
        be mild is in none of them.
        """
        off = self.weights - 1 / len(self.effect)
        through: Floats = ((off @ self.inverse) * off).sum(axis=1)
        return 1 / self.counts + through

    def effect_variances(self) -> Floats:
        """[reviewers]: variance of each effect less the panel's mean, over that of the error."""
        off = np.eye(len(self.effect)) - 1 / len(self.effect)
        found: Floats = ((off @ self.inverse) * off).sum(axis=1)
        return found

    def covariances(self) -> Floats:
        """[answers, answers]: covariance of scores over the variance of the error."""
        shared: Floats = self.weights @ self.inverse @ self.weights.T
        shared[np.diag_indices_from(shared)] += 1 / self.counts
        return shared

    def difference_variances(self) -> Floats:
        """[answers, answers]: variance of the difference of two scores over that of the error."""
        shared = self.covariances()
        own = np.diag(shared)
        found: Floats = np.maximum(own[:, None] + own[None, :] - 2 * shared, 0.0)
        return found


def fit(table: Table, *, ratio: float | None = None, keep: Floats | None = None) -> Fit:
    """Fit the model to `table`; with `ratio` given, that is used instead of the likeliest one.

    `keep` [reviews] of zeros and ones leaves reviews out. Answers without a review get nan.
    """
    use = np.ones(len(table.points)) if keep is None else keep
    shape = (len(table.answers), len(table.reviewers))
    met = np.zeros(shape)
    np.add.at(met, (table.answer, table.reviewer), use)
    counts = met.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        weights = np.where(counts[:, None] > 0, met / counts[:, None], 0.0)
        means = np.bincount(table.answer, weights=use * table.points, minlength=shape[0]) / counts
    centred = use * (table.points - np.nan_to_num(means)[table.answer])
    within = np.diag(met.sum(axis=0)) - met.T @ weights
    gathered = np.bincount(table.reviewer, weights=centred, minlength=shape[1])
    values, vectors = np.linalg.eigh(within)
    values = np.where(values > 1e-9 * max(values.max(initial=0.0), 1.0), values, 0.0)
    turned = np.where(values > 0, vectors.T @ gathered, 0.0)
    total = float(centred @ centred)
    rank = int((values > 0).sum())
    contrasts = int(use.sum()) - int((counts > 0).sum())
    if ratio is None:
        ratio = _likeliest(values, turned, total, contrasts) if contrasts > rank else 0.0
    shrunk = ratio / (1 + ratio * values)
    effect = vectors @ (shrunk * turned)
    noise = None
    if contrasts > rank:
        noise = float(np.sqrt(max(total - shrunk @ turned**2, 0.0) / contrasts))
    return Fit(answer=means - weights @ effect, effect=effect, ratio=ratio, noise=noise,
               free=contrasts - rank, weights=weights,
               inverse=(vectors * shrunk) @ vectors.T, counts=counts)


def _likeliest(values: Floats, turned: Floats, total: float, contrasts: int) -> float:
    """The ratio of variances with the greatest restricted likelihood, to about 1 %.

    With `values` the eigenvalues of the reviewers' part of the contrasts within answers, minus
    twice the log likelihood, its constant and the error's variance profiled out, is
    contrasts * log(total - sum(r u^2 / (1 + r v))) + sum(log(1 + r v)).
    """
    if total <= 0:
        return 0.0

    def best(ratios: Floats) -> int:
        grown = 1 + ratios[:, None] * values
        left = np.maximum(total - (ratios[:, None] * turned**2 / grown).sum(axis=1), 1e-12 * total)
        return int(np.argmin(contrasts * np.log(left) + np.log(grown).sum(axis=1)))

    at = best(RATIOS)
    if at == 0:
        return 0.0
    finer = np.geomspace(RATIOS[max(at - 1, 1)] * (0.5 if at == 1 else 1.0),
                         RATIOS[min(at + 1, len(RATIOS) - 1)], 31)
    return float(finer[best(finer)])
