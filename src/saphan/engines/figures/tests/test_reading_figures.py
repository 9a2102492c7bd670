"""Figures are read with what they mean, and what is no figure is left alone."""

from datetime import date
from decimal import Decimal

import pytest

from saphan.engines.figures import Found, find

DAY = date(2025, 4, 8)


def only(text: str, lang: str, title: str = "") -> Found:
    found = find(text, lang, DAY, title)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(("lang", "text", "value", "unit"), [
    ("zh-Hans", "总投资达1.63亿元。", "163000000", "CNY"),
    ("zh-Hans", "占比为百分之十九点七。", "19.7", "%"),
    ("zh-Hans", "三成企业受益。", "30", "%"),
    ("zh-Hant", "接待旅客３４萬人次。", "340000", "visit"),
    ("en", "Exports reached 5.2 billion yuan.", "5200000000", "CNY"),
    ("th", "งบประมาณ ๒.๕ พันล้านบาท", "2500000000", "THB"),
    ("vi", "Vốn đầu tư đạt 1.250,5 tỷ đồng.", "1250500000000", "VND"),
    ("lo", "ລັດຖະບານລົງທຶນ 36 ຕື້ກີບ.", "36000000000", "LAK"),
    ("km", "គម្រោងនេះចំណាយ ៤,៥ លានដុល្លារ។", "4500000", "USD"),
    ("my", "စီမံကိန်းအတွက် ကျပ် သန်း ၅၀၀ သုံးစွဲသည်။", "500000000", "MMK"),
    ("id", "Anggaran mencapai Rp 3,5 triliun.", "3500000000000", "IDR"),
    ("ms", "Kerajaan melabur RM 350 juta.", "350000000", "MYR"),
    ("fil", "Umabot sa 3.4 milyong tonelada ang ani.", "3400000", "t"),
    ("pt", "O programa custou 2,3 mil milhões de dólares.", "2300000000", "USD"),
])  # fmt: skip
def test_scales_and_units_of_thirteen_languages_give_plain_numbers(lang, text, value, unit):
    found = only(text, lang)
    assert (found.value, found.unit) == (Decimal(value), unit)


def test_a_figure_of_the_bulletin_has_its_subject_place_period_and_comparison():
    found = only("广西人工智能企业数量2024年比2023年增长19.77%。", "zh-Hans")
    assert (found.kind, found.subject, found.place_code, found.period, found.compared_with) == (
        "change", "人工智能企业", "CN-GX", "2024", "2023")  # fmt: skip


def test_a_buddhist_year_becomes_a_common_one_and_its_end_a_day_of_counting():
    found = only("กว่างซีมีโรงงานอัจฉริยะ 303 แห่ง ณ สิ้นปี 2566", "th")
    assert (found.value, found.unit, found.period) == (303, "factory", "2023")
    assert found.as_of == date(2023, 12, 31)


def test_points_are_not_per_cent_and_a_fall_is_negative():
    points, change = find("Inflation dropped by 0.4 percentage points; exports fell 3%.", "en", DAY)
    assert (points.value, points.unit, points.kind) == (Decimal("-0.4"), "pp", "points")
    assert (change.value, change.unit, change.kind) == (-3, "%", "change")


def test_a_level_reached_is_no_change():
    found = only("The unemployment rate rose to 4.1 per cent.", "en")
    assert (found.kind, found.value) == ("share", Decimal("4.1"))


@pytest.mark.parametrize(("lang", "text", "relation"), [
    ("zh-Hans", "企业超过300家。", ">"), ("en", "At least 300 firms joined.", ">="),
    ("th", "มีบริษัทประมาณ 300 แห่ง", "~"), ("vi", "Có không quá 300 doanh nghiệp.", "<="),
    ("id", "Kurang dari 300 perusahaan ikut.", "<"), ("zh-Hans", "现场签约12个项目。", "="),
])  # fmt: skip
def test_how_a_number_is_meant_is_kept(lang, text, relation):
    assert only(text, lang).relation == relation


def test_a_range_has_both_ends_in_the_unit_of_the_last():
    found = only("费用由10万元至15万元不等。", "zh-Hans")
    assert (found.value, found.high, found.relation) == (100000, 150000, "range")


def test_year_on_year_names_the_same_quarter_a_year_earlier():
    found = only("今年一季度，南宁进出口总额同比增长12.3%。", "zh-Hans")
    assert (found.period, found.compared_with) == ("2025-Q1", "2024-Q1")


def test_the_other_side_of_a_cooperation_is_not_the_place():
    found = find("南宁有企业12家，与越南合作项目20个。", "zh-Hans", DAY)
    assert [one.place_code for one in found] == ["CNNNG", "CNNNG"]


def test_the_place_of_the_title_counts_where_the_text_names_none():
    assert only("Exports reached 5 million tonnes.", "en", "News from Laos").place_code == "LA"


@pytest.mark.parametrize(("lang", "text"), [
    ("en", "The 22nd expo opens in Hall 4 at 10:30; call +86 771 580 1234. GPT-4 and 5G, v3.0."),
    ("zh-Hans", "第22届东博会将于9月17日在4号馆举行，热线0771-5801234，自贸区3.0版。"),
    ("th", "งานครั้งที่ 22 จัดที่ห้อง 4 เวลา 10.30 น. โทร. 02-123-4567 ตามมาตรา 12 วันที่ 3 มีนาคม 2568"),
    ("vi", "Hội nghị lần thứ 22 lúc 9h30 ngày 3/3/2025 tại phòng 4, Nghị định 13/2023/NĐ-CP."),
])  # fmt: skip
def test_ordinals_dates_versions_and_telephone_numbers_are_no_figures(lang, text):
    assert find(text, lang, DAY) == []


def test_places_of_figures_are_characters_of_the_text_as_given():
    text = "Title line\n\nAt the end of 2023 the region had 303 smart factories."
    found = only(text, "en")
    assert text[found.start : found.end] == "303"
    assert text[found.quote_start : found.quote_end].startswith("At the end of 2023")


def test_an_endless_line_is_read_to_its_end():
    text = "word " * 6000 + "and 303 smart factories stand there."
    assert [one.value for one in find(text, "en", DAY)] == [303]


@pytest.mark.parametrize(("text", "subject", "unit"), [
    ("广西有16家大模型企业、303家智能工厂。", "智能工厂", "factory"),
    ("园区有16家大模型企业，30家新能源企业。", "新能源企业", "firm"),
    ("当地有9所学校、18个在建项目。", "在建项目", "project"),
    ("当地有9所学校、20个意向合作项目。", "意向合作项目", "project"),
])  # fmt: skip
def test_a_small_word_inside_a_longer_one_does_not_end_the_subject(text, subject, unit):
    last = find(text, "zh-Hans", DAY)[-1]
    assert (last.subject, last.unit) == (subject, unit)


@pytest.mark.parametrize(("title", "place"), [
    ("面向东盟的展示大厅开放参观", ""), ("面向东盟的展示大厅落户南宁", "CNNNG")])
def test_for_whom_something_is_made_is_not_where_it_stands(title, place):
    assert only("展示大厅面积为1.9万平方米。", "zh-Hans", title).place_code == place


@pytest.mark.parametrize(("lang", "text"), [
    ("zh-Hans", "南宁一所大学建成老挝语语料库，经费400万元。"),
    ("th", "หนานหนิงสร้างคลังภาษาลาว 200 โครงการ"),
    ("vi", "Nam Ninh có 20 dự án về tiếng Lào."),
])  # fmt: skip
def test_a_language_is_no_place(lang, text):
    assert only(text, lang).place_code == "CNNNG"


def test_where_a_text_opens_counts_last_and_its_dateline_not_at_all():
    text = "新华社北京4月8日电 南宁的展示大厅近日开放。\n\n展示大厅面积为1.9万平方米。"
    assert only(text, "zh-Hans", "面向东盟的展示大厅开放").place_code == "CNNNG"


def test_a_place_has_its_name_in_the_language_of_whoever_reads():
    from saphan.engines.figures.places import name_of

    assert [name_of("CN-GX", lang) for lang in ("th", "zh-Hans", "zh-Hant", "vi", "pt")] == [
        "กว่างซี", "广西", "廣西", "Quảng Tây", "Guangxi"]
    assert (name_of("TH", "en"), name_of("CN", "th"), name_of("ASEAN", "zh-Hans")) == (
        "Thailand", "จีน", "东盟")
    assert name_of("CNBHY", "zh-Hans") == "北海"
    assert name_of("XX-1", "th") == ""


def test_what_is_counted_in_chinese_ends_before_what_they_did_together():
    found = find("三周内，系统在3个闸口共识别4.1万个集装箱。", "zh-Hans", date(2026, 11, 8))
    assert [one.subject for one in found] == ["闸口", "集装箱"]
