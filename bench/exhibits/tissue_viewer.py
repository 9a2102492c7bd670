"""Tissue viewer: made fields with known nuclei, against Otsu's limit and connected pieces."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from common import Row, costs
from intervals import bootstrap
from scipy.optimize import linear_sum_assignment

from saphan.exhibits.tissue_viewer import fields, stains
from saphan.exhibits.tissue_viewer.exhibit import view_tissue

EACH, FIRST = 40, 30_000
SET = "own: 80 made fields of tissue, brown and pink, 30 to 129 nuclei each"
BROWN = "own: the 40 brown ones of these fields"
PLAIN = "Otsu's limit and connected pieces"
Points = Sequence[tuple[float, float]]


def matched(true: Points, found: Points, across: float) -> int:
    """Pairs of one nucleus and one outline whose centres lie within half a width."""
    if not found:
        return 0
    gaps = np.linalg.norm(np.array(true)[:, None] - np.array(found)[None], axis=2)
    rows, columns = linear_sum_assignment(np.minimum(gaps, across))
    return int((gaps[rows, columns] < across / 2).sum())


def measure(data: Path | None) -> list[Row]:
    own, plain, stained = [], [], []
    for second in ("brown", "pink"):
        for seed in range(FIRST, FIRST + EACH):
            made = fields.tissue(seed, second)
            found = [(each.x, each.y)
                     for each in stains.nuclei(made.picture, second, made.across)]
            own.append(_score(made, found))
            plain.append(_score(made, stains.plain_centres(made.picture)))
            if second == "brown":
                part = stains.shares(made.picture, second)
                stained.append(abs(part.stained * part.tissue - made.stained))
    ours, theirs = np.array(own), np.array(plain)
    shown = sorted((Path(stains.__file__).parent / "examples").glob("*"))
    n = len(own)
    return [
        Row("found", *bootstrap(ours[:, 0]), n, "share", SET, float(theirs[:, 0].mean()), PLAIN),
        Row("true", *bootstrap(ours[:, 1]), n, "share", SET, float(theirs[:, 1].mean()), PLAIN),
        Row("count_error", *bootstrap(ours[:, 2]), n, "share", SET, float(theirs[:, 2].mean()),
            PLAIN),
        Row("stain_error", *bootstrap(stained), len(stained), "share", BROWN),
        *costs(view_tissue, [path.read_bytes() for path in shown] * 2),
    ]


def _score(made: fields.Made, found: Points) -> tuple[float, float, float]:
    """Share of nuclei found, share of outlines that are nuclei, error of the count."""
    hits = matched(made.centres, found, made.across)
    return (hits / len(made.centres), hits / max(len(found), 1),
            min(1.0, abs(len(found) - len(made.centres)) / len(made.centres)))
