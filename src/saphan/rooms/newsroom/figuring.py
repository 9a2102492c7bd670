"""From what the parser reads to the rows of the archive, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from saphan.engines import figures
from saphan.engines.figures import Found, selectors
from saphan.house import registry
from saphan.rooms.newsroom.models import Article, Figure, Version

AT_MOST = 300
"""Figures of one article; a table of thousands is not news."""
QUOTE = 600
_TOO_LARGE = Decimal(10) ** 21


def indicators() -> dict[str, str]:
    """What a figure may be filed under, by slug: names in the reader's language, as the rooms of
    the house offer them."""
    return {slug: name for room in registry.rooms() if room.takes_figures
            for slug, name in room.takes_figures()}


def read(article: Article, version: Version) -> list[Found]:
    """The figures of a version that can be kept, in order."""
    found = figures.find(version.text, article.lang, article.published or article.day,
                         version.title)
    return [one for one in found if abs(one.value) < _TOO_LARGE][:AT_MOST]


def place_of(version: Version, one: Found) -> dict[str, Any]:
    """Where a figure stands in a version: the fields that change when the text moves."""
    quote_end = min(one.quote_end, one.quote_start + QUOTE)
    return {
        "version": version, "start": one.start, "end": one.end,
        "quote": version.text[one.quote_start : quote_end], "quote_start": one.quote_start,
        "selectors": selectors.both(version.text, one.start, one.end)}


def meaning_of(one: Found) -> dict[str, Any]:
    """What a figure says."""
    return {
        "value": one.value, "high": one.high, "shown_decimals": one.decimals, "unit": one.unit[:40],
        "kind": one.kind, "relation": one.relation, "subject": one.subject[:300],
        "place": one.place[:120], "place_code": one.place_code, "period": one.period[:25],
        "as_of": one.as_of, "compared_with": one.compared_with[:40]}


def row(article: Article, version: Version, one: Found, key: str, **more: Any) -> Figure:
    """A new figure, not saved."""
    return Figure(key=key, article=article, day=article.day, lang=article.lang,
                  extractor=one.version, example=article.example,
                  **place_of(version, one), **meaning_of(one), **more)


def same_reading(figure: Figure, one: Found) -> bool:
    """Whether a figure is still read with this value and unit."""
    return (figure.value, figure.high, figure.unit) == (one.value, one.high, one.unit)


def told(figure: Figure) -> dict[str, Any]:
    """What other rooms learn of a verified figure: value, meaning, quote and evidence."""
    article, version = figure.article, figure.version
    return {
        "figure": figure.key, "value": plain(figure.value), "high": plain(figure.high),
        "unit": figure.unit, "relation": figure.relation, "kind": figure.kind,
        "subject": {figure.lang: figure.subject} if figure.subject else {},
        "place": figure.place, "place_code": figure.place_code, "period": figure.period,
        "as_of": figure.as_of.isoformat() if figure.as_of else "",
        "compared_with": figure.compared_with, "lang": figure.lang, "quote": figure.quote,
        "source": article.outlet, "address": article.address,
        "read": version.at.date().isoformat(), "evidence": version.evidence_digest,
        "article": article.number, "indicator": figure.indicator, "example": figure.example}


def plain(value: Decimal | None) -> str:
    """Without the zeros that only the database has: 19.77000000 is 19.77; '' for none."""
    if value is None:
        return ""
    said = f"{value:f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def day_of(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


Values = Mapping[str, Any]
