"""The forecast contest: dates, series, methods, contest and answer."""

from datetime import datetime

import numpy as np
import pytest

from saphan.engines.runner import Refusal
from saphan.engines.runner.media import table
from saphan.exhibits.forecast_contest import made
from saphan.exhibits.forecast_contest.contest import hold, mase, smape
from saphan.exhibits.forecast_contest.dates import Step, read, step_of
from saphan.exhibits.forecast_contest.exhibit import forecast
from saphan.exhibits.forecast_contest.methods import METHODS, learned, naive, without_season
from saphan.exhibits.forecast_contest.series import found_period, read_series


@pytest.mark.parametrize(("text", "at"), [
    ("2024-03", (2024, 3, 1)), ("2567-03", (2024, 3, 1)), ("๓๑/๓/๒๕๖๗", (2024, 3, 31)),
    ("31/3/2024", (2024, 3, 31)), ("2024年3月", (2024, 3, 1)), ("2024年3月5日", (2024, 3, 5)),
    ("ม.ค. 67", (2024, 1, 1)), ("Mar 2024", (2024, 3, 1)), ("March 2024", (2024, 3, 1)),
    ("2024 Q2", (2024, 4, 1)), ("Q3 2024", (2024, 7, 1)), ("2024", (2024, 1, 1)),
    ("tháng 3/2024", (2024, 3, 1)), ("2024-W02", (2024, 1, 8)),
    ("2024-03-01 13:00", (2024, 3, 1, 13)),
])
def test_dates_are_read_as_people_type_them(text, at):
    assert read(text).at == datetime(*at)


@pytest.mark.parametrize("text", ["", "durian", "2024-13", "32/1/2024", "12.5", "99999"])
def test_what_is_no_date_is_none(text):
    assert read(text) is None


def test_steps_are_named_in_the_calendar_of_the_table():
    step = step_of([read("2566-11"), read("2566-12"), read("2567-01")])
    assert step == Step("month", thai=True)
    number = step.number(read("2567-01").at)
    assert [step.label(number + each) for each in (0, 11, 12)] == ["2567-01", "2567-12", "2568-01"]


@pytest.mark.parametrize(("cells", "label"), [
    (("2024-01-01", "2024-01-02", "2024-01-03"), "2024-01-04"),
    (("2024-01-01", "2024-01-08", "2024-01-15"), "2024-01-22"),
    (("2024 Q3", "2024 Q4", "2025 Q1"), "2025 Q2"), (("1990", "1991", "1992"), "1993"),
    (("2024-01-01 22:00", "2024-01-01 23:00", "2024-01-02 00:00"), "2024-01-02 01:00"),
])
def test_the_step_after_the_last_is_named(cells, label):
    whens = [read(cell) for cell in cells]
    step = step_of(whens)
    assert step.label(step.number(whens[-1].at) + 1) == label


def sheet(values, head="month,tonnes", first=(2020, 1)):
    months = [first[0] * 12 + first[1] - 1 + at for at in range(len(values))]
    return table("\n".join([head, *(f"{m // 12}-{m % 12 + 1:02d},{v}"
                                    for m, v in zip(months, values, strict=True))]))


def test_a_missing_month_is_filled_and_told():
    text = "month,tonnes\n" + "\n".join(f"2024-{m:02d},{m * 10}" for m in range(1, 13))
    text += "\n2025-02,140\n2025-03,150\n2025-04,160"
    series = read_series(table(text))
    assert series.filled == 1
    assert series.values[12] == 130
    assert series.labels[12] == "2025-01"


def test_years_beside_numbers_are_dates_and_not_numbers():
    text = "year,volume\n" + "\n".join(f"{1900 + at},{at % 7}" for at in range(30))
    series = read_series(table(text))
    assert (series.name, series.ahead(1)) == ("volume", ["1930"])


def test_numbers_alone_are_read_and_their_season_is_found():
    values = np.tile([1, 5, 9, 3, 2, 2, 8], 12) + np.random.default_rng(1).normal(0, .3, 84)
    assert read_series(table("\n".join(f"{v:.2f}" for v in values))).period == 7
    assert found_period(np.random.default_rng(2).normal(0, 1, 200)) == 1


def test_a_column_is_chosen_by_its_name():
    text = "month,a,b\n" + "\n".join(f"{2000 + at},{at},{at * at}" for at in range(20))
    assert read_series(table(text), "B").name == "b"
    with pytest.raises(Refusal) as no:
        read_series(table(text), "c")
    assert no.value.key == "no_such_column"
    assert no.value.values == {"columns": "a, b"}


def test_equal_or_few_numbers_are_refused():
    for values, key in (([5] * 20, "constant"), (range(11), "too_few_numbers")):
        with pytest.raises(Refusal) as no:
            read_series(sheet(values))
        assert no.value.key == key


def test_the_plain_method_repeats_the_last_season():
    assert naive(np.arange(24.0), 12, 14).middle.tolist() == [*range(12, 24), 12, 13]


def test_every_method_continues_a_clean_season_with_a_slope():
    at = np.arange(84)
    truth = 100 + at + 20 * np.sin(2 * np.pi * at / 12)
    for name, method in METHODS.items():
        said = method(truth[:72], 12, 12)
        wrong = np.abs(said.middle - truth[72:]).mean()
        assert wrong < (13 if name in ("naive", "theta") else 3), name  # theta keeps half the slope
        assert (said.low <= said.middle + 1e-9).all(), name


def test_the_season_taken_away_and_added_again_is_the_series():
    values = made.tourists(1)
    flat, pattern = without_season(values, 12)
    assert np.allclose(flat + np.resize(pattern, len(values)), values)
    assert abs(pattern.sum()) < 1e-6


def test_the_learned_rule_learns_a_rule():
    values = [1.0, 1.0]
    for _ in range(60):  # the sum of the two before, held small
        values.append(.5 * values[-1] - .9 * values[-2] + 1)
    assert np.abs(learned(np.array(values[:50]), 1, 10).middle - values[50:60]).max() < .1


def test_errors_count_as_published():
    past, truth = np.array([1.0, 3, 5, 7]), np.array([9.0, 11])
    assert mase(past, truth, np.array([8.0, 8]), 1) == pytest.approx(2 / 2)
    assert smape(truth, truth) == 0
    assert smape(np.array([1.0]), np.array([3.0])) == pytest.approx(1)


def test_the_hidden_part_is_not_seen_by_the_methods():
    values = made.tourists(3)
    changed = values.copy()
    changed[-12:] *= 3
    one, other = hold(values, 12, 12), hold(changed, 12, 12)
    assert np.array_equal(one.shown["theta"].middle, other.shown["theta"].middle)
    assert one.winner == min(one.mase, key=one.mase.get)


def test_an_interval_is_widened_when_the_hidden_part_was_a_surprise():
    values = made.slope(3)
    jumped = values.copy()
    jumped[-6:] -= 150
    calm, surprised = (hold(each, 1, 6) for each in (values, jumped))
    assert (surprised.ahead.high - surprised.ahead.low).mean() > \
        2 * (calm.ahead.high - calm.ahead.low).mean()


def test_it_says_so_when_the_plain_method_wins():
    values = np.tile(np.random.default_rng(4).permutation(12) * 10 + 50, 6)
    values[:24] = values[:24][::-1]  # what is long past misleads whoever learns from it
    answer = forecast("\n".join(str(each) for each in values), steps=12, season=12)
    said = [part.key for part in answer.parts if hasattr(part, "level")]
    assert said[0] == "won_naive"
    assert "plain_lesson" in said
