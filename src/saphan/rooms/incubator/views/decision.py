"""The decision: what is proposed for each answer, what was decided, and appeals."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from saphan.design import formats
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.incubator import judging
from saphan.rooms.incubator.actions import panel as actions
from saphan.rooms.incubator.forms.panel import AppealAnswerForm, AppealForm, DecisionForm
from saphan.rooms.incubator.models import Answer, Appeal, Call
from saphan.rooms.incubator.queries import panel as queries
from saphan.rooms.incubator.rules import panel as rules
from saphan.rooms.incubator.views.common import asker, call_or_404, standing, to_sign_in


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, number: str) -> HttpResponse:
    """Every answer with what is proposed for it; announcing the decision."""
    call, person = call_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(request.path)
    if not (rules.decides(person) and rules.may_see_scores(person, call)):
        raise Http404
    if request.method == "POST":
        try:
            actions.decide(call, by=person)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Decided. Every team is told."))
        return redirect("incubator:decision", call.number)
    judged = queries.judgement(call)
    points = {each.answer: formats.number(round(each.adjusted, 1))
              for each in judged.adjusted.answers} if judged else {}
    rows = [{"answer": each, "points": points.get(each.number, ""), "proposal": _label(
        each.proposal if each.state == Answer.State.OPENED else each.state),
        "bare": each.state == Answer.State.OPENED and not (
            each.proposal and rules.is_a_sentence(each.reasons))}
        for each in queries.to_decide(call)]
    return render(request, "incubator/decision.html", {
        "call": call, "rows": rows, "may_decide": rules.may_decide(person, call),
        "chosen": sum(row["answer"].proposal == Answer.State.ACCEPTED for row in rows),
        "appeals": queries.open_appeals(call, asker=person), **standing(request)})


def _label(state: str) -> Any:
    return Answer.State(state).label if state in rules.OUTCOMES else ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer_decision(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """One answer: to those who decide, its marks, remarks and the proposal; to its lead, what was
    decided, why, and how to appeal."""
    call, person = call_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(request.path)
    found = decided_or_404(call, position, person)
    is_lead = found.lead_id == person.pk
    form: Any = None
    if not is_lead and rules.decides(person) and found.state == Answer.State.OPENED:
        form = DecisionForm(answer=found)
    appeal_form: Any = AppealForm() if is_lead and rules.may_appeal(person, found) else None
    status = 200
    if request.method == "POST":
        try:
            if is_lead:
                filed = judging.appeal(found, request.POST, by=person)
                messages.success(request, _("Your appeal is filed."))
                return redirect("incubator:appeal", call.number, filed.pk)
            messages.success(request, judging.prepare(found, request.POST, by=person))
            return redirect("incubator:decision", call.number)
        except judging.Wrong as error:
            form, appeal_form = (None, error.form) if is_lead else (error.form, None)
            status = 422
        except Refused as refusal:
            messages.error(request, str(refusal))
    reviews = [] if is_lead else queries.counted(call, answer=found)
    rows = queries.marks_of(found, reviews or None)
    return render(request, "incubator/decision_answer.html", {
        "call": call, "answer": found, "is_lead": is_lead, "form": form, "rows": rows,
        "remarks": [] if is_lead else [(each.reviewer.person, [
            (row.criterion.name, each.marks.get(row.criterion.id),
             each.remarks.get(row.criterion.id, "")) for row in rows], each.lang)
            for each in reviews],
        "appeal_form": appeal_form, "until": rules.appeal_until(found) if is_lead else None,
        "appeals": queries.appeals_of(found, asker=person), **standing(request)}, status=status)


def decided_or_404(call: Call, position: int, person: Person) -> Answer:
    try:
        return queries.answer_of(call, position, asker=person)
    except queries.NotFound:
        raise Http404 from None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """An appeal, to its team and to those who answer it."""
    call, person = call_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(request.path)
    try:
        found = queries.appeal(call, pk, asker=person)
    except queries.NotFound:
        raise Http404 from None
    form: Any = AppealAnswerForm()
    status = 200
    if request.method == "POST":
        try:
            messages.success(request, judging.on_an_appeal(
                request.POST.get("act", ""), found, request.POST, by=person))
            return redirect("incubator:appeal", call.number, pk)
        except judging.Unknown:
            raise Http404 from None
        except judging.Wrong as error:
            form, status = error.form, 422
        except Refused as refusal:
            messages.error(request, str(refusal))
    is_lead = found.answer.lead_id == person.pk
    return render(request, "incubator/appeal.html", {
        "call": call, "appeal": found, "answer": found.answer, "form": form, "is_lead": is_lead,
        "waits": found.state == Appeal.State.FILED,
        "may_handle": rules.may_handle(person, found), **standing(request)}, status=status)
