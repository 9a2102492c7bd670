"""Put articles about the same event together, across languages and days.

Vectors must come without what tells their language (`saphan.engines.matching.lir`, the side of
passages): as the model gives them, articles lie nearer to others of their language than to the
same event in another. `Shelf.nearest` places one article among the stories of the last days and
never looks back; `cluster` goes over a set of articles again, and so mends what the order of
arrival spoiled. Both are deterministic, and both obey what people decided.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from saphan.engines.language.embed import Vectors

ALIKE: Final = 0.45
"""Mean cosine to a story's articles from which an article belongs to it; found on the tuning half
of `bench/newsroom/stories.py`."""
JOIN: Final = 0.5
"""Mean cosine between the articles of two stories from which they are one: surer than for a single
article, because a wrong join pulls in more."""
DAYS: Final = 5
"""A story takes articles until so many days after its last one."""
LEAD: Final = 300
"""Characters of title and text together that are embedded."""
BLOCK: Final = 1_000
"""Stories that are compared with all others at a time."""
PASSES: Final = 4
"""Times at most that `cluster` goes over all articles again."""


def words(title: str, text: str) -> str:
    """What of an article is embedded: its title and how its text begins."""
    body = " ".join(text.split())
    if title and body.startswith(title):
        body = body[len(title) :].lstrip()
    whole = f"{title.strip()}. {body}" if title.strip() else body
    return whole[: max(LEAD, len(title))].strip()


@dataclass(frozen=True, slots=True)
class Item:
    """An article to be placed: `vector` [dimension] of length 1 without its language."""

    key: str
    vector: Vectors
    day: date


@dataclass(frozen=True, slots=True)
class Near:
    """A story and how like an article is to it, -1 to 1."""

    key: str
    likeness: float


class Shelf:
    """Stories with the sums of their articles' vectors; grows as articles are added.

    A story may lie in several parts, one for each story that people merged into it: an article
    belongs to it if it is like one of the parts.
    """

    def __init__(self, dimension: int) -> None:
        self._sums: Vectors = np.zeros((64, dimension), np.float32)
        self._counts: npt.NDArray[np.int64] = np.zeros(64, np.int64)
        self._first: npt.NDArray[np.int64] = np.zeros(64, np.int64)
        self._last: npt.NDArray[np.int64] = np.zeros(64, np.int64)
        self._keys: list[str] = []
        self._rows: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, key: str, total: Vectors, count: int, first: date, last: date) -> None:
        """A story, or one more part of it: the sum of `count` vectors from `first` to `last`."""
        row = len(self._keys)
        if row == len(self._counts):
            self._grow()
        self._keys.append(key)
        self._rows.setdefault(key, []).append(row)
        self._sums[row], self._counts[row] = total, count
        self._first[row], self._last[row] = first.toordinal(), last.toordinal()

    def add(self, key: str, vector: Vectors, day: date) -> None:
        """One more article of a story: it goes to the part that it is most like."""
        rows = self._rows.get(key)
        if not rows:
            self.put(key, vector, 1, day, day)
            return
        row = max(rows, key=lambda each: (self._mean(each, vector), -each))
        self._sums[row] += vector
        self._counts[row] += 1
        self._first[row] = min(int(self._first[row]), day.toordinal())
        self._last[row] = max(int(self._last[row]), day.toordinal())

    def nearest(
        self,
        vector: Vectors,
        day: date,
        *,
        barred: Collection[str] = (),
        days: int = DAYS,
        most: int = 3,
    ) -> list[Near]:
        """The stories most like an article, best first, among those that it may still join:
        their last article is at most `days` before it, their first at most `days` after."""
        used = len(self._keys)
        if not used:
            return []
        when = day.toordinal()
        open_ = (
            (self._counts[:used] > 0)
            & (self._last[:used] >= when - days)
            & (self._first[:used] <= when + days)
        )
        # all rows are multiplied: to copy the open ones first would cost more
        all_scores = (self._sums[:used] @ vector) / np.maximum(self._counts[:used], 1)
        rows = np.flatnonzero(open_)
        scores = all_scores[rows]
        order = np.argsort(-scores, kind="stable")
        found: list[Near] = []
        met = set(barred)
        for place in order:
            key = self._keys[rows[place]]
            if key in met:
                continue
            met.add(key)
            found.append(Near(key, float(scores[place])))
            if len(found) == most:
                break
        return found

    def close(
        self,
        *,
        apart: Collection[frozenset[str]] = (),
        alike: float = JOIN,
        days: int = DAYS,
    ) -> list[tuple[str, str]]:
        """Pairs of stories that have turned out to be one, the longer first; no story is in two
        pairs. `apart` are pairs of stories that people keep apart."""
        used, found, met = len(self._keys), list[tuple[str, str]](), set[str]()
        kept_apart = frozenset(apart)
        for one, two in _links(self._sums[:used], self._counts[:used], self._first[:used],
                               self._last[:used], alike, days):  # fmt: skip
            pair = (self._keys[one], self._keys[two])
            if pair[0] == pair[1] or met & set(pair) or frozenset(pair) in kept_apart:
                continue
            met |= set(pair)
            sizes = [sum(int(self._counts[row]) for row in self._rows[key]) for key in pair]
            found.append(pair if sizes[0] >= sizes[1] else pair[::-1])
        return found

    def _mean(self, row: int, vector: Vectors) -> float:
        return float(self._sums[row] @ vector) / max(int(self._counts[row]), 1)

    def _grow(self) -> None:
        more = len(self._counts)
        self._sums = np.vstack([self._sums, np.zeros_like(self._sums)])
        nothing = np.zeros(more, np.int64)
        self._counts = np.concatenate([self._counts, nothing])
        self._first = np.concatenate([self._first, nothing])
        self._last = np.concatenate([self._last, nothing])


def place(
    vector: Vectors,
    day: date,
    shelf: Shelf,
    *,
    barred: Collection[str] = (),
    alike: float = ALIKE,
    days: int = DAYS,
) -> Near | None:
    """The story that an article belongs to, or None if it begins one. `barred` are the stories
    that people took it out of."""
    found = shelf.nearest(vector, day, barred=barred, days=days, most=1)
    return found[0] if found and found[0].likeness >= alike else None


def _links(
    sums: Vectors,
    counts: npt.NDArray[np.int64],
    first: npt.NDArray[np.int64],
    last: npt.NDArray[np.int64],
    alike: float,
    days: int,
) -> list[tuple[int, int]]:
    """Pairs of rows whose articles are alike on average, the most alike first."""
    rows = np.flatnonzero(counts > 0)
    means = sums[rows] / np.maximum(counts[rows], 1)[:, None]
    scored: list[tuple[float, int, int]] = []
    for start in range(0, len(rows), BLOCK):
        part = rows[start : start + BLOCK]
        near = means[start : start + BLOCK] @ means.T
        near[first[part][:, None] > last[rows][None, :] + days] = -2
        near[first[rows][None, :] > last[part][:, None] + days] = -2
        for one, two in np.argwhere(near >= alike):
            if start + one < two:
                scored.append((-round(float(near[one, two]), 6), int(part[one]), int(rows[two])))
    return [(one, two) for _score, one, two in sorted(scored)]


@dataclass(frozen=True, slots=True)
class _Unit:
    """Articles that people want together (mostly one): they move as one."""

    keys: tuple[str, ...]
    total: Vectors
    count: int
    first: int
    last: int


def cluster(
    items: Sequence[Item],
    *,
    together: Iterable[tuple[str, str]] = (),
    apart: Iterable[tuple[str, str]] = (),
    alike: float = ALIKE,
    days: int = DAYS,
) -> list[list[str]]:
    """Group articles by event; each key is in exactly one group.

    First every article is placed in the order of days; then each is taken out and placed again
    where it fits best, and groups that are alike are joined, until nothing moves. `together` and
    `apart` are pairs of keys; where they contradict, `together` holds. Groups come in the order of
    their first articles.
    """
    units = _units(items, together)
    of = {key: number for number, unit in enumerate(units) for key in unit.keys}
    foes: list[set[int]] = [set() for _unit in units]
    for one, two in apart:
        if one in of and two in of and of[one] != of[two]:
            foes[of[one]].add(of[two])
            foes[of[two]].add(of[one])
    groups = _Groups(units, foes, alike, days)
    for number in range(len(units)):
        groups.join(number)
    for _pass in range(PASSES):
        if not (groups.settle() | groups.merge()):
            break
    return groups.keys()


def _units(items: Sequence[Item], together: Iterable[tuple[str, str]]) -> list[_Unit]:
    order = sorted(items, key=lambda item: (item.day, item.key))
    root = {item.key: item.key for item in order}

    def find(key: str) -> str:
        while root[key] != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    for one, two in together:
        if one in root and two in root:
            root[find(two)] = find(one)
    members: dict[str, list[Item]] = {}
    for item in order:
        members.setdefault(find(item.key), []).append(item)
    return [
        _Unit(
            tuple(item.key for item in group),
            np.sum([item.vector for item in group], axis=0, dtype=np.float32),
            len(group),
            group[0].day.toordinal(),
            group[-1].day.toordinal(),
        )
        for group in members.values()
    ]


class _Groups:
    """The groups while they form: sums as rows of one matrix, so that one product compares."""

    def __init__(
        self, units: Sequence[_Unit], foes: Sequence[set[int]], alike: float, days: int
    ) -> None:
        self.units, self.foes, self.alike, self.days = units, foes, alike, days
        dimension = len(units[0].total) if units else 0
        self.sums = np.zeros((len(units), dimension), np.float32)
        self.counts = np.zeros(len(units), np.int64)
        self.first = np.full(len(units), np.iinfo(np.int32).max, np.int64)
        self.last = np.zeros(len(units), np.int64)
        self.members: list[set[int]] = [set() for _unit in units]
        self.at = [-1] * len(units)

    def join(self, number: int) -> bool:
        """Put a unit where it fits best, else alone; whether that is another group than before."""
        before = self.at[number]
        if before >= 0:
            self._take_out(number, before)
        unit = self.units[number]
        open_ = (
            (self.counts > 0)
            & (self.last >= unit.first - self.days)
            & (self.first <= unit.last + self.days)
        )
        scores = np.where(
            open_, self.sums @ unit.total / unit.count / np.maximum(self.counts, 1), -2.0
        )
        chosen = self._best(number, scores)
        if chosen is None:
            chosen = before if before >= 0 and not self.members[before] else self._free()
        self._put_in(number, chosen)
        return chosen != before

    def _best(self, number: int, scores: Vectors) -> int | None:
        for group in np.argsort(-scores, kind="stable"):
            if scores[group] < self.alike:
                return None
            if not self.foes[number] & self.members[group]:
                return int(group)
        return None

    def _free(self) -> int:
        return next(group for group, members in enumerate(self.members) if not members)

    def _put_in(self, number: int, group: int) -> None:
        unit = self.units[number]
        self.members[group].add(number)
        self.sums[group] += unit.total
        self.counts[group] += unit.count
        self.first[group] = min(int(self.first[group]), unit.first)
        self.last[group] = max(int(self.last[group]), unit.last)
        self.at[number] = group

    def _take_out(self, number: int, group: int) -> None:
        self.members[group].discard(number)
        rest = [self.units[each] for each in sorted(self.members[group])]
        # summed anew rather than subtracted: rounding must not depend on what came and went
        self.sums[group] = np.sum([unit.total for unit in rest], axis=0) if rest else 0
        self.counts[group] = sum(unit.count for unit in rest)
        self.first[group] = min((unit.first for unit in rest), default=np.iinfo(np.int32).max)
        self.last[group] = max((unit.last for unit in rest), default=0)

    def settle(self) -> bool:
        """Go over all units once more; whether any moved."""
        moved = [self.join(number) for number in range(len(self.units))]
        return any(moved)

    def merge(self) -> bool:
        """Join pairs of groups that are alike, the most alike first; whether there were any."""
        met: set[int] = set()
        for one, two in _links(
            self.sums, self.counts, self.first, self.last, self.alike, self.days
        ):
            if one in met or two in met or self._foes(one) & self.members[two]:
                continue
            met |= {one, two}
            for number in sorted(self.members[two]):
                self._take_out(number, two)
                self._put_in(number, one)
        return bool(met)

    def _foes(self, group: int) -> set[int]:
        return set().union(*(self.foes[number] for number in self.members[group]))

    def keys(self) -> list[list[str]]:
        return [
            [key for number in sorted(members) for key in self.units[number].keys]
            for members in sorted((m for m in self.members if m), key=min)
        ]
