"""Take the article out of a page: recipe, then trafilatura or density by the evidence."""

from __future__ import annotations

import copy
import logging
import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

from saphan.engines.extraction import density, furniture, heads
from saphan.engines.extraction.choice import choose, is_prose
from saphan.engines.extraction.dates import published
from saphan.engines.extraction.encoding import decode
from saphan.engines.extraction.model import (
    FUTURE_DATE,
    HEAVY_PAGE,
    NO_DATE,
    RECIPE_MISSED,
    SHORT_TEXT,
    Extracted,
    ExtractionProblem,
    How,
)
from saphan.engines.extraction.page import (
    MOST_BYTES,
    Block,
    Node,
    blocks,
    is_heavy,
    paragraphs,
    parse,
    weight,
)
from saphan.engines.language.normalise import clean

_SHORT: Final = 400
"""A text of fewer Latin letters (130 Chinese characters) is a teaser or a caption."""
_SHARE: Final = 0.35
"""Of the prose on the page; less is a sign that the article is elsewhere on it."""
_WORDS: Final = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]{1,5}|"
    r"[^\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+"
)
_MARKUP: Final = re.compile(
    rb"<\s*(?:!doctype|html|head|body|div|p|table|meta|article|title|h1|h2|main|section|ul|br)\b",
    re.I,
)


def page(
    body: bytes, content_type: str = "", url: str = "", recipe: str = "", today: date | None = None
) -> Extracted:
    """The article of an HTML page. Raises only `ExtractionProblem`."""
    if not body.strip():
        raise ExtractionProblem("empty")
    if len(body) > MOST_BYTES:
        raise ExtractionProblem("too_large", f"{len(body)} bytes")
    decoded = decode(body, content_type)
    root = parse(decoded.text)
    warnings = list(decoded.warnings)
    found = list(blocks(root))
    title = clean(heads.title(root))
    how, text, more = _text(root, found, title, recipe)
    warnings += more
    text = tidy(text)
    if not text:
        raise ExtractionProblem("no_text")
    if _is_short(text, found):
        warnings.append(SHORT_TEXT)
    around = _around(found, text)
    day, future = published(root, url, around, today or datetime.now(UTC).date())
    if future:
        warnings.append(FUTURE_DATE)
    if day is None:
        warnings.append(NO_DATE)
    return Extracted(
        title=title or text.split("\n", 1)[0][:200],
        text=text,
        lang=heads.language(root, text),
        published=day,
        byline=clean(heads.byline(root, around)),
        how=how,
        encoding=decoded.encoding,
        words=count_words(text),
        warnings=tuple(warnings),
        address=heads.address(root, decoded.text),
    )


def looks_like_a_page(body: bytes) -> bool:
    """Whether some bytes hold markup."""
    return bool(_MARKUP.search(body[:8192])) or bool(
        _MARKUP.search(body[:8192].replace(b"\0", b""))
    )


def _text(root: Node, found: list[Block], title: str, recipe: str) -> tuple[How, str, list[str]]:
    warnings: list[str] = []
    if recipe:
        chosen = [paragraphs(node) for node in _selected(root, recipe)]
        text = "\n\n".join(part for part in chosen if part)
        if text:
            return "recipe", text, warnings
        warnings.append(RECIPE_MISSED)
    _, inside = density.densest(found, root)
    dense = furniture.without(density.trimmed(inside), title)
    usual: list[str] = []
    if is_heavy(root):
        warnings.append(HEAVY_PAGE)
    else:
        usual = furniture.without(_trafilatura(root), title)
    how, kept = choose(dense, usual)
    return how, "\n\n".join(kept), warnings


@lru_cache(maxsize=512)
def _selector(recipe: str) -> CSSSelector:
    try:
        return CSSSelector(recipe, translator="html")
    except (SelectorError, etree.XPathError, ValueError) as error:
        raise ExtractionProblem("bad_recipe", str(error)) from error


def check_recipe(recipe: str) -> None:
    """Raise `bad_recipe` if a text is no CSS selector that we can use."""
    _selector(recipe)


def _selected(root: Node, recipe: str) -> list[Node]:
    """What a recipe points at, outermost only, so that nothing is read twice."""
    try:
        found = _selector(recipe)(root)
    except etree.XPathError as error:
        raise ExtractionProblem("bad_recipe", str(error)) from error
    chosen = set(found)
    return [node for node in found if not any(up in chosen for up in node.iterancestors())]


def _trafilatura(root: Node) -> list[str]:
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        # It changes the tree that it reads.
        found = bare_extraction(copy.deepcopy(root), include_comments=False, with_metadata=False)
    except Exception as error:  # whatever it stumbles over, density has the page too
        logging.getLogger(__name__).info("trafilatura: %r", error)
        return []
    text = getattr(found, "text", "") or ""
    return [line for line in text.split("\n") if line.strip()]


def _is_short(text: str, found: list[Block]) -> bool:
    # A text that is mostly menu entries is as good as none.
    size = sum(weight(part) for part in text.split("\n\n") if is_prose(part))
    prose = sum(weight(block.text) for block in found if block.prose)
    return size < _SHORT or size < _SHARE * prose


def _around(found: list[Block], text: str) -> list[str]:
    """The lines before the text and its first ones: there pages say when and by whom."""
    key = re.sub(r"\W+", "", text[:200])[:40]
    lines: list[str] = []
    for at, block in enumerate(found):
        lines.append(block.text)
        if key and re.sub(r"\W+", "", block.text[:200])[:40].startswith(key[:20]):
            return lines[-25:] + [later.text for later in found[at + 1 : at + 4]] + [
                later.text for later in found[-12:]]  # fmt: skip
    return lines[:60]


def tidy(text: str) -> str:
    """Paragraphs between blank lines, NFC, single spaces."""
    parts = (re.sub(r"[^\S\n]+", " ", part).strip() for part in re.split(r"\n\s*\n", clean(text)))
    return "\n\n".join(part for part in parts if part)


def count_words(text: str) -> int:
    """Words; Chinese characters one each; five letters of scripts without spaces."""
    return len(_WORDS.findall(text))
