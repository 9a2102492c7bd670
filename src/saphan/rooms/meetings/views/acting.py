"""For which party somebody acts: most speak for one, some for several."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from saphan.rooms.meetings.models import Event, Guest, Party
from saphan.rooms.meetings.queries import parties as queries
from saphan.rooms.meetings.queries.events import NotFound
from saphan.rooms.meetings.queries.people import visible_to
from saphan.rooms.meetings.rules.parties import ADMITTED
from saphan.rooms.meetings.views.common import asker, frame


def acting(request: HttpRequest, event: Event) -> Party | None:
    """The admitted party that `as` names, else the first for which she speaks; None if there is
    none."""
    mine = [party for party in queries.of_person(event, asker(request)) if party.state in ADMITTED]
    given = request.POST.get("as") or request.GET.get("as") or ""
    chosen = next((party for party in mine if str(party.position) == given), None)
    if given and chosen is None and mine:
        raise Http404
    me = chosen or next(iter(mine), None)
    if me is not None:  # each form of a page offers her people
        prefetch_related_objects([me], Prefetch("guests", Guest.objects.order_by("position", "pk")))
    return me


def acting_or_404(request: HttpRequest, event: Event) -> Party:
    me = acting(request, event)
    if me is None:
        raise Http404
    return me


def may_look_or_404(request: HttpRequest, event: Event) -> None:
    try:
        visible_to(event, asker(request))
    except NotFound:
        raise Http404 from None


def framed(request: HttpRequest, event: Event, here: str, me: Party | None) -> dict[str, Any]:
    """The frame of the page, with whom she acts for and whom else she could."""
    about = frame(request, event, here)
    mine = [party for party in about["mine"] if party.state in ADMITTED]
    return {**about, "me": me, "as_others": [party for party in mine if me and party.pk != me.pk]}


def back(request: HttpRequest, otherwise: str) -> Any:
    """To the page that the form stood on, if it is one of this house."""
    then = request.POST.get("next", "")
    safe = then.startswith("/") and url_has_allowed_host_and_scheme(
        then, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(then if safe else otherwise)
