"""Dates as people type them beside their numbers, and the regular step between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np

THAI = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.",
        "พ.ย.", "ธ.ค.")
ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
BUDDHIST = 543
"""The Thai, Lao and Khmer year is the common year and 543."""
FIRST_BUDDHIST = 2300
HOUR, DAY, WEEK, MONTH, QUARTER, YEAR = "hour", "day", "week", "month", "quarter", "year"
PERIODS = {HOUR: 24, DAY: 7, WEEK: 52, MONTH: 12, QUARTER: 4, YEAR: 1}

_YMD = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})日?|月)?"
                  r"(?:[T ]+(\d{1,2}):(\d{2})(?::\d{2})?)?")
_DMY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T ]+(\d{1,2}):(\d{2})(?::\d{2})?)?")
_MY = re.compile(r"(?:tháng\s*)?(\d{1,2})[-/.](\d{4})", re.I)
_QUARTER = re.compile(r"(\d{4})[-/ ]*Q([1-4])|Q([1-4])[-/ ]*(\d{4})", re.I)
_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.I)
_NAMED = re.compile(r"(?:(\d{1,2})[- ])?([^\W\d][^\d\s-]*)[- ,]*(\d{4}|\d{2})")


@dataclass(frozen=True)
class When:
    """A date that was read. `thai`: its year was given in the Buddhist era."""

    at: datetime
    thai: bool = False


def read(text: str) -> When | None:
    """The date in a cell, or None. Understands 2024-03, 2024-03-31, 31/3/2567, 3/2024, 2024年3月,
    Mar 2024, ม.ค. 67, 2024 Q2, 2024-W07, 2024, each also with Thai or other decimal digits."""
    text = "".join(str(int(c)) if c.isdecimal() else c for c in text.strip())
    try:
        return _read(text)
    except ValueError:  # month 13, day 40
        return None


def _read(text: str) -> When | None:
    if found := _YMD.fullmatch(text):
        year, month, day, hour, minute = (int(each or 0) for each in found.groups())
        return _when(year, month, day or 1, hour, minute)
    if found := _DMY.fullmatch(text):
        day, month, year, hour, minute = (int(each or 0) for each in found.groups())
        day, month = (month, day) if month > 12 else (day, month)
        return _when(year, month, day, hour, minute)
    if found := _MY.fullmatch(text):
        return _when(int(found[2]), int(found[1]))
    if found := _QUARTER.fullmatch(text):
        return _when(int(found[1] or found[4]), int(found[2] or found[3]) * 3 - 2)
    if found := _WEEK.fullmatch(text):
        first = _when(int(found[1]), 1)
        monday = date.fromisocalendar(first.at.year, int(found[2]), 1)
        return When(datetime(monday.year, monday.month, monday.day), first.thai)
    if re.fullmatch(r"\d{4}", text) and 1000 <= int(text) < 2700:
        return _when(int(text), 1)
    if found := _NAMED.fullmatch(text):
        return _named(found[2], found[3], int(found[1] or 1))
    return None


def _named(name: str, year: str, day: int) -> When | None:
    if name in THAI:
        full = int(year) if len(year) == 4 else 2500 + int(year)
        return _when(full, THAI.index(name) + 1, day)
    if name[:3].casefold() in ENGLISH:
        full = int(year) if len(year) == 4 else 2000 + int(year)
        return _when(full, ENGLISH.index(name[:3].casefold()) + 1, day)
    return None


def _when(year: int, month: int, day: int = 1, hour: int = 0, minute: int = 0) -> When:
    thai = year >= FIRST_BUDDHIST
    return When(datetime(year - BUDDHIST if thai else year, month, day, hour, minute), thai)


@dataclass(frozen=True)
class Step:
    """The step between the dates of a table: its name (hour … year, or "" for none) and the
    calendar they are written in."""

    name: str
    thai: bool = False

    def number(self, at: datetime) -> int:
        """Steps since year 0, so that neighbours differ by 1."""
        if self.name == HOUR:
            return at.toordinal() * 24 + at.hour
        if self.name == DAY:
            return at.toordinal()
        if self.name == WEEK:
            return (at.toordinal() - 1) // 7  # day 1 was a Monday
        months = at.year * 12 + at.month - 1
        return {MONTH: months, QUARTER: months // 3, YEAR: at.year}[self.name]

    def label(self, number: int) -> str:
        """How the step of this number is written, in the calendar of the table."""
        add = BUDDHIST if self.thai else 0
        if self.name == YEAR:
            return str(number + add)
        if self.name == QUARTER:
            return f"{number // 4 + add} Q{number % 4 + 1}"
        if self.name == MONTH:
            return f"{number // 12 + add}-{number % 12 + 1:02d}"
        day = date.fromordinal(number // 24 if self.name == HOUR
                               else number * 7 + 1 if self.name == WEEK else number)
        label = f"{day.year + add}-{day.month:02d}-{day.day:02d}"
        return f"{label} {number % 24:02d}:00" if self.name == HOUR else label


def step_of(whens: Sequence[When]) -> Step | None:
    """The step that most neighbours keep; None where there is no such step."""
    times = sorted(each.at for each in whens)
    gaps = np.array([(b - a) / timedelta(days=1) for a, b in pairwise(times)])
    if not len(gaps):
        return None
    usual = float(np.median(gaps))
    for name, low, high in ((HOUR, 1 / 25, 1 / 23), (DAY, .9, 1.1), (WEEK, 6.5, 7.5),
                            (MONTH, 28, 31), (QUARTER, 89, 93), (YEAR, 364, 367)):
        if low <= usual <= high:
            return Step(name, sum(each.thai for each in whens) * 2 > len(whens))
    return None
