"""A project's page: the plan, what was done, what was measured, what came of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from saphan.design import formats
from saphan.ground.access import Refused, Verdict
from saphan.house.pages import kept_file
from saphan.people.models import Person
from saphan.rooms.incubator import doing, verdicts
from saphan.rooms.incubator.forms.projects import form_of
from saphan.rooms.incubator.models import Call, FollowUp, Milestone, Payment, Project
from saphan.rooms.incubator.queries import projects as queries
from saphan.rooms.incubator.rules import projects as rules
from saphan.rooms.incubator.views.common import asker, call_or_404, standing, to_sign_in
from saphan.rooms.incubator.vocabulary import Direction

LABELS: dict[str, Any] = {
    "sign": gettext_lazy("Record what was signed"), "milestone": gettext_lazy("Add a milestone"),
    "payment": gettext_lazy("Plan a payment"), "begin": gettext_lazy("Begin the work"),
    "measure": gettext_lazy("Record a measurement"),
    "evidence": gettext_lazy("Add a document"),
    "validate": gettext_lazy("Validate"),
    "reject": pgettext_lazy("project", "Do not validate"),
    "stop": pgettext_lazy("project", "Stop"),
    "hand_in": gettext_lazy("Hand in"), "approve": gettext_lazy("Approve"),
    "return": pgettext_lazy("milestone", "Return"),
    "release": gettext_lazy("Record as released"), "withhold": gettext_lazy("Withhold"),
    "drop_milestone": gettext_lazy("Take out of the plan"),
    "drop_payment": gettext_lazy("Take out of the plan"),
    "confirm": gettext_lazy("Confirm that this is so"), "report": gettext_lazy("Report"),
}
WAY = (Project.State.ASSIGNED, Project.State.WORKING, Project.State.VALIDATED)


def project_or_404(request: HttpRequest, call: Call, position: int) -> Project:
    try:
        return queries.project(call, position, asker=asker(request))
    except queries.NotFound:
        raise Http404 from None


def blocks(request: HttpRequest, call: Call, person: Person | None) -> dict[str, Any]:
    """What the call's own page says of its projects."""
    if call.decided is None:
        return {"projects": []}
    return {"projects": [{"project": each, "verdict": [_row(row) for row in each.verdict],
                          "follow_ups": _follow_ups(each, person)}
                         for each in queries.of_call(call)]}


@require_safe
def project(request: HttpRequest, number: str, position: int) -> HttpResponse:
    call = call_or_404(request, number)
    return _page(request, call, project_or_404(request, call, position))


def _page(request: HttpRequest, call: Call, found: Project, *, wrong: Any = None,
          status: int = 200) -> HttpResponse:
    person = asker(request)
    inside = rules.may_look_inside(person, found)
    return render(request, "incubator/project.html", {
        "call": call, "project": found, "answer": found.answer, "inside": inside,
        "way": _way(found), "next": queries.due_next(found) if inside else None,
        "rows": [_row(row) for row in found.verdict or verdicts.of(found)]
        if inside or found.verdict else [],
        "milestones": [_part(person, found, each, each.pk, _milestone_verbs(each), wrong)
                       for each in found.milestones.prefetch_related("evidence")]
        if inside else [],
        "payments": [_part(person, found, each, each.pk, _payment_verbs(each), wrong)
                     for each in found.payments.select_related("milestone")] if inside else [],
        "money": queries.money(found) if inside else None,
        "measurements": [_part(person, found, each, each.pk,
                               ["confirm"] if not each.confirmed else [], wrong)
                         for each in found.measurements.prefetch_related("evidence")]
        if inside else [],
        "names": {row["id"]: row["name"] for row in call.indicators},
        "follow_ups": _follow_ups(found, person, wrong),
        "verbs": _verbs(person, found, wrong) if inside else [],
        "evidence": found.evidence.filter(milestone=None, measurement=None, follow_up=None)
        if inside else [],
        "partners": found.answer.partners.select_related("economy"),
        "history": queries.history(found) if inside else [], **standing(request)},
        status=status)


def _way(found: Project) -> list[dict[str, Any]]:
    """The steps of `design/stepper.html`."""
    ending = found.state if found.state in (Project.State.REJECTED, Project.State.STOPPED) \
        else Project.State.VALIDATED
    order = [*WAY[:2], ending]
    at = order.index(found.state)
    dates = [found.assigned, found.starts if at else None, found.ended]
    steps = [{"label": Project.State(state).label, "date": date if place <= at else None,
              "state": "done" if place < at else "now" if place == at else ""}
             for place, (state, date) in enumerate(zip(order, dates, strict=True))]
    for each in found.follow_ups.all():
        steps.append({"label": _("After %(months)d months") % {"months": each.months},
                      "date": each.reported or each.due,
                      "state": "done" if each.state == FollowUp.State.REPORTED else ""})
    return steps


def _row(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the verdict in the reader's words."""
    return {**row, "goal": f"{Direction(row['direction']).label} {_number(row['value'])}",
            "promised": _number(row.get("promised")), "measured": _number(row["measured"])}


def _number(value: Any) -> str:
    if value in (None, ""):
        return ""
    try:
        return formats.number(float(value))
    except ValueError:
        return str(value)


RULES: dict[str, Any] = {
    "sign": rules.may_sign, "milestone": rules.may_plan, "payment": rules.may_plan,
    "begin": rules.may_begin, "measure": rules.may_measure, "evidence": rules.may_add_evidence,
    "validate": rules.may_validate, "reject": rules.may_reject, "stop": rules.may_stop}
PART_RULES: dict[str, Any] = {
    "hand_in": rules.may_hand_in, "approve": rules.may_approve, "return": rules.may_approve,
    "release": rules.may_release, "withhold": rules.may_withhold, "confirm": rules.may_confirm,
    "report": rules.may_report,
    "drop_milestone": lambda person, each: rules.may_plan(person, each.project),
    "drop_payment": lambda person, each: rules.may_plan(person, each.project)}
BY_STATE = {
    Project.State.ASSIGNED: ("sign", "milestone", "payment", "begin", "evidence", "stop"),
    Project.State.WORKING: ("measure", "validate", "reject", "milestone", "payment", "evidence",
                            "stop")}
TOLD = frozenset({"begin", "validate", "reject"})  # refusals that say what is missing


def _verbs(person: Person | None, found: Project, wrong: Any) -> list[dict[str, Any]]:
    offered = []
    for verb in BY_STATE.get(Project.State(found.state), ()):
        verdict: Verdict = RULES[verb](person, found)
        told = verb in TOLD and (rules.is_desk(person, found) or (
            verb != "begin" and rules.is_owner(person, found)))
        if verdict.allowed or told:
            offered.append(_verb(verb, found, 0, verdict, wrong))
    return offered


def _part(person: Person | None, found: Project, each: Any, pk: int, verbs: list[str],
          wrong: Any) -> dict[str, Any]:
    return {"part": each, "verbs": [
        _verb(verb, found, pk, verdict, wrong) for verb in verbs
        if (verdict := PART_RULES[verb](person, each)).allowed]}


def _verb(verb: str, found: Project, pk: int, verdict: Verdict, wrong: Any) -> dict[str, Any]:
    mistaken = wrong[2] if wrong and wrong[:2] == (verb, pk) else None
    form = mistaken or (form_of(verb, found, auto_id=f"id_{verb}_{pk}_%s")
                        if verdict.allowed else None)
    return {"verb": verb, "label": LABELS[verb], "part": pk, "allowed": verdict.allowed,
            "reason": verdict.reason, "form": form, "open": mistaken is not None,
            "main": verb in ("begin", "hand_in", "approve", "confirm", "measure", "validate",
                             "report")}


def _milestone_verbs(each: Milestone) -> list[str]:
    return {Milestone.State.PLANNED: ["hand_in", "drop_milestone"],
            Milestone.State.HANDED_IN: ["approve", "return"]}.get(
                Milestone.State(each.state), [])


def _payment_verbs(each: Payment) -> list[str]:
    return {Payment.State.PLANNED: ["release", "withhold", "drop_payment"],
            Payment.State.WITHHELD: ["release"]}.get(Payment.State(each.state), [])


def _follow_ups(found: Project, person: Person | None, wrong: Any = None) -> list[dict[str, Any]]:
    return [_part(person, found, each, each.pk,
                  ["report"] if each.state != FollowUp.State.REPORTED else [], wrong)
            for each in found.follow_ups.all()]


@require_POST
def do(request: HttpRequest, number: str, position: int, verb: str, part: int) -> HttpResponse:
    """Press a button. What is wrong with a form comes back with all that was typed."""
    call, person = call_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(request.path.partition("do/")[0])
    found = project_or_404(request, call, position)
    if verb not in LABELS or not rules.may_look_inside(person, found):
        raise Http404
    form = form_of(verb, found, request.POST, request.FILES, auto_id=f"id_{verb}_{part}_%s")
    if form is not None and not form.is_valid():
        return _page(request, call, found, wrong=(verb, part, form), status=422)
    try:
        doing.act(verb, found, part, form, by=person)
    except doing.Unknown:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, str(refusal))
        if form is not None:
            return _page(request, call, found, wrong=(verb, part, form), status=422)
    else:
        messages.success(request, _("Done."))
    return redirect(found)


@require_safe
def export(request: HttpRequest, number: str, position: int) -> JsonResponse:
    """The whole story as a file, for the two sides and the desk."""
    call = call_or_404(request, number)
    found = project_or_404(request, call, position)
    if not rules.may_look_inside(asker(request), found):
        raise Http404
    return JsonResponse(queries.whole(found), json_dumps_params={
        "ensure_ascii": False, "indent": 1}, headers={
        "Content-Disposition": f'attachment; filename="{found.answer.number}.json"'})


@require_safe
def evidence(request: HttpRequest, number: str, position: int, pk: int) -> FileResponse:
    """A document, to those who may look inside. Never run, whatever it holds."""
    call = call_or_404(request, number)
    found = project_or_404(request, call, position)
    if not rules.may_look_inside(asker(request), found):
        raise Http404
    return kept_file(found.evidence.filter(pk=pk).first(), cache="private, no-store")
