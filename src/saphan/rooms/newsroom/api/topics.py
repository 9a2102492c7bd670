"""Topics: standing questions: for software."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from saphan.house import callers
from saphan.rooms.newsroom.actions import topics as actions
from saphan.rooms.newsroom.forms.topics import FollowForm, said_of
from saphan.rooms.newsroom.tools import topics as tools

router = Router()


class Given(Schema):
    """A topic. `langs`, `economies` (two letters) and `sources` (keys) limit it; empty ones do
    not. `sharing`: own, desk or public."""

    query: str
    name: str = ""
    langs: list[str] = []
    economies: list[str] = []
    sources: list[str] = []
    sharing: str = "own"


class Changes(Schema):
    """What changes; what is left out stays."""

    query: str | None = None
    name: str | None = None
    langs: list[str] | None = None
    economies: list[str] | None = None
    sources: list[str] | None = None
    sharing: str | None = None


class Following(Schema):
    """`often`: at_once, daily, weekly or feed; empty to follow it no longer."""

    often: str
    language: str = ""


@router.get("/topics", summary="Topics that the caller may see")
def topics(request: HttpRequest) -> dict[str, Any]:
    return tools.list_topics(person=callers.asker(request))


@router.post("/topics", summary="Begin a topic", response={201: dict[str, Any]})
def begin(request: HttpRequest, body: Given) -> Any:
    person = callers.writer(request)
    return Status(201, tools.brief(actions.begin(tools.values(body.dict()), by=person)))


@router.get("/topics/{number}", summary="One topic with its newest articles")
def topic(request: HttpRequest, number: str, page: int = 1) -> dict[str, Any]:
    return tools.read_topic(number, page, person=callers.asker(request))


@router.patch("/topics/{number}", summary="Change a topic")
def change(request: HttpRequest, number: str, body: Changes) -> dict[str, Any]:
    person = callers.writer(request)
    found = tools.one(number, person)
    given = {**said_of(found), **body.dict(exclude_none=True)}
    return tools.brief(actions.change(found, tools.values(given), by=person))


@router.delete("/topics/{number}", summary="Delete a topic", response={204: None})
def remove(request: HttpRequest, number: str) -> Any:
    person = callers.writer(request)
    actions.remove(tools.one(number, person), by=person)
    return Status(204, None)


@router.post("/topics/{number}/follow", summary="Be told of what is new in a topic")
def follow(request: HttpRequest, number: str, body: Following) -> dict[str, Any]:
    person = callers.writer(request)
    found = tools.one(number, person)
    if not body.often:
        actions.unfollow(found, by=person)
        return {"following": False}
    form = FollowForm(body.dict())
    if not form.is_valid():
        raise callers.Invalid.form(form)
    actions.follow(found, by=person, **form.cleaned_data)
    return {"following": True, **form.cleaned_data}
