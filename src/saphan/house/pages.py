"""What the pages of several rooms share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from saphan.ground.access import Rule
from saphan.ground.lifecycle import HasLifecycle, Transition
from saphan.people.models import Person


def to_sign_in(then: str) -> HttpResponseRedirect:
    """First she signs in, then she is where she wanted to be: `then` is a path of this house."""
    return redirect(f"{reverse('account_login')}?{urlencode({'next': then})}")


@dataclass(frozen=True)
class Step:
    """A transition as its button: allowed, or refused with the reason."""

    move: Transition
    allowed: bool
    reason: str


def steps(person: Person | None, thing: HasLifecycle, rule_of: Mapping[str, Rule], *,
          hidden: Collection[str] = (), order: Mapping[str, int] | None = None) -> list[Step]:
    """The moves from where a record stands, each with what its rule says; `hidden` are left out.
    With `order` the allowed ones come first, each group by its number (1 where it has none)."""
    found = []
    for move in thing.lifecycle.possible(thing.state):
        if move.name not in hidden:
            verdict = rule_of[move.name](person, thing)
            found.append(Step(move, verdict.allowed, str(verdict.reason)))
    if order is None:
        return found
    return sorted(found, key=lambda step: (not step.allowed, order.get(step.move.name, 1)))


def kept_file(kept: Any, *, cache: str) -> FileResponse:
    """The file of something with `file` and `media_type`. Never run, whatever it holds: pictures
    are shown, PDF is saved. `cache` is the header's value. Raises Http404 where there is none."""
    name = str(kept.file.name) if kept is not None and kept.file else ""
    if not name or not kept.file.storage.exists(name):
        raise Http404
    response = FileResponse(kept.file.open("rb"), content_type=kept.media_type,
                            as_attachment=kept.media_type == "application/pdf",
                            filename=name.rpartition("/")[2])
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = cache
    return response
