"""For the desk: printouts, and letters about changed days."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from saphan.design import qr
from saphan.ground import clock
from saphan.ground.streams import asynchronously
from saphan.rooms.meetings import writing
from saphan.rooms.meetings.actions import days as day_actions
from saphan.rooms.meetings.actions import letters as letter_actions
from saphan.rooms.meetings.actions import sheets as actions
from saphan.rooms.meetings.forms.sheets import SheetsForm
from saphan.rooms.meetings.models import Event
from saphan.rooms.meetings.queries import days, notices, telling
from saphan.rooms.meetings.queries.days import Reader
from saphan.rooms.meetings.queries.sheets import PartySheet, PersonSheet, Printer, TableCard
from saphan.rooms.meetings.rules import days as rules
from saphan.rooms.meetings.rules import events as event_rules
from saphan.rooms.meetings.views.common import asker, event_or_404, frame, to_sign_in
from saphan.rooms.meetings.views.days import private

FOUND = 20
AT_ONCE = 50  # sheets that are drawn before the answer begins; more go out one by one
HERE = "[[the sheets]]"


def _desk(request: HttpRequest, number: str) -> Event:
    """The event, for its staff; for others there is no such page."""
    event = event_or_404(request, number)
    if not rules.may_print(asker(request), event):
        raise Http404
    return event


@require_safe
def choose(request: HttpRequest, number: str) -> HttpResponseBase:
    """What to print; and whose secret address to open or to replace."""
    if asker(request) is None:
        return to_sign_in(request.path)
    event = _desk(request, number)
    query = request.GET.get("q", "").strip()[:100]
    return private(render(request, "meetings/sheets.html", {
        **frame(request, event, "sheets"), "form": SheetsForm(
            request.GET if "kind" in request.GET else None), "progress": notices.progress(event),
        "q": query, "found": _named(event, query) if query else None}))


def _named(event: Event, query: str) -> list[Reader]:
    wanted = query.casefold()
    return [reader for reader in days.readers(event)
            if wanted in reader.name.casefold() or (reader.guest and wanted in " ".join(
                reader.guest.party.organisation.name.plain().values()).casefold())][:FOUND]


@require_safe
def sheets(request: HttpRequest, number: str) -> HttpResponseBase:
    """The sheets themselves, a page for each; the browser prints them or makes a PDF."""
    event = _desk(request, number)
    form = SheetsForm(request.GET)
    if not form.is_valid():
        return redirect(reverse("meetings:sheets", args=[event.number]))
    given, printer = form.cleaned_data, Printer(event, clock.now())
    jobs = _jobs(given["kind"])
    counts = sum(len(printer.of(job, given["who"] or "all", given["party"]))
                 for job in jobs if job != "tables")
    outer = render_to_string("meetings/sheets_print.html", {
        **frame(request, event, "sheets"), "given": given, "count": counts,
        "tables": "tables" in jobs, "here": HERE}, request)
    before, _mark, after = outer.partition(HERE)

    def pieces() -> Iterator[str]:
        yield before
        for job in jobs:
            yield from _drawn(job, printer, given)
        yield after

    if counts <= AT_ONCE:
        return private(HttpResponse("".join(pieces())))
    return private(StreamingHttpResponse(asynchronously(pieces())))


def _jobs(kind: str) -> list[str]:
    return ["people", "interpreters", "tables"] if kind == "everything" else [kind]


def _drawn(kind: str, printer: Printer, given: dict[str, Any]) -> Iterator[str]:
    if kind == "tables":
        for table in printer.tables():
            yield _card(table, printer.event)
        return
    readers = printer.of("people" if kind == "companies" else kind, given["who"] or "all",
                         given["party"])
    if kind == "companies":
        for company in printer.companies(readers):
            yield _company(company, printer)
    else:
        for person in printer.people(readers):
            yield _person(person, printer)


def _person(sheet: PersonSheet, printer: Printer) -> str:
    with translation.override(sheet.lang.lower()):
        address = settings.BASE_URL + writing.day_path(sheet.reader)
        return render_to_string("meetings/sheet_person.html", {
            "sheet": sheet, "reader": sheet.reader, "event": printer.event, "lang": sheet.lang,
            "picture": qr.svg(address), "days": _times(sheet.days, printer.event),
            "offset": printer.offset})


def _company(sheet: PartySheet, printer: Printer) -> str:
    with translation.override(sheet.lang.lower()):
        return render_to_string("meetings/sheet_company.html", {
            "sheet": sheet, "event": printer.event, "lang": sheet.lang,
            "offset": printer.offset})


def _card(card: TableCard, event: Event) -> str:
    return render_to_string("meetings/sheet_table.html", {"card": card, "event": event})


def _times(found: Any, event: Event) -> list[Any]:
    zone = event.time_zone
    return [(day.date, [(telling.stretch(item.begins, item.ends, zone), item)
                        for item in day.items if item.kind != "free"]) for day in found]


@require_POST
def printed(request: HttpRequest, number: str) -> HttpResponseBase:
    """Remember that these sheets were printed."""
    event = _desk(request, number)
    form, person = SheetsForm(request.POST), asker(request)
    if person is None or not form.is_valid():
        raise Http404
    printer = Printer(event, clock.now())
    readers = [reader for job in _jobs(form.cleaned_data["kind"]) if job != "tables"
               for reader in printer.of("people" if job == "companies" else job,
                                        form.cleaned_data["who"] or "all",
                                        form.cleaned_data["party"])]
    count = actions.printed(event, readers, printer.lines, by=person)
    messages.success(request, ngettext(
        "%(number)s sheet is noted as printed.", "%(number)s sheets are noted as printed.",
        count) % {"number": count})
    return redirect("meetings:sheets", event.number)


def letters(request: HttpRequest, number: str) -> HttpResponseBase:
    """How far the letters are, which failed, and whom to tell in person."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.path)
    event = event_or_404(request, number)
    if not event_rules.looks_at_events(person):
        raise Http404
    if request.method == "POST":
        found = event.notices.filter(pk__in=[key for key in request.POST.getlist("notice")
                                             if key.isdigit()]).select_related(*notices.RELATED)
        if request.POST.get("do") == "again":
            for notice in found.filter(state="failed"):
                letter_actions.send_again(notice, by=person)
        else:
            letter_actions.told_in_person(found, by=person)
        return redirect("meetings:sheets_letters", event.number)
    return private(render(request, "meetings/letters.html", {
        **frame(request, event, "sheets"), "progress": notices.progress(event),
        "to_tell": notices.to_tell(event), "failed": notices.failed(event),
        "may_tell": bool(rules.may_tell(person, event))}))


@require_POST
def address(request: HttpRequest, number: str) -> HttpResponseBase:
    """The desk gives somebody a new secret address."""
    event = _desk(request, number)
    kind, _dash, key = request.POST.get("reader", "").partition("-")
    reader = next((each for each in days.readers(event)
                   if each.key == (kind, int(key) if key.isdigit() else 0)), None)
    if reader is None:
        raise Http404
    day_actions.new_address(reader, by=asker(request))
    messages.success(request, _("%(name)s has a new address. The old one does not work any "
                                "more.") % {"name": reader.name})
    query = urlencode({"q": reader.name})
    return redirect(f"{reverse('meetings:sheets', args=[event.number])}?{query}")
