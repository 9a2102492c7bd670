"""What two figures have to do with each other: the same, a contradiction, an update, nothing."""

from __future__ import annotations

import math
import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol

from saphan.engines.figures import periods
from saphan.engines.figures.wording import alike

_ABOUT: Final = 0.1
"""How far a value may be off where the text says about."""
_LIFE: Final = {"year": 550, "half": 300, "quarter": 220, "month": 150, "day": 400, "span": 800}
"""Days after the end of a period until a figure of it is stale: when the next one is overdue."""


class Stated(Protocol):
    """What is compared: a `Found`, or a kept figure with the same fields."""

    @property
    def value(self) -> Decimal: ...
    @property
    def high(self) -> Decimal | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def relation(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def place_code(self) -> str: ...
    @property
    def period(self) -> str: ...


class Tie(StrEnum):
    """How the second figure stands to the first."""

    SAME = "same"
    CONTRADICTS = "contradicts"
    UPDATES = "updates"
    UNRELATED = "unrelated"


def compare(first: Stated, second: Stated, *, subjects_agree: bool | None = None) -> Tie:
    """How `second` stands to `first`.

    `subjects_agree`: whether both count the same, where somebody knows it (texts of two languages);
    by default their words decide.
    """
    agree = alike(first.subject, second.subject) if subjects_agree is None else subjects_agree
    if not agree or (first.unit, first.kind, first.place_code) != (
            second.unit, second.kind, second.place_code):  # fmt: skip
        return Tie.UNRELATED
    if first.period == second.period:
        if _overlap(first, second):
            return Tie.SAME
        return Tie.CONTRADICTS if first.period else Tie.UNRELATED
    if _length(first.period) != _length(second.period) or not first.period or not second.period:
        return Tie.UNRELATED
    ours, theirs = list(periods.ends(first.period)), list(periods.ends(second.period))
    later = bool(ours and theirs and theirs[0] > ours[1])
    return Tie.UPDATES if later else Tie.UNRELATED


def is_stale(period: str, day: date, today: date) -> bool:
    """Whether a figure is so old that the next one is overdue. `day`: of its source, where the
    text names no period."""
    found = list(periods.ends(period))
    last = found[1] if found else day
    return (today - last).days > _LIFE[_length(period) or "day"]


def _length(period: str) -> str:
    if not period:
        return ""
    if "/" in period:
        return "span"
    for name, shape in (("year", r"\d{4}"), ("quarter", r"\d{4}-Q\d"), ("half", r"\d{4}-H\d"),
                        ("month", r"\d{4}-\d\d")):  # fmt: skip
        if re.fullmatch(shape, period):
            return name
    return "day"


def _overlap(first: Stated, second: Stated) -> bool:
    low, high = _bounds(first)
    other_low, other_high = _bounds(second)
    return low <= other_high and other_low <= high


def _bounds(one: Stated) -> tuple[float, float]:
    """The values that a figure allows: half of its last digit, or what its relation says."""
    value = float(one.value)
    high = float(one.high) if one.high is not None else value
    half = _last_digit(one.value) / 2
    low, high = value - half, high + half
    if one.relation in (">", ">="):
        high = math.inf
    elif one.relation in ("<", "<="):
        low = -math.inf
    elif one.relation == "~":
        low, high = low - abs(value) * _ABOUT, high + abs(value) * _ABOUT
    return low, high


def _last_digit(value: Decimal) -> float:
    """The size of the last digit that is said: 1.25 gives 0.01, 24500000 gives 100000."""
    _, digits, exponent = value.normalize().as_tuple()
    zeros = int(exponent)
    if zeros > 0 and len(digits) < 2:
        zeros -= 1  # "2 million" is no rounding to the million
    return 10.0**zeros
