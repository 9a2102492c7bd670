"""Days, as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from saphan.engines.extraction.dates import in_address, read_day


@pytest.mark.parametrize(
    "words",
    [
        "2025-04-16T08:00:00+08:00",
        "2025年4月16日",
        "２０２５年４月１６日",
        "民國114年4月16日",
        "วันที่ ๑๖ เมษายน พ.ศ. ๒๕๖๘",
        "16 เม.ย. 2568",
        "16/04/2568",
        "thứ tư, 16/4/2025, 14:00 (GMT+7)",
        "ngày 16 tháng 4 năm 2025",
        "Apr. 16, 2025",
        "Wed, 16 Apr 2025 08:00:00 GMT",
        "Rabu, 16 April 2025",
        "16 de abril de 2025",
        "ika-16 ng Abril 2025",
        "16 ເມສາ 2025",
        "ថ្ងៃទី១៦ ខែមេសា ឆ្នាំ២០២៥",
        "၂၀၂၅ ခုနှစ် ဧပြီလ ၁၆ ရက်",
    ],
)
def test_a_day_is_read_in_every_language_of_the_house(words: str) -> None:
    assert read_day(words) == date(2025, 4, 16)


@pytest.mark.parametrize("words", ["", "2025", "call 02-123-4567", "31/02/2025", "version 1.2.3"])
def test_what_is_no_day_is_none(words: str) -> None:
    assert read_day(words) is None


def test_addresses_tell_days() -> None:
    for address in (
        "https://x.example/2025/04/16/port",
        "https://x.example/2025-04/16/content_1.htm",
        "https://x.example/zwgk/t20250416_1.shtml",
        "https://x.example/news/20250416123456.html",
    ):
        assert in_address(address) == date(2025, 4, 16)
    assert in_address("https://x.example/article-4875123.html") is None
