"""A first draft: which articles, which of their sentences, which figures.

Nothing is worded here. Sentences are chosen by `engines.stories.sentences` and keep their places in
their articles; headings are the titles of the stories.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db.models import QuerySet

from saphan.engines.language.embed import EmbedderError, Vectors
from saphan.engines.stories import sentences
from saphan.engines.stories.sentences import Candidate
from saphan.house import engine
from saphan.rooms.newsroom import blocks, meaning
from saphan.rooms.newsroom.blocks import Block
from saphan.rooms.newsroom.models import Article, Figure, Story, Topic, Version

log = logging.getLogger(__name__)
ARTICLES_AT_MOST = 60
STORIES_AT_MOST = 6
OF_ONE_STORY = 12
"""Articles of one story whose sentences are weighed against each other."""
FIGURES_AT_MOST = 20
UNVERIFIED_AT_MOST = 8


@dataclass(frozen=True)
class Wish:
    """What a draft should be about: a topic with a period, stories, articles, or all of them.
    `sentences`: of one story, at most."""

    lang: str
    topic: Topic | None = None
    stories: Sequence[Story] = ()
    articles: Sequence[Article] = ()
    since: date | None = None
    until: date | None = None
    sentences: int = 4


def content(wish: Wish) -> list[Block]:
    """The blocks of the draft: per story a heading and its sentences, then the figures."""
    articles = chosen(wish)
    texts = blocks.current(articles)
    found: list[Block] = []
    places: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for group in _groups(articles):
        taken = _sentences(group, texts, wish)
        if not taken:
            continue
        story = group[0].story
        found.append(blocks.heading(story.title if story else group[0].title,
                                    (story.lang if story else "") or group[0].lang))
        for article, start, end in taken:
            found.append(blocks.quoted(article, texts[article.pk], start, end, wish.lang))
            places[article.pk].append((start, end))
    figures = _figures(articles, places)
    return [*found, *(blocks.figure(each, wish.lang) for each in figures)][:blocks.AT_MOST]


def chosen(wish: Wish) -> list[Article]:
    """The articles the draft is made from, newest first; no copies of others."""
    among = Article.objects.filter(state=Article.State.TAKEN).select_related("source", "story")
    found: dict[int, Article] = {}
    for query in _asked(wish, among):
        for article in query[:ARTICLES_AT_MOST]:
            found.setdefault(article.pk, article)
    return list(found.values())[:ARTICLES_AT_MOST]


def _asked(wish: Wish, among: QuerySet[Article]) -> Iterable[QuerySet[Article]]:
    if wish.articles:
        yield among.filter(pk__in=[article.pk for article in wish.articles])
    timed = among.filter(copy_of=None)
    if wish.since:
        timed = timed.filter(day__gte=wish.since)
    if wish.until:
        timed = timed.filter(day__lte=wish.until)
    if wish.stories:
        yield timed.filter(story__in=[story.pk for story in wish.stories])
    if wish.topic is not None:
        yield timed.filter(matches__topic=wish.topic, matches__dropped=False).order_by(
            "-matches__score", "-day")


def _groups(articles: Sequence[Article]) -> list[list[Article]]:
    """Articles of one story together, the most told story first; others each alone."""
    groups: dict[object, list[Article]] = defaultdict(list)
    for article in articles:
        groups[article.story_id or f"alone-{article.pk}"].append(article)
    ordered = sorted(groups.values(), key=lambda group: (-len(group), -group[0].day.toordinal()))
    return [group[:OF_ONE_STORY] for group in ordered[:STORIES_AT_MOST]]


def _sentences(group: Sequence[Article], texts: dict[int, Version],
               wish: Wish) -> list[tuple[Article, int, int]]:
    articles = {str(article.pk): article for article in group if article.pk in texts}
    found = [candidate for key, article in articles.items() for candidate in
             sentences.candidates(key, article.lang, article.day, texts[article.pk].text)]
    best = sentences.pick(found, _vectors(found), wish.sentences)
    ordered = sorted((each.candidate for each in best), key=lambda one: (
        list(articles).index(one.article), one.start))
    return [(articles[one.article], one.start, one.end) for one in ordered]


def _vectors(found: Sequence[Candidate]) -> Vectors:
    """What the sentences mean, without what tells their language. Where the model is not ready all
    are alike, and place and figures decide."""
    if not found:
        return np.zeros((0, 1), np.float32)
    try:
        return meaning.without_language(engine.engine().embedder.embed_passages(
            [one.text for one in found]))
    except (engine.NotReady, EmbedderError) as problem:
        log.warning("a draft was made without the model: %s", problem)
        return np.zeros((len(found), 1), np.float32)


def _figures(articles: Sequence[Article],
             places: dict[int, list[tuple[int, int]]]) -> list[Figure]:
    """Verified figures of the articles first, then those that the chosen sentences state. A figure
    that several articles state alike stands once."""
    rows = Figure.objects.filter(
        article__in=[article.pk for article in articles],
        state__in=[Figure.State.VERIFIED, Figure.State.READ]).select_related(
            "article", "article__source", "version").order_by("article", "start")
    verified = [row for row in rows if row.state == Figure.State.VERIFIED]
    stated = [row for row in rows if row.state == Figure.State.READ and any(
        start <= row.start < end for start, end in places.get(row.article_id, ()))]
    kept: dict[tuple[object, ...], Figure] = {}
    for row in [*verified[:FIGURES_AT_MOST], *stated[:UNVERIFIED_AT_MOST]]:
        kept.setdefault((row.value, row.high, row.unit, row.period, row.place_code), row)
    return list(kept.values())
