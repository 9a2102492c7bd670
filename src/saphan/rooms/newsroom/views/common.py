"""What the newsroom's pages share."""

from __future__ import annotations

from django.http import HttpRequest

from saphan.house.callers import asker
from saphan.house.pages import to_sign_in
from saphan.rooms.newsroom.rules import desk


def standing(request: HttpRequest) -> dict[str, bool]:
    """What the room's menu must know of whoever looks."""
    return {"at_the_desk": desk.works_here(asker(request)),
            "runs_the_newsroom": desk.runs_it(asker(request))}


__all__ = ["asker", "standing", "to_sign_in"]
