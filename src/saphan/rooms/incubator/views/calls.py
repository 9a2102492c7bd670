"""One call: everything it says, its days, what can be done with it; what others add to its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from zoneinfo import ZoneInfo

from babel.lists import format_list
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from saphan.design import formats
from saphan.ground.access import Refused
from saphan.ground.text import Reading, Text
from saphan.house.moments import instant
from saphan.people import queries as people
from saphan.people.models import Person, Role
from saphan.rooms.incubator import gating, labels
from saphan.rooms.incubator.actions import calls as actions
from saphan.rooms.incubator.forms.calls import CancelForm, ExtendForm, RemarkForm
from saphan.rooms.incubator.models import Call
from saphan.rooms.incubator.queries import calls as queries
from saphan.rooms.incubator.queries.beginnings import beginning
from saphan.rooms.incubator.rules import calls as rules
from saphan.rooms.incubator.views.common import asker, call_or_404, standing, steps, to_sign_in
from saphan.rooms.incubator.vocabulary import Direction, Mode, PartnerType

PARTS = ("answers", "panel", "projects")  # of the page, beside the call's own words
WORDS = ("scenario", "environment", "data_available", "ip_terms", "support")
VERBS = {
    "drafted": gettext_lazy("Draft begun"),
    "submitted": gettext_lazy("Submitted"),
    "taken_back": gettext_lazy("Taken back by its author"),
    "returned": gettext_lazy("Returned to its author"),
    "posted": gettext_lazy("Announced"),
    "opened": gettext_lazy("Opened for answers"),
    "extended": gettext_lazy("Deadline moved"),
    "ended": gettext_lazy("Time for answers ended"),
    "decided": gettext_lazy("Decision announced"),
    "finished": gettext_lazy("Closed"),
    "cancelled": gettext_lazy("Cancelled"),
}


@dataclass(frozen=True)
class Passage:
    """Words of one field as the reader gets them, and the source where that is another language."""

    label: str | Promise
    reading: Reading
    original: Reading | None = None

    @classmethod
    def of(cls, call: Call, name: str) -> Passage:
        text = getattr(call, name)
        return cls(labels.of(call.form, name, rules.label_of(name)), text.best(),
                   original_of(text))


def original_of(text: Text) -> Reading | None:
    """The author's own words, if the reader is shown others."""
    reading = text.best()
    if reading.is_source or text.source not in text:
        return None
    words = text[text.source]
    return Reading(words.text, text.source, words, text.source, text.source)


@dataclass(frozen=True)
class Station:
    """A point of the timeline: `when` it was or will be; `stage` is past, now or ahead."""

    label: str | Promise
    when: datetime | None
    stage: str
    with_time: bool = False


def timeline(call: Call) -> list[Station]:
    """The days of a call: announced, answers, deadline, decision, closed. What is not known yet
    has no day."""
    state, State = call.state, Call.State
    order = [State.POSTED, State.ANSWERING, State.EVALUATION, State.ASSIGNED, State.CLOSED]
    if state not in order:
        return []
    at = [str(each) for each in order].index(str(state))
    marks: list[tuple[Any, datetime | None, int, bool]] = [
        (gettext_lazy("Announced"), call.posted, 0, False),
        (gettext_lazy("Answers until"), call.deadline, 1, True),
        (gettext_lazy("Panel reads"), call.unsealed, 2, False),
        (gettext_lazy("Decided"), call.decided, 3, False),
        (gettext_lazy("Closed"), None, 4, False)]
    return [Station(label, when, "past" if at > place else "now" if at == place else "ahead",
                    with_time) for label, when, place, with_time in marks]


@require_safe
def call(request: HttpRequest, number: str) -> HttpResponse:
    record, person = call_or_404(request, number), asker(request)
    concerned = rules.is_concerned(person, record)
    parts, extra = blocks(request, record, person)
    history = [(at, VERBS[name]) for at, name in queries.history(record, asker=person)
               if name in VERBS]
    return render(request, "incubator/call.html", {
        "call": record, "plate": queries.plate_of(record), "summary": record.summary.best(),
        "title_original": original_of(record.title), "time_left": queries.time_left(record),
        "summary_original": original_of(record.summary),
        "passages": [Passage.of(record, name) for name in WORDS if getattr(record, name)],
        "timeline": timeline(record), "rubric": queries.rubric_of(record),
        "indicators": [goal_of(row) for row in record.indicators],
        "eligibility": eligibility(record), "facts": facts(record),
        "eligibility_words": Passage.of(record, "eligibility") if record.eligibility else None,
        "own_zone": own_zone(person, record), "budget_label": labels.of(
            record.form, "budget_amount", rules.label_of("budget_amount")),
        "modes": [Mode(mode).label for mode in record.modes if mode in Mode.values],
        "begun": beginning(record.came_from, asker=person) if record.came_from else None,
        "concerned": concerned, "runs_calls": rules.runs_calls(person), "history": history,
        "steps": steps(person, record), "may_edit": bool(rules.may_edit(person, record)),
        "may_extend": bool(rules.may_extend(person, record)), "extend_form": ExtendForm(),
        "told": gating.told(record) if rules.looks_at_the_desk(person) else [],
        "remark": RemarkForm(), "cancel_form": CancelForm(),
        "managers": managers(record) if rules.runs_calls(person) else [],
        "parts": parts, **extra, **standing(request)})


def blocks(request: HttpRequest, record: Call,
           person: Person | None) -> tuple[list[str], dict[str, Any]]:
    """What the other parts of the room add: their templates, and what these must know."""
    templates, context = [], dict[str, Any]()
    for name in PARTS:
        module = f"{__package__}.{name}"
        if find_spec(module) is None:
            continue
        found = getattr(import_module(module), "blocks", None)
        if found is not None:
            context |= found(request, record, person)
            templates.append(f"incubator/call_{name}.html")
    return templates, context


def goal_of(row: dict[str, Any]) -> dict[str, Any]:
    """An indicator with its goal in the reader's words; a unit that is a word stays as written."""
    unit = row.get("unit", "")
    return {"name": row["name"], "must": row.get("must"),
            "direction": Direction(row["direction"]).label,
            "value": formats.number(row["value"], unit=unit if unit == "%" else ""),
            "unit": "" if unit == "%" else unit}


def eligibility(record: Call) -> list[str]:
    """Who may answer, line by line, in the reader's words."""
    found: list[str] = []
    if record.lead_types:
        found.append(_("The lead is one of: %(kinds)s") % {"kinds": _listed(
            str(PartnerType(kind).label) for kind in record.lead_types
            if kind in PartnerType.values)})
    if record.lead_economies:
        names = people.economy_names()
        found.append(_("The lead is at home in: %(economies)s") % {"economies": _listed(
            names.get(code, code) for code in record.lead_economies)})
    if record.economies_at_least > 1:
        found.append(ngettext(
            "The team comes from at least %(number)d country or region",
            "The team comes from at least %(number)d countries or regions",
            record.economies_at_least) % {"number": record.economies_at_least})
    return found


def _listed(words: Iterable[str]) -> str:
    return format_list(list(words), style="or", locale=formats.locale_of(get_language() or "en"))


def facts(record: Call) -> list[tuple[Any, Any]]:
    """Short facts with their labels, those that are said."""
    rows: list[tuple[Any, Any]] = [
        (rules.label_of("sector"), record.get_sector_display()),
        (rules.label_of("months"), record.months)]
    return [(label, value) for label, value in rows if value not in ("", None)]


def own_zone(person: Person | None, record: Call) -> str:
    """The reader's time zone, if known and showing another time than the owner's."""
    if person is None or person.economy is None or record.deadline is None:
        return ""
    zone = person.economy.time_zone
    here, there = (clock_in(record.deadline, name) for name in (zone, record.time_zone))
    return zone if here != there else ""


def clock_in(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def managers(record: Call) -> list[Person]:
    """Who could look after the call instead of the one who does."""
    return [person for person in people.persons(
        role=Role.Name.PROGRAMME_MANAGER, active=True) if person.pk != record.manager_id]


@require_POST
def move(request: HttpRequest, number: str, transition: str) -> HttpResponse:
    """Press a button of the call. A refusal comes back as a message with its reason."""
    record, person = call_or_404(request, number), asker(request)
    verb = actions.BY_TRANSITION.get(transition)
    if verb is None:
        raise Http404
    if person is None:
        return to_sign_in(record.get_absolute_url())
    given = {"because": request.POST.get("because", "")} \
        if transition in actions.WITH_A_REASON else {}
    try:
        verb(record, by=person, **given)
    except gating.Held:  # the page where she writes shows what is marked, and takes her answer
        messages.error(request, _("The quality gate found something. Save and submit it here to "
                                  "see what."))
        return redirect("incubator:edit", record.number)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done. This call is now: %(state)s.") % {
            "state": record.get_state_display()})
    known = {"desk": reverse("incubator:desk"), "mine": reverse("incubator:mine")}
    return redirect(known.get(request.POST.get("next", "")) or record.get_absolute_url())


@require_POST
def extend(request: HttpRequest, number: str) -> HttpResponse:
    """Move the deadline, once."""
    record, person, form = call_or_404(request, number), asker(request), ExtendForm(request.POST)
    if person is None:
        return to_sign_in(record.get_absolute_url())
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect(record)
    deadline = instant(form.cleaned_data["deadline"], record.time_zone)
    assert deadline is not None
    try:
        actions.extend(record, by=person, deadline=deadline,
                       because=form.cleaned_data["because"])
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The deadline was moved. Everybody who works on the call "
                                    "hears of it."))
    return redirect(record)


@require_POST
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """Another programme manager looks after the call from now on."""
    record, person = call_or_404(request, number), asker(request)
    to = next((other for other in managers(record) if other.ref == request.POST.get("to")), None)
    if person is None or not rules.runs_calls(person) or to is None:
        raise Http404
    actions.hand_over(record, to=to, by=person)
    messages.success(request, _("%(name)s looks after this call now.") % {"name": to})
    return redirect(record)
