"""Sentences: cutting loses nothing, and what is put together keeps its paragraphs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saphan.house.rendering.segments import cut, joined

LETTERS = st.text(alphabet="ab 1.!?。！？\n\"'”)។၊။ກກ่ทé中文、ABC", max_size=200)


@given(LETTERS)
def test_sentences_and_gaps_are_the_text(text: str):
    sentences, gaps = cut(text)
    again = "".join(part for pair in zip(
        sentences, [*gaps, ""], strict=bool(sentences)) for part in pair)
    assert again == text
    assert len(gaps) == max(0, len(sentences) - 1)


@pytest.mark.parametrize(("text", "pieces"), [
    ("One. Two? Three!", ["One.", "Two?", "Three!"]),
    ("It needs 3.5 kg, e.g. rice. Then No. 4 follows.",
     ["It needs 3.5 kg, e.g. rice.", "Then No. 4 follows."]),
    ("He said “stop.” She went on.", ["He said “stop.”", "She went on."]),
    ("我们做相机。它不接触水果。", ["我们做相机。", "它不接触水果。"]),
    ("យើងធ្វើ។ វាមិនប៉ះ។", ["យើងធ្វើ។", "វាមិនប៉ះ។"]),
    ("ကျွန်ုပ်တို့။ မထိပါ။", ["ကျွန်ုပ်တို့။", "မထိပါ။"]),
    ("ย่อหน้าแรก\n\nย่อหน้าที่สอง", ["ย่อหน้าแรก", "ย่อหน้าที่สอง"]),
    ("", []),
])
def test_it_cuts_where_a_reader_would(text: str, pieces: list[str]):
    assert cut(text)[0] == pieces


def test_paragraphs_stay_and_chinese_needs_no_spaces():
    _sentences, gaps = cut("One. Two.\n\nThree.")
    assert joined(["Um.", "Dois.", "Três."], gaps, "pt") == "Um. Dois.\n\nTrês."
    assert joined(["一。", "二。", "三。"], gaps, "zh-Hans") == "一。二。\n\n三。"


def test_a_sentence_that_was_joined_leaves_no_hole():
    _sentences, gaps = cut("One. Two. Three.")
    assert joined(["Um e dois.", "", "Três."], gaps, "pt") == "Um e dois. Três."
