"""Guided tours: a guide opens an exhibit, and every screen of the group follows."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from saphan.design import qr
from saphan.ground.access import Refused
from saphan.rooms.exhibition import actions, plan, queries, rules
from saphan.rooms.exhibition.models import Exhibit, Tour
from saphan.rooms.exhibition.views.common import asker, exhibit_or_404, to_sign_in

FOLLOW_COOKIE = "saphan_tour"


def tour_or_404(code: str) -> Tour:
    try:
        return queries.tour(code)
    except queries.NotFound:
        raise Http404 from None


def steering(request: HttpRequest, exhibit: Exhibit) -> list[Tour]:
    """The tours that this reader may bring to this exhibit."""
    person = asker(request)
    if person is None or not rules.may_guide(person):
        return []
    return list(queries.tours_of(person))


@require_safe
def join(request: HttpRequest) -> HttpResponse:
    """Where a group types the code that its guide shows."""
    if code := request.GET.get("code", "").strip():
        try:
            return redirect("exhibition:follow", queries.tour(code).code)
        except queries.NotFound:
            messages.error(request, _("There is no tour with this code. Ask your guide."))
    return render(request, "exhibition/join.html", {"code": code[:10]})


@require_safe
@never_cache
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """The screen of a group: shows where the guide is, and goes along."""
    tour = tour_or_404(code)
    response = render(request, "exhibition/follow.html", {
        "tour": tour, "at": tour.exhibit, "open": tour.state == Tour.State.OPEN})
    if tour.state == Tour.State.OPEN:
        response.set_cookie(FOLLOW_COOKIE, tour.code, max_age=4 * 3600, samesite="Lax")
    else:
        response.delete_cookie(FOLLOW_COOKIE)
    return response


@require_safe
@never_cache
def now(request: HttpRequest, code: str) -> JsonResponse:
    """For the screens that follow: how often the guide has moved, and where to."""
    tour = tour_or_404(code)
    address = reverse("exhibition:exhibit", args=[tour.exhibit.slug]) if tour.exhibit else ""
    return JsonResponse({"moves": tour.moves, "open": tour.state == Tour.State.OPEN,
                         "url": address})


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Go one's own way again."""
    response = redirect("exhibition:home")
    response.delete_cookie(FOLLOW_COOKIE)
    return response


@require_safe
def tours(request: HttpRequest) -> HttpResponse:
    """The guide's tours, and the routes that a new one may take."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.path)
    rules.may_guide(person).or_raise()
    return render(request, "exhibition/tours.html", {
        "tours": queries.tours_of(person), "routes": plan.routes(list(queries.shown()))})


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    person = asker(request)
    if person is None:
        return to_sign_in(reverse("exhibition:tours"))
    exhibits = list(queries.shown())
    route = plan.route(exhibits, request.POST.get("route", ""))
    stops = route.stops if route else [each for zone in plan.zones(exhibits)
                                       for each in zone.exhibits]
    tour = actions.open_tour(by=person, route=route.key if route else "",
                             stops=[each.slug for each in stops])
    return redirect("exhibition:guide", tour.code)


@require_safe
@never_cache
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """The guide's own screen: the code to show, the stops, where the group is."""
    person, tour = asker(request), tour_or_404(code)
    if person is None:
        return to_sign_in(request.path)
    if tour.state == Tour.State.OPEN:
        rules.may_steer(person, tour).or_raise()
    else:
        rules.may_guide(person).or_raise()
    by_slug = {each.slug: each for each in queries.shown()}
    stops = [by_slug[slug] for slug in tour.stops if slug in by_slug]
    here = tour.exhibit.slug if tour.exhibit else ""
    at = next((at for at, each in enumerate(stops) if each.slug == here), -1)
    address = settings.BASE_URL + reverse("exhibition:follow", args=[tour.code])
    return render(request, "exhibition/guide.html", {
        "tour": tour, "stops": stops, "address": address, "picture": qr.svg(address),
        "next": stops[at + 1] if at + 1 < len(stops) else None, "here": tour.exhibit,
        "open": tour.state == Tour.State.OPEN})


@require_POST
def steer(request: HttpRequest, code: str) -> HttpResponse:
    """Bring the group to an exhibit, or end the tour."""
    person, tour = asker(request), tour_or_404(code)
    if person is None:
        return to_sign_in(reverse("exhibition:guide", args=[code]))
    try:
        if request.POST.get("end"):
            actions.end_tour(tour, by=person)
        else:
            actions.steer(tour, exhibit_or_404(request.POST.get("to", "")), by=person)
    except Refused as refusal:
        messages.error(request, str(refusal))
    if request.POST.get("from") == "exhibit" and tour.exhibit:
        messages.success(request, _("The screens of your group show this exhibit now."))
        return redirect(tour.exhibit.get_absolute_url())
    return redirect("exhibition:guide", tour.code)
