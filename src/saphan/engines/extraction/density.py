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
from itertools import islice
from typing import Final

from lxml import etree

from saphan.engines.extraction.furniture import is_notice
from saphan.engines.extraction.page import MOST_NODES, Block, Node, blocks, weight

_AGAINST: Final = 1.3
"""How much a letter of a menu counts against one of prose."""


def densest(found: list[Block], root: Node) -> tuple[Node, list[Block]]:
    """The element that holds the article, and its blocks. Of a page without prose: the root."""
    nodes = list(islice(root.iter(etree.Element), 2 * MOST_NODES))
    place = {node: at for at, node in enumerate(nodes)}
    found = [block for block in found if block.node in place]
    if not found:
        return root, found
    balance = [0.0] * len(nodes)
    last = list(range(len(nodes)))  # the last element under each
    for block in found:
        balance[place[block.node]] += _value(block)
    # From the last element to the first, each gives what it has to its parent: once through.
    for at in range(len(nodes) - 1, 0, -1):
        above = place[nodes[at].getparent()]
        balance[above] += balance[at]
        last[above] = max(last[above], last[at])
    best = max(
        {place[block.node] for block in found} | _above(found, place),
        key=lambda at: (balance[at], at),
    )
    return nodes[best], [b for b in found if best <= place[b.node] <= last[best]]


def _above(found: list[Block], place: dict[Node, int]) -> set[int]:
    """The elements that hold blocks, each looked at once."""
    seen: set[int] = set()
    for block in found:
        node = block.node.getparent()
        while node is not None and node in place and place[node] not in seen:
            seen.add(place[node])
            node = node.getparent()
    return seen


def _value(block: Block) -> float:
    size = weight(block.text)
    if block.prose:
        return 0.0 if is_notice(block.text) else float(size - block.linked)
    # A short line without links may be a subheading or a line of dialogue.
    free = size - 3 * block.linked if block.linked else size
    return 0.0 if free > 0 and size < 90 and not block.linked else -_AGAINST * size


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
