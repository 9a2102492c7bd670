"""Periods, units, and whether two sources can both be right."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from saphan.rooms.observatory import comparing, periods, units
from saphan.rooms.observatory.models import Indicator, Observation
from saphan.rooms.observatory.vocabulary import Relation

NUMBERS = st.decimals(-10**9, 10**9, places=2)


@pytest.mark.parametrize(("period", "first", "last"), [
    ("2024", date(2024, 1, 1), date(2024, 12, 31)),
    ("2024-H2", date(2024, 7, 1), date(2024, 12, 31)),
    ("2024-Q1", date(2024, 1, 1), date(2024, 3, 31)),
    ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    ("2024-03-05", date(2024, 3, 5), date(2024, 3, 5)),
    ("2023/2024", date(2023, 1, 1), date(2024, 12, 31)),
    ("2024-01/2024-08", date(2024, 1, 1), date(2024, 8, 31))])
def test_a_period_has_a_first_and_a_last_day(period: str, first: date, last: date) -> None:
    assert periods.bounds(period) == (first, last)


@pytest.mark.parametrize("words", [
    "", "2568ปี", "24", "2024-13", "2024-02-30", "2024/2023", "2024-Q5", "2568", "1066", "2024-00"])
def test_what_is_no_period_is_refused(words: str) -> None:
    with pytest.raises(periods.BadPeriod):
        periods.bounds(words)


@given(st.dates(date(1900, 1, 1), date(2150, 12, 31)))
def test_every_day_lies_in_its_month_quarter_half_and_year(day: date) -> None:
    for period in (f"{day}", f"{day:%Y-%m}", f"{day:%Y}-Q{(day.month + 2) // 3}",
                   f"{day:%Y}-H{(day.month + 5) // 6}", f"{day:%Y}"):
        first, last = periods.bounds(period)
        assert first <= day <= last


def observation(value: object, relation: str = "=", unit: str = "companies",
                high: object = None) -> Observation:
    return Observation(value=Decimal(str(value)), relation=relation, unit=unit,
                       high=None if high is None else Decimal(str(high)))


@pytest.mark.parametrize(("one", "other", "both"), [
    (observation(303), observation(303), True),
    (observation(303), observation(304), False),
    (observation(300, ">"), observation(303), True),
    (observation(300, ">"), observation(300), False),
    (observation(300, ">="), observation(300), True),
    (observation(300, "~"), observation(310), True),
    (observation(300, "~"), observation(330), False),
    (observation(20, "range", high=30), observation(25), True),
    (observation(20, "range", high=30), observation(31), False),
    (observation(300, "<"), observation(300, ">"), False),
    (observation("1.9", unit="ha"), observation(19000, unit="m2"), True),
    (observation("1.9", unit="ha"), observation(190, unit="m2"), False),
    (observation(5, unit="%"), observation(5, unit="pp"), True)])
def test_two_sources_can_both_be_right_or_not(one: Observation, other: Observation,
                                              both: bool) -> None:
    assert comparing.agree(one, other) is both is comparing.agree(other, one)


@given(NUMBERS, NUMBERS, st.sampled_from(["=", "~", ">", ">=", "<", "<="]),
       st.sampled_from(["=", "~", ">", ">=", "<", "<="]))
def test_agreement_knows_no_order_and_a_source_agrees_with_itself(
        value: Decimal, other: Decimal, relation: str, its: str) -> None:
    one, two = observation(value, relation), observation(other, its)
    assert comparing.agree(one, two) == comparing.agree(two, one)
    if relation not in ("<", ">"):
        assert comparing.agree(one, one)


@pytest.mark.parametrize(("lang", "said"), [
    ("en", "CNY\u00a089 billion"), ("zh-hans", "CNY\u00a0890亿"), ("th", "CNY\u00a08.9 หมื่นล้าน"),
    ("vi", "89 tỷ\u00a0CNY")])
def test_large_sums_are_said_in_the_readers_own_steps(lang: str, said: str) -> None:
    with translation.override(lang):
        assert units.number(Decimal("89000000000"), "CNY") == said


@given(st.integers(1_000_000, 10**15))
def test_a_number_in_steps_is_exact_or_has_all_its_digits(value: int) -> None:
    with translation.override("en"):
        said = units.number(Decimal(value), "")
    steps = {"million": 10**6, "billion": 10**9, "trillion": 10**12}
    words = said.split(" ")
    number = Decimal(words[0].replace(",", ""))
    assert number * steps.get(words[-1], 1) == value


def test_the_words_of_the_source_stay_with_the_number() -> None:
    with translation.override("en"):
        assert units.said(Decimal(300), "factories", Relation.MORE) == "more than 300"
        assert units.said(Decimal(5_460_000), "t") == "5.46 million tonnes"
        assert units.label("t") == "tonnes" and units.noun("t") == ""
        assert units.said(Decimal(20), "%", Relation.RANGE, Decimal(30)) == "20% to 30%"
        assert units.said(Decimal("19.770000"), "%") == "19.77%"


def test_a_difference_says_how_far_sources_are_apart() -> None:
    of = Indicator(pk=1)
    sources = [Observation(pk=pk, indicator=of, value=Decimal(value), unit="companies",
                           begins=date(2022, 1, 1), ends=date(2022, 12, 31))
               for pk, value in ((1, 123), (2, 137), (3, 123))]
    [difference] = comparing.differences(sources)
    assert (difference.low, difference.high, difference.gap) == (123, 137, 14)
    assert difference.share is not None and round(difference.share, 3) == Decimal("0.114")
    sources[1].state = Observation.State.WITHDRAWN
    assert comparing.differences(sources) == []
