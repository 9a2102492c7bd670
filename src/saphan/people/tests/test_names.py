"""When two spellings are one organisation, and when they are two."""

from __future__ import annotations

import pytest

from saphan.people.names import fold, loose

SAME = {
    "case, width and an English form": ("Saphan Co., Ltd.", "ＳＡＰＨＡＮ"),
    "an English form in the middle": ("Huawei Technologies (Thailand) Co., Ltd.",
                                      "Huawei Technologies Thailand"),
    "a sign for a word": ("A & B Ltd", "A and B"),
    "a Thai company": ("บริษัท ซีพี ออลล์ จำกัด (มหาชน)", "ซีพีออลล์"),
    "a Thai partnership, abbreviated": ("ห้างหุ้นส่วนจำกัด ก้าวหน้า", "หจก.ก้าวหน้า"),
    "Thai sara am in either order": ("น้ำตาลมิตรผล", "นํ้าตาลมิตรผล"),
    "Thai digits": ("บริษัท ๒๔", "บริษัท 24"),
    "a Lao company": ("ບໍລິສັດ ລາວໂທລະຄົມ ຈຳກັດ", "ລາວໂທລະຄົມ"),
    "a Lao company with the vowel in two parts": ("ບໍລິສັດ ລາວ ຈໍາກັດ", "ບໍລິສັດ ລາວ ຈຳກັດ"),
    "a Khmer company": ("ក្រុមហ៊ុន អង្គរ ឯ.ក", "អង្គរ"),
    "a Burmese company": ("မြန်မာ ကုမ္ပဏီလီမိတက်", "မြန်မာ"),
    "a Chinese company": ("中国石油天然气集团公司", "中国石油天然气集团有限公司"),
    "Traditional characters": ("華為技術有限公司", "华为技术有限公司"),
    "Chinese brackets": ("华为（泰国）有限公司", "华为泰国"),
    "a Vietnamese company": ("Công ty TNHH Hòa Bình", "HÒA BÌNH"),
    "a Vietnamese tone on either vowel": ("Hòa Bình", "Hoà Bình"),
    "a Vietnamese joint-stock company, abbreviated": ("Công ty Cổ phần Tân Á", "CTCP Tân Á"),
    "an Indonesian company": ("PT Telkom Indonesia (Persero) Tbk", "Telkom Indonesia"),
    "a Malaysian company": ("Silverlake Axis Sdn. Bhd.", "SILVERLAKE AXIS"),
    "a Philippine company": ("San Miguel Corporation", "San Miguel Corp."),
    "a Portuguese company": ("Timor Telecom, S.A.", "Timor Telecom"),
    "an invisible sign": ("ភ្នំ\u200bពេញ", "ភ្នំពេញ"),
}
DIFFERENT = {
    "Vietnamese tones": ("Tân Á", "Tấn Á"),
    "Vietnamese vowels": ("Sơn Hà", "Son Ha"),
    "Vietnamese đ": ("Đại Nam", "Dại Nam"),
    "a parent and its subsidiary": ("Tổng công ty Bưu điện", "Công ty Bưu điện"),
    "Thai tone marks": ("ข้าวไทย", "ขาวไทย"),
    "Lao vowels": ("ບໍລິສັດ ນ້ຳ", "ບໍລິສັດ ນາ"),
    "a Chinese branch": ("华为分公司", "华为公司"),
    "a Chinese group": ("吉利集团", "吉利"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_two_spellings_of_one_name_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_names_of_two_organisations_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_the_loose_fold_is_what_people_type_without_marks() -> None:
    assert loose("Công ty TNHH Đại Học Hòa Bình") == "dai hoc hoa binh"
    assert loose("Cong ty TNHH Dai Hoc Hoa Binh") == "dai hoc hoa binh"
    assert loose("Associação Comercial, Lda.") == loose("associacao comercial")
    assert loose("ข้าวไทย") != loose("ขาวไทย")


@pytest.mark.parametrize("form", ["公司", "บริษัท", "PT", "Công ty", "Limited", "The"])
def test_a_name_that_is_nothing_but_a_legal_form_is_kept(form: str) -> None:
    assert fold(form) != ""


@pytest.mark.parametrize("nothing", ["", "  ", "!!!", "—", "\u200b"])
def test_a_name_without_letters_folds_to_nothing(nothing: str) -> None:
    assert fold(nothing) == loose(nothing) == ""
