"""On which days people work: public holidays, moved working days and the week of each economy.

The days are those of public offices, as `Economy.working_week` is. Holidays come from the library
`holidays`, which follows the official lists; the shipped `workdays.toml`, and one of the same form
in the house's folder, put right what it lacks. A weekend day that a government made a working
day (China, Viet Nam, Myanmar, Taiwan) is worked; a half day off counts as a day off.

Nobody knows everything: of an economy outside the library only the week is followed (`known`),
dates that hang on the moon are marked (`Holiday.estimated`), a year whose days off are not
announced says so (`Calendar.announced`), and holidays of single states or provinces are not
counted. `doubts` says all this in the reader's language.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from saphan.people.models import Economy

# Where public offices close on more days than the library calls public.
OFFICE_DAYS = {"HK": ("public", "optional"), "ID": ("public", "government"),
               "MO": ("public", "government"), "TH": ("public", "government"),
               "TL": ("public", "government")}
# Whose governments add days off, or move them, each year anew.
YEARLY = frozenset({"CN", "ID", "MM", "PH", "TH", "VN"})
# Whose states or provinces have holidays of their own that matter.
DIVIDED = frozenset({"AU", "BR", "DE", "GB", "ID", "IN", "MY", "PH", "US"})
# The house's languages, and what the library may call them, the best first.
NAMES = {"zh-Hans": ("zh_CN", "zh_TW", "zh_HK", "zh_MO"),
         "zh-Hant": ("zh_TW", "zh_HK", "zh_MO", "zh_CN"), "en": ("en_US",)}
MARK = "\0"  # laid before the names of estimated days
SEARCHED = 366  # days: longer without a common working day means that there is none


@dataclass(frozen=True)
class Holiday:
    """A day off. `lang` is the language of `name`; an estimated date may move by a day or two."""

    day: date
    name: str
    lang: str
    estimated: bool = False


@dataclass(frozen=True)
class Calendar:
    """One year of one economy. `worked` are the days worked although the week says rest."""

    code: str
    year: int
    known: bool
    announced: bool
    holidays: dict[date, Holiday]
    worked: frozenset[date]


def known(economy: Economy) -> bool:
    """Whether holidays of this economy are known at all; else only its week is followed."""
    return economy.code in _supported()


def calendar_of(economy: Economy, year: int, lang: str = "en") -> Calendar:
    """All that is known of a year, with the names in `lang`, else in the economy's own language
    where the library has no other."""
    return _calendar(economy.code, year, lang)


def works(economy: Economy, day: date) -> bool:
    """Whether public offices work on this day."""
    calendar = _calendar(economy.code, day.year, "en")
    if day in calendar.worked:
        return True
    return day not in calendar.holidays and economy.works_on(day)


def holiday(economy: Economy, day: date, lang: str = "en") -> Holiday | None:
    """The holiday of this day with the language of its name, or None."""
    return _calendar(economy.code, day.year, lang).holidays.get(day)


def holiday_name(economy: Economy, day: date, lang: str = "en") -> str:
    """What the day is called in `lang` (or the nearest language there is); "" for no holiday."""
    found = holiday(economy, day, lang)
    return found.name if found else ""


def next_workday(day: date, *economies: Economy) -> date:
    """The first day from `day` on (`day` itself included) on which all economies work."""
    return next(_common(day, 1, economies))


def add_workdays(start: date, days: int, *economies: Economy) -> date:
    """The day `days` working days after `start`; only days count on which ALL economies work.

    `start` itself does not count. 0 gives the first common working day from `start` on, a
    negative number goes back. ValueError where the economies have no common working day."""
    if days == 0:
        return next_workday(start, *economies)
    step = 1 if days > 0 else -1
    found = _common(start + timedelta(step), step, economies)
    day = start
    for _turn in range(abs(days)):
        day = next(found)
    return day


def workdays_between(start: date, end: date, *economies: Economy) -> int:
    """How many days after `start`, up to and with `end`, all economies work on; negative where
    `end` lies before `start`. It undoes `add_workdays`."""
    if end < start:
        return -sum(_all_work(end + timedelta(n), economies) for n in range((start - end).days))
    return sum(_all_work(start + timedelta(n + 1), economies) for n in range((end - start).days))


def doubts(economy: Economy, year: int) -> list[str]:
    """What is not sure about this economy's days in this year, as sentences for the reader."""
    if not known(economy):
        return [_("The holidays of %(economy)s are not known here. Only its working week is "
                  "counted.") % {"economy": economy.short_name()}]
    calendar = _calendar(economy.code, year, "en")
    said = []
    if not calendar.announced:
        said.append(_("Not all days off and moved working days of %(year)s are known for "
                      "%(economy)s.") % {"year": year, "economy": economy.short_name()})
    if any(day.estimated for day in calendar.holidays.values()):
        said.append(_("Some dates are estimated. They depend on the moon and may move by a day or "
                      "two."))
    if economy.code in DIVIDED:
        said.append(_("Holidays of single states or provinces are not counted."))
    return said


def _all_work(day: date, economies: tuple[Economy, ...]) -> bool:
    return all(works(economy, day) for economy in economies)


def _common(day: date, step: int, economies: tuple[Economy, ...]) -> Iterator[date]:
    """Days on which all work, from `day` on, forwards or (step -1) backwards."""
    idle = 0
    while idle < SEARCHED:
        if _all_work(day, economies):
            idle = 0
            yield day
        else:
            idle += 1
        day += timedelta(step)
    codes = ", ".join(economy.code for economy in economies)
    raise ValueError(f"no common working day of {codes} within a year")


@lru_cache(maxsize=1)
def _supported() -> frozenset[str]:
    import holidays  # takes a third of a second and 15 MB: not at the start of every process

    return frozenset(holidays.list_supported_countries(include_aliases=False))


@lru_cache(maxsize=256)
def _calendar(code: str, year: int, lang: str) -> Calendar:
    found: dict[date, Holiday] = {}
    worked: set[date] = set()
    announced = True
    if code in _supported():
        book = _book(code, year, lang)
        language = str(book.language or book.default_language)
        for day, name in book.items():
            found[day] = Holiday(day, name.replace(MARK, "").strip(), _house_code(language),
                                 estimated=MARK in name)
        worked = {day for day in book.weekend_workdays if day.year == year}
        announced = (code not in YEARLY or _announced(book, year)) and bool(found)
    for corrections in _corrections():
        _correct(found, worked, corrections.get(code, {}), year, lang)
    return Calendar(code, year, code in _supported(), announced, found,
                    frozenset(worked - found.keys()))


def _book(code: str, year: int, lang: str) -> Any:
    """The library's calendar of one year, with estimated dates marked in every language."""
    import holidays

    offered = holidays.country_holidays(code)
    language = _library_code(lang, offered.supported_languages)
    book = holidays.country_holidays(code, categories=OFFICE_DAYS.get(code), language=language)
    # Its own words for "estimated" would have to be known in forty languages.
    if getattr(book, "estimated_label", None):
        book.estimated_label = MARK + "%s"
    if getattr(book, "observed_estimated_label", None):
        book.observed_estimated_label = MARK + book.tr(getattr(book, "observed_label", "%s"))
    book.get(date(year, 7, 1))  # fills the year
    return book


def _library_code(lang: str, offered: tuple[str, ...]) -> str | None:
    """The library's code for a language of the house; None for the economy's own language."""
    wanted = [*NAMES.get(lang, (lang,)), *NAMES["en"]]
    for code in wanted:
        for known_code in offered:
            if known_code == code or known_code.split("_")[0] == code:
                return known_code
    return None


def _house_code(code: str) -> str:
    head = code.split("_")[0]
    if head != "zh":
        return head
    return "zh-Hans" if code == "zh_CN" else "zh-Hant"


def _announced(book: Any, year: int) -> bool:
    """Whether the library holds this year's special days: governments announce them late."""
    return any(year in getattr(book, name, {})
               for name in ("special_public_holidays", "special_government_holidays"))


@lru_cache(maxsize=1)
def _corrections() -> list[dict[str, Any]]:
    """What the shipped file and the house's own put right; read once per process."""
    paths = [Path(__file__).parent / "workdays.toml", Path(settings.HOME) / "workdays.toml"]
    return [tomllib.loads(path.read_text("utf-8")) for path in paths if path.exists()]


def _correct(found: dict[date, Holiday], worked: set[date], entry: dict[str, Any], year: int,
             lang: str) -> None:
    """Lay one economy's corrections over what the library says."""
    for text, names in entry.get("off", {}).items():
        day = date.fromisoformat(text)
        if day.year == year:
            known_in = lang if lang in names else "en" if "en" in names else next(iter(names))
            found[day] = Holiday(day, names[known_in], known_in)
            worked.discard(day)
    for text in entry.get("worked", []):
        day = date.fromisoformat(text)
        if day.year == year:
            found.pop(day, None)
            worked.add(day)
