"""What a brief is made of, as plain data in `Brief.content`.

    {id, kind: "heading", text, lang}
    {id, kind: "sentence", text, origin, source}     text in the brief's language, may be empty
    {id, kind: "figure", text, figure, value, …, source}   text: what is counted

`source` is None for a sentence of the officer's own. Else it holds what a reader needs to check the
words without the archive: {article, version, quote, lang, start, end, selectors, title, outlet,
address, published, read, digest}. It is made here from the archive and never from what a browser
sends. `origin`: quoted (the source's own words), person or machine.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from saphan.engines.figures import places, selectors
from saphan.engines.language.codes import canonical
from saphan.rooms.newsroom import figuring
from saphan.rooms.newsroom.models import Article, Figure, Version

Block = dict[str, Any]
AT_MOST = 200
"""Blocks of one brief."""
QUOTE_AT_MOST = 600


def new_id() -> str:
    return secrets.token_hex(4)


def heading(text: str, lang: str) -> Block:
    return {"id": new_id(), "kind": "heading", "text": text, "lang": lang}


def own_sentence(text: str) -> Block:
    """A sentence that stands on nothing but the officer's word."""
    return {"id": new_id(), "kind": "sentence", "text": text, "origin": "person", "source": None}


def quoted(article: Article, version: Version, start: int, end: int, lang: str) -> Block:
    """A sentence of an article. Where it is in another language than the brief (`lang`) the text is
    empty until somebody translates it."""
    source = source_of(article, version, start, end)
    same = canonical(article.lang) == canonical(lang)
    return {"id": new_id(), "kind": "sentence", "text": source["quote"] if same else "",
            "origin": "quoted" if same else "", "source": source}


def figure(found: Figure, lang: str) -> Block:
    """A figure of the archive; the officer words what it counts in the brief's language."""
    end = found.quote_start + len(found.quote)
    stated = found.version.text[found.start:found.end] or str(found.value)
    source = source_of(found.article, found.version, found.quote_start, end)
    place = places.name_of(found.place_code, lang)
    return {"id": new_id(), "kind": "figure", "figure": found.key, "text": found.subject,
            "lang": found.article.lang, "stated": stated, "value": figuring.plain(found.value),
            "high": figuring.plain(found.high), "unit": found.unit,
            "relation": found.relation, "decimals": found.shown_decimals,
            "place": place or found.place, "place_lang": lang if place else found.article.lang,
            "period": found.period,
            "as_of": found.as_of.isoformat() if found.as_of else "", "source": source}


def source_of(article: Article, version: Version, start: int, end: int) -> dict[str, Any]:
    """What a reader needs to check a quote, with W3C selectors of its place."""
    text = version.text
    return {
        "article": article.number, "version": version.position, "quote": text[start:end],
        "lang": article.lang, "start": start, "end": end,
        "selectors": selectors.both(text, start, end),
        "title": article.title, "outlet": article.outlet, "address": article.address,
        "published": article.published.isoformat() if article.published else "",
        "read": version.at.date().isoformat(), "digest": version.evidence_digest}


def current(articles: Iterable[Article]) -> dict[int, Version]:
    """The current version of each article, by the article's key, in one query."""
    return {version.article_id: version for version in Version.objects.filter(
        article__in=[article.pk for article in articles], current=True)}


def by_id(content: list[Block]) -> dict[str, Block]:
    return {block["id"]: block for block in content}


def quote_of(block: Block) -> str:
    return str(block["source"]["quote"]) if block.get("source") else ""


def shown_lang(block: Block, lang: str) -> str:
    """The language of what a reader sees of a block in a brief of this language."""
    if block["kind"] == "sentence":
        return lang if block["text"] else block["source"]["lang"]
    return str(block.get("lang") or lang)
