"""What a reader is told of a record that is not, or not wholly, in her language."""

from __future__ import annotations

from typing import Any

from babel.lists import format_list
from django import template
from django.utils.translation import get_language

from saphan.design import formats
from saphan.house.rendering import kinds, queries, rules
from saphan.house.rendering.models import Rendering

register = template.Library()
State = Rendering.State


def _named(langs: tuple[str, ...]) -> str:
    """Languages in the reader's words: “English and Lao”."""
    return str(format_list([formats.language_name(lang) for lang in langs],
                           locale=formats.locale_of(get_language() or "en")))


@register.inclusion_tag("rendering/readable.html", takes_context=True)
def readable(context: Any, record: Any) -> dict[str, Any]:
    """`{% load rendering %}{% readable record %}`: says what is shown in which language, and lets
    her say that she would like to read it in hers. Nothing where all is in her language."""
    found = queries.readable(record)
    if found is None:
        return {"readable": None}
    request = context.get("request")
    user = getattr(request, "user", None)
    rendering = found.rendering
    at_work = rendering is not None and (rendering.state == State.IN_REVIEW or (
        rendering.state == State.DRAFTED and bool(rendering.writers or rendering.claimed_by_id)))
    return {
        "readable": found, "record": record,
        "shown": _named(found.shown), "label": record._meta.label_lower,
        "at_work": at_work, "demand": rendering.demand if rendering is not None else 0,
        "set_aside": rendering is not None and rendering.state == State.SET_ASIDE,
        "may_wish": found.missing and not at_work and found.lang in kinds.targets(),
        "may_work": bool(user is not None and user.is_authenticated
                         and rules.may_work(user, found.lang)),
        "request": request, "csrf_token": context.get("csrf_token")}
