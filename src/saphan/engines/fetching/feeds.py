"""Feeds: RSS 0.9 to 2.0, RDF and Atom, also broken ones."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from lxml import etree

from saphan.engines.fetching import dates, xml
from saphan.engines.fetching.addresses import clean
from saphan.engines.fetching.problems import FetchProblem

MOST_ITEMS = 500
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
BASE = "{http://www.w3.org/XML/1998/namespace}base"
TAG = re.compile(r"<(?:!--.*?--|/?[A-Za-z][^>]*)>", re.S)
TITLES, SUMMARIES = 500, 2_000


@dataclass(frozen=True)
class Item:
    """What a source lists: one page, and what it says of it."""

    url: str
    title: str = ""
    published: datetime | None = None
    summary: str = ""
    lang: str = ""


def read(body: bytes, url: str, content_type: str = "", zone: tzinfo = UTC) -> list[Item]:
    """The items of a feed that was found at `url`, as it orders them, each address once. Moments
    without a zone are in `zone`. Empty where it is no feed, or has nothing."""
    root = xml.parse(body, content_type)
    if root is None:
        return []
    lang = _lang(root) or next((xml.first(each, "language") for each in
                                xml.children(root, "channel")), "")
    url = root.get(BASE) or url
    found: dict[str, Item] = {}
    for element in root.iter():
        if xml.name(element) in ("item", "entry"):
            item = _item(element, url, lang, zone)
            if item:
                found.setdefault(item.url, item)
            if len(found) >= MOST_ITEMS:
                break
    return list(found.values())


def is_feed(body: bytes) -> bool:
    """Whether the file is a feed, perhaps one without items."""
    root = xml.parse(body)
    return root is not None and xml.name(root) in ("rss", "rdf", "feed", "channel")


def _item(element: etree._Element, url: str, lang: str, zone: tzinfo) -> Item | None:
    try:
        address = clean(_link(element).replace("&amp;", "&"), element.get(BASE) or url)
    except FetchProblem:
        return None
    when = xml.first(element, "pubdate", "published", "date", "issued", "created", "updated",
                     "modified")
    return Item(
        address, plain(xml.first(element, "title"))[:TITLES], dates.read(when, zone),
        plain(xml.first(element, "description", "summary", "content"))[:SUMMARIES],
        (_lang(element) or xml.first(element, "language") or lang)[:20])


def _link(element: etree._Element) -> str:
    """RSS writes the address into `link`, Atom into its `href`; some have it only in `guid`."""
    for link in xml.children(element, "origlink", "link"):
        rel = link.get("rel", "alternate")
        said = (link.get("href") or xml.words(link) or (link.tail or "")).strip()
        if said and rel == "alternate":
            return said
    for guid in xml.children(element, "guid", "id"):
        said = xml.words(guid)
        if said.startswith(("http://", "https://")) and guid.get("isPermaLink") != "false":
            return said
    raise FetchProblem("bad_address", "an item without an address")


def _lang(element: etree._Element) -> str:
    return str(element.get(LANG, ""))


def plain(text: str) -> str:
    """Words without the markup that feeds pack into them, once or twice."""
    for _round in range(2):
        text = html.unescape(TAG.sub(" ", text))
    return " ".join(text.split())
