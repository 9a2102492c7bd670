"""The front of the incubator: open calls, what became of earlier ones; her own; the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from saphan.people import queries as people
from saphan.rooms.incubator import exchange, gating
from saphan.rooms.incubator.forms.calls import CancelForm, RemarkForm
from saphan.rooms.incubator.queries import calls as queries
from saphan.rooms.incubator.queries.next_steps import next_steps
from saphan.rooms.incubator.rules import calls as rules
from saphan.rooms.incubator.views.common import asker, standing, steps, to_sign_in
from saphan.rooms.incubator.vocabulary import Form, Sector

PAGE = 20
TITLES = {"open": _("Open now, or soon"), "evaluation": _("Being evaluated"),
          "decided": _("Decided, and what came of it")}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Three lists of calls, narrowed by the filters in the address. Old decisions have pages."""
    filters = queries.Filters.read(request.GET)
    form = FilterForm(queries.facets(filters), filters)
    decided = Paginator(queries.shelf("decided", filters), PAGE).get_page(request.GET.get("page"))
    lists = {"open": queries.shelf("open", filters)[:100],
             "evaluation": queries.shelf("evaluation", filters)[:100], "decided": decided}
    return render(request, "incubator/home.html", {
        "lists": [{"name": name, "title": TITLES[name],
                   "plates": [queries.plate_of(call) for call in found]}
                  for name, found in lists.items()],
        "page": decided, "form": form, "chips": form.chips(), **standing(request)})


class FilterForm(forms.Form):
    """What the lists can be narrowed to: only what would leave something, with how many."""

    use_required_attribute = False
    LABELS = {"form": _("Form"), "sector": _("Sector"), "economy": _("Country or region"),
              "lang": _("Written in")}

    def __init__(self, facets: Mapping[str, list[tuple[str, int]]],
                 filters: queries.Filters) -> None:
        super().__init__(initial=filters.as_dict(), auto_id="filter_%s")
        self.filters = filters
        self.names: dict[str, dict[str, Any]] = {
            "form": dict(Form.choices), "sector": dict(Sector.choices),
            "economy": people.economy_names()}
        for name, values in facets.items():
            chosen = getattr(filters, name)
            if chosen and chosen not in dict(values):
                values = [*values, (chosen, 0)]
            if len(values) < 2 and not chosen:
                continue
            self.fields[name] = forms.ChoiceField(label=self.LABELS[name], choices=[
                ("", pgettext_lazy("filter", "All")),
                *((value, f"{self.name_of(name, value)} ({count})") for value, count in values)])

    def name_of(self, filter: str, value: str) -> str:
        return str(self.names.get(filter, {}).get(value, value))

    def chips(self) -> list[dict[str, Any]]:
        """The filters that are on: label, the chosen value in words, the address without it."""
        chosen = self.filters.as_dict()
        return [{"label": self.LABELS[name], "value": self.name_of(name, value),
                 "url": "?" + urlencode({other: chosen[other] for other in chosen
                                         if other != name})}
                for name, value in chosen.items()]


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Her own calls, whatever their state, and what can be done with each."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    calls = [{"call": call, "plate": queries.plate_of(call),
              "may_edit": bool(rules.may_edit(person, call)), "steps": steps(person, call),
              "cancel_form": CancelForm(auto_id=f"id_{call.pk}_cancel_%s")}
             for call in queries.written_by(person)[:100]]
    return render(request, "incubator/mine.html", {"calls": calls, **standing(request)})


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What was submitted, and who has to do what until when in every call under way."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    rules.may_see_the_desk(person).or_raise()
    queue = [{"call": call, "plate": queries.plate_of(call), "steps": steps(person, call),
              "told": gating.told(call), "remark": RemarkForm(auto_id=f"id_{call.pk}_%s"),
              "cancel_form": CancelForm(auto_id=f"id_{call.pk}_cancel_%s")}
             for call in queries.waiting_for_the_desk()]
    return render(request, "incubator/desk.html", {
        "queue": queue, "next_steps": next_steps(queries.under_way()[:500]),
        "person": person, **standing(request)})


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Public calls as JSONL: all, or those that the filters leave, or one."""
    found = queries.Filters.read(request.GET).apply(queries.public())
    if number := request.GET.get("number"):
        found = found.filter(number=number.upper()[:20])
    rows = exchange.write_jsonl(queries.in_order_of_accession(found).iterator(chunk_size=200))
    return HttpResponse("".join(rows), content_type="application/x-ndjson; charset=utf-8", headers={
        "Content-Disposition": 'attachment; filename="calls.jsonl"'})
