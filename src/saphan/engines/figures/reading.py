"""Read the numbers of a paragraph with their units: the first half of the work."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Final

from saphan.engines.figures import masks, tables, units
from saphan.engines.figures.numbers import Number, numbers
from saphan.engines.figures.tables import HEAD_FIRST, LETTER, SPACED

_TO: Final = re.compile(
    r"\s?(?:[-–—~～]|to|至|到|ถึง|đến|tới|ຫາ|ເຖິງ|ទៅ|ដល់"
    r"|မှ|hingga|sampai|hanggang|a|até|e|và|and|dan"
    r"|และ|和|与|at|ແລະ|និង|នឹង)\s?"
)
_JOIN_ONLY: Final = re.compile(r"\s?(?:and|e|và|dan|และ|和|与|at|ແລະ|និង|នឹង)\s?")
_OPENERS: Final = re.compile(
    r"(?:between|from|từ|giữa|entre|de|dari|antara|从|由|介于"
    r"|在|ตั้งแต่|ระหว่าง|จาก|mula|pagitan ng|ລະຫວ່າງ|ពី"
    r"|ចន្លោះ)[^\d]{0,6}$"
)
_BETWEEN: Final = re.compile("between|giữa|entre|antara|介于|在|ระหว่าง|pagitan|ລະຫວ່າງ|ចន្លោះ")
_WORD: Final = re.compile(rf"[\s\u00a0-]?([{LETTER}][{LETTER}'’-]*)")
_CAPITAL: Final = re.compile(r"(?:^|[\s(])([A-ZÀ-Ý][\w’'-]*)[\s\u00a0]$")
_SENTENCE: Final = re.compile(r"(?:[.!?:;]\s+|^\s*|\n\s*)[\"“']?$")
_PHRASE_MOST: Final = 60


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with its unit and the phrase behind it. `start` to `end` is what counts as the
    figure itself: sign, number, scale, unit; `phrase` is the noun phrase that follows."""

    start: int
    end: int
    number: Number
    high: Decimal | None
    unit: str
    kind: str
    relation: str
    phrase: tuple[int, int]
    weak: bool = False
    """The unit is a guess that the subject may better."""


def measures(
    text: str, plain: str, lang: str, house: str, blocked: list[masks.Span],
    named: Sequence[masks.Span],
) -> list[Measure]:  # fmt: skip
    """The figures of a folded paragraph. `blocked`: no figures; `named`: places and periods, which
    may stand before a count although they are written with a capital."""
    raw = [
        one for one in numbers(plain, lang, house)
        if not masks.overlaps(one.start, one.end, blocked)
    ]
    found: list[Measure] = []
    skip = False
    for place, one in enumerate(raw):
        if skip:
            skip = False
            continue
        following = raw[place + 1] if place + 1 < len(raw) else None
        ranged = _range(plain, one, following, lang)
        if ranged and following:
            measure = _measure(text, plain, ranged, following.value, lang, house, named)
            skip = measure is not None
            if measure:
                low = _low(one, ranged)
                found.append(replace(measure, number=replace(measure.number, value=low),
                                     relation="range"))  # fmt: skip
                continue
        measure = _measure(text, plain, one, None, lang, house, named)
        if measure:
            found.append(measure)
    return found


def _range(plain: str, one: Number, following: Number | None, lang: str) -> Number | None:
    """Both numbers as one where "to" stands between them: 10–15 %, 从10万到15万, "3 to 5 km"."""
    if following is None or one.spelled != following.spelled:
        return None
    between = plain[one.end : following.start]
    unit = units.after(plain, one.end, lang)
    if unit and unit.end <= following.start:
        other = units.after(plain, following.end, lang)
        if not other or other.code != unit.code or unit.factor != other.factor:
            return None
        between = plain[unit.end : following.start]
    prefix, place = units.before(plain, following.start, lang)
    if prefix:
        between = between[: max(0, place - one.end)] if not unit else between
    if not _TO.fullmatch(between) or one.value >= following.value * (
            1 if following.scale == one.scale else following.scale):  # fmt: skip
        return None
    opened = _OPENERS.search(plain[max(0, one.start - 14) : one.start])
    if _JOIN_ONLY.fullmatch(between) and not (opened and _BETWEEN.search(opened.group())):
        return None
    if unit and opened and lang != "zh" and not _BETWEEN.search(opened.group()):
        return None  # "from 3 % to 5 %" tells of two moments
    return Number(one.start, following.end, following.value, following.scale,
                  max(one.decimals, following.decimals), one.spelled)  # fmt: skip


def _low(one: Number, both: Number) -> Decimal:
    """The lower end; in "3-4 million" the million belongs to both."""
    return one.value * both.scale if one.scale == 1 and both.scale > 1 else one.value


def _measure(
    text: str, plain: str, number: Number, high: Decimal | None, lang: str, house: str,
    named: Sequence[masks.Span],
) -> Measure | None:  # fmt: skip
    prefix, start = units.before(plain, number.start, lang)
    after = units.after(plain, number.end, lang)
    if prefix == "%":
        end = after.end if after and after.kind == "share" else number.end
        if after and after.kind == "points":
            return _of(number, high, "pp", "points", start, after.end, plain, lang)
        return _of(number, high, "%", "share", start, end, plain, lang)
    if prefix:
        end = after.end if after and after.kind == "money" else number.end
        prefix, end = units.rate(plain, end, prefix, lang)
        return _of(number, high, prefix, "money", start, end, plain, lang)
    if after and not (number.spelled and number.value < 10 and number.scale == 1
                      and after.kind not in ("share", "points", "ratio")):  # fmt: skip
        if _is_ratio_noise(after, number) or _is_year_count(plain, after, number, lang):
            return None
        half = Decimal(5) if after.factor == 10 and plain[after.end : after.end + 1] == "半" else 0
        scaled = replace(number, value=number.value * after.factor + half)
        code = after.code
        if after.kind in ("amount", "money") and "/" not in code:
            code += units.rate_before(plain, start)
        return _of(scaled, high * after.factor if high else None, code, after.kind, start,
                   after.end + bool(half), plain, lang)  # fmt: skip
    if number.spelled and number.value < 10 and number.scale == 1:
        return None
    return _count(text, plain, number, high, lang, named)


def _is_ratio_noise(after: units.Unit, number: Number) -> bool:
    return after.kind == "ratio" and number.value > 1000


def _is_year_count(plain: str, after: units.Unit, number: Number, lang: str) -> bool:
    """Whether "2024 年" or a bare number of years is meant that is really a year."""
    return after.code == "year" and number.value >= 1000


def _of(
    number: Number, high: Decimal | None, unit: str, kind: str, start: int, end: int, plain: str,
    lang: str,
) -> Measure:  # fmt: skip
    relation = _relation(plain, start, number, end, lang)
    tail = _after_words(plain, end, lang)
    phrase = _phrase(plain, tail, lang)
    if kind == "amount" and lang in SPACED and "/" not in unit and phrase[1] > phrase[0]:
        rated, far = units.rate(plain, phrase[1], "", "")
        unit += rated if far != phrase[1] else ""
    return Measure(start, end, number, high, unit, kind, relation, phrase)


def _count(
    text: str, plain: str, number: Number, high: Decimal | None, lang: str,
    named: Sequence[masks.Span],
) -> Measure | None:  # fmt: skip
    """A number of things: by its classifier, or the noun behind it."""
    if number.decimals and number.scale == 1:
        return None
    known = units.classifier(plain, number.end, lang)
    if lang in HEAD_FIRST and known and _noun_at(plain, number.end, lang) > known[1]:
        known = None
    end = known[1] if known else number.end
    phrase = _phrase(plain, end, lang)
    words = plain[phrase[0] : phrase[1]]
    before = plain[max(0, number.start - 40) : number.start]
    weak = False
    if lang == "zh":
        code = units.thing([words], lang, last=True) if phrase[1] - phrase[0] else ""
        if not known and not (code and (number.scale > 1 or number.value >= 10)):
            return None
        if known and known[0] in _SURE:
            code = known[0]
        code = code or _last_of(_near(before))
        weak = not code
        code = code or (known or ("", 0))[0]
    elif lang in HEAD_FIRST:
        direct = [] if known else units.nouns(words, lang)
        if not known and not (direct and direct[0][1] <= 1) and not (
                lang in ("km", "my") and _ends_in_noun(before, lang)):  # fmt: skip
            return None
        code = known[0] if known else ""
        if direct and direct[0][1] <= 1:
            code, end = direct[0][0], phrase[0] + direct[0][2]
        elif not code and direct:
            code = direct[0][0]
    else:
        code = _spaced_count(text, plain, number, known, words, lang, named)
        if not code:
            return None
    weak = weak or not code
    code = code or units.ITEM
    if code == "item" and number.spelled and number.scale == 1 and lang != "zh":
        return None
    relation = _relation(plain, number.start, number, end, lang)
    rate = units.rate_before(plain, number.start)
    if not rate:
        rated, far = units.rate(plain, phrase[1] if lang in SPACED else end, "", "")
        rate = rated if far else ""
    code += rate
    return Measure(number.start, end, number, high, code, "amount", relation, phrase, weak)


_SURE: Final = frozenset({"visit", "person", "household", "vehicle"})
"""What some classifiers count whatever the noun."""


def _noun_at(plain: str, place: int, lang: str) -> int:
    """The end of a known noun that begins at a place or one space behind it; -1 for none."""
    found = units.nouns(plain[place : place + 30], lang)
    return place + found[0][2] if found and found[0][1] <= 1 else -1


def _last_of(near: str) -> str:
    """The thing that Chinese words right before a number name: 智能工厂303家, not 工厂投资."""
    found = units.nouns(near, "zh")
    return found[-1][0] if found and _LINK.fullmatch(near, found[-1][2]) else ""


_LINK: Final = re.compile(
    r"(?:数量?|产量|总[数量]|销量|授权|申请|共|有|达到?|为"
    r"|约|近|超过?|逾|已|新增|共计|分别|合计|增加|减少|增至|降至"
    r"|增长到|突破|累计|仅|只|的|[^\u4e00-\u9fff])*"
)


def _near(before: str) -> str:
    """The last clause of what stands before a number."""
    return re.split(r"[,，。;；:：、\n]", before)[-1]


def _ends_in_noun(before: str, lang: str) -> bool:
    found = units.nouns(before, lang)
    gap = before[found[-1][2] :] if found else "……………………"
    return len(gap.strip()) <= 14 and not any(c.isdigit() for c in gap)


def _spaced_count(
    text: str, plain: str, number: Number, known: tuple[str, int] | None, words: str, lang: str,
    named: Sequence[masks.Span],
) -> str:  # fmt: skip
    first = _WORD.match(plain, known[1] if known else number.end)
    if known and (not first or not words):
        return known[0] or units.ITEM
    if not first or not words:
        return ""
    if known and known[0] in _SURE:
        return known[0]
    found = units.nouns(words, lang)
    code = ""
    if found:
        code = found[-1][0] if lang == "en" else found[0][0]
    if code:
        return code
    if known and known[0]:
        return known[0]
    start = number.start
    capital = _CAPITAL.search(text[max(0, start - 30) : start])
    if capital and not number.scale > 1:
        place = start - 30 + capital.start(1) if start > 30 else capital.start(1)
        opens = _SENTENCE.search(text[max(0, place - 4) : place])
        if not opens and not any(a < start and start - b <= 2 for a, b in named):
            return ""
    if 1900 <= number.value <= 2100 and number.scale == 1 and "," not in text[start : number.end]:
        return ""
    return units.ITEM


def _phrase(plain: str, start: int, lang: str) -> tuple[int, int]:
    """The noun phrase behind a number, up to a word or sign that ends it."""
    stretch = plain[start : start + _PHRASE_MOST]
    gap = len(stretch) - len(stretch.lstrip(" \u00a0-"))
    for mark in ("的", "de ", "na ", "ng "):
        head = {"zh": "的", "pt": "de ", "fil": stretch[gap : gap + 3]}.get(lang)
        if head == mark and stretch[gap:].startswith(mark):
            gap += len(mark)
    stretch = stretch[gap:]
    end = _phrase_end(lang).search(stretch)
    length = end.start() if end else len(stretch)
    return start + gap, start + gap + len(stretch[:length].rstrip())


@cache
def _phrase_end(lang: str) -> re.Pattern[str]:
    stop = tables.words(lang, "stop")
    marks = r"[.,;:!?()（）\[\]\"“”，。；：！？、\n\d$%]|\s[-–—]\s|——|$"
    if lang in HEAD_FIRST:
        return re.compile(rf"{marks}|[\s\u00a0]")
    if lang in SPACED:
        return re.compile(rf"{marks}|(?:^|(?<=[\s])){stop}")
    return re.compile(rf"{marks}|{stop}")


def _after_words(plain: str, end: int, lang: str) -> int:
    """Where words such as 以上 or "or more" behind a figure end."""
    for name in ("over_after", "atleast_after", "under_after", "atmost_after", "about_after"):
        match = tables.pattern(lang, name, r"[\s\u00a0]?").match(plain, end)
        if match:
            return match.end()
    return end


_SIGNS: Final = (("atleast", ">="), ("atmost", "<="), ("over", ">"), ("under", "<"),
                 ("about", "~"), ("nearly", "~"))  # fmt: skip


def _relation(plain: str, start: int, number: Number, end: int, lang: str) -> str:
    """How a figure is meant: at least, about, more than; `=` where nothing is said."""
    for name, sign in _SIGNS:
        for place in (end, number.end):
            match = tables.pattern(lang, name + "_after", r"[\s\u00a0]?").match(plain, place)
            if match:
                return sign
    if number.rough:
        return ">"
    window = plain[max(0, start - 30) : start]
    best: tuple[int, str] | None = None
    for name, sign in _SIGNS:
        match = _said_before(lang, name).search(window)
        if match and (best is None or match.start() < best[0]):
            best = (match.start(), sign)
    if best:
        return best[1]
    inner = plain[start : number.start]  # "rp lebih dari 5 juta", ร้อยละกว่า
    for name, sign in _SIGNS:
        if inner and tables.pattern(lang, name).search(inner):
            return sign
    return "="


@cache
def _said_before(lang: str, name: str) -> re.Pattern[str]:
    join = r"[\s\u00a0]?(?:a |an |the |de |ng |na |sa )?"
    return re.compile(rf"{tables.words(lang, name)}{join}$")
