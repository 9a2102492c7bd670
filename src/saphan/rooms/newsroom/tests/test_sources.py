"""Sources on the web, for software and for assistants."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from saphan.engines.fetching import opml
from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.house import callers
from saphan.rooms.newsroom.actions import outward
from saphan.rooms.newsroom.actions import sources as actions
from saphan.rooms.newsroom.forms.sources import SourceForm, key_for
from saphan.rooms.newsroom.models import Alarm, Look, Source
from saphan.rooms.newsroom.tests.newsstand import Stand, article, newsstand
from saphan.rooms.newsroom.tools import sources as tools

pytestmark = pytest.mark.django_db
FEED = {"name": "南宁日报", "way": "feed", "address": "https://news.example.org/feed",
        "lang": "zh-Hans", "economy": "CN", "every_minutes": "30", "at_most": "20"}


@pytest.fixture
def stand(settings, monkeypatch) -> Iterator[Stand]:
    with newsstand() as site:
        settings.NEWS_INSIDE = [site.url]
        monkeypatch.setattr(outward, "DELAY", 0.0)
        yield site


def wrong(**fields) -> set[str]:
    form = SourceForm({**FEED, **fields})
    return set(form.errors)


def test_an_officer_adds_changes_and_pauses_a_source(at_the_desk: Client) -> None:
    at_the_desk.post("/en/newsroom/sources/new/", {**FEED, "action": "save"})
    source = Source.objects.get()
    assert (source.key, source.every_minutes, source.economy_id) == ("news-example-org", 30, "CN")
    page = at_the_desk.get(source.get_absolute_url()).content.decode()
    assert "南宁日报" in page and "Nobody has looked yet." in page
    at_the_desk.post(f"/en/newsroom/sources/{source.key}/change/",
                     {**FEED, "name": "Nanning Daily", "action": "save"})
    at_the_desk.post(f"/en/newsroom/sources/{source.key}/do/", {"step": "pause"})
    source.refresh_from_db()
    assert (source.name, source.state) == ("Nanning Daily", "paused")
    assert list(Fact.objects.filter(name__startswith="source").values_list("name", flat=True)) == [
        "source.added", "source.changed", "source.paused"]


def test_who_does_not_work_here_adds_nothing(client: Client, person) -> None:
    assert client.post("/en/newsroom/sources/new/", FEED).status_code == 302
    client.force_login(person("visitor"))
    assert client.post("/en/newsroom/sources/new/", FEED).status_code == 403
    assert client.get("/en/newsroom/sources/health/").status_code == 403
    assert not Source.objects.exists()


def test_only_who_runs_the_centre_retires_a_source(source: Source, officer, manager) -> None:
    with pytest.raises(Refused, match="Only those who run the centre"):
        actions.move(source, "retire", by=officer)
    Alarm.objects.create(source=source, code="silent", began=source.created)
    actions.move(source, "retire", by=manager)
    assert source.state == "retired"
    assert not Alarm.objects.filter(ended=None).exists()


@pytest.mark.parametrize(("fields", "field"), [
    ({"name": ""}, "name"), ({"address": ""}, "address"), ({"address": "file:///etc"}, "address"),
    ({"address": "https://a@b.example/"}, "address"), ({"way": "page", "links": ""}, "links"),
    ({"way": "page", "links": "ul..x"}, "links"), ({"recipe": "div["}, "recipe"),
    ({"every_minutes": "5"}, "every_minutes"), ({"at_most": "9999"}, "at_most"),
    ({"lang": "tlh"}, "lang")])
def test_what_cannot_be_read_is_refused_with_its_reason(economies, fields, field) -> None:
    assert wrong(**fields) == {field}


def test_one_address_is_read_once(source: Source) -> None:
    assert wrong(address=source.address) == {"address"}
    assert not wrong(way="by_hand", address="")


def test_keys_do_not_collide_with_each_other_or_with_pages(source: Source) -> None:
    assert key_for("River Daily", "") == "river-daily-2"
    assert key_for("Health", "") == "health-2"
    assert key_for("南宁", "https://gx.example.cn/") == "gx-example-cn"


def test_a_source_can_be_tried_before_it_is_saved(stand: Stand, at_the_desk: Client) -> None:
    stand.feed("bridge", "port")
    tried = at_the_desk.post("/en/newsroom/sources/new/", {
        **FEED, "address": f"{stand.url}/feed", "recipe": "article", "action": "try"})
    page = tried.content.decode()
    assert "About port" in page and "2 articles" in page
    assert "the port authority said" in page
    assert not Source.objects.exists()


@pytest.mark.parametrize(("address", "words"), [
    ("http://127.0.0.1:8080/", "leads into a private network"),
    ("{stand}/gone", "not there any more"), ("{stand}/page", "No links to articles")])
def test_a_trial_that_fails_says_why(stand: Stand, at_the_desk: Client, address, words) -> None:
    stand.pages["/page"] = article("nothing")
    tried = at_the_desk.post("/en/newsroom/sources/new/", {
        **FEED, "address": address.format(stand=stand.url), "action": "try"})
    assert words in tried.content.decode()


def test_the_public_sees_sources_but_not_how_they_are_doing(client: Client, source: Source,
                                                            at_the_desk: Client) -> None:
    Alarm.objects.create(source=source, code="silent", began=source.created)
    Look.objects.create(source=source, at=source.created, outcome="trouble", problem="timeout")
    Look.objects.create(source=source, at=source.created, outcome="new",
                        detail="too_large 2, robots 1")
    Source.objects.filter(pk=source.pk).update(usual_gap_hours=3.4, usual_length=1800,
                                               last_problem="timeout")
    public, desk = (each.get("/en/newsroom/sources/").content.decode()
                    for each in (client, at_the_desk))
    assert "River Daily" in public and "River Daily" in desk
    assert "Silent for longer than usual" in desk
    assert "Silent for longer than usual" not in public
    assert "Silent" not in client.get(source.get_absolute_url()).content.decode()
    own = at_the_desk.get(source.get_absolute_url()).content.decode()
    assert "3 hours" in own and "The site takes too long to answer." in own
    assert "2 × The file is larger than we read." in own
    health = at_the_desk.get("/en/newsroom/sources/health/").content.decode()
    assert "Silent for longer than usual" in health
    assert "alarms" not in str(tools.sources()["sources"][0])


def test_a_list_of_feeds_comes_in_and_goes_out(at_the_desk: Client, source: Source) -> None:
    body = opml.write("Feeds", [
        opml.Outline("Port News", "https://port.example.org/rss", lang="vi"),
        opml.Outline("Again", source.address)])
    told = at_the_desk.post("/en/newsroom/sources/import/", {
        "file": SimpleUploadedFile("feeds.opml", body)}, follow=True).content.decode()
    assert "1 source was added." in told and "Again: This address is read already." in told
    out = opml.read(at_the_desk.get("/en/newsroom/sources.opml").content)
    assert {each.title for each in out} == {"Port News", "River Daily"}
    assert at_the_desk.post("/en/newsroom/sources/import/", {
        "file": SimpleUploadedFile("x.opml", b"<html>")}).status_code == 422


def test_software_adds_changes_and_reads_sources(officer, economies) -> None:
    made = tools.add_source({"name": "Port News", "address": "https://port.example.org/rss",
                             "economy": "VN"}, person=officer)
    assert (made["key"], made["way"], made["every_minutes"]) == ("port-news", "feed", 60)
    changed = tools.change_source("port-news", {"every_minutes": 120}, person=officer)
    assert (changed["every_minutes"], changed["economy"]) == (120, "VN")
    assert tools.move_source("port-news", "pause", person=officer)["state"] == "paused"
    with pytest.raises(callers.Invalid) as caught:
        tools.change_source("port-news", {"way": "page"}, person=officer)
    assert caught.value.errors[0]["field"] == "links"
    with pytest.raises(callers.Missing):
        tools.read_source("nobody")
    with pytest.raises(Refused):
        tools.source_looks("port-news")


def test_the_public_api_lists_sources_without_their_inside(client: Client, source: Source) -> None:
    told = client.get("/api/v1/newsroom/sources?lang=en").json()
    assert (told["count"], told["sources"][0]["key"]) == (1, "river-daily")
    assert "address" not in told["sources"][0]
    assert client.get("/api/v1/newsroom/sources?lang=th").json()["count"] == 0
    assert client.post("/api/v1/newsroom/sources", {"name": "X"}, content_type="application/json"
                       ).status_code == 401


@pytest.mark.parametrize("page", ["", "health/", "river-daily/"])
def test_thirty_sources_cost_as_many_queries_as_one(at_the_desk: Client, source: Source, page,
                                                    django_assert_max_num_queries) -> None:
    def queries() -> int:
        with django_assert_max_num_queries(60) as counted:
            assert at_the_desk.get(f"/en/newsroom/sources/{page}").status_code == 200
        return len(counted)

    queries()  # what is remembered afterwards
    one = queries()
    for each in range(30):
        made = Source.objects.create(key=f"s{each}", name=f"S {each}", lang="th",
                                     economy_id="VN" if each % 2 else "LA")
        Alarm.objects.create(source=made, code="silent", began=made.created)
        Look.objects.create(source=source, at=source.created, outcome="new")
        Alarm.objects.create(source=source, code=f"x{each}", began=made.created)
    assert queries() == one
