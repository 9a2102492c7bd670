"""Sources are read in rounds; whatever they do, it is seen, named and survived."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail

from saphan.engines.fetching import FetchProblem, Limits
from saphan.engines.fetching.errands import Came
from saphan.engines.runner.tests.outside_doubles import reply
from saphan.ground import clock
from saphan.ground.models import Fact, Work
from saphan.rooms.newsroom.actions import looking, outward, rounds
from saphan.rooms.newsroom.actions import sources as actions
from saphan.rooms.newsroom.models import Alarm, Article, Look, Page, Source, Version
from saphan.rooms.newsroom.reactions import sources as reactions
from saphan.rooms.newsroom.tests.newsstand import Stand, article, newsstand

pytestmark = pytest.mark.django_db


@pytest.fixture
def stand(settings, monkeypatch) -> Iterator[Stand]:
    with newsstand() as site:
        settings.NEWS_INSIDE = [site.url]
        monkeypatch.setattr(outward, "DELAY", 0.0)
        monkeypatch.setattr(outward, "LIMITS", Limits(seconds=1.0))
        yield site


@pytest.fixture
def paper(stand: Stand, officer) -> Source:
    """A source whose feed lies at the stand."""
    source = actions.add("paper", {
        "name": "The Paper", "way": "feed", "address": f"{stand.url}/feed", "lang": "en",
        "links": "", "recipe": "", "at_most": 40, "every_minutes": 60}, by=officer)
    Source.objects.filter(pk=source.pk).update(created=clock.now())
    return source


def read(source: Source, *, later: timedelta = timedelta()) -> Look:
    """One round that looks at the source, some time later. The look."""
    with clock.stopped_at(clock.now() + later):
        Source.objects.filter(pk=source.pk).update(next_look=clock.now())
        rounds.ask_for()
        rounds.line.do_all()
    source.refresh_from_db()
    return Look.objects.filter(source=source).latest("pk")


def rings(source: Source) -> set[str]:
    return set(Alarm.objects.filter(source=source, ended=None).values_list("code", flat=True))


def test_what_a_feed_lists_comes_into_the_archive_once(stand: Stand, paper: Source) -> None:
    stand.feed("bridge", "port")
    look = read(paper)
    assert (look.outcome, look.listed, look.new, look.failed) == ("new", 2, 2, 0)
    assert {each.title for each in Article.objects.filter(source=paper)} == {
        "About bridge", "About port"}
    assert look.octets > 500
    again = read(paper, later=timedelta(hours=1))
    assert (again.outcome, again.new) == ("nothing_new", 0)
    assert stand.asked.count("/bridge") == 1
    stand.feed("canal", "bridge", "port")
    assert read(paper, later=timedelta(hours=2)).new == 1
    assert paper.articles == 3


def test_the_evidence_of_an_article_can_be_read_again(stand: Stand, paper: Source) -> None:
    stand.feed("bridge")
    read(paper)
    version = Version.objects.get()
    assert version.evidence_digest.startswith("sha256:") and version.evidence_length > 0


def test_a_list_page_and_a_sitemap_are_read_too(stand: Stand, paper: Source) -> None:
    stand.pages |= {"/news": "<ul class=n><li><a href='/a'>A</a></ul><a href='/about'>x</a>",
                    "/map": f"<urlset><url><loc>{stand.url}/b</loc></url></urlset>",
                    "/index": f"<sitemapindex><sitemap><loc>{stand.url}/map</loc></sitemap>"
                              "</sitemapindex>", "/a": article("a"), "/b": article("b")}
    Source.objects.filter(pk=paper.pk).update(way="page", address=f"{stand.url}/news",
                                              links="ul.n a")
    assert read(paper).new == 1
    Source.objects.filter(pk=paper.pk).update(way="sitemap", address=f"{stand.url}/index")
    assert read(paper, later=timedelta(hours=2)).new == 1
    assert "/about" not in stand.asked


def test_of_a_long_list_that_was_there_before_only_the_first_ones_are_fetched(
        stand: Stand, paper: Source) -> None:
    Source.objects.filter(pk=paper.pk).update(at_most=2)
    stand.feed("a", "b", "c", "d")
    assert read(paper).new == 2
    stand.feed("g", "f", "e", "a", "b", "c", "d")
    assert read(paper, later=timedelta(hours=1)).new == 2
    assert read(paper, later=timedelta(hours=2)).new == 1
    assert set(stand.asked) & {"/c", "/d"} == set()


def test_a_corrected_article_is_noticed_a_day_later(stand: Stand, paper: Source) -> None:
    stand.feed("bridge")
    read(paper)
    stand.pages["/bridge"] = article("bridge").replace("this week", "next week")
    assert read(paper, later=timedelta(hours=2)).corrected == 0
    assert read(paper, later=timedelta(hours=30)).corrected == 1
    assert Article.objects.get().versions.count() == 2


def test_a_page_that_fails_is_tried_again_and_then_given_up(stand: Stand, paper: Source) -> None:
    stand.feed("bridge", "gone")
    del stand.pages["/gone"]
    for hour in range(5):
        read(paper, later=timedelta(hours=hour))
    assert stand.asked.count("/gone") == 3
    page = Page.objects.get(address__endswith="/gone")
    assert (page.problem, page.tries, page.fetched) == ("not_found", 3, None)


def test_a_source_that_cannot_be_reached_is_asked_less_often_and_named(
        stand: Stand, paper: Source, mailoutbox) -> None:
    stand.pages["/feed"] = lambda handler: reply(handler, b"", 500)
    waits = []
    for hour in range(3):
        look = read(paper, later=timedelta(hours=hour))
        waits.append(paper.next_look - look.at)
    assert waits == [timedelta(hours=1), timedelta(hours=2), timedelta(hours=4)]
    assert (look.outcome, look.problem, paper.failures) == ("trouble", "http_error", 3)
    assert rings(paper) == {"unreachable"}
    reactions.tell_of_alarms()
    reactions.tell_of_alarms()
    assert len(mailoutbox) == 1 and "The Paper" in mailoutbox[0].body
    stand.feed("bridge")
    read(paper, later=timedelta(hours=9))
    assert rings(paper) == set()
    assert list(Fact.objects.filter(name__startswith="source.alarm").values_list(
        "name", flat=True)) == ["source.alarm_began", "source.alarm_ended"]


def test_a_source_that_goes_silent_is_named(stand: Stand, paper: Source) -> None:
    for hour in range(6):
        stand.feed(*(f"n{each}" for each in range(hour + 1)))
        read(paper, later=timedelta(hours=hour))
    assert paper.usual_gap_hours == 1.0 and rings(paper) == set()
    read(paper, later=timedelta(hours=20))
    assert rings(paper) == set()
    read(paper, later=timedelta(hours=40))
    assert rings(paper) == {"silent"}


@pytest.mark.parametrize(("page", "problem", "alarm"), [
    (lambda handler: reply(handler, b"", 302, Location="http://169.254.169.254/"),
     "private_address", "private_address"),
    (lambda handler: reply(handler, b"x" * 9 * 2**20), "too_large", "too_large"),
    ("<html><body>We have a new site!</body></html>", "nothing_listed", "layout")])
def test_what_is_wrong_with_a_list_is_named_at_once(stand: Stand, paper: Source, page, problem,
                                                     alarm) -> None:
    stand.pages["/feed"] = page
    assert read(paper).problem == problem
    assert rings(paper) == {alarm}


def test_a_site_that_asks_not_to_be_read_is_not(stand: Stand, paper: Source) -> None:
    stand.feed("bridge")
    stand.pages["/robots.txt"] = "User-agent: *\nDisallow: /feed"
    assert read(paper).problem == "robots"
    assert rings(paper) == {"robots"} and "/feed" not in stand.asked


def test_a_site_that_asks_for_rest_gets_it_without_an_alarm(stand: Stand, paper: Source) -> None:
    stand.pages["/feed"] = lambda handler: reply(handler, b"", 429, Retry_After="7200")
    look = read(paper)
    assert (look.problem, paper.failures, rings(paper)) == ("asked_to_wait", 0, set())
    assert paper.next_look >= look.at + timedelta(hours=2) - timedelta(minutes=1)


def test_a_layout_that_changed_is_noticed_by_the_recipe(stand: Stand, paper: Source) -> None:
    Source.objects.filter(pk=paper.pk).update(recipe="article")
    stand.feed("bridge")
    read(paper)
    assert rings(paper) == set()
    stand.feed("port", "bridge")
    stand.pages["/port"] = article("port").replace("article>", "section>")
    read(paper, later=timedelta(hours=1))
    assert rings(paper) == {"layout"}


def test_texts_that_are_short_against_the_usual_are_noticed(stand: Stand, paper: Source) -> None:
    stand.feed(*(f"n{each}" for each in range(6)))
    read(paper)
    stand.feed("teaser", "n0")
    stand.pages["/teaser"] = article("teaser", 24)
    read(paper, later=timedelta(hours=1))
    assert rings(paper) == {"short_text"}


def test_a_page_that_names_a_wrong_encoding_is_read_and_noticed(
        stand: Stand, paper: Source) -> None:
    stand.feed("南宁")
    stand.pages["/feed"] = f"<rss><item><title>广西</title><link>{stand.url}/zh</link></item></rss>"
    text = "广西人工智能企业数量比上年增长百分之十九，南宁会展中心展出面积达到一万九千平方米。" * 8
    stand.pages["/zh"] = (f"<html><head><meta charset='utf-8'><title>广西</title></head><body>"
                          f"<article><p>{text}</p></article></body></html>").encode("gb18030")
    read(paper)
    assert "人工智能" in Version.objects.get().text
    assert rings(paper) == {"wrong_encoding"}


def test_a_round_that_a_process_left_behind_goes_on(stand: Stand, paper: Source) -> None:
    stand.feed("bridge")
    work = rounds.ask_for()
    Work.objects.filter(pk=work.pk).update(state="running", touched=clock.now())
    assert rounds.line.do_all() == 0  # somebody is at it
    with clock.stopped_at(clock.now() + timedelta(minutes=2)):
        assert rounds.ask_for() == work
        assert rounds.line.do_all() == 1
    assert Work.objects.get(name=rounds.queries.ROUND).state == "done"
    assert Article.objects.count() == 1


def test_a_look_that_was_cut_off_is_gone_on_with(stand: Stand, paper: Source) -> None:
    stand.feed("a", "b", "c")
    errand, fetcher = looking.look(paper), outward.fetcher()
    ask = next(errand)
    for _page in range(2):  # the list, and the first page
        answer = fetcher.get(ask.url)
        ask = errand.send(Came(answer, made=ask.then(answer) if ask.then else None))
    errand.close()
    assert Article.objects.count() == 1 and not Look.objects.exists()
    assert read(paper).new == 2
    assert [stand.asked.count(f"/{name}") for name in "abc"] == [1, 1, 1]


def test_what_goes_wrong_in_the_house_stops_no_other_source(
        stand: Stand, paper: Source, officer, monkeypatch, caplog) -> None:
    stand.feed("bridge")
    broken = actions.add("broken", {"name": "Broken", "way": "feed", "lang": "en", "links": "",
                                    "address": f"{stand.url}/other"}, by=officer)
    zones = iter([lambda: 1 / 0])
    real = looking.listing.zone_of
    monkeypatch.setattr(looking.listing, "zone_of",
                        lambda name: next(zones, lambda: real(name))())
    Source.objects.filter(pk=broken.pk).update(next_look=clock.now() - timedelta(hours=5))
    read(paper)
    assert Look.objects.get(source=broken).problem == "failed"
    assert Article.objects.count() == 1


def test_a_source_that_is_changed_while_it_is_read_keeps_the_change(
        stand: Stand, paper: Source, officer) -> None:
    errand = looking.look(paper)
    asked = next(errand)
    Source.objects.filter(pk=paper.pk).update(address=f"{stand.url}/new", next_look=None)
    with pytest.raises(StopIteration):
        errand.send(Came(problem=FetchProblem("http_error", status=500)))
    paper.refresh_from_db()
    assert asked.url == f"{stand.url}/feed"
    assert (paper.address, paper.failures, paper.next_look) == (f"{stand.url}/new", 0, None)


@pytest.mark.parametrize("fields", [
    {"example": True}, {"state": "paused"}, {"way": "by_hand"}, {"address": ""}])
def test_what_is_not_to_be_read_is_not(stand: Stand, paper: Source, fields) -> None:
    stand.feed("bridge")
    Source.objects.filter(pk=paper.pk).update(**fields)
    rounds.ask_for()
    rounds.line.do_all()
    assert stand.asked == [] and mail.outbox == []
