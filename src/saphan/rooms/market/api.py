"""The market for software: read, post, change, move along, export."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import BaseModel, ConfigDict, Field

from saphan.ground.streams import asynchronously
from saphan.house import callers, render
from saphan.rooms.market import actions, exchange, posting, queries, tools
from saphan.rooms.market.interest.api import router as brokered
from saphan.rooms.market.models import Listing

records = Router()
PAGE = 50


class Narrow(Schema):
    """Filters of a list; leave out what does not matter."""

    kind: str = ""
    sector: str = ""
    economy: str = ""
    stage: str = ""
    lang: str = ""
    example: str = ""
    page: int = Field(1, ge=1, le=100_000)


class Submitted(BaseModel):  # Ninja's own Schema drops what it does not declare
    """A record as the import format has it (see docs): `kind`, `title`, … Words are a string in
    `lang`, or an object from language code to string."""

    model_config = ConfigDict(extra="allow")

    kind: str
    lang: str = ""


class Changes(BaseModel):
    """The fields that change, as in a submitted record; `version` is the one that was read."""

    model_config = ConfigDict(extra="allow")


class Remark(Schema):
    """Why a record goes back to its author; or why its author thinks it right as it is, although
    the quality gate refuses it."""

    because: str = ""
    objection: str = ""


@records.get("/listings/{shelf}", summary="Public records: offers, needs or results")
def shelf(request: HttpRequest, shelf: str, narrow: Query[Narrow]) -> dict[str, Any]:
    try:
        found = queries.shelf(shelf, queries.Filters.read(narrow.dict()))
    except KeyError:
        raise callers.Missing(shelf) from None
    start = (narrow.page - 1) * PAGE
    return {"count": found.count(), "page": narrow.page,
            "records": [render.plate(queries.plate_of(record))
                        for record in found[start:start + PAGE]]}


@records.get("/export.jsonl", summary="All public records, in the format that import reads")
def export(request: HttpRequest) -> Any:
    records = queries.in_order_of_accession(queries.public()).iterator(chunk_size=200)
    return StreamingHttpResponse(asynchronously(exchange.write_jsonl(records), at_once=50),
                                 content_type="application/x-ndjson")


@records.get("/export", summary="All public records; xml and json are partnering profiles")
def export_as(request: HttpRequest,
              format: Literal["jsonl", "csv", "xml", "json"] = "jsonl") -> Any:
    records = queries.in_order_of_accession(queries.public()).iterator(chunk_size=200)
    return StreamingHttpResponse(asynchronously(exchange.WRITERS[format](records), at_once=50),
                                 content_type=exchange.MEDIA_TYPES[format])


@records.get("/{number}", summary="One record, with all its words")
def read(request: HttpRequest, number: str) -> dict[str, Any]:
    return tools.whole(_listing(request, number), callers.asker(request))


@records.post("/", summary="Post a draft", response={201: dict[str, Any]})
def post(request: HttpRequest, body: Submitted) -> Any:
    person = callers.writer(request)
    return Status(201, tools.drafted(posting.draft(body.model_dump(), by=person), person))


@records.patch("/{number}", summary="Change words and fields of one's record")
def change(request: HttpRequest, number: str, body: Changes) -> dict[str, Any]:
    person = callers.writer(request)
    listing = _listing(request, number)
    return tools.drafted(posting.change(listing, body.model_dump(), by=person), person)


@records.post("/{number}/{transition}", summary="Move a record along: submit, publish, pause, …")
def move(request: HttpRequest, number: str, transition: str,
         body: Remark | None = None) -> dict[str, Any]:
    person = callers.writer(request)
    listing = _listing(request, number)
    verb = actions.BY_TRANSITION.get(transition)
    if verb is None:
        raise callers.Missing(transition)
    if transition == "return_to_author":
        listing = actions.return_to_author(listing, by=person,
                                           because=body.because if body else "")
    elif transition == "submit":
        listing = posting.submit(listing, by=person, objection=body.objection if body else "")
    else:
        listing = verb(listing, by=person)
    return tools.whole(listing, person)


def _listing(request: HttpRequest, number: str) -> Listing:
    try:
        return queries.listing(number, asker=callers.asker(request))
    except queries.NotFound:
        raise callers.Missing(number) from None


# In this order: `interests` is no number of a record.
router = Router()
router.add_router("", brokered)
router.add_router("", records)
