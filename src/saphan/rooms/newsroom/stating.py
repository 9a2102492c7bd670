"""Figures in the words of their reader: the value with its unit, and the feed of verified ones."""

from __future__ import annotations

from django.urls import reverse

from saphan.ground import clock
from saphan.ground.text import reader_language
from saphan.house.room import FeedItem
from saphan.rooms.newsroom import figuring, papers
from saphan.rooms.newsroom.models import Figure
from saphan.rooms.newsroom.queries import figures as queries

FEED = 50


def said(figure: Figure, lang: str = "") -> str:
    """The value as its reader writes it, with unit and relation, never more exact than written."""
    return papers.value_of({
        "value": figuring.plain(figure.value), "high": figuring.plain(figure.high),
        "unit": figure.unit, "relation": figure.relation, "decimals": figure.shown_decimals},
        lang or reader_language())


def feed() -> list[FeedItem]:
    """The newest verified figures, as feed readers get them."""
    found = queries.listed().filter(state=Figure.State.VERIFIED).order_by("-day", "-pk")[:FEED]
    return [FeedItem(
        key=each.key, title=f"{said(each)} {each.subject}".strip(), summary=each.quote,
        url=reverse("newsroom:figure", args=[each.key]),
        updated=each.verified_at or clock.now(), lang=each.lang, author=each.article.outlet)
        for each in found]
