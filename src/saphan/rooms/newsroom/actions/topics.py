"""Topics: begun, changed, filled from the past, and told of what is new.

What belongs to a topic is kept as rows when an article comes in; a page only reads them. Nothing
here looks through the archive while somebody waits: a new topic is filled by a job.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from saphan.engines.matching.documents import Document
from saphan.engines.matching.documents import Match as Fit
from saphan.ground import clock, jobs, ledger
from saphan.ground.accession import next_number
from saphan.house.engine import NotReady
from saphan.house.watching import feeding, looking
from saphan.people.models import Person
from saphan.rooms.newsroom import asking
from saphan.rooms.newsroom.models import Article, Match, Topic
from saphan.rooms.newsroom.rules import topics as rules

log = logging.getLogger(__name__)
FIELDS = ("name", "query", "lang", "filters", "sharing")
MEANING = ("query", "lang", "filters")
"""What decides which articles belong to it."""
PAST_AT_MOST = 10_000
"""Past articles that a new topic may begin with, the best first."""
AT_A_TIME = 500
TOLD_AT_MOST = 200


# What officers do


def begin(values: Mapping[str, Any], *, by: Person | None) -> Topic:
    """A new topic with the values of a valid `TopicForm`; a job fills it from the archive."""
    rules.may_begin(by).or_raise()
    topic = Topic(owner=by, **{name: values[name] for name in FIELDS})
    with ledger.fact("topic.begun", topic, by=by, sharing=topic.sharing):
        topic.number = next_number("TPC")
        topic.save()
        fill.enqueue(topic.pk)
    return topic


def change(topic: Topic, values: Mapping[str, Any], *, by: Person | None) -> Topic:
    """Other words or filters: what was found under the old ones goes, and it is filled anew. What
    officers took out stays out."""
    rules.may_change(by, topic).or_raise()
    other = any(getattr(topic, name) != values[name] for name in MEANING)
    for name in FIELDS:
        setattr(topic, name, values[name])
    with ledger.fact("topic.changed", topic, by=by, sharing=topic.sharing):
        if other:
            topic.filled, topic.looked_at, topic.to_look_at = False, 0, 0
            topic.matches.filter(dropped=False).delete()
            fill.enqueue(topic.pk)
        topic.save()
    return topic


def remove(topic: Topic, *, by: Person | None) -> None:
    """The topic, what it found, and the letters of those who followed it."""
    rules.may_change(by, topic).or_raise()
    pk = topic.pk
    with ledger.fact("topic.removed", topic, by=by):
        feeding.ended(source(pk))
        topic.delete()
        topic.pk = pk  # the fact is about what was there


def drop(topic: Topic, article: Article, *, by: Person | None, dropped: bool = True) -> None:
    """An article does not belong to it, or does after all: what an officer says stays."""
    rules.may_sort(by, topic).or_raise()
    name = "topic.dropped" if dropped else "topic.kept"
    with ledger.fact(name, topic, by=by, article=article.number):
        Match.objects.filter(topic=topic, article=article).update(dropped=dropped)


def follow(topic: Topic, *, by: Person | None, often: str, language: str) -> None:
    """Tell her of what is new in it: at once, each day, each week, or by a feed alone."""
    rules.may_follow(by, topic).or_raise()
    feeding.follow(source(topic.pk), by=by, name=topic.name, question=topic.query,
                   room="newsroom", often=often, language=language)


def unfollow(topic: Topic, *, by: Person | None) -> None:
    feeding.unfollow(source(topic.pk), by=by)


def source(key: int) -> str:
    """What the saved searches of a topic's followers are fed by."""
    return f"newsroom.topic.{key}"


# What the house does on its own


def match(articles: Sequence[Article], documents: Sequence[Document]) -> list[Match]:
    """Compare articles that are in the index with all topics; keep what belongs, and let go what
    belongs no more after a correction. Gives what is new."""
    topics = list(Topic.objects.filter(active=True))
    if not topics or not articles:
        return []
    fits: dict[tuple[int, int], Fit] = {}
    for topic, fit in asking.judge(topics, documents):
        fits[topic.pk, int(fit.id)] = fit
    by_key = {each.pk: each for each in articles}
    kept = {pair: fit for pair, fit in fits.items()
            if asking.passes(by_key[pair[1]], next(t for t in topics if t.pk == pair[0]))}
    held = {(row.topic_id, row.article_id): row
            for row in Match.objects.filter(article__in=list(by_key))}
    Match.objects.filter(pk__in=[row.pk for pair, row in held.items()
                                 if pair not in kept and not row.dropped]).delete()
    read = {topic.pk: asking.reading(topic) for topic in topics}
    made = [_row(topic, by_key[key], fit, read[topic])
            for (topic, key), fit in kept.items() if (topic, key) not in held]
    Match.objects.bulk_create(made, ignore_conflicts=True)
    return made


def _row(topic: int, article: Article, fit: Fit, question: asking.Standing) -> Match:
    return Match(topic_id=topic, article=article, score=fit.score, day=article.day, at=clock.now(),
                 why=looking.why_of(fit, question))


def tell(made: Iterable[Match]) -> None:
    """Let those who follow topics know what came in. Copies of one text are told once."""
    by_topic: dict[int, list[feeding.News]] = {}
    for row in made:
        if row.article.copy_of_id is None:
            by_topic.setdefault(row.topic_id, []).append(
                feeding.News(f"newsroom.article.{row.article_id}", row.score, row.why))
    for key, news in by_topic.items():
        followers = feeding.followers(source(key)).select_related("person")
        topic = Topic.objects.get(pk=key)
        among = {watch.person_id for watch in followers if rules.sees(watch.person, topic)}
        best = sorted(news, key=lambda each: -each.score)[:TOLD_AT_MOST]
        feeding.tell(source(key), best, among=among)


@jobs.job
def fill(key: int) -> None:
    """Find what belongs to a topic among the articles that are here already, some at a time, so
    that the page can say how far it is. What is found so is no news to its followers."""
    topic = Topic.objects.filter(pk=key, filled=False).first()
    if topic is None:
        return
    try:
        found = asking.past(topic, PAST_AT_MOST)
    except NotReady as error:
        log.warning("topic %s waits: %s", topic.number, error)
        return  # `fill_waiting` comes back to it
    question = asking.reading(topic)
    Topic.objects.filter(pk=key).update(
        looked_at=0, to_look_at=len(found), understood={"concepts": list(question.named)})
    for start in range(0, len(found), AT_A_TIME):
        part = found[start:start + AT_A_TIME]
        with transaction.atomic():
            if not Topic.objects.filter(pk=key, changed=topic.changed).exists():
                return  # changed or removed meanwhile: another job fills it
            articles = Article.objects.filter(state=Article.State.TAKEN).in_bulk(
                [int(fit.id) for fit in part])
            Match.objects.bulk_create([
                _row(key, articles[int(fit.id)], fit, question) for fit in part
                if int(fit.id) in articles and asking.passes(articles[int(fit.id)], topic)
            ], ignore_conflicts=True)
            Topic.objects.filter(pk=key).update(looked_at=F("looked_at") + len(part))
    Topic.objects.filter(pk=key).update(filled=True)
