"""Does a sentence say a number that measures something?"""

from __future__ import annotations

import re
from typing import Final

from saphan.engines.language.normalise import ascii_digits, fold_han, fold_width
from saphan.engines.matching.quantities import read_quantities

_NO_MEASURE: Final = re.compile(
    r"(?<![a-z\d])(?:industry |công nghiệp |industri |indústria |工业|อุตสาหกรรม )4\.0"
    r"|(?<!\d)(?:[345]g|[23]d|4k|b2b|b2c|o2o|24/7|24 ?x ?7|360(?: ?°| ?degree)?)(?![a-z\d])"
    r"|[a-z]+[-.]?\d[\w.]*"
    r"|(?:iso|iec|gb/t|gb|haccp|ip|din|astm|tcvn|sni|tis)[ -/]?\d[\d:.-]*"
)
"""Digits in names and standards measure nothing."""
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20|24|25)\d\d(?!\d)")
"""Nor does a year, unless a unit stands behind it."""
_DIGIT: Final = re.compile(r"\d")
_HAN: Final = re.compile(
    "(?:[二两三四五六七八九十百千万亿几]|[一二三四五六七八九十百千万亿]{2,})(?:倍|成|个|家|套|台|人|天|小时|分钟|秒|年|个月|吨|种|项|米|元|次|条)"
    "|百分之|一半|减半"
)
_WORDS: Final = re.compile(
    r"(?<![^\W\d_])(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty"
    r"|fifty|sixty|hundred|half|twice|halv\w+|doubl\w+|tripl\w+|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười"
    r"|một nửa|gấp đôi|dua|tiga|empat|lima|enam|tujuh|delapan|lapan|sembilan|sepuluh|separuh"
    r"|setengah|dalawang?|tatlong?|apat|limang?|anim|pitong?|walong?|siyam|sampung?|kalahati"
    r"|dois|duas|três|quatro|cinco|seis|sete|oito|nove|dez|metade|dobro)(?![^\W\d_])"
    "|(?:สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ|ร้อย|พัน)(?:เท่า|ตัน|คน|แห่ง|วัน|เดือน|ปี|ชั่วโมง|นาที|เปอร์เซ็นต์|เครื่อง|ชุด|กิโล)"
    "|ครึ่งหนึ่ง|(?:ສອງ|ສາມ|ສີ່|ຫ້າ|ຫົກ|ເຈັດ|ແປດ|ເກົ້າ|ສິບ|ຮ້ອຍ|ພັນ)(?:ເທົ່າ|ໂຕນ|ຄົນ|ແຫ່ງ|ມື້|ວັນ|ເດືອນ|ປີ|ຊົ່ວໂມງ|ນາທີ|ເຄື່ອງ)"
    "|ເຄິ່ງໜຶ່ງ|(?:ពីរ|បី|បួន|ប្រាំ|ដប់|រយ|ពាន់)(?:ដង|តោន|នាក់|កន្លែង|ថ្ងៃ|ខែ|ឆ្នាំ|ម៉ោង|នាទី|គ្រឿង)|ពាក់កណ្តាល"
    "|(?:နှစ်|သုံး|လေး|ငါး|ခြောက်|ဆယ်)(?:ဆ|တန်|ယောက်|ခု|ရက်|လ|နာရီ|မိနစ်|လုံး)|တစ်ဝက်|တစ်ဆယ်"
    "|இரண்டு|மூன்று|நான்கு|ஐந்து|பத்து|பாதி"
)


def has_number(text: str, lang: str = "") -> bool:
    """Whether a number stands here that is more than part of a name, a standard or a year."""
    plain = _NO_MEASURE.sub(" ", fold_han(fold_width(ascii_digits(text))).lower())
    if read_quantities(plain, lang):
        return True
    rest = _YEAR.sub(" ", plain)
    return bool(_DIGIT.search(rest) or _HAN.search(rest) or _WORDS.search(rest))
