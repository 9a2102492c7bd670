"""Dates, numbers and money as the reader writes them. Digits are always Latin, so that a number can
be compared across languages; Thai dates count Buddhist years (22 พฤศจิกายน 2569)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import (
    format_compact_decimal,
    format_decimal,
    format_percent,
    parse_pattern,
)
from babel.units import format_unit
from django.utils import timezone
from django.utils.translation import get_language

NBSP = "\u00a0"
BUDDHIST_YEARS_AHEAD = 543
_PARTIAL = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_YEAR_FIELD = re.compile(r"(?:G+[\s\u00a0]*)?[yY]+")
# Whose habits a language follows here: day before month, and European Portuguese.
_HABITS = {"en": "en_001", "pt": "pt_PT"}
_UNITS = {"m2": "area-square-meter", "km2": "area-square-kilometer", "ha": "area-hectare",
          "kWh": "energy-kilowatt-hour", "kg": "mass-kilogram", "t": "mass-tonne",
          "km": "length-kilometer"}


def bcp47(code: str) -> str:
    """`zh-hans` as HTML and the rest of the world write it: `zh-Hans`."""
    head, _dash, tail = code.replace("_", "-").partition("-")
    return f"{head.lower()}-{tail.title()}" if len(tail) == 4 else code.lower()


@lru_cache(maxsize=64)
def locale_of(lang: str) -> Locale:
    """The Babel locale for a language code; English where Babel knows no such language."""
    tag = bcp47(lang)
    try:
        return Locale.parse(_HABITS.get(tag) or tag.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_001")


def _locale(lang: str | None) -> Locale:
    return locale_of(lang or get_language() or "en")


def at_clock(value: datetime, zone: str | None = None) -> datetime:
    """An aware datetime as the clocks of `zone` (an IANA name) show it; the centre's without one.
    Raises ValueError for a naive one: nobody knows whose clock that was read from."""
    return timezone.localtime(value, ZoneInfo(zone) if zone else timezone.get_default_timezone())


def day(value: date | datetime | str, *, lang: str | None = None, style: str = "long",
        zone: str | None = None) -> str:
    """A date in words. `style`: short, medium, long or full. A string is an ISO date, which may
    stop at the year or the month: `2025-04`. An aware datetime is the day it is in `zone`, at the
    centre without one."""
    locale = _locale(lang)
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = at_clock(value, zone)
    if isinstance(value, str):
        found = _PARTIAL.fullmatch(value)
        if not found:
            return value
        year, month, number = (int(part) if part else 0 for part in found.groups())
        if not number:
            moment = date(year, month or 1, 1)
            skeleton = "yMMMM" if month else "y"
            pattern = locale.datetime_skeletons.get(skeleton)
            pattern_text = pattern.pattern if pattern else ("MMMM y" if month else "y")
            return format_date(moment, _own_years(pattern_text, moment, locale), locale=locale)
        value = date(year, month, number)
    pattern_text = locale.date_formats[style].pattern
    return format_date(value, _own_years(pattern_text, value, locale), locale=locale)


def period(value: str, *, lang: str | None = None) -> str:
    """A period in words: a year, half (`2024-H1`), quarter (`2024-Q1`), month or day of ISO 8601,
    or from one to another (`2023/2024`). What is none of these is given back as it is."""
    begin, slash, end = value.partition("/")
    if slash:
        return f"{period(begin, lang=lang)} – {period(end, lang=lang)}"
    found = re.fullmatch(r"(\d{4})-([HQ])([1-4])", value)
    if not found:
        return day(value, lang=lang)
    year, part, number = int(found[1]), found[2], int(found[3])
    if part == "H":
        first, last = ("01", "06") if number == 1 else ("07", "12")
        return period(f"{year}-{first}/{year}-{last}", lang=lang)
    locale, moment = _locale(lang), date(year, 3 * number - 1, 1)
    pattern = locale.datetime_skeletons.get("yQQQ")
    pattern_text = pattern.pattern if pattern else "QQQ y"
    return format_date(moment, _own_years(pattern_text, moment, locale), locale=locale)


def _own_years(pattern: str, value: date, locale: Locale) -> str:
    """The pattern with the year of the calendar in which the language's readers count."""
    if locale.language != "th":
        return pattern
    # As a literal: adding 543 to the date itself would fail on 29 February.
    return _YEAR_FIELD.sub(f"'{value.year + BUDDHIST_YEARS_AHEAD}'", pattern)


def moment(value: datetime, *, lang: str | None = None, zone: str | None = None) -> str:
    """Day, time and offset of an aware datetime, all of one clock: that of `zone`, the centre's
    without one. The offset is always said: those who read it sit in several zones."""
    local = at_clock(value, zone)
    joint = str(_locale(lang).datetime_formats["medium"])
    said = joint.replace("{1}", day(local.date(), lang=lang)).replace(
        "{0}", clock(value, lang=lang, zone=zone)).replace("'", "")
    return f"{said} ({utc_offset(local)})"


def clock(value: datetime, *, lang: str | None = None, zone: str | None = None) -> str:
    """The time of day of an aware datetime in `zone`, at the centre without one: 18:30. For
    places where day and zone stand nearby; elsewhere `moment`."""
    local = at_clock(value, zone)
    return format_time(local, "short", locale=_locale(lang), tzinfo=local.tzinfo)


def utc_offset(value: datetime) -> str:
    """`UTC+8`, `UTC+6:30`: understood everywhere, unlike the names of time zones."""
    minutes = round((value.utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02d}' if rest else ''}"


def number(value: float | int | Decimal, *, lang: str | None = None, unit: str = "") -> str:
    """A number with the reader's separators; with `unit` (`m2`, `km2`, `%`, …) also its unit.
    A unit that is a plain noun (`projects`) is left to the label beside the number."""
    locale = _locale(lang)
    if unit == "%":
        return format_percent(Decimal(str(value)) / 100, _percent_pattern(locale, value),
                              locale=locale)
    if unit in _UNITS:
        return format_unit(value, _UNITS[unit], length="short", locale=locale)
    return format_decimal(value, locale=locale)


LARGE = 1_000_000
_LATIN_DIGITS = str.maketrans("၀၁၂၃၄၅၆၇၈၉๐๑๒๓๔๕๖๗๘๙០១២៣៤៥៦៧៨៩໐໑໒໓໔໕໖໗໘໙", "0123456789" * 4)


def large(value: int | Decimal, *, lang: str | None = None) -> str:
    """A number from a million up in the reader's own steps, 890亿 or 89 billion, where that says it
    exactly; else, and below, all its digits."""
    locale, exact = _locale(lang), Decimal(value)
    if abs(exact) < LARGE:
        return format_decimal(exact, locale=locale)
    formats = locale.compact_decimal_formats
    style: Any = next((one for one in ("long", "short") if one in formats), None)
    for places in range(4) if style else ():
        told = format_compact_decimal(exact, format_type=style, locale=locale,
                                      fraction_digits=places)
        # Exact if no digit that is not zero was left out.
        short = re.sub(r"[^\d]", "", told.translate(_LATIN_DIGITS)).lstrip("0").rstrip("0")
        if short == f"{exact.normalize():f}".replace(".", "").lstrip("-0").rstrip("0"):
            return told.translate(_LATIN_DIGITS)
    return format_decimal(exact, locale=locale)


def _percent_pattern(locale: Locale, value: Any) -> Any:
    pattern = parse_pattern(locale.percent_formats[None].pattern)
    places = max(0, -int(Decimal(str(value)).normalize().as_tuple().exponent))  # type: ignore[arg-type]
    pattern.frac_prec = (min(places, 2), min(places, 2))
    return pattern


def money(amount: float | int | Decimal, currency: str, *, lang: str | None = None,
          steps: bool = False) -> str:
    """An amount with its ISO 4217 code, on the side where the reader expects it: signs such as $
    and ¥ stand for several currencies here. `steps`: 89 billion, as `large` writes it."""
    locale = _locale(lang)
    figure = large(Decimal(str(amount)), lang=lang) if steps else format_decimal(
        amount, locale=locale)
    before = locale.currency_formats["standard"].pattern.lstrip().startswith("¤")
    return f"{currency}{NBSP}{figure}" if before else f"{figure}{NBSP}{currency}"


def language_name(code: str, *, lang: str | None = None) -> str:
    """The name of a language in the reader's language, for running text."""
    locale = _locale(lang)
    name = locale.languages.get(bcp47(code).replace("-", "_"))
    if name:
        return name
    return locale_of(code).get_display_name(locale) or code


ENDONYMS = {"zh-Hans": "简体中文", "zh-Hant": "繁體中文", "en": "English", "th": "ไทย",
            "vi": "Tiếng Việt", "lo": "ລາວ", "km": "ខ្មែរ", "my": "မြန်မာ",
            "id": "Bahasa Indonesia", "ms": "Bahasa Melayu", "fil": "Filipino",
            "pt": "Português", "ta": "தமிழ்", "tet": "Tetun", "ja": "日本語"}


def measure(value: float, unit: str = "", *, digits: int | None = None,
            lang: str | None = None) -> str:
    """A measured value as the reader writes it. `unit`: "share" is shown per cent; other units
    (`kg`, `ms`, `°C`, `mm`) stand behind the number as they are. `digits` after the decimal point;
    by default as many as a reader can use."""
    locale = _locale(lang)
    if unit in ("share", "%"):
        share = Decimal(str(value)) * (100 if unit == "share" else 1)
        places = digits if digits is not None else int(abs(share) not in (0, 100)
                                                       and not 1 <= abs(share) <= 99)
        return number(round(share, places), lang=lang, unit="%")
    if digits is None:
        size = abs(value)
        digits = 0 if size >= 100 or float(value).is_integer() else 1 if size >= 10 else 2
    figure = format_decimal(round(Decimal(str(value)), digits), locale=locale,
                            format=f"#,##0.{'0' * digits}" if digits else "#,##0")
    if unit in _UNITS:
        return format_unit(Decimal(str(round(value, digits))), _UNITS[unit], length="short",
                           locale=locale)
    return f"{figure}{NBSP}{unit}" if unit else figure
