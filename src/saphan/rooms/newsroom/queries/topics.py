"""Questions about topics and what belongs to them. Getters cannot return what the asker may not
see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, QuerySet

from saphan.design.plate import Chip, Plate
from saphan.ground import clock
from saphan.ground.text import reader_language
from saphan.house.watching import feeding
from saphan.house.watching.models import Watch
from saphan.house.wording.queries import chip
from saphan.people.models import Person
from saphan.rooms.newsroom.models import Article, Match, Source, Story, Topic
from saphan.rooms.newsroom.queries.stories import Stated, plate_of, stated
from saphan.rooms.newsroom.rules import desk
from saphan.rooms.newsroom.vocabulary import Sharing

FIGURES = 12
FIGURES_OF = 200
"""Newest articles of a topic among which its figures are looked for."""


class NotFound(Exception):
    """There is no such topic, or none that the asker may see."""


def visible_to(person: Person | None) -> QuerySet[Topic]:
    """Topics that the asker may see."""
    seen = Q(sharing=Sharing.PUBLIC)
    if person is not None and person.is_authenticated:
        seen |= Q(owner=person)
        if desk.works_here(person):
            seen |= Q(sharing=Sharing.DESK)
    return Topic.objects.filter(seen, active=True)


def topic(number: str, *, asker: Person | None) -> Topic:
    """One topic. Raises `NotFound`."""
    found = visible_to(asker).select_related("owner").filter(number=number).first()
    if found is None:
        raise NotFound(number)
    return found


def listed(person: Person | None) -> QuerySet[Topic]:
    """All that she may see, with how much came in over the last seven days."""
    week = clock.today() - timedelta(days=7)
    return visible_to(person).annotate(this_week=Count("matches", filter=Q(
        matches__dropped=False, matches__day__gt=week))).order_by("name", "pk")


def matches(topic: Topic, *, dropped: bool = False) -> QuerySet[Match]:
    """Articles that belong to a topic, the newest first."""
    return Match.objects.filter(topic=topic, dropped=dropped).order_by("-day", "-pk")


def shown(rows: QuerySet[Match]) -> QuerySet[Match]:
    """The rows with what their lines say of the articles; without what is withdrawn."""
    return rows.filter(article__state=Article.State.TAKEN).select_related(
        "article__source", "article__story", "article__economy").defer("article__vector")


@dataclass(frozen=True)
class Row:
    """A story, or an article that stands alone, in the list of a topic."""

    match: Match
    concepts: tuple[Chip, ...]
    how: str
    others: tuple[Article, ...] = ()
    """Of the same story and on the same page, one for each other language."""

    @property
    def article(self) -> Article:
        return self.match.article

    @property
    def story(self) -> Story | None:
        story = self.match.article.story
        return story if story is not None and story.size > 1 else None


def rows(found: Sequence[Match]) -> list[Row]:
    """One line for each story: its newest article of these, and what other languages say."""
    lang, groups = reader_language(), dict[int, dict[str, Match]]()
    for match in found:
        group = groups.setdefault(match.article.story_id or -match.article.pk, {})
        group.setdefault(match.article.lang, match)
    listed = []
    for match, *others in (list(group.values()) for group in groups.values()):
        concepts = tuple(chip(name, lang) for name in match.why.get("concepts", ()))
        listed.append(Row(match, concepts, str(match.why.get("how", "meaning")),
                          tuple(each.article for each in others)))
    return listed


def figures(topic: Topic, *, person: Person | None) -> list[Stated]:
    """What its newest articles state in numbers."""
    newest = list(matches(topic).values_list("article_id", flat=True)[:FIGURES_OF])
    return stated(newest, person, most=FIGURES)


def followed(topic: Topic, person: Person | None) -> Watch | None:
    """How she is told of what is new in it."""
    return feeding.followed(f"newsroom.topic.{topic.pk}", person)


def sources_of(topic: Topic) -> list[Source]:
    """The sources that it is limited to."""
    return list(Source.objects.filter(pk__in=topic.filters.get("sources", ())))


def plates(keys: Sequence[str]) -> dict[str, Plate]:
    """What everybody sees of articles: title, outlet, day, first words of it."""
    found = Article.objects.filter(pk__in=[int(key) for key in keys if key.isdigit()],
                                   state=Article.State.TAKEN)
    return {str(each.pk): plate_of(each) for each in found.select_related(
        "source", "economy").defer("vector")}
