"""The house on a screen that many people touch: large targets, no keyboard needed, and back to the
beginning when somebody walks away.

Opening the kiosk marks the browser with a cookie, so that the rooms, too, are shown in the kiosk's
shell until it is left.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_safe

from saphan.doors.web import ask as web_ask
from saphan.doors.web.context import KIOSK_COOKIE

YEAR = 365 * 24 * 3600

def _marked(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if not request.COOKIES.get(KIOSK_COOKIE):
        response.set_cookie(KIOSK_COOKIE, "1", samesite="Lax", httponly=True)
    return response


@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """The floor plan, with questions to touch and, when nobody is there, the attract loop.

    `?at=/th/exhibition/at/door/` makes this screen stand at that page: it begins anew there."""
    if (home := request.GET.get("at")) is not None:
        return _standing_at(home)
    request.kiosk = True  # type: ignore[attr-defined]
    return _marked(request, render(request, "kiosk/plan.html", {"examples": web_ask.examples()}))


def _standing_at(home: str) -> HttpResponse:
    try:
        resolve(urlsplit(home).path)
    except Resolver404:
        raise Http404 from None
    if urlsplit(home).netloc or not home.startswith("/"):
        raise Http404
    response = redirect(home)
    response.set_cookie(KIOSK_COOKIE, home, samesite="Lax", httponly=True, max_age=YEAR)
    return response


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    request.kiosk = True  # type: ignore[attr-defined]
    return _marked(request, web_ask.page(request, template="kiosk/ask.html"))


@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """For the staff: back to the ordinary site."""
    response = redirect("plan")
    response.delete_cookie(KIOSK_COOKIE)
    return response
