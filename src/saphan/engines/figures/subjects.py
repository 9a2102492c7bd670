"""Which words of the text say what a figure counts."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import Final

from saphan.engines.figures import tables
from saphan.engines.figures.reading import Measure
from saphan.engines.figures.tables import HEAD_FIRST, LETTER

_MOST: Final = 90
_CLAUSE: Final = {
    "zh": re.compile(r"[。！？；;!?\n，,：:（）()]"),
    "en": re.compile(r"[!?;:\n()]|,(?!\d)|\.(?=\s|$)|\s[-–—]\s|—"),
    "my": re.compile(r"[။၊!?;:\n()]"), "km": re.compile(r"[។!?;:\n()]"),
}  # fmt: skip
_SENTENCE: Final = {
    "zh": re.compile(r"[。！？；;!?\n]"),
    "en": re.compile(r"[!?;\n]|\.(?=\s|$)"),
    "my": re.compile(r"[။\n]"), "km": re.compile(r"[។\n]"),
}  # fmt: skip
_EDGES: Final = " \u00a0\t,.;:!?()[]\"'“”‘’«»、，。；：！？（）—–-·…%"
_RELATIONS: Final = ("atleast", "atmost", "over", "under", "about", "nearly")
_COUNTS: Final = re.compile(
    r"^(?:the )?(?:total )?(?:number|amount|volume|value|share|proportion) of (?:the )?|^jumlah "
    r"|^(?:o )?(?:número|total|volume|valor) (?:total"
    r" )?d[eoa]s? |^จำนวน|^(?:tổng )?số(?: lượng)? "
    r"|^จํานวน|^ຈຳນວນ|^ចំនួន|^bilang ng |^bilangan "
)
_IN: Final = re.compile(
    r"[\s\u00a0]?(?:\bin|\bof|\bat|\bcủa|\btại|\bở|\bdi"
    r"|\bde|\bem|\bda|\bdo|ของ|ใน|ที่|ຂອງ|ຢູ່|ໃນ|នៅ|ក្នុង"
    r"|របស់|\bsa|\bng)[\s\u00a0]?(?:the )?$"
)
_POSSESSIVE: Final = re.compile(r"^(?:'s|’s|[市省区县](?!场|级|内)|的|之|ของ|của|ຂອງ|របស់|၏)\s?")


def sentence_of(plain: str, place: int, lang: str) -> tuple[int, int]:
    """The sentence around a place; for Thai and Lao, which mark none, the paragraph."""
    if lang in ("th", "lo"):
        return plain.rfind("\n", 0, place) + 1, (plain.find("\n", place) + 1 or len(plain) + 1) - 1
    return _around(_SENTENCE.get(lang, _SENTENCE["en"]), plain, place)


def clause_of(plain: str, place: int, lang: str) -> tuple[int, int]:
    """The clause around a place."""
    return _around(_CLAUSE.get(lang, _CLAUSE["en"]), plain, place)


def _around(pattern: re.Pattern[str], plain: str, place: int) -> tuple[int, int]:
    start = 0
    for match in pattern.finditer(plain, 0, place):
        start = match.end()
    end = pattern.search(plain, place)
    return start, end.start() if end else len(plain)


def subject(
    plain: str, one: Measure, lang: str, floor: int, inherited: str,
    gone: list[tuple[int, int]], places: list[tuple[int, int]],
) -> tuple[int, int] | str:  # fmt: skip
    """The stretch that names what is counted, or the words inherited from the figure before.

    `floor`: where the figure before ends; `gone`: stretches such as periods that are no part of
    it; `places`: places, which are cut off at its beginning.
    """
    behind = _behind(plain, one, lang, places)
    if behind:
        return behind
    sentence = sentence_of(plain, one.start, lang)[0]
    clause = clause_of(plain, one.start, lang)[0]
    if inherited and floor > sentence and _RELATIVE.match(plain, floor) and (
            lang in HEAD_FIRST and _moves(plain, one.start, lang)):  # fmt: skip
        return inherited  # "215 schools that use the system, up 12.5 %"
    stretch = _before(plain, max(clause, floor), one.start, lang, gone, places)
    if stretch:
        return stretch
    if inherited and floor > sentence:
        return inherited
    end, hops = clause - 1, 0
    while end > max(sentence, floor) and hops < 4:
        start = clause_of(plain, max(end - 1, 0), lang)[0]
        stretch = _before(plain, max(start, floor), end, lang, gone, places)
        if stretch:
            return stretch
        end, hops = start - 1, hops + 1
    if one.kind == "amount" and one.unit and one.phrase[1] == one.phrase[0]:
        return (one.number.end, one.end) if one.end > one.number.end else ""
    return inherited if floor > sentence else ""


def _behind(
    plain: str, one: Measure, lang: str, places: list[tuple[int, int]]
) -> tuple[int, int] | None:
    """The noun phrase behind a figure, where the"
    " language or a word such as "of" puts it there."""
    start, end = one.phrase
    if lang not in HEAD_FIRST:
        end = _with_partner(plain, end, places)
    if one.kind == "amount" and not _is_measure(one) and lang not in HEAD_FIRST:
        if lang == "zh" and plain[one.end : one.end + 1] in "，。；、,;！） ":
            return None
        return _trimmed(plain, start, end, lang)
    of = _joined_of(lang).match(plain, one.end)
    if of:
        reach = _reach(plain, of.end(), lang)
        whole = plain[slice(*reach)].strip()
        only = any(a == reach[0] and b == reach[0] + len(whole) for a, b in places)
        found = None if only or _ALL.fullmatch(whole) else _trimmed(plain, *reach, lang)
        if found:
            return found
    for name in ("grow_after", "fall_after"):
        moved = tables.pattern(lang, name, r"[\s\u00a0]?", _OF_WHAT).match(plain, one.end)
        if moved and re.search(r"(?: in| of| em| de| n[oa]s?) $", plain[: moved.end()]):
            return _trimmed(plain, *_reach(plain, moved.end(), lang), lang)
    if lang == "zh" and plain[one.end : one.end + 1] == "的":
        return _trimmed(plain, *_reach(plain, one.end + 1, lang), lang)
    if lang in ("vi", "id", "ms") and end > start and (
        (_is_measure(one) and one.kind in ("amount", "money"))
        or (one.kind == "share" and not _moves(plain, one.start, lang))
    ):
        only = any(a <= start and end <= b for a, b in places) or bool(
            tables.pattern(lang, "here").match(plain, start))  # fmt: skip
        return None if only else _trimmed(plain, start, end, lang, places)
    return None


_OF_WHAT: Final = r"(?: in| of| em| de| n[oa]s?)? ?"
_ALL: Final = re.compile(
    "(?:them|these|which|those|it|all|whom)|(?:the )?(?:total|whole"
    "|world|country|nation|lot)|ทั้งหมด|total|keseluruhan|全国|全球|总额|总数"
)
_RELATIVE_END: Final = re.compile(r"(?<!พื้น)(?<!หน้า)(?:ที่|ซึ่ง|ທີ່|ເຊິ່ງ|ដែល)$")
_RELATIVE: Final = re.compile(r"\s?(?:ที่|ซึ่ง|ທີ່|ເຊິ່ງ|ដែល)")


def _moves(plain: str, start: int, lang: str) -> bool:
    """Whether a word of growth or fall stands right before a figure."""
    window = plain[max(0, start - 18) : start]
    return any(tables.pattern(lang, name).search(window) for name in ("grow", "fall"))


def _with_partner(plain: str, end: int, places: list[tuple[int, int]]) -> int:
    """The end of a phrase with the partner that follows: "projects with Viet Nam"."""
    joined = _WITH.match(plain, end)
    if joined:
        for a, b in places:
            if a == joined.end():
                return b
    return end


_WITH: Final = re.compile(r"[\s\u00a0](?:with|với|com|dengan) (?:the )?")


def _is_measure(one: Measure) -> bool:
    from_things = one.unit.partition("/")[0] not in _measure_codes()
    return not from_things or one.kind != "amount"


@cache
def _measure_codes() -> frozenset[str]:
    return frozenset(tables.whole("units")["measure"])


@cache
def _joined_of(lang: str) -> re.Pattern[str]:
    return tables.pattern(lang, "of", r"[\s\u00a0]?(?:worth )?",
                          r"[\s\u00a0]?(?:the |all |its |their |a |o |os |as |các )?")  # fmt: skip


def _reach(plain: str, start: int, lang: str) -> tuple[int, int]:
    stretch = plain[start : start + 60]
    marks = r"[.,;:!?()（），。；：！？、\n\d%]|\s[-–—]\s"
    stop = tables.words(lang, "stop")
    end = re.search(rf"{marks}|(?:^|(?<=[\s])|(?<=[^{LETTER}])){stop}", stretch)
    return start, start + (end.start() if end else len(stretch))


def _before(
    plain: str, start: int, end: int, lang: str, gone: list[tuple[int, int]],
    places: list[tuple[int, int]],
) -> tuple[int, int] | None:  # fmt: skip
    """The last stretch between verbs before a figure that still says something."""
    start = max([start, *(b for a, b in gone if start <= a and b <= end and _heads(
        plain, start, a, lang))])  # fmt: skip
    stretch = list(plain[start:end])
    for a, b in gone:
        for place in range(max(a, start), min(b, end)):
            stretch[place - start] = "\u0001"
    for a, b in places:  # no word is cut inside the name of a place
        for place in range(max(a, start), min(b, end)):
            stretch[place - start] = "\u0002"
    text = "".join(stretch)
    cuts = [(0, 0), *(m.span() for m in _cut(lang).finditer(text)), (len(text), len(text))]
    for (cut, left), (right, _) in reversed(list(pairwise(cuts))):
        led = _RELATIVE_END.search(text[:cut]) if lang in HEAD_FIRST and cut else None
        if led:  # "hospitals that use …": the head stands before the clause
            head = max((b for _, b in cuts if b <= led.start()), default=0)
            trimmed = _trimmed(plain, start + head, start + led.start(), lang, places)
            if trimmed:
                return trimmed
        for part in reversed(_parts(text, left, right)):
            trimmed = _trimmed(plain, start + part[0], start + part[1], lang, places)
            if trimmed:
                return trimmed
    return None


def _heads(plain: str, start: int, place: int, lang: str) -> bool:
    """Whether nothing of weight stands between the start of a clause and a place."""
    return len(plain[start:place].strip(_EDGES)) <= 3


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [(start + m.start(), start + m.end())
            for m in re.finditer("[^\u0001]+", text[start:end])]  # fmt: skip


@cache
def _cut(lang: str) -> re.Pattern[str]:
    several = "|".join(tables.words(lang, name) for name in
                       ("cut", "grow", "fall", "yoy", "qoq"))  # fmt: skip
    noun = r"(?<!การ)(?<!ความ)(?<!ການ)(?<!ຄວາມ)(?<!ការ)" if lang in HEAD_FIRST else ""
    return re.compile(rf"{noun}(?:{several})")


@cache
def _edge(lang: str, name: str) -> re.Pattern[str]:
    said = tables.words(lang, name)
    return re.compile(rf"^{said}" if name == "lead" else rf"{said}$")


def _trimmed(
    plain: str, start: int, end: int, lang: str, places: list[tuple[int, int]] | None = None
) -> tuple[int, int] | None:
    """A stretch without the small words at its edges; None where nothing is left."""
    start, end = max(start, end - _MOST), end
    before = (-1, -1)
    while (start, end) != before and start < end:
        before = (start, end)
        for a, b in places or []:
            if a == start and b < end:
                start = b
            if b == end and a > start and (led := _IN.search(plain[start:a])):
                end = start + led.start()
        for pattern in (_COUNTS, _POSSESSIVE):
            match = pattern.match(plain[start:end])
            start += match.end() if match else 0
        text = plain[start:end]
        start += len(text) - len(text.lstrip(_EDGES))
        end -= len(text) - len(text.rstrip(_EDGES))
        for name in (*_RELATIONS, "lead", "tail"):
            match = _edge(lang, name).search(plain[start:end]) if start < end else None
            if match and match.group():
                start, end = (start + match.end(), end) if name == "lead" else (
                    start, start + match.start())  # fmt: skip
    letters = [c for c in plain[start:end] if c.isalpha()]
    return (start, end) if len(letters) >= 2 else None
