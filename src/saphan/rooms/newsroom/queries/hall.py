"""What the way in shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import ngettext, ngettext_lazy

from saphan.design.plate import Plate
from saphan.ground import clock
from saphan.house.room import LiveFact
from saphan.people.models import Person
from saphan.rooms.newsroom.models import Article, Brief, Source, Story, Topic
from saphan.rooms.newsroom.queries import briefs, sources, stories, topics
from saphan.rooms.newsroom.rules import desk

AT_ONCE = 4
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Hall:
    """The newest of each kind; `waiting` is for officers: what they should look at, as (number,
    label, URL name)."""

    briefs: Sequence[Plate]
    stories: Sequence[Story]
    topics: Sequence[Topic]
    waiting: Sequence[tuple[int, Any, str]]


def hall(person: Person | None) -> Hall:
    """What is new for whoever looks, in a fixed number of questions."""
    went_out = briefs.visible_to(person).filter(
        state__in=[Brief.State.APPROVED, Brief.State.SENT]).order_by("-approved", "-pk")
    return Hall(
        briefs=[briefs.plate_of(one) for one in went_out.defer("content")[:AT_ONCE]],
        stories=list(stories.stories()[:AT_ONCE + 2]),
        topics=list(topics.listed(person)[:AT_ONCE + 2]),
        waiting=_waiting(person) if desk.works_here(person) else [])


def _waiting(person: Person | None) -> list[tuple[int, Any, str]]:
    since = clock.today() - WEEK
    came = Article.objects.filter(state=Article.State.TAKEN, day__gt=since).count()
    handed_in = briefs.visible_to(person).filter(state=Brief.State.REVIEW).count()
    ringing = sources.ringing().count()
    return [
        (came, ngettext("article this week", "articles this week", came), "newsroom:articles"),
        (handed_in, ngettext("brief to read and approve", "briefs to read and approve",
                             handed_in), "newsroom:briefs"),
        (ringing, ngettext("alarm about a source", "alarms about sources", ringing),
         "newsroom:source_health")]


def live_fact() -> LiveFact:
    """How many sources are read now."""
    number = Source.objects.filter(state=Source.State.ACTIVE).count()
    return LiveFact(number, ngettext_lazy("source read", "sources read", number))
