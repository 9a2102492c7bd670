"""What goes wrong in one place does not stop the rest, and is seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.core import mail
from django.db import OperationalError
from django.test import Client

from saphan.ground import jobs
from saphan.ground.models import Fact
from saphan.people.models import Person
from saphan.rooms.newsroom import doubts, figuring, meaning, posting
from saphan.rooms.newsroom.actions import articles as archive
from saphan.rooms.newsroom.actions import figures as desk
from saphan.rooms.newsroom.actions import placing, reading_figures, stories, topics
from saphan.rooms.newsroom.models import Article, Brief, Edition, Figure, Posting
from saphan.rooms.observatory import actions as observatory
from saphan.rooms.observatory.models import Observation
from saphan.rooms.observatory.tests.conftest import made_indicator

pytestmark = pytest.mark.django_db
Make = Callable[..., Article]
FAILED = str(doubts.DOUBTS[doubts.FAILED])


def breaks_on(monkeypatch: pytest.MonkeyPatch, odd: Article, error: Exception) -> None:
    """Reading the figures of this article fails."""
    read = figuring.read

    def broken(article: Article, version: Any) -> Any:
        if article.pk == odd.pk:
            raise error
        return read(article, version)

    monkeypatch.setattr(figuring, "read", broken)


def test_an_article_whose_figures_cannot_be_read_is_seen_and_stops_no_other(
        article: Make, at_the_desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    odd, good = article("There are 12 ships."), article("There are 44 ships in the port.")
    breaks_on(monkeypatch, odd, ValueError("odd"))
    reading_figures.take_up()
    assert Figure.objects.filter(article=good, value=44).exists()
    assert not Article.objects.filter(read=False).exists()
    page = at_the_desk.get(odd.get_absolute_url()).content.decode()
    assert FAILED in page
    listed = at_the_desk.get("/en/newsroom/articles/?shelf=doubtful").content.decode()
    assert odd.number in listed and good.number not in listed


def test_when_the_database_is_busy_the_article_is_read_in_the_next_round(
        article: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    one = article("There are 12 ships in the port.")
    with monkeypatch.context() as patch:
        breaks_on(patch, one, OperationalError("database is locked"))
        with pytest.raises(OperationalError):
            reading_figures.take_up()
    reading_figures.take_up()
    assert Figure.objects.filter(article=one, value=12).exists()


def test_an_article_that_cannot_be_placed_is_seen_and_stops_no_other(
        article: Make, at_the_desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    one, odd, other = article("One."), article("Odd."), article("Other.")
    placed: list[int] = []

    def put(waiting: list[Article], _rows: Any) -> None:
        if odd in waiting:
            raise ValueError("odd")
        placed.extend(each.pk for each in waiting)
        Article.objects.filter(pk__in=[each.pk for each in waiting]).update(placed=True)

    for module, name, double in (
            (meaning, "with_vectors", lambda waiting: None),
            (meaning, "vectors_of", lambda waiting: np.zeros((len(waiting), 1), np.float32)),
            (meaning, "without_language", lambda rows: rows),
            (meaning, "take_in", lambda waiting: []), (stories, "put", put),
            (topics, "match", lambda waiting, documents: [])):
        monkeypatch.setattr(module, name, double)
    placing.take_up()
    assert placed == [one.pk, other.pk]
    assert placing.take_up() == 0
    assert FAILED in at_the_desk.get(odd.get_absolute_url()).content.decode()


def test_a_brief_that_cannot_be_printed_keeps_no_other_letters_waiting(
        officer: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    compose = posting.compose

    def broken(edition: Edition) -> Any:
        if edition.brief.number == "BRF-2027-0001":
            raise ValueError("odd")
        return compose(edition)

    monkeypatch.setattr(posting, "compose", broken)
    for position in (1, 2):
        brief = Brief.objects.create(
            number=f"BRF-2027-000{position}", lang="en", title=f"Brief {position}", author=officer,
            state=Brief.State.SENT, edition=1)
        edition = Edition.objects.create(
            brief=brief, position=1, at=brief.created, digest="0" * 64, whole={
                "number": brief.number, "lang": "en", "title": brief.title, "standfirst": "",
                "content": [], "edition": 1, "approved": "2027-03-01", "corrects": 0})
        for reader in ("a", "b"):
            Posting.objects.create(edition=edition, email=f"{reader}@example.org")
    assert posting.leave() == 2
    assert {letter.subject for letter in mail.outbox} == {"Brief 2 (BRF-2027-0002)"}
    assert {row.tries for row in Posting.objects.all()} == {1}


class Killed(BaseException):
    """The process ends here."""


def killed(*_given: Any, **_named: Any) -> None:
    raise Killed


def test_a_reading_that_was_cut_off_is_done_again_whole(
        article: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    one = article("There are 12 ships in the port, and 44 cranes.")
    with monkeypatch.context() as patch:
        patch.setattr(reading_figures, "contradictions", killed)
        with pytest.raises(Killed):
            reading_figures.take_up()
    assert not Figure.objects.exists()
    reading_figures.take_up()
    assert sorted(Figure.objects.filter(article=one).values_list("value", flat=True)) == [12, 44]
    assert reading_figures.take_up() == 0


def test_an_upload_that_was_cut_off_leaves_nothing_half_done(
        at_the_desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"text": "The port opens\n\nThe port opened on Monday. It has 12 berths."}
    with monkeypatch.context() as patch:
        patch.setattr(archive, "_version", killed)
        with pytest.raises(Killed):
            at_the_desk.post("/en/newsroom/articles/bring/", given)
    assert not Article.objects.exists() and not Fact.objects.filter(name="article.taken").exists()
    at_the_desk.post("/en/newsroom/articles/bring/", given)
    assert Article.objects.get().versions.count() == 1


def test_a_figure_whose_verification_was_cut_off_reaches_the_observatory_afterwards(
        article: Make, officer: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    made_indicator()
    article("广西有303家智能工厂。", lang="zh-Hans", title="工厂")
    reading_figures.take_up()
    desk.verify(Figure.objects.get(), by=officer, values={
        "indicator": "smart-factories", "period": "2023"})
    with monkeypatch.context() as patch:
        patch.setattr(observatory, "add", killed)
        with pytest.raises(Killed):
            jobs.follow_all()
    assert not Observation.objects.exists()
    jobs.drain()
    jobs.drain()
    assert Observation.objects.get().value == 303
