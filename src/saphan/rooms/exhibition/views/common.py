"""What the exhibition's pages share."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import Http404, HttpRequest

from saphan.house.callers import asker
from saphan.house.pages import to_sign_in
from saphan.rooms.exhibition import queries
from saphan.rooms.exhibition.models import Exhibit

VISITOR_COOKIE = "saphan_visitor"
PICTURES = (".jpg", ".jpeg", ".png", ".webp")


def exhibit_or_404(slug: str) -> Exhibit:
    try:
        return queries.exhibit(slug)
    except queries.NotFound:
        raise Http404 from None


def visitor_of(request: HttpRequest) -> str:
    """An opaque key for fair turns, for this visit alone: it says nothing about who it is."""
    return request.COOKIES.get(VISITOR_COOKIE, "")[:40] or secrets.token_urlsafe(12)


def remember(response: Any, visitor: str) -> Any:
    response.set_cookie(VISITOR_COOKIE, visitor, httponly=True, samesite="Lax")
    return response


__all__ = ["PICTURES", "asker", "exhibit_or_404", "remember", "to_sign_in", "visitor_of"]
