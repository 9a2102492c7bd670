"""The term desk, for liaison officers and the staff: proposals, words to be checked, history."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from saphan.doors.web import terms_forms
from saphan.doors.web.account_pages import SignedIn, read_or_send
from saphan.doors.web.account_people import only, told
from saphan.engines.language.codes import LANGUAGES
from saphan.engines.language.terms import Concept
from saphan.ground import limits
from saphan.ground.access import Refused
from saphan.house.wording import actions, cleaning, exchange, queries, reindex, rules
from saphan.house.wording.models import TermChange

PER_PAGE = 20


def desk_page(request: SignedIn, template: str, here: str, context: dict[str, Any],
              status: int = 200) -> HttpResponse:
    return render(request, template, {
        "here": "term_desk", "at": here, "waiting": queries.waiting().count(),
        "unchecked": sum(row.unsure for row in queries.coverage()), **context}, status=status)


def lines(change: TermChange) -> list[dict[str, Any]]:
    """What a change says, language by language: words before and after."""
    found = []
    for lang in LANGUAGES:
        before, after = change.labels_before(lang), change.labels(lang)
        if before or after:
            found.append({"lang": lang, "before": before, "after": after,
                          "same": before == after})
    return found


def shown(change: TermChange) -> dict[str, Any]:
    """A change as the desk reads it. A proposal is compared with what is there now."""
    if change.state == TermChange.State.PROPOSED:
        change.before = actions.before(change)
    now, was = place(change.after), place(change.before)
    return {"change": change, "label": _label(change), "lines": lines(change), **now,
            "known": change.concept in queries.known(),
            "was": was if change.act == TermChange.Act.PLACE else None}


def place(said: dict[str, Any]) -> dict[str, Any]:
    """Sector and broader concepts, if a change says them."""
    sector = said.get("sector", "")
    return {"sector": cleaning.SECTORS.get(sector, sector),
            "broader": [queries.chip(name) for name in said.get("broader", ())]}


def _label(change: TermChange) -> str:
    if change.concept in queries.known():
        return queries.label(change.concept)
    words = (change.labels("en") or change.labels_before("en") or [change.concept])
    return words[0]


@require_safe
@only(rules.may_decide)
def desk(request: SignedIn) -> HttpResponse:
    """Proposals, the longest waiting first; what is to be checked; the last look through."""
    page = Paginator(queries.waiting(), PER_PAGE).get_page(request.GET.get("page"))
    return desk_page(request, "terms/desk.html", "desk", {
        "page": page, "queue": [
            {**shown(change), "form": terms_forms.Decision(auto_id=f"id_{change.pk}_%s")}
            for change in page],
        "coverage": [row for row in queries.coverage() if row.unsure],
        "work": reindex.latest_work(), "behind": len(reindex.waiting())})


@require_POST
@only(rules.may_decide)
def decide(request: SignedIn, pk: int) -> HttpResponse:
    """Accept or decline a proposal."""
    change = get_object_or_404(TermChange, pk=pk)
    reason = request.POST.get("decision", "")
    if request.POST.get("do") == "accept":
        told(request, lambda: actions.accept(change, by=request.user, decision=reason),
             _("Accepted. The house uses it from now on."))
    else:
        told(request, lambda: actions.decline(change, by=request.user, decision=reason),
             _("Declined. Whoever proposed it can read your answer."))
    return redirect("term_desk")


@require_POST
@only(rules.may_decide)
def decide_all(request: SignedIn) -> HttpResponse:
    """Accept every proposal of one imported file."""
    found = queries.waiting().filter(source=request.POST.get("source", "")).exclude(source="")
    taken, left = actions.accept_all(found, by=request.user)
    messages.success(request, ngettext("%(number)d proposal is accepted.",
                                       "%(number)d proposals are accepted.", taken) % {
                                           "number": taken})
    if left:
        messages.warning(request, ngettext(
            "%(number)d could not be accepted and still waits.",
            "%(number)d could not be accepted and still wait.", left) % {"number": left})
    return redirect("term_desk")


@read_or_send
@only(rules.may_decide)
def review(request: SignedIn) -> HttpResponse:
    """Words that wait for a native speaker, one concept after the other. Enter confirms them as
    they stand; changed words are corrected."""
    lang = request.GET.get("lang", "")
    if lang not in LANGUAGES:
        return desk_page(request, "terms/review.html", "review", {
            "coverage": [row for row in queries.coverage() if row.unsure]})
    waiting = queries.to_review(lang)
    wanted = request.POST.get("concept") or request.GET.get("concept", "")
    at = next((place for place, known in enumerate(waiting) if known.id == wanted), 0)
    problems: list[Any] = []
    if request.method == "POST" and waiting and waiting[at].id == wanted:
        problems = _review(request, waiting[at], lang)
        if not problems:
            left = [known.id for known in (*waiting[at + 1:], *waiting[:at])]
            onward = f"&concept={left[0]}" if left else ""
            return redirect(f"{reverse('term_review')}?lang={lang}{onward}")
    return desk_page(request, "terms/review.html", "review", {
        "lang": lang, "left": len(waiting), "problems": problems,
        **(_card(waiting, at, lang, request.POST.get("words")) if waiting else {})},
        status=422 if problems else 200)


def _review(request: SignedIn, concept: Concept, lang: str) -> list[Any]:
    """Confirm or correct; gives what is wrong."""
    try:
        made = actions.put_labels(concept.id, lang, cleaning.split(request.POST.get("words", "")),
                                  by=request.user, reviewed=True)
    except cleaning.Faulty as faulty:
        return [terms_forms.told(fault) for fault in faulty.faults]
    except Refused as refusal:
        return [str(refusal)]
    word = queries.label(concept.id, lang)
    messages.success(request, (_("Confirmed: %(word)s") if made.act == TermChange.Act.REVIEW
                               else _("Corrected: %(word)s")) % {"word": word})
    return []


def _card(waiting: list[Concept], at: int, lang: str, typed: str | None) -> dict[str, Any]:
    concept = waiting[at]
    others = [code for code in LANGUAGES if code != lang and code in concept.labels]
    return {"concept": concept, "at_place": at + 1,
            "words": typed if typed is not None else " | ".join(concept.labels[lang]),
            "others": [{"lang": code, "labels": concept.labels[code],
                        "unsure": code in concept.unsure} for code in others],
            "sector": cleaning.SECTORS.get(concept.sector, concept.sector),
            "next": waiting[(at + 1) % len(waiting)].id if len(waiting) > 1 else ""}


@require_safe
@only(rules.may_decide)
def history(request: SignedIn) -> HttpResponse:
    """What was decided, the latest first; the latest change of each concept can be undone."""
    page = Paginator(queries.history(request.GET.get("concept", "")), PER_PAGE).get_page(
        request.GET.get("page"))
    newest = queries.newest_by_concept([change.concept for change in page])
    return desk_page(request, "terms/history.html", "history", {
        "page": page, "rows": [
            {**shown(change), "may_undo": newest.get(change.concept) == change.pk}
            for change in page]})


@require_POST
@only(rules.may_decide)
def undo(request: SignedIn, pk: int) -> HttpResponse:
    change = get_object_or_404(TermChange, pk=pk)
    told(request, lambda: actions.undo(change, by=request.user,
                                       reason=request.POST.get("reason", "")),
         _("Undone. It is as it was before."))
    return redirect("term_history")


@read_or_send
@only(rules.may_decide)
def take_in(request: SignedIn) -> HttpResponse:
    """A file of terms: what differs becomes proposals, and everything refused is listed."""
    form = terms_forms.Upload(request.POST or None, request.FILES or None)
    report = None
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        if sent.size > limits.UPLOAD_BYTES:
            form.add_error("file", _("This file is too large."))
        else:
            try:
                report = exchange.take_in(sent.read(), file_name=sent.name, by=request.user)
            except Refused as refusal:
                form.add_error("file", str(refusal))
    return desk_page(request, "terms/import.html", "import", {"form": form, "report": report},
                     status=422 if form.errors else 200)


urlpatterns = [
    path("desk/terms/", desk, name="term_desk"),
    path("desk/terms/review/", review, name="term_review"),
    path("desk/terms/history/", history, name="term_history"),
    path("desk/terms/import/", take_in, name="term_import"),
    path("desk/terms/accept-file/", decide_all, name="term_decide_all"),
    path("desk/terms/<int:pk>/decide/", decide, name="term_decide"),
    path("desk/terms/<int:pk>/undo/", undo, name="term_undo"),
]
