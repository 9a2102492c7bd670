"""Surface inspector: plates it has never seen, good and damaged, against the mean difference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from common import Row, costs
from intervals import bootstrap, wilson

from saphan.exhibits.surface_inspector import eye, plates
from saphan.exhibits.surface_inspector.exhibit import inspect_surface, known

GOOD, BAD = 50, 15
SET = "own: 150 good and 180 damaged plates drawn by a seeded generator, not used before"


def flat(picture: Any, mean: Any) -> float:
    """The baseline: the largest difference in grey from the mean of good plates, smoothed."""
    away = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 2)
    return float(np.abs(away - mean)[20:-20, 20:-20].max())


def _grey(picture: Any) -> Any:
    return cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 2)


def measure(data: Path | None) -> list[Row]:
    found, plain, chances, plain_chances, alarms = [], [], [], [], 0
    for material in plates.MATERIALS:
        model, limit = known(material, 1)
        mean = np.mean([_grey(plates.good(material, seed)) for seed in range(8)], axis=0)
        calm = [flat(plates.good(material, seed), mean) for seed in range(1000, 1060)]
        plain_limit = float(np.quantile(calm, 0.99))
        good = [plates.good(material, seed) for seed in range(50000, 50000 + GOOD)]
        good_scores = np.array([eye.score(model.distances(each)) for each in good])
        good_plain = np.array([flat(each, mean) for each in good])
        alarms += int((good_scores > limit).sum())
        for kind in plates.DEFECTS:
            for seed in range(60000, 60000 + BAD):
                picture = plates.damaged(material, seed, kind)
                own, base = eye.score(model.distances(picture)), flat(picture, mean)
                found.append(own > limit)
                plain.append(base > plain_limit)
                chances.append(float(np.mean(own > good_scores)))
                plain_chances.append(float(np.mean(base > good_plain)))
    n, stopped = len(found), wilson(alarms, 3 * GOOD)
    examples = Path(plates.__file__).parent / "examples"
    shown = [{"photo": path.read_bytes(), "surface": "metal"}
             for path in sorted(examples.glob("*.jpg"))]
    return [
        Row("found", *wilson(sum(found), n), n, "share", SET, float(np.mean(plain)),
            "grey difference from the mean plate"),
        Row("auroc", *bootstrap(chances), n, "share", SET, float(np.mean(plain_chances)),
            "grey difference from the mean plate"),
        Row("false_alarms", *stopped, 3 * GOOD, "share", SET),
        *costs(lambda given: inspect_surface(**given), shown * 2),
    ]
