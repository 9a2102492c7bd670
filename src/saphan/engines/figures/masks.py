"""What has digits and is no figure: ordinals, versions, phone numbers, clock times, names."""

from __future__ import annotations

import re
from functools import cache

from saphan.engines.figures import tables

Span = tuple[int, int]


@cache
def _pattern(lang: str) -> re.Pattern[str]:
    own = tables.table("masks", lang).get("patterns", [])
    both = [*tables.whole("masks")["all"]["patterns"], *own]
    return re.compile("|".join(
        f"(?:{one})" if lang not in tables.SPACED or not re.match(r"\(\?:[a-z]", one)
        else f"(?:{tables.WHOLE_START}{one})" for one in both))  # fmt: skip


def find(plain: str, lang: str) -> list[Span]:
    """The spans of a folded paragraph that are no figures, in order."""
    return [match.span() for match in _pattern(lang).finditer(plain)]


def overlaps(start: int, end: int, spans: list[Span]) -> bool:
    """Whether a stretch touches any of the spans."""
    return any(start < other_end and other_start < end for other_start, other_end in spans)
