"""Harsh and mild reviewers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.engines.panel import Table, adjust
from saphan.engines.panel.model import fit
from saphan.engines.panel.tests.worlds import drawn, table_of


def error_of(scores, quality):
    return float(np.std(scores - quality))


def test_without_noise_severity_is_found_and_taken_off():
    table, quality, harsh = drawn(40, 8, 3, noise=0.0001)
    adjusted = adjust(table)
    assert error_of(adjusted.scores, quality) < 0.01
    found = np.array([one.severity for one in adjusted.reviewers])
    assert found - found.mean() == pytest.approx(harsh - harsh.mean(), abs=0.01)


@pytest.mark.parametrize("seed", range(5))
def test_with_noise_the_adjusted_scores_are_nearer_the_truth_than_the_means(seed):
    table, quality, _ = drawn(100, 20, 4, seed=seed)
    assert error_of(adjust(table).scores, quality) < 0.8 * error_of(table.means(), quality)


def test_a_harsh_reviewer_has_positive_severity_and_her_answers_go_up():
    table = table_of(["60 60 60 60 *  *", "60 61 59 60 60 60", "40 41 39 *  40 41",
                      "60 *  *  60 61 60"])
    adjusted = adjust(table)
    severity = {one.reviewer: one.severity for one in adjusted.reviewers}
    assert severity["r2"] > 12 > max(severity[r] for r in ("r0", "r1", "r3"))
    assert sum(severity.values()) == pytest.approx(0, abs=1e-9)
    read_by_her = adjusted.answers[5]
    assert read_by_her.raw < 54 < read_by_her.adjusted


def test_where_nobody_is_harsher_the_plain_mean_stays():
    rng = np.random.default_rng(5)
    found = [adjust(Table.of({(f"r{r}", f"a{a:02}"): rng.normal(50, 10)
                              for a in range(30) for r in rng.choice(10, 4, False)}))
             for _ in range(40)]
    untouched = [one for one in found if one.why_raw == "no_severity"]
    assert len(untouched) >= 15
    for one in untouched:
        assert one.scores == pytest.approx(one.table.means())
    moved = [np.abs(one.scores - one.table.means()).max() for one in found]
    assert np.median(moved) < 1.0


def test_where_everybody_read_everything_only_the_level_is_left():
    table, *_ = drawn(20, 5, 5)
    assert adjust(table).scores == pytest.approx(table.means())


def test_variances_are_those_of_the_classical_analysis_if_everybody_read_everything():
    table, *_ = drawn(30, 6, 6, severity=10, noise=4)
    y = table.points.reshape(30, 6)
    rest = y - y.mean(0) - y.mean(1)[:, None] + y.mean()
    error = float((rest**2).sum()) / (29 * 5)
    reviewers = 30 * float(y.mean(0).var(ddof=1))
    adjusted = adjust(table)
    assert adjusted.noise == pytest.approx(error**0.5, rel=1e-3)
    assert adjusted.severity_sd == pytest.approx(((reviewers - error) / 30) ** 0.5, rel=0.02)


def test_the_fit_is_that_of_the_dense_mixed_model():
    table, *_ = drawn(12, 5, 3)
    fitted = fit(table)
    x = np.eye(12)[table.answer]
    z = np.eye(5)[table.reviewer]
    v = np.eye(len(table.points)) + fitted.ratio * z @ z.T
    precision = x.T @ np.linalg.solve(v, x)
    answer = np.linalg.solve(precision, x.T @ np.linalg.solve(v, table.points))
    assert fitted.answer == pytest.approx(answer)
    assert fitted.covariances() == pytest.approx(np.linalg.inv(precision))
    effect = fitted.ratio * z.T @ np.linalg.solve(v, table.points - x @ answer)
    assert fitted.effect == pytest.approx(effect)


def test_the_ratio_has_the_greatest_restricted_likelihood():
    table, *_ = drawn(25, 6, 3, seed=3)
    x, z = np.eye(25)[table.answer], np.eye(6)[table.reviewer]

    def deviance(ratio):
        v = np.eye(len(x)) + ratio * z @ z.T
        inverse = np.linalg.inv(v)
        middle = x.T @ inverse @ x
        p = inverse - inverse @ x @ np.linalg.solve(middle, x.T @ inverse)
        free = len(x) - 25
        return (np.linalg.slogdet(v)[1] + np.linalg.slogdet(middle)[1]
                + free * np.log(table.points @ p @ table.points))

    best = fit(table).ratio
    assert best > 0
    around = [deviance(best * factor) for factor in (0.5, 0.9, 1.0, 1.1, 2.0)]
    assert min(around) == around[2]


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    held = total = 0
    for seed in range(30):
        table, quality, harsh = drawn(40, 10, 4, seed=seed)
        adjusted = adjust(table)
        held += sum(a.low <= q - harsh.mean() <= a.high
                    for a, q in zip(adjusted.answers, quality, strict=True))
        total += len(quality)
        held += sum(r.low <= h - harsh.mean() <= r.high
                    for r, h in zip(adjusted.reviewers, harsh, strict=True))
        total += len(harsh)
    assert 0.93 < held / total < 0.97


def test_an_answer_with_more_reviews_is_surer():
    table = table_of(["60 62 70 55 51 40", "58 66 70 50 50 44", "61 60 69 54 * *", "59 64 * * * *"])
    errors = [one.error for one in adjust(table).answers]
    assert errors[0] < errors[2] < errors[4]


def test_one_reviewer_each_leaves_the_points_and_says_so():
    adjusted = adjust(table_of(["60 70 * *", "* * 50 55"]))
    assert adjusted.why_raw == "one_reviewer_each"
    assert adjusted.scores.tolist() == [60, 70, 50, 55]
    assert all(one.error is None and one.low is None for one in adjusted.answers)
    assert adjusted.noise is None and adjusted.severity_sd is None


def test_too_few_reviews_are_said():
    adjusted = adjust(table_of(["60 70", "50 *"]))
    assert adjusted.why_raw == "too_few"
    assert adjusted.scores.tolist() == [55, 70]


def test_islands_are_seen_and_named():
    adjusted = adjust(table_of(["60 70 65 * *", "50 61 56 * *", "* * * 50 55", "* * * 40 46"]))
    assert [(one.answers, one.reviewers) for one in adjusted.islands] == [
        (("a00", "a01", "a02"), ("r0", "r1")), (("a03", "a04"), ("r2", "r3"))]


def test_equal_points_everywhere_do_no_harm():
    adjusted = adjust(table_of(["50 50 50", "50 50 50"]))
    assert adjusted.scores.tolist() == [50, 50, 50]
    assert adjusted.why_raw == "no_severity" and adjusted.noise == 0


def test_medians_are_medians():
    found = adjust(table_of(["10 1 7", "30 5 *", "20 * *"])).answers
    assert [one.median for one in found] == [20, 3, 7]


def test_no_review_is_said():
    with pytest.raises(ValueError, match="no whole review"):
        adjust(Table.of({}))


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.tuples(st.sampled_from("uvwx"), st.sampled_from("abcdef")),
                       st.floats(0, 100), min_size=1), st.floats(-20, 20))
def test_any_design_works_and_a_common_shift_shifts_everything(points, shift):
    table = Table.of(points)
    moved = Table.of({pair: value + shift for pair, value in points.items()})
    for spread in (False, True):
        one, two = adjust(table, spread=spread), adjust(moved, spread=spread)
        assert np.isfinite(one.scores).all()
        assert all(a.error is None or a.error >= 0 for a in one.answers)
    one, two = fit(table, ratio=0.5), fit(moved, ratio=0.5)
    assert two.answer == pytest.approx(one.answer + shift, abs=1e-6)


def squeezed(seed):
    """One reviewer uses a third of the scale, one twice what the others use."""
    rng = np.random.default_rng(seed)
    quality = rng.normal(60, 12, 60)
    use = np.array([0.4, 1.8, 1, 1, 1, 1, 1, 1])
    points = {(f"r{r}", f"a{a:02}"): 60 + use[r] * (quality[a] - 60 + rng.normal(0, 3))
              for a in range(60) for r in rng.choice(8, 4, False)}
    return Table.of(points), quality


def test_spread_is_found_and_evened_out():
    gains = []
    for seed in range(5):
        table, quality = squeezed(seed)
        adjusted = adjust(table, spread=True)
        found = {one.reviewer: one.spread for one in adjusted.reviewers}
        assert found["r0"] < 0.7 and found["r1"] > 1.3
        assert all(0.7 < found[f"r{r}"] < 1.3 for r in range(2, 8))
        assert abs(np.log(list(found.values())).mean()) < 0.1
        gains.append(error_of(adjusted.scores, quality) / error_of(adjust(table).scores, quality))
    assert max(gains) < 0.95


def test_spread_is_left_alone_where_all_use_the_scale_alike():
    found = [one.spread for one in adjust(drawn(100, 20, 5)[0], spread=True).reviewers]
    assert max(abs(np.array(found) - 1)) < 0.25
    assert [one.spread for one in adjust(drawn(100, 20, 5)[0]).reviewers] == [1.0] * 20


def test_noise_is_not_taken_for_a_narrow_use_of_the_scale():
    """Against noisy others every slope is below 1; only what differs between reviewers counts."""
    table, *_ = drawn(400, 10, 3, noise=15)
    factors = [one.spread for one in adjust(table, spread=True).reviewers]
    assert abs(np.log(factors).mean()) < 0.05
