"""Figures: the list, one figure with its quote, and what the desk does with it."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saphan.ground.access import Refused
from saphan.rooms.newsroom.actions import figures as actions
from saphan.rooms.newsroom.actions import proposing
from saphan.rooms.newsroom.forms.figures import FigureForm, FilterForm, QuoteForm, ReasonForm
from saphan.rooms.newsroom.models import Figure
from saphan.rooms.newsroom.queries import articles
from saphan.rooms.newsroom.queries import figures as queries
from saphan.rooms.newsroom.rules import desk
from saphan.rooms.newsroom.rules import figures as rules
from saphan.rooms.newsroom.stating import said
from saphan.rooms.newsroom.views.common import asker, standing, to_sign_in

NUMBER = re.compile(r"NWS-\d{4}-\d{4,7}")


def _found(request: HttpRequest, key: str) -> Figure:
    try:
        return queries.figure(key, asker(request))
    except queries.NotFound:
        raise Http404 from None


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """For the desk what waits to be checked; for everybody what was verified."""
    person = asker(request)
    filters = queries.Filters.read(request.GET, person)
    page = queries.page(filters, person, request.GET.get("after", ""))
    inside = desk.works_here(person)
    return render(request, "newsroom/figures.html", {
        **standing(request), "page": page, "filters": filters,
        "form": FilterForm(filters, person), "narrowed": filters.narrowed,
        "proposals": queries.proposals() if inside else None,
        "rows": [{"figure": each, "said": said(each),
                  "doubts": {flag["code"]: queries.state_words(flag["code"])
                             for flag in each.flags} if inside else {}}
                 for each in page.figures]})


@require_safe
def figure(request: HttpRequest, key: str) -> HttpResponse:
    found = _found(request, key)
    return _page(request, found)


def _page(request: HttpRequest, found: Figure, form: FigureForm | None = None) -> HttpResponse:
    person = asker(request)
    before, stated, after = queries.context(found)
    status = 200 if form is None else 422
    form = form or FigureForm(figure=found)
    context = {
        **standing(request), "figure": found, "said": said(found),
        "before": before, "stated": stated, "after": after, "inside": desk.works_here(person),
        "in_article": queries.in_article(found), "form": form,
        "indicator": form.indicators.get(found.indicator, found.indicator),
        "doubts": [{**each, "title": queries.state_words(each["code"]),
                    "said": said(each["figure"]) if each["figure"] else ""}
                   for each in queries.doubts(found, person)],
        "reason": ReasonForm(), "may_verify": rules.may_verify(person, found),
        "may_reject": rules.may_reject(person, found),
        "may_withdraw": rules.may_withdraw(person, found),
        "may_correct": rules.may_correct(person, found)}
    return render(request, "newsroom/figure.html", context,
                  status=status)


@require_safe
def annotation(request: HttpRequest, key: str) -> HttpResponse:
    """The figure as a W3C web annotation with both selectors."""
    return JsonResponse(
        queries.annotation(_found(request, key), asker(request)),
        content_type='application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
        json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_POST
def do(request: HttpRequest, key: str) -> HttpResponse:
    """Verify (with the fields as they are in the form), correct, reject or withdraw."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.path)
    found, step = _found(request, key), request.POST.get("step", "")
    because = request.POST.get("because", "")
    try:
        if step in ("verify", "correct"):
            form = FigureForm(request.POST, figure=found)
            if not form.is_valid():
                return _page(request, found, form)
            if step == "verify":
                actions.verify(found, by=person, values=form.values())
            else:
                actions.correct(found, form.values(), by=person)
        elif step == "reject":
            actions.reject(found, by=person, because=because)
        elif step == "withdraw":
            actions.withdraw(found, by=person, because=because)
        else:
            raise Http404
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(found)
    following = queries.next_to_check(found) if step in ("verify", "reject") else None
    messages.success(request, DONE[step if following or step == "withdraw" else "correct"]())
    return redirect(f"{following.get_absolute_url()}#check" if following else found)


DONE: dict[str, Any] = {
    "verify": lambda: _("Verified. Here is the next one."),
    "reject": lambda: _("Rejected. Here is the next one."),
    "correct": lambda: _("Saved."), "withdraw": lambda: _("Withdrawn."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A figure by hand, by the words that state it."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.path)
    verdict = rules.may_check(person)
    if not verdict:
        messages.error(request, str(verdict.reason))
        return redirect("newsroom:figures")
    form = QuoteForm(request.POST or None, initial={"article": request.GET.get("article", "")})
    if request.method == "POST" and form.is_valid():
        try:
            article = articles.article(form.cleaned_data["article"], asker=person)
            kept = actions.add(article, form.cleaned_data["quote"], by=person)
            return redirect(kept[0])
        except articles.NotFound:
            form.add_error("article", _("There is no such article."))
        except Refused as refusal:
            form.add_error("quote", str(refusal))
    number = request.GET.get("article", "").upper()
    return render(request, "newsroom/figure_add.html", {
        **standing(request), "form": form,
        "ask": number if proposing.is_set_up() and NUMBER.fullmatch(number) else ""},
                  status=422 if form.errors else 200)


@require_POST
def propose(request: HttpRequest, number: str) -> HttpResponse:
    """Let the language model propose figures of an article; the parser decides."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.path)
    try:
        article = articles.article(number, asker=person)
        outcome = proposing.propose(article, by=person)
        messages.success(request, _("%(accepted)d accepted, %(refused)d refused.") % {
            "accepted": len(outcome.accepted), "refused": outcome.refused})
    except articles.NotFound:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("newsroom:article", number=number)
