"""Published values over time: what is drawn is also said, and nothing needs colour alone."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from saphan.design import formats
from saphan.design.timeline import Point, timeline


def point(year: int, value: float, **also: Any) -> Point:
    return Point(date(year, 1, 1), date(year, 12, 31), value, also.pop("said", str(value)),
                 str(year), **also)


def test_every_value_stands_in_the_table_with_its_link() -> None:
    drawn = timeline([point(2023, 303, url="/a", by="A <b>"), point(2024, 400, url="/b")],
                     title="Factories & more")
    assert '<a href="/a">303</a>' in drawn and '<a href="/b">400</a>' in drawn
    assert "A &lt;b&gt;" in drawn and "Factories &amp; more" in drawn
    assert drawn.count("<circle") == 2


def test_later_is_to_the_right_and_more_is_higher() -> None:
    drawn = timeline([point(2024, 400), point(2022, 100)], title="x")
    found = [(float(x), float(y)) for x, y in re.findall(
        r'<circle[^>]*cx="([\d.]+)" cy="([\d.]+)"', drawn)]
    (early, low), (late, high) = found
    assert early < late and low > high


@pytest.mark.parametrize("label", ["CNY 8 trillion", "8万亿", "ကုဋေ ၈ သိန်း"])
def test_the_picture_leaves_room_for_the_longest_label_of_its_axis(label: str) -> None:
    drawn = timeline([point(2023, 5), point(2024, 8)], title="x", show=lambda _value: label)
    edge = float(re.findall(r'<text x="([\d.]+)"[^>]*text-anchor="end"', drawn)[0])
    left = min(float(x) for x in re.findall(r'<circle[^>]*cx="([\d.]+)"', drawn))
    assert edge < left
    assert edge >= 8 * len(label)


def test_what_is_disputed_open_or_a_range_has_a_shape_of_its_own() -> None:
    drawn = timeline([point(2023, 5, high=9), point(2024, 5, open="up"),
                      point(2024, 6, differs=True)], title="x")
    assert "pole" in drawn and "arrow" in drawn and "<rect" in drawn
    assert "Sources disagree" in drawn


def test_places_are_named_where_there_are_several() -> None:
    drawn = timeline([point(2023, 1, series="Laos"), point(2023, 2, series="Guangxi")], title="x")
    assert drawn.count("Laos") == 2 and "line-1" in drawn  # legend and table
    assert timeline([], title="x") == ""


@pytest.mark.parametrize(("value", "lang", "said"), [
    ("2024-Q1", "en", "Q1 2024"), ("2024-Q1", "zh-Hans", "2024年第1季度"),
    ("2023/2024", "th", "2566 – 2567"), ("2024-H2", "en", "July 2024 – December 2024"),
    ("2024-03-05", "pt", "5 de março de 2024"), ("whenever", "en", "whenever")])
def test_periods_are_said_in_the_readers_words(value: str, lang: str, said: str) -> None:
    assert formats.period(value, lang=lang) == said


@pytest.mark.parametrize(("value", "lang", "said"), [
    ("89000000000", "en", "89 billion"), ("89000000000", "zh-Hans", "890亿"),
    ("4500000", "th", "4.5 ล้าน"), ("12345678", "vi", "12.345.678"), ("999999", "en", "999,999"),
    ("-4500000", "en", "-4.5 million")])
def test_large_numbers_are_said_in_steps_where_that_is_exact(value: str, lang: str,
                                                             said: str) -> None:
    assert formats.large(Decimal(value), lang=lang) == said
