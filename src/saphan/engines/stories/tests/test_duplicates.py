"""Near-duplicate texts: what counts as the same, in scripts with spaces and without."""

from __future__ import annotations

import pytest

from saphan.engines.stories.duplicates import (
    bands,
    inside,
    is_copy,
    likeness,
    paragraph_keys,
    signature,
    without,
)

ENGLISH = """The Nanning hall of the China-ASEAN AI Innovation Cooperation Center opened on Monday.

It covers 19,000 square metres and shows work of firms from eleven countries, the city said.

Visitors from Vientiane tried a reader of container doors and asked what it costs to run.

A second hall, for training, is to follow in autumn if the ministries agree on the budget."""

OTHER = """Durian exports from Chanthaburi grew again last month, growers told reporters.

Heavy rain had delayed the harvest in two districts, yet prices held at the border markets.

Packers ask for a faster check of residues, because every day in the queue costs weight."""

THAI = """ศูนย์ความร่วมมือด้านนวัตกรรมปัญญาประดิษฐ์จีน-อาเซียนเปิดห้องจัดแสดงที่เมืองหนานหนิงเมื่อวันจันทร์

ห้องจัดแสดงมีพื้นที่หนึ่งหมื่นเก้าพันตารางเมตร และแสดงผลงานของบริษัทจากสิบเอ็ดประเทศ

ผู้เยี่ยมชมจากเวียงจันทน์ได้ลองใช้เครื่องอ่านประตูตู้สินค้าและสอบถามค่าใช้จ่าย"""

CHINESE = """中国—东盟人工智能创新合作中心展厅星期一在南宁开放,面积一万九千平方米。

来自十一个国家的企业在这里展示产品,万象的参观者试用了集装箱门识别系统,并询问运行费用。

用于培训的第二展厅计划在秋季建成,预算还需要各部门商定。"""


@pytest.mark.parametrize("text", [ENGLISH, THAI, CHINESE])
def test_a_text_with_one_character_changed_is_still_a_copy(text: str) -> None:
    changed = text[:60] + ("a" if text is ENGLISH else "中") + text[61:]

    assert is_copy(signature(text), signature(changed))
    assert likeness(signature(text), signature(changed)) < 1


@pytest.mark.parametrize("text", [ENGLISH, THAI, CHINESE])
def test_a_shortened_copy_is_told_by_what_it_shares(text: str) -> None:
    short = "\n\n".join(text.split("\n\n")[:2])

    assert inside(signature(short), signature(text)) > 0.85
    assert is_copy(signature(short), signature(text))


def test_another_article_is_no_copy() -> None:
    assert not is_copy(signature(ENGLISH), signature(OTHER))
    assert likeness(signature(ENGLISH), signature(OTHER)) < 0.1


def test_the_same_event_in_another_language_is_no_copy() -> None:
    assert not is_copy(signature(THAI), signature(CHINESE))


def test_case_spaces_and_full_width_letters_make_no_difference() -> None:
    wide = ENGLISH.upper().replace("AI", "\uff21\uff29").replace(" ", "  ")

    assert likeness(signature(ENGLISH), signature(wide)) == 1


def test_copies_share_a_band_and_strangers_do_not() -> None:
    edited = ENGLISH.replace("Monday", "Tuesday")

    assert set(bands(signature(ENGLISH))) & set(bands(signature(edited)))
    assert not set(bands(signature(ENGLISH))) & set(bands(signature(OTHER)))
    assert all(0 <= band < 2**63 for band in bands(signature(CHINESE)))


def test_what_a_source_says_below_every_article_can_be_left_out() -> None:
    boilerplate = "\n\n".join(OTHER.split("\n\n")[1:])
    one = ENGLISH.split("\n\n")[0] + "\n\n" + boilerplate
    two = THAI.split("\n\n")[0] + "\n\n" + boilerplate
    repeated = set(paragraph_keys(one)) & set(paragraph_keys(two))

    assert len(repeated) == 2
    assert likeness(signature(one), signature(two)) > 0.2
    left = [signature(without(each, repeated)) for each in (one, two)]
    assert likeness(*left) == 0
    assert without(one, repeated) == ENGLISH.split("\n\n")[0]


def test_a_text_without_letters_is_like_nothing() -> None:
    assert signature(" … \n") == b""
    assert likeness(b"", b"") == 0
    assert bands(b"") == []
    assert not is_copy(signature(ENGLISH), b"")


def test_three_words_in_common_make_no_copy_of_a_long_text() -> None:
    assert not is_copy(signature("The Nanning hall of"), signature(ENGLISH))


def test_a_signature_stays_the_same_between_versions_of_this_program() -> None:
    assert signature("The hall opened on Monday in Nanning.").hex()[:18] == "01050000004d6cba5d"
