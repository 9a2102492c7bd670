"""Who reads what: as many readers as wanted, even loads, no conflicts, everything connected.

Readers are placed one at a time where the load is least; where nobody is free, a chain of moves
frees one (an augmenting path), so that no place stays empty that could be filled. Then loads are
evened out along chains (Harvey, Ladner, Lovász, Tamir, "Semi-matchings for bipartite graphs and
load balancing", Journal of Algorithms 59, 2006) and islands are joined by exchanging readers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from saphan.engines.panel.connected import Island, islands_of

Flags = npt.NDArray[np.bool_]
NO_LIMIT = 1 << 30
MOST_TRIES = 2_000


@dataclass(frozen=True)
class Problem:
    """What could not be done.

    "too_few_readers": `answer` lacks `missing` readers; of all reviewers `conflicts` may not read
    it, `language` more do not read its language, `full` more have no place left, not even by
    moving others. "places_short": all together have `missing` places too few. "not_connected":
    the answers fall into `missing` + 1 islands that cannot be compared; `why` is "allowed" (by
    conflicts and languages nobody may read on both sides), "too_few_pairs" (one reader more for
    some answers would help) or "search" (no exchange was found that joins them).
    """

    kind: Literal["too_few_readers", "places_short", "not_connected"]
    answer: str = ""
    missing: int = 0
    conflicts: int = 0
    language: int = 0
    full: int = 0
    why: Literal["", "allowed", "too_few_pairs", "search"] = ""


@dataclass(frozen=True)
class Assignment:
    """(answer, reviewer) pairs, sorted; how many each reviewer has; what was impossible."""

    pairs: tuple[tuple[str, str], ...]
    loads: dict[str, int]
    problems: tuple[Problem, ...]


def assign(answers: Sequence[str], reviewers: Sequence[str], per_answer: int, *,
           conflicts: Collection[tuple[str, str]] = (), loads: Mapping[str, int] | None = None,
           languages: Mapping[str, Collection[str]] | None = None,
           speaks: Mapping[str, Collection[str]] | None = None,
           keep: Collection[tuple[str, str]] = (), seed: int = 0) -> Assignment:
    """Pair every answer with `per_answer` reviewers.

    `conflicts`: (answer, reviewer) pairs that must not be; `loads`: the most a reviewer reads (who
    is not named has no limit); `languages`: those an answer can be read in (not named or empty:
    any), `speaks`: those a reviewer reads (not named: all); `keep`: pairs that stand already and
    stay, if no conflict forbids them. The same arguments give the same pairs. ValueError for names
    that occur twice or are not known, or `per_answer` below 1.
    """
    if per_answer < 1 or len(set(answers)) < len(answers) or len(set(reviewers)) < len(reviewers):
        raise ValueError("names must differ, and every answer needs a reader")
    work = _Work(sorted(answers), sorted(reviewers), per_answer, loads or {}, seed)
    work.forbid(conflicts, languages or {}, speaks or {})
    work.start(keep)
    for _ in range(per_answer):
        work.round()
    work.even_out()
    work.join()
    return Assignment(work.pairs(), dict(zip(work.reviewers, work.load.tolist(), strict=True)),
                      tuple(work.problems()))


class _Work:
    """The state of one assignment. Rows are answers, columns are reviewers."""

    def __init__(self, answers: list[str], reviewers: list[str], per_answer: int,
                 loads: Mapping[str, int], seed: int) -> None:
        self.answers, self.reviewers, self.per_answer = answers, reviewers, per_answer
        self.row = {name: at for at, name in enumerate(answers)}
        self.column = {name: at for at, name in enumerate(reviewers)}
        shape = (len(answers), len(reviewers))
        self.conflict: Flags = np.zeros(shape, dtype=bool)
        self.foreign: Flags = np.zeros(shape, dtype=bool)
        self.has: Flags = np.zeros(shape, dtype=bool)
        self.fixed: Flags = np.zeros(shape, dtype=bool)
        self.limit = np.array([loads.get(name, NO_LIMIT) for name in reviewers], dtype=np.int64)
        self.load = np.zeros(len(reviewers), dtype=np.int64)
        self.together = np.zeros((len(reviewers), len(reviewers)))
        self.luck = np.random.default_rng(seed).random(shape)

    def forbid(self, conflicts: Collection[tuple[str, str]],
               languages: Mapping[str, Collection[str]],
               speaks: Mapping[str, Collection[str]]) -> None:
        for answer, reviewer in conflicts:
            if answer in self.row and reviewer in self.column:  # a conflict may outlive an answer
                self.conflict[self.row[answer], self.column[reviewer]] = True
        for answer, wanted in languages.items():
            for reviewer, known in speaks.items():
                if answer in self.row and reviewer in self.column and wanted:
                    self.foreign[self.row[answer], self.column[reviewer]] = \
                        not set(wanted) & set(known)
        self.allowed = ~(self.conflict | self.foreign)

    def start(self, keep: Collection[tuple[str, str]]) -> None:
        for answer, reviewer in sorted(keep):
            if answer not in self.row or reviewer not in self.column:
                raise ValueError(f"unknown pair to keep: {answer}, {reviewer}")
            a, r = self.row[answer], self.column[reviewer]
            if not self.conflict[a, r]:
                self.fixed[a, r] = True
                self.put(a, r)

    def put(self, a: int, r: int) -> None:
        self.together[r, self.has[a]] += 1
        self.together[self.has[a], r] += 1
        self.has[a, r] = True
        self.load[r] += 1

    def take(self, a: int, r: int) -> None:
        self.has[a, r] = False
        self.load[r] -= 1
        self.together[r, self.has[a]] -= 1
        self.together[self.has[a], r] -= 1

    def round(self) -> None:
        """One more reader for each answer that lacks one, those with the least choice first."""
        choice = self.allowed.sum(axis=1)
        for a in np.lexsort((self.luck[:, :1].sum(axis=1), choice)).tolist():
            if self.has[a].sum() < self.per_answer:
                self._one_more(a)

    def _one_more(self, a: int) -> None:
        able = self.allowed[a] & ~self.has[a]
        free = np.flatnonzero(able & (self.load < self.limit))
        if len(free):
            met = self.together[free][:, self.has[a]].sum(axis=1)  # mix who reads with whom
            self.put(a, int(free[np.lexsort((self.luck[a, free], met, self.load[free]))[0]]))
            return
        chain = self._chain(np.flatnonzero(able), self.load < self.limit)
        if chain:
            self._move(chain)
            self.put(a, chain[0][1])

    def _chain(self, starts: npt.NDArray[np.intp],
               ends: Flags) -> list[tuple[int, int, int]]:
        """Moves (answer, from, to) that free a place at one of `starts` by filling one of `ends`.

        Breadth first, so the shortest; empty if there is none.
        """
        if not ends.any():
            return []
        came: dict[int, tuple[int, int] | None] = {int(r): None for r in starts}
        queue = list(came)
        for r in queue:
            mine = np.flatnonzero(self.has[:, r] & ~self.fixed[:, r])
            reach = self.allowed[mine] & ~self.has[mine]
            for to in np.flatnonzero(reach.any(axis=0)).tolist():
                if to in came:
                    continue
                came[to] = (int(mine[np.argmax(reach[:, to])]), r)
                if ends[to]:
                    return self._steps(came, to)
                queue.append(to)
        return []

    @staticmethod
    def _steps(came: dict[int, tuple[int, int] | None], to: int) -> list[tuple[int, int, int]]:
        steps = []
        while (step := came[to]) is not None:
            steps.append((step[0], step[1], to))
            to = step[1]
        return steps[::-1]

    def _move(self, chain: list[tuple[int, int, int]]) -> None:
        """Carry out a chain from its end; `chain[0][1]` has one place more afterwards."""
        for a, giver, taker in reversed(chain):
            self.take(a, giver)
            self.put(a, taker)

    def even_out(self) -> None:
        """Move along chains from the fullest to who has two fewer, while there is such a chain."""
        moved = True
        while moved:
            moved = False
            for r in np.argsort(-self.load, kind="stable").tolist():
                while chain := self._chain(np.array([r]), self._lighter(r)):
                    self._move(chain)
                    moved = True

    def _lighter(self, r: int) -> Flags:
        found: Flags = (self.load <= self.load[r] - 2) & (self.load < self.limit)
        return found

    def join(self) -> None:
        """Exchange readers between islands until all are one or no exchange helps."""
        islands = islands_of(self.pairs())
        while len(islands) > 1 and self._why_apart(islands) == "search":
            if not self._exchange(islands) and not self._hand_over(islands):
                return
            islands = islands_of(self.pairs())

    def _exchange(self, islands: tuple[Island, ...]) -> bool:
        """One exchange of readers between two answers that leaves fewer islands. Loads stay.

        It begins where an island has pairs to spare: only there can one go without a new gap.
        """
        part = np.zeros(len(self.answers), dtype=np.int64)
        for number, island in enumerate(islands):
            part[[self.row[answer] for answer in island.answers]] = number
        tries = 0
        for a, r in self._spare(islands):
            others = self.has & ~self.fixed & self.allowed[:, [r]] & self.allowed[a] & ~self.has[a]
            others &= (part != part[a])[:, None]
            for b, s in np.argwhere(others).tolist():
                self._swap(a, r, b, s)
                if len(islands_of(self.pairs())) < len(islands):
                    return True
                self._swap(a, s, b, r)
                tries += 1
                if tries == MOST_TRIES:
                    return False
        return False

    def _hand_over(self, islands: tuple[Island, ...]) -> bool:
        """One answer given to a reader of another island, who then has one more than others."""
        for tries, (a, r) in enumerate(self._spare(islands)):
            for s in np.flatnonzero(self.allowed[a] & ~self.has[a] & (self.load < self.limit)):
                self.take(a, r)
                self.put(a, int(s))
                if len(islands_of(self.pairs())) < len(islands):
                    return True
                self.take(a, int(s))
                self.put(a, r)
            if tries * len(self.reviewers) > MOST_TRIES:
                break
        return False

    def _spare(self, islands: tuple[Island, ...]) -> list[tuple[int, int]]:
        """Pairs (row, column) that may change, of islands with more pairs than hold them."""
        rows = [self.row[answer] for island in islands
                if self._pairs_of(island) >= len(island.answers) + len(island.reviewers)
                for answer in island.answers]
        return [(a, int(r)) for a in rows
                for r in np.flatnonzero(self.has[a] & ~self.fixed[a])]

    def _pairs_of(self, island: Island) -> int:
        return int(self.has[[self.row[name] for name in island.answers]].sum())

    def _why_apart(self, islands: tuple[Island, ...]) -> Literal["allowed", "too_few_pairs",
                                                                 "search"]:
        reviewers = np.flatnonzero(self.has.any(axis=0))
        answers = np.flatnonzero(self.has.any(axis=1))
        may = np.argwhere((self.allowed | self.has)[np.ix_(answers, reviewers)])
        if len(islands_of((str(a), str(r)) for a, r in may.tolist())) > 1:
            return "allowed"
        if self.has.sum() < len(answers) + len(reviewers) - 1:
            return "too_few_pairs"
        return "search"

    def _swap(self, a: int, r: int, b: int, s: int) -> None:
        self.take(a, r)
        self.take(b, s)
        self.put(a, s)
        self.put(b, r)

    def pairs(self) -> tuple[tuple[str, str], ...]:
        return tuple((self.answers[a], self.reviewers[r])
                     for a, r in np.argwhere(self.has).tolist())

    def problems(self) -> list[Problem]:
        found = []
        wanted = len(self.answers) * self.per_answer
        places = int(np.minimum(self.limit, len(self.answers)).sum())
        if places < wanted:
            found.append(Problem("places_short", missing=wanted - places))
        for a, name in enumerate(self.answers):
            missing = self.per_answer - int(self.has[a].sum())
            if missing > 0:
                conflicts = int(self.conflict[a].sum())
                foreign = int((self.foreign[a] & ~self.conflict[a]).sum())
                full = len(self.reviewers) - conflicts - foreign - int(self.has[a].sum())
                found.append(Problem("too_few_readers", name, missing, conflicts, foreign, full))
        islands = islands_of(self.pairs())
        if len(islands) > 1:
            found.append(Problem("not_connected", missing=len(islands) - 1,
                                 why=self._why_apart(islands)))
        return found
