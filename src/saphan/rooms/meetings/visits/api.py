"""Visits for software."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import BaseModel

from saphan.house import callers
from saphan.rooms.meetings.visits import queries, told

router = Router()


class Asked(BaseModel):
    """`crowd`: language to people, or to [people, of them slow walkers]. `day` as 2027-03-10,
    `begins` as 10:00 on the clock of the centre. `wishes`: ids of stations."""

    title: str | dict[str, str]
    day: str
    begins: str
    minutes: int = 90
    crowd: dict[str, int | list[int]]
    about: str | dict[str, str] = ""
    needs: str | dict[str, str] = ""
    economy: str = ""
    wishes: list[int] = []
    guided: bool = True
    lang: str = ""


@router.get("/visits", summary="Public tours, and visits that you asked for or host")
def visits(request: HttpRequest) -> dict[str, Any]:
    found = list(queries.visible_to(callers.asker(request)).order_by("-day", "-begins")[:100])
    return {"count": len(found), "visits": [told.brief(each) for each in found]}


@router.get("/visits/stations", summary="What there is to see")
def stations(request: HttpRequest) -> dict[str, Any]:
    return {"stations": told.stations()}


@router.post("/visits", summary="Ask for a visit", response={201: dict[str, Any]})
def ask(request: HttpRequest, body: Asked) -> Any:
    person = callers.writer(request)
    return Status(201, told.whole(told.request(body.model_dump(), by=person), person))


@router.get("/visits/{number}", summary="One visit with its routes, as you may see it")
def visit(request: HttpRequest, number: str) -> dict[str, Any]:
    person = callers.asker(request)
    return told.whole(told.find(number, person), person)
