"""The director's board: signed, running and outcome, kept apart."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from saphan.design import charts
from saphan.ground import clock
from saphan.house import numbers
from saphan.house.room import STAGES
from saphan.people import queries as people
from saphan.rooms.observatory.views.common import asker, standing
from saphan.rooms.observatory.vocabulary import Sector

LABELS = {"signed": _("Agreements signed"), "running": _("Cooperations running"),
          "outcome": _("Outcomes")}
MONTHS = 24
PAGE = 50


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Three counts that are never added up: in all, by room, economy, sector and month. Each opens
    what it counts."""
    part = numbers.Part.read(request.GET)
    stages = numbers.stages(part)
    names, sectors = people.economy_names(), dict(Sector.choices)
    months = _months(stages)
    return render(request, "observatory/board.html", standing(request) | {
        "part": part, "narrowed": narrowed(part, names), "may_open": numbers.may_open(
            asker(request)),
        "stages": [{"name": stage.name, "label": LABELS[stage.name], "total": stage.total,
                    "url": url(stage.name, part), "numbers": [
                        {"number": one, "url": f"{reverse('number', args=[one.slug])}"
                                               f"{part.query()}"} for one in stage.numbers]}
                   for stage in stages],
        "labels": [LABELS[stage.name] for stage in stages],
        "economies": _table(stages, "economies", "economy", names, part),
        "sectors": _table(stages, "sectors", "sector", sectors, part),
        "months": [{"month": f"{month:%Y-%m}", "cells": [
            (stage.months.get(month, 0), url(stage.name, part, period=f"{month:%Y-%m}"))
            for stage in stages]} for month in reversed(months)],
        "chart": charts.lines([f"{month:%Y-%m}" for month in months], [
            (str(LABELS[stage.name]), [float(stage.months.get(month, 0)) for month in months])
            for stage in stages], title=str(_("Over time"))) if len(months) > 1 else "",
        "years": _years(stages, part)})


def url(stage: str, part: numbers.Part, **narrower: str) -> str:
    return f"{reverse('observatory:counted', args=[stage])}{part.query(**narrower)}"


def narrowed(part: numbers.Part, names: dict[str, str]) -> list[str]:
    """What the numbers are limited to, in words."""
    return [str(word) for word in (names.get(part.economy, part.economy), dict(
        Sector.choices).get(part.sector, part.sector)) if word]


def _months(stages: list[numbers.Stage]) -> list[date]:
    """Every month from the first that counts something, at most two years back."""
    said = {month for stage in stages for month in stage.months}
    if not said:
        return []
    last = max(*said, clock.today().replace(day=1))
    month, found = min(said), []
    while month <= last:
        found.append(month)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return found[-MONTHS:]


def _years(stages: list[numbers.Stage], part: numbers.Part) -> list[dict[str, Any]]:
    years = sorted({month.year for stage in stages for month in stage.months}, reverse=True)
    return [{"year": str(year), "cells": [
        (sum(count for month, count in stage.months.items() if month.year == year),
         url(stage.name, part, period=str(year))) for stage in stages]} for year in years]


def _table(stages: list[numbers.Stage], what: str, name: str, labels: Any,
           part: numbers.Part) -> list[dict[str, Any]]:
    """A row for each economy or sector that any stage counts, the most outcomes first."""
    codes = {code for stage in stages for code in getattr(stage, what)}
    rows = [{"code": code, "label": str(labels.get(code, code)), "url": part.query(**{name: code}),
             "cells": [(getattr(stage, what).get(code, 0), url(stage.name, part, **{name: code}))
                       for stage in stages]} for code in codes]
    return sorted(rows, key=lambda row: ([-count for count, _url in reversed(row["cells"])],
                                         row["label"]))


@require_safe
def counted(request: HttpRequest, stage: str) -> HttpResponse:
    """What one count of the board counts: each fact with its record, for those who may open it."""
    if stage not in STAGES:
        raise Http404
    part, names = numbers.Part.read(request.GET), people.economy_names()
    sectors = dict(Sector.choices)
    chosen = numbers.of_stage(stage)
    found = numbers.facts(*(indicator for _room, indicator in chosen), part=part)
    page, total = None, None
    if numbers.may_open(asker(request)):
        page = Paginator(found, PAGE).get_page(request.GET.get("page"))
        total = page.paginator.count
    else:
        total = next(one.total for one in numbers.stages(part) if one.name == stage)
    rooms = {name: room for room, indicator in chosen for name in indicator.facts}
    return render(request, "observatory/counted_facts.html", standing(request) | {
        "label": LABELS[stage], "stage": stage, "total": total, "page": page, "part": part,
        "narrowed": narrowed(part, names), "board": f"{reverse('observatory:board')}{part.query()}",
        "numbers": [(room, one, f"{reverse('number', args=[f'{room.slug}.{one.slug}'])}"
                                f"{part.query()}") for room, one in chosen],
        "facts": [{"seq": line.fact.seq, "at": line.fact.at, "number": line.number
                   or f"#{line.fact.seq}", "url": line.url, "room": rooms[line.fact.name].name,
                   "economy": names.get(line.economy, ""),
                   "sector": sectors.get(line.sector, "")} for line in numbers.lines(page or [])]})
