"""Articles: the list, one article with its figures, its versions and its evidence."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saphan.engines.fetching.warc import EvidenceProblem
from saphan.ground.access import Refused
from saphan.ground.text import reader_language
from saphan.rooms.newsroom import doubts, evidence
from saphan.rooms.newsroom.actions import articles as actions
from saphan.rooms.newsroom.forms.articles import CorrectForm, FilterForm, WithdrawForm
from saphan.rooms.newsroom.models import Article, Version
from saphan.rooms.newsroom.queries import articles as queries
from saphan.rooms.newsroom.queries import changes
from saphan.rooms.newsroom.rules import articles as rules
from saphan.rooms.newsroom.views.common import asker, standing, to_sign_in

EVIDENCE: dict[str, Any] = {
    "missing": lambda: _("The snapshot is not there."),
    "broken": lambda: _("The snapshot cannot be read."),
    "changed": lambda: _("The snapshot is not what was kept: somebody changed it."),
}


def article_or_404(request: HttpRequest, number: str) -> Article:
    """The article, if she may know of it."""
    try:
        return queries.article(number, asker=asker(request))
    except queries.NotFound:
        raise Http404 from None


def version_or_404(article: Article, position: int | None) -> Version:
    try:
        return queries.version(article, position)
    except queries.NotFound:
        raise Http404 from None


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The newest articles, or those that mean what somebody looks for."""
    person = asker(request)
    desk = bool(rules.may_bring_in(person))
    filters = queries.Filters.read(request.GET, desk=desk)
    page = queries.page(filters, request.GET.get("after", ""))
    narrow = request.GET.copy()
    for name in ("after", "q", "shelf"):
        narrow.pop(name, None)
    return render(request, "newsroom/articles.html", {
        **standing(request), "page": page, "filters": filters,
        "form": FilterForm(filters, person), "narrowed": bool(filters.as_dict()),
        "feed_query": narrow.urlencode(),
        "rows": [(each, queries.quote(each)) for each in page.articles]})


@require_safe
def article(request: HttpRequest, number: str) -> HttpResponse:
    """Officers read the whole text with its figures; others a quote, and where the rest is."""
    found, person = article_or_404(request, number), asker(request)
    context = {**standing(request), "article": found, "quote": queries.quote(found)}
    if rules.may_read_whole(person, found):
        context |= _desk(request, found)
    return render(request, "newsroom/article.html", context)


def _desk(request: HttpRequest, found: Article) -> dict[str, Any]:
    position = request.GET.get("version", "")
    version = version_or_404(found, int(position) if position.isdecimal() else None)
    span = re.fullmatch(r"(\d{1,8})-(\d{1,8})", request.GET.get("quote", ""))
    return {
        "version": version, "whole": True, "doubts": doubts.in_words(found.warnings),
        "paragraphs": queries.marked(version, (int(span[1]), int(span[2])) if span else None),
        "copies": queries.copies(found), "withdrawal": WithdrawForm(),
        "may_withdraw": rules.may_withdraw(asker(request), found).allowed,
        "may_restore": rules.may_restore(asker(request), found).allowed}


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """What the house read wrong, said better."""
    found, person = article_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(request.path)
    verdict = rules.may_correct(person, found)
    if not verdict:
        messages.error(request, str(verdict.reason))
        return redirect(found)
    form = CorrectForm(request.POST or None, article=found)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.correct(found, by=person, title=given["title"], lang=given["lang"],
                        published=given["published"], economy=given["economy"])
        messages.success(request, _("Saved."))
        return redirect(found)
    return render(request, "newsroom/article_edit.html", {
        **standing(request), "article": found, "form": form},
        status=422 if form.is_bound else 200)


@require_POST
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Withdraw, take back in, say that it is no copy."""
    found, person = article_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(found.get_absolute_url())
    try:
        if verb == "withdraw":
            actions.withdraw(found, by=person, because=request.POST.get("because", ""))
            messages.success(request, _("The article was withdrawn."))
        elif verb == "restore":
            actions.restore(found, by=person)
            messages.success(request, _("The article is in the archive again."))
        elif verb == "no-copy":
            actions.part_from_copy(found, by=person)
            messages.success(request, _("Saved."))
        else:
            raise Http404
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("newsroom:article", number=found.number)


@require_safe
def versions(request: HttpRequest, number: str) -> HttpResponse:
    """Each version with its evidence, and what it changed."""
    found, person = article_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(request.path)
    if not rules.may_read_whole(person, found):
        raise Http404
    rows = list(found.versions.order_by("position"))
    shown = [{"version": each, "before": before,
              "changes": changes.between(before.text, each.text) if before else [],
              "title": before is not None and before.title != each.title}
             for before, each in zip([None, *rows], rows, strict=False)]
    return render(request, "newsroom/article_versions.html", {
        **standing(request), "article": found, "rows": shown[::-1]})


@require_safe
def proof(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """The evidence of a version: read again and compared with its digest, now."""
    found, person = article_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(request.path)
    if not rules.may_read_whole(person, found):
        raise Http404
    version = version_or_404(found, position)
    context: dict[str, Any] = {**standing(request), "article": found, "version": version}
    try:
        context["kept"] = evidence.check(version)
    except EvidenceProblem as problem:
        context["problem"] = EVIDENCE.get(problem.code, EVIDENCE["broken"])()
    return render(request, "newsroom/article_evidence.html", context)


@require_safe
def archive(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """The snapshot as a web archive."""
    found, person = article_or_404(request, number), asker(request)
    if not rules.may_read_whole(person, found):
        raise Http404
    version = version_or_404(found, position)
    try:
        content = evidence.archive(version)
    except EvidenceProblem:
        raise Http404 from None
    response = HttpResponse(content, content_type="application/warc")
    name = f"{found.number}-{position}.warc.gz"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def feed(request: HttpRequest, kind: str) -> HttpResponse:
    """New articles of a source, language or country, as Atom or JSON Feed."""
    filters = queries.Filters.read(request.GET, desk=False)
    items = queries.feed(filters)
    title, home = _("Articles"), request.build_absolute_uri(reverse("newsroom:articles"))
    if kind == "json":
        return JsonResponse({
            "version": "https://jsonfeed.org/version/1.1", "title": title, "home_page_url": home,
            "feed_url": request.build_absolute_uri(), "items": [{
                "id": request.build_absolute_uri(each.url), "title": each.heading,
                "url": request.build_absolute_uri(each.url), "content_text": each.summary,
                "date_published": each.updated.isoformat(), "language": each.lang,
                "authors": [{"name": each.author}] if each.author else []} for each in items]},
            content_type="application/feed+json")
    made = Atom1Feed(title=title, link=home, description=title, language=reader_language(),
                     feed_url=request.build_absolute_uri())
    for each in items:
        made.add_item(title=each.heading, link=request.build_absolute_uri(each.url),
                      description=each.summary, updateddate=each.updated,
                      author_name=each.author or None)
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml")
