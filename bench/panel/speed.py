"""CPU milliseconds of each step of a panel on one core, middle and best of several rounds.

    OMP_NUM_THREADS=1 PYTHONPATH=src python bench/panel/speed.py [--rounds 15]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np

from saphan.engines.panel import (
    Criterion,
    Rubric,
    Score,
    adjust,
    alpha,
    assign,
    by_criterion,
    cut,
    disagreements,
    icc_agreement,
    judge,
    leave_one_out,
    ranking,
    totals,
)

SIZES = ((200, 25), (200, 200), (1_000, 100))
EACH, CRITERIA, PLACES = 5, 6, 10
RUBRIC = Rubric(tuple(Criterion(f"c{at}", 1 + at) for at in range(CRITERIA)))


def scores_of(answers: int, reviewers: int) -> list[Score]:
    rng = np.random.default_rng(0)
    quality, mild = rng.normal(3, 0.5, answers), rng.normal(0, 0.4, reviewers)
    return [Score(f"r{r}", f"a{a}", c.id,
                  float(np.clip(round(quality[a] + mild[r] + rng.normal(0, 0.6)), 0, 5)))
            for a in range(answers) for r in rng.choice(reviewers, EACH, replace=False)
            for c in RUBRIC.criteria]


def steps(answers: int, reviewers: int) -> dict[str, Callable[[], object]]:
    scores = scores_of(answers, reviewers)
    table = totals(RUBRIC, scores)
    adjusted = adjust(table)
    names, panel = list(table.answers), list(table.reviewers)
    return {
        "scores to points": lambda: totals(RUBRIC, scores),
        "severity, scores, errors": lambda: adjust(table),
        "the same with spread": lambda: adjust(table, spread=True),
        "places and line": lambda: cut(ranking(adjusted), PLACES),
        "disagreements": lambda: disagreements(adjusted),
        "each reviewer left out": lambda: leave_one_out(adjusted, PLACES),
        "alpha, both kinds": lambda: (alpha(table), alpha(table, "ordinal")),
        "alpha of each criterion": lambda: [
            alpha(one) for one in by_criterion(RUBRIC, scores).values()],
        "ICC(A,k)": lambda: icc_agreement(table),
        "**all of the above in one call**": lambda: judge(RUBRIC, scores, PLACES),
        "who reads what": lambda: assign(names, panel, EACH),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    columns = []
    for size in SIZES:
        work = steps(*size)
        taken: dict[str, list[float]] = {name: [] for name in work}
        for _ in range(rounds):  # interleaved, so that other load strikes all alike
            for name, step in work.items():
                start = time.process_time()
                step()
                taken[name].append((time.process_time() - start) * 1e3)
        columns.append(taken)
    print("| CPU ms, middle (best) | " + " | ".join(
        f"{a:,} answers x {EACH}, {r} reviewers" for a, r in SIZES) + " |")
    print("| --- |" + " --- |" * len(SIZES))
    for name in columns[0]:
        print(f"| {name} | " + " | ".join(
            f"{statistics.median(one[name]):.1f} ({min(one[name]):.1f})" for one in columns) + " |")


if __name__ == "__main__":
    main()
