"""For software: who takes part, wishes, suggestions, feedback."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import BaseModel, ConfigDict, Field

from saphan.house import callers
from saphan.rooms.meetings import telling_wishes as told

router = Router()


class Who(Schema):
    """Filters of the participants; `q` finds by meaning, in any language."""

    q: str = Field("", max_length=500)
    economy: str = ""
    sector: str = ""
    lang: str = ""
    page: int = Field(1, ge=1, le=100_000)
    me: int | None = None


class Said(BaseModel):
    """The fields of the verb's form, as on the page. `me`: the position of your party, if you
    speak for several."""

    model_config = ConfigDict(extra="allow")
    me: int | None = None

    @property
    def fields(self) -> dict[str, Any]:
        return {name: value for name, value in self.model_dump().items() if name != "me"}


@router.get("/events/{number}/people", summary="Who takes part, for those who were admitted")
def people(request: HttpRequest, number: str, who: Query[Who]) -> dict[str, Any]:
    person = callers.asker(request)
    event = told.event_of(number, person)
    return told.participants(event, person, page=who.page, me=told.me_of(event, person, who.me),
                             text=who.q, economy=who.economy, sector=who.sector, lang=who.lang)


@router.get("/events/{number}/wishes", summary="Your party's wishes: to answer, both, waiting")
def wishes(request: HttpRequest, number: str, me: int | None = None) -> dict[str, Any]:
    person = callers.asker(request)
    return told.wishes_of(told.me_or_missing(told.event_of(number, person), person, me))


@router.get("/events/{number}/suggestions", summary="Whom your party should meet, and why")
def suggestions(request: HttpRequest, number: str, me: int | None = None) -> dict[str, Any]:
    person = callers.asker(request)
    return told.suggestions_of(told.me_or_missing(told.event_of(number, person), person, me))


@router.post("/events/{number}/wishes/to/{position}",
             response={201: dict[str, Any]},
             summary="Wish to meet a participant: `priority` 1 to 3, `words`, `who`, `only_slots`")
def send(request: HttpRequest, number: str, position: int, body: Said | None = None) -> Any:
    person, given = callers.writer(request), body or Said()
    event = told.event_of(number, person)
    me = told.me_or_missing(event, person, given.me)
    return Status(201, told.wish_for(told.send(event, me, position, given.fields, by=person), me))


@router.post("/events/{number}/wishes/{key}/{verb}",
             summary="accept (`priority`), refuse (`reason`), withdraw, wish_again, change, "
                     "confirm")
def act(request: HttpRequest, number: str, key: int, verb: str,
        body: Said | None = None) -> dict[str, Any]:
    person, given = callers.writer(request), body or Said()
    event = told.event_of(number, person)
    me = told.me_or_missing(event, person, given.me)
    return told.wish_for(told.act(event, me, key, verb, given.fields, by=person), me)


@router.post("/events/{number}/feedback/{word}",
             summary="Say how a meeting was: `took_place`, `useful` 1 to 4, `next_step`, `words`")
def feedback(request: HttpRequest, number: str, word: str, body: Said) -> dict[str, Any]:
    person = callers.writer(request)
    return told.rate(told.event_of(number, person), word, body.fields, by=person)
