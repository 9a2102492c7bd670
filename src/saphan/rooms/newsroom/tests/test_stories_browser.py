"""Stories and topics in a browser: as an officer sees them, on a desk and on a phone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from browsing import DESKTOP, IN_A_BROWSER, PHONE, RULES

from saphan.people.models import Person
from saphan.rooms.newsroom import meaning
from saphan.rooms.newsroom.actions import placing
from saphan.rooms.newsroom.actions import stories as story_actions
from saphan.rooms.newsroom.actions import topics as topic_actions
from saphan.rooms.newsroom.forms.topics import TopicForm
from saphan.rooms.newsroom.models import Article, Figure, Story, Topic
from saphan.rooms.newsroom.tests.test_topics import DURIAN, FOOTBALL

pytestmark = IN_A_BROWSER
DAY = date(2027, 2, 24)


@pytest.fixture
def topic(house: None, article: Callable[..., Article], officer: Person) -> Iterator[Topic]:
    """A desk's topic with three articles of one story and a decision about it."""
    meaning.discard()
    for number, (lang, title, text) in enumerate([*DURIAN, FOOTBALL]):
        made = article(text, title=title, lang=lang, day=DAY + timedelta(days=number))
        Figure.objects.create(
            key=f"FIG-2027-000{number}", article=made, version=made.versions.get(), value=19000,
            unit="m2", subject="exhibition hall", period="2026", start=0, end=6, quote="19,000 m²",
            day=made.day, lang="en", state=Figure.State.VERIFIED, extractor="test", selectors=[])
    placing.take_up()
    story = Story.objects.get(size=3)
    thai = Article.objects.get(lang="th")
    made_of_it = story_actions.split(story, [thai], by=officer)
    story_actions.merge(Story.objects.get(pk=story.pk), made_of_it, by=officer)
    form = TopicForm({"query": "durian exports to China", "sharing": "desk", "langs": [
        "en", "th", "zh-Hans"]})
    assert form.is_valid()
    begun = topic_actions.begin(form.cleaned_data, by=officer)
    topic_actions.fill.func(begun.pk)
    topic_actions.follow(begun, by=officer, often="daily", language="en")
    yield begun
    meaning.discard()


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_stories_and_topics_are_easy_to_use_for_everybody(
        topic: Topic, officer: Person, visit: Any, screen: dict[str, int]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    story, axe = Story.objects.get(size=3), Axe()
    for name, path in (("stories", "stories/"), ("story", f"stories/{story.number}/"),
                       ("topics", "topics/"), ("topic", f"topics/{topic.number}/"),
                       ("edit", f"topics/{topic.number}/edit/")):
        page = visit(f"/en/newsroom/{path}", who=officer, size=screen)
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=f"{folder}/{name}-{screen['width']}.png", full_page=True)
        found = axe.run(page, options=RULES).response["violations"]
        assert not found, [(each["id"], each["nodes"][0]["html"]) for each in found]
        assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]
