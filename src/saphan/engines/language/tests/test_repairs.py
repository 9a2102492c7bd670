import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saphan.engines.language.normalise import clean, fold
from saphan.engines.language.repairs import repair
from saphan.engines.language.terms import Concept, TermBase

SCRIPTS = st.text(
    st.sampled_from(
        [
            *map(chr, range(0x0E01, 0x0E4F)),
            *map(chr, range(0x0E81, 0x0ECF)),
            *map(chr, range(0x1780, 0x17DE)),
            *map(chr, range(0x1000, 0x104A)),
            *"oauqhyòàỳảạ ",
        ]
    ),
    max_size=12,
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("น\u0e49\u0e4d\u0e32", "น้ำ"),
        ("น\u0e4d\u0e49\u0e32", "น้ำ"),
        ("เเพทย์", "แพทย์"),
        ("ท\u0e48\u0e35", "ที่"),
        ("ท\u0e35\u0e35\u0e48", "ที่"),
        ("ນ\u0ec9\u0ecd\u0eb2", "ນ້ຳ"),
        ("ກະສິກ\u0ecd\u0eb2", "ກະສິກຳ"),
        ("ក\u17b6\u17d2\u179a", "ក\u17d2\u179a\u17b6"),
        ("ស\u17d2\u179a\u17d2\u178f", "ស\u17d2\u178f\u17d2\u179a"),
        ("\u1040န်ကြီး", "ဝန်ကြီး"),
        ("က\u103d\u103b", "က\u103b\u103d"),
        ("က\u1031\u103b", "က\u103b\u1031"),
    ],
)
def test_marks_typed_in_a_wrong_order_are_set_right(typed: str, meant: str) -> None:
    assert repair(typed) == unicodedata.normalize("NFC", meant)


@pytest.mark.parametrize(
    "text", ["ต้องการที่ปรึกษา", "ນ້ຳ ທີ່", "កម្ពុជា ស្ត្រី", "မြန်မာ ၂၀၂၆ ၁၀", "ပြည်တွင်း", "quý khách"]
)
def test_well_written_text_stays_as_it_is(text: str) -> None:
    assert clean(text) == unicodedata.normalize("NFC", text)


def test_both_places_of_the_vietnamese_tone_are_one_word_to_the_search_only() -> None:
    assert fold("hoà thuý khoẻ") == fold("hòa thúy khỏe")
    assert clean("hoà") == "hoà"
    assert fold("quý") == "quý"
    assert fold("toàn") == "toàn"


def test_the_burmese_zero_typed_for_a_letter_is_the_letter() -> None:
    assert fold("\u1040န်ကြီး ၁\u1040") == fold("ဝန်ကြီး 10")


def test_both_khmer_subscripts_are_one_word_to_the_search() -> None:
    assert fold("ប\u17d2\u178a") == fold("ប\u17d2\u178f")


def test_a_mistyped_mark_does_not_move_the_place_of_a_find() -> None:
    terms = TermBase([Concept("water", labels={"th": ("น้ำเสีย",), "vi": ("điều hoà",)})])
    text = "บำบัด น\u0e4d\u0e49\u0e32เสีย ในโรงงาน"
    (hit,) = terms.find(text, "th")
    assert text[hit.start : hit.end] == "น\u0e4d\u0e49\u0e32เสีย"
    (hit,) = terms.find("sửa điều hòa", "vi")
    assert (hit.start, hit.end) == (4, 12)


@given(SCRIPTS)
def test_repairing_twice_is_repairing_once(text: str) -> None:
    once = repair(unicodedata.normalize("NFC", text))
    assert repair(once) == once


@given(SCRIPTS)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    # Jumbled Burmese may look like Zawgyi even after it was converted.
    text = "".join(character for character in text if not "\u1000" <= character <= "\u109f")
    assert clean(clean(text)) == clean(text)


@given(SCRIPTS)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
