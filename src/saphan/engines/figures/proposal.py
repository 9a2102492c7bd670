"""Check a claim about a text, from anybody: it stands only if the parser reads the same there.

The quote must be in the text letter for letter, and in it one figure must have the claimed value,
unit, relation, period, place and subject. What the claim leaves empty is not claimed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from saphan.engines.figures.finder import find
from saphan.engines.figures.found import Found
from saphan.engines.figures.wording import alike, share

_SHORTEST: Final = 6
"""Characters of a quote; a shorter one could stand anywhere."""
REASONS: Final = (
    "quote_short", "quote_missing", "no_figure", "value", "unit", "relation", "period", "place",
    "subject", "neighbour",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says that a text states. `place`: a name or a code. `relation` '' and
    `subject`, `period`, `place` '' claim nothing."""

    quote: str
    value: Decimal
    unit: str
    high: Decimal | None = None
    relation: str = ""
    subject: str = ""
    period: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """`accepted` is the figure as the parser reads it; else `reasons` says why not."""

    accepted: Found | None
    reasons: tuple[str, ...] = ()
    read: tuple[Found, ...] = ()
    """The figures that the quote does state."""

    def __bool__(self) -> bool:
        return self.accepted is not None


def check(
    claim: Claim, text: str, lang: str, published: date | None = None, title: str = "",
    figures: Sequence[Found] | None = None,
) -> Checked:  # fmt: skip
    """Whether the text proves a claim. `figures`: what `find` gave for the text, if at hand."""
    if len(claim.quote.strip()) < _SHORTEST:
        return Checked(None, ("quote_short",))
    spans = quoted(claim.quote, text)
    if not spans:
        return Checked(None, ("quote_missing",))
    every = find(text, lang, published, title) if figures is None else figures
    inside = [one for one in every if any(a <= one.start and one.end <= b for a, b in spans)]
    if not inside:
        return Checked(None, ("no_figure",))
    tried = [(_objections(claim, one, inside), one) for one in inside]
    reasons, best = min(tried, key=lambda pair: (_weight(pair[0]), len(pair[0])))
    if reasons:
        return Checked(None, reasons, tuple(inside))
    return Checked(best, (), tuple(inside))


def quoted(quote: str, text: str) -> list[tuple[int, int]]:
    """Where a quote stands in a text, letter for letter but for the kind of white space."""
    parts = [re.escape(part) for part in quote.split()]
    return [match.span() for match in re.finditer(r"\s+".join(parts), text)] if parts else []


def _weight(reasons: tuple[str, ...]) -> int:
    """A figure with the claimed value and unit is the one that is meant."""
    return sum({"value": 8, "unit": 4}.get(reason, 1) for reason in reasons)


def _objections(claim: Claim, one: Found, inside: Sequence[Found]) -> tuple[str, ...]:
    reasons = []
    if claim.value != one.value or claim.high != one.high:
        reasons.append("value")
    if claim.unit != one.unit:
        reasons.append("unit")
    if claim.relation and claim.relation != one.relation:
        reasons.append("relation")
    if claim.period and claim.period != one.period:
        reasons.append("period")
    if claim.place and claim.place.casefold() not in (
            one.place_code.casefold(), one.place.casefold()):  # fmt: skip
        reasons.append("place")
    if claim.subject:
        reasons += _subject(claim.subject, one, inside)
    return tuple(reasons)


def _subject(subject: str, one: Found, inside: Sequence[Found]) -> list[str]:
    if not alike(subject, one.subject):
        return ["subject"]
    fit = share(subject, one.subject) + share(one.subject, subject)
    for other in inside:
        if other.subject != one.subject and (
                share(subject, other.subject) + share(other.subject, subject) > fit):  # fmt: skip
            return ["neighbour"]
    return []
