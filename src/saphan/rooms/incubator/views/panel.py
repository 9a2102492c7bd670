"""The panel: who sits on it, what a reviewer reads and marks, what the marks are worth."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from saphan.design import formats
from saphan.engines.panel import Alpha
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.incubator import drawing, judging
from saphan.rooms.incubator.forms.panel import InviteForm, PairForm, PromiseForm, ReviewForm
from saphan.rooms.incubator.models import Call, Conflict, Review
from saphan.rooms.incubator.queries import panel as queries
from saphan.rooms.incubator.rules import calls as call_rules
from saphan.rooms.incubator.rules import panel as rules
from saphan.rooms.incubator.views.answers import PASSAGES
from saphan.rooms.incubator.views.common import asker, call_or_404, standing, to_sign_in
from saphan.rooms.incubator.vocabulary import Mode


def blocks(request: HttpRequest, call: Call, person: Person | None) -> dict[str, Any]:
    """What the call's own page says of the panel and the decision."""
    own = call.answers.filter(lead=person, decided__isnull=False).first() if person else None
    decided = call.decided is not None
    return {
        "seat": rules.seat_of(person, call), "own_decided": own,
        "runs_panel": call.posted is not None and call_rules.runs_calls(person),
        "may_see_scores": rules.may_see_scores(person, call),
        "prepares": call.is_unsealed and rules.decides(person)
        and rules.may_see_scores(person, call),
        "chosen": list(queries.chosen(call)) if decided else []}


# The desk's page.

@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def panel(request: HttpRequest, number: str) -> HttpResponse:
    """Who is on the panel, and who reads what."""
    call, person = call_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(request.path)
    if not call_rules.looks_at_the_desk(person):
        raise Http404
    wrong: Any = None
    verb = request.POST.get("act", "")
    if request.method == "POST":
        try:
            messages.success(request, judging.on_the_panel(verb, call, request.POST, by=person))
        except judging.Unknown:
            raise Http404 from None
        except judging.Wrong as error:
            wrong = error.form
        except Refused as refusal:
            messages.error(request, str(refusal))
        if wrong is None:
            return redirect("incubator:panel", call.number)
    return render(request, "incubator/panel.html", {
        "call": call, "panel": queries.panel(call), **_who_reads(call, person),
        "may_invite": rules.may_invite(person, call), "may_assign": rules.may_assign(person, call),
        "may_open": rules.may_open_the_talk(person, call), "missing": queries.missing(call)
        if call.round == 1 else [],
        "invite": wrong if isinstance(wrong, InviteForm) else InviteForm(call=call),
        "pair": wrong if isinstance(wrong, PairForm) else PairForm(call=call),
        "language_names": formats.ENDONYMS, "may_see_scores": rules.may_see_scores(person, call),
        **standing(request)}, status=422 if wrong is not None else 200)


def _who_reads(call: Call, person: Person) -> dict[str, Any]:
    """The answers with their readers. Who is on the panel herself does not see it while it is
    blind."""
    if not call.is_unsealed or (rules.seat_of(person, call) and call.round < 2):
        return {"rows": [], "conflicts": []}
    readers = queries.readers(call)
    return {"rows": [(answer, readers.get(answer.pk, [])) for answer in queries.to_assign(call)],
            "conflicts": Conflict.objects.select_related("reviewer__person", "answer").filter(
                answer__call=call).order_by("answer__position")}


# A reviewer's pages.

@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reviews(request: HttpRequest, number: str) -> HttpResponse:
    """A reviewer's promise, and the answers that she reads."""
    call, person = call_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(request.path)
    seat = rules.seat_of(person, call)
    if seat is None:
        raise Http404
    form = PromiseForm(initial={"languages": seat.languages})
    status = 200
    if request.method == "POST":
        verb = request.POST.get("act", "")
        if verb not in ("promise", "leave"):
            raise Http404
        try:
            messages.success(request, judging.on_the_panel(verb, call, request.POST, by=person))
            return redirect("incubator:reviews", call.number) if verb == "promise" else redirect(
                call)
        except judging.Wrong as error:
            form, status = error.form, 422  # type: ignore[assignment]
        except Refused as refusal:
            messages.error(request, str(refusal))
    found = queries.reviews_of(call, person)
    return render(request, "incubator/reviews.html", {
        "call": call, "seat": seat, "form": form, "reviews": found,
        "waiting": sum(each.state == Review.State.OPEN for each in found),
        "may_leave": bool(rules.may_leave(person, seat)), **standing(request)}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """One answer, read blind and marked; in the second round with names and the others' marks."""
    call, person = call_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(request.path)
    found = review_or_404(call, position, person)
    form, status = ReviewForm(review=found), 200
    if request.method == "POST":
        verb = next((name for name in ("save", "hand_in", "reopen", "conflict")
                     if name in request.POST), "save")
        try:
            messages.success(request, judging.on_a_review(verb, found, request.POST, by=person))
        except judging.Wrong as error:
            form, status = error.form, 422  # type: ignore[assignment]
        except Refused as refusal:  # what she wrote was saved before
            messages.error(request, str(refusal))
        if status == 200:
            stays = verb == "reopen" or (verb in ("save", "hand_in")
                                         and found.state == Review.State.OPEN)
            return redirect("incubator:review", call.number, position) if stays else redirect(
                "incubator:reviews", call.number)
    return render(request, "incubator/review.html", {
        "call": call, "review": found, "form": form, **_answer(call, found, person),
        "may_mark": rules.may_mark(person, found), "may_reopen": bool(
            rules.may_reopen(person, found)) and found.state == Review.State.HANDED_IN,
        "may_declare": bool(rules.may_declare(person, found)), **standing(request)},
        status=status)


def review_or_404(call: Call, position: int, person: Person) -> Review:
    try:
        return queries.review(call, position, asker=person)
    except queries.NotFound:
        raise Http404 from None


def _answer(call: Call, found: Review, person: Person) -> dict[str, Any]:
    """What the reviewer may read of the answer and of the others."""
    read = queries.as_read(found, asker=person)
    others = queries.others(found, asker=person)
    rows = queries.marks_of(read.answer, [found, *others]) if others else []
    return {
        "answer": read.answer, "named": read.named,
        "passages": [(label, read.passages[name]) for name, label in PASSAGES
                     if name in read.passages],
        "indicators": read.indicators,
        "mode": dict(Mode.choices).get(read.answer.content.get("mode", ""), ""),
        "partners": read.answer.partners.select_related("economy") if read.named else [],
        "spread": [(row, _given(row.marks)) for row in rows],
        "others": [(each.reviewer.person, [
            (row.criterion.name, each.marks.get(row.criterion.id),
             each.remarks.get(row.criterion.id, "")) for row in rows], each.lang)
            for each in others]}


def _given(marks: tuple[int, ...]) -> str:
    return " · ".join(formats.number(mark) for mark in marks)


# The scores.

@require_safe
def scores(request: HttpRequest, number: str) -> HttpResponse:
    """Raw and adjusted scores side by side, and how sure they are."""
    call, person = call_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(request.path)
    try:
        found = queries.scoring(call, asker=person)
    except queries.NotFound:
        raise Http404 from None
    judged = found.judgement
    return render(request, "incubator/scores.html", {
        "call": call, "scoring": found, "groups": _groups(found),
        "prepares": rules.decides(person), "alpha": _alpha(judged.alpha_interval) if judged else "",
        "by_criterion": _alphas(call, found) if judged else [],
        "why_raw": why_raw(judged.adjusted.why_raw) if judged else "",
        "islands": len(judged.adjusted.islands) if judged else 0,
        "names": bool(call_rules.runs_calls(person) or rules.decides(person)),
        **standing(request)})


def _groups(found: queries.Scoring) -> list[tuple[int, list[dict[str, Any]]]]:
    """Rows ready to be printed, by groups that cannot be told apart; numbers are put in the
    reader's digits here, once, because there may be hundreds."""
    groups: dict[int, list[dict[str, Any]]] = {}
    for row in found.answers:
        groups.setdefault(row.group, []).append({
            "answer": row.answer, "reviews": row.reviews, "raw": _points(row.raw),
            "adjusted": _points(row.adjusted), "flagged": row.flagged,
            "between": "" if row.low is None or row.high is None else
            f"{_points(max(row.low, 0.0))} – {_points(min(row.high, 100.0))}",
            "places": formats.number(row.best) if row.best == row.worst else
            f"{formats.number(row.best)} – {formats.number(row.worst)}",
            "undecided": row.answer.number in found.undecided,
            "drawn": drawing.interval(row.raw, row.adjusted, row.low, row.high)})
    return list(groups.items())


def _alpha(found: Alpha) -> str:
    """0.62 (0.51 – 0.70), as far as it is known."""
    value, low, high = (None if each is None else formats.number(round(each, 2))
                        for each in (found.value, found.low, found.high))
    return "" if value is None else value if low is None else f"{value} ({low} – {high})"


def _points(value: float | None) -> str:
    return "" if value is None else formats.number(round(value, 1))


def _alphas(call: Call, found: queries.Scoring) -> list[tuple[Any, str]]:
    assert found.judgement is not None
    values = found.judgement.by_criterion
    return [(row.name, "" if values[row.id].value is None
             else formats.number(round(values[row.id].value or 0, 2)))
            for row in queries.call_queries.rubric_of(call) if row.id in values]


def why_raw(reason: str) -> str:
    """Why the adjusted score is the plain mean, if it is."""
    return {
        "one_reviewer_each": _("Each answer has one reader, so nothing could be adjusted."),
        "too_few": _("There are too few reviews to adjust anything."),
        "no_severity": _("The reviewers are about equally strict, so nothing was adjusted."),
    }.get(reason, "")
