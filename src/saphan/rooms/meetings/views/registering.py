"""A participant registers, changes and withdraws; its page for those who may see it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saphan.ground.access import Refused
from saphan.house.pages import Step, steps
from saphan.people.models import Person
from saphan.rooms.meetings import languages
from saphan.rooms.meetings.actions import parties as actions
from saphan.rooms.meetings.forms.parties import (
    GUESTS_AT_MOST,
    OF_THE_ORGANISATION,
    DeclineForm,
    RegistrationForm,
)
from saphan.rooms.meetings.models import Event, Guest, Party
from saphan.rooms.meetings.queries import events as event_queries
from saphan.rooms.meetings.queries import registrations as queries
from saphan.rooms.meetings.rules import events as event_rules
from saphan.rooms.meetings.rules import parties as rules
from saphan.rooms.meetings.views.common import (
    asker,
    event_or_404,
    frame,
    party_or_404,
    to_sign_in,
)
from saphan.rooms.meetings.views.editing import sections
from saphan.rooms.meetings.views.events import original_of
from saphan.rooms.meetings.vocabulary import Presence

KEPT = "meetings_registration"  # the session's key for what was written before she signed in
LONGEST = 60_000
LAYOUT: tuple[tuple[Any, tuple[str, ...], Any], ...] = (
    (gettext_lazy("For whom"), (*OF_THE_ORGANISATION, "sector", "delegation"), ""),
    (gettext_lazy("What you offer and seek"), ("about", "seeks", "lang", "most"),
     gettext_lazy("Write in your own language.")),
)
DESK_ONLY = frozenset({"approve", "put_on_list", "decline"})
OWN_ONLY = frozenset({"apply_again"})


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, number: str) -> HttpResponse:
    """Her registrations at the event, or the form for one."""
    event, person = event_or_404(request, number), asker(request)
    if request.method == "POST":
        return _register(request, event, person)
    if person is None:
        return to_sign_in(request.get_full_path())
    shown = frame(request, event, "register")
    if shown["mine"] and "more" not in request.GET:
        mine = shown["mine"]
        prefetch_related_objects(mine, "guests")
        return render(request, "meetings/registered.html", {
            **shown, "cards": [_card(person, party) for party in mine],
            "may_add": bool(rules.may_register(person, event)), **_more_links(event)})
    verdict = rules.may_register(person, event)
    kept = request.session.pop(KEPT, None)
    if kept and kept["event"] == event.number:
        return _form(request, event, RegistrationForm(
            QueryDict(kept["sent"]), event=event, by=person), restored=True)
    form = RegistrationForm(event=event, by=_herself(person))
    return _form(request, event, form, refusal="" if verdict else str(verdict.reason))


def _herself(person: Person) -> Person | None:
    """The staff register others: nothing of theirs is filled in."""
    return None if event_rules.helps_at_events(person) else person


def _register(request: HttpRequest, event: Event, person: Person | None) -> HttpResponse:
    if person is None:
        request.session[KEPT] = {"event": event.number,
                                 "sent": request.POST.urlencode()[:LONGEST]}
        messages.info(request, _("Please sign in or register. What you wrote is kept."))
        return to_sign_in(reverse("meetings:register", args=[event.number]))
    form = RegistrationForm(request.POST, event=event, by=person)
    if request.POST.get("action") == "more":
        return _form(request, event, _with_a_row(form))
    if not form.is_valid():
        return _form(request, event, form, status=422)
    try:
        party = actions.register(event, form.registration(by=person.ref), by=person)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _form(request, event, form, status=422)
    messages.success(request, _welcome(party))
    if event_rules.helps_at_events(person):
        return redirect(party)
    return redirect("meetings:register", event.number)


def _with_a_row(form: RegistrationForm) -> RegistrationForm:
    """The same words in a form with room for one more guest."""
    initial, rows = form.typed()
    blank = {"presence": Presence.ONSITE, "language": rows[0]["language"] if rows else ""}
    return RegistrationForm(initial=initial, event=form.event, by=form.by, party=form.record,
                            rows=[*rows, blank][:GUESTS_AT_MOST])


def _welcome(party: Party) -> str:
    if party.state == Party.State.APPROVED:
        return _("You are registered. We look forward to meeting you.")
    if party.state == Party.State.WAITING:
        return _("All places are taken now. You are on the waiting list, and hear from us by "
                 "e-mail as soon as a place becomes free.")
    return _("Your registration has arrived. The staff look at it, and you hear from us by "
             "e-mail.")


def _form(request: HttpRequest, event: Event, form: RegistrationForm, *, status: int = 200,
          **context: Any) -> HttpResponse:
    return render(request, "meetings/register.html", {
        **frame(request, event, "register"), "form": form, "party": form.record,
        "sections": sections(form, LAYOUT), "rows": form.guest_forms,
        "may_add_guests": len(form.guest_forms) < GUESTS_AT_MOST,
        "left": event_queries.places_left(event), **context}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """Change what a participant says, and whom it sends."""
    event, person = event_or_404(request, number), asker(request)
    party = party_or_404(request, event, position)
    if person is None or not rules.may_read(person, party):
        raise Http404
    verdict = rules.may_edit(person, party)
    if request.method != "POST":
        return _form(request, event, RegistrationForm(event=event, by=person, party=party),
                     refusal="" if verdict else str(verdict.reason))
    form = RegistrationForm(request.POST, event=event, by=person, party=party)
    if request.POST.get("action") == "more":
        return _form(request, event, _with_a_row(form))
    if not form.is_valid():
        return _form(request, event, form, status=422)
    try:
        actions.save(party, form.registration(by=person.ref), by=person)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _form(request, event, form, status=422)
    messages.success(request, _("Saved."))
    return redirect(party)


def party_steps(person: Person | None, party: Party) -> list[Step]:
    """What she may do with the registration now."""
    desk = event_rules.helps_at_events(person)
    mine = rules.speaks_for(person, party)
    if not (desk or mine):
        return []
    order = {"approve": 0, "apply_again": 0, "put_on_list": 1, "decline": 2, "withdraw": 3}
    return [step for step in steps(person, party, rules.BY_TRANSITION, order=order)
            if desk or step.move.name not in DESK_ONLY]


def _card(person: Person | None, party: Party) -> dict[str, Any]:
    """A registration as its own people see it."""
    line = queries.place_in_line(party) if party.state == Party.State.WAITING else 0
    return {"party": party, "name": party.organisation.reading(), "line": line,
            "guests": [_guest(guest, True) for guest in party.guests.all()],
            "steps": party_steps(person, party), "decline_form": DeclineForm(),
            "may_edit": bool(rules.may_edit(person, party))}


def _guest(guest: Guest, open_: bool) -> dict[str, Any]:
    """What is shown of a guest; addresses only to her own people and the staff."""
    return {"guest": guest, "speaks": languages.said(guest.speaks), "open": open_,
            "online": guest.presence == Presence.ONLINE}


def _more_links(event: Event) -> dict[str, str]:
    """Pages of other parts of the room, where there are any."""
    links = {}
    for name in ("wishes", "my_day", "people"):
        try:
            links[f"{name}_url"] = reverse(f"meetings:{name}", args=[event.number])
        except NoReverseMatch:
            continue
    return links


@require_safe
def party(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """A participant: what it does, whom it seeks, whom it sends."""
    event, person = event_or_404(request, number), asker(request)
    found = party_or_404(request, event, position)
    desk, mine = event_rules.looks_at_events(person), rules.speaks_for(person, found)
    return render(request, "meetings/party.html", {
        **frame(request, event, "people"), "party": found, "name": found.organisation.reading(),
        "about": found.about.best(), "about_original": original_of(found.about),
        "seeks": found.seeks.best(), "seeks_original": original_of(found.seeks),
        "guests": [_guest(guest, desk or mine) for guest in found.guests.all()],
        "desk": desk, "is_mine": mine, "steps": party_steps(person, found),
        "decline_form": DeclineForm(), "may_edit": bool(rules.may_edit(person, found)),
        "line": queries.place_in_line(found) if found.state == Party.State.WAITING and (
            desk or mine) else 0,
        "over": not rules.has_room(person, found) if desk else False, **_more_links(event)})


@require_POST
def move(request: HttpRequest, number: str, position: int, transition: str) -> HttpResponse:
    """Press a button of a registration."""
    event, person = event_or_404(request, number), asker(request)
    found = party_or_404(request, event, position)
    verb = actions.BY_TRANSITION.get(transition)
    if verb is None:
        raise Http404
    if person is None:
        return to_sign_in(found.get_absolute_url())
    given: dict[str, str] = {}
    if transition == "decline":
        given["because"] = request.POST.get("because", "")
    if transition == "approve":
        given["over_because"] = request.POST.get("over_because", "")[:300]
    try:
        verb(found, by=person, **given)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done. This registration is now: %(state)s.") % {
            "state": found.get_state_display()})
    if request.POST.get("next") == "register":
        return redirect("meetings:register", event.number)
    return redirect(found)


@require_POST
def note(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """A remark of the staff for the staff."""
    event, person = event_or_404(request, number), asker(request)
    found = party_or_404(request, event, position)
    if person is None or not event_rules.looks_at_events(person):
        raise Http404
    try:
        actions.note(found, request.POST.get("remark", ""), by=person)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return redirect(found)
