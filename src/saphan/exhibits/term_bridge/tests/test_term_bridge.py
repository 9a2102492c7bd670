"""The term bridge: concepts marked in a text, with their words in the other languages."""

import pytest

from saphan.engines.language.terms import Concept, TermBase
from saphan.engines.runner import Refusal
from saphan.exhibits.term_bridge.bridge import find, language_of, words_of
from saphan.exhibits.term_bridge.exhibit import bridge


@pytest.fixture
def terms():
    return TermBase([
        Concept("fruit", labels={"en": ("fruit",)}),
        Concept("durian", broader=("fruit",), unsure=frozenset({"lo"}), labels={
            "en": ("durian", "durians"), "th": ("ทุเรียน",), "vi": ("sầu riêng",),
            "lo": ("ທຸລຽນ",)})])


def test_a_concept_is_found_once_with_all_its_places(terms):
    text = "durian or ทุเรียน"
    found = find(terms, text)
    assert [each.concept for each in found] == ["durian"]
    assert [text[hit.start:hit.end] for hit in found[0].spots] == ["durian", "ทุเรียน"]
    assert not found[0].mistyped
    assert found[0].broader == ("fruit",)


def test_words_come_in_the_order_of_the_house_with_what_needs_review(terms):
    assert words_of(terms, "durian") == (
        ("English", ("durian", "durians"), False), ("ไทย", ("ทุเรียน",), False),
        ("Tiếng Việt", ("sầu riêng",), False), ("ລາວ", ("ທຸລຽນ",), True))


@pytest.mark.parametrize("text", ["durrian", "sau rieng"])
def test_mistyped_words_are_found_and_told_apart(terms, text):
    assert find(terms, text)[0].mistyped


def test_a_single_word_has_no_language_and_a_sentence_has():
    assert language_of("durian") is None
    assert language_of("We would like to export fresh fruit to Nanning next year.") == "en"


def test_the_answer_marks_numbers_and_has_a_table_for_each_concept():
    answer = bridge("榴莲冷链")
    marks = next(part for part in answer.parts if hasattr(part, "spans"))
    assert [(span.start, span.end, span.label) for span in marks.spans] == [
        (0, 2, "1"), (2, 4, "2")]
    tables = [part for part in answer.parts if hasattr(part, "columns")]
    assert [table.title for table in tables] == ["1 · durian", "2 · cold chain"]
    assert ["ไทย", "ทุเรียน, หมอนทอง"] in tables[0].rows


def test_a_guess_is_called_a_guess():
    say = bridge("durrian").parts[1]
    assert (say.key, say.values) == ("mistyped", {"words": "durrian"})


def test_a_text_without_terms_is_told_so_and_one_without_words_refused():
    assert bridge("I lost my umbrella").parts[0].key == "none"
    with pytest.raises(Refusal) as no:
        bridge("123 !?")
    assert no.value.key == "no_words"
