"""What a source lists, read out of its answer. No database: it runs where pages are fetched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

from saphan.engines.fetching import Fetched, FetchProblem, Item, feeds, pages, sitemaps
from saphan.rooms.newsroom.vocabulary import Way


@dataclass(frozen=True)
class Listed:
    """Items, and further sitemaps to look into. `problem` is a code where nothing was found."""

    items: tuple[Item, ...] = ()
    more: tuple[str, ...] = ()
    problem: str = ""


def zone_of(name: str) -> tzinfo:
    """The zone of moments that say none: that of the source's economy."""
    return ZoneInfo(name) if name else UTC


def read(answer: Fetched, way: str, links: str, zone: tzinfo) -> Listed:
    """What the answer lists, read the way that the source is."""
    at, kind = answer.final_url, answer.content_type
    try:
        match way:
            case Way.SITEMAP:
                found = sitemaps.read(answer.body, at, kind, zone)
                made = Listed(found.items, found.more)
            case Way.PAGE:
                made = Listed(tuple(pages.links(answer.body, at, links, kind, zone)))
            case _:
                made = Listed(tuple(feeds.read(answer.body, at, kind, zone)))
    except pages.BadSelector:
        return Listed(problem="bad_recipe")
    except FetchProblem as problem:
        return Listed(problem=problem.code)
    if made.items or made.more or (way == Way.FEED and feeds.is_feed(answer.body)):
        return made
    return Listed(problem="nothing_listed")
