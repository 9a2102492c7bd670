"""No more letters of one search, in one click and without signing in (RFC 8058)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from saphan.doors.web.account_pages import read_or_send
from saphan.house.watching import actions
from saphan.house.watching.models import Watch


@csrf_exempt  # a mail program presses the button for its reader: it has no cookie and needs none
@read_or_send
@never_cache
def stop(request: HttpRequest, key: str) -> HttpResponse:
    """Looking shows a button, so that a program which only follows links stops nothing; pressing
    it, or the reader's mail program, stops. Whoever has the letter has the key."""
    if request.method == "POST":
        watch = actions.stop(key)
    else:
        watch = Watch.objects.filter(stop_key=key).first()
    return render(request, "watches/stop.html", {
        "watch": watch, "done": watch is None or not watch.is_on})


urlpatterns = [path("searches/stop/<str:key>/", stop, name="watch_stop")]
