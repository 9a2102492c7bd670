"""Days that people count on without naming a date: new years, feasts of the moon, year's end.

Feasts that follow the moon are in a table of the years for which they were computed; the feast of
the end of fasting may fall a day later where the moon is seen later. Outside the table nothing is
read: no date is better than a wrong one.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_FIXED: Final = (
    (4, 13, r"songkran|สงกรานต์|泼水节|潑水節|宋干节|thingyan|သင်္ကြန်|ສົງການ"),
    (4, 14, r"ปีใหม่ลาว|ປີໃໝ່ລາວ|ບຸນປີໃໝ່ລາວ|pi mai|lao new year|ចូលឆ្នាំខ្មែរ|ចូលឆ្នាំថ្មី|khmer new year"
            r"|cambodian new year|புத்தாண்டு \(தமிழ்\)"),
    (12, 25, r"christmas|圣诞节?|聖誕節?|คริสต์มาส|giáng sinh|noel|ຄຣິສມາດ|ណូអែល|ခရစ္စမတ်|natal\b"
    r"|krismas|pasko"
             r"|கிறிஸ்துமஸ்"),
    (1, 1, r"new year's day|元旦|tết dương lịch|tahun baru masehi|bagong taon|ano novo"),
    (10, 1, r"国庆节?|國慶節?"),
)  # fmt: skip
_MOON: Final = (
    # New year of the Chinese and the Vietnamese calendar, which agree in these years.
    (r"spring festival|chinese new year|lunar new year|春节|春節|农历年|農曆年|农历新年|農曆新年"
    r"|过年前|過年前|年前(?!后|後)"
     r"|ตรุษจีน|(?<!\w)tết(?! dương)|ກຸດຈີນ|ຕຸດຈີນ|ចូលឆ្នាំចិន|imlek|tahun baru cina|ano novo chinês"
     r"|சீனப் புத்தாண்டு",
     (date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26), date(2029, 2, 13))),
    (r"eid al-fitr|lebaran|idul ?fitri|idulfitri|aidil ?fitri|hari raya(?! haji| aidiladha"
    r"| korban)|开斋节|開齋節"
     r"|நோன்புப் பெருநாள்",
     (date(2026, 3, 20), date(2027, 3, 10), date(2028, 2, 27), date(2029, 2, 15))),
    (r"deepavali|diwali|தீபாவளி|屠妖节|屠妖節",
     (date(2026, 11, 8), date(2027, 10, 29), date(2028, 10, 17))),
)  # fmt: skip
_FIXED_WORDS: Final = tuple((month, day, re.compile(words)) for month, day, words in _FIXED)
_MOON_WORDS: Final = tuple((re.compile(words), days) for words, days in _MOON)
_BEFORE: Final = re.compile(
    r"(?:before|by|until|ก่อน|ภายใน|ให้ทัน|ทัน|trước|đến|ກ່ອນ|ພາຍໃນ|ໃຫ້ທັນ|មុន|ឱ្យទាន់|sebelum|menjelang"
    r"|jelang|bago"
    r"|hanggang|antes d[oea]|até (?:ao|à|o|a)|赶在|趕在|在)[^\d,.;]{0,16}$"
)
_AFTER: Final = re.compile(
    r"[^\d,.;]{0,12}?(?:前|မတိုင်|အမီ|முன்|க்குள்|வரை)"
)


def festival(text: str, now: date) -> date | None:
    """The day of the first feast before which a folded text wants something; None if none."""
    for month, day, words in _FIXED_WORDS:
        if _wanted_before(words, text):
            this = date(now.year, month, day)
            return this if this >= now else date(now.year + 1, month, day)
    for words, days in _MOON_WORDS:
        if _wanted_before(words, text):
            return next((day for day in days if day >= now), None)
    return None


def _wanted_before(words: re.Pattern[str], text: str) -> bool:
    return any(
        match.group().endswith("前")
        or _BEFORE.search(text[max(0, match.start() - 24) : match.start()])
        or _AFTER.match(text[match.end() : match.end() + 20])
        for match in words.finditer(text)
    )
