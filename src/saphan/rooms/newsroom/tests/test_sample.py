"""The made-up news of the sample centre."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from saphan.ground import clock
from saphan.ground.models import Fact
from saphan.rooms.newsroom import example_news, sample
from saphan.rooms.newsroom.models import Article, Brief, Figure, Source

TODAY = date(2027, 3, 1)
FOLDER: Path = settings.CENTRES / "nanning" / "newsroom"


def test_days_and_years_are_written_as_the_language_writes_them() -> None:
    assert example_news.dated("{day:-3}", "zh-Hans", TODAY) == "2027年2月26日"
    assert example_news.dated("{day:-3}, {year-1}", "th", TODAY) == "26 กุมภาพันธ์ 2570, 2569"
    assert example_news.dated("in {year-5}", "en", TODAY) == "in 2022"


def test_a_correction_stands_at_the_address_of_its_article() -> None:
    row = {"slug": "a", "days_ago": 5, "title": "14", "text": "14",
           "correction": [{"days_ago": 4, "title": "12", "text": "12"}]}
    first, second = example_news.tellings(
        row, home="https://news.example.org/", lang="en", today=TODAY)
    assert first.address == second.address == "https://news.example.org/a.html"
    assert (second.day - first.day, second.text) == (timedelta(days=1), "12")


@pytest.fixture
def loaded(economies: None) -> int:
    return sample.load(FOLDER)


def test_all_news_of_the_sample_say_that_they_are_examples(loaded: int) -> None:
    assert loaded == Article.objects.filter(
        example=True, address__contains=".example.org/").count() == 18
    assert not Source.objects.filter(example=False).exists()
    assert not Brief.objects.filter(example=False).exists()


def test_no_made_up_figure_goes_to_the_observatory(loaded: int) -> None:
    assert Figure.objects.filter(state=Figure.State.VERIFIED).exists()
    assert not Figure.objects.exclude(indicator="").exists()


def test_the_sample_shows_a_copy_a_correction_and_sources_in_trouble(loaded: int) -> None:
    copy = Article.objects.exclude(copy_of=None).get()
    assert copy.source is not None and copy.source.key == "example-beiwan"
    assert Article.objects.get(versions_count=2).lang == "id"
    ringing = set(Source.objects.filter(alarms__ended=None, alarms__isnull=False).values_list(
        "key", "alarms__code"))
    assert ringing == {("example-kabar-dermaga", "robots"), ("example-port-letter", "silent")}


def test_figures_that_differ_are_flagged_and_what_was_corrected_is_withdrawn(loaded: int) -> None:
    flagged = Figure.objects.exclude(flags=[]).filter(value__in=[68, 86])
    assert {flag["code"] for figure in flagged for flag in figure.flags} == {"contradicts"}
    gone = Figure.objects.get(state=Figure.State.WITHDRAWN)
    assert (gone.value, gone.article.lang, gone.because != "") == (14, "id", True)


def test_the_briefs_are_approved_or_wait_for_somebody(loaded: int) -> None:
    states = {brief.lang: (brief.state, brief.public) for brief in Brief.objects.all()}
    assert states == {"th": ("approved", True), "en": ("approved", True), "vi": ("review", True)}
    thai = Brief.objects.get(lang="th")
    stated = [block["value"] for block in thai.content if block["kind"] == "figure"]
    assert stated == ["120", "3.2", "28000000"]


def test_loading_again_changes_nothing_even_on_another_day(loaded: int) -> None:
    facts = Fact.objects.count()
    assert sample.load(FOLDER) == loaded and Fact.objects.count() == facts
    with clock.stopped_at(clock.now() + timedelta(days=2)):
        assert sample.load(FOLDER) == loaded and Fact.objects.count() == facts


def test_made_up_news_say_so_in_every_feed(loaded: int, client: Client) -> None:
    for name in ("articles", "figures", "briefs"):
        items = client.get(f"/feeds/en/newsroom/{name}.json").json()["items"]
        assert items, name
        assert all(item["title"].startswith("[Example] ") for item in items), name
