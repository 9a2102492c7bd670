"""The panel: scores of several reviewers, corrected, with how sure they are. No Django."""

from saphan.engines.panel.adjust import Adjusted, AnswerScore, ReviewerScore, adjust
from saphan.engines.panel.agreement import (
    Alpha,
    Disagreement,
    Icc,
    alpha,
    disagreements,
    icc_agreement,
    icc_one_way,
)
from saphan.engines.panel.assign import Assignment, Problem, assign
from saphan.engines.panel.connected import Island, islands
from saphan.engines.panel.influence import Influence, leave_one_out
from saphan.engines.panel.judge import Judgement, judge
from saphan.engines.panel.ranking import Cut, Place, cut, ranking
from saphan.engines.panel.rubric import (
    BadScore,
    Criterion,
    Incomplete,
    Rubric,
    Score,
    Table,
    by_criterion,
    totals,
)

__all__ = [
    "Adjusted", "Alpha", "AnswerScore", "Assignment", "BadScore", "Criterion", "Cut",
    "Disagreement", "Icc", "Incomplete", "Influence", "Island", "Judgement", "Place", "Problem",
    "ReviewerScore", "Rubric", "Score", "Table", "adjust", "alpha", "assign", "by_criterion",
    "cut", "disagreements", "icc_agreement", "icc_one_way", "islands", "judge", "leave_one_out",
    "ranking", "totals",
]
