"""Charts: every number can be read, and the drawing says the same as the table."""

from __future__ import annotations

import re

from saphan.design import charts


def test_a_bar_is_as_long_as_its_share_of_the_longest() -> None:
    drawn = charts.bars([("Thailand", 50), ("Laos", 25, "/la/"), ("Brunei", 0)], title="Offers")
    assert re.findall(r'rect width="([\d.]+)"', drawn) == ["100", "50", "0"]
    assert '<a href="/la/">Laos</a>' in drawn
    assert "<caption>Offers</caption>" in drawn


def test_bars_may_be_measured_against_a_whole() -> None:
    assert 'rect width="19.77"' in charts.bars([("Growth", 19.77)], title="t", unit="%", top=100)


def test_labels_are_escaped() -> None:
    assert "<script>" not in charts.bars([("<script>", 1)], title="<b>")


def test_nothing_to_draw_draws_nothing() -> None:
    assert charts.bars([], title="t") == ""
    assert charts.line([("2025", None)], title="t") == ""


def test_all_zero_divides_by_nothing() -> None:
    assert 'rect width="0"' in charts.bars([("a", 0)], title="t")


def test_a_line_breaks_where_a_value_is_missing() -> None:
    drawn = charts.line([("2023", 1), ("2024", None), ("2025", 3), ("2026", 4)], title="t")
    assert drawn.count("<polyline") == 2
    assert drawn.count("<circle") == 3
    assert '<td class="value">–</td>' in drawn


def test_a_single_point_stands_in_the_middle() -> None:
    assert "<circle" in charts.line([("2025", 5)], title="t")


def test_ticks_are_round_and_reach_beyond_the_values() -> None:
    assert charts.ticks(0, 97) == [0, 25, 50, 75, 100]
    assert charts.ticks(0, 0) == [0, 0.25, 0.5, 0.75, 1]
    assert charts.ticks(-3, 5) == [-4, -2, 0, 2, 4, 6]
