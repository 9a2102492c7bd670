"""Dates, numbers and money as the reader writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from saphan.design import formats

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(("lang", "said"), [
    ("en", "22 November 2026"), ("zh-hans", "2026年11月22日"), ("zh-hant", "2026年11月22日"),
    ("th", "22 พฤศจิกายน 2569"), ("vi", "22 tháng 11, 2026"), ("lo", "22 ພະຈິກ 2026"),
    ("km", "22 វិច្ឆិកា 2026"), ("my", "2026 နိုဝင်ဘာ 22"), ("id", "22 November 2026"),
    ("ms", "22 November 2026"), ("fil", "Nobyembre 22, 2026"),
    ("pt", "22 de novembro de 2026")])
def test_a_day_is_said_as_its_readers_say_it(lang: str, said: str) -> None:
    assert formats.day(DAY, lang=lang) == said


def test_thai_years_are_buddhist_also_on_a_leap_day() -> None:
    # 2567 is no leap year of the common calendar: adding 543 to the date would fail.
    assert formats.day(date(2024, 2, 29), lang="th", style="full") == \
        "วันพฤหัสบดีที่ 29 กุมภาพันธ์ 2567"


@pytest.mark.parametrize("style", ["short", "medium", "long", "full"])
def test_no_thai_date_of_any_style_shows_a_common_year(style: str) -> None:
    said = formats.day(DAY, lang="th", style=style)
    assert "2569" in said
    assert "2026" not in said
    assert "ค.ศ." not in said


@pytest.mark.parametrize(("iso", "lang", "said"), [
    ("2025-04", "en", "April 2025"), ("2025-04", "th", "เมษายน 2568"), ("2025", "th", "2568"),
    ("2025-08-31", "zh-hans", "2025年8月31日"), ("2025", "my", "2025"), ("soon", "en", "soon")])
def test_a_date_is_as_exact_as_its_source(iso: str, lang: str, said: str) -> None:
    assert formats.day(iso, lang=lang) == said


@pytest.mark.parametrize("lang", ["my", "km", "lo", "th"])
def test_digits_are_latin_everywhere(lang: str) -> None:
    said = formats.day(DAY, lang=lang) + formats.number(1234.5, lang=lang)
    assert all(sign in "0123456789" for sign in said if sign.isdigit())


@pytest.mark.parametrize(("value", "unit", "lang", "said"), [
    (19000, "m2", "en", "19,000 m²"), (19.77, "%", "vi", "19,77%"), (20, "%", "en", "20%"),
    (1788, "patents", "id", "1.788"), (7.78, "km2", "pt", "7,78 km²")])
def test_numbers_carry_the_readers_separators_and_units(value: float, unit: str, lang: str,
                                                        said: str) -> None:
    assert formats.number(value, lang=lang, unit=unit).replace("\u00a0", " ") == said


def test_money_names_its_currency_where_the_reader_looks_for_it() -> None:
    assert formats.money(500_000, "THB", lang="en") == "THB\u00a0500,000"
    assert formats.money(500_000, "VND", lang="vi") == "500.000\u00a0VND"


def test_a_moment_says_how_far_it_is_from_utc() -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert formats.moment(noon, lang="th", zone="Asia/Yangon") == \
        "22 พฤศจิกายน 2569 18:30 (UTC+6:30)"


def test_a_moment_shows_day_and_time_of_one_and_the_same_clock() -> None:
    late = datetime(2026, 11, 22, 17, tzinfo=UTC)  # the next day at the centre, not yet in Yangon
    assert formats.moment(late, lang="en", zone="Asia/Yangon") == \
        "22 November 2026, 11:30\u202fpm (UTC+6:30)"
    assert formats.moment(late, lang="en") == "23 November 2026, 1:00\u202fam (UTC+8)"
    assert formats.moment(late.astimezone(ZoneInfo("America/Lima")), lang="en") == \
        formats.moment(late, lang="en")
    assert (formats.day(late, lang="vi"), formats.clock(late, lang="vi")) == (
        "23 tháng 11, 2026", "01:00")
    assert formats.day(late, lang="vi", zone="UTC") == "22 tháng 11, 2026"


def test_a_moment_of_an_unknown_clock_is_not_shown() -> None:
    with pytest.raises(ValueError, match="naive"):
        formats.moment(datetime(2026, 11, 22, 12))


def test_languages_are_named_in_the_readers_language() -> None:
    assert formats.language_name("th", lang="zh-hans") == "泰语"
    assert formats.language_name("zh-Hans", lang="en") == "Simplified Chinese"
    assert formats.language_name("tet", lang="en") == "Tetum"
