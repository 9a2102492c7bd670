"""Articles for other people's software (MCP), and what the API shares with that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from saphan.engines.fetching.warc import EvidenceProblem
from saphan.ground.access import Refused
from saphan.house import callers
from saphan.house.room import Tool
from saphan.people.models import Person
from saphan.rooms.newsroom import evidence
from saphan.rooms.newsroom.actions import uploads
from saphan.rooms.newsroom.forms.articles import BringForm
from saphan.rooms.newsroom.models import Article, Source, Version
from saphan.rooms.newsroom.queries import articles as queries
from saphan.rooms.newsroom.rules import articles as rules


def brief(article: Article) -> dict[str, Any]:
    """An article in a list: a quote of it, and where the whole stands."""
    return {
        "number": article.number, "title": article.title, "source": article.outlet,
        "address": article.address, "lang": article.lang, "economy": article.economy_id or "",
        "published": _iso(article.published), "day": article.day.isoformat(),
        "quote": queries.quote(article), "versions": article.versions_count,
        "copy_of": article.copy_of.number if article.copy_of_id and article.copy_of else "",
        "story": article.story.number if article.story_id and article.story else "",
        "example": article.example, "url": article.get_absolute_url()}


def whole(article: Article, person: Person | None, position: int | None = None) -> dict[str, Any]:
    """An article with its text, for officers; without it for others."""
    found = brief(article)
    if not rules.may_read_whole(person, article):
        return found
    try:
        version = queries.version(article, position)
    except queries.NotFound:
        raise callers.Missing(str(position)) from None
    return found | {
        "author": article.byline, "state": article.state, "warnings": article.warnings,
        "version": version.position, "text": version.text, "text_sha256": version.text_digest,
        "how": version.how, "encoding": version.encoding, "read": version.at.isoformat(),
        "evidence": version.evidence_digest}


def proof(article: Article, version: Version) -> dict[str, Any]:
    """Whether the snapshot of a version is still what was kept."""
    try:
        kept = evidence.check(version)
    except EvidenceProblem as problem:
        return {"number": article.number, "version": version.position, "sound": False,
                "problem": problem.code, "digest": version.evidence_digest}
    return {"number": article.number, "version": version.position, "sound": True, "problem": "",
            "digest": kept.digest, "address": kept.url, "at": kept.when.isoformat(),
            "status": kept.status, "bytes": len(kept.body)}


def outcome(each: uploads.Brought) -> dict[str, Any]:
    return {"name": each.name, "outcome": each.outcome, "reason": str(each.reason),
            "warnings": list(each.warnings),
            "article": each.article.number if each.article else ""}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def found(number: str, person: Person | None) -> Article:
    try:
        return queries.article(number, asker=person)
    except queries.NotFound:
        raise callers.Missing(number) from None


def listed(given: dict[str, str], person: Person | None, after: str = "") -> dict[str, Any]:
    """A page of a list, and `after`, with which the next begins; empty at the end."""
    filters = queries.Filters.read(given, desk=bool(rules.may_bring_in(person)))
    page = queries.page(filters, after)
    return {"articles": [brief(each) for each in page.articles], "after": page.after}


def brought(body: bytes, given: dict[str, str], person: Person, *, name: str = "",
            content_type: str = "text/plain; charset=utf-8") -> dict[str, Any]:
    """Take one text or file, through the form that the page uses."""
    rules.may_bring_in(person).or_raise()
    text = "" if name else body.decode("utf-8", "replace")
    form = BringForm({**given, "text": text}, has_file=bool(name))
    if not form.is_valid():
        raise callers.Invalid.form(form)
    said = form.cleaned_data
    source = Source.objects.filter(key=said["source"]).first() if said["source"] else None
    known = uploads.Known(said["address"], source, said["published"], said["lang"])
    return outcome(uploads.bring([uploads.Item(body, name, content_type, known)], by=person)[0])


def find_articles(q: str = "", source: str = "", lang: str = "", economy: str = "",
                  since: str = "", until: str = "", after: str = "",
                  person: Person | None = None) -> dict[str, Any]:
    return listed({"q": q, "source": source, "lang": lang, "economy": economy, "since": since,
                   "until": until}, person, after)


def read_article(number: str, version: int = 0, person: Person | None = None) -> dict[str, Any]:
    return whole(found(number, person), person, version or None)


def add_article(text: str, address: str = "", source: str = "", published: str = "",
                lang: str = "", person: Person | None = None) -> dict[str, Any]:
    if person is None:
        raise Refused(rules.may_bring_in(None).reason)
    return brought(text.encode(), {"address": address, "source": source, "published": published,
                                   "lang": lang}, person)


def check_evidence(number: str, version: int = 0, person: Person | None = None) -> dict[str, Any]:
    article = found(number, person)
    if not rules.may_read_whole(person, article):
        raise callers.Missing(number)
    try:
        return proof(article, queries.version(article, version or None))
    except queries.NotFound:
        raise callers.Missing(str(version)) from None


def tools() -> Sequence[Tool]:
    return [
        Tool("newsroom_find_articles",
             "Articles of the newsroom, newest first, or the best for words in any language. "
             "Narrow by source (key), lang, economy (two letters), since and until (YYYY-MM-DD). "
             "Give `after` of the answer to go on.", find_articles),
        Tool("newsroom_read_article",
             "One article by number (NWS-2026-0001). Liaison officers get the whole text; others a "
             "quote and the address of the original.", read_article),
        Tool("newsroom_add_article",
             "Bring in an article as text, its title in the first line, with the address and day "
             "of its publication. For liaison officers.", add_article, writes=True),
        Tool("newsroom_check_evidence",
             "Read the snapshot of an article again and compare it with the digest that was kept.",
             check_evidence),
    ]
