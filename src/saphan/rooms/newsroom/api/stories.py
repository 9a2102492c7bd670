"""Stories, and what officers decide about them: for software."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from saphan.house import callers
from saphan.rooms.newsroom.actions import stories as actions
from saphan.rooms.newsroom.forms.stories import OtherForm, TickedForm
from saphan.rooms.newsroom.models import Decision, Story
from saphan.rooms.newsroom.queries import stories as queries
from saphan.rooms.newsroom.tools import stories as tools

router = Router()


class Narrow(Schema):
    """Filters of the list; leave out what does not matter."""

    q: str = ""
    lang: str = ""
    alone: bool = False
    page: int = Field(1, ge=1, le=100_000)


class Articles(Schema):
    """Numbers of articles, `NWS-2027-0001`, and for a move that of the other story."""

    articles: list[str]
    other: str = ""


class Other(Schema):
    """Number of another story."""

    other: str


@router.get("/stories", summary="Stories, the newest first")
def stories(request: HttpRequest, narrow: Query[Narrow]) -> dict[str, Any]:
    return tools.list_stories(narrow.q, narrow.lang, narrow.alone, narrow.page)


@router.get("/stories/{number}", summary="One story with its articles and figures")
def story(request: HttpRequest, number: str) -> dict[str, Any]:
    return tools.read_story(number, person=callers.asker(request))


@router.post("/stories/{number}/split", summary="Make some articles a story of their own")
def split(request: HttpRequest, number: str, body: Articles) -> dict[str, Any]:
    person, found = callers.writer(request), _story(number)
    form = _valid(TickedForm(found, {"articles": body.articles}))
    return tools.brief(actions.split(found, form.cleaned_data["articles"], by=person))


@router.post("/stories/{number}/move", summary="Move articles to another story")
def move(request: HttpRequest, number: str, body: Articles) -> dict[str, Any]:
    person, found = callers.writer(request), _story(number)
    form = _valid(TickedForm(found, {"articles": body.articles}))
    other = _valid(OtherForm({"other": body.other})).cleaned_data["other"]
    for article in form.cleaned_data["articles"]:
        actions.move(article, other, by=person)
    return tools.brief(Story.objects.get(pk=other.pk))


@router.post("/stories/{number}/merge", summary="Put another story together with this one")
def merge(request: HttpRequest, number: str, body: Other) -> dict[str, Any]:
    person, found = callers.writer(request), _story(number)
    other = _valid(OtherForm({"other": body.other})).cleaned_data["other"]
    decision = actions.merge(found, other, by=person)
    return {**tools.brief(Story.objects.get(pk=found.pk)), "decision": decision.pk}


@router.post("/decisions/{pk}/undo", summary="Take a decision about stories back")
def undo(request: HttpRequest, pk: int) -> dict[str, Any]:
    person = callers.writer(request)
    decision = Decision.objects.select_related("story", "other").filter(pk=pk).first()
    if decision is None:
        raise callers.Missing(pk)
    actions.undo(decision, by=person)
    return tools.brief(Story.objects.get(pk=decision.story_id))


def _story(number: str) -> Story:
    try:
        return queries.story(number)
    except queries.NotFound:
        raise callers.Missing(number) from None


def _valid(form: Any) -> Any:
    if not form.is_valid():
        raise callers.Invalid.form(form)
    return form
