"""Which place suits a wish, where some places are too far apart for meetings in a row.

People who meet many of the same others should stay in the same part of the house. Parties get a
number from 0 to 1 so that those who meet are close (each takes the mean of its partners, all are
spread out evenly again, some thirty times); places are ordered by the way from an outermost one.
Wishes then fill the places in this order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from saphan.engines.timetable.compile import World

_ROUNDS = 30


def zones(world: World, wishes: Sequence[int]) -> list[int]:
    """Per wish the place on site that suits it, or -1 where any does. `wishes` are those that will
    probably be held."""
    none = [-1] * len(world.worth)
    line = _line(world)
    if len(line) < 2 or not any(world.near) or not wishes:
        return none
    at = _spread(world, wishes)
    tables = np.array([sum(world.problem.places[place].tables) for place in line], float)
    ends = np.cumsum(tables) / tables.sum()
    order = sorted(range(len(at)), key=lambda wish: at[wish])
    rank = np.empty(len(at))
    inside = np.isin(order, wishes)
    # Quantiles among those who will be there: the tables of a place then suffice for its wishes.
    rank[order] = np.cumsum(inside) / max(1, inside.sum())
    which = np.minimum(np.searchsorted(ends, rank), len(line) - 1)
    return [line[place] for place in which.tolist()]


def _line(world: World) -> list[int]:
    """The places on site that are open to everybody, ordered by the way from an outermost one."""
    places, walks = world.problem.places, world.problem.walks
    here = [
        at
        for at, place in enumerate(places)
        if world.open[at] and not place.online and not place.home
    ]
    if not here:
        return []
    end = max(here, key=lambda place: (sum(walks[place][other] for other in here), -place))
    return sorted(here, key=lambda place: (walks[end][place], place))


def _spread(world: World, wishes: Sequence[int]) -> npt.NDArray[np.float64]:
    """Per wish the mean number of its two parties."""
    problem = world.problem
    a = np.array([wish.a for wish in problem.wishes])
    b = np.array([wish.b for wish in problem.wishes])
    held = np.array(wishes)
    size = len(problem.parties)
    # Any start will do that is not even; the golden ratio scatters well and is always the same.
    at = np.modf(np.arange(size) * 0.6180339887498949)[0]
    degree = np.bincount(a[held], minlength=size) + np.bincount(b[held], minlength=size)
    for _ in range(_ROUNDS):
        total = np.bincount(a[held], at[b[held]], size) + np.bincount(b[held], at[a[held]], size)
        mixed = at + np.where(degree > 0, total / np.maximum(degree, 1), at)
        at = np.argsort(np.argsort(mixed, kind="stable"), kind="stable") / max(1, size)
    spread: npt.NDArray[np.float64] = (at[a] + at[b]) / 2
    return spread
