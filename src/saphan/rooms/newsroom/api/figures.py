"""Figures and the desk that checks them: for software."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from saphan.house import callers
from saphan.rooms.newsroom.tools import figures as tools

router = Router()


class Which(Schema):
    """Filters of the list; leave out what does not matter. `after` goes on where a page ended."""

    q: str = ""
    state: str = ""
    source: str = ""
    unit: str = ""
    place: str = ""
    period: str = ""
    topic: str = ""
    indicator: str = ""
    flagged: bool = False
    after: str = ""


class StepIn(Schema):
    """`values`: fields to correct; `because`: why it is rejected or withdrawn."""

    values: dict[str, Any] = {}
    because: str = ""


class QuoteIn(Schema):
    """Words of an article, letter for letter."""

    article: str
    quote: str


@router.get("/figures", summary="Verified figures; for the desk also those to check")
def listed(request: HttpRequest, which: Query[Which]) -> dict[str, Any]:
    return tools.find_figures(**which.dict(), person=callers.asker(request))


@router.get("/figures/{key}", summary="One figure with the selectors of its quote")
def one(request: HttpRequest, key: str) -> dict[str, Any]:
    return tools.read_figure(key, person=callers.asker(request))


@router.post("/figures", summary="Keep the figures that a quote states")
def add(request: HttpRequest, body: QuoteIn) -> dict[str, Any]:
    return tools.add_figure(body.article, body.quote, person=callers.writer(request))


@router.post("/articles/{number}/propose-figures",
             summary="Let the language model propose figures; the parser decides")
def propose(request: HttpRequest, number: str) -> dict[str, Any]:
    return tools.propose_figures(number, person=callers.writer(request))


@router.post("/figures/{key}/{step}", summary="verify, correct, reject or withdraw")
def check(request: HttpRequest, key: str, step: str, body: StepIn) -> dict[str, Any]:
    return tools.check_figure(key, step, body.values, body.because,
                              person=callers.writer(request))
