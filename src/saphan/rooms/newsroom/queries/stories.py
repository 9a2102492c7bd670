"""Questions about stories: which there are, who tells them, in which words and figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, islice
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from saphan.design.plate import Plate
from saphan.engines.language import codes
from saphan.ground.text import Text, reader_language
from saphan.people.models import Person
from saphan.rooms.newsroom.models import Article, Decision, Figure, Story
from saphan.rooms.newsroom.queries.articles import quote
from saphan.rooms.newsroom.rules import desk
from saphan.rooms.newsroom.rules import stories as rules

ARTICLES = 300
"""Articles of one story that its page shows at most, the newest."""
FIGURES = 40


class NotFound(Exception):
    """There is no such story."""


def stories(*, lang: str = "", words: str = "", alone: bool = False) -> QuerySet[Story]:
    """Stories, the newest first: those that more than one article tells, or with `alone` all;
    with an article in `lang`; with `words` in the title."""
    found = Story.objects.filter(merged_into=None, size__gte=1 if alone else 2)
    if lang:
        found = found.filter(languages__icontains=f'"{lang}"')
    if words:
        found = found.filter(title__icontains=words)
    return found.order_by("-last_day", "-pk")


def story(number: str) -> Story:
    """One story; one that was put together with another leads there by `merged_into`. Raises
    `NotFound`."""
    found = Story.objects.select_related("merged_into").filter(number=number).first()
    if found is None:
        raise NotFound(number)
    return found


def articles(story: Story) -> list[Article]:
    """Its articles, the newest first, without their texts."""
    # by story alone: with the state in the question, SQLite reads all articles of that state
    found = Article.objects.filter(story=story).select_related("source", "economy").defer("vector")
    taken = (each for each in found.order_by("-day", "-pk") if each.state == Article.State.TAKEN)
    return list(islice(taken, ARTICLES))


@dataclass(frozen=True)
class Stated:
    """One value, and the articles that state it."""

    figure: Figure
    told_by: int
    contradicted: bool

    @property
    def agreed(self) -> bool:
        return self.told_by > 1


@dataclass(frozen=True)
class Told:
    """A story as its page shows it."""

    languages: list[Article]
    """One article for each language: the first."""
    days: list[tuple[date, list[Article]]]
    figures: list[Stated]
    decisions: list[tuple[Decision, bool, str]] = field(default_factory=list)
    """What officers decided, with whether it can be undone and why not; for the desk only."""


def told(story: Story, *, person: Person | None) -> Told:
    """Everything on the page of a story, in a constant number of queries."""
    found = articles(story)
    first: dict[str, Article] = {}
    for each in reversed(found):
        first.setdefault(each.lang, each)
    days = [(day, list(group)) for day, group in groupby(found, key=lambda each: each.day)]
    figures = stated([each.pk for each in found], person)
    return Told(list(first.values()), days, figures, _decisions(story, person))


def stated(keys: Sequence[int], person: Person | None, *, most: int = FIGURES) -> list[Stated]:
    """Values that articles of these keys state, with how many outlets state each: first those that
    others contradict, then those that several state. The public sees what somebody verified."""
    states = [Figure.State.VERIFIED]
    if desk.works_here(person):
        states.append(Figure.State.READ)
    rows = Figure.objects.filter(article__in=list(keys), state__in=states).select_related(
        "article__source").defer("article__vector").order_by("-day", "-pk")
    same: dict[tuple[object, ...], list[Figure]] = {}
    for row in rows:
        key = (row.value, row.high, row.unit, row.relation, row.period, row.place_code)
        same.setdefault(key, []).append(row)
    own = codes.family(reader_language())
    found = []
    for group in same.values():
        figure = next((each for each in group if codes.family(each.lang) == own), group[0])
        found.append(Stated(figure, len({each.article.outlet for each in group}), any(
            flag.get("code") == "contradicts" for each in group for flag in each.flags)))
    return sorted(found, key=lambda each: (not each.contradicted, -each.told_by))[:most]


def _decisions(story: Story, person: Person | None) -> list[tuple[Decision, bool, str]]:
    if not desk.works_here(person):
        return []
    merged = Story.objects.filter(merged_into=story).values("pk")
    found = list(Decision.objects.filter(
        Q(story=story) | Q(other=story) | Q(story__in=merged) | Q(other__in=merged),
    ).select_related("story", "other", "by").order_by("-pk")[:20])
    standing = [each for each in found if each.undone is None]
    listed = []
    for each in found:
        last = bool(standing) and each.pk == standing[0].pk
        verdict = rules.may_undo(person, each) if last else None
        listed.append((each, bool(verdict), str(verdict.reason) if verdict else ""))
    return listed


def plate_of(article: Article) -> Plate:
    """What everybody sees of an article: title, outlet, day, its first words. Defer its vector."""
    title: Any = Text.of({article.lang: article.title}, source=article.lang).best()
    lead: Any = Text.of({article.lang: quote(article)}, source=article.lang).best()
    return Plate(
        number=article.number, title=title, url=article.get_absolute_url(),
        kind=_("Article"), wing="know", room=_("Newsroom"), maker=article.outlet,
        economy=str(article.economy) if article.economy else "",
        economy_code=article.economy_id or "", date=article.day,
        summary=lead if article.lead else None, example=article.example)
