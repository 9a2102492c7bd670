"""The panel, the decision and appeals, for software."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict

from saphan.house import callers
from saphan.people.models import Person
from saphan.rooms.incubator import judging
from saphan.rooms.incubator.actions import panel as actions
from saphan.rooms.incubator.forms.panel import MARK, SAID
from saphan.rooms.incubator.models import Call
from saphan.rooms.incubator.queries import calls
from saphan.rooms.incubator.queries import panel as queries
from saphan.rooms.incubator.rules import calls as call_rules
from saphan.rooms.incubator.tools import panel as tools

router = Router()


class Said(BaseModel):
    """The fields of the verb's form, as on the page. For a review: `marks` and `remarks` by
    criterion."""

    model_config = ConfigDict(extra="allow")


def _call(request: HttpRequest, number: str) -> Call:
    try:
        return calls.call(number, asker=callers.asker(request))
    except calls.NotFound:
        raise callers.Missing(number) from None


def given(body: Said | None) -> dict[str, Any]:
    """What was sent, as the forms take it."""
    said = body.model_dump() if body else {}
    for name, prefix in (("marks", MARK), ("remarks", SAID)):
        values = said.pop(name, None)
        if isinstance(values, dict):
            said |= {prefix + str(key): value for key, value in values.items()}
    return said


def _do(act: Any, missing: str) -> Any:
    try:
        return act()
    except (judging.Unknown, queries.NotFound):
        raise callers.Missing(missing) from None
    except judging.Wrong as wrong:
        raise callers.Invalid.form(wrong.form) from None


@router.get("/{number}/panel", summary="Who is on the panel and who reads what, for the desk")
def panel(request: HttpRequest, number: str) -> dict[str, Any]:
    person, call = callers.asker(request), _call(request, number)
    if not call_rules.looks_at_the_desk(person):
        raise callers.Missing(number)
    return tools.panel_of(call, person)


@router.post("/{number}/panel/{verb}",
             summary="invite, remove, promise, leave, assign, give, take, open")
def on_the_panel(request: HttpRequest, number: str, verb: str,
                 body: Said | None = None) -> dict[str, Any]:
    person, call = callers.writer(request), _call(request, number)
    said = _do(lambda: judging.on_the_panel(verb, call, given(body), by=person), verb)
    return {"done": said}


@router.get("/{number}/reviews", summary="Your reviews of a call")
def reviews(request: HttpRequest, number: str) -> dict[str, Any]:
    return tools.reviews_of(_call(request, number), callers.asker(request))


@router.get("/{number}/reviews/{position}", summary="One answer as you may read it, and your marks")
def review(request: HttpRequest, number: str, position: int) -> dict[str, Any]:
    person, call = callers.asker(request), _call(request, number)
    return tools.review_of(_find(call, position, person), person)


def _find(call: Call, position: int, person: Person | None) -> Any:
    return _do(lambda: queries.review(call, position, asker=person), call.number)


@router.post("/{number}/reviews/{position}/{verb}", summary="save, hand_in, reopen, conflict")
def on_a_review(request: HttpRequest, number: str, position: int, verb: str,
                body: Said | None = None) -> dict[str, Any]:
    person, call = callers.writer(request), _call(request, number)
    found = _find(call, position, person)
    said = _do(lambda: judging.on_a_review(verb, found, given(body), by=person), verb)
    return {"done": said, "state": found.state}


@router.get("/{number}/scores", summary="Raw and adjusted scores, for those who may see them")
def scores(request: HttpRequest, number: str) -> dict[str, Any]:
    person, call = callers.asker(request), _call(request, number)
    return dict(_do(lambda: tools.scores_of(call, person), number))


@router.post("/{number}/decide", summary="Announce the prepared decision")
def decide(request: HttpRequest, number: str) -> dict[str, Any]:
    person, call = callers.writer(request), _call(request, number)
    return {"state": actions.decide(call, by=person).state}


@router.get("/{number}/answers/{position}/decision",
            summary="What was decided and why, for its lead and for those who decide")
def decision(request: HttpRequest, number: str, position: int) -> dict[str, Any]:
    person, call = callers.asker(request), _call(request, number)
    return dict(_do(lambda: tools.decision_of(call, position, person), number))


@router.post("/{number}/answers/{position}/decision",
             summary="Propose `outcome` with `reasons`; after an upheld appeal, decide again")
def prepare(request: HttpRequest, number: str, position: int,
            body: Said | None = None) -> dict[str, Any]:
    person, call = callers.writer(request), _call(request, number)
    found = _do(lambda: queries.answer_of(call, position, asker=person), number)
    return {"done": _do(lambda: judging.prepare(found, given(body), by=person), number)}


@router.post("/{number}/answers/{position}/appeal", summary="Appeal, in `words`",
             response={201: dict[str, Any]})
def appeal(request: HttpRequest, number: str, position: int, body: Said | None = None) -> Any:
    person, call = callers.writer(request), _call(request, number)
    found = _do(lambda: queries.answer_of(call, position, asker=person), number)
    filed = _do(lambda: judging.appeal(found, given(body), by=person), number)
    return Status(201, tools.appeal_of(filed))


@router.get("/{number}/appeals/{pk}", summary="One appeal, for its team and those who answer it")
def read_appeal(request: HttpRequest, number: str, pk: int) -> dict[str, Any]:
    person, call = callers.asker(request), _call(request, number)
    return tools.appeal_of(_do(lambda: queries.appeal(call, pk, asker=person), number))


@router.post("/{number}/appeals/{pk}/{verb}", summary="uphold, dismiss (with `reasons`), withdraw")
def on_an_appeal(request: HttpRequest, number: str, pk: int, verb: str,
                 body: Said | None = None) -> dict[str, Any]:
    person, call = callers.writer(request), _call(request, number)
    found = _do(lambda: queries.appeal(call, pk, asker=person), number)
    said = _do(lambda: judging.on_an_appeal(verb, found, given(body), by=person), verb)
    return {"done": said, **tools.appeal_of(found)}
