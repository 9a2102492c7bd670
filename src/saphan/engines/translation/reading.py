"""Read the figures of a text in one language: what each may be worth, and where it stands.

A figure written with digits is `hard`: the other side must have it. A number said in words is
soft: it explains a hard one of the other side, and may be missing there ("both", "double").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from saphan.engines.matching import calendar_words
from saphan.engines.matching.relations import TO
from saphan.engines.translation.lexicon import Lexicon, folded, lexicon

_SPACES: Final = " \u00a0\u202f\u2009"
_DIGITS: Final = re.compile(
    rf"\d{{1,3}}(?:[,.'’{_SPACES}]\d{{3}})+(?!\d)(?:[.,]\d{{1,4}})?"
    r"|\d{1,3}(?:,\d{2})+,\d{3}(?!\d)|\d+(?:[.,]\d+)?"
)
_COMMA_DECIMAL: Final = frozenset({"vi", "id", "pt", "km", "lo", "tet"})
"""Languages whose law of writing has 1.500 for one thousand five hundred. People mix both."""
_BUDDHIST: Final = frozenset({"th", "lo", "km", "my"})
_DECADE: Final = re.compile(r"['’]?s\b|\s?年代|-?an\b|-?luhan")
_DECADE_BEFORE: Final = re.compile(
    r"(?:ทศวรรษ(?:ที่)?|ยุค|ช่วงปี|thập (?:niên|kỷ)|những năm|thập kỉ|dekade|dasawarsa|anos|década de"
    r"|dekada ng|dekada|ທົດສະວັດ(?:ທີ)?|ທສວ|ទសវត្សរ៍?(?:ទី)?|ទសវត្ស(?:ឆ្នាំ)?|年|the|tahun|ປີ|ឆ្នាំ)\s?$"
)
_SHORT_YEAR: Final = re.compile(r"\d{4}\s?[-/–—]\s?$")
_PM: Final = re.compile(
    r"(?:[:.]\d{2})?\s?(?:p\.?m\.?\b|น\.|นาฬิกา|ทุ่ม|giờ|h\b|hrs?\b|时|點|点|時|ໂມງ|ម៉ោង|နာရီ"
    r"|ng (?:gabi|hapon)|da (?:tarde|noite)|malam|petang|sore|wib|:\d{2})"
)
_CLOCK_BEFORE: Final = re.compile(
    r"(?:下午|晚上|晚间|晚|傍晚|บ่าย|เวลา|lúc|pukul|jam|alas|às|at|ម៉ោង|ເວລາ|ໂມງ|ညနေ|ည|ညနေခင်း)\s?$"
)
_SPLIT: Final = re.compile(r"(\d{1,2})\.(\d{2})$")
_SHORT: Final = re.compile(r"[ ]?(k|mn|bn|tn|m)(?![^\W\d_]|²|³)")
_PARAMETERS: Final = re.compile(r"[mb](?![^\W\d_]|²|³)")
"""82M, 1.5B: millions and billions of parameters, or metres and bytes."""
_BEFORE_SCALE: Final = re.compile(rf"\)?[{_SPACES}-]?(?:(?:多|余|餘|几|幾)(?=[十百千万萬亿億]))?")
_NEXT: Final = re.compile(rf"[{_SPACES}]?(\d+(?:[.,]\d+)?)")
_REPUBLIC: Final = re.compile(r"(?:民國|民国)\s?$")
_RANGE: Final = re.compile(rf"{TO}| ?(?:or|或|หรือ|hoặc|atau|o|ou|ຫຼື|ឬ) ?")
_UNIT_FIRST: Final = re.compile(r"(?:ပေါင်း)?[ ]?$")
_MASKED: Final = re.compile(r"(?:https?://|www\.)[^\s<>()]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,200}")
_MONTHS: Final = re.compile(
    "|".join(
        rf"(?<![^\W\d_]){re.escape(name)}(?![^\W\d_])" if name.isascii() or "ç" in name
        else re.escape(name)
        for name in sorted(calendar_words.MONTHS, key=len, reverse=True)
    )
)
_ALSO_YEAR: Final = frozenset({"năm", "နှစ်"})
"""Five or year, two or year: "hai mươi năm" is 25 or twenty years."""
_BURMESE_LETTER: Final = re.compile(r"၄(?=င်း)|[၀၇](?=[\u102b-\u103e])")
"""Digits that people type for the letters they look like."""
_BURMESE_ZERO: Final = re.compile(r"(?<=[၀-၉])ဝ+(?![\u102b-\u103e])|(?<=[၀-၉]-)ဝ")
"""The letter wa, which people type for the digit zero."""
_MOST: Final = 20_000
"""Characters that are read."""


@dataclass(slots=True)
class Figure:
    """One number. `readings`: what it may be worth; `parts`: values that together stand for it,
    as 19 and 30 do for the time 19.30. `start` and `end` are places in the text as given."""

    start: int
    end: int
    readings: frozenset[float]
    hard: bool = True
    parts: tuple[float, ...] = ()
    scaled: bool = field(default=False)
    """Whether a word such as million belongs to it."""


def masked(text: str) -> str:
    """Folded text with addresses blanked out; the length stays."""
    typed = _BURMESE_ZERO.sub(lambda match: "၀" * len(match.group()), text[:_MOST])
    plain = folded(_BURMESE_LETTER.sub("\u25cc", typed))
    return _MASKED.sub(lambda match: " " * len(match.group()), plain)


def read_figures(text: str, lang: str) -> list[Figure]:
    """The figures of a text in order of place; soft ones may overlap hard ones."""
    plain = masked(text)
    words = lexicon(lang)
    hard = list(_hard(plain, lang, words))
    _ranges(plain, hard)
    found = [figure for figure, _ in hard]
    for soft in _soft(plain, words):
        if not any(one.start <= soft.start and soft.end <= one.end for one, _ in hard):
            found.append(soft)
    return sorted(found, key=lambda figure: figure.start)


def _hard(plain: str, lang: str, words: Lexicon) -> Iterator[tuple[Figure, float]]:
    """Figures with digits, each with its scale."""
    place = 0
    while match := _DIGITS.search(plain, place):
        end, scale = _scale(plain, match.end(), words)
        values = {value * scale for value in _values(match.group(), lang)}
        end, more = _rest(plain, end, scale, lang, words)
        values = {value + more for value in values}
        if scale == 1.0:
            values |= _others(plain, match, values, lang)
        before = _scale_before(plain, match.start(), words) if lang == "my" else 1.0
        values |= {value * before for value in values} if before != 1.0 else set()
        split = _SPLIT.match(match.group())
        parts = (float(split[1]), float(split[2])) if split and scale == 1.0 else ()
        hour = match.group() == "00" and plain[match.start() - 1 : match.start()] in (":", ".")
        yield Figure(match.start(), end, frozenset(values), not hour, parts, scale != 1.0), scale
        place = end


def _values(written: str, lang: str) -> set[float]:
    """What digits and their signs may be worth in a language."""
    digits = re.sub(rf"[{_SPACES}'’]", "", written)
    signs = re.findall(r"[.,]", digits)
    if not signs:
        return {float(digits)}
    last = max(digits.rfind("."), digits.rfind(","))
    whole, rest = re.sub(r"[.,]", "", digits[:last]), digits[last + 1 :]
    joined, decimal = float(whole + rest), float(f"{whole or 0}.{rest}")
    if len(signs) > 1:
        return {joined} if len(set(signs)) == 1 else {decimal}
    if len(rest) != 3 or len(whole) > 3 or whole == "0":
        return {decimal}
    if lang in _COMMA_DECIMAL:
        return {joined} if signs[0] == "." else {joined, decimal}
    return {joined} if signs[0] == "," else {joined, decimal}


def _scale(plain: str, end: int, words: Lexicon) -> tuple[int, float]:
    """The words that multiply the digits before `end`: million, พันล้าน, 千万, bn."""
    scale = 1.0
    short = _SHORT.match(plain, end)
    if words.short and short and (short.group(1) != "m" or _money_before(plain, end)):
        return short.end(), words.short[short.group(1)]
    place = end
    while True:
        gap = _BEFORE_SCALE.match(plain, place)
        match = words.word.match(plain, gap.end() if gap else place)
        if not match or match.group() not in words.times:
            return end, scale
        scale *= words.times[match.group()]
        place = end = match.end()


def _money_before(plain: str, end: int) -> bool:
    return bool(re.search(r"[$£€¥₱฿]\s?[\d.,]+$", plain[max(0, end - 16) : end]))


def _rest(
    plain: str, end: int, scale: float, lang: str, words: Lexicon
) -> tuple[int, float]:
    """What a smaller part adds: 2亿3000万, 1 ล้าน 5 แสน, 3 tỷ 200 triệu."""
    if scale < 1000:
        return end, 0.0
    match = _NEXT.match(plain, end)
    if not match:
        return end, 0.0
    after, smaller = _scale(plain, match.end(), words)
    value = min(_values(match.group(1), lang)) * smaller
    return (after, value) if smaller > 1.0 and value < scale else (end, 0.0)


def _scale_before(plain: str, start: int, words: Lexicon) -> float:
    """Burmese says the scale of a round number first."""
    window = plain[max(0, start - 24) : start]
    for word, value in words.times.items():
        if value >= 100 and re.search(rf"{word}(?:ပေါင်း|ခန့်|ကျော်)?[ ]?$", window):
            return value
    return 1.0


def _others(
    plain: str, match: re.Match[str], values: set[float], lang: str
) -> set[float]:
    """Other readings of a plain number: years of other calendars, decades, hours, tenths."""
    written, others = match.group(), set[float]()
    before, value = plain[max(0, match.start() - 16) : match.start()], min(values)
    if written.isdigit():
        if lang in _BUDDHIST and 2400 <= value <= 2700 and len(written) == 4:
            others.add(value - 543)
        if _REPUBLIC.search(before):
            others.add(value + 1911)
        decade = _DECADE.match(plain, match.end()) or _DECADE_BEFORE.search(before)
        if decade and len(written) == 4 and value % 10 == 0:
            others.add(value % 100)
        if len(written) == 2 and (_SHORT_YEAR.search(before) or before.endswith(("'", "’"))):
            others |= {1900 + value, 2000 + value}
        if decade and len(written) == 2:
            others |= {1900 + value, 2000 + value}
    if value <= 24 and (_PM.match(plain, match.end()) or _CLOCK_BEFORE.search(before)):
        others |= {(value + 12) % 24, value + 12, abs(value - 12), (value + 6) % 24 + 0.0,
                   (value + 18) % 24}  # fmt: skip
    if re.match(r"\s?成(?![本功品为為])", plain[match.end() : match.end() + 3]):
        others.add(value * 10)
    letter = _PARAMETERS.match(plain, match.end())
    if letter:
        others.add(value * (1e6 if letter.group() == "m" else 1e9))
    return others


def _ranges(plain: str, hard: list[tuple[Figure, float]]) -> None:
    """In "3-4 million" the million belongs to both."""
    for (first, own), (second, scale) in pairwise(hard):
        if own == 1.0 and scale != 1.0 and second.start - first.end <= 10:
            between = plain[first.end : second.start]
            if _RANGE.fullmatch(between):
                first.readings |= {value * scale for value in first.readings}


def _soft(plain: str, words: Lexicon) -> Iterator[Figure]:
    """Numbers in words, and names of months."""
    chain: list[str] = []
    start = end = 0
    for match in words.word.finditer(plain):
        joined = chain and words.joint.fullmatch(plain, end, match.start())
        if not joined and chain:
            yield Figure(start, end, _worth(chain, words), False)
            chain = []
        word = match.group()
        if word in words.said:
            yield Figure(match.start(), match.end(), frozenset(words.said[word]), False)
        if word in words.small or word in words.times:
            start = start if chain else match.start()
            end = match.end()
            chain.append(word)
    if chain:
        yield Figure(start, end, _worth(chain, words), False)
    for match in _MONTHS.finditer(plain):
        month = calendar_words.MONTHS[match.group()]
        yield Figure(match.start(), match.end(), frozenset({float(month)}), False)


def _worth(chain: list[str], words: Lexicon) -> frozenset[float]:
    """What number words in a row may mean: together, or each by itself ("two, three")."""
    values = {_sum(chain, words)}
    if len(chain) > 1 and chain[-1] in _ALSO_YEAR:
        values.add(_sum(chain[:-1], words))
    digits = [words.small.get(word, 10.0) for word in chain]
    if len(chain) > 1 and all(digit < 10 for digit in digits):
        values |= {*digits, float("".join(str(int(digit)) for digit in digits))}
    return frozenset(values)


def _sum(chain: list[str], words: Lexicon) -> float:
    total = current = 0.0
    for word in chain:
        if word in words.times:
            times = words.times[word]
            if times >= 1000:
                total = (total + current) * times if 0 < total < times else (
                    total + (current or 1.0) * times)
                current = 0.0
            else:
                tens = current % 10 or (current if current else 1.0)
                current = current - current % 10 + tens * times if current >= 10 else tens * times
        else:
            current += words.small[word]
    return total + current
