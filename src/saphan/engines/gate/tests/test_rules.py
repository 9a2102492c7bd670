"""What the gate says of whole records, and how it reads them."""

from __future__ import annotations

import pytest

from saphan.engines.gate import Duplicate, Passage, Record, check, rules
from saphan.engines.gate.numbers import has_number
from saphan.engines.gate.rules import BadRule, read
from saphan.engines.gate.sentences import split

LONG = ("The mill dries forty loads of coffee in the season and people turn the beans by hand, "
        "which takes the whole night when it rains in the hills.")


def names(record: Record) -> list[str]:
    return [one.rule for one in check(record)]


def need(text: str, lang: str = "en", **more: object) -> Record:
    return Record("need", (Passage("description", lang, text),), **more)


@pytest.mark.parametrize("field", ["indicators", "budget", "deadline"])
def test_a_structured_field_is_requirement_enough(field):
    assert names(need(LONG)) == []  # forty loads
    bare = LONG.replace("forty", "many")
    assert names(need(bare)) == ["no_requirement"]
    assert names(need(bare, measured=(field,))) == []


def test_a_number_in_any_field_will_do_but_not_one_in_a_name():
    bare = LONG.replace("forty", "many")
    title = Passage("title", "en", "Dryer for Industry 4.0, ISO 9001, since 2019")
    assert names(Record("need", (title, Passage("description", "en", bare)))) == ["no_requirement"]
    role = Passage("partner_role", "en", "Install it within 3 months.")
    assert names(Record("need", (title, Passage("description", "en", bare), role))) == []


@pytest.mark.parametrize(("text", "lang"), [
    ("วันละสิบตัน", "th"), ("ລົດລົງ ໓໐ ສ່ວນຮ້ອຍ", "lo"), ("减少三成", "zh-Hans"), ("两台设备", "zh-Hans"),
    ("ba tháng", "vi"), ("၅ ရက်", "my"), ("១០ ថ្ងៃ", "km"), ("dua jam", "id"), ("by half", "en"),
])  # fmt: skip
def test_numbers_are_read_in_words_and_in_every_script(text, lang):
    assert has_number(text, lang)


@pytest.mark.parametrize(("text", "lang"), [
    ("工业4.0一流的一家公司", "zh-Hans"), ("5G and 3D, B2B, 24/7", "en"), ("seit 2019, IP67", "en"),
    ("GPT-4o and YOLOv8", "en")])
def test_digits_in_names_measure_nothing(text, lang):
    assert not has_number(text, lang)


def test_a_number_in_the_next_sentence_proves_the_claim():
    claim = "Our leading solution greatly improves drying. {} That is all we can say of it now."
    assert "vague" in names(Record("other", (Passage("description", "en", claim.format("")),)))
    proven = claim.format("It took 9 hours, not 14.")
    assert names(Record("other", (Passage("description", "en", proven),))) == []


def test_a_sentence_that_claims_twice_is_told_of_once():
    text = "The best and most advanced dryer, a world-class product. We are proud of it."
    assert names(Record("other", (Passage("description", "en", text),))) == ["vague"]


def test_an_offer_with_a_role_for_the_partner_is_enough():
    offer = (Passage("description", "en", LONG),)
    assert names(Record("offer", offer)) == ["no_task"]
    role = Passage("partner_role", "en", "Try it for one season.")
    assert names(Record("offer", (*offer, role))) == []


def test_thin_words_count_letters_by_language_and_each_word_once():
    assert "thin" in names(need("AI " * 60))
    chinese = "日处理茶鲜叶三吨，靠十二人挑拣，漏检率高，想用摄像头识别老叶和碎叶，降到百分之一。"
    assert len(chinese) < 45
    assert names(need(chinese, "zh-Hans")) == []
    short = "We want a camera for tea."
    assert names(need(short)) == ["no_requirement", "thin"]
    rest = Passage("technical_specification", "en", LONG)
    assert names(Record("need", (Passage("description", "en", short), rest))) == []


def test_words_of_a_machine_are_not_judged_as_writing_but_must_not_tell_who_it_is():
    text = "Our world-class dryer; write to farm@example.org."
    found = names(Record("other", (Passage("description", "en", text, "machine"),)))
    assert found == ["contact"]


def test_the_language_may_be_stated_wrongly_and_the_words_are_found_all_the_same():
    text = "Promo akhir tahun, beli sekarang juga dan nikmati harga termurah di kota kami."
    assert "direct_selling" in names(Record("other", (Passage("description", "vi", text),)))


def test_traditional_characters_and_full_width_signs_hide_nothing():
    text = "限時優惠，現在下單打八折，電話：０７７１－５５３６２２１"
    assert set(names(Record("other", (Passage("summary", "zh-Hant", text),)))) == {
        "contact", "direct_selling"}


def test_an_own_name_is_found_without_its_legal_form_in_any_case_and_spacing():
    record = Record("other", (Passage("description", "en", "At mekong-leaf ANALYTICS we grade."),),
                    names=("Mekong Leaf Analytics Co., Ltd.",))
    [finding] = check(record, [rules()["own_name"]])
    assert finding.found == "mekong-leaf ANALYTICS"


def test_parts_of_other_words_are_no_name():
    record = Record("other", (Passage("description", "en", "Vinegar and Advinate are grown."),),
                    names=("Vina", "Factory", "X"))
    assert check(record, [rules()["own_name"]]) == []


def test_duplicates_and_dead_links_are_told_with_what_the_caller_knows():
    record = Record("other", (Passage("title", "en", "Dryers for coffee"), Passage(
        "description", "en", f"{LONG} See https://old.example.org/x for more.")),
        duplicates=(Duplicate("MKT-1", 0.91, "เครื่องอบ"), Duplicate("MKT-2", 0.2)),
        dead_links=("https://old.example.org/x",))
    link, twin = sorted(check(record), key=lambda one: one.rule)
    assert (link.rule, link.field, link.found) == (
        "dead_link", "description", "https://old.example.org/x")
    assert (twin.rule, twin.field, twin.data["id"]) == ("duplicate", "title", "MKT-1")


def test_graver_findings_come_first_and_one_rule_says_enough_after_three():
    text = "**Note** It is our leading solution. " + " ".join(
        f"farm{n}@example.org" for n in range(9))
    found = names(Record("other", (Passage("description", "en", text),)))
    assert found.count("contact") == 3
    assert found[:3] == ["contact"] * 3
    assert set(found[3:]) == {"markup", "vague"}


@pytest.mark.parametrize(("text", "count"), [
    ("It is 3.5 m tall. Dr. Lim measured it! Right?", 3), ("你好。价格另议；请看下文！", 3),
    ("ယခု လုပ်ပါ။ ဒါပါ။", 2), ("ខ្ញុំចង់បាន។ នេះហើយ។", 2), ("Line one\nLine two", 2),
    ("โรงคัดบรรจุส่งออกไปจีนวันละสี่สิบตันทุกวัน อยากใช้กล้องช่วยคัดเกรดและจับลูกที่มีหนอนเจาะก่อนลงกล่อง", 2),
    ("", 0), ("   ", 0)])
def test_sentences_are_cut_in_every_script(text, count):
    found = split(text)
    assert len(found) == count
    assert all(text[one.start:one.end] == one.text == one.text.strip() for one in found)
    assert "".join(one.text for one in found).replace(" ", "") == "".join(text.split())


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "🙂" * 50, "a" * 9000, "ก" * 4000, "(((((",
                                  "\u200b\u200b", "1" * 4000, "@" * 300, "微" * 4000])
def test_odd_texts_break_nothing(text):
    check(Record("need", (Passage("description", "th", text),), names=(text,)))


@pytest.mark.parametrize("text", ['severity = "shout"\nmethod = "words"\n', "severity = ",
                                  'severity = "ask"\n',
                                  'severity = "ask"\nmethod = "words"\nshapes = ["("]\n'])
def test_a_broken_rule_is_named(tmp_path, text):
    (tmp_path / "odd.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadRule, match=r"odd\.toml"):
        read(tmp_path / "odd.toml")
