"""After a meeting: either side says how it was; the organisers see what came of it."""

from __future__ import annotations

import csv
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.meetings import rating
from saphan.rooms.meetings.forms.feedback import USEFUL, FeedbackForm
from saphan.rooms.meetings.models import Event, Guest, Meeting, Party
from saphan.rooms.meetings.queries import feedback as queries
from saphan.rooms.meetings.queries import parties as party_queries
from saphan.rooms.meetings.queries.events import NotFound
from saphan.rooms.meetings.rules import events as event_rules
from saphan.rooms.meetings.rules import feedback as rules
from saphan.rooms.meetings.views.common import asker, event_or_404, frame, to_sign_in
from saphan.rooms.meetings.vocabulary import NextStep


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest, number: str, word: str) -> HttpResponse:
    """For somebody with an account who speaks for a side; the desk may answer for one."""
    event, person = event_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    found = _meeting_or_404(event, word, person)
    party = queries.side_of(found, person) or _chosen(request, found)
    return _answer(request, found, party, by=person,
                   back=reverse("meetings:feedback", args=[number, word]))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def of_guest(request: HttpRequest, token: str, word: str) -> HttpResponse:
    """For a guest without an account, by the secret address of her day, in her language."""
    guest = party_queries.guest_by_token(token)
    if guest is None:
        raise Http404
    try:
        found = queries.meeting(guest.party.event, word, asker=None, guest=guest)
    except NotFound:
        raise Http404 from None
    response = _answer(request, found, guest.party, by=guest, token=token,
                       back=reverse("meetings:day", args=[token]))
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _meeting_or_404(event: Event, word: str, person: Person | None) -> Meeting:
    try:
        return queries.meeting(event, word, asker=person)
    except NotFound:
        raise Http404 from None


def _chosen(request: HttpRequest, found: Meeting) -> Party:
    """The side for which the desk answers."""
    given = request.POST.get("side") or request.GET.get("side") or ""
    sides = {str(party.position): party for party in (found.guest_a.party, found.guest_b.party)}
    return sides.get(given) or found.guest_a.party


def _answer(request: HttpRequest, found: Meeting, party: Party, *, by: Person | Guest, back: str,
            token: str = "") -> HttpResponse:
    own = queries.given(found, party)
    verdict = rules.may_rate_as_guest(by, found) if isinstance(by, Guest) else \
        rules.may_rate(by, found, party)
    form, status = FeedbackForm(given=own), 200
    if request.method == "POST":
        try:
            messages.success(request, rating.give(found, party, request.POST, by=by))
            return redirect(back)
        except rating.Wrong as wrong:
            form, status = wrong.form, 422
        except Refused as refusal:
            form, status = FeedbackForm(request.POST, given=own), 422
            messages.error(request, str(refusal))
    other = found.guest_b.party if party.pk == found.guest_a.party_id else found.guest_a.party
    about: dict[str, Any] = {"event": found.event} if token else frame(
        request, found.event, "my_day")
    return render(request, "meetings/feedback.html", {
        **about, "meeting": found, "party": party, "other": other, "form": form, "own": own,
        "verdict": verdict, "token": token, "zone": found.event.time_zone,
        "sides": [] if isinstance(by, Guest) or queries.side_of(found, by) else [
            found.guest_a.party, found.guest_b.party]}, status=status)


@never_cache
@require_safe
def overview(request: HttpRequest, number: str) -> HttpResponse:
    """What the meetings of an event brought, for its staff."""
    event = event_or_404(request, number)
    if asker(request) is None:
        return to_sign_in(request.get_full_path())
    if not event_rules.looks_at_events(asker(request)):
        raise Http404
    told = queries.overview(event, asker=asker(request))
    useful, steps = dict(USEFUL), dict(NextStep.choices)
    return render(request, "meetings/feedback_overview.html", {
        **frame(request, event, "feedback_overview"), "told": told,
        "useful": [(useful[str(value)], count) for value, count in told.useful],
        "steps": [(steps[value], count) for value, count in told.next_steps]})


COLUMNS = ("meeting", "begins", "asker", "invited", "state", "side", "took_place", "useful",
           "next_step", "words", "language", "interest")


@require_safe
def export(request: HttpRequest, number: str) -> HttpResponse:
    """All answers as CSV, for the staff."""
    event = event_or_404(request, number)
    try:
        rows = queries.of_event(event, asker=asker(request))
    except NotFound:
        raise Http404 from None
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{event.number}-feedback.csv"'
    response["Cache-Control"] = "no-store"
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for one in rows:
        for said in one.feedback.all():
            words = said.words.best()
            writer.writerow([
                one.word, one.slot.begins.isoformat(), one.wish.asker.position,
                one.wish.invited.position, one.state,
                "asker" if said.party_id == one.wish.asker_id else "invited",
                "yes" if said.took_place else "no", said.useful or "", said.next_step,
                rating.cell(words.text), words.lang if words.text else "", one.wish.came_from])
    return response
