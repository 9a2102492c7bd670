"""The observatory for software: indicators and observations, and the open data with stable
addresses and conditional requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.utils.http import parse_etags
from ninja import Query, Router, Schema, Status
from pydantic import BaseModel, ConfigDict, Field

from saphan.ground.streams import asynchronously
from saphan.house import callers
from saphan.rooms.observatory import catalogue, opendata, queries, tools
from saphan.rooms.observatory.models import Indicator

router = Router()
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8; header=present", "json": "application/json",
               "jsonld": "application/ld+json", "ttl": "text/turtle; charset=utf-8"}


class Narrow(Schema):
    sector: str = ""
    page: int = Field(1, ge=1, le=100_000)


class Submitted(BaseModel):  # Ninja's own Schema drops what it does not declare
    """An observation with the columns of the CSV import: `indicator`, `value`, `period`, `source`,
    and what else there is to say."""

    model_config = ConfigDict(extra="allow")

    indicator: str
    value: str | int | float
    period: str
    source: str


class Correction(Submitted):
    because: str


class Because(Schema):
    because: str


@router.get("/indicators", summary="What is counted and measured, with the newest number of each")
def indicators(request: HttpRequest, narrow: Query[Narrow]) -> dict[str, Any]:
    return tools.list_indicators(narrow.sector, narrow.page, person=callers.asker(request))


@router.get("/indicators/{slug}", summary="One indicator with its numbers and their sources")
def indicator(request: HttpRequest, slug: str, place: str = "") -> dict[str, Any]:
    return tools.read_indicator(slug, place[:20], person=callers.asker(request))


@router.get("/observations/{number}", summary="One number down to the words of its source")
def observation(request: HttpRequest, number: str) -> dict[str, Any]:
    return tools.read_observation(number, person=callers.asker(request))


@router.get("/board", summary="Signed, running and outcome, kept apart")
def board(request: HttpRequest, economy: str = "", sector: str = "",
          period: str = "") -> dict[str, Any]:
    return tools.signed_running_outcome(economy, sector, period)


@router.post("/observations", summary="Add what a source says", response={201: dict[str, Any]})
def add(request: HttpRequest, body: Submitted) -> Any:
    person = callers.writer(request)
    return Status(201, tools.added(_plain(body), person))


@router.post("/observations/{number}/correct", summary="Correct an observation by a new one",
             response={201: dict[str, Any]})
def correct(request: HttpRequest, number: str, body: Correction) -> Any:
    person = callers.writer(request)
    given = _plain(body)
    return Status(201, tools.corrected(number, given, given.pop("because"), person))


@router.post("/observations/{number}/withdraw", summary="Withdraw an observation")
def withdraw(request: HttpRequest, number: str, body: Because) -> dict[str, Any]:
    return tools.withdrawn(number, body.because, callers.writer(request))


def _plain(body: BaseModel) -> dict[str, Any]:
    given = body.model_dump()
    return {**given, "value": str(given["value"])}


@router.get("/data/catalogue.{ending}", summary="The catalogue of open data, DCAT-AP 3")
def whole_catalogue(request: HttpRequest, ending: Literal["jsonld", "ttl"]) -> HttpResponse:
    def body() -> Iterable[str]:
        node = catalogue.catalogue()
        yield catalogue.json_ld(node) if ending == "jsonld" else catalogue.turtle(node)

    return _conditional(request, None, ending, body)


@router.get("/data/{name}.csv-metadata.json", summary="The columns of a CSV file, CSV on the Web")
def description(request: HttpRequest, name: str) -> dict[str, Any]:
    _named(name)
    return opendata.csvw(name)


@router.get("/data/{name}.{ending}", summary="The data of an indicator, or of all")
def data(request: HttpRequest, name: str, ending: Literal["csv", "json"]) -> HttpResponse:
    of = _named(name)
    return _conditional(request, of, ending, lambda: opendata.write(ending, of), name)


def _named(name: str) -> Indicator | None:
    """The public indicator of this name; None for all of them."""
    if name == opendata.WHOLE:
        return None
    try:
        return queries.indicator(name, asker=None)
    except queries.NotFound:
        raise callers.Missing(name) from None


def _conditional(request: HttpRequest, of: Indicator | None, ending: str,
                 body: Callable[[], Iterable[str]], name: str = "") -> HttpResponse:
    """What was not changed since is not sent again."""
    etag = f'"{opendata.version(of)}-{ending}"'
    asked = parse_etags(request.headers.get("If-None-Match", ""))
    answer: Any
    if "*" in asked or etag in [one.removeprefix("W/") for one in asked]:
        answer = HttpResponseNotModified()
    else:
        answer = StreamingHttpResponse(asynchronously(body(), at_once=50),
                                       content_type=MEDIA_TYPES[ending])
        if name:
            answer["Content-Disposition"] = f'inline; filename="{name}.{ending}"'
        if ending == "csv":
            answer["Link"] = (f'<{opendata.address(name, "csv-metadata.json")}>; '
                              'rel="describedby"; type="application/csvm+json"')
    answer["ETag"] = etag
    answer["Cache-Control"] = "public, max-age=300"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer  # type: ignore[no-any-return]
