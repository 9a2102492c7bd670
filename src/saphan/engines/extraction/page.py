"""A page as a tree, and its tree as blocks of text in reading order.

Everything here walks with a stack of its own: pages nested two thousand deep come in, by malice or
by tags that nobody closed, and no recursion survives them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from lxml import etree, html

from saphan.engines.extraction.model import ExtractionProblem

Node: TypeAlias = Any
"""An `lxml.html.HtmlElement`; lxml tells type checkers nothing."""

MOST_BYTES: Final = 20_000_000
"""More is no article. `fetching` stops earlier; uploads come here as they are."""
MOST_CHARACTERS: Final = 6_000_000
MOST_NODES: Final = 300_000
"""Of a page with more the rest is not read."""
HEAVY_NODES: Final = 20_000
"""From here on only the way that takes linear time is tried."""
HEAVY_DEPTH: Final = 200
HEAVY_TEXT: Final = 1_500_000

_SKIPPED: Final = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "select",
        "option",
        "button",
        "input",
        "textarea",
        "svg",
        "math",
        "canvas",
        "audio",
        "video",
        "object",
        "embed",
        "iframe",
        "map",
        "datalist",
        "dialog",
        "nav",
    ]
)
_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "marquee",
        "menu",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_SPACE: Final = re.compile(r"[\s\u00a0\u3000]+")
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def parse(text: str) -> Node:
    """The tree of a page; raises `empty` or `broken`."""
    text = _CONTROLS.sub(" ", _DECLARATION.sub("", text[:MOST_CHARACTERS]))
    if not text.strip():
        raise ExtractionProblem("empty")
    # Without `huge_tree` the parser drops whatever is nested deeper than 255.
    parser = html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ExtractionProblem("broken", str(error)) from error
    if root is None:
        raise ExtractionProblem("empty")
    return root


def is_heavy(root: Node) -> bool:
    """Whether a page is too large or too nested for code that was not written for such."""
    depth = nodes = text = 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        nodes += 1
        text += len(node.text or "") + len(node.tail or "")
        if nodes > HEAVY_NODES or depth > HEAVY_DEPTH or text > HEAVY_TEXT:
            return True
    return False


@dataclass(slots=True)
class Block:
    """A run of text that stands by itself on the page."""

    node: Node
    """The nearest element that makes it a block."""
    text: str
    linked: int
    """Letters of it that are links."""
    marks: int = field(default=0)
    """Punctuation that ends or joins clauses."""

    @property
    def prose(self) -> bool:
        """Whether it reads as sentences, not as a menu, a headline or a caption."""
        size = weight(self.text)
        return (
            ((self.marks >= 1 and size >= 40) or size >= 120)
            and self.linked * 3 < len(self.text)
            and self.marks * 80 >= size / 3
        )


MARKS: Final = re.compile(r"[,.;:!?]\s|[.!?]$|[，。；：！？、၊။។]|[\u0e00-\u0eff]{25,}")
"""What ends or joins clauses. Thai and Lao have no marks: there a clause is what runs on without a
space, longer than the words of a menu."""
_HAN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def weight(text: str) -> int:
    """Length of a text in Latin letters: a Chinese character says as much as three of them."""
    return len(text) + 2 * len(_HAN.findall(text))


def blocks(root: Node) -> Iterator[Block]:
    """The blocks under an element in reading order, without scripts, menus and what is hidden."""
    gathered: list[str] = []
    owner = root
    linked = 0
    links = 0  # how many <a> we are in

    def close(node: Node) -> Iterator[Block]:
        nonlocal owner, linked
        text = _SPACE.sub(" ", "".join(gathered)).strip()
        if text:
            yield Block(owner, text, min(linked, len(text)), len(MARKS.findall(text)))
        gathered.clear()
        linked = 0
        owner = node

    def take(text: str | None) -> None:
        nonlocal linked
        if text:
            gathered.append(text)
            if links:
                linked += len(_SPACE.sub(" ", text).strip())

    # (element, True when its children are done)
    stack: list[tuple[Node, bool]] = [(root, False)]
    visited = 0
    while stack and visited < MOST_NODES:
        node, done = stack.pop()
        tag = node.tag if isinstance(node.tag, str) else ""
        if done:
            if tag == "a":
                links -= 1
            if tag in _BLOCKS:
                above = node.getparent()
                yield from close(above if above is not None else root)
            elif tag == "td":
                gathered.append(" ")
            if node is not root:
                take(node.tail)
            continue
        if not tag or (node is not root and _skipped(node, tag)):
            if node is not root:
                take(node.tail)
            continue
        visited += 1
        if tag in _BLOCKS:
            yield from close(node)
        if tag == "a":
            links += 1
        take(node.text)
        stack.append((node, True))
        stack.extend((child, False) for child in reversed(node))
    yield from close(root)


def _skipped(node: Node, tag: str) -> bool:
    if tag in _SKIPPED:
        return True
    return (
        node.get("hidden") is not None
        or node.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(node.get("style") or ""))
    )


def paragraphs(node: Node) -> str:
    """Everything readable under an element: what a recipe points at is the article."""
    return "\n\n".join(block.text for block in blocks(node))
