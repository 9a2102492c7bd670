"""Setting up an event: a checklist, and a page for each kind of part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saphan.design import formats
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.meetings import cutting, languages
from saphan.rooms.meetings.actions import setup as actions
from saphan.rooms.meetings.forms import setup as forms
from saphan.rooms.meetings.models import Delegation, Event, Interpreter, Place, Session, Slot
from saphan.rooms.meetings.queries import events as event_queries
from saphan.rooms.meetings.queries import setup as queries
from saphan.rooms.meetings.rules import events as rules
from saphan.rooms.meetings.views.common import asker, event_or_404, frame, to_sign_in


@dataclass(frozen=True)
class Kind:
    """A kind of part: its model, its form, its words."""

    model: Any
    form: Any
    title: str | Promise
    add: str | Promise
    help: str | Promise = ""


KINDS = {
    "places": Kind(Place, forms.PlaceForm, gettext_lazy("Rooms and tables"),
                   gettext_lazy("Add a place"), gettext_lazy(
                       "Rooms with tables, and lines for meetings online.")),
    "sessions": Kind(Session, forms.SessionForm, gettext_lazy("Sessions"),
                     gettext_lazy("Add a session"), gettext_lazy(
                         "What people attend together: an opening, talks, a visit. Who attends is "
                         "in no meeting at that time.")),
    "interpreters": Kind(Interpreter, forms.InterpreterForm, gettext_lazy("Interpreters"),
                         gettext_lazy("Add an interpreter"), gettext_lazy(
                             "Each gets meetings in her shifts only, with breaks, and never more "
                             "than you say.")),
    "delegations": Kind(Delegation, forms.DelegationForm, gettext_lazy("Delegations"),
                        gettext_lazy("Add a delegation"), gettext_lazy(
                            "Participants who travel together. A host may sit in on all their "
                            "meetings.")),
}
PARTS = (("setup", gettext_lazy("Checklist")), ("slots", gettext_lazy("Days and times")),
         *((name, kind.title) for name, kind in KINDS.items()))


def _event(request: HttpRequest, number: str) -> tuple[Event, Person]:
    """The event and somebody of the staff; to everybody else there is no such page. Who may look
    but not change is refused what she sends."""
    event, person = event_or_404(request, number), asker(request)
    if person is None or not rules.looks_at_events(person):
        raise Http404
    if request.method == "POST":
        rules.may_edit(person, event).or_raise()
    return event, person


def _frame(request: HttpRequest, event: Event, part: str) -> dict[str, Any]:
    person = asker(request)
    return {**frame(request, event, "setup"), "part": part, "parts": [
        (name, label, _address(event, name)) for name, label in PARTS],
        "may_edit": bool(rules.may_edit(person, event))}


def _address(event: Event, part: str) -> str:
    """Where a line of the checklist is dealt with."""
    if part in KINDS:
        return reverse("meetings:setup_parts", args=[event.number, part])
    name = {"setup": "setup", "slots": "setup_slots"}.get(part, part)
    try:
        return reverse(f"meetings:{name}", args=[event.number])
    except NoReverseMatch:
        return ""


@require_safe
def checklist(request: HttpRequest, number: str) -> HttpResponse:
    """What is still missing before the event can open, and before it can be planned."""
    if asker(request) is None:
        return to_sign_in(request.get_full_path())
    event, _person = _event(request, number)
    return render(request, "meetings/setup.html", {
        **_frame(request, event, "setup"), "lists": [
            (_("Before it can open"), _lines(event, queries.to_open(event))),
            (_("Before the timetable can be made"), _lines(event, queries.to_plan(event)))],
        "needs": queries.needs(event)[:12]})


def _lines(event: Event, checks: list[queries.Check]) -> list[dict[str, Any]]:
    return [{"check": check, "url": _address(event, check.part)} for check in checks]


@require_http_methods(["GET", "HEAD", "POST"])
def slots(request: HttpRequest, number: str) -> HttpResponse:
    """The times for meetings: made by a pattern, shown before they are kept, changed one by one."""
    event, person = _event(request, number)
    form = forms.SlotsForm(request.POST if request.method == "POST" else None, event=event)
    shown: list[cutting.Stretch] | None = None
    if request.method == "POST" and form.is_valid():
        shown = form.stretches()
        if request.POST.get("action") == "keep":
            try:
                count = actions.set_slots(event, shown, by=person)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Saved: %(number)s times for meetings.") % {
                    "number": formats.number(count)})
                return redirect("meetings:setup_slots", event.number)
    days: Any = form.fields["days"]
    days.choices = [(day.isoformat(), formats.day(day, style="full")) for day in form.all_days]
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "meetings/setup_slots.html", {
        **_frame(request, event, "slots"), "form": form, "preview": _by_day(event, shown),
        "days": queries.slots_by_day(event), "slot_form": forms.SlotForm(event=event),
        "count": event.slots.count(), "shown": shown}, status=status)


def _by_day(event: Event, stretches: list[cutting.Stretch] | None) -> list[tuple[Any, list[Any]]]:
    days: dict[Any, list[Any]] = {}
    for begins, ends in stretches or []:
        days.setdefault(begins.astimezone(event.zone).date(), []).append((begins, ends))
    return list(days.items())


@require_POST
def add_slot(request: HttpRequest, number: str) -> HttpResponse:
    event, person = _event(request, number)
    form = forms.SlotForm(request.POST, event=event)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect("meetings:setup_slots", event.number)
    try:
        actions.add_slot(event, *form.stretch(), by=person)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return redirect("meetings:setup_slots", event.number)


@require_POST
def remove_slot(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    event, person = _event(request, number)
    slot: Slot | None = event.slots.filter(pk=pk).select_related("event").first()
    if slot is None:
        raise Http404
    try:
        actions.remove_slot(slot, by=person)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("This time is removed."))
    return redirect("meetings:setup_slots", event.number)


@require_http_methods(["GET", "HEAD", "POST"])
def parts(request: HttpRequest, number: str, part: str, pk: int = 0) -> HttpResponse:
    """All places, sessions, interpreters or delegations, with a form for one more or for one that
    changes."""
    event, person = _event(request, number)
    kind = KINDS.get(part)
    record = kind.model.objects.filter(event=event, pk=pk).first() if kind and pk else None
    if kind is None or (pk and record is None):
        raise Http404
    form = kind.form(request.POST if request.method == "POST" else None, event=event, part=record)
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep(event, kind.model, form.values(by=person.ref), by=person, part=record)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("meetings:setup_parts", event.number, part)
    wrong = form.is_bound and not form.is_valid()
    return render(request, "meetings/setup_parts.html", {
        **_frame(request, event, part), "kind": kind, "form": form, "record": record,
        "items": _items(event, part), "needs": queries.needs(event)
        if part == "interpreters" else [],
        "walks": _walks(event) if part == "places" else []}, status=422 if wrong else 200)


def _items(event: Event, part: str) -> list[dict[str, Any]]:
    if part == "sessions":
        return [{"record": each, "name": each.title.best()}
                for each in event_queries.sessions(event)]
    if part == "interpreters":
        return [{"record": each, "speaks": languages.said(each.speaks)}
                for each in event.interpreters.all()]
    if part == "delegations":
        found = event.delegations.select_related("economy", "host__party__organisation")
        return [{"record": each, "name": each.name.best(), "parties": each.parties.count()}
                for each in found]
    return [{"record": each, "name": each.name.best()} for each in event.places.all()]


def _walks(event: Event) -> list[dict[str, Any]]:
    """Each pair of places on site with the minutes between them."""
    rooms = [place for place in event.places.all() if not place.online]
    return [{"name": f"walk-{one.pk}-{other.pk}", "one": one, "other": other,
             "minutes": one.walks.get(str(other.pk), "")}
            for at, one in enumerate(rooms) for other in rooms[at + 1:]]


@require_POST
def walks(request: HttpRequest, number: str) -> HttpResponse:
    """Keep the minutes on foot between the places."""
    event, person = _event(request, number)
    minutes: dict[tuple[int, int], int] = {}
    for row in _walks(event):
        given = request.POST.get(row["name"], "").strip()
        if given and not (given.isdecimal() and int(given[:6]) <= 240):
            messages.error(request, _("Minutes on foot are a number from 0 to 240."))
            return redirect("meetings:setup_parts", event.number, "places")
        if given:
            minutes[row["one"].pk, row["other"].pk] = int(given)
    try:
        actions.set_walks(event, minutes, by=person)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return redirect("meetings:setup_parts", event.number, "places")


@require_POST
def remove_part(request: HttpRequest, number: str, part: str, pk: int) -> HttpResponse:
    event, person = _event(request, number)
    kind = KINDS.get(part)
    record = kind.model.objects.filter(event=event, pk=pk).select_related("event").first() \
        if kind else None
    if record is None:
        raise Http404
    try:
        actions.remove(record, by=person)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Removed."))
    return redirect("meetings:setup_parts", event.number, part)
