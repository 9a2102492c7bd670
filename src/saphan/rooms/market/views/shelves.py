"""Shelves: the front of the market, its lists, and the lists as files."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from saphan.rooms.market import concepts, exchange, queries, rules
from saphan.rooms.market.forms import FilterForm
from saphan.rooms.market.views.common import asker

PAGE = 20
TITLES = {"offers": _("Offers"), "needs": _("Needs"), "results": _("Research results")}
PURPOSES = {
    "offers": _("What companies and institutes have, looking for partners."),
    "needs": _("What people look for. Can you help?"),
    "results": _("Results of research that wait to be used: theses, models, patents."),
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Three shelves, what is new, how to post."""
    counts = queries.counts()
    person = asker(request)
    return render(request, "market/home.html", {
        "shelves": [{"name": name, "title": TITLES[name], "purpose": PURPOSES[name],
                     "count": counts[name], "url_name": f"market:{name}"} for name in TITLES],
        "new": [queries.plate_of(record) for record in queries.newest()],
        "waiting": queries.waiting_for_the_desk().count() if rules.works_the_desk(person) else None,
        "works_the_desk": rules.works_the_desk(person)})


@require_safe
def shelf(request: HttpRequest, name: str) -> HttpResponse:
    """One shelf, newest first, narrowed by the filters in the address."""
    filters = queries.Filters.read(request.GET)
    form = FilterForm(queries.facets(name, filters), filters)
    page = Paginator(queries.shelf(name, filters), PAGE).get_page(request.GET.get("page"))
    return render(request, "market/shelf.html", {
        "name": name, "title": TITLES[name], "purpose": PURPOSES[name], "form": form,
        "chips": form.chips(), "page": page,
        "plates": [queries.plate_of(record) for record in page],
        "concepts": [{"label": concepts.label(concept), "count": number, "id": concept}
                     for concept, number in queries.concept_facet(name, filters)],
        "works_the_desk": rules.works_the_desk(asker(request))})




@require_safe
def export(request: HttpRequest, format: str) -> HttpResponse:
    """Records as a file: a shelf with its filters, one record, or all that is public."""
    filters = queries.Filters.read(request.GET)
    shelf = request.GET.get("shelf", "")
    found = queries.shelf(shelf, filters) if shelf in queries.SHELVES else filters.apply(
        queries.public())
    if number := request.GET.get("number"):
        found = found.filter(number=number.upper()[:20])
    rows = exchange.WRITERS[format](queries.in_order_of_accession(found).iterator(chunk_size=200))
    name = "-".join(["market", *([shelf] if shelf in queries.SHELVES else [])])
    return HttpResponse(
        "".join(rows), content_type=f"{exchange.MEDIA_TYPES[format]}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.{format}"'})
