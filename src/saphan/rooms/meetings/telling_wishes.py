"""Participants, wishes and suggestions as plain data, for the API and MCP."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from saphan.house import callers, render
from saphan.people.models import Person
from saphan.rooms.meetings import rating, wishing
from saphan.rooms.meetings.models import Event, Party, Wish
from saphan.rooms.meetings.queries import events, feedback, parties, people, suggestions
from saphan.rooms.meetings.queries import wishes as queries
from saphan.rooms.meetings.queries.people import Card
from saphan.rooms.meetings.queries.suggestions import Reasons, Shown
from saphan.rooms.meetings.queries.wishes import Line
from saphan.rooms.meetings.rules.parties import ADMITTED

AT_ONCE = 50


def event_of(number: str, person: Person | None) -> Event:
    try:
        return events.event(number, asker=person)
    except events.NotFound:
        raise callers.Missing(number) from None


def me_of(event: Event, person: Person | None, position: int | None) -> Party | None:
    """The admitted party for which she speaks: the one at `position`, else the first. Raises
    `Missing` for one that is not hers."""
    mine = [party for party in parties.of_person(event, person) if party.state in ADMITTED]
    if position:
        mine = [party for party in mine if party.position == position]
        if not mine:
            raise callers.Missing(event.number)
    return next(iter(mine), None)


def me_or_missing(event: Event, person: Person | None, position: int | None) -> Party:
    me = me_of(event, person, position)
    if me is None:
        raise callers.Missing(event.number)
    return me


def participants(event: Event, person: Person | None, *, page: int = 1, me: Party | None = None,
                 **filters: str) -> dict[str, Any]:
    """Who takes part, some at a time. Raises `Missing` for who may not know it."""
    try:
        found = people.search(event, person, **filters)
    except events.NotFound:
        raise callers.Missing(event.number) from None
    start = (page - 1) * AT_ONCE
    shown = people.cards(found.parties[start:start + AT_ONCE], me)
    return {"count": len(found.parties), "page": page, "by_meaning": found.complete,
            "participants": [_card(card, me) for card in shown]}


def _card(card: Card, me: Party | None) -> dict[str, Any]:
    """No e-mail addresses."""
    party = card.party
    return {"position": party.position, "organisation": render.reading(card.plate.title),
            "economy": party.economy_id, "sector": party.sector,
            "about": render.reading(card.plate.summary) if card.plate.summary else None,
            "seeks": render.reading(card.seeks) if card.seeks else None,
            "concepts": list(party.concepts), "languages": list(card.spoken),
            "guests": [{"name": name, "function": function} for name, function in card.guests],
            "wish": _line(Line(card.wish, me), brief=True) if card.wish and me else None,
            "url": settings.BASE_URL + card.url}


def _line(line: Line, *, brief: bool = False) -> dict[str, Any]:
    """A wish as one side may know it: what it is worth to the invited stays with the invited."""
    wish = line.wish
    told = {"id": wish.pk, "state": wish.state, "you_asked": line.asks,
            "your_priority": line.priority, "their_priority": line.their_priority,
            "origin": wish.origin, "must": wish.must, "refusal": wish.refusal or None}
    if brief:
        return told
    return {**told, "with": {"position": line.other.position,
                             "organisation": str(line.other.organisation.name.best()),
                             "economy": line.other.economy_id},
            "words": wish.words.plain(), "came_from": wish.came_from or None,
            "who": [guest.pk for guest in line.who],
            "only_slots": [slot.pk for slot in wish.only_slots.all()] if line.asks else [],
            "sent": wish.sent.isoformat(),
            "answered": wish.answered.isoformat() if wish.answered else None}


def wishes_of(me: Party) -> dict[str, Any]:
    lists = queries.of_party(me)
    return {"position": me.position, "to_answer": [_line(one) for one in lists.to_answer],
            "both": [_line(one) for one in lists.both],
            "waiting": [_line(one) for one in lists.waiting],
            "declined": [_line(one) for one in lists.declined],
            "withdrawn": [_line(one) for one in lists.withdrawn]}


def wish_for(wish: Wish, me: Party) -> dict[str, Any]:
    return _line(Line(wish, me))


def suggestions_of(me: Party) -> dict[str, Any]:
    return {"position": me.position,
            "suggestions": [_suggestion(one, me) for one in suggestions.of_party(me)]}


def _suggestion(one: Shown, me: Party) -> dict[str, Any]:
    return {**_card(one.card, me), "fit": one.fit, "shared_languages": list(one.languages),
            "because": [_reason(reason) for reason in one.reasons]}


def _reason(reason: Reasons) -> dict[str, Any]:
    return {"side": reason.side, "grade": reason.grade,
            "concepts": [str(each) for each in reason.concepts],
            "missing": [str(each) for each in reason.missing],
            "requirements": [{"name": each.name, "label": each.label, "wanted": each.wanted,
                              "found": each.found, "verdict": each.verdict}
                             for each in reason.requirements],
            "seek": reason.seek or None, "offer": reason.offer or None}


# What is done.

def send(event: Event, me: Party, position: int, data: dict[str, Any], *, by: Person) -> Wish:
    """Raises `Missing`, `Invalid`, `Refused`."""
    try:
        other = people.participant(event, position, asker=by)
        return wishing.send(me, other, _plain(data), by=by)[0]
    except events.NotFound:
        raise callers.Missing(str(position)) from None
    except wishing.Wrong as wrong:
        raise callers.Invalid.form(wrong.form) from None


def act(event: Event, me: Party, key: int, verb: str, data: dict[str, Any], *, by: Person) -> Wish:
    """One of `wishing.VERBS`. Raises `Missing`, `Invalid`, `Refused`."""
    try:
        wish = queries.wish(event, key, asker=by)
        if me.pk not in {wish.asker_id, wish.invited_id}:
            raise callers.Missing(str(key))
        wishing.act(verb, wish, me, _plain(data), by=by)
    except (events.NotFound, wishing.Unknown):
        raise callers.Missing(str(key)) from None
    except wishing.Wrong as wrong:
        raise callers.Invalid.form(wrong.form) from None
    return queries.wish(event, key, asker=by)


def rate(event: Event, word: str, data: dict[str, Any], *, by: Person) -> dict[str, Any]:
    """What her side says of a meeting. Raises `Missing`, `Invalid`, `Refused`."""
    try:
        meeting = feedback.meeting(event, word, asker=by)
    except events.NotFound:
        raise callers.Missing(word) from None
    party = feedback.side_of(meeting, by)
    if party is None:
        raise callers.Missing(word)
    took_place = data.get("took_place")
    given = {**_plain(data), **({"took_place": "yes" if took_place else "no"}
                                if isinstance(took_place, bool) else {})}
    try:
        rating.give(meeting, party, given, by=by)
    except rating.Wrong as wrong:
        raise callers.Invalid.form(wrong.form) from None
    meeting.refresh_from_db()
    return {"meeting": word, "state": meeting.state, **said(feedback.given(meeting, party))}


def said(found: Any) -> dict[str, Any]:
    if found is None:
        return {"answered": False}
    return {"answered": True, "took_place": found.took_place, "useful": found.useful,
            "next_step": found.next_step or None, "words": found.words.plain()}


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """Without nothings; numbers as the forms take them."""
    return {name: [str(each) for each in value] if isinstance(value, list)
            else str(value) if isinstance(value, int) and not isinstance(value, bool) else value
            for name, value in data.items() if value is not None}
