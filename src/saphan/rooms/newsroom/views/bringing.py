"""Bring articles in by hand: files, saved pages, pasted words."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from saphan.ground import limits
from saphan.rooms.newsroom import doubts
from saphan.rooms.newsroom.actions import uploads
from saphan.rooms.newsroom.forms.articles import BringForm
from saphan.rooms.newsroom.models import Source
from saphan.rooms.newsroom.rules import articles as rules
from saphan.rooms.newsroom.views.common import asker, standing, to_sign_in

log = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Several files at once; each says what became of it."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.path)
    verdict = rules.may_bring_in(person)
    if not verdict:
        messages.error(request, str(verdict.reason))
        return redirect("newsroom:articles")
    if request.method != "POST":
        return render(request, "newsroom/bring.html", {
            **standing(request), "form": BringForm(initial={
                "source": request.GET.get("source", "")})})
    form = BringForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "newsroom/bring.html", {**standing(request), "form": form},
                      status=422)
    brought = uploads.bring(_items(form), by=person)
    if len(brought) == 1 and brought[0].article is not None and not brought[0].reason:
        messages.success(request, uploads.OUTCOMES[brought[0].outcome])
        return redirect(brought[0].article)
    return render(request, "newsroom/bring.html", {
        **standing(request), "form": form if any(each.reason for each in brought) else BringForm(),
        "brought": [(each, uploads.OUTCOMES[each.outcome], doubts.in_words(each.warnings))
                    for each in brought]})


def _items(form: BringForm) -> list[uploads.Item]:
    given = form.cleaned_data
    source = Source.objects.filter(key=given["source"]).first() if given["source"] else None
    known = uploads.Known(given["address"], source, given["published"], given["lang"])
    items = []
    for file in given["upload"]:
        # What is too large is not read at all: the extractor refuses what it gets in its place.
        body = file.read(limits.UPLOAD_BYTES + 1)
        items.append(uploads.Item(body, file.name or "file", file.content_type or "", known))
    if given["text"].strip():
        items.append(uploads.Item(given["text"].encode(), "", "text/plain; charset=utf-8", known))
    return items
