"""Places, and which of them cannot be told apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from saphan.engines.panel.adjust import Adjusted


@dataclass(frozen=True)
class Place:
    """`place` by adjusted score (equal scores share one); `best` to `worst`: where it may belong.

    `group`: answers of one group cannot be told apart from the first of the group.
    """

    answer: str
    adjusted: float
    place: int
    best: int
    worst: int
    group: int


@dataclass(frozen=True)
class Cut:
    """Who is above a line of `places`: surely, perhaps, surely not. In order of score."""

    places: int
    inside: tuple[str, ...]
    undecided: tuple[str, ...]
    outside: tuple[str, ...]


def ranking(adjusted: Adjusted) -> tuple[Place, ...]:
    """All answers, best first; equal scores by name.

    Two answers are told apart if their difference exceeds chance at the level of `adjusted`, pair
    by pair; with many pairs some will be told apart wrongly. Where no error is known, only equal
    scores share a place range.
    """
    scores, names = adjusted.scores, adjusted.table.answers
    bounds = adjusted.difference_bounds()
    limit = np.zeros((len(names), len(names))) if bounds is None else bounds
    apart = scores[:, None] - scores[None, :] > np.maximum(limit, 1e-9)  # [better, worse]
    best = 1 + apart.sum(axis=0)
    worst = len(names) - apart.sum(axis=1)
    order = sorted(range(len(names)), key=lambda at: (-round(float(scores[at]), 9), names[at]))
    rows = []
    leader, group, place = order[0], 1, 1
    for index, at in enumerate(order):
        if apart[leader, at]:
            leader, group = at, group + 1
        if index and scores[order[index - 1]] - scores[at] > 1e-9:
            place = index + 1
        rows.append(Place(names[at], float(scores[at]), place, int(best[at]), int(worst[at]),
                          group))
    return tuple(rows)


def cut(places: tuple[Place, ...], count: int) -> Cut:
    """Who is surely among the first `count`, who may be, and who is not."""
    if count < 1:
        raise ValueError(f"{count} places")
    inside = tuple(p.answer for p in places if p.worst <= count)
    outside = tuple(p.answer for p in places if p.best > count)
    return Cut(count, inside,
               tuple(p.answer for p in places if p.worst > count >= p.best), outside)
