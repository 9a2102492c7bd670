"""Standing questions: what one of them says of a document is what asking would have said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from saphan.engines.language.terms import TermBase
from saphan.engines.matching.documents import Document, Filters
from saphan.engines.matching.entries import make_entries
from saphan.engines.matching.rank import Matcher
from saphan.engines.matching.sqlite_index import SqliteIndex
from saphan.engines.matching.standing import StandingMatcher
from saphan.engines.matching.tests.conftest import WordEmbedder

DAY = date(2026, 3, 2)
DOCUMENTS = [
    Document("a", "th", "เครื่องคัดแยกทุเรียน", "กล้องคัดแยกผลไม้", room="market",
             kind="technology_offer", economy="TH", sector="agriculture"),
    Document("b", "zh-Hans", "榴莲分拣机", "每小时五百公斤", titles={"en": "durian sorting line"},
             room="market", kind="technology_offer", economy="CN", sector="agriculture"),
    Document("c", "en", "chest X-ray reader", "finds shadows on the lung", room="market",
             kind="technology_offer", economy="VN", sector="medical"),
    Document("d", "en", "sorting line for any fruit, 2 tonnes an hour", room="market",
             kind="business_offer", economy="MY", valid_until=date(2026, 3, 1)),
    Document("e", "en", "a talk about fruit", room="exhibition", kind="talk", economy="TH"),
]
QUESTIONS = [
    ("durian sorting line", Filters()),
    ("เครื่องคัดแยกทุเรียน จากประเทศจีน", Filters()),
    ("sorting line for any fruit from Malaysia", Filters(valid_on=DAY)),
    ("chest X-ray", Filters(economies=("VN", "TH"))),
    ("fruit", Filters(rooms=("exhibition",))),
    ("คัดแยกผลไม้", Filters(kinds=("technology_offer",), exclude=("a",))),
    ("nothing at all that is here", Filters()),
]


@pytest.fixture
def matcher(index: SqliteIndex, embedder: WordEmbedder, terms: TermBase) -> Matcher:
    index.put(make_entries(DOCUMENTS, embedder, terms))
    return Matcher(index, embedder, None, terms)


@pytest.mark.parametrize("only", [["a", "b", "c", "d", "e"], ["b"], ["d", "e"]])
def test_a_pair_scores_what_asking_gives_it(matcher: Matcher, only: list[str]) -> None:
    standing = StandingMatcher.of(matcher)
    read = [standing.read(text, filters=filters, now=DAY) for text, filters in QUESTIONS]
    new = [document for document in DOCUMENTS if document.id in only]
    judged = {(place, match.id): match for place, match in standing.judge(
        read, standing.embed(read), new, floor=0.0)}
    expected = {(place, match.id): match for place, (text, filters) in enumerate(QUESTIONS)
                for match in matcher.ask(text, k=None, filters=filters, now=DAY).matches
                if match.id in only}
    assert judged.keys() == expected.keys()
    for pair, match in expected.items():
        assert judged[pair].score == pytest.approx(match.score, abs=0.004), pair
        assert judged[pair].why.concepts == match.why.concepts
        assert judged[pair].why.requirements == match.why.requirements


@pytest.mark.parametrize("floor", [0.05, 0.21, 0.6])
def test_the_floor_leaves_out_nothing_that_reaches_it(matcher: Matcher, floor: float) -> None:
    standing = StandingMatcher.of(matcher)
    read = [standing.read(text, filters=filters, now=DAY) for text, filters in QUESTIONS]
    everything = {(place, match.id): match.score for place, match in standing.judge(
        read, standing.embed(read), DOCUMENTS, floor=0.0)}
    kept = {(place, match.id): match.score for place, match in standing.judge(
        read, standing.embed(read), DOCUMENTS, floor=floor)}
    assert kept == {pair: score for pair, score in everything.items() if score >= floor}


def test_a_question_without_words_asks_for_all_that_passes(matcher: Matcher) -> None:
    standing = StandingMatcher.of(matcher)
    read = [standing.read("", filters=Filters(economies=("TH",)), now=DAY)]
    vectors = np.zeros((1, 64), np.float32)
    found = [match.id for _place, match in standing.judge(read, vectors, DOCUMENTS, floor=0.9)]
    assert found == ["a", "e"]
    assert {match.id for match in standing.answer(read[0], 10).matches} == {"a", "e"}


def test_a_description_of_the_thing_itself_holds_no_wishes(matcher: Matcher) -> None:
    standing = StandingMatcher.of(matcher)
    text = "durian sorting line from China"
    asked = standing.read(text, now=DAY)
    alike = standing.read(text, now=DAY, alike=True)
    assert asked.asked.wishes and not alike.asked.wishes
    [scored] = [match for _place, match in standing.judge(
        [alike], standing.embed([alike]), [DOCUMENTS[0]], floor=0.0)]
    assert not scored.why.requirements


def test_a_document_that_has_no_vector_yet_is_compared_by_words_and_concepts(
        matcher: Matcher, index: SqliteIndex, embedder: WordEmbedder, terms: TermBase) -> None:
    entry = next(iter(make_entries([DOCUMENTS[1]], embedder, terms)))
    index.put([replace(entry, model_id="another/1")])
    standing = StandingMatcher.of(matcher)
    read = [standing.read("durian sorting line", now=DAY)]
    [(_place, match)] = standing.judge(read, standing.embed(read), [DOCUMENTS[1]], floor=0.0)
    assert match.why.meaning == 0.0
    assert match.why.concepts
