"""Open data: what there is, and how to take it away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from saphan.house.centre import centre
from saphan.rooms.observatory import opendata, queries
from saphan.rooms.observatory.views.common import standing


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Files of every indicator and of all together, the catalogue, the licence."""
    return render(request, "observatory/data.html", standing(request) | {
        "api": opendata.API, "licence": centre().data_licence,
        "indicators": [{"slug": one.slug, "name": one.name.best(),
                        "url": one.get_absolute_url()} for one in queries.visible_to(None)]})
