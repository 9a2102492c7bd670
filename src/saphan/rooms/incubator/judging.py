"""What is done around the panel, by its name: one table for the web and the API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saphan.engines.panel import Problem
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.incubator.actions import panel as actions
from saphan.rooms.incubator.forms.panel import (
    AppealAnswerForm,
    AppealForm,
    DecisionForm,
    InviteForm,
    PairForm,
    PromiseForm,
    ReviewForm,
)
from saphan.rooms.incubator.models import Answer, Appeal, Call, Review
from saphan.rooms.incubator.rules import panel as rules


class Unknown(Exception):
    """No such verb."""


class Wrong(Exception):
    """The form does not take what was said; `form` tells why."""

    def __init__(self, form: forms.Form) -> None:
        super().__init__("wrong")
        self.form = form


def _valid(form: Any) -> Any:
    if not form.is_valid():
        raise Wrong(form)
    return form


# The panel.

def on_the_panel(verb: str, call: Call, given: Mapping[str, Any], *, by: Person) -> str:
    """invite, remove, promise, leave, assign, give, take, open: done, and what to say of it.
    Raises `Unknown`, `Wrong` and `Refused`."""
    verbs: dict[str, Callable[[Call, Mapping[str, Any], Person], str]] = {
        "invite": _invite, "remove": _remove, "promise": _promise, "leave": _leave,
        "assign": _assign, "give": _give, "take": _take, "open": _open}
    if verb not in verbs:
        raise Unknown(verb)
    return verbs[verb](call, given, by)


def _invite(call: Call, given: Mapping[str, Any], by: Person) -> str:
    rules.may_invite(by, call).or_raise()
    form = _valid(InviteForm(given, call=call))
    actions.invite(call, form.chosen, by=by)
    return _("Invited. A letter is on its way.")


def _remove(call: Call, given: Mapping[str, Any], by: Person) -> str:
    rules.may_invite(by, call).or_raise()
    seat = call.reviewers.select_related("person", "call").filter(
        person__ref=given.get("reviewer") or "-").first()
    if seat is None:
        raise Unknown("reviewer")
    actions.leave(seat, by=by)
    return _("Taken off the panel.")


def _seat(call: Call, by: Person) -> Any:
    seat = rules.seat_of(by, call)
    if seat is None:
        raise Unknown("seat")
    return seat


def _promise(call: Call, given: Mapping[str, Any], by: Person) -> str:
    seat = _seat(call, by)
    form = _valid(PromiseForm(given))
    actions.promise(seat, by=by, languages=form.cleaned_data["languages"])
    return _("Thank you. Answers appear here when the desk gives them out.")


def _leave(call: Call, given: Mapping[str, Any], by: Person) -> str:
    actions.leave(_seat(call, by), by=by)
    return _("You have left the panel.")


def _assign(call: Call, given: Mapping[str, Any], by: Person) -> str:
    done = actions.assign(call, by=by)
    said = [ngettext("%(number)d review was given out.", "%(number)d reviews were given out.",
                     done.new) % {"number": done.new}]
    return " ".join([*said, *(explain(problem) for problem in done.problems)])


def explain(problem: Problem) -> str:
    """What could not be done, in words."""
    if problem.kind == "too_few_readers":
        return _("%(answer)s lacks %(missing)d readers (conflicts: %(conflicts)d, language: "
                 "%(language)d, no time: %(full)d).") % {
            "answer": problem.answer, "missing": problem.missing, "conflicts": problem.conflicts,
            "language": problem.language, "full": problem.full}
    if problem.kind == "places_short":
        return _("The panel is too small: %(missing)d reviews have no reader.") % {
            "missing": problem.missing}
    return _("Some answers share no reader with others, so their marks are hard to compare.")


def _pair(call: Call, given: Mapping[str, Any]) -> Any:
    return _valid(PairForm(given, call=call)).pair


def _give(call: Call, given: Mapping[str, Any], by: Person) -> str:
    rules.may_assign(by, call).or_raise()
    answer, reviewer = _pair(call, given)
    actions.give(call, answer, reviewer, by=by)
    return _("Given.")


def _take(call: Call, given: Mapping[str, Any], by: Person) -> str:
    rules.may_assign(by, call).or_raise()
    answer, reviewer = _pair(call, given)
    review = Review.objects.select_related("answer__call", "reviewer__person").filter(
        answer=answer, reviewer=reviewer, round=1).exclude(state=Review.State.WITHDRAWN).first()
    if review is None:
        raise Refused(_("This reviewer does not read this answer."))
    actions.take_away(review, by=by)
    return _("Taken away.")


def _open(call: Call, given: Mapping[str, Any], by: Person) -> str:
    actions.open_the_talk(call, by=by, without_missing=bool(given.get("without_missing")))
    return _("The second round is open.")


# A review.

def on_a_review(verb: str, review: Review, given: Mapping[str, Any], *, by: Person) -> str:
    """save, hand_in, reopen, conflict. `hand_in` saves first what is given along with it."""
    if verb in ("save", "hand_in"):
        rules.may_mark(by, review).or_raise()
        if verb == "save" or given:
            form = _valid(ReviewForm(given, review=review))
            actions.mark(review, form.values(), by=by)
        if verb == "save":
            return _("Saved.")
        actions.hand_in(review, by=by)
        return _("Handed in.")
    if verb == "reopen":
        actions.reopen(review, by=by)
        return _("You can change it now. Hand it in again afterwards.")
    if verb == "conflict":
        actions.declare(review, by=by)
        return _("Noted. You do not see more of this answer.")
    raise Unknown(verb)


# The decision and appeals.

def prepare(answer: Answer, given: Mapping[str, Any], *, by: Person) -> str:
    """A proposal before the decision; the decision itself after an upheld appeal."""
    again = bool(rules.may_decide_again(by, answer))
    if not again:
        rules.may_prepare(by, answer.call).or_raise()
    form = _valid(DecisionForm(given, answer=answer))
    verb = actions.decide_again if again else actions.prepare
    verb(answer, outcome=form.cleaned_data["outcome"], reasons=form.text("reasons", by), by=by)
    return _("Decided again. The team is told.") if again else _("Kept as a proposal.")


def appeal(answer: Answer, given: Mapping[str, Any], *, by: Person) -> Appeal:
    rules.may_appeal(by, answer).or_raise()
    form = _valid(AppealForm(given))
    return actions.appeal(answer, words=form.text("words", by), by=by)


def on_an_appeal(verb: str, found: Appeal, given: Mapping[str, Any], *, by: Person) -> str:
    """uphold, dismiss, withdraw."""
    if verb == "withdraw":
        actions.withdraw_appeal(found, by=by)
        return _("Withdrawn.")
    if verb not in ("uphold", "dismiss"):
        raise Unknown(verb)
    rules.may_handle(by, found).or_raise()
    form = _valid(AppealAnswerForm(given))
    act = actions.uphold if verb == "uphold" else actions.dismiss
    act(found, reasons=form.text("reasons", by), by=by)
    return _("The team is told.")


__all__ = ["Unknown", "Wrong", "appeal", "explain", "on_a_review", "on_an_appeal",
           "on_the_panel", "prepare"]
