"""At the door: badges to print, check-in, people who come without registration."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saphan.design import qr
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.meetings import languages
from saphan.rooms.meetings.actions import attending
from saphan.rooms.meetings.actions import parties as actions
from saphan.rooms.meetings.forms.parties import RegistrationForm
from saphan.rooms.meetings.models import Event, Guest
from saphan.rooms.meetings.queries import checkin as queries
from saphan.rooms.meetings.queries import events as event_queries
from saphan.rooms.meetings.rules import events as rules
from saphan.rooms.meetings.rules import parties as party_rules
from saphan.rooms.meetings.views.common import asker, event_or_404, frame, to_sign_in
from saphan.rooms.meetings.views.editing import sections
from saphan.rooms.meetings.views.registering import LAYOUT
from saphan.rooms.meetings.vocabulary import Presence

A_SHEET = 8
SHEETS = 12  # on one page of this house


@require_safe
def badges(request: HttpRequest, number: str) -> HttpResponse:
    """Badges of all who come to the place, eight on a sheet; or those of one participant, or one
    alone. Participants print their own."""
    event, person = event_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    found = queries.admitted(event)
    for name, column in (("party", "party__position"), ("guest", "pk")):
        given = request.GET.get(name, "")
        if given.isdecimal() and len(given) < 15:
            found = found.filter(**{column: int(given)})
    if not rules.looks_at_events(person):
        own = [party.pk for party in frame(request, event, "")["mine"]]
        found = found.filter(party__in=own)
        if not found.exists():
            raise Http404
    if not ("guest" in request.GET or "party" in request.GET):
        found = found.filter(presence=Presence.ONSITE)
    page = Paginator(found.order_by("party__organisation", "party__position", "position"),
                     A_SHEET * SHEETS).get_page(request.GET.get("page"))
    cards = [_badge(guest) for guest in page.object_list]
    return render(request, "meetings/badges.html", {
        **frame(request, event, "badges"), "page": page,
        "sheets": [cards[at:at + A_SHEET] for at in range(0, len(cards), A_SHEET)],
        "title": event.title.best()})


def _badge(guest: Guest) -> dict[str, Any]:
    return {"guest": guest, "organisation": guest.party.organisation.reading(),
            "economy": guest.party.economy, "languages": [
                name for name, _level in languages.said(guest.speaks)],
            "code": qr.svg(guest.badge), "length": _length(guest.name)}


def _length(name: str) -> str:
    """Long names are set smaller. A Chinese sign is as wide as two letters."""
    width = sum(2 if "\u2e80" <= sign <= "\uffef" else 1 for sign in name)
    return "short" if width <= 16 else "long" if width > 30 else "middle"


def _event(request: HttpRequest, number: str) -> tuple[Event, Person]:
    event, person = event_or_404(request, number), asker(request)
    if person is None or not rules.looks_at_events(person):
        raise Http404
    return event, person


@require_http_methods(["GET", "HEAD"])
def check_in(request: HttpRequest, number: str) -> HttpResponse:
    """Scan a badge, or look for a name."""
    if asker(request) is None:
        return to_sign_in(request.get_full_path())
    event, person = _event(request, number)
    text = request.GET.get("q", "")[:500].strip()
    exact = queries.by_code(event, text) if text else None
    found = [exact] if exact is not None else queries.named(event, text)
    return render(request, "meetings/check_in.html", {
        **frame(request, event, "check_in"), "text": text, "exact": exact is not None,
        "rows": [_row(guest, with_meeting=len(found) <= 3) for guest in found],
        "counts": queries.counts(event), "latest": queries.latest(event),
        "may_help": bool(rules.may_help(person, event)),
        "may_register": bool(party_rules.may_register(person, event)),
        "last": _last(event, request.GET.get("last", ""))})


def _last(event: Event, given: str) -> dict[str, Any] | None:
    """Who was checked in just now."""
    guest = queries.guest(event, int(given)) if given.isdecimal() and len(given) < 15 else None
    return _row(guest, with_meeting=True) if guest is not None and guest.checked_in else None


def _row(guest: Guest, *, with_meeting: bool) -> dict[str, Any]:
    meeting = queries.first_meeting(guest) if with_meeting else None
    with_whom = None
    if meeting is not None:
        other = meeting.guest_b if meeting.guest_a_id == guest.pk else meeting.guest_a
        with_whom = other.party.organisation.reading()
    return {"guest": guest, "organisation": guest.party.organisation.reading(),
            "economy": guest.party.economy, "meeting": meeting, "with": with_whom,
            "languages": [name for name, _level in languages.said(guest.speaks)]}


@require_POST
def do_check_in(request: HttpRequest, number: str) -> HttpResponse:
    """Somebody is here, or was not after all. A code that is scanned needs no other press."""
    event, person = _event(request, number)
    address = reverse("meetings:check_in", args=[event.number])
    given = request.POST.get("guest", "")
    code = request.POST.get("code", "")[:500].strip()
    guest = queries.guest(event, int(given)) if given.isdecimal() and len(given) < 15 else (
        queries.by_code(event, code) if code else None)
    if guest is None:
        if code:
            return redirect(f"{address}?{urlencode({'q': code})}")
        raise Http404
    undo = request.POST.get("do") == "undo"
    try:
        (attending.undo_check_in if undo else attending.check_in)(guest, by=person)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{address}?{urlencode({'last': guest.pk})}")
    if undo:
        messages.success(request, _("Undone: %(name)s is not checked in.") % {"name": guest.name})
        return redirect(address)
    return redirect(f"{address}?{urlencode({'last': guest.pk})}")


@require_http_methods(["GET", "HEAD", "POST"])
def walk_in(request: HttpRequest, number: str) -> HttpResponse:
    """Somebody stands there without registration: a short form, admitted at once."""
    event, person = _event(request, number)
    party_rules.may_register(person, event).or_raise()
    rules.is_helper(person).or_raise()
    data = request.POST if request.method == "POST" else None
    form = RegistrationForm(data, event=event, by=None, short=True, rows=[{}])
    because, full = request.POST.get("over_because", "")[:300], not event_queries.places_left(event)
    if request.method == "POST" and form.is_valid():
        try:
            party = actions.walk_in(event, form.registration(by=person.ref), by=person,
                                    because=because)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            for guest in party.guests.select_related("party__event"):
                attending.check_in(guest, by=person)
            messages.success(request, _("Registered and checked in. Print the badge below."))
            return redirect(party)
    wrong = form.is_bound and not form.is_valid()
    return render(request, "meetings/walk_in.html", {
        **frame(request, event, "check_in"), "form": form, "rows": form.guest_forms,
        "sections": sections(form, LAYOUT), "full": full, "because": because},
        status=422 if wrong else 200)
