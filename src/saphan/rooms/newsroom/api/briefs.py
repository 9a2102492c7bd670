"""Briefs, their editions and who gets them: for software."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel

from saphan.engines.paper import FontMissing
from saphan.ground.access import Refused
from saphan.house import callers, printing
from saphan.rooms.newsroom import papers
from saphan.rooms.newsroom.actions import brief_life
from saphan.rooms.newsroom.actions import briefs as actions
from saphan.rooms.newsroom.forms.briefs import SendForm, WriteForm
from saphan.rooms.newsroom.models import Brief
from saphan.rooms.newsroom.queries import briefs as queries
from saphan.rooms.newsroom.rules import briefs as rules
from saphan.rooms.newsroom.tools import briefs as tools

router = Router()


class Wanted(BaseModel):
    """What a draft should be about; dates are ISO, numbers are apart by spaces."""

    lang: str
    topic: str = ""
    stories: str = ""
    articles: str = ""
    since: str = ""
    until: str = ""
    sentences: int = 4
    title: str = ""


class Written(BaseModel):
    """Words of a draft: `texts` by id of the block; `order`: ids; `version`: the one you read."""

    version: int
    title: str
    standfirst: str = ""
    public: bool = False
    texts: dict[str, str] = {}
    order: list[str] = []


class Step(BaseModel):
    """`because` for return_to_author, reopen, withdraw; `addresses` and `subscribers` for send."""

    because: str = ""
    addresses: list[str] = []
    subscribers: bool = False


def _brief(request: HttpRequest, pk: int) -> Brief:
    try:
        return queries.brief(pk, asker=callers.asker(request))
    except queries.NotFound:
        raise callers.Missing(pk) from None


@router.get("/briefs", summary="Briefs that went out, newest first")
def listed(request: HttpRequest, text: str = "", lang: str = "",
           year: str = "") -> list[dict[str, Any]]:
    return tools.listed(text, lang, year, person=callers.asker(request))


@router.post("/briefs", summary="Make a draft")
def draft(request: HttpRequest, wanted: Wanted) -> dict[str, Any]:
    return tools.drafted(**wanted.model_dump(), person=callers.writer(request))


@router.get("/briefs/{number}", summary="One brief by number or id, with sources and quotes")
def one(request: HttpRequest, number: str) -> dict[str, Any]:
    return tools.one(number, person=callers.asker(request))


# The same address as for reading: of two that look alike only the first would be found.
@router.put("/briefs/{number}", summary="Write into a draft, by number or id")
def write(request: HttpRequest, number: str, written: Written) -> dict[str, Any]:
    person = callers.writer(request)
    found = tools.found(number, person)
    given = written.model_dump()
    form = WriteForm.of(found, {**given, **{f"text-{name}": text
                                            for name, text in written.texts.items()}})
    if not form.is_valid():
        raise callers.Invalid.form(form)
    try:
        actions.write(found, by=person, **form.values(found))
    except actions.Changed:
        raise Refused("Somebody saved it meanwhile. Read it again.") from None
    return tools.one(str(found.pk), person=person)


@router.post("/briefs/{int:pk}/{step}",
             summary="hand_in, return_to_author, approve, send, reopen, withdraw")
def take(request: HttpRequest, pk: int, step: str, given: Step) -> dict[str, Any]:
    person, found = callers.writer(request), _brief(request, pk)
    if step not in rules.BY_TRANSITION:
        raise callers.Missing(step)
    cleaned: dict[str, Any] = {"because": given.because}
    if step == "send":
        form = SendForm({"addresses": "\n".join(given.addresses),
                         "subscribers": given.subscribers})
        if not form.is_valid():
            raise callers.Invalid.form(form)
        cleaned = form.cleaned_data
    brief_life.take(found, step, cleaned, by=person)
    return tools.one(str(pk), person=person)


@router.get("/briefs/{int:pk}/file/{kind}", summary="A brief as docx, pdf, html or txt")
def file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    found = _brief(request, pk)
    if kind not in dict(papers.KINDS) or queries.is_gone(found, callers.asker(request)):
        raise callers.Missing(kind)
    asker = callers.asker(request)
    kept = queries.shown_edition(found, asker)
    try:
        content, media_type = papers.printed(
            papers.of(found, kept, queries.whole(found, kept)), kind)
    except FontMissing as problem:
        raise Refused(printing.why_no_pdf(problem)) from None
    return HttpResponse(content, content_type=media_type)
