"""Moments as feeds, sitemaps and pages write them, in whichever calendar and script."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_tz

BUDDHIST = 543
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?"
                 r"\s*(Z|[+-]\d{2}:?\d{2})?)?", re.I)
YEAR_FIRST = re.compile(r"(\d{4})\s*[年/.]\s*(\d{1,2})\s*[月/.]\s*(\d{1,2})\s*日?")
DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?::(\d{2}))?\s*([ap]\.?m\.?)?(?:\s*(Z|[+-]\d{2}:?\d{2}))?",
                  re.I)
NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?,?\s+(?:de\s+)?([^\W\d][^\d,]*?),?\s*"
                   r"(?:de\s+|พ\.ศ\.\s*|ค\.ศ\.\s*)?(\d{4})")
NAMED_FIRST = re.compile(r"([^\W\d]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
MAIL = re.compile(r"\d:\d\d(?!.*[ap]\.?m\b)", re.I)
MONTHS = [
    "january jan มกราคม ม.ค. januari enero janeiro ມັງກອນ មករា ဇန်နဝါရီ enero",
    "february feb กุมภาพันธ์ ก.พ. februari pebrero fevereiro ກຸມພາ កុម្ភៈ ဖေဖော်ဝါရီ",
    "march mar มีนาคม มี.ค. maret mac marso março ມີນາ មីនា မတ်",
    "april apr เมษายน เม.ย. abril ເມສາ មេសា ဧပြီ",
    "may พฤษภาคม พ.ค. mei mayo maio ພຶດສະພາ ឧសភា မေ",
    "june jun มิถุนายน มิ.ย. juni jun hunyo junho ມິຖຸນາ មិថុនា ဇွန်",
    "july jul กรกฎาคม ก.ค. juli julai hulyo julho ກໍລະກົດ កក្កដា ဇူလိုင်",
    "august aug สิงหาคม ส.ค. agustus ogos agosto ສິງຫາ សីហា ဩဂုတ်",
    "september sep sept กันยายน ก.ย. setyembre setembro ກັນຍາ កញ្ញា စက်တင်ဘာ",
    "october oct ตุลาคม ต.ค. oktober oktubre outubro ຕຸລາ តុលា အောက်တိုဘာ",
    "november nov พฤศจิกายน พ.ย. nopember nobyembre novembro ພະຈິກ វិច្ឆិកា နိုဝင်ဘာ",
    "december dec ธันวาคม ธ.ค. desember disember disyembre dezembro ທັນວາ ធ្នូ ဒီဇင်ဘာ"]
MONTH = {name: number for number, names in enumerate(MONTHS, 1) for name in names.split()}


def read(text: str, zone: tzinfo = UTC) -> datetime | None:
    """The moment that `text` says, with its zone; where it says none, in `zone`. Years of the
    Buddhist era are counted back. None where nothing can be read, or nothing that can be."""
    text = "".join(_digit(sign) for sign in unicodedata.normalize("NFC", text)).strip()[:200]
    if not text:
        return None
    return (_iso(text, zone) or _mail(text, zone) or _written(text, zone))


def _digit(sign: str) -> str:
    value = unicodedata.decimal(sign, None) if sign > "\x7f" else None
    return sign if value is None else str(value)


def _iso(text: str, zone: tzinfo) -> datetime | None:
    found = ISO.match(text)
    if not found:
        return None
    year, month, day, hour, minute, second, offset = found.groups()
    return _made(year, month, day, hour, minute, second, _offset(offset, zone))


def _mail(text: str, zone: tzinfo) -> datetime | None:
    """As e-mail and RSS write it: `Tue, 22 Apr 2025 09:30:00 +0800`."""
    try:
        parts = parsedate_tz(text)
    except (ValueError, IndexError, TypeError):
        return None
    if not parts or parts[0] < 1900 or not MAIL.search(text):
        return None
    offset = zone if parts[9] is None else timezone(timedelta(seconds=parts[9]))
    return _made(*parts[:6], offset)


def _written(text: str, zone: tzinfo) -> datetime | None:
    rest = text
    if found := YEAR_FIRST.search(text):
        year, month, day = found.groups()
    elif found := DAY_FIRST.search(text):
        day, month, year = found.groups()
    elif found := NAMED.search(text):
        day, name, year = found.groups()
        month = _month(name)
    elif found := NAMED_FIRST.search(text):
        name, day, year = found.groups()
        month = _month(name)
    else:
        return None
    rest = text[:found.start()] + " " + text[found.end():]
    hour = minute = second = offset = None
    if time := TIME.search(rest):
        hour, minute, second, half, offset = time.groups()
        if half and int(hour) <= 12:
            hour = str(int(hour) % 12 + (12 if half[0] in "pP" else 0))
    return _made(year, month, day, hour, minute, second, _offset(offset, zone))


def _month(name: str) -> str:
    name = name.strip().lower()
    return str(MONTH.get(name) or MONTH.get(name.rstrip(".")) or 0)


def _offset(text: str | None, zone: tzinfo) -> tzinfo:
    if not text:
        return zone
    if text in "Zz":
        return UTC
    sign = -1 if text[0] == "-" else 1
    hours, minutes = int(text[1:3]), int(text[-2:])
    return timezone(sign * timedelta(hours=hours, minutes=minutes)) if hours < 24 else zone


def _made(year: str | int, month: str | int, day: str | int, hour: str | int | None,
          minute: str | int | None, second: str | int | None, zone: tzinfo) -> datetime | None:
    whole = int(year)
    if whole >= 2400:
        whole -= BUDDHIST
    if not 1970 <= whole <= 2200:
        return None
    try:
        return datetime(whole, int(month), int(day), int(hour or 0), int(minute or 0),
                        min(int(second or 0), 59), tzinfo=zone)
    except ValueError:
        return None
