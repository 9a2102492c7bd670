"""From a pasted log to values at even times."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from saphan.engines.runner.media import Sheet
from saphan.engines.runner.refusal import Refusal

Floats = npt.NDArray[np.float64]
FIRST_BUDDHIST, BUDDHIST = 2300, 543
LEAST_DAYS = 3
MOST_VALUES = 20_000
_TIME = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})[T ]+(\d{1,2})[:.](\d{2})(?::(\d{2}))?"
                   r"(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?")


@dataclass(frozen=True)
class Log:
    """Values every `minutes` from `start`; nan where none was logged."""

    start: datetime
    minutes: int
    values: Floats

    @property
    def per_day(self) -> int:
        return round(24 * 60 / self.minutes)

    @property
    def first_slot(self) -> int:
        """Which slot of its day the first value has."""
        return (self.start.hour * 60 + self.start.minute) // self.minutes

    def at(self, number: int) -> datetime:
        return self.start + timedelta(minutes=self.minutes * number)

    def label(self, number: int) -> str:
        return self.at(number).strftime("%Y-%m-%d %H:%M")


def read_time(text: str) -> datetime | None:
    """2026-03-01 13:45, 1/3/2026 13:45, also with Buddhist years and other decimal digits."""
    found = _TIME.fullmatch("".join(str(int(c)) if c.isdecimal() else c for c in text.strip()))
    if not found:
        return None
    first, month, last, hour, minute = (int(each) for each in found.groups()[:5])
    year, day = (first, last) if first > 31 else (last, first)
    if month > 12:
        month, day = day, month
    try:
        return datetime(year - BUDDHIST if year >= FIRST_BUDDHIST else year, month, day, hour,
                        minute)
    except ValueError:
        return None


def read_log(sheet: Sheet, least_days: float = LEAST_DAYS) -> Log:
    """The log in a table: its first column with times and its first with numbers. Refusals
    `no_time_column`, `no_number_column`, `too_few_days`, `uneven_times`."""
    times: list[datetime | None] = []
    time_name = ""
    for name in sheet.columns:
        times = [read_time(cell) for cell in sheet.column(name)]
        if sum(each is not None for each in times) >= 0.8 * len(times):
            time_name = name
            break
    if not time_name:
        raise Refusal("no_time_column")
    numbers = {name: values for name, values in sheet.numbers().items() if name != time_name}
    if not numbers:
        raise Refusal("no_number_column")
    values = next(iter(numbers.values()))
    pairs = sorted((time, value) for time, value in zip(times, values, strict=True)
                   if time is not None and value is not None)
    return _even(pairs, least_days)


def _even(pairs: list[tuple[datetime, float]], least_days: float) -> Log:
    start, end = pairs[0][0], pairs[-1][0]
    gaps = np.diff([(time - start).total_seconds() / 60 for time, _ in pairs])
    gaps = gaps[gaps > 0]
    if end - start < timedelta(days=least_days) or not len(gaps):
        raise Refusal("too_few_days", least=least_days)
    minutes = max(1, round(float(np.median(gaps))))
    if minutes > 180:
        raise Refusal("uneven_times")
    while 1440 % minutes:  # 7 minutes have no place in a day: the next smaller that has
        minutes -= 1
    start -= timedelta(minutes=(start.hour * 60 + start.minute) % minutes)
    size = int((end - start).total_seconds() // 60 // minutes) + 1
    if size > MOST_VALUES:
        raise Refusal("too_many_rows", most=MOST_VALUES)
    even = np.full(size, np.nan)
    for time, value in pairs:
        even[int((time - start).total_seconds() // 60 // minutes)] = value
    if np.isfinite(even).sum() < size / 2:
        raise Refusal("uneven_times")
    return Log(start, minutes, even)
