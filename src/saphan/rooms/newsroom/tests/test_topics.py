"""Topics: found in any language, kept as rows, told to those who follow, seen by those who may."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from saphan.ground.access import Refused
from saphan.house.watching import telling
from saphan.house.watching.models import Found, Watch
from saphan.people import actions as people_actions
from saphan.people.models import Person
from saphan.rooms.newsroom import meaning
from saphan.rooms.newsroom.actions import placing
from saphan.rooms.newsroom.actions import topics as actions
from saphan.rooms.newsroom.forms.topics import TopicForm
from saphan.rooms.newsroom.models import Article, Match, Source, Topic

pytestmark = pytest.mark.django_db
Make = Callable[..., Article]

DURIAN = [
    ("en", "Durian exports to China rise again", "Thai growers shipped more fresh durian through "
     "the border at Mohan, and packers want faster residue checks."),
    ("th", "ส่งออกทุเรียนไปจีนเพิ่มขึ้น", "ผู้ส่งออกทุเรียนสดจากจันทบุรีส่งสินค้าผ่านด่านชายแดนมากขึ้น"),
    ("zh-Hans", "泰国榴莲对华出口再增长", "泰国新鲜榴莲经磨憨口岸进入中国的数量继续增加。"),
]
FOOTBALL = ("en", "Home team wins the cup final", "Two late goals decided the football match "
            "before forty thousand spectators.")


@pytest.fixture(autouse=True)
def archive(house: None) -> Iterator[None]:
    meaning.discard()
    yield
    meaning.discard()


@pytest.fixture
def come_in(article: Make) -> Callable[..., list[Article]]:
    """Articles come in and are looked at."""

    def made(*told: tuple[str, str, str], **fields: object) -> list[Article]:
        found = [article(text, title=title, lang=lang, **fields) for lang, title, text in told]
        placing.take_up()
        return found

    return made


@pytest.fixture
def begin(officer: Person) -> Callable[..., Topic]:
    """A topic as somebody would fill in its form, filled from the past."""

    def made(query: str = "durian exports", *, by: Person | None = None, **fields: object
             ) -> Topic:
        form = TopicForm({"query": query, **fields})
        assert form.is_valid(), form.errors
        topic = actions.begin(form.cleaned_data, by=by or officer)
        actions.fill.func(topic.pk)
        topic.refresh_from_db()
        return topic

    return made


def titles(topic: Topic) -> set[str]:
    return set(Match.objects.filter(topic=topic, dropped=False).values_list(
        "article__title", flat=True))


def test_a_topic_finds_new_articles_in_every_language_and_says_why(
        begin: Callable[..., Topic], come_in: Callable[..., list[Article]]) -> None:
    topic = begin("ทุเรียนส่งออก")

    come_in(*DURIAN, FOOTBALL)

    assert titles(topic) == {title for _lang, title, _text in DURIAN}
    why = Match.objects.filter(topic=topic, article__lang="zh-Hans").get().why
    assert "durian" in json.dumps(why["concepts"]).lower()


def test_a_new_topic_is_filled_from_the_archive(
        begin: Callable[..., Topic], come_in: Callable[..., list[Article]]) -> None:
    come_in(*DURIAN, FOOTBALL)

    topic = begin("durian exports")

    assert topic.filled
    assert titles(topic) == {title for _lang, title, _text in DURIAN}


def test_filters_leave_out_other_languages_and_sources(
        begin: Callable[..., Topic], come_in: Callable[..., list[Article]], source: Source) -> None:
    other = Source.objects.create(key="hill-news", name="Hill News", lang="en", way="feed")
    thai = begin(langs=["th"])
    hill = begin(sources=[str(other.pk)])

    come_in(*DURIAN)

    assert titles(thai) == {DURIAN[1][1]}
    assert titles(hill) == set()


def test_an_officer_takes_an_article_out_and_it_stays_out(
        begin: Callable[..., Topic], come_in: Callable[..., list[Article]], officer: Person
        ) -> None:
    topic = begin()
    first, *_rest = come_in(*DURIAN)

    actions.drop(topic, first, by=officer)
    Article.objects.filter(pk=first.pk).update(placed=False)
    placing.take_up()
    form = TopicForm({"query": "durian trade with China"})
    assert form.is_valid()
    actions.change(topic, form.cleaned_data, by=officer)
    actions.fill.func(topic.pk)

    assert first.title not in titles(topic)
    assert len(titles(topic)) == 2


def test_a_corrected_article_that_no_longer_fits_leaves_the_topic(
        begin: Callable[..., Topic], come_in: Callable[..., list[Article]]) -> None:
    topic = begin()
    first, *_rest = come_in(*DURIAN)
    _lang, title, text = FOOTBALL

    Article.objects.filter(pk=first.pk).update(title=title, lead=text, placed=False, vector=None)
    placing.take_up()

    assert first.title not in titles(topic)


def test_followers_get_one_letter_with_one_click_to_end_them(
        begin: Callable[..., Topic], come_in: Callable[..., list[Article]], officer: Person
        ) -> None:
    topic = begin(sharing="desk")
    actions.follow(topic, by=officer, often="at_once", language="en")

    come_in(*DURIAN)
    telling.tell_at_once()

    assert len(mail.outbox) == 1
    letter = mail.outbox[0]
    assert "Durian exports to China rise again" in letter.body
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = letter.extra_headers["List-Unsubscribe"].strip("<>").partition("//")[2].partition("/")[2]
    assert Client().post(f"/{stop}", {"List-Unsubscribe": "One-Click"}).status_code == 200
    come_in(("en", "Durian prices hold at the border", "Packers paid growers more for durian."))
    telling.tell_at_once()
    assert len(mail.outbox) == 1


def test_what_was_there_before_is_no_news_to_followers(
        begin: Callable[..., Topic], come_in: Callable[..., list[Article]], officer: Person
        ) -> None:
    come_in(*DURIAN)
    topic = begin(sharing="desk")
    actions.follow(topic, by=officer, often="at_once", language="en")

    telling.tell_at_once()

    assert not mail.outbox


def test_followers_who_may_see_it_no_longer_are_told_no_longer(
        begin: Callable[..., Topic], come_in: Callable[..., list[Article]], officer: Person,
        manager: Person) -> None:
    topic = begin(sharing="desk")
    actions.follow(topic, by=manager, often="feed", language="en")
    form = TopicForm({"query": topic.query, "sharing": "own"})
    assert form.is_valid()
    actions.change(topic, form.cleaned_data, by=officer)

    come_in(*DURIAN)

    assert not Found.objects.exists()


def test_a_private_topic_is_seen_by_its_owner_alone(
        begin: Callable[..., Topic], at_the_desk: Client, manager: Person) -> None:
    topic = begin(sharing="own")
    other = Client()
    other.force_login(manager)

    assert at_the_desk.get(f"/en/newsroom/topics/{topic.number}/").status_code == 200
    for client in (other, Client()):
        assert client.get(f"/en/newsroom/topics/{topic.number}/").status_code == 404
        assert client.get(f"/en/newsroom/topics/{topic.number}/atom/").status_code == 404
        assert topic.number not in client.get("/en/newsroom/topics/").content.decode()


def test_a_public_topic_has_a_feed_and_shows_no_desk_tools(
        begin: Callable[..., Topic], come_in: Callable[..., list[Article]], client: Client
        ) -> None:
    topic = begin(sharing="public")
    come_in(*DURIAN)

    page = client.get(f"/en/newsroom/topics/{topic.number}/").content.decode()
    feed = client.get(f"/en/newsroom/topics/{topic.number}/atom/").content.decode()

    assert "ส่งออกทุเรียนไปจีนเพิ่มขึ้น" in page
    assert "It does not belong here" not in page
    assert "泰国榴莲对华出口再增长" in feed


def test_only_the_desk_begins_topics_and_only_the_owner_changes_a_private_one(
        begin: Callable[..., Topic], person: Callable[..., Person], manager: Person) -> None:
    form = TopicForm({"query": "durian"})
    assert form.is_valid()
    with pytest.raises(Refused, match="Only liaison officers"):
        actions.begin(form.cleaned_data, by=person("visitor"))
    with pytest.raises(Refused, match="Only whoever began"):
        actions.remove(begin(sharing="own"), by=manager)


def test_a_deleted_topic_leaves_no_letters_behind(
        begin: Callable[..., Topic], officer: Person) -> None:
    topic = begin()
    actions.follow(topic, by=officer, often="daily", language="en")

    actions.remove(topic, by=officer)

    assert not Watch.objects.exists()


def test_through_the_front_an_officer_begins_follows_and_sorts_a_topic(
        at_the_desk: Client, come_in: Callable[..., list[Article]]) -> None:
    come_in(*DURIAN)
    sent = at_the_desk.post("/en/newsroom/topics/new/", {
        "query": "durian exports", "sharing": "desk"})
    actions.fill.func(Topic.objects.get().pk)
    page = at_the_desk.get(sent.url).content.decode()
    assert "Durian exports to China rise again" in page

    number = Topic.objects.get().number
    first = Article.objects.get(lang="en")
    at_the_desk.post(f"/en/newsroom/topics/{number}/sort/{first.number}/")
    assert first.title not in at_the_desk.get(sent.url).content.decode()
    assert first.title in at_the_desk.get(f"{sent.url}?dropped=1").content.decode()
    at_the_desk.post(f"/en/newsroom/topics/{number}/follow/", {"often": "weekly"})
    assert Watch.objects.get().often == "weekly"
    at_the_desk.post(f"/en/newsroom/topics/{number}/follow/", {"stop": "1"})
    assert not Watch.objects.exists()


def test_the_archive_index_is_made_again_when_it_was_lost(
        begin: Callable[..., Topic], come_in: Callable[..., list[Article]]) -> None:
    come_in(*DURIAN, FOOTBALL)
    meaning.discard()

    assert placing.brought_up_to_date() == 4
    assert len(titles(begin())) == 3


def test_private_topics_go_with_their_owner_and_shared_ones_stay(
        begin: Callable[..., Topic], officer: Person) -> None:
    begin("rice prices", sharing="own")
    shared = begin("durian", sharing="desk")

    assert "rice prices" in json.dumps(people_actions.export_data(officer, by=officer), default=str)
    people_actions.forget(officer, by=officer)

    assert [topic.pk for topic in Topic.objects.all()] == [shared.pk]


def test_software_begins_reads_changes_and_follows_a_topic(
        come_in: Callable[..., list[Article]], officer: Person, client: Client) -> None:
    come_in(*DURIAN, FOOTBALL)
    secret = people_actions.issue_token(officer, scope="write", name="desk", by=officer)

    def call(method: str, path: str, body: object = None) -> Any:
        answer = client.generic(
            method, f"/api/v1/newsroom/{path}", json.dumps(body) if body is not None else "",
            content_type="application/json", headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code < 300, answer.content
        return answer.json() if answer.content else None

    number = call("POST", "topics", {"query": "durian exports"})["number"]
    actions.fill.func(Topic.objects.get().pk)
    assert call("GET", f"topics/{number}")["count"] == 3
    assert call("PATCH", f"topics/{number}", {"sharing": "public"})["sharing"] == "public"
    assert call("POST", f"topics/{number}/follow", {"often": "daily"})["following"]
    assert client.get(f"/api/v1/newsroom/topics/{number}").json()["count"] == 3
    call("DELETE", f"topics/{number}")
    assert client.get(f"/api/v1/newsroom/topics/{number}").status_code == 404
