"""Read by when something is needed: "within 3 months", "ภายใน 31/12/2570", "年底前", "quý 1".

Also when a project begins, by which an offer must still stand: "the project starts in July 2027".
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from saphan.engines.language.normalise import ascii_digits, fold_width
from saphan.engines.matching import calendar_words as words
from saphan.engines.matching.festivals import festival
from saphan.engines.matching.numerals import NUMBER, value

_BUDDHIST: Final = 543
_BUDDHIST_YEARS: Final = range(2450, 2700)
_NEAR: Final = 20
"""Characters between a word like 'before' or 'starts' and the date it goes with."""


@dataclass(frozen=True, slots=True)
class Due:
    """A day that a text names. `opens`: something begins then, and offers must still stand."""

    day: date
    opens: bool = False


def read_deadline(text: str, lang: str, now: date) -> date | None:
    """The day by which the text wants something, or None if it does not say.

    Thai and Lao Buddhist years (2570 = 2027) are understood in every language. A month means its
    last day, "before" a month the last day of the one before. Days before `now` are no deadlines.
    """
    return min((due.day for due in read_dates(text, lang, now) if not due.opens), default=None)


def read_dates(text: str, lang: str, now: date) -> tuple[Due, ...]:
    """The days a text names, each once: full dates first; else a month, a term, a feast."""
    plain = fold_width(ascii_digits(text)).lower()
    for found in (_full(plain), _terms(plain, now), _months(plain, now)):
        days = [due for due in found if due.day >= now]
        if days:
            return tuple(dict.fromkeys(days))
    day = _relative(plain, now) or festival(plain, now)
    return (Due(day),) if day else ()


def _full(text: str) -> Iterator[Due]:
    """Dates with a year."""
    for pattern in words.DATES:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            year = _year(int(parts["y"]))
            month = int(parts["m"]) if parts.get("m") else words.MONTHS[parts["name"]]
            if not (1 <= month <= 12 and 1900 < year < 2200):
                continue
            day = _day(text, match, year, month, parts.get("d"))
            if day:
                yield Due(day, _opens(text, match))


def _year(year: int) -> int:
    return year - _BUDDHIST if year in _BUDDHIST_YEARS else year


def _day(text: str, match: re.Match[str], year: int, month: int, named: str | None) -> date | None:
    last = calendar.monthrange(year, month)[1]
    if named:
        day = int(named)
        return date(year, month, day) if 1 <= day <= last else None
    if _is_before(text, match):
        return date(year, month, 1) - timedelta(days=1)
    return date(year, month, last)


def _is_before(text: str, match: re.Match[str]) -> bool:
    """Whether a month is named as one before which, not by whose end."""
    before = text[max(0, match.start() - _NEAR) : match.start()]
    after = text[match.end() : match.end() + _NEAR]
    if words.END_BEFORE.search(before) or words.END_AFTER.match(after):
        return False
    return bool(words.BEFORE_BEFORE.search(before) or words.BEFORE_AFTER.match(after))


def _opens(text: str, match: re.Match[str]) -> bool:
    """Whether something begins at a date, by the words of its clause."""
    start = max((end.end() for end in words.CLAUSE.finditer(text, 0, match.start())), default=0)
    end = words.CLAUSE.search(text, match.end())
    return bool(words.OPENS.search(text, start, end.start() if end else len(text)))


def _terms(text: str, now: date) -> Iterator[Due]:
    """Quarters, halves and ends of years, the end of this month and the next one."""
    for number, pattern in words.QUARTERS:
        for match in pattern.finditer(text):
            year = _named_year(match, text, now)
            day = _month_end(year or now.year, 3 * number)
            if not year and day < now:
                day = _month_end(now.year + 1, 3 * number)
            yield Due(day, _opens(text, match))
    for pattern, month in ((words.YEAR_END, 12), (words.MID_YEAR, 6)):
        for match in pattern.finditer(text):
            year = _named_year(match, text, now) or now.year
            day = _month_end(year, month)
            yield Due(day if day >= now else _month_end(year + 1, month), _opens(text, match))
    for match in words.NEXT_MONTH.finditer(text):
        yield Due(_later(_month_end(now.year, now.month), "month", 1, last=True),
                  _opens(text, match))  # fmt: skip
    for match in words.MONTH_END.finditer(text):
        yield Due(_month_end(now.year, now.month), _opens(text, match))


def _named_year(match: re.Match[str], text: str, now: date) -> int | None:
    """The year that goes with a quarter or a year's end: in the match, or "next year" beside it."""
    for name in ("y", "y2"):
        said = match.groupdict().get(name)
        if said:
            return _year(int(said))
    around = text[max(0, match.start() - 8) : match.end() + 14]
    return now.year + 1 if words.NEXT_YEAR.search(around) else None


def _months(text: str, now: date) -> Iterator[Due]:
    """A month without a year, after a word such as 'by': the next one of that name."""
    for pattern in words.BARE_MONTHS:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            month = int(parts["m"]) if parts.get("m") else words.MONTHS[parts["name"]]
            if not 1 <= month <= 12:
                continue
            year = now.year if month >= now.month else now.year + 1
            around = text[max(0, match.start() - 8) : match.end() + 14]
            if words.NEXT_YEAR.search(around):
                year = now.year + 1
            day = _month_end(year, month)
            before = words.BEFORE_BEFORE.search(match.group()) or _is_before(text, match)
            ends = words.END_INSIDE.search(match.group()) or words.END_AFTER.match(
                text[match.end() : match.end() + 4]
            )
            if before and not ends:
                day = date(year, month, 1) - timedelta(days=1)
            yield Due(day, _opens(text, match))


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _relative(text: str, now: date) -> date | None:
    for unit, names in words.UNITS.items():
        before = rf"(?:{words.WITHIN}) ?({NUMBER}) ?(?:{names})"
        after = rf"({NUMBER}) ?(?:{names}){words.AFTER_NUMBER}"
        burmese = rf"(?:{names}) ?({NUMBER}) ?(?:{names})? ?အတွင်း"
        for pattern in (before, after, burmese):
            match = re.search(pattern, text)
            if match:
                number = value(match.group(1))
                return _later(now, unit, int(number)) if number < 1000 else None
    return None


def _later(now: date, unit: str, number: int, *, last: bool = False) -> date:
    if unit in ("day", "week"):
        return now + timedelta(days=number * (7 if unit == "week" else 1))
    months = now.month - 1 + number * (12 if unit == "year" else 1)
    year, month = now.year + months // 12, months % 12 + 1
    end = calendar.monthrange(year, month)[1]
    return date(year, month, end if last else min(now.day, end))
