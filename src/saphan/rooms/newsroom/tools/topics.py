"""Topics: standing questions: MCP tools, and what the API shares with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from saphan.ground.access import Refused
from saphan.ground.text import reader_language
from saphan.house import callers
from saphan.house.room import Tool
from saphan.house.wording.queries import label
from saphan.people.models import Person
from saphan.rooms.newsroom.actions import topics as actions
from saphan.rooms.newsroom.forms.topics import TopicForm, said_of
from saphan.rooms.newsroom.models import Topic
from saphan.rooms.newsroom.queries import topics as queries
from saphan.rooms.newsroom.rules import topics as rules
from saphan.rooms.newsroom.tools.stories import article

PAGE = 30


def brief(topic: Topic) -> dict[str, Any]:
    """A topic in a list."""
    return {"number": topic.number, **said_of(topic), "filled": topic.filled,
            "example": topic.example, "url": settings.BASE_URL + topic.get_absolute_url()}


def list_topics(person: Person | None = None) -> dict[str, Any]:
    return {"topics": [brief(each) for each in queries.listed(person)]}


def read_topic(number: str, page: int = 1, person: Person | None = None) -> dict[str, Any]:
    found, lang = one(number, person), reader_language()
    rows = queries.matches(found)
    start = (min(max(page, 1), 100_000) - 1) * PAGE
    return {**brief(found), "count": rows.count(), "page": page, "articles": [
        {**article(row.article), "score": row.score,
         "story": row.article.story.number if row.article.story else None,
         "concepts": [label(name, lang) for name in row.why.get("concepts", [])]}
        for row in queries.shown(rows)[start:start + PAGE]]}


def one(number: str, person: Person | None) -> Topic:
    try:
        return queries.topic(number, asker=person)
    except queries.NotFound:
        raise callers.Missing(number) from None


def values(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a valid form makes of plain data. Raises `callers.Invalid`."""
    form = TopicForm(dict(given))
    if not form.is_valid():
        raise callers.Invalid.form(form)
    return form.cleaned_data


def begin_topic(query: str, name: str = "", sharing: str = "own",
                person: Person | None = None) -> dict[str, Any]:
    if person is None:
        raise Refused(rules.may_begin(None).reason)
    return brief(actions.begin(values({"query": query, "name": name, "sharing": sharing}),
                               by=person))


def tools() -> Sequence[Tool]:
    return [
        Tool("list_topics", "List the topics of the newsroom: standing questions with which each "
                            "new article in any language is compared.", list_topics),
        Tool("read_topic", "Read one topic by its number, for example TPC-2027-0001: its articles, "
                           "the newest first, with links, short quotes and why they belong to it.",
             read_topic),
        Tool("begin_topic", "Begin a topic with a question in any language. sharing: own, desk or "
                            "public. The archive is looked through afterwards.", begin_topic,
             writes=True),
    ]
