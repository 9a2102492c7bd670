"""An interest as plain data, for the API and MCP: what `queries.shown` allows, and no more."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from saphan.house import callers, render
from saphan.people.models import Person
from saphan.rooms.market.interest import actions, queries
from saphan.rooms.market.interest.forms import (
    CloseForm,
    InterestForm,
    MeetingForm,
    ProgressForm,
    ReplyForm,
)
from saphan.rooms.market.interest.queries import Party
from saphan.rooms.market.models import Interest, Listing


def brief(found: Interest, person: Person) -> dict[str, Any]:
    """One line of a list."""
    shown = queries.shown(found, to=person)
    return {"number": found.number, "listing": found.listing.number, "state": found.state,
            "you_are": sorted(shown.sides), "disclosed": shown.disclosed,
            "sent": found.sent.isoformat(), "due": found.due.isoformat() if found.due else None,
            "due_from": found.due_from or None,
            "url": settings.BASE_URL + found.get_absolute_url()}


def whole(found: Interest, person: Person) -> dict[str, Any]:
    """All that this reader may know of it."""
    shown = queries.shown(found, to=person)
    return {
        **brief(found, person),
        "asker": _party(shown.asker), "owner": _party(shown.owner),
        "purpose": render.reading(found.purpose.best()),
        "brings": render.reading(found.brings.best()),
        "timing": render.reading(found.timing.best()),
        "reply": render.reading(found.reply.best()),
        "reason": found.reason or None, "ending": found.ending or None,
        "asker_agreed": found.asker_agreed is not None,
        "owner_agreed": found.owner_agreed is not None,
        "own_listing": shown.own_listing.number if shown.own_listing else None,
        "meets_at": found.meets_at.isoformat()
        if found.meets_at and (shown.disclosed or shown.is_broker) else None,
        "progress": [{"stage": each.stage, "kind": each.kind, "on": each.on.isoformat(),
                      "words": render.reading(each.words.best()), "url": each.url or None,
                      "amount": str(each.amount) if each.amount is not None else None,
                      "currency": each.currency or None, "digest": each.digest or None,
                      "side": each.side, "confirmed": each.confirmed is not None}
                     for each in queries.progress_of(found)],
        "met": [{"event": each.event, "side": each.side, "on": each.on.isoformat(),
                 "took_place": each.took_place, "next_step": each.next_step or None}
                for each in queries.encounters_of(found)],
        "history": [{"at": at.isoformat(), "state": state}
                    for at, _name, state in queries.history(found)],
    }


def _party(party: Party) -> dict[str, Any]:
    return {"economy": party.economy_code or None, "kind": party.kind or None,
            "organisation": party.organisation or None, "person": party.person or None,
            "email": party.email or None}


def find(number: str, person: Person | None) -> Interest:
    try:
        return queries.by_number(number, asker=person)
    except queries.NotFound:
        raise callers.Missing(number) from None


def send(listing: Listing, data: dict[str, Any], *, by: Person) -> Interest:
    """Raises `Invalid` with every field that is wrong, `Refused` where she may not."""
    form = InterestForm(_plain(data), by=by, listing=listing, lang=str(data.get("lang") or ""))
    if not form.is_valid():
        raise callers.Invalid.form(form)
    return actions.send(listing, form.values(), by=by, agree=form.cleaned_data["agree"],
                        organisation=form.in_the_name_of)


VERBS = ("accept", "decline", "agree", "withdraw", "introduce", "sign", "start", "conclude",
         "close")


def act(found: Interest, verb: str, data: dict[str, Any], *, by: Person) -> Interest:
    """One of `VERBS`, with the fields of its form. Raises `Missing`, `Invalid`, `Refused`."""
    given = _plain(data)
    if verb in ("accept", "decline"):
        reply = _valid(ReplyForm(given, by=by, interest=found, declining=verb == "decline"))
        if verb == "accept":
            return actions.accept(found, by=by, reply=reply.text)
        return actions.decline(found, by=by, reason=reply.cleaned_data["reason"], reply=reply.text)
    if verb == "introduce":
        return actions.introduce(found, by=by, **_valid(MeetingForm(
            given, interest=found)).values())
    if verb == "close":
        return actions.close(found, by=by, reason=_valid(CloseForm(given)).cleaned_data["reason"])
    if verb in ("sign", "start", "conclude"):
        return actions.BY_TRANSITION[verb](found, _valid(ProgressForm(given)).values(by), by=by)
    if verb in ("agree", "withdraw"):
        return actions.agree(found, by=by) if verb == "agree" else actions.withdraw(found, by=by)
    raise callers.Missing(verb)


def _valid(form: Any) -> Any:
    if not form.is_valid():
        raise callers.Invalid.form(form)
    return form


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """Without nothings, so that a form sees them as not given."""
    return {name: value for name, value in data.items() if value is not None}
