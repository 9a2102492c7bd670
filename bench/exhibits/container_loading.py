"""Container loading: how full does the container get, where there is more cargo than room?

Made lists of 3 to 20 kinds with sides in the ranges of Bischoff & Ratcliff (1995). Seeds 0 to 99
were for development. Every plan is checked: inside the container, no two boxes in one place,
nothing in the air.
"""

from __future__ import annotations

from pathlib import Path

import intervals
import numpy as np
from common import Row, costs

from saphan.exhibits.container_loading import made
from saphan.exhibits.container_loading.packing import Plan, pack
from saphan.exhibits.container_loading.plain import layers

SET = "own: 105 made lists of 3 to 20 kinds in the ranges of Bischoff & Ratcliff (seeds 500 to 514)"
SEEDS = range(500, 515)
PLAIN = "rows and layers, nothing turned"


def wrong(plan: Plan) -> bool:
    """Whether boxes leave the container, overlap, or hang in the air."""
    low = np.array([block.at for block in plan.blocks])
    high = low + np.array([block.size for block in plan.blocks])
    room = (made.CONTAINER.length, made.CONTAINER.width, made.CONTAINER.height)
    meet = ((low[:, None] < high[None]) & (low[None] < high[:, None])).all(axis=2)
    np.fill_diagonal(meet, False)
    shared = (np.minimum(high[:, None, :2], high[None, :, :2])
              - np.maximum(low[:, None, :2], low[None, :, :2])).clip(0).prod(axis=2)
    under = (high[None, :, 2] == low[:, None, 2]) * shared
    area = (high - low)[:, :2].prod(axis=1)
    held = (low[:, 2] == 0) | (under.sum(axis=1) == area)
    return bool((high > room).any() or meet.any() or not held.all())


def measure(data: Path | None) -> list[Row]:
    lists = [made.cargo(kinds, seed) for kinds in made.KINDS for seed in SEEDS]
    whole = made.CONTAINER.volume
    plans = [pack(made.CONTAINER, each) for each in lists]
    filled = np.array([plan.volume(each) / whole for plan, each in zip(plans, lists, strict=True)])
    plain = float(np.mean([layers(made.CONTAINER, each) / whole for each in lists]))
    upright = np.array([pack(made.CONTAINER, each, upright=True).volume(each) / whole
                        for each in lists])
    n = len(lists)
    return [
        Row("filled", *intervals.bootstrap(filled), n, "share", SET, plain, PLAIN),
        Row("filled_upright", *intervals.bootstrap(upright), n, "share", SET, plain, PLAIN),
        Row("plans_right", *intervals.wilson(sum(not wrong(plan) for plan in plans), n), n,
            "share", SET),
        *costs(pack, [(made.CONTAINER, each) for each in lists[::7]], set=SET)]
