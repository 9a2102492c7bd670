"""Working days, checked by hand against the official lists of 2025 and 2026."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from saphan.ground.text import Text
from saphan.people import actions, workdays
from saphan.people.models import Economy

SHIPPED = tomllib.loads((Path(actions.__file__).parent / "economies.toml").read_text("utf-8"))


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    yield
    workdays._corrections.cache_clear()
    workdays._calendar.cache_clear()


def economy(code: str) -> Economy:
    entry = SHIPPED.get(code, {"name": {"en": code}})
    return Economy(code=code, name=Text.of({"en": entry["name"]["en"]}), short=Text(),
                   working_week=entry.get("working_week", [1, 2, 3, 4, 5]))


def day(text: str) -> date:
    return date.fromisoformat(text)


OFF = {
    # National Day on a Sunday is taken on Monday; Hari Raya; Fridays are free in any case.
    "BN": ["2025-02-24", "2025-03-31", "2025-04-01", "2025-07-15", "2026-02-17", "2025-01-03"],
    "KH": ["2025-01-07", "2025-04-14", "2025-04-15", "2025-04-16", "2025-09-22", "2025-11-05",
           "2026-04-14", "2026-11-24"],
    "ID": ["2025-03-31", "2025-04-02", "2025-08-18", "2025-12-26", "2026-03-19", "2026-03-23"],
    "LA": ["2025-04-14", "2025-04-15", "2025-04-16", "2025-12-02", "2026-03-09", "2026-04-14"],
    "MY": ["2025-03-31", "2025-04-01", "2025-09-15", "2025-09-16", "2026-03-20", "2026-08-31"],
    "MM": ["2025-04-14", "2025-04-17", "2025-04-21", "2025-02-12", "2025-10-06", "2026-04-15"],
    "PH": ["2025-04-17", "2025-04-18", "2025-05-12", "2025-06-12", "2025-08-25", "2026-03-20"],
    "SG": ["2025-01-29", "2025-01-30", "2025-03-31", "2025-10-20", "2026-06-01", "2026-08-10"],
    "TH": ["2025-04-14", "2025-04-15", "2025-04-16", "2025-06-02", "2025-08-11", "2026-04-13",
           "2026-01-02"],
    "TL": ["2025-05-20", "2025-11-28", "2025-12-08", "2026-11-12", "2026-11-03"],
    "VN": ["2025-01-27", "2025-01-31", "2025-04-07", "2025-05-02", "2025-09-01", "2026-01-02",
           "2026-02-16", "2026-02-20", "2026-04-27"],
    "CN": ["2025-01-28", "2025-02-04", "2025-10-01", "2025-10-06", "2025-10-08", "2026-02-23",
           "2026-10-07"],
    "HK": ["2025-04-18", "2025-04-21", "2025-07-01", "2025-12-26", "2026-04-07", "2026-10-19"],
    "MO": ["2025-10-02", "2025-12-08", "2025-12-22", "2026-02-17", "2026-12-21"],
    "TW": ["2025-01-27", "2025-04-03", "2025-10-06", "2025-10-10", "2026-02-27", "2026-10-09"],
    "JP": ["2025-05-06", "2025-09-15"], "KR": ["2025-10-08", "2026-02-16"],
    "US": ["2025-07-04"], "PT": ["2025-04-25"],
}
WORKED = {
    # Government offices in Brunei work on Saturdays; moved working days elsewhere.
    "BN": ["2025-01-04", "2025-01-06"], "KH": ["2025-04-17", "2025-11-07"],
    "ID": ["2025-04-08", "2025-08-19"], "LA": ["2025-04-18", "2025-03-07"],
    "MY": ["2025-04-02"], "MM": ["2025-04-22", "2025-03-22", "2025-11-08", "2026-01-03"],
    "PH": ["2025-04-16", "2025-07-28"], "SG": ["2025-01-31", "2025-12-26"],
    "TH": ["2025-04-17", "2025-05-02", "2026-11-24"], "TL": ["2025-12-24", "2026-02-18"],
    "VN": ["2025-02-03", "2025-04-26", "2026-01-10", "2026-08-22", "2025-09-03"],
    "CN": ["2025-01-26", "2025-02-08", "2025-09-28", "2025-10-11", "2026-02-14", "2026-02-28",
           "2026-10-10", "2025-10-09"],
    "HK": ["2025-04-22", "2025-12-24"], "MO": ["2025-10-03"],
    "TW": ["2025-02-08", "2025-02-03"], "JP": ["2025-05-07"], "KR": ["2025-10-10"],
    "US": ["2025-07-07"], "PT": ["2025-04-24"],
}


@pytest.mark.parametrize(("code", "text"), [(c, t) for c, days in OFF.items() for t in days])
def test_public_offices_are_closed(code: str, text: str) -> None:
    assert not workdays.works(economy(code), day(text))


@pytest.mark.parametrize(("code", "text"), [(c, t) for c, days in WORKED.items() for t in days])
def test_public_offices_are_open(code: str, text: str) -> None:
    assert workdays.works(economy(code), day(text))


def test_every_shipped_economy_is_known_and_an_unknown_one_follows_its_week() -> None:
    assert all(workdays.known(economy(code)) for code in SHIPPED)
    nowhere = economy("XX")
    assert not workdays.known(nowhere)
    assert workdays.works(nowhere, day("2025-12-25"))
    assert not workdays.works(nowhere, day("2025-12-27"))
    with translation.override("en"):
        assert workdays.doubts(nowhere, 2025) == [
            "The holidays of XX are not known here. Only its working week is counted."]


def test_a_holiday_is_named_in_the_readers_language_or_else_in_english() -> None:
    assert workdays.holiday_name(economy("TH"), day("2025-04-14"), "th") == "วันสงกรานต์"
    assert workdays.holiday_name(economy("CN"), day("2026-02-17"), "zh-Hans") == "春节"
    assert workdays.holiday_name(economy("CN"), day("2026-02-17"), "zh-Hant") == "春節"
    found = workdays.holiday(economy("LA"), day("2026-04-14"), "km")
    assert found is not None and (found.name, found.lang) == ("Lao New Year's Day", "en")
    assert workdays.holiday_name(economy("CN"), day("2026-02-14"), "en") == ""


def test_dates_by_the_moon_are_marked_in_every_language_and_past_ones_are_not() -> None:
    for lang in ("en", "ms", "th", "zh-Hans"):
        found = workdays.holiday(economy("MY"), day("2028-02-27"), lang)
        assert found is not None and found.estimated
        assert "\0" not in found.name and "estimated" not in found.name
        past = workdays.holiday(economy("MY"), day("2025-03-31"), lang)
        assert past is not None and not past.estimated
    with translation.override("en"):
        assert any("moon" in said for said in workdays.doubts(economy("MY"), 2028))


def test_a_year_without_announcements_says_so() -> None:
    assert workdays.calendar_of(economy("CN"), 2026).announced
    far = workdays.calendar_of(economy("CN"), 2040)
    assert not far.announced and not far.worked
    assert day("2040-10-01") in far.holidays
    assert workdays.calendar_of(economy("SG"), 2030).announced
    assert not workdays.calendar_of(economy("SG"), 2150).announced  # the library ends in 2100
    with translation.override("en"):
        assert any("2040" in said for said in workdays.doubts(economy("CN"), 2040))


def test_a_day_counts_only_where_all_work() -> None:
    china, viet_nam, thailand = economy("CN"), economy("VN"), economy("TH")
    # 14 February is worked in China alone; both rest over the new year; China until the 23rd.
    assert workdays.add_workdays(day("2026-02-13"), 1, china) == day("2026-02-14")
    assert workdays.add_workdays(day("2026-02-13"), 1, viet_nam) == day("2026-02-23")
    assert workdays.add_workdays(day("2026-02-13"), 1, china, viet_nam) == day("2026-02-24")
    # Songkran in Thailand, 5 working days from Thursday 9 April 2026.
    assert workdays.add_workdays(day("2026-04-09"), 5, thailand, china) == day("2026-04-21")


def test_counting_back_and_forth_comes_home() -> None:
    both = economy("CN"), economy("TH")
    for shift in range(0, 120, 7):
        start = workdays.next_workday(date(2026, 1, 3) + timedelta(shift), *both)
        for days in (1, 5, 20):
            end = workdays.add_workdays(start, days, *both)
            assert workdays.workdays_between(start, end, *both) == days
            assert workdays.workdays_between(end, start, *both) == -days
            assert workdays.add_workdays(end, -days, *both) == start


def test_no_days_means_the_first_working_day_from_now_on() -> None:
    assert workdays.add_workdays(day("2025-10-01"), 0, economy("CN")) == day("2025-10-09")
    assert workdays.next_workday(day("2025-10-09"), economy("CN")) == day("2025-10-09")


def test_economies_without_a_common_day_are_an_error_and_not_an_endless_search() -> None:
    weekend = Economy(code="XX", working_week=[6, 7])
    with pytest.raises(ValueError, match="no common working day"):
        workdays.add_workdays(day("2026-01-01"), 3, economy("SG"), weekend)


def test_the_house_puts_days_right_in_its_own_file(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "workdays.toml").write_text(
        '[LA]\noff."2026-04-17" = { en = "New year, extended", lo = "ພັກປີໃໝ່" }\n'
        'worked = ["2026-04-16", "2026-04-25"]\n', "utf-8")
    settings.HOME = tmp_path
    workdays._corrections.cache_clear()
    workdays._calendar.cache_clear()
    laos = economy("LA")
    assert not workdays.works(laos, day("2026-04-17"))
    assert workdays.holiday_name(laos, day("2026-04-17"), "lo") == "ພັກປີໃໝ່"
    assert workdays.holiday_name(laos, day("2026-04-17"), "th") == "New year, extended"
    assert workdays.works(laos, day("2026-04-16")) and workdays.works(laos, day("2026-04-25"))
    assert not workdays.works(economy("VN"), day("2026-01-02"))  # the shipped file still counts
