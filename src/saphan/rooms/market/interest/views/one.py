"""One interest: who is who as far as the reader may know, where it stands, what can be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from saphan.ground.access import Refused, Verdict
from saphan.house.pages import kept_file, to_sign_in
from saphan.people.models import Person
from saphan.rooms.market import queries as market
from saphan.rooms.market import rules as market_rules
from saphan.rooms.market.interest import actions, queries, rules
from saphan.rooms.market.interest.forms import (
    CloseForm,
    HandOverForm,
    InterestForm,
    MeetingForm,
    NoteForm,
    ProgressForm,
    ReplyForm,
)
from saphan.rooms.market.interest.queries import Shown
from saphan.rooms.market.interest.views.common import (
    asker,
    interest_or_404,
    next_step,
    path_of,
)
from saphan.rooms.market.models import Interest
from saphan.rooms.market.passages import Passage, original_of

QUESTIONS = ("purpose", "brings", "timing")
LABELS: dict[str, Any] = {name: InterestForm.base_fields[name].label for name in QUESTIONS}
Post = Any


@require_safe
def interest(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """The page of one interest."""
    if asker(request) is None:
        return to_sign_in(request.get_full_path())
    return _page(request, interest_or_404(request, number, position))


def _page(request: HttpRequest, found: Interest, *, wrong: dict[str, Any] | None = None,
          status: int = 200) -> HttpResponse:
    person = asker(request)
    shown = queries.shown(found, to=person)
    return render(request, "market/interest/one.html", {
        "interest": found, "shown": shown, "next": next_step(found, shown),
        "path": path_of(found),
        "answers": [Passage(LABELS[name], getattr(found, name).best(),
                            original_of(getattr(found, name)))
                    for name in QUESTIONS if getattr(found, name)],
        "reply": found.reply.best() if found.reply else None,
        "plate": market.plate_of(found.listing, asker=person),
        "own_plate": market.plate_of(shown.own_listing, asker=person)
        if shown.own_listing else None,
        "steps": _steps(person, found, shown, wrong or {}),
        "progress": [{"record": each, "may_confirm": bool(rules.may_confirm(person, each))}
                     for each in queries.progress_of(found)],
        "encounters": queries.encounters_of(found),
        "notes": found.notes.all() if shown.is_broker else [],
        "history": [(at, Interest.State(state).label)
                    for at, _name, state in queries.history(found)],
        "works_the_desk": market_rules.works_the_desk(person),
        "brokers": rules.brokers(person)}, status=status)


def _steps(person: Person | None, found: Interest, shown: Shown,
           wrong: dict[str, Any]) -> list[dict[str, Any]]:
    """What she can do now: a verb, its label, its form (or none), and why not where it matters."""
    if person is None:
        return []
    moves = {move.name: move for move in found.lifecycle.possible(found.state)}
    offered: list[dict[str, Any]] = []

    def offer(verb: str, label: Any, verdict: Verdict, *, main: bool = False,
              told: bool = False) -> None:
        if verdict.allowed or told:
            form = wrong.get(verb) or (_form(verb, person, found) if verdict.allowed else None)
            offered.append({"verb": verb, "label": label, "allowed": verdict.allowed, "main": main,
                            "reason": verdict.reason, "form": form, "open": verb in wrong})

    if found.state == Interest.State.ACCEPTED:
        offer("agree", _("Yes, introduce us"), rules.may_agree(person, found), main=True)
    for name, main, told in (("accept", True, False), ("introduce", True, shown.is_broker),
                             ("sign", True, False), ("start", True, False),
                             ("conclude", True, False), ("decline", False, False),
                             ("withdraw", False, False), ("lapse", False, False),
                             ("close", False, False)):
        if name in moves:
            offer(name, moves[name].label, rules.BY_TRANSITION[name](person, found), main=main,
                  told=told)
    if shown.is_broker and not found.is_over:
        if found.is_disclosed:
            offer("meeting", _("Set the first meeting"), rules.may_plan_a_meeting(person, found))
        offer("hand_over", _("Hand over"), rules.may_hand_over(person, found))
        offer("note", _("Write a note"), rules.may_note(person, found))
    return offered


def _form(verb: str, person: Person, found: Interest, data: Any = None,
          files: Any = None) -> forms.Form | None:
    """The form of a verb, filled with `data` if it was sent."""
    auto: dict[str, Any] = {"auto_id": f"id_{verb}_%s"}
    made: dict[str, Callable[[], forms.Form]] = {
        "accept": lambda: ReplyForm(data, by=person, interest=found, **auto),
        "decline": lambda: ReplyForm(data, by=person, interest=found, declining=True, **auto),
        "introduce": lambda: MeetingForm(data, interest=found, **auto),
        "meeting": lambda: MeetingForm(data, interest=found, **auto),
        "hand_over": lambda: HandOverForm(data, interest=found, by=person, **auto),
        "note": lambda: NoteForm(data, **auto),
        "close": lambda: CloseForm(data, **auto),
        **{name: lambda: ProgressForm(data, files, **auto)
           for name in ("sign", "start", "conclude")},
    }
    return made[verb]() if verb in made else None


def _act(verb: str, found: Interest, person: Person, form: Any) -> None:
    acts: dict[str, Callable[[], object]] = {
        "accept": lambda: actions.accept(found, by=person, reply=form.text),
        "decline": lambda: actions.decline(found, by=person, reason=form.cleaned_data["reason"],
                                           reply=form.text),
        "agree": lambda: actions.agree(found, by=person),
        "withdraw": lambda: actions.withdraw(found, by=person),
        "lapse": lambda: actions.lapse(found, by=person),
        "introduce": lambda: actions.introduce(found, by=person, **form.values()),
        "meeting": lambda: actions.plan_meeting(found, by=person, **form.values()),
        "sign": lambda: actions.sign(found, form.values(person), by=person),
        "start": lambda: actions.start(found, form.values(person), by=person),
        "conclude": lambda: actions.conclude(found, form.values(person), by=person),
        "close": lambda: actions.close(found, by=person, reason=form.cleaned_data["reason"]),
        "hand_over": lambda: actions.hand_over(found, form.person, by=person,
                                               note=form.cleaned_data["note"]),
        "note": lambda: actions.note(found, form.cleaned_data["text"], by=person),
    }
    acts[verb]()


VERBS = frozenset({"accept", "decline", "agree", "withdraw", "lapse", "introduce", "meeting",
                   "sign", "start", "conclude", "close", "hand_over", "note"})


@require_POST
def do(request: HttpRequest, number: str, position: int, verb: str) -> HttpResponse:
    """Press a button. What is wrong with a form comes back with all that was typed."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.path.partition("do/")[0])
    found = interest_or_404(request, number, position)
    if verb not in VERBS:
        raise Http404
    form = _form(verb, person, found, request.POST, request.FILES)
    if form is not None and not form.is_valid():
        return _page(request, found, wrong={verb: form}, status=422)
    try:
        _act(verb, found, person, form)
    except Refused as refusal:
        messages.error(request, str(refusal))
        if form is not None:
            return _page(request, found, wrong={verb: form}, status=422)
        return redirect(found)
    messages.success(request, _("Done."))
    if verb == "hand_over" and not queries.visible_to(person).filter(pk=found.pk).exists():
        return redirect("market:broker")
    return redirect(found)


@require_POST
def confirm(request: HttpRequest, number: str, position: int, pk: int) -> HttpResponse:
    """The other side says that what was recorded is so."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.path.partition("evidence/")[0])
    found = interest_or_404(request, number, position)
    record = found.progress.filter(pk=pk).first()
    if record is None:
        raise Http404
    try:
        actions.confirm(record, by=person)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done."))
    return redirect(found)


@require_safe
def evidence(request: HttpRequest, number: str, position: int, pk: int) -> FileResponse:
    """A document, to the two sides and their broker alone."""
    record = interest_or_404(request, number, position).progress.filter(pk=pk).first()
    return kept_file(record, cache="private, no-store")
