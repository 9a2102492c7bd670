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
from saphan.house.vocabulary import Sector
from saphan.people import queries as people

PAGE = 50


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Every number: signed, running and outcome kept apart."""
    return render(request, "web/numbers.html", {
        "rooms": numbers.all_numbers(), "may_open": numbers.may_open(asker(request))})


@require_safe
def number(request: HttpRequest, slug: str) -> HttpResponse:
    """One number, or the part of it that the query string says: over time, by country or region and
    by sector, and to the staff each record behind it."""
    found = numbers.find(slug)
    if found is None:
        raise Http404
    room, indicator = found
    part, names = numbers.Part.read(request.GET), people.economy_names()
    sectors = dict(Sector.choices)
    counted, page = numbers.number(room, indicator, part=part), None
    if numbers.may_open(asker(request)):
        page = Paginator(numbers.facts(indicator, part=part), PAGE).get_page(
            request.GET.get("page"))
    return render(request, "web/number.html", {
        "room": room, "number": counted, "part": part,
        "narrowed": [str(word) for word in (
            names.get(part.economy, part.economy), sectors.get(part.sector, part.sector)) if word],
        "months": [{"month": f"{month:%Y-%m}", "count": count,
                    "url": part.query(period=f"{month:%Y-%m}")}
                   for month, count in counted.months[-24:]],
        "economies": [Bar(names.get(code, code), count, part.query(economy=code))
                      for code, count in counted.economies],
        "sectors": [Bar(str(sectors.get(code, code)), count, part.query(sector=code))
                    for code, count in counted.sectors],
        "page": page, "facts": [
            {"at": line.fact.at, "name": line.fact.name, "seq": line.fact.seq,
             "number": line.number, "economy": names.get(line.economy, ""), "url": line.url}
            for line in numbers.lines(page or [])]})


urlpatterns = [
    path("numbers/", board, name="numbers"),
    path("numbers/<str:slug>/", number, name="number"),
]
