"""Panels for the tests."""

from __future__ import annotations

import numpy as np

from saphan.engines.panel import Table

Seed = int


def drawn(answers: int, reviewers: int, each: int, *, severity: float = 8.0, noise: float = 5.0,
          seed: Seed = 0) -> tuple[Table, np.ndarray, np.ndarray]:
    """Table, true quality of its answers, true severity of its reviewers (points taken off)."""
    rng = np.random.default_rng(seed)
    quality = rng.normal(60, 10, answers)
    harsh = rng.normal(0, severity, reviewers)
    points = {}
    for a in range(answers):
        for r in rng.choice(reviewers, each, replace=False):
            points[f"r{r:03}", f"a{a:03}"] = quality[a] - harsh[r] + rng.normal(0, noise)
    table = Table.of(points)
    return (table, quality[[int(name[1:]) for name in table.answers]],
            harsh[[int(name[1:]) for name in table.reviewers]])


def table_of(rows: list[str]) -> Table:
    """One row a reviewer, one column an answer, * where nothing was given."""
    return Table.of({(f"r{r}", f"a{a:02}"): float(value) for r, row in enumerate(rows)
                     for a, value in enumerate(row.split()) if value != "*"})
