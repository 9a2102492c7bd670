"""Saved searches as tools: save one, list them with what they found."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from saphan.ground.access import Refused
from saphan.house import callers
from saphan.house.room import Tool
from saphan.house.watching import queries, render
from saphan.people.models import Person

NEWEST = 5


def watch(question: str, name: str = "", often: str = "daily", side: str = "answers",
          room: str = "", kind: str = "", sector: str = "", economy: str = "",
          language: str = "", person: Person | None = None) -> Any:
    return render.watch(render.save({
        "question": question, "name": name, "often": often, "side": side, "room": room,
        "kind": kind, "sector": sector, "economy": economy, "language": language}, _known(person)))


def watches(lang: str = "", person: Person | None = None) -> Any:
    owner = _known(person)
    with translation.override(callers.reader(lang).lower()):
        return [{**render.watch(each), "results": [
            render.result(found) for found in queries.results(each, limit=NEWEST)]}
            for each in queries.watches_of(owner)]


def _known(person: Person | None) -> Person:
    if person is None:
        raise Refused(_("Sign in to save a search."))
    return person


TOOLS = [
    Tool("watch", "Save a search for the person whose token this is: she is told by letter when "
                  "something new fits. question: any language. often: at_once, daily, weekly, "
                  "feed. side: answers (what answers the question), offers, needs, all. "
                  "room, kind, sector, economy narrow it.", watch, writes=True),
    Tool("watches", "The saved searches of the person whose token this is, each with the latest "
                    "records that it found and why they fit.", watches),
]
