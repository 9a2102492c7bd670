"""Everything a decision page shows, in one call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from saphan.engines.panel.adjust import LEVEL, Adjusted, adjust
from saphan.engines.panel.agreement import (
    Alpha,
    Disagreement,
    Icc,
    alpha,
    disagreements,
    icc_agreement,
    icc_one_way,
)
from saphan.engines.panel.influence import Influence, leave_one_out
from saphan.engines.panel.ranking import Cut, Place, cut, ranking
from saphan.engines.panel.rubric import Rubric, Score, by_criterion, totals


@dataclass(frozen=True, eq=False)
class Judgement:
    """The panel's scores and what they are worth; `by_criterion` is alpha (interval) of each."""

    adjusted: Adjusted
    ranking: tuple[Place, ...]
    cut: Cut
    disagreements: tuple[Disagreement, ...]
    influence: tuple[Influence, ...]
    alpha_interval: Alpha
    alpha_ordinal: Alpha
    by_criterion: dict[str, Alpha]
    icc_one_way: Icc
    icc_agreement: Icc


def judge(rubric: Rubric, scores: Iterable[Score], places: int, *, spread: bool = False,
          level: float = LEVEL) -> Judgement:
    """Judge all whole reviews; `places` is how many answers can win.

    ValueError if there is no whole review yet; BadScore.
    """
    given = list(scores)
    table = totals(rubric, given)
    adjusted = adjust(table, spread=spread, level=level)
    ranked = ranking(adjusted)
    return Judgement(
        adjusted, ranked, cut(ranked, places), disagreements(adjusted),
        leave_one_out(adjusted, places), alpha(table), alpha(table, "ordinal"),
        {name: alpha(one) for name, one in by_criterion(rubric, given).items()},
        icc_one_way(table), icc_agreement(table))
