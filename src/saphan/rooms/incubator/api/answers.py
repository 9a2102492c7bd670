"""Answers to calls, for software."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict

from saphan.engines import sealing
from saphan.ground.access import Refused
from saphan.house import callers
from saphan.rooms.incubator.actions import answers as actions
from saphan.rooms.incubator.forms.answers import INDICATOR, AnswerForm
from saphan.rooms.incubator.models import Answer, Call
from saphan.rooms.incubator.queries import answers as queries
from saphan.rooms.incubator.queries import calls
from saphan.rooms.incubator.rules import answers as rules

router = Router()


class Written(BaseModel):
    """An answer: `title`, `solution`, `plan`, `experience`, `risks`, `mode`, `amount`, `months`,
    `indicators` (identifier to value), `organisation`, `organisation_kind`, `economy`, `partners`
    (`name`, `economy`, `role`, `email`). `send`: seal it as the answer, else as a draft. `code`:
    that of the team, to change what it wrote."""

    model_config = ConfigDict(extra="allow")

    send: bool = False
    code: str = ""


class Code(BaseModel):
    """The team's code."""

    code: str


def _call(number: str, request: HttpRequest) -> Call:
    try:
        return calls.call(number, asker=callers.asker(request))
    except calls.NotFound:
        raise callers.Missing(number) from None


def _brief(found: Answer) -> dict[str, Any]:
    return {"number": found.number, "call": found.call.number, "state": found.state,
            "version": found.version, "digest": found.digest or None,
            "sent": found.sent.isoformat() if found.sent else None}


@router.post("/{number}/answer", summary="Write or change your answer; it is sealed at once",
             response={200: dict[str, Any], 201: dict[str, Any]})
def write(request: HttpRequest, number: str, body: Written) -> Any:
    person, call = callers.writer(request), _call(number, request)
    given = body.model_dump(exclude={"send", "code"})
    for key, value in (given.pop("indicators", None) or {}).items():
        given[INDICATOR + str(key)] = value
    own = queries.own_answer(call, person)
    (rules.may_answer(person, call) if own is None else rules.may_change(person, own)).or_raise()
    form = AnswerForm(given, call=call, by=person, sending=body.send)
    if not form.is_valid():
        raise callers.Invalid.form(form)
    saved, key = actions.write(call, form.content(), by=person, answer=own,
                               key=_key(body.code) if own else None, send=body.send)
    told = _brief(saved)
    return Status(201, {**told, "code": sealing.code_of(key)}) if own is None else Status(
        200, told)


def _key(code: str) -> bytes:
    try:
        return sealing.key_of(code)
    except sealing.SealingError:
        raise Refused(rules.WRONG_CODE) from None


@router.post("/{number}/answer/read", summary="Your own answer, opened with your team's code")
def read_own(request: HttpRequest, number: str, body: Code) -> dict[str, Any]:
    person, call = callers.asker(request), _call(number, request)
    own = queries.own_answer(call, person)
    if own is None:
        raise callers.Missing(number)
    try:
        content = own.content or queries.content_with_code(own, _key(body.code))
    except sealing.SealingError:
        raise Refused(rules.WRONG_CODE) from None
    return {**_brief(own), "content": content}


@router.post("/{number}/answer/withdraw", summary="Take your answer back before the deadline")
def withdraw(request: HttpRequest, number: str) -> dict[str, Any]:
    person, call = callers.writer(request), _call(number, request)
    own = queries.own_answer(call, person)
    if own is None:
        raise callers.Missing(number)
    return _brief(actions.withdraw(own, by=person))


@router.get("/{number}/answers", summary="The opened answers, for those who run the call")
def opened(request: HttpRequest, number: str) -> dict[str, Any]:
    person, call = callers.asker(request), _call(number, request)
    if not (call.is_unsealed and queries.concerned(call, person)):
        raise callers.Missing(number)
    rows = []
    for each in queries.opened(call, asker=person):
        shown = queries.shown(each, to=person)
        row = {**_brief(each), "lang": each.lang, "content": dict(shown.content),
               "untouched": queries.is_untouched(each)}
        if shown.named:
            row |= {"organisation": each.organisation_name, "economy": each.economy_id,
                    "partners": [partner.as_row for partner in each.partners.all()],
                    "eligibility": each.eligibility}
        rows.append(row)
    return {"count": len(rows), "answers": rows}
