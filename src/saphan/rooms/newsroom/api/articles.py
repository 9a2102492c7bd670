"""Articles for software: list, read, bring in, check the evidence."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema, UploadedFile

from saphan.engines.fetching.warc import EvidenceProblem
from saphan.ground import limits
from saphan.house import callers
from saphan.rooms.newsroom import evidence
from saphan.rooms.newsroom.models import Version
from saphan.rooms.newsroom.queries import articles as queries
from saphan.rooms.newsroom.rules import articles as rules
from saphan.rooms.newsroom.tools import articles as tools

router = Router()


class Narrow(Schema):
    """Filters of the list; leave out what does not matter. `after` goes on where a page ended."""

    q: str = ""
    source: str = ""
    lang: str = ""
    economy: str = ""
    since: str = ""
    until: str = ""
    after: str = ""


class Known(Schema):
    """What is known of a file or text: where and when it was published, in which language."""

    address: str = ""
    source: str = ""
    published: str = ""
    lang: str = ""


class Text(Known):
    """An article as text; its first line is the title."""

    text: str


@router.get("/articles", summary="Articles, newest first, or the best for words")
def listing(request: HttpRequest, narrow: Query[Narrow]) -> dict[str, Any]:
    return tools.listed(narrow.dict(exclude={"after"}), callers.asker(request), narrow.after)


# Before the address with a number in it, which would take it for one.
@router.post("/articles/file", summary="Bring in a saved page, PDF, Word document or text file")
def bring_file(request: HttpRequest, known: Form[Known], file: File[UploadedFile]
               ) -> dict[str, Any]:
    person = callers.writer(request)
    return tools.brought(file.read(limits.UPLOAD_BYTES + 1), known.dict(), person,
                         name=file.name or "file", content_type=file.content_type or "")


@router.get("/articles/{number}", summary="One article; the whole text for officers")
def read(request: HttpRequest, number: str, version: int = 0) -> dict[str, Any]:
    return tools.read_article(number, version, callers.asker(request))


@router.post("/articles", summary="Bring in a text")
def bring_text(request: HttpRequest, body: Text) -> dict[str, Any]:
    return tools.brought(body.text.encode(), body.dict(exclude={"text"}), callers.writer(request))


@router.get("/articles/{number}/evidence/{version}", summary="Check a snapshot, for officers")
def check(request: HttpRequest, number: str, version: int) -> dict[str, Any]:
    return tools.check_evidence(number, version, callers.asker(request))


@router.get("/articles/{number}/evidence/{version}/warc", summary="A snapshot, for officers")
def archive(request: HttpRequest, number: str, version: int) -> Any:
    return HttpResponse(_archive(request, number, version), content_type="application/warc",
                        headers={"X-Content-Type-Options": "nosniff"})


def _archive(request: HttpRequest, number: str, position: int) -> bytes:
    person = callers.asker(request)
    article = tools.found(number, person)
    if not rules.may_read_whole(person, article):
        raise callers.Missing(number)
    try:
        version: Version = queries.version(article, position)
        return evidence.archive(version)
    except (queries.NotFound, EvidenceProblem):
        raise callers.Missing(f"{number}/{position}") from None
