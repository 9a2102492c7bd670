"""Tie a figure to its characters: the selectors of the W3C Web Annotation Data Model.

A text-position selector finds the place at once; a text-quote selector with what stands before and
after finds it again when the text has shifted a little.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

_CONTEXT: Final = 32
"""Characters kept on each side of a quote."""
_ENOUGH: Final = 8
"""Characters of context that must still agree where the place itself has moved."""
_LONG: Final = 24
"""A quote of this length needs no context, if it stands in the text only once."""


def both(text: str, start: int, end: int) -> list[dict[str, Any]]:
    """The text-quote and the text-position selector for a stretch of a text."""
    return [
        {"type": "TextQuoteSelector", "exact": text[start:end],
         "prefix": text[max(0, start - _CONTEXT) : start], "suffix": text[end : end + _CONTEXT]},
        {"type": "TextPositionSelector", "start": start, "end": end},
    ]  # fmt: skip


def find(text: str, selectors: Iterable[Mapping[str, Any]]) -> tuple[int, int] | None:
    """Where the stretch stands in this text, perhaps a later version; None if it is gone.

    Unknown kinds of selectors are left aside.
    """
    quote = position = None
    for one in selectors:
        if one.get("type") == "TextQuoteSelector":
            quote = one
        elif one.get("type") == "TextPositionSelector":
            position = one
    if quote is None or not quote.get("exact"):
        return None
    exact = str(quote["exact"])
    prefix, suffix = str(quote.get("prefix", "")), str(quote.get("suffix", ""))
    expected = int(position["start"]) if position else 0
    found = _places(text, exact)
    ranked = sorted(
        found, key=lambda start: (-_context(text, start, start + len(exact), prefix, suffix),
                                  abs(start - expected)))  # fmt: skip
    if not ranked:
        return None
    start = ranked[0]
    agreed = _context(text, start, start + len(exact), prefix, suffix)
    wanted = min(_ENOUGH, len(prefix) + len(suffix))
    if agreed < wanted and not (len(found) == 1 and len(exact) >= _LONG):
        return None
    return start, start + len(exact)


def _places(text: str, exact: str) -> list[int]:
    places, place = [], text.find(exact)
    while place >= 0:
        places.append(place)
        place = text.find(exact, place + 1)
    return places


def _context(text: str, start: int, end: int, prefix: str, suffix: str) -> int:
    """How many characters next to a stretch are as they were."""
    before = 0
    while before < len(prefix) and start - before > 0 and (
            text[start - before - 1] == prefix[-1 - before]):  # fmt: skip
        before += 1
    after = 0
    while after < len(suffix) and end + after < len(text) and text[end + after] == suffix[after]:
        after += 1
    return before + after
