"""Panels with known truth: what each way of scoring makes of them.

    PYTHONPATH=src python bench/panel/simulate.py [--seed 1] [--panels 200] [--world NAME]
    PYTHONPATH=src python bench/panel/simulate.py --data scores.csv   # reviewer,answer,points

Prints, for every world and way, over the simulated panels: the share of the truly best 10 % that
are among the 10 % chosen; Kendall's tau with the truth; root mean square error after both are
centred (points; z-scores are brought to the panel's mean and spread first); and how much worse or
better the chosen are, in points of true quality, than those that the plain mean chooses, with its
95 % interval. With --data there is no truth: the real design and scores replace the simulated
ones, halves of each answer's reviewers are compared instead.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import kendalltau

from saphan.engines.panel import Table, adjust, assign, icc_agreement

Floats = npt.NDArray[Any]
Way = Callable[[Table], Floats]


@dataclass(frozen=True)
class World:
    """Standard deviations in points; `use` is that of the logarithm of reviewers' use of the scale.

    `steps`: points are rounded to this (0: not). `islands`: answers and reviewers fall into so many
    parts that share nobody. `match`: reviewers of better answers are harsher (correlation).
    """

    name: str
    answers: int = 60
    reviewers: int = 15
    each: int = 4
    severity: float = 8.0
    noise: float = 8.0
    use: float = 0.0
    steps: float = 0.0
    islands: int = 1
    match: float = 0.0
    tails: bool = False


WORLDS = (
    World("usual"),
    World("strong severity", severity=15),
    World("none", severity=0),
    World("none, 3 each", severity=0, each=3, reviewers=30),
    World("thin: 2 each", each=2, reviewers=30),
    World("thin, none", each=2, reviewers=30, severity=0),
    World("3 reviewers read all", answers=20, reviewers=3, each=3),
    World("5 of 6 reviewers", answers=12, reviewers=6, each=5),
    World("spread differs", use=0.4),
    World("spread differs, 10 each", use=0.4, each=10, answers=100),
    World("spread only", use=0.4, severity=0),
    World("whole steps of 10", steps=10),
    World("wild errors", tails=True),
    World("two islands", islands=2),
    World("harsh read the best", match=0.7),
    World("200 x 5", answers=200, reviewers=25, each=5),
)
QUALITY = 10.0


def simulate(world: World, rng: np.random.Generator) -> tuple[Table, dict[str, float]]:
    """One panel and the true quality of its answers."""
    quality = rng.normal(60, QUALITY, world.answers)
    severity = rng.normal(0, world.severity, world.reviewers)
    use = np.exp(rng.normal(0, world.use, world.reviewers))
    points = {}
    for a, r in design(world, rng, quality, severity):
        error = rng.normal(0, world.noise)
        if world.tails and rng.random() < 0.08:
            error = rng.normal(0, 35)
        value = 60 - severity[r] + use[r] * (quality[a] - 60 + error)
        if world.steps:
            value = round(value / world.steps) * world.steps
        points[f"r{r:03}", f"a{a:03}"] = float(np.clip(value, 0, 100))
    return Table.of(points), {f"a{a:03}": float(q) for a, q in enumerate(quality)}


def design(world: World, rng: np.random.Generator, quality: Floats,
           severity: Floats) -> Iterator[tuple[int, int]]:
    """Who reads what: shared out as the house does it, or with harshness following quality."""
    if world.match:
        taste = world.match * severity / max(world.severity, 1e-9)
        for a in range(world.answers):
            pull = np.exp(2 * taste * (quality[a] - 60) / QUALITY)
            for r in rng.choice(world.reviewers, world.each, False, pull / pull.sum()):
                yield a, int(r)
        return
    for part in range(world.islands):
        names = [f"a{a}" for a in range(part, world.answers, world.islands)]
        panel = [f"r{r}" for r in range(part, world.reviewers, world.islands)]
        for answer, reviewer in assign(names, panel, world.each,
                                       seed=int(rng.integers(1 << 30))).pairs:
            yield int(answer[1:]), int(reviewer[1:])


def z_scores(table: Table) -> Floats:
    """Each reviewer's points minus her mean over her spread; then the mean of each answer."""
    load = np.bincount(table.reviewer)
    mean = np.bincount(table.reviewer, table.points) / load
    off = table.points - mean[table.reviewer]
    spread = np.sqrt(np.bincount(table.reviewer, off**2) / np.maximum(load - 1, 1))
    z = off / np.where(spread > 0, spread, 1)[table.reviewer]
    scores = np.bincount(table.answer, z) / np.bincount(table.answer)
    # back to points: as wide as the plain means, less what their errors add
    points: Floats = table.means().mean() + scores * (table.means().std() / max(scores.std(), 1e-9))
    return points


def median(table: Table) -> Floats:
    return np.array([one.median for one in adjust(table).answers])


WAYS: dict[str, Way] = {
    "plain mean": lambda table: table.means(),
    "median": median,
    "z-scores": z_scores,
    "adjusted": lambda table: adjust(table).scores,
    "adjusted, spread": lambda table: adjust(table, spread=True).scores,
}


def best(scores: Floats, count: int) -> Floats:
    return np.argsort(-scores, kind="stable")[:count]


def measure(world: World, panels: int, seed: int) -> dict[str, tuple[float, ...]]:
    """For each way: hits, tau, error, gain over the plain mean and half its interval."""
    rows: dict[str, list[tuple[float, ...]]] = {name: [] for name in WAYS}
    for panel in range(panels):
        rng = np.random.default_rng((seed, panel))
        table, truth = simulate(world, rng)
        quality = np.array([truth[name] for name in table.answers])
        count = max(round(len(quality) / 10), 1)
        right = set(best(quality, count).tolist())
        for name, way in WAYS.items():
            scores = way(table)
            chosen = best(scores, count)
            error = scores - scores.mean() - (quality - quality.mean())
            rows[name].append((len(right & set(chosen.tolist())) / count,
                               float(kendalltau(scores, quality).statistic),
                               float((error**2).mean()), float(quality[chosen].mean())))
    found: dict[str, tuple[float, ...]] = {}
    plain = np.array(rows["plain mean"])[:, 3]
    for name, these in rows.items():
        one = np.array(these)
        gain = one[:, 3] - plain
        found[name] = (one[:, 0].mean(), one[:, 1].mean(), float(np.sqrt(one[:, 2].mean())),
                       gain.mean(), 1.96 * gain.std(ddof=1) / np.sqrt(panels))
    return found


def real(path: Path, panels: int, seed: int) -> None:
    """Halves of each answer's reviewers, scored apart: how well do they agree?"""
    with path.open(encoding="utf-8-sig", newline="") as file:
        points = {(row["reviewer"], row["answer"]): float(row["points"])
                  for row in csv.DictReader(file)}
    table = Table.of(points)
    whole = adjust(table)
    print(f"{len(table.answers)} answers, {len(table.reviewers)} reviewers, {len(points)} reviews, "
          f"{len(whole.islands)} islands; severity {whole.severity_sd}, noise {whole.noise}, "
          f"{icc_agreement(table)}\n")
    print("| way | tau between halves |\n| --- | --- |")
    taus: dict[str, list[float]] = {name: [] for name in WAYS}
    for panel in range(panels):
        rng = np.random.default_rng((seed, panel))
        halves: tuple[dict[tuple[str, str], float], ...] = ({}, {})
        for answer in table.answers:
            mine = rng.permutation(sorted(r for r, a in points if a == answer))
            for at, reviewer in enumerate(mine):
                halves[at % 2][str(reviewer), answer] = points[str(reviewer), answer]
        one, two = map(Table.of, halves)
        shared = sorted(set(one.answers) & set(two.answers))
        for name, way in WAYS.items():
            pair = []
            for half in (one, two):
                scores = dict(zip(half.answers, way(half).tolist(), strict=True))
                pair.append([scores[answer] for answer in shared])
            taus[name].append(float(kendalltau(*pair).statistic))
    for name, values in taus.items():
        print(f"| {name} | {np.nanmean(values):.3f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--panels", type=int, default=200)
    parser.add_argument("--world", choices=[world.name for world in WORLDS])
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    if given.data:
        real(given.data, given.panels, given.seed)
        return
    print("| world | way | best 10 % found | tau | error | gain, points |")
    print("| --- | --- | --- | --- | --- | --- |")
    for world in WORLDS:
        if given.world in (None, world.name):
            for name, (hits, tau, error, gain, half) in measure(
                    world, given.panels, given.seed).items():
                says = "" if name == "plain mean" else f"{gain:+.2f} ± {half:.2f}"
                print(f"| {world.name} | {name} | {hits:.1%} | {tau:.3f} | {error:.2f} | {says} |",
                      flush=True)


if __name__ == "__main__":
    main()
