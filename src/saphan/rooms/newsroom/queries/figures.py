"""Questions about figures. Lists read only what they show: no counting, no offsets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from saphan.engines.figures import sameness
from saphan.engines.matching.documents import Filters as Narrow
from saphan.ground import clock
from saphan.ground.models import Fact
from saphan.house.engine import NotReady
from saphan.people.models import Person
from saphan.rooms.newsroom import figuring, meaning
from saphan.rooms.newsroom.models import Article, Figure, Match, Source
from saphan.rooms.newsroom.queries import topics
from saphan.rooms.newsroom.rules import figures as rules
from saphan.rooms.newsroom.rules.desk import works_here

AT_ONCE = 40
ARTICLES = 400
"""Articles whose figures a search, a source or a topic leads to: the best or the newest."""
State = Figure.State


class NotFound(Exception):
    """No such figure, or none that the asker may know of."""


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to. Built from a query string."""

    q: str = ""
    state: str = ""
    topic: str = ""
    source: str = ""
    unit: str = ""
    place: str = ""
    period: str = ""
    indicator: str = ""
    flagged: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str], person: Person | None) -> Filters:
        """Only what means something; the desk begins with what nobody has checked yet."""
        said = {name: (given.get(name) or "").strip()[:120] for name in cls.__dataclass_fields__}
        if not works_here(person):
            said |= {"state": State.VERIFIED, "flagged": ""}
        elif said["state"] not in State.values:
            said["state"] = State.VERIFIED if said["indicator"] else State.READ
        return cls(**said)

    @property
    def narrowed(self) -> bool:
        return any(getattr(self, name) for name in self.__dataclass_fields__ if name != "state")

    def apply(self, found: QuerySet[Figure], person: Person | None) -> QuerySet[Figure]:
        found = found.filter(state=self.state)
        for name, field in (("unit", "unit"), ("period", "period"), ("indicator", "indicator")):
            if getattr(self, name):
                found = found.filter(**{field: getattr(self, name)})
        if self.place:
            found = found.filter(place_code=self.place.upper())
        if self.flagged:
            found = found.filter(flagged__in=[True])  # SQLite finds its index by a comparison
        for articles in self._articles(person):
            found = found.filter(article__in=articles)
        return found

    def _articles(self, person: Person | None) -> list[list[int]]:
        """Keys of the articles that words, a source and a topic allow."""
        lists = []
        if self.q:
            lists.append(_meant(self.q))
        if self.source:
            source = Source.objects.filter(key=self.source).values("pk")[:1]
            lists.append(list(Article.objects.filter(source=source).order_by(
                "-day", "-pk").values_list("pk", flat=True)[:ARTICLES]))
        if self.topic:
            topic = topics.visible_to(person).filter(number=self.topic.upper()).first()
            lists.append([] if topic is None else list(Match.objects.filter(
                topic=topic, dropped=False).order_by("-day", "-pk").values_list(
                "article_id", flat=True)[:ARTICLES]))
        return lists


def _meant(words: str) -> list[int]:
    """The articles that mean the words, in whatever language; without the index those with the
    words in their title."""
    number = re.fullmatch(r"NWS-\d{4}-\d{4,7}", words.upper())
    if number:
        return list(Article.objects.filter(number=number[0]).values_list("pk", flat=True))
    try:
        opened = meaning.matcher()
        question = opened.read(words, filters=Narrow(), now=clock.today())
        keys = [int(match.document.id) for match in opened.answer(question, 100).matches
                if match.document is not None]
    except NotReady:
        keys = []
    return keys or list(Article.objects.filter(title__icontains=words).order_by(
        "-day", "-pk").values_list("pk", flat=True)[:ARTICLES])


@dataclass(frozen=True)
class Page:
    figures: list[Figure]
    after: str = ""


def listed() -> QuerySet[Figure]:
    return Figure.objects.select_related("article", "article__source").defer(
        "selectors", "article__vector", "article__lead", "article__warnings")


def page(filters: Filters, person: Person | None, after: str = "",
         at_once: int = AT_ONCE) -> Page:
    """The newest figures that pass, from behind `after` on."""
    found = filters.apply(listed(), person)
    mark = re.fullmatch(r"(\d{4}-\d\d-\d\d)\.(\d{1,18})", after)
    if mark and (day := figuring.day_of(mark[1])):
        found = found.filter(day__lte=day).exclude(day=day, pk__gte=int(mark[2]))
    rows = list(found.order_by("-day", "-pk")[:at_once + 1])
    more = len(rows) > at_once
    last = rows[at_once - 1] if more else None
    return Page(rows[:at_once], f"{last.day.isoformat()}.{last.pk}" if last else "")


def figure(key: str, person: Person | None) -> Figure:
    """One figure. Raises `NotFound`."""
    found = Figure.objects.select_related(
        "article", "article__source", "version", "verified_by").defer(
        "article__vector").filter(key=key.upper()).first()
    if found is None or not rules.may_see(person, found):
        raise NotFound(key)
    return found


def next_to_check(figure: Figure) -> Figure | None:
    """Where the desk goes on: the next figure of the article, or the newest that waits."""
    waiting = Figure.objects.filter(state=State.READ).exclude(pk=figure.pk)
    return (waiting.filter(article=figure.article_id, start__gte=figure.start).order_by(
        "start").first() or waiting.order_by("-day", "-pk").first())


def context(figure: Figure) -> tuple[str, str, str]:
    """The quote in three pieces: before the figure, the figure, after it."""
    text, begin = figure.version.text, figure.quote_start
    end = begin + len(figure.quote)
    return (text[begin : figure.start], text[figure.start : figure.end],
            text[figure.end : max(end, figure.end)])


def in_article(figure: Figure) -> str:
    """The address of the article with the quote marked."""
    end = figure.quote_start + len(figure.quote)
    address = reverse("newsroom:article", args=[figure.article.number])
    return (f"{address}?version={figure.version.position}&quote={figure.quote_start}-{end}"
            f"#f-{figure.key}")


def doubts(figure: Figure, person: Person | None) -> list[dict[str, Any]]:
    """Why a figure should be looked at twice: others say otherwise, or it is old."""
    others = {each.key: each for each in listed().filter(
        key__in=[flag["figure"] for flag in figure.flags], state__in=_standing(person))}
    found = [{"code": flag["code"], "figure": others[flag["figure"]]} for flag in figure.flags
             if flag["figure"] in others]
    if is_old(figure) and not any(each["code"] == "stale" for each in found):
        found.append({"code": "stale", "figure": None})
    return found


def _standing(person: Person | None) -> list[str]:
    """The states in which a figure may stand against another one before a person's eyes."""
    return [State.READ, State.VERIFIED] if works_here(person) else [State.VERIFIED]


def flags_for(figures: list[Figure], person: Person | None) -> dict[str, list[dict[str, str]]]:
    """The flags of figures by key, without those that lead to what a person may not see."""
    keys = {flag["figure"] for each in figures for flag in each.flags}
    seen = set(Figure.objects.filter(key__in=keys, state__in=_standing(person)).values_list(
        "key", flat=True)) if keys else set()
    return {each.key: [flag for flag in each.flags if flag["figure"] in seen] for each in figures}


def is_old(figure: Figure, today: date | None = None) -> bool:
    return sameness.is_stale(figure.period, figure.day, today or clock.today())


def annotation(figure: Figure, person: Person | None) -> dict[str, Any]:
    """The figure as a W3C web annotation: its meaning, and the characters that state it. The
    positions count in the text that the house took out of the page."""
    told, article = public(figure, flags_for([figure], person)), figure.article
    selectors = told.pop("selectors")
    with override("en"):  # one name, whoever asks
        address = reverse("newsroom:figure-annotation", args=[figure.key])
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"{settings.BASE_URL}{address}",
        "type": "Annotation", "motivation": "describing",
        "generator": {"type": "Software", "name": figure.extractor},
        "body": {"type": "Dataset", **told},
        "target": {
            "source": article.address or f"{settings.BASE_URL}{article.get_absolute_url()}",
            "selector": selectors},
    }  # fmt: skip


def public(figure: Figure, flags: Mapping[str, list[dict[str, str]]]) -> dict[str, Any]:
    """What software gets of a figure. `flags`: of `flags_for`."""
    told = figuring.told(figure)
    return told | {
        "state": figure.state, "flags": flags.get(figure.key, []), "extractor": figure.extractor,
        "proposed": figure.proposed, "day": figure.day.isoformat(),
        "verified": figure.verified_at.isoformat() if figure.verified_at else "",
        "selectors": figure.selectors, "start": figure.start, "end": figure.end,
        "url": reverse("newsroom:figure", args=[figure.key])}


def proposals() -> dict[str, Any] | None:
    """What came of the last proposal of a language model."""
    last = Fact.objects.filter(name="figures.proposed").order_by("-seq").first()
    return last.data if last else None


def state_words(flag: str) -> str:
    return {"contradicts": _("Another article says otherwise"),
            "stale": _("There is a newer figure, or there should be")}.get(flag, flag)
