"""Would the decision be another without one of the reviewers?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from saphan.engines.panel.adjust import Adjusted
from saphan.engines.panel.model import fit
from saphan.engines.panel.rubric import Floats

Names = npt.NDArray[np.str_]


@dataclass(frozen=True)
class Influence:
    """What happens without `reviewer`: who comes into the first places, who falls out of them.

    `moved`: the answer whose score changes most, by `points`; `unread`: answers that only she read
    (they lose their score and are not counted as falling out).
    """

    reviewer: str
    entering: tuple[str, ...]
    leaving: tuple[str, ...]
    moved: str
    points: float
    unread: tuple[str, ...]

    @property
    def decides(self) -> bool:
        """Whether the first places would go to others."""
        return bool(self.entering or self.leaving)


def leave_one_out(adjusted: Adjusted, places: int) -> tuple[Influence, ...]:
    """One row for each reviewer of a panel of two or more.

    Exact for the model with the spreads and the ratio of variances that all reviews gave.
    """
    table = adjusted.stretched
    if len(table.reviewers) < 2:
        return ()
    names = np.array(table.answers)
    before = _first(adjusted.scores, places, names)
    covariances = adjusted.fit.covariances()
    rows = []
    for at, reviewer in enumerate(table.reviewers):
        without = _without(at, adjusted, covariances)
        unread = frozenset(names[np.isnan(without)].tolist())
        after = _first(without, places, names)
        moves = np.nan_to_num(np.abs(_level(without) - _level(adjusted.scores)))
        most = int(np.argmax(moves))
        rows.append(Influence(
            reviewer, tuple(sorted(after - before)), tuple(sorted(before - after - unread)),
            str(names[most]), float(moves[most]), tuple(sorted(unread))))
    return tuple(rows)


def _without(reviewer: int, adjusted: Adjusted, covariances: Floats) -> Floats:
    """[answers] scores without one reviewer; nan where nobody else read.

    Reviews of one reviewer are correlated with each other and with no others, so that leaving her
    out is one block deleted from generalised least squares (Cook and Weisberg, "Residuals and
    Influence in Regression", 1982, section 3.6) and needs no new fit.
    """
    table, ratio = adjusted.stretched, adjusted.fit.ratio
    mine = np.flatnonzero(table.reviewer == reviewer)
    answers = table.answer[mine]
    if (adjusted.fit.counts[answers] < 2).any():  # nothing is left of an answer: fit anew
        return fit(table, ratio=ratio, keep=(table.reviewer != reviewer).astype(np.float64)).answer
    block = np.eye(len(mine)) + ratio - covariances[np.ix_(answers, answers)]
    residuals = table.points[mine] - adjusted.scores[answers]
    found: Floats = adjusted.scores - covariances[:, answers] @ np.linalg.solve(block, residuals)
    return found


def _level(scores: Floats) -> Floats:
    """Scores around their mean: that all of them go up or down together decides nothing."""
    return scores - np.nanmean(scores)


def _first(scores: Floats, places: int, names: Names) -> frozenset[str]:
    """Names of the first places; equal scores by name (they are sorted), as in the ranking."""
    order = np.argsort(np.round(-np.nan_to_num(scores, nan=-np.inf), 9), kind="stable")
    first = order[:places]
    return frozenset(names[first[np.isfinite(scores[first])]].tolist())
