"""Cut a text into passages of one language each, and into words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from icu4py.breakers import WordBreaker

from saphan.engines.language.codes import LANGUAGES, UNDETERMINED
from saphan.engines.language.identify import identify

from .compounds import COMPOUNDS

SHORT = "short"
"""Latin letters too few to tell a language by: a name or an abbreviation."""

_CLAUSE = re.compile(r"[^\n.,;:!?()。，；：！？、（）…၊။។៖]*[\n.,;:!?()。，；：！？、（）…၊။។៖\s]*")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_WORD = re.compile(r"[^\W\d_]+")
_SURE = 0.75
_FEW = 3
"""Latin words fewer than this are decided by what stands around them."""


@dataclass(frozen=True)
class Passage:
    """Characters [start, end) in one language: a code of the house, `und` or SHORT."""

    start: int
    end: int
    lang: str
    confidence: float


def passages(text: str) -> list[Passage]:
    """The passages of a text in order; together they cover it. Empty for text without letters.

    Clauses are cut where the script changes. A Latin clause of few words, or one that is not
    sure, takes the language of its neighbour.
    """
    latin_lang = identify(" ".join(_of_latin(text))).lang
    chinese = identify("".join(c for c in text if "\u3400" <= c <= "\u9fff"))
    found = []
    for start, end in _runs(text):
        piece = text[start:end]
        if not _WORD.search(piece):
            continue
        if _LATIN.search(piece):
            found.append(_latin(start, end, piece, latin_lang))
            continue
        named = identify(piece)
        lang = chinese.lang if named.lang.startswith("zh") else named.lang
        sure = chinese.confidence if named.lang.startswith("zh") else named.confidence
        found.append(Passage(start, end, lang, sure))
    return _merged(_settled(found), len(text))


def _of_latin(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if _LATIN.match(word)]


def _latin(start: int, end: int, piece: str, hint: str) -> Passage:
    named = identify(piece, hint)
    few = len(_WORD.findall(piece)) < _FEW
    return Passage(start, end, SHORT if few else named.lang,
                   min(named.confidence, 0.5) if few else named.confidence)


def _runs(text: str) -> list[tuple[int, int]]:
    """Clauses, cut where Latin letters meet others. Signs go with what stands before them."""
    cuts = []
    for match in _CLAUSE.finditer(text):
        start, kind = match.start(), None
        for place in range(match.start(), match.end()):
            letter = text[place]
            if not letter.isalpha():
                continue
            now = bool(_LATIN.match(letter))
            if kind is not None and now != kind:
                cuts.append((start, place))
                start = place
            kind = now
        if match.end() > start:
            cuts.append((start, match.end()))
    return cuts


def _settled(found: list[Passage]) -> list[Passage]:
    """Doubtful Latin passages decided by the nearest sure Latin one: before it, else after it."""
    latin = {each.code for each in LANGUAGES.values() if each.script == "Latn"}
    sure = [each.lang in latin and each.confidence >= _SURE for each in found]
    settled = []
    for place, each in enumerate(found):
        doubtful = each.lang == SHORT or (each.lang in latin and not sure[place])
        near = [other for other in (place - 1, place + 1)
                if 0 <= other < len(found) and sure[other]]
        if doubtful and near:
            each = replace(each, lang=found[near[0]].lang, confidence=found[near[0]].confidence)
        elif each.lang == SHORT and len(found) == 1:
            each = replace(each, lang=UNDETERMINED)
        settled.append(each)
    return settled


def _merged(found: list[Passage], length: int) -> list[Passage]:
    """Neighbours of one language as one; the gaps go to what stands before."""
    merged: list[Passage] = []
    for each in found:
        if merged and merged[-1].lang == each.lang:
            sure = max(merged[-1].confidence, each.confidence)
            merged[-1] = replace(merged[-1], end=each.end, confidence=sure)
        else:
            if merged:
                merged[-1] = replace(merged[-1], end=each.start)
            merged.append(replace(each, start=each.start if merged else 0))
    if merged:
        merged[-1] = replace(merged[-1], end=length)
    return merged


def words(text: str, lang: str) -> list[tuple[int, int]]:
    """Places [start, end) of the words of a text.

    By ICU's dictionaries; Vietnamese syllables that make one word are joined by our own list.
    """
    places, start = [], 0
    for part in WordBreaker(text, "en"):
        if any(letter.isalnum() for letter in part):
            places.append((start, start + len(part)))
        start += len(part)
    return _joined(text, places) if lang == "vi" else places


def _joined(text: str, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    at = 0
    while at < len(places):
        for size in (3, 2):
            last = at + size - 1
            if last < len(places):
                phrase = text[places[at][0]:places[last][1]].lower()
                if phrase in COMPOUNDS:
                    joined.append((places[at][0], places[last][1]))
                    at += size
                    break
        else:
            joined.append(places[at])
            at += 1
    return joined
