"""Files and texts that officers bring: each is taken by itself, and each says what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from saphan.ground import limits
from saphan.people.models import Person
from saphan.rooms.newsroom.actions import articles
from saphan.rooms.newsroom.intake import Incoming, Taken
from saphan.rooms.newsroom.models import Article, Source
from saphan.rooms.newsroom.rules import articles as rules
from saphan.rooms.newsroom.vocabulary import Origin

REASONS: dict[str, Any] = {
    "empty": _("There is nothing in it."),
    "too_large": _("It is larger than the house reads, or swells when it is unpacked."),
    "unsupported": _("It is no page, PDF, Word document (.docx) or text."),
    "broken": _("It is damaged, or not what its name says."),
    "locked": _("It needs a password, or it is an old Word file. Save it as .docx or PDF."),
    "no_text": _("It holds no text. A scan must be read by the paper reader first; a page that "
                 "scripts fill must be saved from the browser."),
    "bad_recipe": _("The selector of its source is wrong."),
    "shrunk": _("It holds much less than it held before, so it was not taken as a correction."),
    "failed": _("The house could not read it. The people who run it were told."),
}

OUTCOMES: dict[str, Any] = {
    "new": _("The article is in the archive."),
    "corrected": _("The article was known. What changed is kept as a new version."),
    "unchanged": _("The article is in the archive already, word for word."),
    "copy": _("The article is in the archive, linked as a copy of an earlier one."),
    "refused": _("It was not taken."),
}


@dataclass(frozen=True)
class Brought:
    """What became of one file. `reason` is set where it was refused."""

    name: str
    outcome: str
    article: Article | None = None
    reason: str | Promise = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """What the officer said of everything that she brought at once."""

    address: str = ""
    source: Source | None = None
    published: date | None = None
    lang: str = ""


@dataclass(frozen=True)
class Item:
    """A file with its name and type, or pasted words (no name)."""

    body: bytes
    name: str = ""
    content_type: str = ""
    known: Known = field(default_factory=Known)


def bring(items: Iterable[Item], *, by: Person) -> list[Brought]:
    """Take each; one that cannot be read does not stop the others."""
    rules.may_bring_in(by).or_raise()
    return [_one(item, by) for item in items]


def _one(item: Item, by: Person) -> Brought:
    known = item.known
    if len(item.body) > limits.UPLOAD_BYTES:
        return told(item.name, Taken("refused", problem="too_large"))
    taken = articles.take(Incoming(
        body=item.body, content_type=item.content_type, name=item.name, address=known.address,
        source=known.source.pk if known.source else None,
        recipe=known.source.recipe if known.source else "",
        origin=Origin.UPLOADED if item.name else Origin.PASTED, lang=known.lang,
        published=known.published), by=by)
    return told(item.name, taken)


def told(name: str, taken: Taken) -> Brought:
    article = None if taken.article is None else Article.objects.defer("vector").get(
        pk=taken.article)
    reason = REASONS.get(taken.problem, REASONS["failed"]) if taken.problem else ""
    return Brought(name, taken.outcome, article, reason, taken.warnings)
