"""Count things: drawn scenes with a known count, against connected pieces."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from common import Row, costs
from intervals import bootstrap, wilson

from saphan.exhibits.count_things import counting, scenes
from saphan.exhibits.count_things.exhibit import count_things

EACH, FIRST = 20, 40_000
SET = "own: 80 drawn scenes of 4 kinds, 8 to 69 things, half of them placed beside another"
CROWDED = "own: 20 drawn scenes in which things lie on top of each other"
PLAIN = "connected pieces after Otsu's limit"


def measure(data: Path | None) -> list[Row]:
    drawn = [scenes.scene(kind, seed) for kind in scenes.KINDS
             for seed in range(FIRST, FIRST + EACH)]
    own = [_error(len(counting.find(each.picture)), each.count) for each in drawn]
    plain = [_error(counting.pieces(each.picture), each.count) for each in drawn]
    heaps = [scenes.scene(kind, seed, closeness=0.55) for kind in scenes.KINDS
             for seed in range(FIRST, FIRST + EACH // 4)]
    crowded = [_error(len(counting.find(each.picture)), each.count) for each in heaps]
    crowded_plain = [_error(counting.pieces(each.picture), each.count) for each in heaps]
    n, exact = len(own), sum(error == 0 for error in own)
    shown = sorted((Path(scenes.__file__).parent / "examples").glob("*.jpg"))
    return [
        Row("exact", *wilson(exact, n), n, "share", SET,
            float(np.mean([error == 0 for error in plain])), PLAIN),
        Row("error", *bootstrap(own), n, "share", SET, float(np.mean(plain)), PLAIN),
        Row("crowded_error", *bootstrap(crowded), len(crowded), "share", CROWDED,
            float(np.mean(crowded_plain)), PLAIN),
        *costs(count_things, [path.read_bytes() for path in shown] * 2),
    ]


def _error(counted: int, true: int) -> float:
    return abs(counted - true) / true
