"""What the observatory's pages share."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from saphan.ground.lifecycle import HasLifecycle
from saphan.house import pages
from saphan.house.callers import asker
from saphan.house.pages import Step, to_sign_in
from saphan.people.models import Person
from saphan.rooms.observatory import queries, rules
from saphan.rooms.observatory.models import Indicator, Observation


def indicator_or_404(request: HttpRequest, slug: str) -> Indicator:
    """The indicator, if she may see it; what is not there and what is hidden look the same."""
    try:
        return queries.indicator(slug, asker=asker(request))
    except queries.NotFound:
        raise Http404 from None


def observation_or_404(request: HttpRequest, number: str) -> Observation:
    try:
        return queries.observation(number, asker=asker(request))
    except queries.NotFound:
        raise Http404 from None


def steps(person: Person | None, thing: HasLifecycle) -> list[Step]:
    """What she may do with it now; others than those who keep the numbers see no buttons."""
    return pages.steps(person, thing, rules.BY_TRANSITION) if rules.edits(person) else []


def standing(request: HttpRequest) -> dict[str, bool]:
    """What the room's menu must know of whoever looks."""
    return {"edits": rules.edits(asker(request))}


__all__ = ["Step", "asker", "indicator_or_404", "observation_or_404", "standing", "steps",
           "to_sign_in"]
