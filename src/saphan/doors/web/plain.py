"""The pages that have no language: the front door, robots, health."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from saphan.design.templatetags.design import asset
from saphan.doors.web import language


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """To the floor plan, in her language."""
    response = HttpResponseRedirect(f"/{language.preferred(request)}/")
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


@require_safe
def in_her_language(request: HttpRequest, rest: str = "") -> HttpResponse:
    """To the page of this address in her language."""
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponseRedirect(
        f"/{language.preferred(request)}{request.path}" + (f"?{query}" if query else ""))
    response.status_code = 303  # what stands there describes the thing, it is not the thing itself
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


@require_safe
@cache_control(max_age=86_400, public=True)
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be read, but asking costs a computation."""
    lines = ["User-agent: *", *[f"Disallow: /{code}/ask" for code, _name in settings.LANGUAGES],
             "Disallow: /*/account/", "Disallow: /*/kiosk/", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(max_age=86_400, public=True)
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(asset("saphan/icon.svg"))


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """For a monitor: 200 when the house can answer, 503 when its database does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "database away"}, status=503)
    return JsonResponse({"status": "ok"})
