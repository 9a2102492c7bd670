"""Try a source before it is saved: what would be found, and how its first article reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from saphan.engines import extraction
from saphan.engines.extraction import ExtractionProblem
from saphan.engines.fetching import Fetcher, FetchProblem, Item
from saphan.people.models import Person
from saphan.rooms.newsroom import listing
from saphan.rooms.newsroom.actions import outward
from saphan.rooms.newsroom.rules import sources as rules
from saphan.rooms.newsroom.vocabulary import Way

SHOWN = 8
SECONDS = 10.0
CHARACTERS = 700


@dataclass(frozen=True)
class Tried:
    """What was found. `problem`: a code, of the list; `text_problem`: of the first article."""

    items: tuple[Item, ...] = ()
    count: int = 0
    problem: str = ""
    title: str = ""
    text: str = ""
    length: int = 0
    how: str = ""
    text_problem: str = ""
    warnings: tuple[str, ...] = field(default_factory=tuple)


def try_it(values: Mapping[str, Any], *, by: Person) -> Tried:
    """Look at a source as its form describes it, now, without keeping anything."""
    rules.may_try(by).or_raise()
    if values["way"] == Way.BY_HAND:
        return Tried()
    fetcher = outward.fetcher()
    economy = values.get("economy")
    zone = listing.zone_of(economy.time_zone if economy else "")
    limits = replace(fetcher.limits, seconds=SECONDS)
    try:
        answer = fetcher.get(values["address"], limits=limits)
        found = listing.read(answer, values["way"], values["links"], zone)
        if found.more and not found.items:
            answer = fetcher.get(found.more[0], limits=limits)
            found = listing.read(answer, values["way"], values["links"], zone)
    except FetchProblem as problem:
        return Tried(problem=problem.code)
    if found.problem or not found.items:
        return Tried(problem=found.problem or "nothing_listed")
    tried = Tried(found.items[:SHOWN], len(found.items))
    return _first(tried, fetcher, str(values["recipe"]))


def _first(tried: Tried, fetcher: Fetcher, recipe: str) -> Tried:
    try:
        answer = fetcher.get(tried.items[0].url, limits=replace(fetcher.limits, seconds=SECONDS))
        read = extraction.read(answer.body, content_type=answer.content_type,
                               url=answer.final_url, recipe=recipe)
    except (FetchProblem, ExtractionProblem) as problem:
        return replace(tried, text_problem=problem.code)
    return replace(tried, title=read.title, text=read.text[:CHARACTERS], length=len(read.text),
                   how=read.how, warnings=tuple(read.warnings))
