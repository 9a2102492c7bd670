"""The unit beside a number: measures, money, shares, points, and things that are counted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from saphan.engines.figures import tables
from saphan.engines.figures.tables import LETTER, WHOLE_END, WHOLE_START
from saphan.engines.matching.units import PER_PATTERNS

ITEM: Final = "item"
"""The unit of something counted that is not in the tables."""
_GAP: Final = {
    "pt": r"[\s\u00a0-]?(?:de )?", "tet": r"[\s\u00a0-]?(?:de )?",
    "fil": r"[\s\u00a0-]?(?:(?:na|ng) )?", "zh": r"[\s\u00a0]?",
}  # fmt: skip
_PLAIN_GAP: Final = r"[\s\u00a0-]?"
_RATE_BEFORE: Final = re.compile(
    r"(?P<year>年产(?:能|量)?|年均|每年|ปีละ|mỗi năm|per tahun|por ano|a year)"
    r"|(?P<day>日产(?:能|量)?|日均|每天|每日|วันละ|mỗi ngày)|(?P<month>月产|月均|每月|เดือนละ)"
)
_EVERY: Final = re.compile(
    r"(?:^|[.,;。，；\n]\s?)(?:(?P<day>mỗi ngày|every day"
    r"|each day|setiap hari|每天|每日|ทุกวัน|todos os dias)"
    r"|(?P<month>mỗi tháng|every month|each month|setiap bulan|每月|ทุกเดือน)"
    r"|(?P<year>mỗi năm|every year|each year|setiap"
    r" tahun|每年|ทุกปี|todos os anos))[^\d.,;。，；\n]{0,30}$"
)
_VERBS_AFTER: Final = (
    r"(?:达到?|约为?|可|超过?|近|处理|生产|运送|接待"
    r"|节约|节省|减少|减排|发电|用电|耗电|培训|服务|[ ])*"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with its kind (amount, money, share, points, ratio) and where its words end."""

    code: str
    kind: str
    end: int
    factor: int = 1
    """What the number is multiplied by: 10 for 成."""


@cache
def _after(lang: str) -> tuple[re.Pattern[str], tuple[tuple[str, str, int], ...]]:
    """One pattern for every unit that may follow a number, and what each group stands for."""
    whole = tables.whole("units")
    entries: list[tuple[str, str, str, int]] = []
    for code, entry in whole["measure"].items():
        entries += [(form, code, "amount", 1) for form in tables.forms(entry, lang)]
    for code, entry in whole["money"].items():
        entries += [(form, code, "money", 1) for form in tables.forms(entry, lang)]
    for kind, code in (("share", "%"), ("points", "pp"), ("ratio", "x")):
        entries += [(form, code, kind, 1) for form in tables.forms(whole[kind], lang)]
    if lang == "zh":
        entries.append(("成(?![功本品为员立都长交熟果])", "%", "share", 10))
    entries.sort(key=lambda entry: len(entry[0]), reverse=True)
    gap = _GAP.get(lang, _PLAIN_GAP)
    pattern = "|".join(f"(?P<u{n}>{form})" for n, (form, *_) in enumerate(entries))
    return (re.compile(rf"{gap}(?:{pattern}){WHOLE_END}"),
            tuple((code, kind, factor) for _, code, kind, factor in entries))  # fmt: skip


@cache
def _before() -> tuple[re.Pattern[str], tuple[str, ...]]:
    entries = sorted(tables.whole("units")["before"].items(), key=lambda e: -len(e[0]))
    pattern = "|".join(f"(?P<u{n}>{form})" for n, (form, _) in enumerate(entries))
    return (re.compile(rf"(?<![{LETTER}])(?:{pattern})[\s\u00a0]?$"),
            tuple(code for _, code in entries))  # fmt: skip


@cache
def _before_my() -> tuple[re.Pattern[str], tuple[str, ...]]:
    entries = sorted(tables.whole("units")["before_my"].items(), key=lambda e: -len(e[0]))
    pattern = "|".join(f"(?P<u{n}>{form})" for n, (form, _) in enumerate(entries))
    return re.compile(rf"(?:{pattern})(?:ပေါင်း)?[ ]?$"), tuple(code for _, code in entries)


@cache
def _share_before(lang: str) -> re.Pattern[str]:
    said = tables.whole("units")["share_before"].get(lang)
    return re.compile(rf"(?:{said})[\s\u00a0]?$" if said else "(?!)")


_TIMES: Final = frozenset({"day", "month", "year", "hour", "min"})


def after(plain: str, end: int, lang: str, *, rated: bool = True) -> Unit | None:
    """The measure, currency or share right behind a number."""
    pattern, meanings = _after(lang)
    match = pattern.match(plain, end)
    if not match:
        return None
    code, kind, factor = meanings[int(str(match.lastgroup)[1:])]
    place = match.end()
    if rated and kind in ("amount", "money") and code not in _TIMES:
        code, place = rate(plain, place, code, lang)
    return Unit(code, kind, place, factor)


_PER: Final = re.compile(r"(?:/|per |a |an |ต่อ ?|每|mỗi |một |por |ຕໍ່|ក្នុងមួយ|kada |bawat |se)")
PER: Final = tuple(PER_PATTERNS)
"""What a rate may be per, besides measures: h, day, month, year, min."""
_SHORT: Final = {"hour": "h"}


def rate(plain: str, end: int, code: str, lang: str = "") -> tuple[str, int]:
    """A unit with what it is per: t/year."""
    gap = re.compile(r"[\s\u00a0]?").match(plain, end)
    place = gap.end() if gap else end
    per_unit = _PER.match(plain, place)
    if per_unit and lang:
        other = after(plain, per_unit.end(), lang, rated=False)
        if other and other.kind == "amount":
            return f"{code}/{_SHORT.get(other.code, other.code)}", other.end
    for per, pattern in PER_PATTERNS.items():
        match = pattern.match(plain, place)
        if match and per != "batch":
            return f"{code}/{per}", match.end()
    return code, end


def rate_before(plain: str, start: int) -> str:
    """`/year` and the like where the words right before a number make it a rate."""
    opened = _EVERY.search(plain[max(0, start - 40) : start])
    if opened:
        return f"/{opened.lastgroup}"
    said = list(_RATE_BEFORE.finditer(plain, max(0, start - 16), start))
    match = said[-1] if said else None
    if match and re.compile(_VERBS_AFTER).fullmatch(plain, match.end(), start):
        return f"/{match.lastgroup}"
    return ""


def before(plain: str, start: int, lang: str) -> tuple[str, int]:
    """The currency right before a number and where it begins; `%` for 百分之 and ร้อยละ."""
    window = plain[max(0, start - 24) : start]
    share = _share_before(lang).search(window)
    if share:
        return "%", start - (len(window) - share.start())
    tries = [_before(), _before_my()] if lang == "my" else [_before()]
    for pattern, codes in tries:
        match = pattern.search(window)
        if match:
            code = codes[int(str(match.lastgroup)[1:])]
            return code, start - (len(window) - match.start())
    return "", start


@cache
def _classifier(lang: str) -> re.Pattern[str]:
    found = tables.whole("things")["classifiers"].get("id" if lang == "ms" else lang, {})
    both = [(form, code) for words, code in found.items() for form in tables.split(words)]
    both.sort(key=lambda pair: -len(pair[0]))
    joined = "|".join(f"(?P<c{n}>{form})" for n, (form, _) in enumerate(both))
    return re.compile(rf"{_GAP.get(lang, _PLAIN_GAP)}(?:{joined}){WHOLE_END}" if both else "(?!)")


@cache
def _classifier_codes(lang: str) -> tuple[str, ...]:
    found = tables.whole("things")["classifiers"].get("id" if lang == "ms" else lang, {})
    both = [(form, code) for words, code in found.items() for form in tables.split(words)]
    both.sort(key=lambda pair: -len(pair[0]))
    return tuple(code for _, code in both)


def classifier(plain: str, end: int, lang: str) -> tuple[str, int] | None:
    """The thing that a classifier behind a number counts ('' where it does not say), its end."""
    match = _classifier(lang).match(plain, end)
    if not match:
        return None
    return _classifier_codes(lang)[int(str(match.lastgroup)[1:])], match.end()


@cache
def _nouns(lang: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    entries = [
        (form, code)
        for code, entry in tables.whole("things")["nouns"].items()
        for form in tables.forms(entry, lang)
    ]
    entries.sort(key=lambda pair: -len(pair[0]))
    joined = "|".join(f"(?P<n{n}>{form})" for n, (form, _) in enumerate(entries))
    return (re.compile(rf"{WHOLE_START}(?:{joined}){WHOLE_END}" if entries else "(?!)"),
            tuple(code for _, code in entries))  # fmt: skip


def nouns(phrase: str, lang: str) -> list[tuple[str, int, int]]:
    """The known things named in a phrase, with their places."""
    pattern, codes = _nouns(lang)
    return [(codes[int(str(match.lastgroup)[1:])], match.start(), match.end())
            for match in pattern.finditer(phrase)]  # fmt: skip


def thing(phrases: Iterable[str], lang: str, *, last: bool) -> str:
    """The thing that the first telling phrase names: its last known noun, or its first."""
    for phrase in phrases:
        found = nouns(phrase, lang)
        if found:
            return found[-1 if last else 0][0]
    return ""


def things() -> tuple[str, ...]:
    """The codes of things that are counted rather than measured."""
    return (*tables.whole("things")["nouns"], "visit", ITEM)
