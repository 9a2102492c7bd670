"""Pages that list other pages: their links, found with one CSS selector."""

from __future__ import annotations

from datetime import UTC, tzinfo

from cssselect import SelectorError
from lxml import etree, html
from lxml.cssselect import CSSSelector

from saphan.engines.fetching import dates, xml
from saphan.engines.fetching.addresses import clean
from saphan.engines.fetching.feeds import TITLES, Item
from saphan.engines.fetching.problems import FetchProblem

MOST_LINKS = 500
AROUND = 300
"""Signs of the text around a link in which its date is looked for."""


class BadSelector(ValueError):
    """Words that are no CSS selector."""


def selector(text: str) -> CSSSelector:
    """A selector ready for use. Raises BadSelector."""
    try:
        return CSSSelector(text, translator="html")
    except (SelectorError, etree.XPathError, ValueError, RecursionError) as wrong:
        raise BadSelector(str(wrong)) from None


def links(body: bytes, url: str, recipe: str, content_type: str = "",
          zone: tzinfo = UTC) -> list[Item]:
    """The pages that the page at `url` links where `recipe` fits: each element itself if it is a
    link, else the first link inside it; a date that stands beside it. Raises BadSelector."""
    pick = selector(recipe)
    text = xml.FORBIDDEN.sub("", xml.decoded(body, content_type or _declared(body)))
    if not text.strip():
        return []
    try:
        root = html.document_fromstring(xml.DECLARATION.sub("", text),
                                        parser=html.HTMLParser(huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError):
        return []
    base = next((each.get("href") for each in root.iter("base") if each.get("href")), "")
    found: dict[str, Item] = {}
    for element in pick(root):
        link = element if element.tag == "a" else next(element.iter("a"), None)
        if link is None or not (said := link.get("href", "").strip()) or said.startswith("#"):
            continue
        try:
            address = clean(said, clean(base, url) if base else url)
        except FetchProblem:  # mailto:, javascript:
            continue
        title = link.get("title") or " ".join(link.text_content().split())
        around = element if element is not link else link.getparent()
        beside = "" if around is None else " ".join(around.text_content().split())
        when = dates.read(beside.replace(title, " ")[:AROUND], zone) if beside else None
        found.setdefault(address, Item(address, title[:TITLES], when))
        if len(found) >= MOST_LINKS:
            break
    return list(found.values())


def _declared(body: bytes) -> str:
    """What the page says of its own encoding, in the first kilobytes as browsers look."""
    return body[:2_048].decode("latin-1")
