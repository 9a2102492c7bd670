"""The exhibition for software: read, run, energy, and the Open Inference Protocol."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from ninja import Body, Router, Status
from pydantic import BaseModel, ConfigDict

from saphan.engines.runner import oip
from saphan.ground import limits
from saphan.house import callers
from saphan.rooms.exhibition import queries, running, tools
from saphan.rooms.exhibition.answers import BADLY_MADE, told_parts
from saphan.rooms.exhibition.models import Exhibit

router = Router()
PATIENCE_SECONDS = 15.0
ANONYMOUS_RUNS = 60  # a minute, from one address


class Given(BaseModel):
    """The inputs of an exhibit by name (see its schema); files as base64. `lang`: the language of
    the sentences in the answer. `example`: run one of its examples instead."""

    model_config = ConfigDict(extra="forbid")

    inputs: dict[str, Any] = {}
    example: str = ""
    lang: str = ""


def _exhibit(slug: str) -> Exhibit:
    try:
        return queries.exhibit(slug)
    except queries.NotFound:
        raise callers.Missing(slug) from None


@router.get("/", summary="The exhibits in the hall")
def exhibits(request: HttpRequest, sector: str = "") -> dict[str, Any]:
    return tools.list_exhibits(sector=sector)


@router.get("/energy", summary="What the exhibits' runs cost")
def energy(request: HttpRequest) -> dict[str, Any]:
    return {"exhibits": [tools.totals(each) for each in queries.totals()]}


@router.get("/oip/v2", summary="Open Inference Protocol: this server")
def oip_server(request: HttpRequest) -> dict[str, Any]:
    return {"name": "saphan", "version": "2", "extensions": []}


@router.get("/oip/v2/health/live", summary="Open Inference Protocol: alive")
def oip_live(request: HttpRequest) -> dict[str, bool]:
    return {"live": True}


@router.get("/oip/v2/health/ready", summary="Open Inference Protocol: ready")
def oip_ready(request: HttpRequest) -> dict[str, bool]:
    return {"ready": queries.shown().exists()}


@router.get("/oip/v2/models/{slug}", summary="Open Inference Protocol: metadata of an exhibit")
def oip_metadata(request: HttpRequest, slug: str) -> dict[str, Any]:
    found = _exhibit(slug)
    return oip.metadata(found.slug, tools.signature(found))


@router.get("/oip/v2/models/{slug}/ready", summary="Open Inference Protocol: is it ready")
def oip_model_ready(request: HttpRequest, slug: str) -> dict[str, Any]:
    found = _exhibit(slug)
    return {"name": found.slug, "ready": found.state == Exhibit.State.RUNNING}


@router.post("/oip/v2/models/{slug}/infer", summary="Open Inference Protocol: run an exhibit",
             response={200: dict[str, Any], 400: dict[str, Any], 503: dict[str, Any]})
def oip_infer(request: HttpRequest, slug: str, body: Body[dict[str, Any]]) -> Any:
    found = _exhibit(slug)
    may_run_once_more(request)
    try:
        checked, identifier = oip.read_infer(tools.signature(found), body)
    except oip.OipError as bad:
        return Status(bad.status, bad.to_json())
    standing = tools.run_to_the_end(found, checked, visitor=visitor_of(request))
    if standing.answer is None:
        return Status(503 if not standing.refusal else 400,
                      {"error": standing.refusal or standing.reason or standing.outcome
                       or standing.state})
    try:
        return oip.infer_response(found.slug, {"parts": list(told_parts(standing.answer))},
                                  standing.usage, identifier)
    except BADLY_MADE:
        return Status(503, {"error": "the exhibit gave an answer that is none"})


@router.get("/runs/{ticket}", summary="A run: where it stands, or its answer")
def run_state(request: HttpRequest, ticket: str, lang: str = "") -> dict[str, Any]:
    try:
        standing = running.look(ticket, wait=PATIENCE_SECONDS)
    except running.NoSuchRun:
        raise callers.Missing(ticket) from None
    return tools.told(_exhibit(standing.slug), standing, lang)


@router.delete("/runs/{ticket}", summary="Cancel a run, or forget its answer")
def cancel(request: HttpRequest, ticket: str) -> dict[str, bool]:
    running.cancel(ticket)
    return {"cancelled": True}


@router.get("/{slug}", summary="One exhibit: inputs, measured numbers, state")
def read(request: HttpRequest, slug: str) -> dict[str, Any]:
    return tools.whole(_exhibit(slug))


@router.get("/{slug}/schema", summary="JSON Schema of an exhibit's inputs")
def schema(request: HttpRequest, slug: str) -> dict[str, Any]:
    return tools.schema(_exhibit(slug))


@router.post("/{slug}/run", summary="Run an exhibit",
             response={200: dict[str, Any], 202: dict[str, Any]})
def run(request: HttpRequest, slug: str, body: Given) -> Any:
    found = _exhibit(slug)
    callers.reader(body.lang)  # a language that nobody knows is said before anything runs
    may_run_once_more(request)
    ticket = tools.begin(found, body.inputs, example=body.example, visitor=visitor_of(request))
    standing = running.look(ticket, wait=PATIENCE_SECONDS)
    return Status(200 if standing.is_over else 202, tools.told(found, standing, body.lang))


def visitor_of(request: HttpRequest) -> str:
    """Whose turn it is: a person's, or an address's for those without a token."""
    person = callers.asker(request)
    return person.ref if person else f"address {request.META.get('REMOTE_ADDR', '')}"


def may_run_once_more(request: HttpRequest) -> None:
    """Fair turns keep one caller from taking the hall; this keeps one from filling its queue for
    ever. Raises Refused."""
    if callers.asker(request) is None:
        limits.spend("exhibit-run", request.META.get("REMOTE_ADDR", ""), at_most=ANONYMOUS_RUNS,
                     per=timedelta(minutes=1)).or_raise()
