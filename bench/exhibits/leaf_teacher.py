"""Leaf teacher: drawn orchards, each taught by a few leaves, against a limit on "not green"."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from common import Row, costs
from intervals import bootstrap
from numpy.typing import NDArray

from saphan.engines.runner import media
from saphan.exhibits.leaf_teacher import leaves, teacher
from saphan.exhibits.leaf_teacher.exhibit import judge_leaf

ORCHARDS, JUDGED, FIRST = 60, 4, 5_000
SET = "own: 60 drawn orchards, half of them green, 4 leaves judged in each"
GREEN = "own: the 30 green ones of these orchards"


def _leaf(orchard: int, number: int, sick: bool) -> Any:
    return leaves.leaf(leaves.orchard(orchard), orchard * 100 + number, sick)


def _numbers(picture: Any) -> NDArray[np.float64]:
    tiny = teacher.small(picture)
    return teacher.numbers(tiny, teacher.leaf_mask(tiny))


def best_limit() -> float:
    """The limit on the share that is not green which is right most often on 12 other orchards."""
    seen = [(teacher.off_green(_leaf(orchard, number, number % 2 == 1)), number % 2 == 1)
            for orchard in (*range(100, 103), *range(106, 109), *range(112, 115), *range(118, 121))
            for number in range(4)]
    limits = np.linspace(0, 0.5, 251)
    return float(limits[int(np.argmax([np.mean([(share > limit) == sick for share, sick in seen])
                                       for limit in limits]))])


def measure(data: Path | None) -> list[Row]:
    limit = best_limit()
    right, one, plain, green = [], [], [], []
    for orchard in range(FIRST, FIRST + ORCHARDS):
        good = [_numbers(_leaf(orchard, number, False)) for number in range(3)]
        bad = [_numbers(_leaf(orchard, number, True)) for number in range(3)]
        three, single = teacher.teach(good, bad), teacher.teach(good[:1], bad[:1])
        hits = []
        for number in range(50, 50 + JUDGED):
            sick = number % 2 == 1
            picture = _leaf(orchard, number, sick)
            seen = _numbers(picture)
            hits.append(((three.sickness(seen) > 0) == sick, (single.sickness(seen) > 0) == sick,
                         (teacher.off_green(picture) > limit) == sick))
        a, b, c = np.mean(hits, axis=0)
        right.append(a)
        one.append(b)
        plain.append(c)
        green.append(leaves.is_green(orchard))
    only = np.array(green)
    name = "limit on the part that is not green, set on other green orchards"
    return [
        Row("right", *bootstrap(right), len(right), "share", SET, float(np.mean(plain)), name),
        Row("right_one", *bootstrap(one), len(one), "share", SET, float(np.mean(plain)), name),
        Row("right_green", *bootstrap(np.array(right)[only]), int(only.sum()), "share", GREEN,
            float(np.mean(np.array(plain)[only])), name),
        *costs(lambda given: judge_leaf(**given), [_call(seed) for seed in range(6)]),
    ]


def _call(orchard: int) -> dict[str, bytes]:
    def photo(number: int, sick: bool) -> bytes:
        return media.jpeg(_leaf(orchard, number, sick))

    return {"photo": photo(50, True),
            **{f"good_{at}": photo(at, False) for at in (1, 2, 3)},
            **{f"bad_{at}": photo(at, True) for at in (1, 2, 3)}}
