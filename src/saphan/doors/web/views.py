"""The floor plan, the centre with its figures, an organisation, help."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from saphan.design.charts import Bar
from saphan.doors.web import ask
from saphan.house.centre import centre
from saphan.house.indexing import records_of
from saphan.people import queries as people
from saphan.people.models import Organisation, Person

HOME_FIGURES = 4


@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """The floor plan: every room with its number and one live fact."""
    checked = [figure for figure in centre().figures if figure.verified]
    return render(request, "web/plan.html", {"figures": checked[:HOME_FIGURES]})


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """The centre, and each published figure with its quote and source."""
    here = centre()
    by_subject = {
        "centre": [figure for figure in here.figures if figure.subject == "centre"],
        "around": [figure for figure in here.figures if figure.subject != "centre"]}
    charts = [{"title": comparison.title.best().text,
               "rows": [Bar(figure.name.text, figure.value, f"#{figure.id}")
                        for figure in comparison.figures]}
              for comparison in here.comparisons]
    return render(request, "web/centre.html", {"by_subject": by_subject, "charts": charts})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "web/help.html", {"examples": ask.examples()[:3]})


@require_safe
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """What is public of an organisation. People who act for themselves have no page."""
    try:
        found = (Organisation.objects.exclude(kind=Organisation.Kind.INDIVIDUAL)
                 .select_related("economy", "operated_by").prefetch_related("aliases").get(pk=pk))
    except OverflowError:
        raise Http404 from None
    except Organisation.DoesNotExist:
        if kept := people.merged_into(pk):
            return redirect("organisation", kept.pk, permanent=True)
        raise Http404 from None
    asker = request.user if isinstance(request.user, Person) else None
    records = Paginator(records_of(found, asker=asker), 20).get_page(request.GET.get("page"))
    return render(request, "web/organisation.html", {
        "organisation": found, "page": records, "name": found.reading(),
        "economy": found.economy.name.best(),
        "operator": found.operated_by.reading() if found.operated_by else None})
