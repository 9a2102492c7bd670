"""Stories: articles find each other; what officers decide holds and can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saphan.engines.language.embed import Vectors, unit
from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.people.models import Person
from saphan.rooms.newsroom import meaning
from saphan.rooms.newsroom.actions import stories as actions
from saphan.rooms.newsroom.models import Article, Decision, Figure, Source, Story

pytestmark = pytest.mark.django_db
DAY = date(2027, 2, 26)
Make = Callable[..., Article]


@pytest.fixture(autouse=True)
def plain_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    """The vectors of these tests carry no language: nothing is to be taken off them."""
    monkeypatch.setattr(meaning, "without_language", lambda rows: rows)


def about(axis: int, other: int = 7) -> Vectors:
    """A vector about one thing; two about the same thing have a cosine above 0.9."""
    vector = np.zeros(8, np.float32)
    vector[axis], vector[other] = 1, 0.2
    found: Vectors = unit(vector)[0]
    return found


@pytest.fixture
def tell(article: Make) -> Callable[..., Article]:
    """An article about something, placed among the stories."""

    def made(axis: int, **fields: Any) -> Article:
        row = about(axis, fields.pop("other", 7))
        told = article(vector=meaning.packed(row), vector_model="test", **fields)
        actions.put([told], row[None, :])
        told.refresh_from_db()
        return told

    return made


def story_of(article: Article) -> Story:
    article.refresh_from_db()
    assert article.story is not None
    return article.story


def test_the_same_event_in_two_languages_is_one_story(tell: Make) -> None:
    first = tell(0, title="Hall opens", lang="en")
    second = tell(0, title="ห้องจัดแสดงเปิด", lang="th", day=DAY + timedelta(days=2))
    other = tell(1, title="Durian exports grow")

    story = story_of(first)
    assert story_of(second) == story
    assert story_of(other) != story
    assert (story.size, story.languages, story.title) == (2, ["en", "th"], "Hall opens")
    assert (story.first_day, story.last_day) == (DAY, DAY + timedelta(days=2))


def test_the_same_words_two_weeks_later_begin_a_new_story(tell: Make) -> None:
    assert story_of(tell(0)) != story_of(tell(0, day=DAY + timedelta(days=14)))


def test_a_copy_stands_with_what_it_copies(tell: Make) -> None:
    first = tell(0)

    assert story_of(tell(3, copy_of=first)) == story_of(first)


def test_an_article_that_was_corrected_stays_in_its_story(tell: Make) -> None:
    first = tell(0)
    story = story_of(first)
    row = about(4)

    actions.put([first], row[None, :])

    assert story_of(first) == story


def test_merged_stories_take_what_is_like_either(tell: Make, officer: Person) -> None:
    hall, fair = tell(0, title="Hall"), tell(1, title="Fair")

    actions.merge(story_of(hall), story_of(fair), by=officer)

    assert story_of(fair) == story_of(hall)
    assert story_of(tell(1, other=6)) == story_of(hall)
    assert Fact.objects.filter(name="story.merged").exists()


def test_what_was_split_stays_apart_and_later_articles_go_to_the_nearer(
        tell: Make, officer: Person) -> None:
    first, second, third = tell(0, other=5), tell(0, other=6), tell(0, other=5)

    made = actions.split(story_of(first), [second], by=officer)

    assert story_of(second) == made
    assert story_of(first) == story_of(third) != made
    assert actions.tidy() == 0
    assert story_of(tell(0, other=6)) == made
    assert story_of(tell(0, other=5)) == story_of(first)


def test_stories_that_nobody_holds_apart_are_joined_when_they_turn_out_to_be_one(
        tell: Make, economies: None) -> None:
    first, second = tell(0), tell(1)
    Article.objects.filter(pk=second.pk).update(vector=meaning.packed(about(0)))

    assert actions.tidy() == 1

    assert story_of(first) == story_of(second)


def test_a_moved_article_is_not_moved_back(tell: Make, officer: Person) -> None:
    first, second, durian = tell(0), tell(0), tell(1)
    before = story_of(first)

    actions.move(second, story_of(durian), by=officer)
    actions.tidy()

    assert story_of(second) == story_of(durian) != story_of(first)
    assert story_of(first) == before


@pytest.mark.parametrize("what", ["merge", "split", "move"])
def test_each_decision_can_be_undone_and_then_holds_no_more(
        tell: Make, officer: Person, what: str) -> None:
    first, second, durian = tell(0), tell(0), tell(1)
    before = {each.pk: story_of(each).pk for each in (first, second, durian)}
    if what == "merge":
        actions.merge(story_of(first), story_of(durian), by=officer)
    elif what == "split":
        actions.split(story_of(first), [second], by=officer)
    else:
        actions.move(durian, story_of(first), by=officer)

    actions.undo(Decision.objects.get(), by=officer)

    assert {each.pk: story_of(each).pk for each in (first, second, durian)} == before
    assert story_of(first).size == 2
    assert story_of(durian).merged_into is None
    with pytest.raises(Refused, match="undone already"):
        actions.undo(Decision.objects.get(), by=officer)


def test_after_a_merge_was_undone_the_house_does_not_do_it_again(
        tell: Make, officer: Person) -> None:
    first, second = tell(0), tell(1)
    Article.objects.filter(pk=second.pk).update(vector=meaning.packed(about(0)))
    decision = actions.merge(story_of(first), story_of(second), by=officer)

    actions.undo(decision, by=officer)

    assert actions.tidy() == 0


def test_the_last_word_is_taken_back_first(tell: Make, officer: Person) -> None:
    first, second, durian = tell(0), tell(0), tell(1)
    early = actions.merge(story_of(first), story_of(durian), by=officer)
    actions.split(story_of(first), [second], by=officer)

    with pytest.raises(Refused, match="Undo that first"):
        actions.undo(early, by=officer)


def test_refusals_say_what_to_do(tell: Make, officer: Person, person: Callable[..., Person]
                                 ) -> None:
    first, durian = tell(0), tell(1)
    with pytest.raises(Refused, match="Only liaison officers"):
        actions.merge(story_of(first), story_of(durian), by=person("visitor"))
    with pytest.raises(Refused, match="Leave at least one"):
        actions.split(story_of(first), [first], by=officer)
    with pytest.raises(Refused, match="with itself"):
        actions.merge(story_of(first), story_of(first), by=officer)
    with pytest.raises(Refused, match="in this one already"):
        actions.move(first, story_of(first), by=officer)


MOVES = st.lists(st.tuples(st.sampled_from(["merge", "split", "move", "undo", "tell", "tidy"]),
                           st.integers(0, 5), st.integers(0, 5)), max_size=8)


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_whatever_officers_do_each_article_is_in_one_story_and_decisions_hold(
        moves: Sequence[tuple[str, int, int]], tell: Make, officer: Person) -> None:
    Decision.objects.all().delete()
    Article.objects.update(story=None)
    Article.objects.all().delete()
    Story.objects.all().delete()
    articles = [tell(axis) for axis in (0, 0, 1, 2)]

    for what, one, two in moves:
        first, second = articles[one % len(articles)], articles[two % len(articles)]
        try:
            if what == "merge":
                actions.merge(story_of(first), story_of(second), by=officer)
                assert story_of(first) == story_of(second)
            elif what == "split":
                actions.split(story_of(first), [first], by=officer)
            elif what == "move":
                actions.move(first, story_of(second), by=officer)
                assert story_of(first) == story_of(second)
            elif what == "undo":
                decision = Decision.objects.filter(undone=None).first()
                if decision is not None:
                    actions.undo(decision, by=officer)
            elif what == "tell":
                articles.append(tell(one % 3, other=4 + two % 4))
            else:
                actions.tidy()
        except Refused:
            pass
        held = {each.pk: story_of(each) for each in articles}
        assert all(story.merged_into_id is None for story in held.values())
        for story in Story.objects.all():
            assert story.size == Article.objects.filter(story=story).count()
        before = {key: story.pk for key, story in held.items()}
        pairs = actions.held_apart()
        actions.tidy()
        after = {each.pk: story_of(each).pk for each in articles}
        for pair in pairs:
            a, b = sorted(pair)
            assert not any(after[key] == after[other] for key in before for other in before
                           if before[key] == a and before[other] == b)


# Through the front


def page(client: Client, story: Story) -> str:
    return client.get(f"/en/newsroom/stories/{story.number}/").content.decode()


def test_the_page_of_a_story_shows_one_title_for_each_language_and_each_day(
        tell: Make, client: Client) -> None:
    first = tell(0, title="Hall opens")
    tell(0, title="Hall opens at last", day=DAY + timedelta(days=1))
    tell(0, title="ห้องจัดแสดงเปิด", lang="th")

    shown = page(client, story_of(first))

    by_language = shown.partition("In each language")[2].partition("Day by day")[0]
    assert "Hall opens" in by_language and "ห้องจัดแสดงเปิด" in by_language
    assert "Hall opens at last" not in by_language
    assert "27 February 2027" in shown
    assert "Put the two together" not in shown


def test_a_value_that_two_sources_state_is_said_to_agree(
        tell: Make, client: Client, source: Source) -> None:
    other = Source.objects.create(key="hill-news", name="Hill News", lang="en", way="feed")
    first, second = tell(0), tell(0, source=other)
    for number, each in enumerate((first, second)):
        Figure.objects.create(
            key=f"FIG-2027-000{number}", article=each, version=each.versions.get(), value=19000,
            unit="m2", subject="hall", start=0, end=6, quote="19,000 m²", day=each.day, lang="en",
            state=Figure.State.VERIFIED, extractor="test", selectors=[])

    shown = page(client, story_of(first))

    assert "2 sources agree" in shown
    assert shown.count("19,000") == 1


def test_values_stand_with_their_currency_and_period_and_all_but_the_first_are_folded_away(
        tell: Make, client: Client) -> None:
    told = tell(0)
    version = told.versions.get()
    for number in range(10):
        Figure.objects.create(
            key=f"FIG-2027-01{number:02}", article=told, version=version, value=1000 + number,
            unit="CNY", period="2026-Q1", subject="cost", start=number, end=number + 1, quote="…",
            day=told.day, lang="en", state=Figure.State.VERIFIED, extractor="test", selectors=[])

    shown = page(client, story_of(told))

    assert "CNY\N{NO-BREAK SPACE}1,000" in shown and "2026-Q1" not in shown
    first, _summary, rest = shown.partition("And 2 more.")
    assert first.count("CNY") == 8 and rest.count("CNY") == 2


def test_articles_can_be_split_off_without_naming_another_story(
        tell: Make, at_the_desk: Client) -> None:
    """The browser must not ask for the field of the second button when the first is pressed."""
    first, _second = tell(0), tell(0)

    form = page(at_the_desk, story_of(first)).partition('/split/"')[2].partition(">")[0]

    assert "novalidate" in form


def test_an_officer_splits_moves_merges_and_undoes_on_the_page(
        tell: Make, at_the_desk: Client) -> None:
    first, second, durian = tell(0), tell(0), tell(1)
    story = story_of(first)
    address = f"/en/newsroom/stories/{story.number}"

    at_the_desk.post(f"{address}/split/", {"articles": [second.number]})
    assert story_of(second) != story
    at_the_desk.post(f"{address}/undo/{Decision.objects.get().pk}/")
    assert story_of(second) == story
    at_the_desk.post(f"{address}/move/", {"articles": [second.number],
                                          "other": story_of(durian).number})
    assert story_of(second) == story_of(durian)
    at_the_desk.post(f"{address}/merge/", {"other": story_of(durian).number.lower()})
    assert story_of(durian) == story
    assert "What officers decided" in page(at_the_desk, story)


def test_what_is_not_filled_in_right_is_said_beside_it(tell: Make, at_the_desk: Client) -> None:
    first, _second = tell(0), tell(0)
    address = f"/en/newsroom/stories/{story_of(first).number}"

    nothing = at_the_desk.post(f"{address}/split/", {})
    unknown = at_the_desk.post(f"{address}/merge/", {"other": "STY-1999-0001"})

    assert nothing.status_code == unknown.status_code == 422
    assert "Choose the articles that tell of something else" in nothing.content.decode()
    assert "There is no story with this number" in unknown.content.decode()


def test_the_address_of_a_merged_story_leads_to_the_other(
        tell: Make, client: Client, officer: Person) -> None:
    first, durian = tell(0), tell(1)
    gone = story_of(durian)
    actions.merge(story_of(first), gone, by=officer)

    answer = client.get(f"/en/newsroom/stories/{gone.number}/")

    assert answer.url.endswith(f"/{story_of(first).number}/")


def test_a_visitor_cannot_decide(tell: Make, client: Client) -> None:
    first, second = tell(0), tell(0)

    client.post(f"/en/newsroom/stories/{story_of(first).number}/split/",
                {"articles": [second.number]})

    assert not Decision.objects.exists()


def test_the_list_shows_stories_that_several_tell_and_narrows_by_language(
        tell: Make, client: Client) -> None:
    tell(0, title="Hall opens")
    tell(0, title="ห้องจัดแสดงเปิด", lang="th")
    tell(1, title="Durian exports grow")

    assert "Durian exports" not in client.get("/en/newsroom/stories/").content.decode()
    assert "Durian exports" in client.get("/en/newsroom/stories/?alone=on").content.decode()
    assert "Hall opens" in client.get("/en/newsroom/stories/?lang=th").content.decode()
    assert "No story fits" in client.get("/en/newsroom/stories/?lang=vi").content.decode()


def test_a_page_of_many_articles_needs_no_more_queries_than_one_of_few(
        tell: Make, client: Client, django_assert_max_num_queries: Any) -> None:
    first = tell(0)
    page(client, story_of(first))
    with CaptureQueriesContext(connection) as few:
        page(client, story_of(first))
    for day in range(5):
        tell(0, day=DAY + timedelta(days=day), lang="th")

    with django_assert_max_num_queries(len(few)):
        page(client, story_of(first))


def test_software_reads_stories_without_whole_texts(tell: Make, client: Client) -> None:
    first = tell(0, text="word " * 400)
    tell(0)

    told = client.get(f"/api/v1/newsroom/stories/{story_of(first).number}").json()

    assert told["articles"] == 2
    assert max(len(each["quote"]) for each in told["tellings"]) <= 300
