from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.engines.language.codes import CODES
from saphan.engines.language.terms import TermBase
from saphan.engines.translation.compare import compare
from saphan.engines.translation.gist import gist
from saphan.engines.translation.glossary import glossary_for
from saphan.engines.translation.mismatch import Mismatch
from saphan.engines.translation.negation import denials
from saphan.engines.translation.reading import read_figures


def found(source: str, translation: str, langs: str, **more: object) -> list[Mismatch]:
    first, second = langs.split(">")
    return compare(source, translation, source_lang=first, target_lang=second, **more)


def blocked(source: str, translation: str, langs: str, **more: object) -> set[str]:
    return {one.kind for one in found(source, translation, langs, **more) if one.blocks}


@pytest.mark.parametrize(("text", "lang", "value"), [
    ("3.5万吨", "zh-Hans", 35_000), ("2亿3000万元", "zh-Hans", 230_000_000),
    ("三千二百", "zh-Hans", 3200),
    ("5 พันล้านบาท", "th", 5e9), ("ยี่สิบเอ็ด", "th", 21), ("๑,๕๐๐ ไร่", "th", 1500),
    ("พ.ศ. 2570", "th", 2027),
    ("3,5 tỷ đồng", "vi", 3.5e9), ("1.500 tấn", "vi", 1500), ("hai mươi lăm", "vi", 25),
    ("໒໕ ລ້ານກີບ", "lo", 25e6), ("៣០ លាន", "km", 30e6), ("ဒေါ်လာ သန်း ၅၀", "my", 50e6),
    ("၁၉၈ဝ", "my", 1980),
    ("dua belas juta", "id", 12e6), ("12,5 persen", "id", 12.5), ("dalawampu't lima", "fil", 25),
    ("dois mil e quinhentos", "pt", 2500), ("three hundred and fifty-two", "en", 352),
    ("82M parameters", "en", 82e6), ("$3.5bn", "en", 3.5e9), ("两成", "zh-Hans", 2),
    ("2500多萬", "zh-Hant", 25e6),
    ("အသက်နှစ်ဆယ့်ကိုးနှစ်", "my", 29), ("hai mươi năm", "vi", 20),
    ("民國115年", "zh-Hant", 2026), ("1 ล้าน 5 แสน", "th", 1.5e6),
])  # fmt: skip
def test_a_number_is_read_as_its_language_writes_it(text, lang, value):
    assert any(value == pytest.approx(reading) for figure in read_figures(text, lang)
               for reading in figure.readings)  # fmt: skip


@pytest.mark.parametrize(("source", "translation", "langs"), [
    ("Capacity of 35,000 tonnes a year", "年产能3.5万吨", "en>zh-Hans"),
    ("งบ 3 ล้านบาท ภายในเดือนมีนาคม 2570", "A budget of 3 million baht, by March 2027", "th>en"),
    ("At least 1,500 kg per day", "Ít nhất 1,5 tấn mỗi ngày", "en>vi"),
    ("We need three machines", "ต้องการเครื่อง 3 เครื่อง", "en>th"),
    ("Half of the 12 farms", "50% dari dua belas kebun", "en>id"),
    ("3-4 million people", "300万至400万人", "en>zh-Hans"),
    ("Founded in the 1990s", "成立于90年代", "en>zh-Hans"),
    ("From 7.30 p.m. to 9 p.m.", "19.30 น. ถึง 21.00 น.", "en>th"),
    ("不少于5吨,不晚于3月", "No less than 5 tonnes, no later than March", "zh-Hans>en"),
    ("无人机拍摄", "Images from a drone", "zh-Hans>en"),
    ("The model is unable to read it", "โมเดลอ่านไม่ออก", "en>th"),
    ("គ្មានអ៊ីនធឺណិត ២៦ កន្លែង", "26 places without internet", "km>en"),
    ("Moisture below 14 per cent", "Độ ẩm dưới 14%", "en>vi"),
])  # fmt: skip
def test_a_right_translation_is_not_blocked(source, translation, langs):
    assert blocked(source, translation, langs) == set()


@pytest.mark.parametrize(("source", "translation", "langs", "kind"), [
    ("Capacity of 35,000 tonnes", "年产能3.6万吨", "en>zh-Hans", "figure"),
    ("งบ 3 ล้านบาท", "A budget of 3 billion baht", "th>en", "figure"),
    ("Up to 40 tonnes a day", "Hingga sehari beberapa ton", "en>id", "figure"),
    ("Deploy on a farm", "Triển khai tại 12 trang trại", "en>vi", "figure"),
    ("A load of 40 kg", "น้ำหนัก 40 ตัน", "en>th", "unit"),
    ("Wages of 300 dollars", "ค่าจ้าง 300 บาท", "en>th", "unit"),
    ("At least 95% accuracy", "Độ chính xác tối đa 95%", "en>vi", "bound"),
    ("It does not store pictures", "มันเก็บภาพ", "en>th", "negation"),
    ("系统不保存照片", "The system stores photos", "zh-Hans>en", "negation"),
    ("ລະບົບບໍ່ເກັບຮູບພາບ", "The system stores pictures", "lo>en", "negation"),
    ("The system stores pictures", "Hệ thống không lưu ảnh", "en>vi", "negation"),
    ("Runs on the RK3588 board", "ทำงานบนบอร์ด RK3568", "en>th", "name"),
    ("See https://example.org/a", "Xem https://example.com/a", "en>vi", "name"),
    ("Managed by Elin Jones herself", "Dikelola oleh Elin Smith sendiri", "en>id", "name"),
    ("We look for a partner in Laos who sells dried mango to schools", "…", "en>th", "missing"),
    ("We look for a partner", "  ", "en>th", "missing"),
    ("We look for a partner in Laos", "We look for a partner in Laos", "en>th", "language"),
    ("We look for a partner in Laos", "我们在老挝寻找合作伙伴，谢谢大家", "en>th", "language"),
    ("ຊອກຫາຄູ່ຮ່ວມ", "<script>x</script> Looking for a partner", "lo>en", "markup"),
])  # fmt: skip
def test_a_mistake_blocks_and_says_of_what_kind(source, translation, langs, kind):
    assert kind in blocked(source, translation, langs)


def test_a_lost_bound_and_a_lost_per_cent_sign_are_told_but_do_not_block():
    one = found("At least 95% accuracy", "ความแม่นยำ 95%", "en>th")
    assert [(m.kind, m.severity) for m in one] == [("bound", "advise")]
    two = found("Moisture of 14%", "ความชื้น 14", "en>th")
    assert [(m.kind, m.severity) for m in two] == [("unit", "advise")]


def test_two_figures_that_changed_places_are_found_by_their_units():
    assert "unit" in blocked("5 kg in 30 minutes", "30 กิโลกรัมใน 5 นาที", "en>th")


def test_spans_point_at_the_words_that_differ():
    source, translation = "ใช้ไฟ ๑๒ กิโลวัตต์", "It draws 13 kilowatts"
    lost, added = found(source, translation, "th>en")
    assert source[slice(*lost.source_span)] == lost.in_source == "๑๒"
    assert translation[slice(*added.translation_span)] == added.in_translation == "13"
    assert lost.translation_span is None
    assert added.source_span is None


def test_a_name_of_the_record_must_stand_letter_for_letter():
    source = "Saphan Robotics builds sorters"
    assert blocked(source, "สะพานโรโบติกส์สร้างเครื่องคัด", "en>th") == set()
    assert blocked(source, "สะพานโรโบติกส์สร้างเครื่องคัด", "en>th",
                   names=["Saphan Robotics"]) == {"name"}
    assert blocked(source, "SAPHAN Robotics สร้างเครื่องคัด", "en>th",
                   names=["Saphan Robotics", "Not There"]) == set()


def test_a_concept_that_the_translation_does_not_name_is_advice_with_the_words_wanted():
    terms = TermBase.load()
    (missed,) = found("Sorting durian for buyers", "คัดผลไม้ให้ผู้ซื้อ", "en>th",
                      terms=TermBase([terms.concepts["durian"]]))
    assert (missed.kind, missed.severity, missed.in_source) == ("term", "advise", "durian")
    assert "ทุเรียน" in missed.wanted


def test_the_glossary_pairs_words_as_they_stand_with_the_words_of_the_house():
    pairs = glossary_for(TermBase.load(), "Grading durian and Durian", "en", "th")
    assert ("durian", "ทุเรียน") in pairs
    assert ("Durian", "ทุเรียน") in pairs


def test_the_gist_names_concepts_figures_and_days_and_keeps_each_rate_with_its_own_number():
    said = gist(["คัดทุเรียน วันละ 40 ตัน งบ 3 ล้านบาท ภายในเดือนมีนาคม 2570"], "th",
                terms=TermBase.load(), now=date(2026, 11, 23))
    assert "durian" in said.concepts
    assert [str(one) for one in said.quantities] == ["40 t/day"]
    assert [(one.value, one.unit) for one in said.prices] == [(3e6, "THB")]
    assert said.days == (date(2027, 3, 31),)


@pytest.mark.parametrize(("text", "lang"), [
    ("无人机", "zh-Hans"), ("不少于3天", "zh-Hans"), ("ไม่น้อยกว่า 3 วัน", "th"), ("ຫຼືບໍ່", "lo"),
    ("កន្លែងបម្លែង", "km"), ("không quá 5 ngày", "vi"), ("hàng không", "vi"),
    ("tidak kurang dari 5", "id"),
    ("hindi bababa sa 5", "fil"), ("não só", "pt"), ("no later than May, not only", "en"),
])  # fmt: skip
def test_a_phrase_with_a_negator_is_not_always_a_negation(text, lang):
    assert not denials(text, lang).places


@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from(CODES), st.sampled_from(CODES))
@settings(max_examples=150, deadline=None)
def test_any_two_texts_can_be_compared_and_spans_lie_inside_them(source, translation, one, two):
    for lost in compare(source, translation, source_lang=one, target_lang=two):
        for text, span in ((source, lost.source_span), (translation, lost.translation_span)):
            assert span is None or 0 <= span[0] <= span[1] <= len(text)


@pytest.mark.parametrize("lang", CODES)
def test_a_text_agrees_with_itself(lang):
    text = "Grade 40 t of durian (RK3588) at least 95%, not below 3.5 °C: https://example.org"
    assert compare(text, text, source_lang=lang, target_lang=lang) == []
