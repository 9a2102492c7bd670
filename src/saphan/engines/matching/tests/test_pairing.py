"""Who should talk with whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from saphan.engines.language.terms import TermBase
from saphan.engines.matching.documents import Document
from saphan.engines.matching.kept import KeptVectors
from saphan.engines.matching.pairing import LEAST, Member, Offer, Pairing, Seek
from saphan.engines.matching.rank import Matcher
from saphan.engines.matching.sqlite_index import SqliteIndex
from saphan.engines.matching.tests.conftest import WordEmbedder


@pytest.fixture
def pairing(index: SqliteIndex, embedder: WordEmbedder, terms: TermBase) -> Pairing:
    made = Pairing.of(Matcher(index, embedder, None, terms))
    assert isinstance(made, Pairing)
    return made


@pytest.fixture
def kept(tmp_path: Path, embedder: WordEmbedder) -> KeptVectors:
    return KeptVectors(tmp_path / "vectors.sqlite3", model_id=embedder.model_id,
                       dimension=embedder.dimension, day="2027-01-01")


def member(key: int, offers: str = "", seeks: str = "", *, economy: str = "TH", group: str = "",
           languages: tuple[str, ...] = ("en",)) -> Member:
    about = Document(id=str(key), lang="en", title="", summary=offers, economy=economy)
    return Member(key, group or str(key), economy, frozenset(languages),
                  (Offer(about),) if offers else (), (Seek(seeks, "en"),) if seeks else ())


GRADERS = "camera grading of durian fruit on a conveyor"
XRAY = "reading chest x-ray pictures in a hospital"


def test_who_offers_what_somebody_seeks_stands_first_and_both_learn_it(
        pairing: Pairing, kept: KeptVectors) -> None:
    found = pairing.suggest([
        member(1, "packing boxes", GRADERS), member(2, GRADERS, "new customers"),
        member(3, XRAY, "hospital beds")], kept)
    assert found[1][0].key == 2
    assert found[1][0].sought and found[1][0].sought.fits
    assert found[2][0].key == 1
    assert found[2][0].offered
    assert found[2][0].offered.match.score == found[1][0].sought.match.score


def test_nobody_is_suggested_to_herself_her_own_company_or_whom_she_declined(
        pairing: Pairing, kept: KeptVectors) -> None:
    people = [member(1, GRADERS, GRADERS, group="a"), member(2, GRADERS, GRADERS, group="a"),
              member(3, GRADERS, GRADERS), member(4, GRADERS, GRADERS)]
    found = pairing.suggest(people, kept, apart=[(4, 3)])
    assert [one.key for one in found[1]] and {one.key for one in found[1]} == {3, 4}
    assert {one.key for one in found[3]} == {1, 2}


def test_another_economy_and_a_shared_language_settle_what_is_equal(
        pairing: Pairing, kept: KeptVectors) -> None:
    found = pairing.suggest([
        member(1, "packing boxes", GRADERS), member(2, GRADERS),
        member(3, GRADERS, economy="CN", languages=("zh",)),
        member(4, GRADERS, economy="CN")], kept)
    assert [one.key for one in found[1]] == [4, 3, 2]
    assert (found[1][0].languages, found[1][1].languages) == (("en",), ())


def test_who_says_nothing_gets_nothing_and_breaks_nothing(
        pairing: Pairing, kept: KeptVectors) -> None:
    assert pairing.suggest([], kept) == {}
    assert pairing.suggest([member(1)], kept) == {1: []}
    found = pairing.suggest([member(1), member(2, GRADERS), member(3, "", GRADERS)], kept)
    assert found[1] == []
    assert [one.key for one in found[2]] == [3]


def test_who_fits_others_but_is_never_the_best_is_brought_in(
        pairing: Pairing, kept: KeptVectors) -> None:
    seekers = [member(key, "packing boxes", GRADERS) for key in range(1, 7)]
    best = [member(key, GRADERS, economy="CN") for key in range(10, 12)]
    newcomer = member(20, "camera grading of durian", economy="TH")
    found = pairing.suggest([*seekers, *best, newcomer], kept, k=2)
    assert sum(20 in {one.key for one in found[key]} for key in range(1, 7)) >= LEAST


def test_a_failed_requirement_moves_a_party_down(pairing: Pairing, kept: KeptVectors) -> None:
    found = pairing.suggest([
        member(1, "packing boxes", f"{GRADERS}, only from Vietnam", economy="LA"),
        member(2, GRADERS, economy="CN"), member(3, GRADERS, economy="VN")], kept)
    assert found[1][0].key == 3
    sought = found[1][0].sought
    assert sought and [one.verdict for one in sought.match.why.requirements] == ["met"]


def test_a_text_is_embedded_once_and_forgotten_when_nobody_uses_it(
        tmp_path: Path, embedder: WordEmbedder) -> None:
    calls: list[list[str]] = []

    def embed(texts: list[str]) -> object:
        calls.append(list(texts))
        return embedder.embed_passages(texts)

    def file(day: str) -> KeptVectors:
        return KeptVectors(tmp_path / "v.sqlite3", model_id="m", dimension=embedder.dimension,
                           day=day)

    first = file("2027-01-01").of("passage", ["a fruit", "a tree", "a fruit"], embed)
    again = file("2027-02-01").of("passage", ["a tree", "a fruit"], embed)
    assert [sorted(texts) for texts in calls] == [["a fruit", "a tree"]]
    assert abs(first[1] - again[0]).max() < 0.001
    file("2027-02-01").of("query", ["a fruit"], embed)
    assert len(calls) == 2
    assert file("2027-02-01").forget("2027-02-01") == 0
    file("2027-05-01").of("passage", ["a tree"], embed)
    assert file("2027-05-01").forget("2027-03-01") == 2
