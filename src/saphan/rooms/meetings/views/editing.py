"""Making an event and changing it. Nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from saphan.ground.access import Refused
from saphan.house.fields import WordsField
from saphan.rooms.meetings.actions import events as actions
from saphan.rooms.meetings.forms.events import EventForm, initial_of
from saphan.rooms.meetings.models import Event
from saphan.rooms.meetings.rules import events as rules
from saphan.rooms.meetings.views.common import asker, event_or_404, frame, to_sign_in

SECTIONS: tuple[tuple[Any, tuple[str, ...], Any], ...] = (
    (gettext_lazy("What it is about"), (
        "title", "summary", "description", "lang", "sector"), ""),
    (gettext_lazy("Where and when"), (
        "mode", "economy", "venue", "address", "time_zone", "first_day", "last_day"), ""),
    (gettext_lazy("Who may come, until when"), (
        "capacity", "needs_approval", "registration_ends", "wishes_end"),
     gettext_lazy("Days and times are on the clock of the event.")),
    (gettext_lazy("How the timetable is made"), (
        "floor", "most", "language_level", "relay", "unanswered"), ""),
)


@dataclass(frozen=True)
class Section:
    """Questions that belong together, under one heading."""

    title: str | Promise
    fields: list[BoundField]
    help: str | Promise = ""


def sections(form: forms.Form, layout: Iterable[tuple[Any, tuple[str, ...], Any]]) -> list[Section]:
    """The form's questions in their order; without those that are not asked."""
    found = [Section(title, [form[name] for name in names if name in form.fields], help_text)
             for title, names, help_text in layout]
    return [section for section in found if section.fields]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Hold an event: it begins as a draft that only the staff see."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    rules.may_start(person).or_raise()
    form = EventForm(request.POST if request.method == "POST" else None, by=person)
    if request.method == "POST" and form.is_valid():
        event = actions.start(form.values(by=person.ref), by=person)
        messages.success(request, _("Saved. Now say when and where meetings can be."))
        return redirect("meetings:setup", event.number)
    return render(request, "meetings/event_form.html", {
        "form": form, "sections": sections(form, SECTIONS)},
        status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Change an event. Who saves what she did not see overwrites nothing."""
    event, person = event_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    rules.may_edit(person, event).or_raise()
    if request.method != "POST":
        return _page(request, EventForm(event=event), event)
    form = EventForm(request.POST, event=event)
    if not form.is_valid():
        return _page(request, form, event, status=422)
    given = request.POST.get("version", "")
    version = int(given) if given.isdecimal() and len(given) < 10 else None
    try:
        actions.save(event, form.values(by=person.ref), by=person, version=version)
    except actions.Conflict:
        theirs = Event.objects.get(pk=event.pk)
        return _page(request, form, theirs, status=409, conflict=differences(form, theirs))
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, event, status=422)
    messages.success(request, _("Saved."))
    return redirect(event)


def differences(form: EventForm, theirs: Event) -> list[tuple[Any, Any]]:
    """Fields where the saved event is not what she just wrote: label and their value."""
    saved, found = initial_of(theirs), []
    for name, field in form.fields.items():
        written = form.cleaned_data.get(name)
        if isinstance(field, WordsField):
            written = (written or {}).get("", "")
        if name != "lang" and written != saved[name]:
            found.append((field.label, saved[name]))
    return found


def _page(request: HttpRequest, form: EventForm, event: Event, *, status: int = 200,
          **context: Any) -> HttpResponse:
    return render(request, "meetings/event_form.html", {
        **frame(request, event, "edit"), "form": form, "sections": sections(form, SECTIONS),
        **context}, status=status)
