"""Periods as ISO 8601 writes them, and what else sources say: years, halves, quarters, months,
days, and from one to another.

    2024   2024-H1   2024-Q1   2024-03   2024-03-05   2023/2024   2024-01-01/2024-03-31
"""

from __future__ import annotations

import calendar
import re
from datetime import date

_PART = re.compile(r"(\d{4})(?:-(?:H([12])|Q([1-4])|(\d\d)(?:-(\d\d))?))?")
EARLIEST = 1800
LATEST = 2200


class BadPeriod(ValueError):
    """The words are not a period."""


def bounds(period: str) -> tuple[date, date]:
    """The first and the last day of a period. Raises BadPeriod."""
    begin, slash, end = period.partition("/")
    first, last = _part(begin)
    if slash:
        last = _part(end)[1]
    if last < first:
        raise BadPeriod(period)
    return first, last


def _part(text: str) -> tuple[date, date]:
    found = _PART.fullmatch(text)
    if not found or not EARLIEST <= int(found[1]) <= LATEST:
        raise BadPeriod(text)
    year, half, quarter, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        if day:
            return date(year, month, day), date(year, month, day)
        first, last = ((1, 6) if half == 1 else (7, 12) if half else
                       (3 * quarter - 2, 3 * quarter) if quarter else
                       (month, month) if found[4] else (1, 12))
        return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])
    except (ValueError, calendar.IllegalMonthError) as error:
        raise BadPeriod(text) from error


def months_between(day: date, later: date) -> int:
    """Whole months from one day to a later one; negative the other way round."""
    return (later.year - day.year) * 12 + later.month - day.month - (later.day < day.day)
