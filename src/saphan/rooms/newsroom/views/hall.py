"""The way in: what is new, and where to go on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from saphan.rooms.newsroom.queries import hall
from saphan.rooms.newsroom.views.common import asker, standing


def home(request: HttpRequest) -> HttpResponse:
    """The newest briefs, stories and topics; for officers also what waits for them."""
    return render(request, "newsroom/home.html", {
        **standing(request), "hall": hall.hall(asker(request))})
