"""The numbers of the centre, and what each counts."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from saphan.design.charts import Bar
from saphan.house import numbers
from saphan.house.callers import asker
from saphan.people import queries as people

PAGE = 50


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Every number: signed, running and outcome kept apart."""
    return render(request, "web/numbers.html", {
        "rooms": numbers.all_numbers(), "may_open": numbers.may_open(asker(request))})


@require_safe
def number(request: HttpRequest, slug: str) -> HttpResponse:
    """One number: over time, by country or region, and to the staff each record behind it."""
    found = numbers.find(slug)
    if found is None:
        raise Http404
    room, indicator = found
    counted, names = numbers.number(room, indicator), people.economy_names()
    page = None
    if numbers.may_open(asker(request)):
        page = Paginator(numbers.facts(indicator), PAGE).get_page(request.GET.get("page"))
    return render(request, "web/number.html", {
        "room": room, "number": counted,
        "months": [{"month": f"{month:%Y-%m}", "count": count}
                   for month, count in counted.months[-24:]],
        "economies": [Bar(names.get(code, code), count) for code, count in counted.economies],
        "page": page, "facts": [
            {"at": fact.at, "name": fact.name, "seq": fact.seq,
             "number": fact.data.get("listing") or fact.data.get("call") or "",
             "economy": names.get(fact.data.get("economy") or "", ""),
             "url": numbers.address_of(fact)} for fact in page or []]})


urlpatterns = [
    path("numbers/", board, name="numbers"),
    path("numbers/<str:slug>/", number, name="number"),
]
