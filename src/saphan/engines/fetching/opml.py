"""Lists of feeds as feed readers exchange them (OPML 2.0)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from saphan.engines.fetching import xml
from saphan.engines.fetching.addresses import clean
from saphan.engines.fetching.problems import FetchProblem

MOST = 1_000


@dataclass(frozen=True)
class Outline:
    """One feed of a list."""

    title: str
    address: str
    home: str = ""
    lang: str = ""


def read(body: bytes) -> list[Outline]:
    """The feeds of a list, each once, whichever folders they stand in. Empty where it is none."""
    root = xml.parse(body)
    if root is None or xml.name(root) != "opml":
        return []
    found: dict[str, Outline] = {}
    for element in root.iter():
        said = {str(key).lower(): str(value).strip() for key, value in element.attrib.items()}
        if xml.name(element) != "outline" or not said.get("xmlurl"):
            continue
        try:
            address = clean(said["xmlurl"])
            home = clean(said["htmlurl"]) if said.get("htmlurl") else ""
        except FetchProblem:
            continue
        title = said.get("title") or said.get("text") or address
        found.setdefault(address, Outline(title[:200], address, home, said.get("language", "")))
        if len(found) >= MOST:
            break
    return list(found.values())


def write(title: str, outlines: Iterable[Outline]) -> bytes:
    """The list as a file."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for each in outlines:
        said = {"type": "rss", "text": each.title, "title": each.title, "xmlUrl": each.address,
                "htmlUrl": each.home, "language": each.lang}
        etree.SubElement(body, "outline", {key: value for key, value in said.items() if value})
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))
