"""Numbers as people write them: any script's digits, decimal commas, scales, number words."""

from __future__ import annotations

import re
from typing import Final

SCALES: Final = {
    "万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8, "พัน": 1e3, "หมื่น": 1e4, "แสน": 1e5, "ล้าน": 1e6,
    "ພັນ": 1e3, "ໝື່ນ": 1e4, "ແສນ": 1e5, "ລ້ານ": 1e6, "ຕື້": 1e9, "ពាន់": 1e3, "ម៉ឺន": 1e4,
    "លាន": 1e6, "ထောင်": 1e3, "သောင်း": 1e4, "သိန်း": 1e5, "သန်း": 1e6,
    "triệu": 1e6, "tỷ": 1e9, "tỉ": 1e9, "nghìn": 1e3, "ngàn": 1e3, "ribu": 1e3, "juta": 1e6,
    "miliar": 1e9, "milyar": 1e9, "bilion": 1e9, "thousand": 1e3, "million": 1e6, "billion": 1e9,
    "libo": 1e3, "libong": 1e3, "milyon": 1e6, "milyong": 1e6, "mil": 1e3, "milhão": 1e6,
    "milhões": 1e6, "milhão de": 1e6, "milhões de": 1e6, "ஆயிரம்": 1e3, "லட்சம்": 1e5,
    "கோடி": 1e7, "மில்லியன்": 1e6,
}  # fmt: skip
_WORDS: Final = (
    "one two three four five six seven eight nine ten",
    "หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด เก้า สิบ",
    "một hai ba bốn năm sáu bảy tám chín mười",
    "ໜຶ່ງ ສອງ ສາມ ສີ່ ຫ້າ ຫົກ ເຈັດ ແປດ ເກົ້າ ສິບ",
    "មួយ ពីរ បី បួន ប្រាំ ប្រាំមួយ ប្រាំពីរ ប្រាំបី ប្រាំបួន ដប់",
    "တစ် နှစ် သုံး လေး ငါး ခြောက် ခုနစ် ရှစ် ကိုး တစ်ဆယ်",
    "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh",
    "isang dalawang tatlong apat limang anim pitong walong siyam sampung",
    "isa dalawa tatlo apat lima anim pito walo siyam sampu",
    "um dois três quatro cinco seis sete oito nove dez",
    "uma duas três quatro cinco seis sete oito nove dez",
    "ஒரு இரண்டு மூன்று நான்கு ஐந்து ஆறு ஏழு எட்டு ஒன்பது பத்து",
)
_VALUES: Final = {
    word: number for words in _WORDS for number, word in enumerate(words.split(), 1)
} | {"lapan": 8, "twenty": 20, "thirty": 30, "fifty": 50, "ninety": 90, "twelve": 12}
_HAN_DIGITS: Final = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {
    "两": 2, "兩": 2, "零": 0,
}  # fmt: skip
_HAN_UNITS: Final = {"十": 10, "百": 100, "千": 1000}

DIGITS: Final = (
    r"(?:\d{1,3}(?:[ .,]\d{3}){1,5}(?:[.,]\d{1,2})?(?!\d)|\d{1,15}(?:[.,]\d{1,6})?)"
)
_LATIN: Final = [word for word in _VALUES if word < "\u0e00"]
_OTHERS: Final = [word for word in _VALUES if word >= "\u0e00"]
_WORD: Final = "|".join(sorted(map(re.escape, _LATIN), key=len, reverse=True))
_UNSPACED: Final = "|".join(sorted(map(re.escape, _OTHERS), key=len, reverse=True))
NUMBER: Final = (
    rf"(?:(?<!\d)(?<!\d[.,]){DIGITS}|[〇零一二两兩三四五六七八九十百千]{{1,12}}"
    rf"|(?<![^\W\d_])(?:{_WORD})(?![a-zà-ỹđ])|{_UNSPACED})"
)
"""A pattern without groups, for text that is folded to lower case and ASCII digits."""
SCALE: Final = "|".join(sorted(map(re.escape, SCALES), key=len, reverse=True))


def value(written: str) -> float:
    """The value of what `NUMBER` matched.

    Of two different signs the last is decimal; a single one is decimal unless 3 digits follow.
    """
    if written in _VALUES:
        return float(_VALUES[written])
    if not written[0].isdigit() or written[0] in _HAN_DIGITS:
        return float(_han(written))
    digits = written.replace(" ", "")
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return float(digits)
    whole, rest = re.sub(r"[.,]", "", digits[:last]), digits[last + 1 :]
    several = len(re.findall(r"[.,]", digits)) > 1 and len({c for c in digits if c in ".,"}) == 1
    if several or (len(rest) == 3 and whole != "0"):
        return float(whole + rest)
    return float(f"{whole}.{rest}")


def _han(written: str) -> int:
    total = digit = 0
    for character in written:
        if character in _HAN_UNITS:
            total += (digit or 1) * _HAN_UNITS[character]
            digit = 0
        else:
            following = _HAN_DIGITS[character]
            # 两三 is "two or three", not 23.
            digit = following if following == digit + 1 > 1 else digit * 10 + following
    return total + digit
