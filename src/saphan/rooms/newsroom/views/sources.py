"""Sources: which are read, how each is doing, and the forms to add and change them."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saphan.engines.fetching import opml
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.newsroom.actions import bringing, rounds, trying
from saphan.rooms.newsroom.actions import sources as actions
from saphan.rooms.newsroom.forms.sources import Filters, ListForm, SourceForm, key_for
from saphan.rooms.newsroom.models import Look, Source
from saphan.rooms.newsroom.queries import sources as queries
from saphan.rooms.newsroom.rules import BY_TRANSITION, desk
from saphan.rooms.newsroom.rules import sources as rules
from saphan.rooms.newsroom.troubles import ALARMS, said
from saphan.rooms.newsroom.views.common import asker, standing, to_sign_in

AT_ONCE = 50
PAGES = re.compile(r"(?:^|, )([a-z_]+) (\d+)(?=,|$)")
LARGEST_LIST = 2 * 2**20


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every source, with its alarms for the desk."""
    person = asker(request)
    at_the_desk = desk.works_here(person)
    form = Filters(request.GET or None, desk=at_the_desk)
    found = queries.matching(queries.listed(person), **form.chosen())
    page = Paginator(found, AT_ONCE).get_page(request.GET.get("page"))
    return render(request, "newsroom/sources.html", {
        **standing(request), "page": page, "filters": form,
        "rows": [_row(source) for source in page],
        "may_add": rules.may_add(person).allowed, "any": bool(request.GET) or bool(page)})


def _row(source: Source) -> dict[str, Any]:
    return {"source": source, "alarms": [
        ALARMS.get(alarm.code, alarm.code) for alarm in getattr(source, "ringing", ())],
        "problem": said(source.last_problem), "hours": _hours(source)}


def _hours(source: Source) -> int | None:
    """Usual hours between two articles, whole ones."""
    return None if source.usual_gap_hours is None else max(1, round(source.usual_gap_hours))


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """How all sources are doing: what rings first, then each with its usual ways."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.path)
    if not rules.may_see_health(person):
        return _not_yours(request, rules.may_see_health(person).reason)
    found = queries.listed(person).exclude(state=Source.State.RETIRED)
    page = Paginator(found, AT_ONCE).get_page(request.GET.get("page"))
    return render(request, "newsroom/source_health.html", {
        **standing(request), "page": page, "rows": [_row(source) for source in page],
        "ringing": [_alarm(alarm) for alarm in queries.ringing()[:AT_ONCE]],
        "round": queries.round_now()})


def _alarm(alarm: Any) -> dict[str, Any]:
    return {"alarm": alarm, "title": ALARMS.get(alarm.code, alarm.code),
            "because": said(str(alarm.detail.get("problem", ""))),
            "since": alarm.detail.get("since", "")}


def _not_yours(request: HttpRequest, reason: Any) -> HttpResponse:
    return render(request, "newsroom/source_refused.html", {
        **standing(request), "reason": reason}, status=403)


@require_safe
def one(request: HttpRequest, key: str) -> HttpResponse:
    person = asker(request)
    source = _found(key, person)
    inside = desk.works_here(person)
    return render(request, "newsroom/source.html", {
        **standing(request), "source": source, "inside": inside,
        "reading": inside and queries.is_being_read(source),
        "round": queries.round_now() if inside else None,
        "alarms": [_alarm(alarm) for alarm in queries.alarms(source)] if inside else [],
        "looks": [_look(look) for look in queries.looks(source)] if inside else [],
        "hours": _hours(source), "steps": _steps(person, source) if inside else [],
        "may_look": rules.may_look_now(person, source)})


def _look(look: Look) -> dict[str, Any]:
    """A look with the troubles of its pages in words: the log has them as `code count, …`."""
    pages = PAGES.findall(look.detail)
    return {"look": look, "problem": said(look.problem), "pages": [
        (said(code), int(count)) for code, count in pages],
        "detail": "" if pages else look.detail}


def _found(key: str, person: Person | None) -> Source:
    try:
        return queries.one(key, person)
    except queries.NotFound:
        raise Http404 from None


def _steps(person: Person | None, source: Source) -> list[dict[str, Any]]:
    return [{"name": move.name, "label": move.label, "verdict": verdict}
            for move in source.lifecycle.possible(source.state)
            if (verdict := BY_TRANSITION[move.name](person, source)).allowed]


@require_POST
def do(request: HttpRequest, key: str) -> HttpResponse:
    """Pause, resume, retire, or look now."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.path)
    source, step = _found(key, person), request.POST.get("step", "")
    try:
        if step == "look":
            rounds.look_now(source, by=person)
            messages.success(request, _("The house looks at it now. Reload the page in a minute."))
        elif step in source.lifecycle.transitions:
            actions.move(source, step, by=person)
        else:
            raise Http404
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(source)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    return _form(request, Source(), rules.may_add(asker(request)))


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, key: str) -> HttpResponse:
    person = asker(request)
    return _form(request, _found(key, person), rules.may_change(person))


def _form(request: HttpRequest, source: Source, verdict: Any) -> HttpResponse:
    """The form: try what is filled in, or save it."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.path)
    if not verdict:
        return _not_yours(request, verdict.reason)
    tried, kept = None, source.pk is not None
    form = SourceForm(request.POST or None, instance=source if kept else None)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("action") == "try":
            tried = trying.try_it(form.values(), by=person)
        else:
            return redirect(_saved(form, source, kept, person))
    return render(request, "newsroom/source_form.html", {
        **standing(request), "form": form, "source": source, "kept": kept, "tried": tried,
        "problem": said(tried.problem) if tried else "",
        "text_problem": said(tried.text_problem) if tried else ""},
        status=422 if form.errors else 200)


def _saved(form: SourceForm, source: Source, kept: bool, person: Person) -> Source:
    values = form.values()
    if not kept:
        return actions.add(key_for(values["name"], values["address"]), values, by=person)
    source = queries.one(source.key, person)  # the form has changed its own copy already
    actions.change(source, values, by=person)
    return source


@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    """The feeds that are read, as a list for feed readers."""
    response = HttpResponse(opml.write(_("Newsroom"), bringing.outlines(asker(request))),
                            content_type="text/x-opml; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="sources.opml"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Add the sources of a list of feeds."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.path)
    verdict = rules.may_add(person)
    if not verdict:
        return _not_yours(request, verdict.reason)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        found = opml.read(file.read()) if file.size <= LARGEST_LIST else []
        if found:
            brought = bringing.bring(found, by=person, check=SourceForm, key_for=key_for)
            messages.success(request, ngettext(
                "%(count)d source was added.", "%(count)d sources were added.",
                brought.added) % {"count": brought.added})
            for name, reason in brought.left:
                messages.warning(request, f"{name}: {reason}")
            return redirect("newsroom:sources")
        form.add_error("file", _("This file holds no list of feeds."))
    return render(request, "newsroom/source_import.html", {**standing(request), "form": form},
                  status=422 if form.errors else 200)
