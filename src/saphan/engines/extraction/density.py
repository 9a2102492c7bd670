"""The article by the density of its prose, for pages without paragraphs.

Chinese portals and old sites lay their pages out in tables, break lines with `br` and put menus in
cells beside the text; what looks for paragraphs finds the menus. Here every block of the page
counts for the elements around it if it reads as sentences, and against them if it does not, and the
element with the best balance is the article. One pass, no recursion, time linear in the page.
(The idea of weighing text and punctuation against links: Hong Honghui and others, 2019, "Extraction
of web text by density of text and symbols"; the balance is ours.)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from saphan.engines.extraction.furniture import is_notice
from saphan.engines.extraction.page import Block, Node, blocks, weight

_AGAINST: Final = 1.3
"""How much a letter of a menu counts against one of prose."""


def densest(found: list[Block], root: Node) -> tuple[Node, list[Block]]:
    """The element that holds the article, and its blocks. Of a page without prose: the root."""
    balance: dict[Node, float] = {}
    for block in found:
        value = _value(block)
        node: Node | None = block.node
        while node is not None:
            balance[node] = balance.get(node, 0.0) + value
            node = node.getparent()
    if not balance:
        return root, found
    best = max(balance, key=lambda node: balance[node])
    inside = _under(best, found)
    return best, inside


def _value(block: Block) -> float:
    size = weight(block.text)
    if block.prose:
        return 0.0 if is_notice(block.text) else float(size - block.linked)
    # A short line without links may be a subheading or a line of dialogue.
    free = size - 3 * block.linked if block.linked else size
    return 0.0 if free > 0 and size < 90 and not block.linked else -_AGAINST * size


def _under(best: Node, found: list[Block]) -> list[Block]:
    inside = set()
    kept = []
    for block in found:
        node: Node | None = block.node
        path = []
        while node is not None and node is not best and node not in inside:
            path.append(node)
            node = node.getparent()
        if node is not None:
            inside.update(path)
            kept.append(block)
    return kept


def trimmed(found: Iterable[Block]) -> list[str]:
    """The blocks of an article without the menus around and between its paragraphs."""
    kept = list(found)
    while kept and not kept[0].prose:
        kept.pop(0)
    while kept and not kept[-1].prose:
        kept.pop()
    return [block.text for block in kept if block.linked * 2 < len(block.text) or block.prose]


def extract(root: Node) -> str:
    """The article's paragraphs, parted by blank lines."""
    _, inside = densest(list(blocks(root)), root)
    return "\n\n".join(trimmed(inside))
