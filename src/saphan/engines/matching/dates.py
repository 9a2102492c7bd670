"""Read by when something is needed: "within 3 months", "ภายใน 31/12/2570", "2027年3月底前"."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Final

from saphan.engines.language.normalise import ascii_digits, fold_width

_BUDDHIST: Final = 543
_BUDDHIST_YEARS: Final = range(2450, 2700)

_UNITS: Final = {
    "day": "days?|天|日内|日內|日|วัน|ngày|ມື້|ວັນ|ថ្ងៃ|ရက်|hari|araw|dias?|நாட்கள|நாள|loron",
    "week": "weeks?|周|週|个星期|個星期|星期|สัปดาห์|อาทิตย์|tuần|ອາທິດ|ສັບປະດາ|សប្ដាហ៍|សប្តាហ៍|အပတ်"
    "|ပတ်|minggu|linggo|semanas?|வார|semana",
    "month": "months?|个月|個月|เดือน|tháng|ເດືອນ|ខែ|လ|bulan|buwan|mês|meses|மாத|fulan",
    "year": "years?|年|ปี|năm|ປີ|ឆ្នាំ|နှစ်|tahun|taon|anos?|ஆண்டு|வருட|tinan",
}
_WITHIN: Final = (
    r"within|in the next|ภายใน|trong vòng|trong|ພາຍໃນ|ក្នុងរយៈពេល|ក្នុង|dalam waktu|dalam tempoh|dalam"
    r"|sa loob ng|dentro de|em até|no prazo de|iha"
)
_AFTER_NUMBER: Final = r"(?:之?[内內]|以[内內]|အတွင်း|க்குள்|ங்களுக்குள்|த்திற்குள்|த்துக்குள்)"
_NUMBER: Final = r"(\d{1,3})"
_NAMES: Final = {
    name: number
    for number, names in enumerate(
        (
            "january|janeiro|januari|enero|มกราคม|ม.ค.|ມັງກອນ|មករា|ဇန်နဝါရီ|ஜனவரி|janeiru",
            "february|fevereiro|februari|pebrero|กุมภาพันธ์|ก.พ.|ກຸມພາ|កុម្ភៈ|ဖေဖော်ဝါရီ|பிப்ரவரி",
            "march|março|maret|mac|marso|มีนาคม|มี.ค.|ມີນາ|មីនា|မတ်|மார்ச்",
            "april|abril|เมษายน|เม.ย.|ເມສາ|មេសា|ဧပြီ|ஏப்ரல்",
            "may|maio|mei|mayo|พฤษภาคม|พ.ค.|ພຶດສະພາ|ឧសភា|မေ|மே",
            "june|junho|juni|jun|hunyo|มิถุนายน|มิ.ย.|ມິຖຸນາ|មិថុនា|ဇွန်|ஜூன்",
            "july|julho|juli|julai|hulyo|กรกฎาคม|ก.ค.|ກໍລະກົດ|កក្កដា|ဇူလိုင်|ஜூலை",
            "august|agosto|agustus|ogos|สิงหาคม|ส.ค.|ສິງຫາ|សីហា|ဩဂုတ်|ஆகஸ்ட்",
            "september|setembro|septiyembre|setyembre|กันยายน|ก.ย.|ກັນຍາ|កញ្ញា|စက်တင်ဘာ|செப்டம்பர்",
            "october|outubro|oktober|oktubre|ตุลาคม|ต.ค.|ຕຸລາ|តុលា|အောက်တိုဘာ|அக்டோபர்",
            "november|novembro|nobyembre|พฤศจิกายน|พ.ย.|ພະຈິກ|វិច្ឆិកា|နိုဝင်ဘာ|நவம்பர்",
            "december|dezembro|desember|disember|disyembre|ธันวาคม|ธ.ค.|ທັນວາ|ធ្នូ|ဒီဇင်ဘာ|டிசம்பர்",
        ),
        1,
    )
    for name in names.split("|")
}
_MONTH: Final = "|".join(re.escape(name) for name in sorted(_NAMES, key=len, reverse=True))
_DATES: Final = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4}) ?年 ?(?P<m>\d{1,2}) ?月(?: ?(?P<d>\d{1,2}) ?[日号號])?"),
    re.compile(r"tháng (?P<m>\d{1,2})[ /](?:năm )?(?P<y>\d{4})"),
    re.compile(rf"(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)? ?(?:de |ng )?)?(?P<name>{_MONTH})\.?,?"
               rf"(?: (?:de|ng|tahun|พ\.ศ\.|ค\.ศ\.))? ?(?P<y>\d{{4}})"),
    re.compile(rf"(?P<y>\d{{4}}) ?(?:ခုနှစ်)?[ ,]*(?P<name>{_MONTH})"),
)  # fmt: skip


def read_deadline(text: str, lang: str, now: date) -> date | None:
    """The day by which the text wants something, or None if it does not say.

    Thai and Lao Buddhist years (2570 = 2027) are understood in every language; a month without a
    day means its last day. Dates before `now` are no deadlines.
    """
    plain = fold_width(ascii_digits(text)).lower()
    days = [day for day in _dates(plain) if day >= now]
    if days:
        return min(days)
    return _relative(plain, now)


def _dates(text: str) -> list[date]:
    found = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            year = int(parts["y"])
            if year in _BUDDHIST_YEARS:
                year -= _BUDDHIST
            month = int(parts["m"]) if parts.get("m") else _NAMES[parts["name"]]
            if not (1 <= month <= 12 and 1900 < year < 2200):
                continue
            last = calendar.monthrange(year, month)[1]
            day = int(parts["d"]) if parts.get("d") else last
            if 1 <= day <= last:
                found.append(date(year, month, day))
    return found


def _relative(text: str, now: date) -> date | None:
    for unit, words in _UNITS.items():
        before = rf"(?:{_WITHIN}) ?{_NUMBER} ?(?:{words})"
        after = rf"{_NUMBER} ?(?:{words}){_AFTER_NUMBER}"
        burmese = rf"(?:{words}) ?{_NUMBER} ?(?:{words})? ?အတွင်း"
        for pattern in (before, after, burmese):
            match = re.search(pattern, text)
            if match:
                return _later(now, unit, int(match.group(1)))
    return None


def _later(now: date, unit: str, number: int) -> date:
    if unit in ("day", "week"):
        return now + timedelta(days=number * (7 if unit == "week" else 1))
    months = now.month - 1 + number * (12 if unit == "year" else 1)
    year, month = now.year + months // 12, months % 12 + 1
    return date(year, month, min(now.day, calendar.monthrange(year, month)[1]))
