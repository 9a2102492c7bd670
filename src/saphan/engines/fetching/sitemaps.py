"""Sitemaps: a list of pages, or an index of further sitemaps; packed or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from saphan.engines.fetching import dates, xml
from saphan.engines.fetching.addresses import clean
from saphan.engines.fetching.feeds import SUMMARIES, TITLES, Item, plain
from saphan.engines.fetching.problems import FetchProblem
from saphan.engines.fetching.unpack import gunzip

MOST_PAGES = 50_000
MOST_BYTES = 50 * 2**20
"""Both limits are those of the protocol (sitemaps.org)."""
OLD = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Sitemap:
    """Pages, newest first as far as it says when; and the sitemaps that an index names."""

    items: tuple[Item, ...] = ()
    more: tuple[str, ...] = ()


def read(body: bytes, url: str, content_type: str = "", zone: tzinfo = UTC, *,
         most: int = 500) -> Sitemap:
    """What a sitemap found at `url` lists, at most `most` pages. FetchProblem `too_large` or
    `bad_answer` where its packing is a trap or broken; empty where it is no sitemap."""
    root = xml.parse(gunzip(body, MOST_BYTES), content_type)
    if root is None:
        return Sitemap()
    pages: dict[str, Item] = {}
    more: list[tuple[datetime, str]] = []
    for element in list(root)[:MOST_PAGES]:
        kind = xml.name(element)
        try:
            address = clean(xml.first(element, "loc"), url)
        except FetchProblem:
            continue
        when = dates.read(xml.first(element, "lastmod"), zone)
        if kind == "sitemap":
            more.append((when or OLD, address))
        elif kind == "url" and address not in pages:
            news = next(xml.children(element, "news"), None)
            said = {} if news is None else {xml.name(each): each for each in news.iter()}
            published = dates.read(xml.words(said.get("publication_date")), zone)
            pages[address] = Item(
                address, plain(xml.words(said.get("title")))[:TITLES], published or when,
                plain(xml.words(said.get("keywords")))[:SUMMARIES],
                xml.words(said.get("language"))[:20])
    newest = sorted(pages.values(), key=lambda item: item.published or OLD, reverse=True)
    more.sort(key=lambda each: each[0], reverse=True)
    return Sitemap(tuple(newest[:most]), tuple(address for _when, address in more))
