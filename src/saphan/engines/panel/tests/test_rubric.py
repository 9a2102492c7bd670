"""From scores to points."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saphan.engines.panel import (
    BadScore,
    Criterion,
    Incomplete,
    Rubric,
    Score,
    by_criterion,
    totals,
)

RUBRIC = Rubric((Criterion("fit", 3), Criterion("team", 1, best=10, worst=1),
                 Criterion("risk", 1, best=1, worst=5)))


def review(reviewer, answer, *values):
    return [Score(reviewer, answer, criterion.id, value)
            for criterion, value in zip(RUBRIC.criteria, values, strict=False)]


def test_points_are_the_weighted_share_of_what_can_be_reached():
    table = totals(RUBRIC, review("r", "a", 4, 5.5, 2))
    assert table.points.tolist() == [pytest.approx((3 * 80 + 50 + 75) / 5)]


@pytest.mark.parametrize(("values", "points"), [((5, 10, 1), 100), ((0, 1, 5), 0)])
def test_the_best_is_a_hundred_and_the_worst_is_nothing(values, points):
    assert totals(RUBRIC, review("r", "a", *values)).points.tolist() == [points]


@given(st.floats(0.01, 100))
def test_only_proportions_of_weights_count(factor):
    scaled = Rubric(tuple(Criterion(c.id, c.weight * factor, c.best, c.worst)
                          for c in RUBRIC.criteria))
    scores = review("r", "a", 4, 3, 2)
    assert totals(scaled, scores).points[0] == pytest.approx(totals(RUBRIC, scores).points[0])


def test_a_review_with_a_gap_is_named_and_not_counted():
    table = totals(RUBRIC, review("r", "a", 4, 5, 2) + review("s", "a", 1) + review("s", "b", 1, 2))
    assert (table.reviewers, table.answers) == (("r",), ("a",))
    assert table.incomplete == (Incomplete("s", "a", ("team", "risk")),
                                Incomplete("s", "b", ("risk",)))


def test_a_criterion_counts_all_it_was_given():
    tables = by_criterion(RUBRIC, review("r", "a", 4, 5.5, 2) + review("s", "a", 1))
    assert tables["fit"].points.tolist() == [80, 20]
    assert tables["team"].points.tolist() == [50]
    assert tables["risk"].reviewers == ("r",)


@pytest.mark.parametrize(("score", "reason"), [
    (Score("r", "a", "beauty", 3), "criterion"), (Score("r", "a", "fit", 5.1), "range"),
    (Score("r", "a", "fit", -1), "range"), (Score("r", "a", "fit", math.nan), "range"),
    (Score("r", "a", "risk", 0), "range"),
])
def test_a_score_that_the_rubric_does_not_know_is_refused(score, reason):
    with pytest.raises(BadScore) as refused:
        totals(RUBRIC, [score])
    assert (refused.value.reason, refused.value.score) == (reason, score)


def test_two_scores_for_one_thing_are_refused():
    with pytest.raises(BadScore, match="twice"):
        totals(RUBRIC, [Score("r", "a", "fit", 3), Score("r", "a", "fit", 4)])


@pytest.mark.parametrize("bad", [(), (Criterion("a", 1), Criterion("a", 2))])
def test_a_rubric_needs_criteria_each_once(bad):
    with pytest.raises(ValueError, match="rubric"):
        Rubric(bad)


@pytest.mark.parametrize("weight", [0, -1, math.inf, math.nan])
def test_a_criterion_needs_a_weight(weight):
    with pytest.raises(ValueError, match="criterion"):
        Criterion("a", weight)
