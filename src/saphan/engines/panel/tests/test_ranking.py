"""Places, lines and the influence of single reviewers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.engines.panel import Criterion, Rubric, Score, Table, adjust, cut, judge, leave_one_out
from saphan.engines.panel import ranking as ranked
from saphan.engines.panel.influence import _without
from saphan.engines.panel.model import fit
from saphan.engines.panel.tests.worlds import drawn, table_of

TABLES = st.dictionaries(st.tuples(st.sampled_from("uvwxyz"), st.sampled_from("abcdefgh")),
                         st.integers(0, 100).map(float), min_size=2)


def test_the_best_comes_first_and_equals_share_a_place():
    found = ranked(adjust(table_of(["90 70 70 10", "90 70 70 10"])))
    assert [(p.answer, p.place) for p in found] == [("a00", 1), ("a01", 2), ("a02", 2), ("a03", 4)]


def test_what_is_far_apart_is_told_apart_and_what_is_near_is_not():
    found = ranked(adjust(table_of(["90 89 50 48", "88 91 53 50", "91 90 49 52"])))
    assert [p.group for p in found] == [1, 1, 2, 2]
    assert [(p.best, p.worst) for p in found] == [(1, 2), (1, 2), (3, 4), (3, 4)]


@settings(deadline=None)
@given(TABLES, st.integers(1, 9))
def test_places_and_lines_are_consistent(points, count):
    found = ranked(adjust(Table.of(points)))
    for p in found:
        assert 1 <= p.best <= p.place <= p.worst <= len(found)
    assert [p.group for p in found] == sorted(p.group for p in found)
    line = cut(found, count)
    assert len(line.inside) <= count
    assert sorted(line.inside + line.undecided + line.outside) == sorted(p.answer for p in found)
    if count <= len(found):
        assert len(line.inside + line.undecided) >= count


def test_two_answers_of_equal_truth_are_told_apart_about_as_rarely_as_said():
    wrong = total = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        table = Table.of({(f"r{r}", f"a{a:02}"): 50 + 6 * r + rng.normal(0, 5)
                          for a in range(20) for r in rng.choice(8, 4, False)})
        adjusted = adjust(table)
        apart = np.abs(adjusted.scores[:, None] - adjusted.scores) > adjusted.difference_bounds()
        wrong += int(np.triu(apart, 1).sum())
        total += 190
    assert 0.03 < wrong / total < 0.08


def test_a_line_needs_a_place():
    with pytest.raises(ValueError, match="places"):
        cut(ranked(adjust(table_of(["1 2"]))), 0)


@settings(deadline=None, max_examples=80)
@given(TABLES)
def test_leaving_a_reviewer_out_is_the_same_as_fitting_without_her(points):
    adjusted = adjust(Table.of(points))
    table = adjusted.table
    for at in range(len(table.reviewers)):
        anew = fit(table, ratio=adjusted.fit.ratio, keep=(table.reviewer != at).astype(float))
        found = _without(at, adjusted, adjusted.fit.covariances())
        assert found == pytest.approx(anew.answer, abs=1e-6, nan_ok=True)


def test_the_reviewer_who_decides_is_found():
    table = table_of(["80 60 40 20", "79 61 41 19", "20 100 41 21", "81 59 39 *"])
    found = {one.reviewer: one for one in leave_one_out(adjust(table), 1)}
    assert found["r2"].decides
    assert (found["r2"].entering, found["r2"].leaving) == (("a00",), ("a01",))
    assert not found["r0"].decides and not found["r3"].decides
    assert found["r2"].points == max(one.points for one in found.values())


def test_answers_that_only_she_read_are_said_to_be_unread():
    found = leave_one_out(adjust(table_of(["80 60 40", "79 61 *", "78 59 *"])), 3)
    assert [one.unread for one in found] == [("a02",), (), ()]
    assert found[0].leaving == ()


def test_a_panel_of_one_has_no_influence_to_tell():
    assert leave_one_out(adjust(table_of(["80 60"])), 1) == ()


def test_one_call_gives_all_that_the_page_shows():
    rubric = Rubric((Criterion("fit", 2), Criterion("team", 1)))
    table, quality, _ = drawn(12, 5, 4)
    scores = [Score(table.reviewers[r], table.answers[a], c.id, float(np.clip(p / 20, 0, 5)))
              for r, a, p in zip(table.reviewer, table.answer, table.points, strict=True)
              for c in rubric.criteria]
    found = judge(rubric, scores, 3)
    assert found.ranking[0].answer in np.array(table.answers)[np.argsort(-quality)[:3]]
    assert set(found.by_criterion) == {"fit", "team"}
    assert found.cut.places == 3 and len(found.influence) == 5 and len(found.disagreements) == 12
    assert found.alpha_interval.value == pytest.approx(found.by_criterion["fit"].value)
    assert found.icc_agreement.single > found.icc_one_way.single > 0
    assert found.alpha_ordinal.value is not None
