"""What anybody sees: the list, an indicator, an observation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from saphan.design import charts, formats
from saphan.design.charts import Bar
from saphan.design.timeline import SERIES_AT_MOST
from saphan.ground import clock
from saphan.house import numbers
from saphan.people import queries as people
from saphan.people.models import Person
from saphan.rooms.observatory import queries, rules, shown, units
from saphan.rooms.observatory.comparing import Difference, differences
from saphan.rooms.observatory.forms import BecauseForm
from saphan.rooms.observatory.models import Indicator, Observation
from saphan.rooms.observatory.views.common import (
    asker,
    indicator_or_404,
    observation_or_404,
    standing,
    steps,
)
from saphan.rooms.observatory.vocabulary import Sector

PAGE = 24
ROWS = 50


class Filters(forms.Form):
    sector = forms.ChoiceField(label=_("Sector"), required=False,
                               choices=[("", _("All")), *Sector.choices])


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Every indicator with its newest number."""
    form = Filters(request.GET)
    sector = form.cleaned_data["sector"] if form.is_valid() else ""
    page = Paginator(queries.listed(asker(request), sector=sector), PAGE).get_page(
        request.GET.get("page"))
    chosen = list(page)
    latest = queries.newest([one for one in chosen if not one.counts_facts])
    count = numbers.Count() if any(one.counts_facts for one in chosen) else None
    return render(request, "observatory/home.html", standing(request) | {
        "page": page, "form": form,
        "cards": [card(one, latest.get(one.pk, []), count) for one in chosen]})


def card(of: Indicator, latest: list[Observation], count: numbers.Count | None) -> dict[str, Any]:
    """An indicator and its newest number, with what a reader must know of it."""
    told: dict[str, Any] = {"indicator": of, "name": of.name.best(), "unit": units.label(of.unit)}
    if of.counts_facts:
        counted = queries.counted(of, count=count)
        return told | {"said": formats.number(counted.total) if counted else "", "count": True}
    if not latest:
        return told
    apart = differences(latest)
    row = shown.rows(latest[:1], apart)[0]
    return told | {"row": row, "said": row.said, "more": len(latest) - 1,
                   "differs": bool(apart), "unchecked": not row.observation.checked,
                   "stale": queries.is_stale(of, row.observation.ends)}


@require_safe
def indicator(request: HttpRequest, slug: str) -> HttpResponse:
    """One indicator: chart, table, sources, disagreement, places."""
    of, person = indicator_or_404(request, slug), asker(request)
    told = standing(request) | {
        "indicator": of, "name": of.name.best(), "meaning": of.meaning.best(),
        "unit": units.noun(of.unit), "sector": of.get_sector_display(),
        "steps": steps(person, of)}
    if of.counts_facts:
        return render(request, "observatory/counted.html", told | _counted(of))
    return render(request, "observatory/indicator.html", told | _observed(request, of, person))


def _counted(of: Indicator) -> dict[str, Any]:
    counted = queries.counted(of)
    if counted is None:
        return {}
    names, part = people.economy_names(), numbers.Part()
    sectors, years = dict(Sector.choices), numbers.by_year(counted)
    return {"number": counted, "chart": charts.bars(
        [Bar(formats.day(str(year)), count, f"{_number_url(counted)}{part.query(period=str(year))}")
         for year, count in years], title=str(of.name)),
        "economies": [Bar(names.get(code, code), count,
                          f"{_number_url(counted)}{part.query(economy=code)}")
                      for code, count in counted.economies],
        "sectors": [Bar(str(sectors.get(code, code)), count,
                        f"{_number_url(counted)}{part.query(sector=code)}")
                    for code, count in counted.sectors],
        "number_url": _number_url(counted)}


def _number_url(counted: numbers.Number) -> str:
    return reverse("number", args=[counted.slug])


def _observed(request: HttpRequest, of: Indicator, person: Person | None) -> dict[str, Any]:
    place = request.GET.get("place", "")[:20]
    places = queries.places_of(of)
    found = queries.current(of=of, place=place)
    apart = queries.disagreements(of)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    latest = queries.newest([of]).get(of.pk, [])
    told: dict[str, Any] = {
        "page": page, "rows": shown.rows(page, apart), "place": place,
        "quoted": any(one.quote for one in page),
        "places": [{"code": code, "name": name, "count": count, "here": code == place}
                   for code, name, count in places],
        "chart": shown.picture(of, queries.drawn(of, [place] if place else [
            code for code, _name, _count in places[:SERIES_AT_MOST]]), apart),
        "apart": [shown.told(one) for one in queries.whole(apart[:10])],
        "apart_more": max(0, len(apart) - 10)}
    if latest:
        told["newest"] = shown.rows(latest[:1], apart)[0]
        told["stale"] = queries.is_stale(of, latest[0].ends)
    if rules.edits(person):
        told["past"] = shown.rows(Observation.objects.filter(indicator=of).exclude(
            state=Observation.State.CURRENT).prefetch_related(*queries.RELATED)[:20])
    return told


VERBS = {
    "observation.added": _("Added"), "observation.corrected": _("Corrected"),
    "observation.withdrawn": _("Withdrawn"), "observation.restored": _("Restored"),
    "observation.checked": _("Checked at the source"),
}


@require_safe
def observation(request: HttpRequest, number: str) -> HttpResponse:
    """One number down to the words of its source."""
    one, person = observation_or_404(request, number), asker(request)
    apart = _apart(one)
    editor = rules.edits(person)
    checker = Person.objects.filter(ref=one.checked_by).first() if editor and one.checked_by \
        else None
    return render(request, "observatory/observation.html", standing(request) | {
        "observation": one, "row": shown.rows([one], apart)[0], "indicator": one.indicator,
        "name": one.indicator.name.best(), "unit": units.label(one.unit),
        "exact": shown.exactly(one), "subject": one.subject.best() if one.subject else None,
        "note": one.note.best() if one.note else None,
        "because": one.because.best() if one.because else None,
        "apart": [shown.told(each) for each in apart], "checker": checker,
        "replaced_by": getattr(one, "replaced_by", None),
        "stale": queries.is_stale(one.indicator, one.ends) and _is_newest(one),
        "history": [(fact.at, VERBS.get(fact.name, fact.name), fact.seq)
                    for fact in queries.facts_about(one)],
        "steps": steps(person, one), "because_form": BecauseForm(),
        "may_check": bool(rules.may_check(person, one)) and (
            not one.checked or one.read != clock.today())})


def _apart(one: Observation) -> list[Difference]:
    same = queries.current(of=one.indicator).filter(begins=one.begins, ends=one.ends,
                                                    economy=one.economy, place=one.place)
    return [each for each in differences(same) if one.pk in {same.pk for same in each.observations}]


def _is_newest(one: Observation) -> bool:
    return not queries.current(of=one.indicator).filter(ends__gt=one.ends).exists()
