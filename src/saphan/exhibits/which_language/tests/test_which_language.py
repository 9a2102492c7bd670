import itertools

import pytest

from saphan.engines.runner.contract import Refusal
from saphan.exhibits.which_language.exhibit import which_language
from saphan.exhibits.which_language.passages import passages, words


def said(text):
    return {part["key"] for part in which_language.run({"text": text})["parts"]
            if part["kind"] == "say"}


def test_a_sentence_in_one_language_is_one_passage():
    found = passages("Please send me the contract, and call the driver before noon.")
    assert [(each.lang, each.start) for each in found] == [("en", 0)]


def test_passages_cover_the_text_and_change_where_the_language_does():
    text = "请把合同发给我。Xe tải sẽ đến cửa khẩu lúc chín giờ sáng. ขอบคุณครับ"
    found = passages(text)
    assert [each.lang for each in found] == ["zh-Hans", "vi", "th"]
    assert text[found[1].start:].startswith("Xe tải")
    assert found[0].start == 0 and found[-1].end == len(text)
    assert all(one.end == two.start for one, two in itertools.pairwise(found))


def test_a_lone_latin_abbreviation_is_not_called_a_language():
    assert [each.lang for each in passages("系统需要AI。")][1] == "short"


def test_traditional_characters_anywhere_decide_for_all_chinese_of_the_text():
    found = passages("你好。請問這個多少錢？")
    assert [each.lang for each in found] == ["zh-Hant"]


def test_word_places_point_into_the_text_even_after_an_emoji():
    text = "😀ต้องการทุเรียน"
    assert [text[start:end] for start, end in words(text, "th")][-1] == "ทุเรียน"


def test_vietnamese_syllables_of_one_word_are_joined():
    text = "Chất lượng rất tốt"
    assert text[slice(*words(text, "vi")[0])] == "Chất lượng"


def test_zawgyi_is_said_and_mended():
    text = "ေန႔စဥ္ သစ္သီး ႏွင့္ ဟင္းသီးဟင္း႐ြက္မ်ားကို ေရာင္းခ်သည္။"
    answer = which_language.run({"text": text})
    assert "zawgyi" in said(text)
    mended = next(part["text"] for part in answer["parts"] if part["kind"] == "quote")
    assert mended.startswith("နေ့စဉ်")


def test_malay_and_indonesian_are_said_to_be_alike():
    assert "alike" in said("Saya hendak membeli durian di pasar malam itu")


def test_text_without_letters_is_refused():
    with pytest.raises(Refusal, match="no_words"):
        which_language.run({"text": "123 !"})
