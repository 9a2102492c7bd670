"""Learn the three materials and how good and damaged plates score; write `learned.npz`.

    PYTHONPATH=src python -m saphan.exhibits.surface_inspector.learn

Plates 0 to 11 teach, plates 1000 and up set the limits. The bench uses others again (50000 and up).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from . import eye, plates

FILE = Path(__file__).with_name("learned.npz")
TEACH, LIMIT_GOOD, LIMIT_BAD = 12, 200, 40


def main() -> None:
    """Write the file; takes about two minutes."""
    cv2.setNumThreads(1)
    kept: dict[str, Any] = {}
    for material in plates.MATERIALS:
        model = eye.learn(plates.good(material, seed) for seed in range(TEACH))
        kept[f"{material}_mean"], kept[f"{material}_precision"] = model.mean, model.precision
        scores = [eye.score(model.distances(plates.good(material, seed)))
                  for seed in range(1000, 1000 + LIMIT_GOOD)]
        kept[f"{material}_good"] = np.sort(np.array(scores, np.float32))
        for kind in plates.DEFECTS:
            scores = [eye.score(model.distances(plates.damaged(material, seed, kind)))
                      for seed in range(2000, 2000 + LIMIT_BAD)]
            kept[f"{material}_{kind}"] = np.sort(np.array(scores, np.float32))
    np.savez(FILE, **kept)


if __name__ == "__main__":
    main()
