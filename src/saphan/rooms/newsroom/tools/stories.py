"""Stories, and what officers decide about them: MCP tools, and what the API shares with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from saphan.house import callers
from saphan.house.room import Tool
from saphan.people.models import Person
from saphan.rooms.newsroom.models import Article, Story
from saphan.rooms.newsroom.queries import articles
from saphan.rooms.newsroom.queries import stories as queries

PAGE = 30


def brief(story: Story) -> dict[str, Any]:
    """A story in a list."""
    return {"number": story.number, "title": story.title, "lang": story.lang,
            "articles": story.size, "languages": story.languages,
            "first_day": story.first_day.isoformat(), "last_day": story.last_day.isoformat(),
            "example": story.example, "url": settings.BASE_URL + story.get_absolute_url()}


def article(found: Article) -> dict[str, Any]:
    """An article as everybody may see it: never its whole text."""
    return {"number": found.number, "title": found.title, "lang": found.lang,
            "outlet": found.outlet, "address": found.address, "day": found.day.isoformat(),
            "quote": articles.quote(found)}


def list_stories(words: str = "", lang: str = "", alone: bool = False, page: int = 1,
                 person: Person | None = None) -> dict[str, Any]:
    found = queries.stories(words=words, lang=lang, alone=alone)
    start = (min(max(page, 1), 100_000) - 1) * PAGE
    return {"count": found.count(), "page": page,
            "stories": [brief(each) for each in found[start:start + PAGE]]}


def read_story(number: str, person: Person | None = None) -> dict[str, Any]:
    try:
        found = queries.story(number)
    except queries.NotFound:
        raise callers.Missing(number) from None
    found = found.merged_into or found
    told = queries.told(found, person=person)
    return {**brief(found), "tellings": [article(each) for _day, day in told.days for each in day],
            "figures": [{"figure": each.figure.key, "value": str(each.figure.value.normalize()),
                         "unit": each.figure.unit, "subject": each.figure.subject,
                         "period": each.figure.period, "quote": each.figure.quote,
                         "told_by": each.told_by, "contradicted": each.contradicted}
                        for each in told.figures]}


def tools() -> Sequence[Tool]:
    return [
        Tool("list_stories", "List news stories, the newest first: one event as many sources tell "
                             "it. words: in the title; lang: told in this language too; alone: "
                             "also those that only one article tells.", list_stories),
        Tool("read_story", "Read one story by its number, for example STY-2027-0001: its articles "
                           "in all languages, with links and short quotes, and its figures.",
             read_story),
    ]
