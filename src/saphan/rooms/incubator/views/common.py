"""What the incubator's pages share."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from saphan.house import pages
from saphan.house.callers import asker
from saphan.house.pages import Step, to_sign_in
from saphan.people.models import Person
from saphan.rooms.incubator.models import Call
from saphan.rooms.incubator.queries import calls as queries
from saphan.rooms.incubator.rules import calls as rules

ORDER = {"submit": 0, "post": 0, "open": 0, "return_to_author": 2, "cancel": 3}  # of buttons


def call_or_404(request: HttpRequest, number: str) -> Call:
    """The call, if she may see it; what is not there and what is not hers look the same."""
    try:
        return queries.call(number, asker=asker(request))
    except queries.NotFound:
        raise Http404 from None


def steps(person: Person | None, call: Call) -> list[Step]:
    """What she may do with it now; what is refused is told only to those whom it concerns. The
    decision has a page of its own."""
    mine, desk = rules.speaks_for(person, call), rules.runs_calls(person)
    if not (mine or desk):
        return []
    hidden = {"decide", *(() if desk else rules.FOR_THE_DESK),
              *(() if mine else rules.FOR_THE_OWNER)}
    return pages.steps(person, call, rules.BY_TRANSITION, hidden=hidden, order=ORDER)


def standing(request: HttpRequest) -> dict[str, bool]:
    """What the room's menu must know of whoever looks."""
    return {"at_the_desk": rules.looks_at_the_desk(asker(request))}


__all__ = ["Step", "asker", "call_or_404", "standing", "steps", "to_sign_in"]
