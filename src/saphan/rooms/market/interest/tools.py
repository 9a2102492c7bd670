"""The brokered path for assistants (MCP)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from saphan.ground.access import Refused
from saphan.house import callers
from saphan.house.room import Tool
from saphan.people.models import Person
from saphan.rooms.market import queries as market
from saphan.rooms.market import rules
from saphan.rooms.market.interest import queries, told


def interests(person: Person | None = None) -> dict[str, Any]:
    her = _known(person)
    return {"interests": [told.brief(each, her) for each in queries.visible_to(her)[:50]]}


def read_interest(number: str, person: Person | None = None) -> dict[str, Any]:
    her = _known(person)
    return told.whole(told.find(number, her), her)


def express_interest(number: str, purpose: str, brings: str, timing: str, lang: str = "",
                     agree: bool = False, person: Person | None = None) -> dict[str, Any]:
    her = _known(person)
    try:
        listing = market.listing(number, asker=her)
    except market.NotFound:
        raise callers.Missing(number) from None
    return told.whole(told.send(listing, {"purpose": purpose, "brings": brings, "timing": timing,
                                          "lang": lang, "agree": agree}, by=her), her)


def answer_interest(number: str, accept: bool, reason: str = "", reply: str = "",
                    person: Person | None = None) -> dict[str, Any]:
    her = _known(person)
    found = told.act(told.find(number, her), "accept" if accept else "decline",
                     {"reason": reason, "reply": reply}, by=her)
    return told.whole(found, her)


def _known(person: Person | None) -> Person:
    verdict = rules.signed_in(person)
    if person is None or not verdict:
        raise Refused(verdict.reason)
    return person


def tools() -> Sequence[Tool]:
    """The tools of the brokered path."""
    return [
        Tool("interests", "Interests that you sent, received or broker, with whose turn it is.",
             interests),
        Tool("read_interest", "Read one interest, for example MKT-2026-0042-03. Names are there "
                              "only after both sides agreed and were introduced.", read_interest),
        Tool("express_interest", "Say that you are interested in a record. Answer three questions "
                                 "without names or addresses: what to do together, what you bring, "
                                 "how soon and how large. agree: be introduced as soon as they "
                                 "accept.", express_interest, writes=True),
        Tool("answer_interest", "Accept or decline an interest in your record. reason, to decline: "
                                "too_early, benefit_unclear, route_unclear, description_unclear, "
                                "not_our_field or no_capacity.", answer_interest, writes=True),
    ]
