import pytest

from saphan.engines.language.normalise import (
    ascii_digits,
    clean,
    fold,
    fold_han,
    fold_width,
    to_simplified,
    to_traditional,
)
from saphan.engines.language.zawgyi import is_zawgyi, to_unicode


def test_cleaning_removes_what_cannot_be_seen_and_keeps_lines() -> None:
    assert clean("a\x00b\u202ec\ufeff\r\nd\u00ad\te") == "abc\nd\te"


def test_cleaning_keeps_the_joiners_that_khmer_and_burmese_need() -> None:
    assert "\u200b" in clean("ភាសា\u200bខ្មែរ")


def test_composed_and_decomposed_vietnamese_are_the_same_text() -> None:
    assert clean("sa\u0302\u0300u rie\u0302ng") == "sầu riêng"


def test_full_width_letters_and_digits_take_their_ordinary_width() -> None:
    assert fold_width("ＡＩ　２０２６") == "AI 2026"


@pytest.mark.parametrize("digits", ["๒๕๗๐", "໒໕໗໐", "២៥៧០", "၂၅၇၀", "௨௫௭௦", "２５７０"])
def test_native_digits_become_ascii_digits(digits: str) -> None:
    assert ascii_digits(digits) == "2570"


def test_traditional_chinese_folds_to_simplified_in_place() -> None:
    assert fold_han("榴槤分級") == "榴梿分级"
    assert len(fold_han("臺灣的後面")) == 5


def test_chinese_converts_by_words_in_both_directions() -> None:
    assert to_simplified("頭髮") == "头发"
    assert to_traditional("头发") == "頭髮"
    assert to_traditional("发展") == "發展"


def test_folding_keeps_the_tone_marks_that_tell_words_apart() -> None:
    assert fold("Má") != fold("Ma")
    assert fold("ใกล้") != fold("ไกล")


ZAWGYI = [
    ("ေနေကာင္းလား", "နေကောင်းလား"),
    ("ျမန္မာႏိုင္ငံ", "မြန်မာနိုင်ငံ"),
    ("မဂၤလာပါ", "မင်္ဂလာပါ"),
    ("ေက်ာင္းသား", "ကျောင်းသား"),
    ("ကုမၸဏီ", "ကုမ္ပဏီ"),
    ("ေဆး႐ုံ", "ဆေးရုံ"),
    ("တကၠသိုလ္", "တက္ကသိုလ်"),
    ("ပစၥည္း", "ပစ္စည်း"),
    ("ဝန္ႀကီး", "ဝန်ကြီး"),
    ("သေဘၤာ", "သင်္ဘော"),
    ("ဥကၠ႒", "ဥက္ကဋ္ဌ"),
    ("ႏွံ႔", "နှံ့"),
    ("ေ၀လ", "ဝေလ"),
]


@pytest.mark.parametrize(("zawgyi", "burmese"), ZAWGYI)
def test_zawgyi_becomes_unicode(zawgyi: str, burmese: str) -> None:
    assert to_unicode(zawgyi) == burmese


def test_a_sentence_in_zawgyi_is_told_from_unicode_and_cleaned() -> None:
    zawgyi = "ဒူးရင္းသီး အရည္အေသြး ခြဲျခားစနစ္ လိုအပ္သည္"
    burmese = "ဒူးရင်းသီး အရည်အသွေး ခွဲခြားစနစ် လိုအပ်သည်"
    assert is_zawgyi(zawgyi)
    assert not is_zawgyi(burmese)
    assert clean(zawgyi) == burmese
    assert clean(burmese) == burmese


def test_latin_words_inside_zawgyi_stay_as_they_are() -> None:
    assert to_unicode("AI ျမန္မာ 2026") == "AI မြန်မာ 2026"


def test_text_without_burmese_is_never_zawgyi() -> None:
    assert not is_zawgyi("Plain English")
    assert not is_zawgyi("")
