"""What the extractor was not sure of, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saphan.rooms.newsroom.models import Article

FAILED = "failed"
DOUBTS: dict[str, Any] = {
    FAILED: gettext_lazy("The house could not read it. The people who run it were told."),
    "broken_characters": gettext_lazy("Some characters could not be read."),
    "recipe_missed": gettext_lazy("The selector of its source found nothing: the layout changed."),
    "short_text": gettext_lazy("The text is short against its page."),
    "heavy_page": gettext_lazy("The page is very large. A part may be missing."),
    "future_date": gettext_lazy("The page gives a day that has not come yet."),
    "no_date": gettext_lazy("No day of publication was found."),
}


def add(key: int, code: str) -> None:
    """Let the desk see a doubt about an article of this key."""
    article = Article.objects.only("warnings").get(pk=key)
    if code not in article.warnings:
        Article.objects.filter(pk=key).update(warnings=[*article.warnings, code])


def in_words(codes: Iterable[str]) -> list[str | Promise]:
    """The doubts of an article; codes that nobody knows are left out."""
    found: list[str | Promise] = []
    for code in codes:
        name, _colon, detail = code.partition(":")
        if name == "wrong_charset":
            found.append(_("The page claims the encoding %(name)s, which is wrong.") % {
                "name": detail})
        elif name in DOUBTS:
            found.append(DOUBTS[name])
    return found
