"""What the newsroom's pages share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import ngettext

from saphan.house.callers import asker
from saphan.house.pages import to_sign_in
from saphan.rooms.newsroom import stating
from saphan.rooms.newsroom.queries.stories import Stated
from saphan.rooms.newsroom.rules import desk

FIRST = 8
"""Values that stand in the table; the others are folded away."""


def standing(request: HttpRequest) -> dict[str, bool]:
    """What the room's menu must know of whoever looks."""
    return {"at_the_desk": desk.works_here(asker(request)),
            "runs_the_newsroom": desk.runs_it(asker(request))}


def stated(found: Sequence[Stated]) -> dict[str, Any]:
    """Values as `newsroom/stated.html` shows them: each in the reader's words, the most told first,
    the others behind a line."""
    shown = [(stating.said(each.figure), each) for each in found]
    first, rest = shown[:FIRST], shown[FIRST:]
    return {"first": first, "rest": rest, "more": ngettext(
        "And %(number)d more.", "And %(number)d more.", len(rest)) % {"number": len(rest)}} \
        if found else {}


__all__ = ["asker", "standing", "stated", "to_sign_in"]
