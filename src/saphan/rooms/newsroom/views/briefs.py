"""Briefs: the archive, one brief as its readers see it, its quotes and its files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from saphan.engines.paper import FontMissing
from saphan.ground.access import Refused
from saphan.ground.text import reader_language
from saphan.house import printing
from saphan.house.pages import to_sign_in
from saphan.people.models import Person
from saphan.rooms.newsroom import findings, papers
from saphan.rooms.newsroom.actions import brief_life
from saphan.rooms.newsroom.forms.briefs import CorrectForm, FilterForm, ReasonForm, SendForm
from saphan.rooms.newsroom.models import Brief, Edition
from saphan.rooms.newsroom.queries import briefs as queries
from saphan.rooms.newsroom.rules import briefs as rules
from saphan.rooms.newsroom.rules import desk
from saphan.rooms.newsroom.views.common import asker, standing

PAGE = 20
WITH_REASON: dict[str, Any] = {"return_to_author": ReasonForm, "withdraw": ReasonForm,
                               "reopen": CorrectForm, "send": SendForm}
ORDER = {"approve": 0, "hand_in": 0, "send": 0, "reopen": 1, "return_to_author": 1, "withdraw": 2}
CONTEXT = 160
"""Characters shown around a quote: enough to see that it says what it seems to say."""


def brief_or_404(request: HttpRequest, pk: int) -> Brief:
    try:
        return queries.brief(pk, asker=asker(request))
    except queries.NotFound:
        raise Http404 from None


def _kept(found: Brief, person: Person | None, position: int | None = None) -> Edition | None:
    """The edition to show: the one asked for, else what stands now. Who is not at the desk sees
    editions only."""
    if position is not None:
        kept = queries.edition(found, position)
        if kept is None:
            raise Http404
        return kept
    return queries.shown_edition(found, person)


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """All briefs that the asker may see, newest first, narrowed by words, language and year."""
    person = asker(request)
    filters = queries.Filters.read(request.GET)
    page = Paginator(queries.archive(filters, asker=person), PAGE).get_page(
        request.GET.get("page"))
    known = standing(request)
    return render(request, "newsroom/briefs.html", {
        **known, "page": page, "plates": [queries.plate_of(found) for found in page],
        "form": FilterForm(filters, at_the_desk=known["at_the_desk"])})


@require_safe
def brief(request: HttpRequest, pk: int, position: int | None = None) -> HttpResponse:
    """A brief as its readers see it; for the desk also what stands against it and what is next."""
    return _page(request, brief_or_404(request, pk), position)


def _page(request: HttpRequest, found: Brief, position: int | None = None, *, wrong: Any = None,
          status: int = 200) -> HttpResponse:
    person = asker(request)
    kept = _kept(found, person, position)
    whole = queries.whole(found, kept)
    at_the_desk = desk.works_here(person)
    gone = queries.is_gone(found, person)
    paper = papers.of(found, kept, whole, reader=reader_language())
    return render(request, "newsroom/brief.html", {
        **standing(request), "brief": found, "kept": kept, "whole": whole, "gone": gone,
        "older": kept is not None and kept.position < found.edition,
        "paper": paper, "files": papers.KINDS,
        "parts": [(type(block).__name__, block) for block in paper.blocks],
        "findings": _findings(found, kept, whole) if at_the_desk else [],
        "steps": _steps(person, found, wrong) if at_the_desk and position is None else [],
        "may_write": at_the_desk and bool(rules.may_write(person, found)),
        "editions": found.editions.defer("whole"),
        "waiting": found.editions.filter(postings__isnull=False).exists() if at_the_desk else False,
        "history": queries.history(found) if at_the_desk else []}, status=status)


def _findings(found: Brief, kept: Edition | None, whole: dict[str, Any]) -> list[findings.Finding]:
    """What stands against what is written; of an edition, what fell since it was approved."""
    return findings.of(found) if kept is None else findings.fallen(whole["content"])


def _steps(person: Person | None, found: Brief, wrong: Any) -> list[dict[str, Any]]:
    """What may be done with it now; refusals are told with their reason."""
    moves = [(move.name, move.label) for move in found.lifecycle.possible(found.state)]
    if found.state == Brief.State.SENT:
        moves.append(("send", _("Send it to others as well")))
    offered = []
    for name, label in sorted(moves, key=lambda move: ORDER.get(move[0], 1)):
        verdict = rules.BY_TRANSITION[name](person, found)
        form = None
        if verdict.allowed and name in WITH_REASON:
            form = wrong[1] if wrong and wrong[0] == name else WITH_REASON[name](
                auto_id=f"id_{name}_%s")
        offered.append({"name": name, "label": label, "allowed": verdict.allowed,
                        "reason": verdict.reason, "form": form,
                        "open": bool(wrong and wrong[0] == name), "main": ORDER.get(name) == 0,
                        "people": len(queries.recipients(found)) if name == "send" else 0})
    return offered


@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Press a button of its life."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.path.partition("step/")[0])
    found = brief_or_404(request, pk)
    if name not in rules.BY_TRANSITION:
        raise Http404
    form = WITH_REASON[name](request.POST, auto_id=f"id_{name}_%s") if name in WITH_REASON else None
    if form is not None and not form.is_valid():
        return _page(request, found, wrong=(name, form), status=422)
    try:
        brief_life.take(found, name, form.cleaned_data if form else {}, by=person)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done."))
    if name == "reopen" and found.state == Brief.State.DRAFT:
        return redirect("newsroom:brief_edit", found.pk)
    return redirect(found)


@require_safe
def quote(request: HttpRequest, pk: int, name: str, position: int | None = None) -> HttpResponse:
    """The words that a sentence or a figure of a brief stands on, where they stand."""
    found = brief_or_404(request, pk)
    person = asker(request)
    kept = _kept(found, person, position)
    block = queries.block(found, kept, name)
    if block is None or not block.get("source") or (
            queries.is_gone(found, person)):
        raise Http404
    return render(request, "newsroom/brief_quote.html", {
        **standing(request), "brief": found, "kept": kept, "part": block,
        "source": block["source"], "place": queries.place_of(block, CONTEXT),
        "fragment": queries.fragment(block["source"]),
        "article_url": papers.article_url(block["source"]["article"],
                                          reader_language()),
        "overtaken": queries.OVERTAKEN if findings.fallen([block]) else "",
        **({"value": papers.value_of(block, reader_language()),
            "period": papers.period_of(block, reader_language())}
           if block["kind"] == "figure" else {})})


@require_safe
def file(request: HttpRequest, pk: int, kind: str, position: int | None = None) -> HttpResponse:
    """A brief as a file: docx, pdf, html or txt."""
    found, person = brief_or_404(request, pk), asker(request)
    if queries.is_gone(found, person):
        raise Http404
    kept = _kept(found, person, position)
    paper = papers.of(found, kept, queries.whole(found, kept))
    try:
        content, media_type = papers.printed(paper, kind)
    except FontMissing as problem:
        messages.warning(request, printing.why_no_pdf(problem))
        return redirect(found)
    name = found.number or f"draft-{found.pk}"
    if kept and kept.position > 1:
        name += f"-{kept.position}"
    return HttpResponse(content, content_type=media_type, headers={
        "Content-Disposition": f'attachment; filename="{name}.{kind}"',
        "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"})
