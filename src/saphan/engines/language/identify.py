"""Say in which of the house's languages a text is written.

Scripts decide for Thai, Lao, Khmer, Burmese, Tamil and Chinese; the characters themselves tell
Simplified from Traditional; a small statistical model limited to our Latin languages tells the
rest apart, helped by words that only one of two close languages uses. A text in a language that
is none of ours is undetermined where that can be told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from saphan.engines.language.codes import UNDETERMINED
from saphan.engines.language.latin import also_english, english_share, rank
from saphan.engines.language.normalise import to_simplified, to_traditional

_LOOKED_AT: Final = 600
"""Characters of a text that are looked at; more change nothing."""

_SCRIPTS: Final = (
    (0x0E00, 0x0E7F, "Thai"),
    (0x0E80, 0x0EFF, "Laoo"),
    (0x1780, 0x17FF, "Khmr"),
    (0x1000, 0x109F, "Mymr"),
    (0xAA60, 0xAA7F, "Mymr"),
    (0x0B80, 0x0BFF, "Taml"),
    (0x3040, 0x30FF, "Kana"),
    (0x3400, 0x9FFF, "Hani"),
    (0xF900, 0xFAFF, "Hani"),
    (0xAC00, 0xD7AF, "Hang"),
)
_SOME: Final = 3
"""Letters of a script that are no slip of the hand."""
_BORROWED: Final = 0.25
"""Share of English words from which a text counts as mixed."""
_BY_SCRIPT: Final = {"Thai": "th", "Laoo": "lo", "Khmr": "km", "Mymr": "my", "Taml": "ta"}
_OUTWEIGHS: Final = 3
"""A letter of another script tells about as much as this many Latin letters."""

_CANTONESE: Final = re.compile(
    "[嘅咗喺哋冇啲嗰嚟佢唔嘢瞓攞諗畀嗌啱搵攰喎啩㗎咁嘥掟睇]|係咪|而家|點解|邊度|邊個|呢[個度啲]|乜[嘢野]|尋日|聽日|食飯"
)
"""Characters and words that written Cantonese has and standard Chinese has not."""


@dataclass(frozen=True, slots=True)
class Identification:
    """The language of a text: house code (`und` if unknown), confidence 0..1, ISO 15924 script."""

    lang: str
    confidence: float
    script: str
    variety: str = ""
    """`yue` for written Cantonese, whose `lang` is the Chinese of its characters."""
    also: tuple[tuple[str, float], ...] = ()
    """Other languages met, with their share of the letters or words (0..1)."""


def identify(text: str, hint: str = "") -> Identification:
    """The main language of a text; never raises. Empty or wordless text is `und` with 0.0.

    The main language is the one that holds the text together, not that of the terms it borrows.
    `hint`, the reader's own language, decides where a short text in Latin letters does not.
    """
    sample = text[:_LOOKED_AT]
    counts = _count_scripts(sample)
    if not counts:
        return Identification(UNDETERMINED, 0.0, "Zyyy")
    latin = counts.pop("Latn", 0)
    if counts:
        script = max(counts, key=lambda name: counts[name])
        weight = counts[script] * _OUTWEIGHS
        if weight >= latin or (counts[script] >= _SOME and not english_share(sample)):
            share = weight / (latin + _OUTWEIGHS * sum(counts.values()))
            found = _from_script(sample, script, share, counts)
            return replace(found, also=_others(counts, script, latin))
    return _latin(sample, hint)


def _others(counts: dict[str, int], script: str, latin: int) -> tuple[tuple[str, float], ...]:
    total = latin + sum(counts.values())
    met = {_BY_SCRIPT.get(name, ""): count for name, count in counts.items() if name != script}
    if script != "Hani" and "Hani" in counts:
        met["zh-Hans"] = counts["Hani"]
    met["en"] = latin
    met.pop("", None)
    return tuple((lang, round(n / total, 3)) for lang, n in met.items() if n >= _SOME)


def _count_scripts(text: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for character in text:
        code = ord(character)
        if code < 0x0B80:
            name = "Latn" if character.isalpha() and code < 0x250 else ""
            if not name and character.isalpha():
                name = "Zzzz"
        elif 0x1E00 <= code <= 0x1EFF:
            name = "Latn"
        else:
            name = _script_of(character)
        if name:
            counts[name] = counts.get(name, 0) + 1
    return counts


@lru_cache(maxsize=8192)
def _script_of(character: str) -> str:
    code = ord(character)
    for low, high, name in _SCRIPTS:
        if low <= code <= high:
            return name
    return "Zzzz" if character.isalpha() else ""


def _from_script(text: str, script: str, share: float, counts: dict[str, int]) -> Identification:
    if script in _BY_SCRIPT:
        return Identification(_BY_SCRIPT[script], round(share, 3), script)
    if script == "Hani" and not counts.get("Kana"):
        return _chinese(text, share)
    return Identification(UNDETERMINED, 0.0, "Jpan" if counts.get("Kana") else script)


def _chinese(text: str, share: float) -> Identification:
    side = sum(_han_side(character) for character in text)
    variety = "yue" if _CANTONESE.search(text) else ""
    if side > 0 or (side == 0 and variety):
        return Identification("zh-Hant", round(share * (1 - 0.4 / (1 + side)), 3), "Hant", variety)
    certainty = 0.6 if side == 0 else 1 - 0.4 / (1 - side)
    return Identification("zh-Hans", round(share * certainty, 3), "Hans", variety)


@lru_cache(maxsize=8192)
def _han_side(character: str) -> int:
    """+1 for a character that only Traditional text uses, -1 for Simplified only, 0 for both."""
    if not "\u3400" <= character <= "\u9fff":
        return 0
    if to_simplified(character) != character:
        return 1
    return -1 if to_traditional(character) != character else 0


def _latin(text: str, hint: str) -> Identification:
    ranked = rank(text, hint)
    if not ranked:
        return Identification(UNDETERMINED, 0.0, "Latn")
    best, chance = ranked[0]
    if best == UNDETERMINED:
        return Identification(best, 0.0, "Latn")
    share = 0.0 if best == "en" else also_english(text)
    also = (("en", share),) if share >= _BORROWED else ()
    return Identification(best, chance, "Latn", also=also)
