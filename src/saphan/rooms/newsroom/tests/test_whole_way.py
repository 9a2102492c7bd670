"""The whole way of a number, through the front: from a pasted article to the observatory and into a
brief, and back when the article is corrected."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation

from saphan.ground import jobs, ledger
from saphan.ground.models import Fact
from saphan.people.models import Person
from saphan.rooms.newsroom import figuring
from saphan.rooms.newsroom.models import Article, Brief, Figure
from saphan.rooms.newsroom.queries.articles import ArticleEntries
from saphan.rooms.newsroom.queries.briefs import OVERTAKEN
from saphan.rooms.newsroom.reactions import figures as reading
from saphan.rooms.observatory.tests.test_open_data import body

pytestmark = pytest.mark.django_db

ADDRESS = "https://gx.example.cn/2024/303.html"
TITLE = "广西智能工厂建设取得新进展"
BEFORE = "截至2023年底，广西累计认定智能工厂303家。"
AFTER = "截至2023年底，广西正在核实智能工厂的名单。"
REST = ("\n\n自治区工业和信息化厅表示，今后将继续支持企业进行智能化改造，"
        "并为中小企业提供技术服务和培训。")
INDICATOR = {"slug": "smart-factories", "name": "Smart factories", "kind": "count",
             "meaning": "Factories recognised as smart.", "unit": "factories",
             "sector": "manufacturing"}


@pytest.fixture
def at_work(economies: None, at_the_desk: Client) -> Client:
    """The officer's browser, in a house where smart factories are counted."""
    assert at_the_desk.post("/en/observatory/new/", INDICATOR).status_code == 302
    at_the_desk.post("/en/observatory/indicators/smart-factories/do/publish/")
    return at_the_desk


def bring(client: Client, words: str) -> Article:
    response = client.post("/en/newsroom/articles/bring/", {
        "text": f"{TITLE}\n\n{words}{REST}", "address": ADDRESS, "published": "2024-01-10",
        "lang": "zh-Hans"})
    assert response.status_code == 302, response.content.decode()
    house_works()
    return Article.objects.get(address=ADDRESS)


def house_works() -> None:
    """What the worker of an open house does each minute."""
    jobs.drain()
    reading.read()
    jobs.drain()


def verified(client: Client, **given: str) -> Figure:
    """The officer compares the 303 factories with their quote and names the indicator."""
    figure = Figure.objects.get(value=303)
    client.post(f"/en/newsroom/figures/{figure.key}/do/",
                {"step": "verify", "indicator": "smart-factories", "place_code": "",
                 "place": "", **given})
    house_works()
    figure.refresh_from_db()
    assert figure.state == Figure.State.VERIFIED
    return figure


def published(client: Client, manager: Person, article: Article) -> Brief:
    """A public brief of the article, written by the officer and approved by the manager."""
    response = client.post("/en/newsroom/briefs/new/", {
        "lang": "zh-Hans", "articles": article.number, "title": "智能工厂", "sentences": 3})
    assert response.status_code == 302, response.content.decode()
    Brief.objects.update(public=True)
    brief, head = Brief.objects.get(), Client()
    head.force_login(manager)
    client.post(f"/en/newsroom/briefs/{brief.pk}/step/hand_in/")
    head.post(f"/en/newsroom/briefs/{brief.pk}/step/approve/")
    brief.refresh_from_db()
    assert brief.state == Brief.State.APPROVED
    return brief


def counted(client: Client) -> list[dict[str, Any]]:
    """What anybody reads of the indicator."""
    answer = body(client.get("/api/v1/observatory/data/smart-factories.json"))
    found: list[dict[str, Any]] = json.loads(answer)["observations"]
    return found


def says_so() -> str:
    """What a Chinese brief says when a source took something back."""
    with translation.override("zh-hans"):
        return str(OVERTAKEN)


def html(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return response.content.decode()


def test_a_verified_figure_is_a_number_of_the_observatory_that_opens_to_its_quote(
        at_work: Client, client: Client) -> None:
    article = bring(at_work, BEFORE)
    figure = verified(at_work)
    [one] = counted(client)
    assert (one["value"], one["source"]) == ("303", "gx.example.cn")
    assert "智能工厂303家" in one["quote"] and one["address"] == ADDRESS
    assert one["evidence"] == article.versions.get().evidence_digest
    page = html(client, f"/en/observatory/observations/{one['observation']}/")
    assert "智能工厂303家" in page and ADDRESS in page
    assert figure.get_absolute_url() in page and article.get_absolute_url() in page
    of_the_figure = html(client, f"/en/newsroom/figures/{figure.key}/")
    assert "<mark>303家</mark>" in of_the_figure
    assert 'href="/en/observatory/indicators/smart-factories/"' in of_the_figure


def test_a_correction_takes_the_number_back_everywhere(
        at_work: Client, client: Client, manager: Person) -> None:
    article = bring(at_work, BEFORE)
    figure = verified(at_work)
    brief = published(at_work, manager, article)
    [one] = counted(client)
    assert says_so() not in html(client, f"/en/newsroom/briefs/{brief.pk}/")

    bring(at_work, AFTER)

    figure.refresh_from_db()
    assert figure.state == Figure.State.WITHDRAWN and figure.because
    assert counted(client) == []
    gone = html(client, f"/en/observatory/observations/{one['observation']}/")
    assert "The newsroom has withdrawn the figure." in gone
    assert says_so() in html(client, f"/en/newsroom/briefs/{brief.pk}/")
    fallen = client.get(f"/api/v1/newsroom/briefs/{brief.number}").json()["fallen"]
    assert {each["code"] for each in fallen} >= {"not_held"}
    told = [each for each in mail.outbox if str(brief.number) in each.subject]
    assert sorted(each.to[0] for each in told) == ["manager@example.org", "officer@example.org"]
    at_work.post(f"/en/newsroom/briefs/{brief.pk}/step/send/", {"addresses": "a@example.org"})
    brief.refresh_from_db()
    assert brief.state == Brief.State.APPROVED  # what no longer stands does not go out


def test_a_brief_that_is_being_written_is_not_approved_with_a_number_that_was_taken_back(
        at_work: Client, manager: Person) -> None:
    article = bring(at_work, BEFORE)
    verified(at_work)
    at_work.post("/en/newsroom/briefs/new/", {
        "lang": "zh-Hans", "articles": article.number, "title": "智能工厂", "sentences": 3})
    brief, head = Brief.objects.get(), Client()
    head.force_login(manager)
    bring(at_work, AFTER)
    at_work.post(f"/en/newsroom/briefs/{brief.pk}/step/hand_in/")
    head.post(f"/en/newsroom/briefs/{brief.pk}/step/approve/")
    brief.refresh_from_db()
    assert (brief.state, brief.number) == (Brief.State.REVIEW, None)


def test_a_figure_that_no_longer_names_the_indicator_leaves_it(
        at_work: Client, client: Client) -> None:
    bring(at_work, BEFORE)
    figure = verified(at_work)
    assert len(counted(client)) == 1
    at_work.post(f"/en/newsroom/figures/{figure.key}/do/", {"step": "correct", "indicator": ""})
    house_works()
    assert counted(client) == []
    at_work.post(f"/en/newsroom/figures/{figure.key}/do/",
                 {"step": "correct", "indicator": "smart-factories"})
    house_works()
    assert [one["value"] for one in counted(client)] == ["303"]


def test_a_figure_that_is_corrected_to_what_does_not_fit_counts_no_longer(
        at_work: Client, client: Client) -> None:
    at_work.post("/en/observatory/new/", {**INDICATOR, "slug": "growth", "unit": "%"})
    bring(at_work, BEFORE)
    figure = verified(at_work)
    address = f"/en/newsroom/figures/{figure.key}/do/"
    unknown = at_work.post(address, {"step": "correct", "indicator": "no-such-thing"})
    assert unknown.status_code == 422 and len(counted(client)) == 1
    assert at_work.post(address, {"step": "correct", "indicator": "growth"}).status_code == 302
    house_works()
    assert counted(client) == []
    assert figure.key in html(at_work, "/en/observatory/desk/")


def test_made_up_news_gives_the_observatory_no_number(at_work: Client, client: Client) -> None:
    bring(at_work, BEFORE)
    Figure.objects.update(example=True)
    figure = Figure.objects.get(value=303)
    answer = at_work.post(f"/en/newsroom/figures/{figure.key}/do/",
                          {"step": "verify", "indicator": "smart-factories"}, follow=True)
    assert "counts for no indicator" in answer.content.decode()
    ledger.record("figure.verified", figure, indicator="smart-factories", **{
        name: said for name, said in figuring.told(figure).items()
        if name not in ("subject", "indicator")})
    house_works()
    assert counted(client) == []


def test_an_article_that_is_withdrawn_takes_its_numbers_along(
        at_work: Client, client: Client, manager: Person) -> None:
    article = bring(at_work, BEFORE)
    verified(at_work)
    brief = published(at_work, manager, article)
    at_work.post(f"{article.get_absolute_url()}do/withdraw/", {"because": "Not genuine."})
    house_works()
    assert counted(client) == []
    assert says_so() in html(client, f"/en/newsroom/briefs/{brief.pk}/")


def test_the_house_finds_an_article_once_somebody_has_verified_a_figure_of_it(
        at_work: Client, article: Callable[..., Article]) -> None:
    fetched = article(BEFORE, title=TITLE, lang="zh-Hans", origin="fetched")
    house_works()
    entries = ArticleEntries()
    assert not list(entries.documents([str(fetched.pk)]))
    verified(at_work)
    assert list(entries.documents([str(fetched.pk)]))
    told = Fact.objects.filter(subject_type="newsroom.article", subject_id=str(fetched.pk))
    assert told.exists()  # the index follows facts about what it holds

