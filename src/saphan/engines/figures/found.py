"""What is read: a figure with its meaning and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

VERSION: Final = "figures-2"
"""Of the parser; kept with every figure, so that a later one can read the same text again."""


@dataclass(frozen=True, slots=True)
class Found:
    """One figure of a text. Places are characters of the text that was given.

    `value`: signed, in single units (2.5 million is 2500000); a fall is negative. `high`: the upper
    end of a range. `unit`: %, pp (percentage points), x (times), an ISO 4217 currency, a measure
    such as m2 or km, a counted thing such as firm or project, or item; `/year` and the like follow
    for a rate. `kind`: amount, money, share, change, points or ratio. `relation`: =, ~, >, >=, <,
    <= or range. `scale`: the power of ten that the words said, so "1.2 million" has 1000000.
    `period`: 2024, 2024-Q1, 2024-H1, 2024-03, 2024-03-05, 2023/2024, 2024-01/2024-09 or ''.
    `as_of`: the day of counting where the text says one. `compared_with`: a period, or -P1Y where
    the text only says "a year earlier". `place`: as written; `place_code`: ISO 3166 or UN/LOCODE.
    """

    value: Decimal
    high: Decimal | None
    unit: str
    kind: str
    relation: str
    scale: int
    decimals: int
    subject: str
    place: str
    place_code: str
    period: str
    as_of: date | None
    compared_with: str
    start: int
    end: int
    quote_start: int
    quote_end: int
    version: str = VERSION
