"""Agreement, against published examples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.engines.panel import Table, adjust, alpha, disagreements, icc_agreement, icc_one_way
from saphan.engines.panel.tests.worlds import drawn, table_of

KRIPPENDORFF = table_of(["1 2 3 3 2 1 4 1 2 * * *", "1 2 3 3 2 2 4 1 2 5 * 3",
                         "* 3 3 3 2 3 4 2 2 5 1 *", "1 2 3 3 2 4 4 1 2 5 1 *"])
SHROUT_FLEISS = table_of(["9 6 8 7 10 6", "2 1 4 1 5 2", "5 3 6 2 6 4", "8 2 8 6 9 7"])


@pytest.mark.parametrize(("kind", "value"), [("interval", 0.849), ("ordinal", 0.815)])
def test_alpha_is_that_of_krippendorffs_example(kind, value):
    found = alpha(KRIPPENDORFF, kind)
    assert found.value == pytest.approx(value, abs=0.0005)
    assert found.units == 11
    assert found.low < found.value < found.high


def test_one_way_correlation_is_that_of_shrout_and_fleiss():
    found = icc_one_way(SHROUT_FLEISS)
    assert (round(found.single, 2), round(found.average, 2), found.k) == (0.17, 0.44, 4)


def test_agreement_correlation_is_that_of_shrout_and_fleiss():
    found = icc_agreement(SHROUT_FLEISS)
    assert found.single == pytest.approx(0.29, abs=0.006)
    assert found.average == pytest.approx(0.62, abs=0.006)


def test_incomplete_panels_give_about_the_correlation_they_were_drawn_with():
    table, *_ = drawn(400, 60, 3, severity=6, noise=8, seed=2)
    found = icc_agreement(table)
    assert found.single == pytest.approx(100 / (100 + 36 + 64), abs=0.06)
    assert found.k == pytest.approx(3)


@settings(deadline=None)
@given(st.permutations(range(5)), st.floats(0.1, 3), st.floats(-10, 10))
def test_alpha_does_not_care_for_names_order_or_units(order, factor, shift):
    rows = ["1 2 3 * 5", "2 2 4 4 5", "* 1 3 5 5", "1 3 3 4 *", "2 2 * 4 4"]
    plain = table_of(rows)
    other = table_of([rows[at] for at in order])
    scaled = Table.of({(plain.reviewers[r], plain.answers[a]): factor * p + shift for r, a, p in
                       zip(plain.reviewer, plain.answer, plain.points, strict=True)})
    for kind in ("interval", "ordinal"):
        assert alpha(other, kind).value == pytest.approx(alpha(plain, kind).value)
        assert alpha(scaled, kind).value == pytest.approx(alpha(plain, kind).value)


def test_ordinal_alpha_counts_only_order():
    few = table_of(["1 2 3 4", "1 2 4 4", "1 3 3 4"])
    far = table_of(["1 2 30 400", "1 2 400 400", "1 30 30 400"])
    assert alpha(far, "ordinal").value == pytest.approx(alpha(few, "ordinal").value)


def test_full_agreement_is_one_and_chance_is_about_nothing():
    assert alpha(table_of(["1 2 3", "1 2 3"])).value == pytest.approx(1)
    rng = np.random.default_rng(0)
    lots = Table.of({(f"r{r}", f"a{a}"): rng.normal() for a in range(300) for r in range(3)})
    assert abs(alpha(lots).value) < 0.06


@pytest.mark.parametrize("rows", [["1 2 3 *", "* * * 4"], ["3 3", "3 3"]])
def test_agreement_that_cannot_be_known_is_not_invented(rows):
    assert alpha(table_of(rows)).value is None


def test_correlations_that_cannot_be_known_are_not_invented():
    alone = table_of(["1 2 *", "* * 3"])
    assert icc_one_way(alone).single is None and icc_agreement(alone).single is None


def test_the_one_answer_they_quarrel_about_is_flagged_and_the_quarreller_named():
    table, *_ = drawn(40, 8, 4, severity=8, noise=3)
    points = {(table.reviewers[r], table.answers[a]): p for r, a, p in
              zip(table.reviewer, table.answer, table.points, strict=True)}
    quarreller = next(reviewer for reviewer, answer in points if answer == "a017")
    points[quarreller, "a017"] += 40
    found = {one.answer: one for one in disagreements(adjust(Table.of(points)))}
    assert [name for name, one in found.items() if one.flagged] == ["a017"]
    assert found["a017"].furthest == quarreller
    assert found["a017"].by > 20


def test_chance_flags_about_one_in_a_hundred():
    flagged = total = 0
    for seed in range(10):
        found = disagreements(adjust(drawn(200, 25, 5, seed=seed)[0]))
        flagged += sum(one.flagged for one in found)
        total += len(found)
    assert 0.002 < flagged / total < 0.02


def test_harshness_alone_is_no_disagreement():
    table, *_ = drawn(60, 8, 4, severity=15, noise=2)
    found = disagreements(adjust(table))
    assert np.mean([one.corrected for one in found]) < 0.35 * np.mean([one.spread for one in found])


def test_an_answer_with_one_review_has_no_disagreement():
    assert [one.answer for one in disagreements(adjust(table_of(["5 6 7", "5 6 *"])))] == \
        ["a00", "a01"]
