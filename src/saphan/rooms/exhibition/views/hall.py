"""The hall: its floor plan, routes, one's own visit, and what everything cost."""

from __future__ import annotations

import csv
import io

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from saphan.rooms.exhibition import labels, plan, queries, rules
from saphan.rooms.exhibition.catalogue import catalogue, folder
from saphan.rooms.exhibition.models import Exhibit
from saphan.rooms.exhibition.views.common import PICTURES, asker


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The floor plan of the hall with its zones."""
    exhibits = list(queries.shown())
    person = asker(request)
    return render(request, "exhibition/home.html", {
        "zones": plan.zones(exhibits), "routes": plan.routes(exhibits),
        "attract": [(each, picture) for each in exhibits if (picture := face(each))],
        "may_guide": rules.may_guide(person),
        "gone": queries.everything().filter(state=Exhibit.State.WITHDRAWN)
        if rules.looks_after(person) else (),
        "problems": catalogue().problems if rules.looks_after(person) else ()})


def face(exhibit: Exhibit) -> str:
    """A picture that stands for the exhibit: of its recorded run, else of an example."""
    found = folder(exhibit.slug)
    if found is None:
        return ""
    for place in ("recorded", "examples"):
        for path in sorted((found.path / place).glob("*")):
            if path.suffix.lower() in PICTURES:
                return f"{place}/{path.name}"
    return ""


@require_safe
def route(request: HttpRequest, key: str) -> HttpResponse:
    """One way through the hall, stop by stop."""
    exhibits = list(queries.shown())
    found = plan.route(exhibits, key)
    if found is None:
        raise Http404
    return render(request, "exhibition/route.html", {
        "route": found, "others": [each for each in plan.routes(exhibits) if each.key != key],
        "may_guide": rules.may_guide(asker(request))})


@require_safe
def visit(request: HttpRequest) -> HttpResponse:
    """What the visitor saw: kept in her browser alone; the server sends only the list of all."""
    return render(request, "exhibition/visit.html", {
        "exhibits": [{"slug": each.slug, "title": each.title.best().text, "number": each.number,
                      "url": each.get_absolute_url()} for each in queries.shown()]})


@require_safe
def energy_page(request: HttpRequest) -> HttpResponse:
    """What the exhibits' runs cost, with the table as open data."""
    found = queries.totals()
    names = {each.slug: each for each in queries.shown()}
    rows = [(names[each.slug], each, labels.total(each)) for each in found if each.slug in names]
    return render(request, "exhibition/energy.html", {
        "rows": sorted(rows, key=lambda row: -row[1].runs),
        "runs": sum(each.runs for each in found)})


@require_safe
def energy_csv(request: HttpRequest) -> HttpResponse:
    """Totals for each exhibit as CSV: plain numbers, joules and grams."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["exhibit", "number", "runs", "answered", "by_house", "cpu_s", "wall_s",
                     "peak_mb", "energy_unknown", "joules_low", "joules", "joules_high",
                     "grams_co2e_low", "grams_co2e", "grams_co2e_high"])
    for each in queries.totals():
        writer.writerow([each.slug, each.number, each.runs, each.answered, each.by_house,
                         *(f"{value:.4g}" for value in (each.cpu_s, each.wall_s, each.peak_mb)),
                         each.unknown, *_plain(each.joules), *_plain(each.grams)])
    return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8", headers={
        "Content-Disposition": 'attachment; filename="exhibits-energy.csv"'})


def _plain(values: tuple[float, float, float] | None) -> list[str]:
    return [f"{value:.4g}" for value in values] if values else ["", "", ""]


