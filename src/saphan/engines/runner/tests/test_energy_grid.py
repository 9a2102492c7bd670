"""The table of grids: complete, sourced, and wide where nothing is known."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from saphan.engines.runner.grid import WORLD, grid, ours, own, provinces, read
from saphan.engines.runner.ranges import Range

ECONOMIES = ("BN", "KH", "ID", "LA", "MY", "MM", "PH", "SG", "TH", "TL", "VN", "CN", "HK", "MO",
             "TW")


def test_all_fifteen_economies_have_a_row() -> None:
    assert [code for code in ECONOMIES if code not in ours()] == []


def test_every_row_has_a_year_a_source_and_bounds() -> None:
    for code, row in ours().items():
        assert 2020 <= row.year <= 2026, code
        assert len(row.source) >= 5, code
        assert urlsplit(row.url).scheme == "https", code
        assert 0 < row.bounds.low < row.bounds.central < row.bounds.high < 1_300, code
        # a yearly average hides hours and seasons: nowhere is it known within less than a tenth
        assert row.bounds.low <= 0.905 * row.bounds.central, code
        assert row.bounds.high >= 1.095 * row.bounds.central, code


def test_a_province_is_found_and_an_unknown_one_falls_back() -> None:
    assert grid("cn", "gx").name_en == "Guangxi"
    assert grid("CN", "XX").code == "CN"
    assert grid("VN").code == "VN"
    assert {row.code for row in provinces("CN")} >= {"CN-GX", "CN-GD", "CN-YN"}
    assert list(provinces("VN")) == []


def test_where_the_place_is_unknown_the_bounds_are_wide() -> None:
    unknown = grid("XX")
    assert unknown.code == grid().code == WORLD
    assert unknown.bounds.high > 10 * unknown.bounds.low
    inside = [row for row in ours().values()
              if unknown.bounds.low <= row.bounds.central <= unknown.bounds.high]
    assert len(inside) >= 0.9 * len(ours())


def test_a_kilowatt_hour_gives_the_grams_of_the_row() -> None:
    assert grid("CN", "GX").co2e(Range.exactly(3.6e6)).central == pytest.approx(448)


def test_an_own_figure_needs_its_source() -> None:
    contract = own(30, 2026, "contract no. 7, hydropower")
    assert contract.bounds == Range(27, 30, 33)
    assert contract.g_per_kwh == 30
    with pytest.raises(ValueError, match="source"):
        own(30, 2026, " ")


@pytest.mark.parametrize("line", ["XX,Nowhere,500,600,700,2024,me,https://example.org",
                                  "XX,Nowhere,500,400,600,,me,https://example.org",
                                  "XX,Nowhere,500,400,600,2024,,https://example.org"])
def test_a_row_that_is_not_complete_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    table = tmp_path / "grid.csv"
    table.write_text(f"code,name_en,g_per_kwh,low,high,year,source,url\n{line}\n")
    with pytest.raises(ValueError, match=r"grid\.csv, line 2"):
        read(table)
