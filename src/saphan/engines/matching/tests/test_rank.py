from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from saphan.engines.language.terms import TermBase
from saphan.engines.matching.documents import Document, Filters, Verdict
from saphan.engines.matching.entries import make_entries
from saphan.engines.matching.rank import Matcher, Weights
from saphan.engines.matching.sqlite_index import SqliteIndex
from saphan.engines.matching.tests.conftest import Put, WordEmbedder

OFFERS = (
    Document("th", "th", "เครื่องคัดแยกทุเรียน", economy="TH", stage="on_the_market"),
    Document("zh", "zh-Hans", "榴莲自动分拣设备", economy="CN", stage="lab_tested"),
    Document("port", "en", "Seaport crane scheduling", economy="SG"),
    Document("xray", "en", "Reading chest X-ray images", economy="VN"),
)
NOW = date(2026, 11, 22)


def names(matcher: Matcher, text: str, lang: str = "", **options: object) -> list[str]:
    return [match.id for match in matcher.ask(text, lang, now=NOW, **options).matches]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("durian sorting", "en"),
        ("榴莲分拣", "zh-Hans"),
        ("榴蓮分揀", "zh-Hant"),
        ("คัดแยกทุเรียน", "th"),
    ],
)
def test_a_need_in_one_language_finds_offers_in_others_by_their_concepts(
    matcher: Matcher, put: Put, text: str, lang: str
) -> None:
    put(*OFFERS)
    assert set(names(matcher, text, lang)[:2]) == {"th", "zh"}


def test_the_answer_says_which_concepts_met_and_how_it_was_found(
    matcher: Matcher, put: Put
) -> None:
    put(*OFFERS)
    answer = matcher.ask("durian sorting", "en", now=NOW)
    best = next(match for match in answer.matches if match.id == "zh")
    assert set(best.why.concepts) == {"durian", "sorting"}
    assert "concepts" in best.source
    assert set(answer.concepts) == {"durian", "sorting"}


def test_the_language_is_identified_where_it_is_not_given(matcher: Matcher, put: Put) -> None:
    put(*OFFERS)
    assert matcher.ask("ต้องการเครื่องคัดแยกทุเรียน").lang == "th"
    assert matcher.ask("x", "zh-TW").lang == "zh-Hant"


def test_scores_lie_between_0_and_1_and_fall(matcher: Matcher, put: Put) -> None:
    put(*OFFERS)
    scores = [match.score for match in matcher.ask("durian sorting machine", k=None).matches]
    assert len(scores) == len(OFFERS)
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_a_question_that_nothing_answers_is_abstained_from_but_ranked(
    matcher: Matcher, put: Put
) -> None:
    put(*OFFERS)
    answer = matcher.ask("zzz qqq", "en", k=None)
    assert answer.abstained
    assert len(answer.matches) == len(OFFERS)
    assert not matcher.ask("Seaport crane scheduling", "en").abstained


def test_an_empty_question_or_house_is_an_abstained_answer(matcher: Matcher, put: Put) -> None:
    assert matcher.ask("durian").abstained
    assert matcher.ask("durian").matches == ()
    put(*OFFERS)
    assert matcher.ask("").abstained
    assert matcher.ask("\x00 \n").abstained


def test_requirements_are_shown_with_their_verdicts_and_move_the_order(
    matcher: Matcher, put: Put
) -> None:
    same = Document("a", "en", "durian sorting", stage="concept")
    put(same, replace(same, id="b", stage="on_the_market"))
    answer = matcher.ask("durian sorting, on the market", "en", now=NOW)
    assert [match.id for match in answer.matches] == ["b", "a"]
    verdicts = {match.id: match.why.requirements[0].verdict for match in answer.matches}
    assert verdicts == {"a": Verdict.NOT_MET, "b": Verdict.MET}
    assert answer.matches[0].why.requirements[0].wanted == "on_the_market"


def test_only_public_documents_are_answered_without_filters(matcher: Matcher, put: Put) -> None:
    put(*OFFERS, Document("secret", "en", "durian sorting", audience="staff"))
    assert "secret" not in names(matcher, "durian sorting", "en", k=None)
    staff = Filters(audiences=("public", "staff"))
    assert names(matcher, "durian sorting", "en", filters=staff)[0] == "secret"


def test_filters_hold_for_every_signal(matcher: Matcher, put: Put) -> None:
    put(*OFFERS)
    only = Filters(economies=("TH",))
    assert names(matcher, "榴莲分拣", "zh-Hans", filters=only, k=None) == ["th"]


def test_the_need_that_asks_can_be_left_out(matcher: Matcher, put: Put) -> None:
    put(*OFFERS)
    assert "th" not in names(matcher, "ทุเรียน", "th", filters=Filters(exclude=("th",)), k=None)


def test_a_stream_gives_words_and_concepts_first_and_the_full_answer_then(
    matcher: Matcher, put: Put, embedder: WordEmbedder
) -> None:
    put(*OFFERS)
    steps = matcher.stream("榴莲分拣", "zh-Hans", now=NOW)
    first = next(steps)
    assert embedder.asked == []
    assert not first.complete
    assert {match.id for match in first.matches} == {"zh", "th"}
    second = next(steps)
    assert second.complete
    assert [match.id for match in second.matches] == names(matcher, "榴莲分拣", "zh-Hans")
    assert list(steps) == []


def test_the_question_is_embedded_with_the_english_labels_of_its_concepts(
    matcher: Matcher, put: Put, embedder: WordEmbedder
) -> None:
    put(*OFFERS)
    matcher.ask("คัดแยกทุเรียน", "th")
    assert embedder.asked == ["คัดแยกทุเรียน (sorting, durian)"]
    embedder.asked.clear()
    matcher.ask("zzz", "en")
    assert embedder.asked == ["zzz"]


def test_a_rare_concept_counts_more_than_one_that_every_offer_names(
    index: SqliteIndex, matcher: Matcher, put: Put
) -> None:
    put(*(Document(f"s{n}", "zh-Hans", f"分拣{n}{n}") for n in range(6)))
    put(Document("rare", "zh-Hans", "榴莲"))
    concepts_only = Matcher(
        index, matcher.embedder, None, matcher.terms, weights=Weights(meaning=0)
    )
    best = concepts_only.ask("คัดแยกทุเรียน", "th", k=None).matches[0]
    assert best.id == "rare"
    assert best.why.concepts == ("durian",)


def test_a_document_written_by_another_process_is_found_at_once(
    matcher: Matcher, put: Put, index: SqliteIndex
) -> None:
    put(*OFFERS)
    names(matcher, "durian", "en")
    put(Document("new", "lo", "ທຸລຽນ"))
    assert "new" in names(matcher, "durian", "en")


def test_the_threshold_can_be_set(index: SqliteIndex, put: Put, matcher: Matcher) -> None:
    put(*OFFERS)
    eager = Matcher(index, matcher.embedder, None, matcher.terms, weights=Weights(threshold=0.0))
    assert not eager.ask("zzz qqq", "en").abstained


def test_a_very_long_text_is_answered_from_its_beginning(matcher: Matcher, put: Put) -> None:
    put(*OFFERS)
    assert names(matcher, "durian sorting " + "x" * 50_000, "en")[0] in ("th", "zh")


def test_a_document_without_a_vector_of_this_model_is_found_by_its_words_and_concepts(
    index: SqliteIndex, embedder: WordEmbedder, terms: TermBase, matcher: Matcher
) -> None:
    entries = list(make_entries(OFFERS, embedder, terms))
    index.put([replace(entry, model_id="another/1") for entry in entries])
    answer = matcher.ask("คัดแยกทุเรียน", "th", now=NOW)
    assert {match.id for match in answer.matches[:2]} == {"th", "zh"}
    assert "meaning" not in answer.matches[0].source


def test_a_mistyped_question_is_understood(matcher: Matcher, put: Put) -> None:
    put(*OFFERS)
    answer = matcher.ask("duriann", "en", now=NOW)
    assert answer.concepts == ("durian",)
    assert {match.id for match in answer.matches[:2]} == {"th", "zh"}
