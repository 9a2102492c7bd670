"""Sources, looks at them and alarms: for software."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, ConfigDict

from saphan.house import callers
from saphan.rooms.newsroom.tools import sources as tools

router = Router()


class SourceIn(BaseModel):
    """The fields of the form: name, way (feed, sitemap, page, by_hand), address, links, recipe,
    lang, economy, official, every_minutes, at_most, home."""

    model_config = ConfigDict(extra="allow")


@router.get("/sources", summary="The sources; for the desk with how each is doing")
def listed(request: HttpRequest, lang: str = "", economy: str = "",
           alarm: bool = False) -> dict[str, Any]:
    return tools.sources(lang=lang, economy=economy, alarm=alarm, person=callers.asker(request))


# Before the address with a key in it, which would take it for one.
@router.post("/sources/try", summary="See what a source would give, without keeping anything")
def try_it(request: HttpRequest, body: SourceIn) -> dict[str, Any]:
    return tools.try_source(body.model_dump(), person=callers.writer(request))


@router.get("/sources/{key}", summary="One source")
def one(request: HttpRequest, key: str) -> dict[str, Any]:
    return tools.read_source(key, person=callers.asker(request))


@router.get("/sources/{key}/looks", summary="The last looks at a source, for the desk")
def looks(request: HttpRequest, key: str) -> dict[str, Any]:
    return tools.source_looks(key, person=callers.asker(request))


@router.post("/sources", summary="Add a source")
def add(request: HttpRequest, body: SourceIn) -> dict[str, Any]:
    return tools.add_source(body.model_dump(), person=callers.writer(request))


@router.patch("/sources/{key}", summary="Change a source; what is left out stays")
def change(request: HttpRequest, key: str, body: SourceIn) -> dict[str, Any]:
    return tools.change_source(key, body.model_dump(), person=callers.writer(request))


@router.post("/sources/{key}/{step}", summary="pause, resume, retire or look")
def do(request: HttpRequest, key: str, step: str) -> dict[str, Any]:
    return tools.move_source(key, step, person=callers.writer(request))
