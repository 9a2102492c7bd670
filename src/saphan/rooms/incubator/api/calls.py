"""Calls for software: read, draft, change, move along, export, import."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import BaseModel, ConfigDict, Field

from saphan.ground.streams import asynchronously
from saphan.house import callers
from saphan.house.moments import instant
from saphan.rooms.incubator import exchange, posting
from saphan.rooms.incubator.actions import calls as actions
from saphan.rooms.incubator.forms.calls import ExtendForm
from saphan.rooms.incubator.models import Call
from saphan.rooms.incubator.queries import calls as queries
from saphan.rooms.incubator.tools import calls as tools

router = Router()
PAGE = 50


class Narrow(Schema):
    """Filters of a list; leave out what does not matter."""

    form: str = ""
    sector: str = ""
    economy: str = ""
    lang: str = ""
    page: int = Field(1, ge=1, le=100_000)


class Submitted(BaseModel):  # Ninja's own Schema drops what it does not declare
    """A call as the import format has it (see docs): `form`, `title`, … Words are a string in
    `lang`, or an object from language code to string."""

    model_config = ConfigDict(extra="allow")

    form: str
    lang: str = ""


class Changes(BaseModel):
    """The fields that change, as in a submitted call; `version` is the one that was read."""

    model_config = ConfigDict(extra="allow")


class Remark(Schema):
    """Why a call goes back to its author, or is cancelled; or, when it is submitted, why the
    author thinks right what the quality gate refuses."""

    because: str = ""


class Later(Schema):
    """A new deadline, `2027-03-31T17:00` on the owner's clock or with an offset, and why."""

    deadline: str
    because: str


@router.get("/calls/{shelf}", summary="Public calls: open, evaluation or decided")
def shelf(request: HttpRequest, shelf: str, narrow: Query[Narrow]) -> dict[str, Any]:
    try:
        found = queries.shelf(shelf, queries.Filters.read(narrow.dict()))
    except KeyError:
        raise callers.Missing(shelf) from None
    start = (narrow.page - 1) * PAGE
    return {"count": found.count(), "page": narrow.page,
            "calls": [tools.brief(call) for call in found[start:start + PAGE]]}


@router.get("/export.jsonl", summary="All public calls, in the format that import reads")
def export(request: HttpRequest) -> Any:
    records = queries.in_order_of_accession(queries.public()).iterator(chunk_size=200)
    return StreamingHttpResponse(asynchronously(exchange.write_jsonl(records), at_once=50),
                                 content_type="application/x-ndjson")


@router.get("/{number}", summary="One call, with all its words")
def read(request: HttpRequest, number: str) -> dict[str, Any]:
    return tools.whole(_call(request, number))


@router.post("/", summary="Draft a call", response={201: dict[str, Any]})
def post(request: HttpRequest, body: Submitted) -> Any:
    person = callers.writer(request)
    return Status(201, tools.whole(posting.draft(body.model_dump(), by=person)))


@router.patch("/{number}", summary="Change words and fields of one's draft")
def change(request: HttpRequest, number: str, body: Changes) -> dict[str, Any]:
    person = callers.writer(request)
    return tools.whole(posting.change(_call(request, number), body.model_dump(), by=person))


@router.post("/{number}/extend", summary="Move the deadline, once, with the reason")
def extend(request: HttpRequest, number: str, body: Later) -> dict[str, Any]:
    person = callers.writer(request)
    call, form = _call(request, number), ExtendForm(body.dict())
    if not form.is_valid():
        raise callers.Invalid.form(form)
    deadline = instant(form.cleaned_data["deadline"], call.time_zone)
    assert deadline is not None
    return tools.whole(actions.extend(call, by=person, deadline=deadline, because=body.because))


@router.post("/{number}/{transition}", summary="Move a call along: submit, post, open, …")
def move(request: HttpRequest, number: str, transition: str,
         body: Remark | None = None) -> dict[str, Any]:
    person = callers.writer(request)
    call = _call(request, number)
    verb = actions.BY_TRANSITION.get(transition)
    if verb is None:
        raise callers.Missing(transition)
    because = body.because if body else ""
    if transition == "submit":
        return tools.whole(posting.submit(call, by=person, objection=because))
    if transition in actions.WITH_A_REASON:
        return tools.whole(verb(call, by=person, because=because))
    return tools.whole(verb(call, by=person))


def _call(request: HttpRequest, number: str) -> Call:
    try:
        return queries.call(number, asker=callers.asker(request))
    except queries.NotFound:
        raise callers.Missing(number) from None
