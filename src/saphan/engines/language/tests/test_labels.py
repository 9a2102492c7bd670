"""What a label may be."""

from __future__ import annotations

import pytest

from saphan.engines.language.labels import Problem, identifier, key, problem, tidy
from saphan.engines.language.terms import TermBase


@pytest.mark.parametrize(("label", "lang"), [
    ("ทุเรียน", "th"), ("ໝາກທຸລຽນ", "lo"), ("ទុរេន", "km"), ("ဒူးရင်း", "my"), ("டுரியான்", "ta"),
    ("sầu riêng", "vi"), ("AI", "th"), ("YOLOv8", "my"), ("5G", "lo"), ("β-carotene", "en"),
    ("树", "zh-Hans"), ("樹", "zh-Hant"), ("AI大模型", "zh-Hans"), ("平台", "zh-Hant"),
])  # fmt: skip
def test_words_people_write_are_taken(label: str, lang: str) -> None:
    assert problem(label, lang) is None


@pytest.mark.parametrize(("label", "lang", "why"), [
    ("ทุเรียน", "lo", Problem.SCRIPT), ("ໝາກ", "th", Problem.SCRIPT), ("榴莲", "en", Problem.SCRIPT),
    ("дуриан", "pt", Problem.SCRIPT), ("durian", "km", Problem.LATIN),
    ("d", "en", Problem.TOO_SHORT), ("ກ", "lo", Problem.TOO_SHORT),
    ("榴蓮", "zh-Hans", Problem.TRADITIONAL),
    ("a|b", "en", Problem.RESERVED), ("why?", "en", Problem.RESERVED), ("…", "en", Problem.EMPTY),
    ("x" * 121, "en", Problem.TOO_LONG),
])  # fmt: skip
def test_words_that_cannot_be_are_named(label: str, lang: str, why: Problem) -> None:
    assert problem(label, lang) is why


def test_every_shipped_label_is_clean_and_nearly_all_would_be_taken_today() -> None:
    wrong = [(concept.id, lang, word, why) for concept in TermBase.load().concepts.values()
             for lang, words in concept.labels.items() for word in words
             if (why := problem(tidy(word), lang)) and why is not Problem.LATIN]  # fmt: skip
    assert wrong == []


def test_tidying_puts_right_what_is_only_written_badly() -> None:
    assert tidy("  “sa\u0302\u0300u  rie\u0302ng”, ") == "sầu riêng"
    assert tidy("ျမန္မာ") == "မြန်မာ"
    assert tidy("=cmd()") == "cmd()"
    assert tidy("C++") == "C++"


def test_two_spellings_of_a_word_have_one_key() -> None:
    assert key("Ｄurian") == key("durian") and key("榴蓮") == key("榴莲")
    assert key("ma") != key("mà")


def test_an_identifier_is_made_of_the_english_word_and_never_taken_twice() -> None:
    assert identifier("Soil moisture (deep)") == "soil_moisture_deep"
    assert identifier("Soil moisture", {"soil_moisture"}) == "soil_moisture_2"
    assert identifier("café") == "cafe"
    assert identifier("榴莲") == ""
