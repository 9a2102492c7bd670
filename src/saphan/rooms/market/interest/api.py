"""The brokered path for software; what a token's person may know, and no more."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict

from saphan.house import callers
from saphan.people.models import Person
from saphan.rooms.market import queries as market
from saphan.rooms.market import rules as market_rules
from saphan.rooms.market.interest import queries, told
from saphan.rooms.market.models import Listing

router = Router()


class Asked(BaseModel):
    """The three answers as text in `lang`, or as objects from language code to text. `agree`: be
    introduced as soon as the owner accepts. `organisation`: its number in the house, for whom she
    speaks; `own_listing`: accession number of her own record that fits."""

    purpose: str | dict[str, str]
    brings: str | dict[str, str]
    timing: str | dict[str, str]
    lang: str = ""
    agree: bool = False
    organisation: str = ""
    own_listing: str = ""


class Done(BaseModel):
    """Fields of the verb: `reply`, `reason` (accept, decline, close); `meets_at`, `zone`,
    `minutes`, `where` (introduce); `kind`, `on`, `words`, `amount`, `currency`, `url` (sign, start,
    conclude)."""

    model_config = ConfigDict(extra="allow")




def _caller(request: HttpRequest) -> Person:
    person = callers.asker(request)
    if person is None:
        raise callers.Unauthorised(market_rules.signed_in(None).reason)
    return person


@router.get("/interests", summary="Interests that you sent, received or broker")
def interests(request: HttpRequest, role: str = "") -> dict[str, Any]:
    person = _caller(request)
    found = {"sent": queries.sent_by, "received": queries.received_by,
             "broker": queries.to_broker}.get(role, queries.visible_to)(person)
    return {"count": found.count(), "interests": [told.brief(each, person)
                                                  for each in found[:100]]}


@router.get("/interests/{number}", summary="One interest, as you may see it")
def interest(request: HttpRequest, number: str) -> dict[str, Any]:
    person = _caller(request)
    return told.whole(told.find(number, person), person)


@router.post("/interests/{number}/{verb}",
             summary="accept, decline, agree, withdraw, introduce, sign, start, conclude, close")
def act(request: HttpRequest, number: str, verb: str, body: Done | None = None) -> dict[str, Any]:
    person = callers.writer(request)
    found = told.act(told.find(number, person), verb, body.model_dump() if body else {}, by=person)
    return told.whole(found, person)


@router.post("/{number}/interests", summary="Say that you are interested in a record",
             response={201: dict[str, Any]})
def ask(request: HttpRequest, number: str, body: Asked) -> Any:
    person = callers.writer(request)
    return Status(201, told.whole(told.send(_listing(number, person), body.model_dump(),
                                            by=person), person))


def _listing(number: str, person: Person) -> Listing:
    try:
        return market.listing(number, asker=person)
    except market.NotFound:
        raise callers.Missing(number) from None
