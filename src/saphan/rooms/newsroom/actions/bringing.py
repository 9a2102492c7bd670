"""Sources from a list of feeds, and the list of those that are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from saphan.engines.fetching.opml import Outline
from saphan.people.models import Person
from saphan.rooms.newsroom.actions import sources
from saphan.rooms.newsroom.models import Source
from saphan.rooms.newsroom.queries import sources as queries
from saphan.rooms.newsroom.rules import sources as rules
from saphan.rooms.newsroom.vocabulary import Way

LEFT_AT_MOST = 10
"""Sources that were not added and are told by name."""


@dataclass
class Brought:
    """How many were added, and which were not, with the reason."""

    added: int = 0
    left: list[tuple[str, str]] = field(default_factory=list)


def outlines(asker: Person | None) -> Iterable[Outline]:
    """The feeds that are read. Which addresses that are is no secret: they are published."""
    for source in queries.listed(asker).filter(state=Source.State.ACTIVE, way=Way.FEED,
                                               example=False).exclude(address=""):
        yield Outline(source.name, source.address, source.home, source.lang)


def bring(found: Iterable[Outline], *, by: Person, check: Callable[[dict[str, Any]], Any],
          key_for: Callable[[str, str], str]) -> Brought:
    """Add those that the form (`check`) takes."""
    rules.may_add(by).or_raise()
    brought = Brought()
    for each in found:
        form = check({"name": each.title, "address": each.address, "home": each.home,
                      "lang": each.lang, "way": Way.FEED})
        if form.is_valid():
            sources.add(key_for(each.title, each.address), form.values(), by=by)
            brought.added += 1
        elif len(brought.left) < LEFT_AT_MOST:
            reasons = [str(reason) for errors in form.errors.values() for reason in errors]
            brought.left.append((each.title, " ".join(reasons)))
    return brought
