"""What happens at the event: who is where now, what went otherwise, one meeting."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from saphan.design import formats
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.meetings import diffing
from saphan.rooms.meetings.actions import live as actions
from saphan.rooms.meetings.actions import plans as plan_actions
from saphan.rooms.meetings.actions import publishing
from saphan.rooms.meetings.forms.plans import AutomaticForm, IncidentForm
from saphan.rooms.meetings.models import Event, Meeting, Plan
from saphan.rooms.meetings.queries import live as queries
from saphan.rooms.meetings.queries import now as now_queries
from saphan.rooms.meetings.queries import plans as plan_queries
from saphan.rooms.meetings.queries.events import NotFound
from saphan.rooms.meetings.rules import plans as rules
from saphan.rooms.meetings.views.common import asker, event_or_404, frame, to_sign_in
from saphan.rooms.meetings.views.plans import at_the_desk, failure, verbs

State = Plan.State
SHOWN = 30


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def live(request: HttpRequest, event: Event, person: Person) -> HttpResponse:
    """What went otherwise, what it costs, the mended plan."""
    form, status = IncidentForm(event=event), 200
    if request.method == "POST":
        verb = request.POST.get("act", "")
        if verb == "report":
            form = IncidentForm(request.POST, event=event)
            if form.is_valid():
                return _report(request, event, form, person)
            status = 422
        else:
            return _do(request, event, person, verb)
    return render(request, "meetings/live/live.html", _page(request, event, person, form),
                  status=status)


def _page(request: HttpRequest, event: Event, person: Person, form: IncidentForm
          ) -> dict[str, Any]:
    pending, text = queries.pending(event), request.GET.get("q", "")
    after = publishing.outcome(pending) if pending and pending.state == State.READY else None
    return {
        **frame(request, event, "live"), "form": form, "pending": pending, "after": after,
        "goes": pending is not None and pending.state in (State.WAITING, State.RUNNING),
        "why_failed": failure(pending) if pending else "",
        "counts": diffing.counts(after.changes) if after else None,
        "lines": plan_queries.lines_of(pending)[:SHOWN] if after and pending else [],
        "told": plan_queries.told(pending) if after and pending else 0,
        "verbs": verbs(pending, person) if pending else [],
        "published": plan_queries.published(event),
        "to_mend": queries.to_mend(event), "missing": queries.missing(event)[:SHOWN],
        "walk_ins": queries.without_meetings(event), "q": text,
        "found": queries.named(event, text) if text else [],
        "incidents": queries.incidents(event)[:SHOWN],
        "automatic": AutomaticForm(initial={"automatic": event.automatic}),
        "may": rules.may_mend(person, event), "may_plan": bool(rules.may_plan(person, event))}


def _report(request: HttpRequest, event: Event, form: IncidentForm, person: Person
            ) -> HttpResponse:
    """First what it would cost, then, with `confirm`, the report."""
    values = form.values()
    if "confirm" not in request.POST:
        return render(request, "meetings/live/cost.html", {
            **frame(request, event, "live"), "form": form, "values": values,
            "kind": dict(form.fields["kind"].choices)[values["kind"]],  # type: ignore[attr-defined]
            "hits": actions.cost(event, values),
            "given": [(name, value) for name, value in request.POST.items()
                      if name in form.fields and value]})
    try:
        actions.report(event, values, by=person)
        messages.success(request, _("Reported."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("meetings:live", event.number)


def _do(request: HttpRequest, event: Event, person: Person, verb: str) -> HttpResponse:
    try:
        if verb == "undo":
            _undo(request, event, person)
        elif verb == "mend":
            actions.mend(event, by=person)
        elif verb == "automatic":
            form = AutomaticForm(request.POST)
            if form.is_valid():
                actions.switch(event, form.cleaned_data["automatic"], by=person)
                messages.success(request, _("Saved."))
            else:
                messages.error(request, _("Give a number of meetings."))
        else:
            raise Http404
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("meetings:live", event.number)


def _undo(request: HttpRequest, event: Event, person: Person) -> None:
    text = request.POST.get("incident", "")
    known = text.isascii() and text.isdigit()
    incident = event.incidents.filter(pk=text).first() if known else None
    if incident is None:
        raise Http404
    plan = actions.undo(incident, by=person)
    messages.success(request, _("Undone. Publish the plan that follows from it.") if plan
                     else _("Undone."))


@never_cache
@require_safe
@at_the_desk
def now(request: HttpRequest, event: Event, person: Person) -> HttpResponse:
    """All tables now and next, for a screen and for phones. It refreshes itself."""
    text, place = request.GET.get("q", ""), request.GET.get("place", "")
    chosen = int(place) if place.isascii() and place.isdigit() else None
    return render(request, "meetings/live/now.html", {
        **frame(request, event, "now"), "q": text, "place": chosen,
        "found": now_queries.now_and_next(event, place=chosen, text=text)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest, number: str, word: str) -> HttpResponse:
    """One meeting, for its two sides and the staff."""
    event, person = event_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(request.path)
    try:
        found = plan_queries.meeting(event, word, asker=person)
    except NotFound:
        raise Http404 from None
    if request.method == "POST":
        return _to_meeting(request, event, found, person)
    return render(request, "meetings/live/meeting.html", {
        **frame(request, event, "now"), "meeting": found, "steps": _steps(found, person),
        "reading": found.wish.words.best() if found.wish.words else None,
        "fits": now_queries.fits(found), "waits": found.slot.begins > now_queries.moment(),
        "feedback_url": _feedback(event, found)})


def _feedback(event: Event, found: Meeting) -> str:
    """Where to say how it was, once it has begun."""
    if found.slot.begins > now_queries.moment() or found.state == Meeting.State.CANCELLED:
        return ""
    return reverse("meetings:feedback", args=[event.number, found.word])


def _steps(found: Meeting, person: Person) -> list[dict[str, Any]]:
    steps = []
    for move in found.lifecycle.possible(found.state):
        verdict = rules.BY_MEETING[move.name](person, found)
        if verdict:
            steps.append({"name": move.name, "label": move.label})
    return steps


def _to_meeting(request: HttpRequest, event: Event, found: Meeting, person: Person
                ) -> HttpResponse:
    verb = request.POST.get("act", "")
    try:
        if verb == "hold":
            plan_actions.hold(found, by=person)
            messages.success(request, _("Thank you. It took place."))
        elif verb == "miss":
            plan_actions.miss(found, by=person)
            messages.success(request, _("Thank you. It did not take place."))
        elif verb == "cancel":
            plan = plan_actions.call_off(found, by=person,
                                         note=request.POST.get("note", "")[:300])
            told = plan_queries.told(plan)
            messages.success(request, ngettext(
                "Called off. %(number)s person is told.",
                "Called off. %(number)s people are told.", told) % {
                    "number": formats.number(told)})
        else:
            raise Http404
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("meetings:meeting", event.number, found.word)
