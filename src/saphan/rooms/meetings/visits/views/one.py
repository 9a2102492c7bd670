"""Asking for a visit, its page, its routes for those who come, its sheets."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saphan.ground.access import Refused
from saphan.people import calendars
from saphan.rooms.meetings.models import Visit
from saphan.rooms.meetings.visits import actions, letters, queries, rules, shown
from saphan.rooms.meetings.visits.forms import CancelForm, VisitForm
from saphan.rooms.meetings.visits.views.common import asker, frame, to_sign_in, visit_or_404


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Public tours, her own visits, the way to ask for one."""
    person = asker(request)
    return render(request, "meetings/visits/home.html", {
        **frame(request, "visits"), "tours": list(queries.public_tours()[:50]),
        "mine": list(queries.mine(person)[:50]),
        "may_request": bool(rules.may_request(person)) or person is None})


@require_http_methods(["GET", "HEAD", "POST"])
def request_visit(request: HttpRequest) -> HttpResponse:
    person = asker(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    form = VisitForm(request.POST or None, by=person) if request.method == "POST" else VisitForm(
        by=person, initial={"economy": person.economy_id or ""})
    if request.method == "POST" and form.is_valid():
        try:
            visit = actions.request(form.values(), by=person)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Thank you. We write to you when your visit is "
                                        "confirmed."))
            return redirect(visit)
    return _form(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    person = asker(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    visit = visit_or_404(request, number)
    verdict = rules.may_edit(person, visit)
    if not verdict:
        messages.error(request, str(verdict.reason))
        return redirect(visit)
    form = VisitForm(request.POST if request.method == "POST" else None, by=person, visit=visit)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(visit, form.values(), by=person)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect(visit)
    return _form(request, form, visit)


def _form(request: HttpRequest, form: VisitForm, visit: Visit | None) -> HttpResponse:
    parts = [(_("The visitors"), ("title", "about", "economy", "crowd")),
             (_("When"), ("day", "begins", "minutes")),
             (_("What to see"), ("wishes", "guided", "needs", "lang")),
             (_("For the staff"), ("kind", "host", "group_size"))]
    sections = [(title, [form[name] for name in names if name in form.fields
                         and not (name == "wishes" and not queries.stations())])
                for title, names in parts]
    return render(request, "meetings/visits/form.html", {
        **frame(request, "visits"), "form": form, "visit": visit,
        "sections": [(title, fields) for title, fields in sections if fields]},
        status=422 if form.errors else 200)


@require_safe
def visit(request: HttpRequest, number: str) -> HttpResponse:
    """The page of one visit for who asked, the staff, its guides; of a public tour for all."""
    found, person = visit_or_404(request, number), asker(request)
    hers = rules.is_hers(person, found) or rules.looks(person)
    routed = found.state in Visit.SHOWN or rules.looks(person) or rules.leads(person, found)
    return render(request, "meetings/visits/one.html", {
        **frame(request, "visits"), "visit": found, "hers": hers,
        "rows": shown.Rows().of_visit(found) if routed else [],
        "crowd": [(lang, people, found.slow.get(lang, 0))
                  for lang, people in found.crowd.items()],
        "steps": _steps(person, found) if hers else [], "cancel_form": CancelForm(),
        "may_edit": bool(rules.may_edit(person, found)),
        "wishes": list(found.wishes.all()) if hers else []})


def _steps(person: Any, found: Visit) -> list[dict[str, Any]]:
    """The moves from here; what only the house does is left out."""
    steps = []
    for move in found.lifecycle.possible(found.state):
        if move.name == "plan":
            continue
        verdict = rules.BY_TRANSITION[move.name](person, found)
        if verdict or rules.is_staff(person):
            steps.append({"move": move, "allowed": bool(verdict), "reason": verdict.reason})
    return steps


@require_POST
def move(request: HttpRequest, number: str, transition: str) -> HttpResponse:
    person = asker(request)
    if person is None:
        return to_sign_in(request.get_full_path().partition("move/")[0])
    found = visit_or_404(request, number)
    verb = actions.BY_TRANSITION.get(transition)
    if verb is None:
        raise Http404
    try:
        if transition == "cancel":
            actions.cancel(found, by=person, because=request.POST.get("because", ""))
        else:
            verb(found, by=person)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Done."))
    return redirect(found)


def _by_token(token: str) -> Visit:
    found = queries.by_token(token)
    if found is None:
        raise Http404
    return found


@require_safe
def route(request: HttpRequest, token: str) -> HttpResponse:
    """Where each group goes and when: for everybody who has the address, on the phone."""
    found = _by_token(token)
    rows = shown.Rows().of_visit(found) if found.state in Visit.SHOWN else []
    response = render(request, "meetings/visits/route.html", {
        "visit": found, "rows": rows, "token": token})
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def route_calendar(request: HttpRequest, token: str) -> HttpResponse:
    found = _by_token(token)
    if found.state not in Visit.SHOWN:
        raise Http404
    content = calendars.published([letters.entry(found)], name=str(found.title),
                                  lang=shown.active_language())
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.number}.ics"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def sheets(request: HttpRequest, number: str) -> HttpResponse:
    """A page to print for each group, in the language of the group."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    found = visit_or_404(request, number)
    if not (rules.is_hers(person, found) or rules.looks(person)):
        raise Http404
    if found.state not in Visit.SHOWN and not rules.looks(person):
        raise Http404
    rows = shown.Rows().of_visit(found)
    return render(request, "meetings/visits/sheets.html", {
        **frame(request, "visits"), "visit": found,
        "sheets": [(row, shown.reading_language(row.languages, found.lang)) for row in rows]})
