from itertools import pairwise

import pytest

from saphan.exhibits.private_words import checks
from saphan.exhibits.private_words.exhibit import private_words
from saphan.exhibits.private_words.rules import blacked, find


def kinds(text):
    return [(each.kind, text[each.start:each.end], each.check) for each in find(text)]


@pytest.mark.parametrize(("check", "right", "wrong"), [
    (checks.china, "11010519491231002X", "110105194912310021"),
    (checks.thailand, "1101700207030", "1101700207031"),
    (checks.singapore, "S1234567D", "S1234567E"),
    (checks.hong_kong, "A1234563", "A1234564"),
    (checks.taiwan, "A123456789", "A123456788"),
    (checks.luhn, "4111111111111111", "4111111111111112"),
    (checks.malaysia, "850214105231", "851314105231"),
    (checks.indonesia, "3171015205900003", "3171017305900003"),
    (checks.vietnam, "079088001234", "097088001234"),
])
def test_a_number_holds_and_one_with_a_slip_does_not(check, right, wrong):
    assert check(right) and not check(wrong)


def test_a_date_in_the_buddhist_era_is_counted_back():
    assert checks.valid_date(2531, 2, 29) and not checks.valid_date(2530, 2, 29)


def test_native_digits_are_found_and_blacked_in_place():
    text = "เลขบัตรประชาชน ๑-๑๐๑๗-๐๐๒๐๗-๐๓-๐ ครับ"
    assert kinds(text) == [("th_id", "๑-๑๐๑๗-๐๐๒๐๗-๐๓-๐", "holds")]
    assert blacked(text, find(text)) == "เลขบัตรประชาชน █████████████████ ครับ"


def test_a_number_that_fails_its_check_is_doubtful_and_stays():
    found = find("Order 110105194912310021")
    assert [each.doubtful for each in found] == [True]
    assert "110105194912310021" in blacked("Order 110105194912310021", found)


def test_a_word_before_it_speaks_for_a_number_that_fails_its_check():
    found = find("身份证 110105194912310021")
    assert [(each.check, each.doubtful) for each in found] == [("fails", False)]


def test_a_date_is_personal_only_as_a_date_of_birth():
    assert kinds("Shipped 12/05/2026") == []
    assert kinds("เกิดวันที่ 29/02/2531")[0][::2] == ("birth", "holds")


def test_a_long_phone_number_is_covered_to_its_end():
    assert kinds("ဖုန်း ၀၉ ၇၈၁ ၂၃၄ ၅၆၇")[0][1] == "၀၉ ၇၈၁ ၂၃၄ ၅၆၇"


def test_finds_do_not_overlap():
    found = find("身份证 11010519491231002X 电话 13800138000 卡 4111 1111 1111 1111")
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert len(found) == 3


def test_it_always_says_what_it_does_not_look_for():
    said = [part["key"] for part in private_words.run({"text": "hello"})["parts"]
            if part["kind"] == "say"]
    assert said == ["nothing", "not_all"]
