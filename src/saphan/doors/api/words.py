"""The translation desk for software: what is wanted, a translation handed in, approved. Same rules
as on the pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from saphan.house import callers, engine
from saphan.house.rendering import render, rules

router = Router()


class Wanted(Schema):
    """Which list is asked for."""

    into: str = Field(description="Language into which one translates, for example km.")
    state: str = Field("", max_length=20, description=(
        "wanted, drafted, in_review, approved, set_aside or stale; empty: all that is to be done."))
    page: int = Field(1, ge=1, le=10_000)


class Translation(Schema):
    """The words of a record, field by field, one string for each sentence of the original; null
    says a sentence together with the one before. `version` and `digest` are those that were read:
    nothing is overwritten if either is no longer true."""

    sentences: dict[str, list[str | None]]
    version: int | None = None
    digest: str = ""
    minutes: int = Field(0, ge=0)
    hand_in: bool = False


class Remark(Schema):
    """Why it is sent back or set aside."""

    remark: str = Field("", max_length=1000)


class Wish(Schema):
    """A record, by number (MKT-2026-0042), and the language to read it in."""

    record: str = Field(max_length=100)
    into: str = Field(max_length=20)


def translator(request: HttpRequest) -> Any:
    """The person who calls, if she works on translations."""
    person = callers.asker(request)
    if person is None:
        raise callers.Unauthorised(rules.WHO_WORKS)
    return person


@router.get("/", summary="How far each language is")
def progress(request: HttpRequest) -> list[dict[str, Any]]:
    return render.progress()


@router.get("/wanted", summary="What is to be translated into a language")
def wanted(request: HttpRequest, asked: Query[Wanted]) -> dict[str, Any]:
    return render.wanted(callers.reader(asked.into), state=asked.state, page=asked.page,
                         person=translator(request))


@router.post("/wish", summary="Ask that a record can be read in a language")
def wish(request: HttpRequest, body: Wish) -> dict[str, Any]:
    person = callers.asker(request)
    who = person.ref if person is not None else request.META.get("REMOTE_ADDR", "")
    return render.wish(body.record, body.into, who=who)


@router.get("/{int:pk}", summary="One translation: sentences, and what differs between the two")
def read(request: HttpRequest, pk: int) -> dict[str, Any]:
    engine.look_again()
    return render.whole(render.opened(pk, person=translator(request)))


@router.put("/{int:pk}", summary="Save a translation, and hand it in")
def submit(request: HttpRequest, pk: int, body: Translation) -> dict[str, Any]:
    engine.look_again()
    return render.submit(pk, body.sentences, person=callers.writer(request), version=body.version,
                         digest=body.digest, minutes=body.minutes, hand_in=body.hand_in)


@router.post("/{int:pk}/{step}", summary="Move it along: claim, hand_in, approve, send_back, …")
def move(request: HttpRequest, pk: int, step: str, body: Remark | None = None) -> dict[str, Any]:
    engine.look_again()
    return render.move(pk, step, person=callers.writer(request),
                       remark=body.remark if body else "")
