"""What the pages of visits share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from saphan.house.callers import asker
from saphan.house.pages import to_sign_in
from saphan.rooms.meetings.models import Visit
from saphan.rooms.meetings.visits import queries, rules


def visit_or_404(request: HttpRequest, number: str) -> Visit:
    """The visit, if she may see it; what is not there and what is not hers look the same."""
    try:
        return queries.visit(number, asker=asker(request))
    except queries.NotFound:
        raise Http404 from None


def day_or_404(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise Http404 from None


def frame(request: HttpRequest, here: str) -> dict[str, Any]:
    """What every page of the corner shows around its own: the ways between them."""
    person = asker(request)
    ways = [("meetings:visits", _("Visits"))]
    if queries.guide_of(person) is not None:
        ways.append(("meetings:visits_mine", _("My tours")))
    if rules.looks(person):
        ways += [("meetings:visits_desk", _("Day plan")), ("meetings:stations", _("Stations")),
                 ("meetings:guides", _("Guides"))]
    return {"person": person, "ways": ways, "here": f"meetings:{here}",
            "staff": rules.is_staff(person)}


__all__ = ["asker", "day_or_404", "frame", "to_sign_in", "visit_or_404"]
