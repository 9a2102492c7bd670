"""Choose the weights of the signals and the curve from their sum to a probability.

    python bench/matching/calibrate.py [--models DIR]

Reads the development halves alone. Weights: coordinate search over a grid for the mean nDCG@10 of
all development sets, with and without English titles. Curve: logistic regression (Platt 1999) of
"would go on the shortlist" (grade 2 or 3) on the sum, over the ten best offers of every need and
of every question without an answer. Threshold: the score that 95 % of the needs' best answers
reach. Prints what belongs into `rank.Weights`, and how reliable the probabilities are on the
halves that were not used.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from sets import EVERY, Need, NeedSet, Scores, load_sets, ndcg
from systems import systems

from saphan.engines.matching.documents import Verdict
from saphan.engines.matching.rank import Matcher, Weights

DEVELOPMENT = ("sample dev", "own dev")
TODAY = date(2026, 11, 22)
SHOWN = 10
GRID = {
    "concepts": (0.05, 0.1, 0.15, 0.2),
    "met": (0.0, 0.02, 0.04, 0.05, 0.06),
    "not_met": (0.0, -0.03, -0.06, -0.1, -0.14, -0.18),
}
"""More weight of concepts gains 0.001 here and costs more than a point on general text (public.py).
Words are not chosen here: needs hardly name things, and what they gain is the finding of names."""


@dataclass(frozen=True)
class Asked:
    """The signals of every offer for one question: arrays in the order of the offers."""

    need: Need
    gains: Scores
    meaning: Scores
    concepts: Scores
    words: Scores
    met: Scores
    not_met: Scores

    def total(self, weights: Weights) -> Scores:
        return (
            weights.meaning * self.meaning
            + weights.concepts * self.concepts
            + weights.words * np.maximum(0, self.words - weights.words_above)
            + weights.met * self.met
            + weights.not_met * self.not_met
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--models", type=Path)
    options = parser.parse_args()
    asked = {}
    for bare in (False, True):
        for chosen in load_sets(bare=bare):
            with systems(chosen.offers, options.models, peers=False) as compared:
                asked[chosen.name, bare] = list(signals(chosen, compared.matcher))
    development = [asked[name, bare] for name in DEVELOPMENT for bare in (False, True)]
    weights = search(development, Weights())
    slope, middle = platt(*pairs([one for part in development for one in part], weights))
    weights = replace(weights, slope=round(slope, 2), middle=round(middle, 4))
    with_titles = [one for name in DEVELOPMENT for one in asked[name, False] if one.need.grades]
    best = [probability(one.total(weights).max(), weights) for one in with_titles]
    weights = replace(weights, threshold=round(float(np.quantile(best, 0.05)), 3))
    print(weights)
    for (name, bare), part in asked.items():
        quality = np.mean([ndcg(a.total(weights), a.gains) for a in part if a.need.grades])
        print(f"{name}{' bare' if bare else ''}: nDCG@10 {quality:.3f}", end="; ")
        reliability(part, weights)


def signals(chosen: NeedSet, matcher: Matcher) -> list[Asked]:
    """What the matcher knows of every offer for every question of a set."""
    place = {offer.id: number for number, offer in enumerate(chosen.offers)}
    found = []
    for need in [*chosen.needs, *chosen.unanswerable]:
        answer = matcher.ask(need.text, need.lang, k=None, filters=EVERY, now=TODAY)
        columns = np.zeros((5, len(place)))
        for match in answer.matches:
            verdicts = [requirement.verdict for requirement in match.why.requirements]
            columns[:, place[match.id]] = (
                match.why.meaning, match.why.overlap, match.why.words,
                verdicts.count(Verdict.MET), verdicts.count(Verdict.NOT_MET),
            )  # fmt: skip
        found.append(Asked(need, chosen.gains(need), *columns))
    return found


def search(development: Sequence[Sequence[Asked]], weights: Weights) -> Weights:
    """Coordinate search: each weight in turn, until none gains."""

    def quality(tried: Weights) -> float:
        return float(np.mean([
            np.mean([ndcg(a.total(tried), a.gains) for a in part if a.need.grades])
            for part in development
        ]))  # fmt: skip

    best = quality(weights)
    gaining = True
    while gaining:
        gaining = False
        for name, values in GRID.items():
            for value in values:
                tried = replace(weights, **{name: value})
                reached = quality(tried)
                if reached > best + 5e-4:
                    weights, best, gaining = tried, reached, True
    print(f"development nDCG@10 {best:.4f}")
    return weights


def pairs(asked: Sequence[Asked], weights: Weights) -> tuple[Scores, Scores]:
    """Sums of the offers that would be shown, and whether each belongs on the shortlist."""
    sums, wanted = [], []
    for one in asked:
        total = one.total(weights)
        first = np.argsort(-total, kind="stable")[:SHOWN]
        sums.append(total[first])
        wanted.append(one.gains[first] >= 2)
    return np.concatenate(sums), np.concatenate(wanted).astype(float)


def platt(sums: Scores, wanted: Scores) -> tuple[float, float]:
    """Slope and middle of the logistic curve that fits best, by Newton's method."""
    design = np.stack([sums, np.ones_like(sums)], axis=1)
    beta = np.zeros(2)
    for _ in range(50):
        p = 1 / (1 + np.exp(-design @ beta))
        gradient = design.T @ (wanted - p)
        hessian = (design * (p * (1 - p))[:, None]).T @ design + 1e-9 * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if np.abs(step).max() < 1e-9:
            break
    return float(beta[0]), float(-beta[1] / beta[0])


def probability(total: Scores | float, weights: Weights) -> Scores:
    return np.asarray(1 / (1 + np.exp(-weights.slope * (total - weights.middle))))


def reliability(asked: Sequence[Asked], weights: Weights) -> None:
    """How often offers of a said probability are on the shortlist, and the mean difference."""
    sums, wanted = pairs(asked, weights)
    said = probability(sums, weights)
    edges = np.array([0, 0.1, 0.2, 0.4, 0.6, 0.8, 1.01])
    error, cells = 0.0, []
    for low, high in itertools.pairwise(edges):
        inside = (said >= low) & (said < high)
        if inside.any():
            error += abs(said[inside].mean() - wanted[inside].mean()) * inside.mean()
            cells.append(f"{said[inside].mean():.2f}>{wanted[inside].mean():.2f}({inside.sum()})")
    brier = ((said - wanted) ** 2).mean()
    print(f"calibration error {error:.3f}, Brier {brier:.3f}; said>was(n) {' '.join(cells)}")


if __name__ == "__main__":
    main()
