"""Find the numbers of a folded text with their values: digits, scales, number words, Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from saphan.engines.figures.tables import SPACED
from saphan.engines.translation.lexicon import Lexicon, lexicon

_GAPS: Final = "\u00a0\u202f\u2009"
_DIGITS: Final = (
    rf"\d{{1,3}}(?:[{_GAPS}]\d{{3}})+(?!\d)(?:[.,]\d+)?"
    r"|\d{1,3}(?:[,.]\d{3})+(?!\d)(?:[.,]\d+)?"
    r"|\d{1,2}(?:,\d{2})+,\d{3}(?!\d)|\d+(?:[.,]\d+)?"
)
_NUMBER: Final = re.compile(rf"(?<![\d])(?<!\d[.,])(?:{_DIGITS})")
_SPACED_GROUPS: Final = re.compile(
    rf"(?<![\d])(?<!\d[.,])(?:\d{{1,3}}(?: \d{{3}})+(?!\d)(?:,\d+)?|{_DIGITS})"
)
_COMMA_DECIMAL: Final = frozenset({"vi", "id", "pt", "tet", "lo", "km"})
_COMMA_SEEN: Final = re.compile(
    r"\d\.\d{3}(?!\d)(?!\.\d)|(?<!\d)\d+,(?:\d{1,2}|\d{4,})(?!\d)"
)
"""Signs that this text writes the comma for decimals: 1.788 or 19,77."""
_HAN: Final = re.compile("[〇零一二两三四五六七八九十百千万亿]+(?:点[〇零一二三四五六七八九]+)?")
_HAN_DIGIT: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_UNIT: Final = {"十": 10, "百": 100, "千": 1000}
_HAN_SCALE: Final = {"万": 10**4, "亿": 10**8}
_VAGUE: Final = re.compile("[上数几成]$|好几$|数以$")
_ROUGH: Final = re.compile("[多余几]")
_MORE: Final = re.compile("[多余](?!媒|边|云|模|元化|功能)")
_KILO: Final = re.compile("千[瓦克米帕卡]|兆[瓦赫]|百分|千分|万[户家]?灯火|万象|ล้านช้าง|ล้านนา")
_SHORT_MONEY: Final = re.compile(r"[$£€¥₱฿]\s?[\d.,]+$|(?:rm|rp|s|us) ?\$? ?[\d.,]+$")
_PREFIXED_MY: Final = 32


@dataclass(frozen=True, slots=True)
class Number:
    """A number at a place. `value` without a sign; `scale` what words multiplied it with;
    `decimals` digits behind the decimal sign as written; `spelled`: in words, not digits;
    `rough`: followed by 多 or 余, a little more."""

    start: int
    end: int
    value: Decimal
    scale: int = 1
    decimals: int = 0
    spelled: bool = False
    rough: bool = False


def numbers(plain: str, lang: str, house: str = "") -> list[Number]:
    """The numbers of a folded text in order. `house`: the full code of the language."""
    lexis = lexicon(house or ("zh-Hans" if lang == "zh" else lang))
    comma = lang in _COMMA_DECIMAL and bool(_COMMA_SEEN.search(plain))
    finder = _SPACED_GROUPS if lang == "pt" else _NUMBER
    found: list[Number] = []
    place = 0
    while match := finder.search(plain, place):
        value, decimals = digits(match.group(), lang, comma)
        start, end, value, scale, rough = _scaled(plain, match.start(), match.end(), value, lexis)
        end, more = _rest(plain, end, scale, lang, lexis)
        value += more
        if lang == "zh" and not rough and _MORE.match(plain, end):
            end, rough = end + 1, True
        if lang == "my" and scale == 1:
            start, times = _scale_before(plain, match.start(), lexis)
            value, scale = value * times, times
        found.append(Number(start, end, value, scale, decimals, rough=rough))
        place = max(end, match.end())
    taken = [(one.start, one.end) for one in found]
    spelled = _han(plain) if lang == "zh" else _spelled(plain, lexis)
    found += [one for one in spelled
              if not any(one.start < end and start < one.end for start, end in taken)]  # fmt: skip
    return sorted(found, key=lambda one: one.start)


def digits(written: str, lang: str, comma: bool = False) -> tuple[Decimal, int]:
    """The value of digits with their signs, and how many decimals were written.

    `comma`: the text is known to write the decimal comma.

    >>> digits("1.788", "vi"), digits("1.788", "en"), digits("19,77", "vi")
    ((Decimal('1788'), 0), (Decimal('1.788'), 3), (Decimal('19.77'), 2))
    """
    plain = re.sub(rf"[ {_GAPS}]", "", written)
    signs = re.findall(r"[.,]", plain)
    if not signs:
        return Decimal(plain), 0
    last = max(plain.rfind("."), plain.rfind(","))
    head, rest = re.sub(r"[.,]", "", plain[:last]), plain[last + 1 :]
    if len(signs) > 1 and len(set(signs)) == 1:
        return Decimal(head + rest), 0
    grouped = len(rest) == 3 and len(signs) == 1 and head.lstrip("0") != ""
    if grouped and signs[0] == "." and lang in _COMMA_DECIMAL:
        return Decimal(head + rest), 0
    if grouped and signs[0] == "," and not (comma and lang in _COMMA_DECIMAL):
        return Decimal(head + rest), 0
    return Decimal(f"{head or 0}.{rest}"), len(rest)


def _scaled(
    plain: str, start: int, end: int, value: Decimal, lexis: Lexicon
) -> tuple[int, int, Decimal, int, bool]:
    """The number with the words that multiply it: million, พันล้าน, 千万, bn."""
    scale, rough, place = 1, False, end
    short = re.compile(r"[ ]?(k|mn|bn|tn|m|b)(?![^\W\d_]|²|³)").match(plain, end)
    if short and lexis.short and (
        short.group(1) in ("bn", "mn", "tn")
        or _SHORT_MONEY.search(plain[max(0, start - 4) : end])
    ):
        times = int(lexis.short.get(short.group(1), 1e9))
        return start, short.end(), value * times, times, False
    while True:
        gap = _ROUGH.match(plain, place) or re.compile(r"[\s\u00a0-]?").match(plain, place)
        after = gap.end() if gap else place
        match = lexis.word.match(plain, after)
        if (not match or match.group() not in lexis.times or _KILO.match(plain, after)
                or (after > place and plain[after - 1] == "\n")):  # fmt: skip
            break
        scale *= int(lexis.times[match.group()])
        rough = rough or bool(gap and _ROUGH.match(gap.group()))
        place = end = match.end()
    return start, end, value * scale, scale, rough


def _rest(
    plain: str, end: int, scale: int, lang: str, lexis: Lexicon
) -> tuple[int, Decimal]:
    """What a smaller part adds: 2亿3000万, 1 ล้าน 5 แสน, 3 tỷ 200 triệu."""
    match = re.compile(r"[ \u00a0]?(\d+(?:[.,]\d+)?)").match(plain, end) if scale >= 1000 else None
    if not match:
        return end, Decimal(0)
    part, _ = digits(match.group(1), lang)
    _, after, part, smaller, _ = _scaled(plain, match.start(1), match.end(), part, lexis)
    return (after, part) if 1 < smaller < scale and part < scale else (end, Decimal(0))


def _scale_before(plain: str, start: int, lexis: Lexicon) -> tuple[int, int]:
    """Burmese says the scale of a round number first: သန်း ၅၀၀ is 500 million."""
    times, place = 1, start
    window = plain[max(0, start - _PREFIXED_MY) : start]
    for match in re.finditer(_scales_my(lexis), window):
        before = window[: match.start()].rstrip()
        if match.end() == len(window) and not before[-1:].isdigit():
            place = start - (len(window) - match.start())
            for word in lexis.word.finditer(match.group()):
                times *= int(lexis.times.get(word.group(), 1))
    return place, times


@cache
def _scales_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    one = "|".join(map(re.escape, words))
    return re.compile(rf"(?:{one})+(?:ပေါင်း)? ?$")


def _scales_my(lexis: Lexicon) -> re.Pattern[str]:
    big = [word for word, value in lexis.times.items() if value >= 1000]
    return _scales_pattern(tuple(sorted(big, key=len, reverse=True)))


def _han(plain: str) -> Iterator[Number]:
    for match in _HAN.finditer(plain):
        written = match.group()
        before = plain[max(0, match.start() - 2) : match.start()]
        if _VAGUE.search(before) or "第" in before:
            continue
        head, _, tail = written.partition("点")
        if not any(c in _HAN_DIGIT or c == "十" for c in head):
            continue
        value = Decimal(_han_whole(head))
        if tail:
            value += Decimal("0." + "".join(str(_HAN_DIGIT[c]) for c in tail))
        scale = max((size for c, size in _HAN_SCALE.items() if c in head), default=1)
        rough = bool(_ROUGH.match(plain, match.end()))
        end = match.end()
        more = re.compile("[多余]?([万亿])").match(plain, end) if rough else None
        if more:
            scale = _HAN_SCALE[more.group(1)]
            value, end = value * scale, more.end()
        if rough and not more and _MORE.match(plain, end):
            end += 1
        yield Number(match.start(), end, value, scale, len(tail), True, rough)


def _han_whole(written: str) -> int:
    """>>> _han_whole("一万二千三百"), _han_whole("二〇二四"), _han_whole("三亿")
    (12300, 2024, 300000000)
    """
    if all(c in _HAN_DIGIT for c in written):
        return int("".join(str(_HAN_DIGIT[c]) for c in written))
    total = section = digit = 0
    for character in written:
        if character in _HAN_DIGIT:
            digit = _HAN_DIGIT[character]
        elif character in _HAN_UNIT:
            section += (digit or 1) * _HAN_UNIT[character]
            digit = 0
        else:
            total = (total + section + digit or 1) * _HAN_SCALE[character]
            section = digit = 0
    return total + section + digit


def _spelled(plain: str, lexis: Lexicon) -> Iterator[Number]:
    """Numbers in words, with or without a scale: "two million", สองล้าน, "hai mươi"."""
    chain: list[str] = []
    start = end = 0
    for match in [*lexis.word.finditer(plain), None]:
        word = match.group() if match else ""
        joined = match and chain and lexis.joint.fullmatch(plain, end, match.start())
        if chain and not joined:
            yield _of_words(plain, start, end, chain, lexis)
            chain = []
        if match and (word in lexis.small or word in lexis.times):
            if not chain and word in lexis.times:
                continue  # "millions of": no number
            start = start if chain else match.start()
            end = match.end()
            chain.append(word)


def _of_words(plain: str, start: int, end: int, chain: list[str], lexis: Lexicon) -> Number:
    total = current = scale = 0
    for word in chain:
        if word not in lexis.times:
            current += int(lexis.small[word])
            continue
        times = int(lexis.times[word])
        scale = max(scale, times)
        if times < 1000:
            current = current - current % 10 + (current % 10 or current or 1) * times
        else:
            total = (total + current) * times if 0 < total < times else total + current * times
            current = 0
    return Number(start, end, Decimal(total + current), max(scale, 1), 0, True)


def is_spaced(lang: str) -> bool:
    """Whether words are set apart by spaces, so that single number words can be told apart."""
    return lang in SPACED
