"""The API itself: the house's own operations, and every room's router under its slug."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import translation
from ninja import NinjaAPI, Query, Schema
from ninja.renderers import BaseRenderer
from ninja.responses import NinjaJSONEncoder
from pydantic import Field

from saphan.doors.api import auth, problems, terms, watches, words
from saphan.ground.access import Refused
from saphan.ground.streams import asynchronously
from saphan.house import ask as house
from saphan.house import callers, numbers, registry, render
from saphan.house.engine import NotReady
from saphan.people import queries as people


class Utf8(BaseRenderer):
    """JSON in which Thai is Thai and not a row of escapes three times as long."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> Any:
        return json.dumps(data, cls=NinjaJSONEncoder, ensure_ascii=False)


api = NinjaAPI(
    title="Saphan",
    version="1",
    description="Ask the house, read its records, post needs. Every answer is in the language of "
                "the parameter `lang`, or of the Accept-Language header. What goes wrong is "
                "answered as application/problem+json.",
    urls_namespace="api",
    auth=auth.Caller(),
    renderer=Utf8(),
    docs_url=None,
    openapi_url="/openapi.json",
)
problems.handle(api)


class Question(Schema):
    """A question to the house, in any language."""

    question: str = Field(max_length=20_000)
    lang: str = Field("", description="Language of the answer; default: Accept-Language.")
    limit: int = Field(12, ge=1, le=50, description="Records for each room at most.")


@api.get("/rooms", tags=["house"], summary="The rooms of the house")
def rooms(request: HttpRequest) -> list[dict[str, Any]]:
    return [render.room(room) for room in registry.rooms()]


@api.get("/economies", tags=["house"], summary="Countries and regions, with the centre's names")
def economies(request: HttpRequest) -> list[dict[str, Any]]:
    return [{"code": economy.code, "name": str(economy.name), "asean": economy.asean,
             "languages": economy.languages} for economy in people.economies()]


@api.get("/numbers", tags=["house"], summary="The numbers of the centre: counts of facts")
def counts(request: HttpRequest) -> list[dict[str, Any]]:
    return [{"id": each.slug, "room": room.slug, "label": str(each.indicator.label),
             "facts": list(each.indicator.facts), "total": each.total,
             "this_year": each.this_year, "last_30_days": each.last_30_days,
             "months": {month.strftime("%Y-%m"): count for month, count in each.months},
             "economies": dict(each.economies), "sectors": dict(each.sectors),
             "stage": each.indicator.stage}
            for room, counted in numbers.all_numbers() for each in counted]


@api.get("/ask", tags=["house"], summary="Ask the house")
def ask(request: HttpRequest, asked: Query[Question]) -> dict[str, Any]:
    return _answer(request, asked)


@api.post("/ask", tags=["house"], summary="Ask the house", operation_id="ask_by_post")
def ask_by_post(request: HttpRequest, asked: Question) -> dict[str, Any]:
    return _answer(request, asked)


@api.get("/ask/stream", tags=["house"],
         summary="Ask, and get the answer in two lines of NDJSON: by words, then by meaning")
def ask_stream(request: HttpRequest, asked: Query[Question]) -> Any:
    steps = _steps(request, asked)
    first = next(steps)  # a refused question is an error, not a broken stream
    return StreamingHttpResponse(asynchronously(chain([first], steps)),
                                 content_type="application/x-ndjson")


def _answer(request: HttpRequest, asked: Question) -> dict[str, Any]:
    lang = callers.reader(asked.lang)
    with translation.override(lang.lower()):
        try:
            return render.answer(house.ask(asked.question, lang=lang, limit=asked.limit,
                                           asker=callers.asker(request)))
        except Refused as refused:
            raise _about_the_question(refused) from None


def _steps(request: HttpRequest, asked: Question) -> Iterator[str]:
    """The lines of a streamed answer. The language is set anew for each: the thread may differ."""
    lang = callers.reader(asked.lang)
    steps = house.stream(asked.question, lang=lang, asker=callers.asker(request), limit=asked.limit)
    while True:
        with translation.override(lang.lower()):
            try:
                step = next(steps, None)
            except Refused as refused:
                raise _about_the_question(refused) from None
            if step is None:
                return
            line = render.json_line(render.answer(step))
        yield line


def _about_the_question(refused: Refused) -> Exception:
    """A question that cannot be asked is a wrong field, not something forbidden."""
    if isinstance(refused, NotReady):
        return refused
    return callers.Invalid([{"field": "question", "message": str(refused.reason)}])


def mount_rooms() -> None:
    """Every room's router under its slug, once."""
    for room in registry.rooms():
        if room.api:
            api.add_router(f"/{room.slug}", room.api, tags=[room.slug])


api.add_router("/terms", terms.router, tags=["terms"])
api.add_router("/watches", watches.router, tags=["watches"])
api.add_router("/words", words.router, tags=["words"])
mount_rooms()
