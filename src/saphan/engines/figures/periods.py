"""The periods that a text names, as ISO 8601 writes them, and the days they end on."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import count
from typing import Any, Final

from saphan.engines.figures import tables
from saphan.engines.matching.calendar_words import MONTHS

_YEAR: Final = r"(?P<y>(?:19|20)\d\d|2[45]\d\d)(?!\d)(?![.,]\d)"
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)"
_BUDDHIST: Final = range(2450, 2700)
_SCRIPTS: Final = {"th": "[\u0e00-\u0e7f]", "lo": "[\u0e80-\u0eff]", "km": "[\u1780-\u17ff]",
                   "my": "[\u1000-\u109f]"}  # fmt: skip
_SHORT_MONTHS: Final = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_QUARTERS: Final = {
    token: n
    for n, tokens in enumerate((
        "一|1|first|1st|i|pertama|unang|primeiro|1º|1.º|หนึ่ง|แรก|một|đầu|ໜຶ່ງ|មួយ|ပထမ",
        "二|2|second|2nd|ii|kedua|ikalawang|segundo|2º|2.º|สอง|hai|ສອງ|ពីរ|ဒုတိယ",
        "三|3|third|3rd|iii|ketiga|ikatlong|terceiro|3º|3.º|สาม|ba|ສາມ|បី|တတိယ",
        "四|4|fourth|4th|iv|keempat|ikaapat na|quarto|4º|4.º|สี่|bốn|tư|ສີ່|បួន|စတုတ္ထ",
    ), 1)
    for token in tokens.split("|")
}  # fmt: skip
_SAME_BEFORE: Final = re.compile(r"^(?:年)?(?:同期|同月|相比)")


@dataclass(frozen=True, slots=True)
class Period:
    """A period at a place. `iso`: what it is; `last`: its last day, None where it is not known.

    `as_of`: that day is one of counting. `against`: something is measured against it. `now`: the
    text says "at present".
    """

    start: int
    end: int
    iso: str
    last: date | None
    as_of: bool = False
    against: bool = False
    now: bool = False
    sure: bool = False
    """Whether `against` is beyond doubt: "than a year earlier"."""


def find(plain: str, lang: str, published: date | None) -> list[Period]:
    """The periods named in a folded paragraph, in"
    " order. `published`: what "last year" is from."""
    return [one for one, _ in mentions(plain, lang, published) if one.iso]


def mentions(
    plain: str, lang: str, published: date | None
) -> list[tuple[Period, bool]]:
    """All mentions, also those that cannot be resolved (their `iso` is empty), so that their
    numbers are not taken for figures. The flag says whether it was resolved."""
    spans: list[tuple[int, int, dict[str, str]]] = []
    for pattern in _patterns(lang):
        for match in pattern.finditer(plain):
            if match.end() > match.start():
                spans.append((match.start(), match.end(), _groups(match)))
    spans.sort(key=lambda span: (span[0] - span[1], span[0]))
    kept: list[tuple[int, int, dict[str, str]]] = []
    for span in spans:
        if not any(span[0] < other[1] and other[0] < span[1] for other in kept):
            kept.append(span)
    kept.sort(key=lambda span: span[0])
    found = []
    for start, end, said in kept:
        read = _read(said, tables.table("periods", lang), published)
        iso, last, now = read or ("", None, False)
        window = plain[max(0, start - 24) : start]
        asof = bool(_asof(lang).search(window)) or bool(said.get("end")) or now
        against = bool(
            _compare(lang).search(window) or _compare_first(lang).match(plain, start, end)
            or (lang == "zh" and _SAME_BEFORE.match(plain[end : end + 4]))
        )  # fmt: skip
        found.append((Period(start, end, iso, last, asof and last is not None, against, now),
                      read is not None))  # fmt: skip
    return found


def year_before(iso: str) -> str:
    """The same period a year earlier: 2024-Q1 gives 2023-Q1; a span gives ''."""
    if not re.match(r"\d{4}", iso) or re.fullmatch(r"\d{4}/\d{4}", iso):
        return ""
    return re.sub(r"\d{4}(?=$|-|/)(?<![-]\d{4})", lambda m: str(int(m.group()) - 1), iso)


def one_before(iso: str) -> str:
    """The period before: 2024-Q1 gives 2023-Q4, 2024-03 gives 2024-02."""
    quarter = re.fullmatch(r"(\d{4})-Q(\d)", iso)
    if quarter:
        year, number = int(quarter[1]), int(quarter[2])
        return f"{year}-Q{number - 1}" if number > 1 else f"{year - 1}-Q4"
    month = re.fullmatch(r"(\d{4})-(\d\d)", iso)
    if month:
        year, number = int(month[1]), int(month[2])
        return f"{year}-{number - 1:02d}" if number > 1 else f"{year - 1}-12"
    return year_before(iso) if re.fullmatch(r"\d{4}", iso) else ""


@cache
def _asof(lang: str) -> re.Pattern[str]:
    said = tables.table("periods", lang).get("asof", "")
    return re.compile(
        rf"{tables.WHOLE_START}(?:{said})[\s\u00a0]?(?:the )?$" if said else "(?!)"
    )


@cache
def _compare(lang: str) -> re.Pattern[str]:
    return tables.pattern(lang, "compare", "", r"[\s\u00a0]?(?:the |in |do ano de |que em )?$")


@cache
def _compare_first(lang: str) -> re.Pattern[str]:
    return tables.pattern(lang, "compare", "", r"[\s\u00a0]")


@cache
def _months(lang: str) -> dict[str, int]:
    script = _SCRIPTS.get(lang, "[a-z]")
    known = {name: n for name, n in MONTHS.items() if re.match(script, name)}
    return known | _SHORT_MONTHS if lang == "en" else known


@cache
def _patterns(lang: str) -> tuple[re.Pattern[str], ...]:
    own = tables.table("periods", lang)
    return tuple(
        _compiled(pattern, lang, own)
        for pattern in [*tables.whole("periods")["all"]["patterns"], *own["patterns"]]
    )


def _compiled(pattern: str, lang: str, own: dict[str, Any]) -> re.Pattern[str]:
    names = sorted(map(re.escape, _months(lang)), key=len, reverse=True)
    month = f"(?:{'|'.join(names)})" + (r"(?![a-zà-ỹ])" if lang not in _SCRIPTS else "")
    years = "|".join(sorted(map(re.escape, own["years"]), key=len, reverse=True)) or "(?!)"
    for macro, meaning in (("{Y}", _YEAR), ("{N2}", f"(?P<n2>{month})"), ("{N}", f"(?P<n>{month})"),
                           ("{D}", _DAY), ("{R}", f"(?P<r>{years})")):  # fmt: skip
        pattern = pattern.replace(macro, meaning)
    number = count()
    pattern = re.sub(r"\(\?P<(\w+?)>", lambda m: f"(?P<{m[1]}__{next(number)}>", pattern)
    return re.compile(rf"{tables.WHOLE_START}(?<!\d)(?:{pattern})")


def _groups(match: re.Match[str]) -> dict[str, str]:
    return {name.partition("__")[0]: said for name, said in match.groupdict().items() if said}


Read = tuple[str, date | None, bool]


def _read(said: dict[str, str], own: dict[str, Any], published: date | None) -> Read | None:
    """What the groups of a mention mean; None where the year cannot be known."""
    word = said.get("r", "")
    if word and re.fullmatch(own["now"], word):
        return (published.isoformat(), published, True) if published else None
    for reader in (_by_days, _by_quarters, _by_halves, _by_counts, _by_months, _by_years):
        found = reader(said, own, published)
        if found is not None:
            iso, last = found
            return (iso, last, False) if iso else None
    return None


Reading = tuple[str, date | None] | None
_UNKNOWN: Final = ("", None)


def _year(said: dict[str, str], own: dict[str, Any], published: date | None) -> int | None:
    if "y" in said:
        return _common(int(said["y"]))
    offset = own["years"].get(said.get("r", ""))
    if offset is not None:
        return published.year + int(offset) if published else None
    return None


def _common(year: int) -> int:
    return year - 543 if year in _BUDDHIST else year


def _latest(month: int, published: date | None) -> int | None:
    """The year of the last such month up to the day of publication."""
    if not published:
        return None
    return published.year if month <= published.month else published.year - 1


def _month_of(said: dict[str, str], own: dict[str, Any], second: str = "") -> int | None:
    if "m" + second in said:
        number = int(said["m" + second])
        return number if 1 <= number <= 12 else None
    name = said.get("n" + second)
    return (MONTHS.get(name) or _SHORT_MONTHS.get(name)) if name else None


def _by_days(said: dict[str, str], own: dict[str, Any], published: date | None) -> Reading:
    if "d" not in said:
        return None
    month = _month_of(said, own)
    year = _year(said, own, published) or (_latest(month, published) if month else None)
    if not month or not year:
        return _UNKNOWN
    try:
        day = date(year, month, int(said["d"]))
    except ValueError:
        return _UNKNOWN
    return day.isoformat(), day


def _by_quarters(said: dict[str, str], own: dict[str, Any], published: date | None) -> Reading:
    word = said.get("r", "")
    if word in own["quarters"] and published:
        index = published.year * 4 + (published.month - 1) // 3 + int(own["quarters"][word])
        return f"{index // 4}-Q{index % 4 + 1}", _month_end(index // 4, (index % 4 + 1) * 3)
    if "q" not in said:
        return None
    number = _QUARTERS.get(said["q"], 0)
    year = _year(said, own, published) or _latest(number * 3 - 2, published)
    if not number or not year:
        return _UNKNOWN
    return f"{year}-Q{number}", _month_end(year, number * 3)


def _by_halves(said: dict[str, str], own: dict[str, Any], published: date | None) -> Reading:
    if "h" not in said:
        return None
    first = bool(re.fullmatch(own["first"], said["h"]))
    year = _year(said, own, published) or _latest(1 if first else 7, published)
    if not year:
        return _UNKNOWN
    return f"{year}-H{1 if first else 2}", _month_end(year, 6 if first else 12)


def _by_counts(said: dict[str, str], own: dict[str, Any], published: date | None) -> Reading:
    """The first so many months of a year."""
    if "c" not in said:
        return None
    written = said["c"]
    months = int(written) if written.isdigit() else int(own["counts"].get(written, 0))
    year = _year(said, own, published) or (published.year if published else None)
    if not year or not 1 < months < 12:
        return _UNKNOWN
    if months == 6:
        return f"{year}-H1", _month_end(year, 6)
    return f"{year}-01/{year}-{months:02d}", _month_end(year, months)


def _by_months(said: dict[str, str], own: dict[str, Any], published: date | None) -> Reading:
    word = said.get("r", "")
    if word in own["months"] and published:
        index = published.year * 12 + published.month - 1 + int(own["months"][word])
        year, month = index // 12, index % 12 + 1
        return f"{year}-{month:02d}", _month_end(year, month)
    first, second = _month_of(said, own), _month_of(said, own, "2")
    if not first:
        return _UNKNOWN if "m" in said else None
    named = _year(said, own, published) or _latest(second or first, published)
    if not named:
        return _UNKNOWN
    if second:
        if second <= first:
            return _UNKNOWN
        return f"{named}-{first:02d}/{named}-{second:02d}", _month_end(named, second)
    return f"{named}-{first:02d}", _month_end(named, first)


def _by_years(said: dict[str, str], own: dict[str, Any], published: date | None) -> Reading:
    year = _year(said, own, published)
    if not year:
        if "end" in said and published:
            return str(published.year), date(published.year, 12, 31)
        return _UNKNOWN
    if "y2" in said:
        written = said["y2"]
        second = _common(int(written)) if len(written) == 4 else (
            _common(int(str(int(said["y"]))[:2] + written)))
        return (f"{year}/{second}", date(second, 12, 31)) if second > year else _UNKNOWN
    return str(year), date(year, 12, 31)


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def ends(iso: str) -> Iterator[date]:
    """The first and the last day of a period as `find` writes them; nothing for another text.

    >>> [day.isoformat() for day in ends("2024-Q1")]
    ['2024-01-01', '2024-03-31']
    """
    first, _, second = iso.partition("/")
    days = [day for part in (first, second or first) for day in _bounds(part)]
    if days and len(days) == 4:
        yield days[0]
        yield days[-1]


def _bounds(part: str) -> list[date]:
    match = re.fullmatch(r"(\d{4})(?:-(?:Q([1-4])|H([12])|(\d\d)(?:-(\d\d))?))?", part)
    if not match:
        return []
    year, quarter, half, month, day = (int(g) if g else 0 for g in match.groups())
    if day:
        return [date(year, month, day)] * 2
    first = month or (quarter * 3 - 2 if quarter else half * 6 - 5 if half else 1)
    last = month or (quarter * 3 if quarter else half * 6 if half else 12)
    return [date(year, first, 1), _month_end(year, last)]
