"""How articles come in, and what the archive keeps of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from saphan.engines.fetching.warc import EvidenceProblem
from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.people.models import Person
from saphan.rooms.newsroom import copies, evidence
from saphan.rooms.newsroom.actions import articles as actions
from saphan.rooms.newsroom.intake import Incoming
from saphan.rooms.newsroom.models import Article, Source

ADDRESS = "https://river.example.org/2027/02/26/port"
TEXT = [
    "The river port of Nong Khai moved 41,200 tonnes of fruit in March, a fifth more than in the "
    "same month a year earlier, the port authority said on Tuesday.",
    "Most of it was durian on its way to the border at Pingxiang, where trucks now wait four "
    "hours instead of nine, according to the customs office in Guangxi.",
    "The authority plans a second cold store, to be ready before the harvest of next year. It "
    "will hold 3,000 tonnes and cost 220 million baht.",
]


@pytest.fixture(autouse=True)
def apart(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Evidence of its own, and no memory of the tests before."""
    settings.MEDIA_ROOT = tmp_path
    copies.forget()
    yield
    copies.forget()


def page(*paragraphs: str, title: str = "Port moves more fruit") -> bytes:
    text = "".join(f"<p>{each}</p>" for each in paragraphs)
    return (f"<html lang=en><head><title>{title} | River Daily</title></head><body>"
            f"<article><h1>{title}</h1>{text}</article></body></html>").encode()


def coming(source: Source, *paragraphs: str, **said: Any) -> Incoming:
    title = said.pop("headline", "Port moves more fruit")
    return Incoming(body=page(*(paragraphs or TEXT), title=title), content_type="text/html",
                    **{"source": source.pk, "address": ADDRESS, **said})


def facts(name: str) -> list[dict[str, Any]]:
    return list(Fact.objects.filter(name=name).order_by("seq").values_list("data", flat=True))


def test_an_article_is_taken_with_its_snapshot(source: Source) -> None:
    taken = actions.take(coming(source))
    found = Article.objects.get(pk=taken.article)
    version = found.versions.get()
    assert taken.outcome == "new"
    assert (found.number, found.title, found.lang) == (
        "NWS-2027-0001", "Port moves more fruit", "en")
    assert (found.published, found.day, found.economy_id) == (
        date(2027, 2, 26), date(2027, 2, 26), "TH")
    assert version.text == "\n\n".join(TEXT)
    assert evidence.check(version).body == page(*TEXT)
    assert facts("article.taken") == [{
        "source": "river-daily", "lang": "en", "number": "NWS-2027-0001",
        "evidence": version.evidence_digest}]


def test_the_same_page_again_changes_nothing(source: Source) -> None:
    actions.take(coming(source))
    reset = coming(source, *[each.replace(", ", ",  ") for each in TEXT])
    assert actions.take(coming(source)).outcome == "unchanged"
    assert actions.take(reset).outcome == "unchanged"
    assert Article.objects.get().versions.count() == 1
    assert facts("article.corrected") == []


def test_a_changed_page_is_a_new_version_of_the_same_article(source: Source) -> None:
    first = actions.take(coming(source))
    Article.objects.update(read=True)
    changed = [TEXT[0].replace("41,200", "14,200"), *TEXT[1:]]
    taken = actions.take(coming(source, *changed))
    found = Article.objects.get()
    assert (taken.outcome, taken.article) == ("corrected", first.article)
    assert [(each.position, each.current) for each in found.versions.all()] == [
        (1, False), (2, True)]
    assert "41,200" in found.versions.get(position=1).text
    assert not found.read, "its figures must be read again"
    assert found.lead.startswith("The river port of Nong Khai moved 14,200")
    assert facts("article.corrected")[0]["version"] == 2


def test_a_page_that_shrank_to_a_notice_replaces_nothing(source: Source) -> None:
    actions.take(coming(source))
    taken = actions.take(coming(source, "Please accept cookies to read on."))
    assert (taken.outcome, taken.problem) == ("refused", "shrunk")
    assert Article.objects.get().versions.count() == 1


def test_the_same_text_elsewhere_is_linked_as_a_copy(source: Source) -> None:
    first = actions.take(coming(source))
    edited = [TEXT[0], TEXT[1], TEXT[2].replace("cost 220", "cost about 220")]
    copy = actions.take(coming(source, *edited, address="https://other.example.org/a"))
    again = actions.take(coming(source, address="https://third.example.org/b"))
    other = actions.take(coming(
        source, *[f"On Friday a school in Vientiane opened room {n} for courses that nobody had "
                  f"asked for in {1990 + n}." for n in range(9)], headline="A school opens",
        address="https://other.example.org/c"))
    assert (copy.outcome, again.outcome, other.outcome) == ("copy", "copy", "new")
    assert set(Article.objects.exclude(copy_of=None).values_list("copy_of", flat=True)) == {
        first.article}
    assert facts("article.taken")[1]["copy_of"] == "NWS-2027-0001"


def test_what_cannot_be_read_is_refused_with_a_code(source: Source) -> None:
    shell = Incoming(body=b"<html><body><div id=root></div></body></html>", source=source.pk,
                     address=ADDRESS)
    assert actions.take(shell).problem == "no_text"
    assert not Article.objects.exists()


def test_what_a_feed_knows_wins_where_it_can_be_true(source: Source) -> None:
    said = coming(source, title="Fruit through the river port", published=date(2027, 2, 25))
    actions.take(said)
    found = Article.objects.get()
    assert (found.title, found.published) == ("Fruit through the river port", date(2027, 2, 25))
    actions.take(replace(said, address="https://x.example.org/2", title="Fruit through the r…",
                         published=date(2031, 1, 1), lang="zh-Hans"))
    found = Article.objects.latest("pk")
    assert (found.title, found.published, found.lang) == ("Port moves more fruit", None, "en")


def test_a_withdrawn_article_stays_withdrawn_when_it_is_seen_again(
        source: Source, officer: Person) -> None:
    taken = actions.take(coming(source))
    found = Article.objects.get(pk=taken.article)
    actions.withdraw(found, by=officer, because="Not ours to keep.")
    assert actions.take(coming(source, "Something else. " * 40)).outcome == "unchanged"
    assert Article.objects.get().state == Article.State.WITHDRAWN
    with pytest.raises(Refused):
        actions.correct(found, by=officer, title="X", lang="en", published=None, economy=None)


def test_a_snapshot_that_somebody_changed_is_found_out(source: Source, tmp_path: Path) -> None:
    actions.take(coming(source))
    version = Article.objects.get().versions.get()
    file = tmp_path / "evidence" / version.evidence_file
    body = bytearray(file.read_bytes())
    body[version.evidence_offset + 200] ^= 0xFF
    file.write_bytes(bytes(body))
    with pytest.raises(EvidenceProblem):
        evidence.check(version)


def test_only_the_desk_brings_articles_in(source: Source, person: Any) -> None:
    with pytest.raises(Refused):
        actions.take(coming(source), by=person("visitor"))
