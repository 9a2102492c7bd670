"""Calls for other people's software (MCP), and what the API shares with that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from saphan.ground.access import Refused
from saphan.house import callers, render
from saphan.house.room import Tool
from saphan.people.models import Person
from saphan.rooms.incubator import exchange, posting
from saphan.rooms.incubator.models import Call
from saphan.rooms.incubator.queries import calls as queries
from saphan.rooms.incubator.rules import calls as rules

PAGE = 20


def whole(call: Call) -> dict[str, Any]:
    """A call with its plate and all its words, as the import format has them."""
    left = queries.days_left(call) if call.state in Call.OPEN else None
    return {**render.plate(queries.plate_of(call)), "form": call.form, "version": call.version,
            "deadline": call.deadline.isoformat() if call.deadline else None, "days_left": left,
            "record": exchange.row_of(call)}


def brief(call: Call) -> dict[str, Any]:
    """A call in a list."""
    return {**render.plate(queries.plate_of(call)), "form": call.form,
            "deadline": call.deadline.isoformat() if call.deadline else None}


def read_call(number: str, person: Person | None = None) -> dict[str, Any]:
    try:
        return whole(queries.call(number, asker=person))
    except queries.NotFound:
        raise callers.Missing(number) from None


def list_calls(shelf: str = "open", form: str = "", sector: str = "", economy: str = "",
               page: int = 1, person: Person | None = None) -> dict[str, Any]:
    if shelf not in queries.SHELVES:
        raise callers.Missing(shelf)
    found = queries.shelf(shelf, queries.Filters.read(
        {"form": form, "sector": sector, "economy": economy}))
    start = (min(max(page, 1), 100_000) - 1) * PAGE
    return {"count": found.count(), "calls": [brief(call) for call in found[start:start + PAGE]]}


def draft_call(form: str, title: str, summary: str = "", scenario: str = "", lang: str = "",
               sector: str = "", came_from: str = "",
               person: Person | None = None) -> dict[str, Any]:
    if person is None:
        raise Refused(rules.may_start(None).reason)
    return whole(posting.draft({"form": form, "title": title, "summary": summary, "lang": lang,
                                "scenario": scenario, "sector": sector, "came_from": came_from},
                               by=person))


def tools() -> Sequence[Tool]:
    """Tools about calls."""
    return [
        Tool("read_call", "Read one open call by its accession number, for example INC-2026-0007.",
             read_call),
        Tool("list_calls", "List calls. shelf: open (the nearest deadline first), evaluation or "
                           "decided. form (challenge, cohort, grant), sector and economy (two "
                           "letters) narrow the list.", list_calls),
        Tool("draft_call", "Draft an open call in any language. The person whose token this is "
                           "answers the other questions and submits it. came_from: the number "
                           "of a record of this house that it begins with.",
             draft_call, writes=True),
    ]
