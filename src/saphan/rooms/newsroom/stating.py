"""Figures in the words of their reader: the value with its unit, and the feed of verified ones."""

from __future__ import annotations

from django.urls import reverse

from saphan.engines.figures import units
from saphan.ground import clock
from saphan.ground.text import reader_language
from saphan.house.room import FeedItem
from saphan.rooms.newsroom import figuring, papers
from saphan.rooms.newsroom.models import Figure
from saphan.rooms.newsroom.queries import figures as queries

FEED = 50
PER = frozenset(units.PER) | frozenset({"kg", "t", "kWh", "MWh", "m2", "ha", "km", "l"})
"""Of a rate, what is written the same in every language: USD/t, t/day."""
THINGS = frozenset(units.things())


def said(figure: Figure, lang: str = "") -> str:
    """The value as its reader writes it, with unit and relation, never more exact than written."""
    unit, _slash, per = figure.unit.partition("/")
    value = papers.value_of({
        "value": figuring.plain(figure.value), "high": figuring.plain(figure.high), "unit": unit,
        "relation": figure.relation, "decimals": figure.shown_decimals}, lang or reader_language())
    return f"{value}/{per}" if per in PER and unit not in THINGS else value


def feed() -> list[FeedItem]:
    """The newest verified figures, as feed readers get them."""
    found = queries.listed().filter(state=Figure.State.VERIFIED).order_by("-day", "-pk")[:FEED]
    return [FeedItem(
        key=each.key, title=f"{said(each)} {each.subject}".strip(), summary=each.quote,
        url=reverse("newsroom:figure", args=[each.key]),
        updated=each.verified_at or clock.now(), lang=each.lang, author=each.article.outlet,
        example=each.example)
        for each in found]
