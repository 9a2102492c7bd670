"""Participants, wishes, suggestions and feedback for assistants (MCP)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from saphan.ground.access import Refused
from saphan.house.room import Tool
from saphan.people.models import Person
from saphan.rooms.meetings import telling_wishes as told
from saphan.rooms.meetings.rules import events as rules


def _writer(person: Person | None) -> Person:
    if person is None:
        raise Refused(rules.signed_in(None).reason)
    return person


def event_participants(number: str, text: str = "", economy: str = "", sector: str = "",
                       language: str = "", page: int = 1,
                       person: Person | None = None) -> dict[str, Any]:
    found = told.event_of(number, person)
    return told.participants(found, person, page=max(1, page), me=told.me_of(found, person, None),
                             text=text[:500], economy=economy, sector=sector, lang=language)


def my_wishes(number: str, me: int = 0, person: Person | None = None) -> dict[str, Any]:
    found = told.event_of(number, person)
    return told.wishes_of(told.me_or_missing(found, person, me or None))


def suggested_meetings(number: str, me: int = 0, person: Person | None = None) -> dict[str, Any]:
    found = told.event_of(number, person)
    return told.suggestions_of(told.me_or_missing(found, person, me or None))


def send_wish(number: str, to: int, priority: int = 2, words: str = "", me: int = 0,
              person: Person | None = None) -> dict[str, Any]:
    by = _writer(person)
    found = told.event_of(number, by)
    mine = told.me_or_missing(found, by, me or None)
    return told.wish_for(told.send(found, mine, to, {"priority": priority, "words": words}, by=by),
                         mine)


def answer_wish(number: str, wish: int, answer: str, priority: int = 2, reason: str = "",
                me: int = 0, person: Person | None = None) -> dict[str, Any]:
    by = _writer(person)
    found = told.event_of(number, by)
    mine = told.me_or_missing(found, by, me or None)
    given = {"reason": reason} if answer == "refuse" else {"priority": priority}
    return told.wish_for(told.act(found, mine, wish, answer, given, by=by), mine)


def rate_meeting(number: str, meeting: str, took_place: bool, useful: int = 0,
                 next_step: str = "", words: str = "",
                 person: Person | None = None) -> dict[str, Any]:
    by = _writer(person)
    return told.rate(told.event_of(number, by), meeting, {
        "took_place": took_place, "useful": useful or None, "next_step": next_step or None,
        "words": words}, by=by)


def tools() -> Sequence[Tool]:
    """The tools about who meets whom."""
    return [
        Tool("event_participants", "Who takes part in an event: what they offer and seek. `text` "
             "finds by meaning in any language. For those who were admitted, and the staff.",
             event_participants),
        Tool("my_wishes", "The wishes of your party at an event: to answer, of both, waiting for "
             "an answer, declined. `me`: the position of your party, if you speak for several.",
             my_wishes),
        Tool("suggested_meetings", "Whom your party should meet at an event, with the reasons.",
             suggested_meetings),
        Tool("send_wish", "Wish to meet the participant at position `to`. priority: 3 very "
             "important, 2 important, 1 if there is time.", send_wish, writes=True),
        Tool("answer_wish", "Answer or change a wish by its id. answer: accept, refuse, withdraw, "
             "wish_again, change or confirm. reason (for refuse): not_our_field, known_already, "
             "too_early, no_time, competitor or other.", answer_wish, writes=True),
        Tool("rate_meeting", "Say for your side how a meeting was. useful: 1 to 4. next_step: "
             "none, talk, trial, visit, offer or contract.", rate_meeting, writes=True),
    ]
