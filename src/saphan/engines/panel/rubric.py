"""What reviewers score, and their scores brought to one scale of 0 to 100 points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


class BadScore(ValueError):
    """A score that the rubric does not allow; `reason` is "criterion", "range" or "twice"."""

    def __init__(self, reason: str, score: Score) -> None:
        super().__init__(f"{reason}: {score}")
        self.reason, self.score = reason, score


@dataclass(frozen=True)
class Criterion:
    """One thing that is scored from `worst` to `best` (which may be the lower number)."""

    id: str
    weight: float
    best: float = 5.0
    worst: float = 0.0

    def __post_init__(self) -> None:
        if not (isfinite(self.weight) and self.weight > 0) or self.best == self.worst:
            raise ValueError(f"not a criterion: {self}")

    def points(self, value: float) -> float:
        """0 to 100 points for a value from `worst` to `best`."""
        return 100 * (value - self.worst) / (self.best - self.worst)


@dataclass(frozen=True)
class Rubric:
    """Criteria with weights; weights count in proportion, whatever their sum."""

    criteria: tuple[Criterion, ...]

    def __post_init__(self) -> None:
        ids = [criterion.id for criterion in self.criteria]
        if not ids or len(set(ids)) < len(ids):
            raise ValueError(f"a rubric needs criteria, each once: {ids}")


@dataclass(frozen=True, slots=True)
class Score:
    """What one reviewer gave one answer on one criterion, on the criterion's own scale."""

    reviewer: str
    answer: str
    criterion: str
    value: float


@dataclass(frozen=True)
class Incomplete:
    """A review that does not count yet: `missing` names the criteria without a score."""

    reviewer: str
    answer: str
    missing: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Table:
    """One number for each review. `reviewer` and `answer` number the rows of the two names.

    Arrays of one length: `reviewer`, `answer` (indices into `reviewers`, `answers`, both sorted)
    and `points` (0 to 100).
    """

    reviewers: tuple[str, ...]
    answers: tuple[str, ...]
    reviewer: Ints
    answer: Ints
    points: Floats
    incomplete: tuple[Incomplete, ...] = ()

    @classmethod
    def of(cls, points: Mapping[tuple[str, str], float],
           incomplete: Iterable[Incomplete] = ()) -> Table:
        """From (reviewer, answer) to points."""
        reviewers = tuple(sorted({reviewer for reviewer, _ in points}))
        answers = tuple(sorted({answer for _, answer in points}))
        of_reviewer = {name: at for at, name in enumerate(reviewers)}
        of_answer = {name: at for at, name in enumerate(answers)}
        rows = sorted((of_answer[a], of_reviewer[r], value) for (r, a), value in points.items())
        return cls(reviewers, answers,
                   np.array([row[1] for row in rows], dtype=np.intp),
                   np.array([row[0] for row in rows], dtype=np.intp),
                   np.array([row[2] for row in rows], dtype=np.float64), tuple(incomplete))

    def reviews(self) -> Ints:
        """Reviews of each answer."""
        return np.bincount(self.answer, minlength=len(self.answers))

    def loads(self) -> Ints:
        """Reviews by each reviewer."""
        return np.bincount(self.reviewer, minlength=len(self.reviewers))

    def means(self) -> Floats:
        """Plain mean of each answer."""
        sums = np.bincount(self.answer, weights=self.points, minlength=len(self.answers))
        return sums / self.reviews()


def totals(rubric: Rubric, scores: Iterable[Score]) -> Table:
    """Weighted points of every whole review; reviews with gaps are named as `incomplete`.

    A gap is not filled: a reviewer who left out the criterion she found weakest would otherwise
    move the answer. BadScore for an unknown criterion, a value off the scale, or two for one thing.
    """
    given = _checked(rubric, scores)
    weights = sum(criterion.weight for criterion in rubric.criteria)
    points: dict[tuple[str, str], float] = {}
    incomplete = []
    for (reviewer, answer), values in given.items():
        missing = tuple(c.id for c in rubric.criteria if c.id not in values)
        if missing:
            incomplete.append(Incomplete(reviewer, answer, missing))
        else:
            points[reviewer, answer] = sum(
                c.weight * c.points(values[c.id]) for c in rubric.criteria) / weights
    return Table.of(points, sorted(incomplete, key=lambda one: (one.answer, one.reviewer)))


def by_criterion(rubric: Rubric, scores: Iterable[Score]) -> dict[str, Table]:
    """For each criterion the points 0 to 100 given on it, gaps elsewhere or not. BadScore."""
    given = _checked(rubric, scores)
    return {c.id: Table.of({pair: c.points(values[c.id])
                            for pair, values in given.items() if c.id in values})
            for c in rubric.criteria}


def _checked(rubric: Rubric, scores: Iterable[Score]) -> dict[tuple[str, str], dict[str, float]]:
    ranges = {c.id: (min(c.worst, c.best), max(c.worst, c.best)) for c in rubric.criteria}
    given: dict[tuple[str, str], dict[str, float]] = {}
    for score in scores:
        if score.criterion not in ranges:
            raise BadScore("criterion", score)
        low, high = ranges[score.criterion]
        if not low <= score.value <= high:  # refuses "not a number" as well
            raise BadScore("range", score)
        values = given.setdefault((score.reviewer, score.answer), {})
        if score.criterion in values:
            raise BadScore("twice", score)
        values[score.criterion] = score.value
    return given
