"""Events as the public and their organisers see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from saphan.ground import clock
from saphan.ground.access import Refused
from saphan.ground.text import Reading, Text
from saphan.house.pages import steps
from saphan.house.vocabulary import Sector
from saphan.people import queries as people
from saphan.people.models import Person
from saphan.rooms.meetings.actions import events as actions
from saphan.rooms.meetings.forms.events import CancelForm, DuplicateForm
from saphan.rooms.meetings.models import Event, Party
from saphan.rooms.meetings.queries import events as queries
from saphan.rooms.meetings.queries import plates
from saphan.rooms.meetings.queries.programme import programme
from saphan.rooms.meetings.rules import events as rules
from saphan.rooms.meetings.rules import parties as party_rules
from saphan.rooms.meetings.views.common import asker, event_or_404, frame, to_sign_in
from saphan.rooms.meetings.vocabulary import Mode

PAGE = 20
ORDER = {"open": 0, "close": 0, "begin": 0, "finish": 0, "reopen": 1, "cancel": 2}  # of buttons


class FilterForm(forms.Form):
    """What the list of events can be narrowed to."""

    use_required_attribute = False

    sector = forms.ChoiceField(label=gettext_lazy("Sector"), required=False)
    mode = forms.ChoiceField(label=gettext_lazy("On site or online"), required=False)

    def __init__(self, filters: queries.Filters) -> None:
        super().__init__(initial={"sector": filters.sector, "mode": filters.mode},
                         auto_id="filter_%s")
        every = ("", pgettext_lazy("filter", "All"))
        self.fields["sector"].choices = [every, *Sector.choices]  # type: ignore[attr-defined]
        self.fields["mode"].choices = [every, *Mode.choices]  # type: ignore[attr-defined]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Events that run, that come, that are over; for the staff also drafts."""
    person, filters = asker(request), queries.Filters.read(request.GET)
    past = Paginator(queries.shelf("past", filters), PAGE).get_page(request.GET.get("page"))
    running = list(queries.shelf("running", filters)[:50])
    coming = list(queries.shelf("coming", filters)[:100])
    staff, standing = rules.looks_at_events(person), queries.registered_by(person)
    return render(request, "meetings/home.html", {
        "running": _plated(running, standing), "coming": _plated(coming, standing),
        "past": _plated(past.object_list, standing), "page": past,
        "drafts": _plated(queries.drafts()[:50], {}) if staff else [],
        "form": FilterForm(filters), "narrowed": filters != queries.Filters(),
        "staff": staff, "may_start": bool(rules.may_start(person))})


def _plated(found: Any, standing: dict[int, str]) -> list[dict[str, Any]]:
    return [{"plate": plates.plate_of(event), "mine": standing.get(event.pk, "")}
            for event in found]


def original_of(text: Text) -> Reading | None:
    """The author's own words, if the reader is shown others."""
    reading = text.best()
    if reading.is_source or text.source not in text:
        return None
    words = text[text.source]
    return Reading(words.text, text.source, words, text.source, text.source)


@require_safe
def event(request: HttpRequest, number: str) -> HttpResponse:
    record, person = event_or_404(request, number), asker(request)
    shown, runs = frame(request, record, "event"), rules.runs_events(asker(request))
    counted = queries.represented(record)
    names, sectors = people.economy_names(), dict(Sector.choices)
    return render(request, "meetings/event.html", {
        **shown, "plate": plates.plate_of(record), "summary": record.summary.best(),
        "summary_original": original_of(record.summary), "title_original": original_of(
            record.title), "description": record.description.best(),
        "description_original": original_of(record.description), "when": plates.when(record),
        "standing": plates.standing(record), "places": plates.places_words(record),
        "venue": record.venue.best(), "stations": stations(record),
        "counted": counted, "economies": [(names.get(code, code), number)
                                          for code, number in counted.economies],
        "sectors": [(sectors.get(code, code), number) for code, number in counted.sectors],
        "days": programme(record)[:3], "may_register": _may_register(person, record, shown["mine"]),
        "steps": steps(person, record, rules.BY_TRANSITION, order=ORDER) if runs else [],
        "may_edit": bool(rules.may_edit(person, record)),
        "may_remove": bool(rules.may_remove(person, record)), "runs": runs,
        "cancel_form": CancelForm(), "duplicate_form": DuplicateForm()})


def _may_register(person: Person | None, record: Event, mine: Sequence[Party]) -> bool:
    return not mine and (record.takes_registrations or bool(
        party_rules.may_register(person, record)))


@dataclass(frozen=True)
class Station:
    """A point of the event's way: `stage` is past, now or ahead."""

    label: str | Promise
    when: Any
    stage: str


def stations(record: Event) -> list[Station]:
    """Registration, wishes, timetable, event: what is behind, what is now."""
    state, State = record.state, Event.State
    if state in (State.DRAFT, State.CANCELLED):
        return []
    if state == State.OPEN:
        now = 0 if clock.now() < record.registration_ends else 1 if record.takes_wishes else 2
    else:
        now = 2 if state == State.PLANNING else 3 if state == State.RUNNING else 4
    marks: list[tuple[Any, Any]] = [
        (gettext_lazy("Registration until"), record.registration_ends),
        (gettext_lazy("Wishes until"), record.wishes_end),
        (gettext_lazy("The timetable is made"), None),
        (gettext_lazy("The event"), record.first_day)]
    return [Station(label, when, "past" if at < now else "now" if at == now else "ahead")
            for at, (label, when) in enumerate(marks)]


@require_POST
def move(request: HttpRequest, number: str, transition: str) -> HttpResponse:
    """Press a button of the event. A refusal comes back as a message with its reason."""
    record, person = event_or_404(request, number), asker(request)
    verb = actions.BY_TRANSITION.get(transition)
    if verb is None:
        raise Http404
    if person is None:
        return to_sign_in(record.get_absolute_url())
    given = {"because": request.POST.get("because", "")} \
        if transition in actions.WITH_A_REASON else {}
    try:
        verb(record, by=person, **given)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done. This event is now: %(state)s.") % {
            "state": record.get_state_display()})
    return redirect(record)


@require_POST
def duplicate(request: HttpRequest, number: str) -> HttpResponse:
    """A draft of the same event on other days."""
    record, person, form = event_or_404(request, number), asker(request), DuplicateForm(
        request.POST)
    if person is None:
        return to_sign_in(record.get_absolute_url())
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect(record)
    try:
        copy = actions.duplicate(record, form.cleaned_data["first_day"], by=person)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(record)
    messages.success(request, _("This is the copy. Look at its dates and words."))
    return redirect("meetings:edit", copy.number)


@require_POST
def remove(request: HttpRequest, number: str) -> HttpResponse:
    """A draft that nobody saw goes."""
    record, person = event_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(record.get_absolute_url())
    try:
        actions.remove(record, by=person)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(record)
    messages.success(request, _("The draft is removed."))
    return redirect(reverse("meetings:home"))
