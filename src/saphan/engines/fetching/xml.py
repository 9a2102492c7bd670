"""XML from strangers: no entities, no DTD, no network; what is broken is read as far as it goes."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator

from lxml import etree

DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(\[.*?\]\s*)?>", re.I | re.S)
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.-]{1,40})", re.I)
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
BARE = re.compile(r"&(?!#?\w{1,30};)")
XML_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "tis-620": "cp874", "iso-8859-11": "cp874",
         "iso-8859-1": "cp1252", "us-ascii": "cp1252"}
"""What is declared, and what is meant: the set that holds it and what people put beside it."""


def parse(body: bytes, content_type: str = "") -> etree._Element | None:
    """The root element, or None where there is none."""
    text = FORBIDDEN.sub("", decoded(body, content_type))
    text = DOCTYPE.sub("", DECLARATION.sub("", text, count=1), count=1)
    text = BARE.sub("&amp;", NAMED.sub(_plain, text))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False,
                             dtd_validation=False, huge_tree=False, recover=True,
                             remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        return etree.fromstring(text.strip().encode(), parser)
    except etree.XMLSyntaxError:
        return None


def decoded(body: bytes, content_type: str = "") -> str:
    """The text of a file that may lie about its encoding: what reads as UTF-8 is UTF-8."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
                       (codecs.BOM_UTF16_BE, "utf-16")):
        if body.startswith(mark):
            return body.decode(name, "replace")
    try:
        return body.decode()
    except UnicodeDecodeError:
        pass
    said = [each.group(1) for each in (DECLARED.search(body[:200]),) if each]
    names = [each.decode("ascii").lower() for each in said]
    names += [each.lower() for each in CHARSET.findall(content_type)]
    for name in names:
        try:
            return body.decode(WIDER.get(name, name))
        except (LookupError, UnicodeDecodeError):
            continue
    # one wrong byte in a long file is no reason to lose the rest
    return body.decode("utf-8" if not names or names[0].startswith("utf") else
                       _known(WIDER.get(names[0], names[0])), "replace")


def _known(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "utf-8"


def _plain(found: re.Match[str]) -> str:
    """HTML's names (`&nbsp;`) as signs; a name of the file's own making stays away."""
    if found.group(1) in XML_OWN:
        return found.group()
    sign = html.unescape(found.group())
    return "" if sign == found.group() else html.escape(sign)


def name(element: etree._Element) -> str:
    """The local name in small letters, whatever the namespace."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The children of these names, in the order of `names`."""
    for wanted in names:
        for child in element:
            if name(child) == wanted:
                yield child


def words(element: etree._Element | None) -> str:
    """All text inside an element, its runs of space made one."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def first(element: etree._Element, *names: str) -> str:
    """The text of the first child of these names that has any."""
    return next((text for child in children(element, *names) if (text := words(child))), "")
