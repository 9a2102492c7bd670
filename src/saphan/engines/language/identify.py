"""Say in which of the house's languages a text is written.

Scripts decide for Thai, Lao, Khmer, Burmese, Tamil and Chinese; the characters themselves tell
Simplified from Traditional; a small statistical model limited to our Latin languages tells the
rest apart, helped by words that only one of two close languages uses. A text in a language that
is not ours but uses the Latin script is taken for the nearest of ours, with low confidence.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from pathlib import Path
from typing import Any, Final

from saphan.engines.language.codes import UNDETERMINED
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
_BY_SCRIPT: Final = {"Thai": "th", "Laoo": "lo", "Khmr": "km", "Mymr": "my", "Taml": "ta"}
_OUTWEIGHS: Final = 3
"""A letter of another script tells about as much as this many Latin letters."""

_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019\u02bc][^\W\d_]+)*")
_VIETNAMESE: Final = re.compile(
    "[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE
)
_DATA: Final = Path(__file__).parent / "data"


def _word_list(code: str) -> frozenset[str]:
    lines = (_DATA / f"{code}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


_TETUM: Final = _word_list("tet")
_MALAY: Final = _word_list("ms")
_INDONESIAN: Final = _word_list("id")

_LATIN_MODEL: Final = {"vi": "vi", "ms": "ms", "id": "id", "tl": "fil", "pt": "pt", "en": "en"}


@dataclass(frozen=True, slots=True)
class Identification:
    """The language of a text: house code (`und` if unknown), confidence 0..1, ISO 15924 script."""

    lang: str
    confidence: float
    script: str


def identify(text: str) -> Identification:
    """The main language of a text; never raises. Empty or wordless text is `und` with 0.0."""
    sample = text[:_LOOKED_AT]
    counts = _count_scripts(sample)
    if not counts:
        return Identification(UNDETERMINED, 0.0, "Zyyy")
    latin = counts.pop("Latn", 0)
    if counts:
        script = max(counts, key=lambda name: counts[name])
        weight = counts[script] * _OUTWEIGHS
        if weight >= latin:
            share = weight / (latin + _OUTWEIGHS * sum(counts.values()))
            return _from_script(sample, script, share, counts)
    return _latin(sample)


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
    if side > 0:
        return Identification("zh-Hant", round(share * (1 - 0.4 / (1 + side)), 3), "Hant")
    certainty = 0.6 if side == 0 else 1 - 0.4 / (1 - side)
    return Identification("zh-Hans", round(share * certainty, 3), "Hans")


@lru_cache(maxsize=8192)
def _han_side(character: str) -> int:
    """+1 for a character that only Traditional text uses, -1 for Simplified only, 0 for both."""
    if not "\u3400" <= character <= "\u9fff":
        return 0
    if to_simplified(character) != character:
        return 1
    return -1 if to_traditional(character) != character else 0


def _latin(text: str) -> Identification:
    words = [word.replace("\u2019", "'").replace("\u02bc", "'") for word in _words(text)]
    if not words:
        return Identification(UNDETERMINED, 0.0, "Latn")
    marked = sum(1 for word in words if _VIETNAMESE.search(word))
    if marked * 5 >= len(words):
        return Identification("vi", round(min(1.0, 0.7 + marked / len(words)), 3), "Latn")
    tetum = [word for word in words if word in _TETUM]
    if len(set(tetum)) >= 2 and len(tetum) * 4 >= len(words):
        return Identification("tet", round(min(0.99, 0.5 + len(tetum) / len(words)), 3), "Latn")
    scores = dict(_latin_model().rank(text))
    chances = {code: float(scores.get(label, 0.0)) for label, code in _LATIN_MODEL.items()}
    _tell_malay_from_indonesian(chances, words)
    best = max(chances, key=lambda code: chances[code])
    return Identification(best, round(chances[best], 3), "Latn")


def _words(text: str) -> list[str]:
    return [match.group().lower() for match in _WORD.finditer(text)]


def _tell_malay_from_indonesian(chances: dict[str, float], words: list[str]) -> None:
    """Share out the chance of both by the words and endings that only one of them uses."""
    both = chances["ms"] + chances["id"]
    if both < 0.2:
        return
    clue = sum((word in _MALAY) - (word in _INDONESIAN) for word in words)
    clue += sum(word.endswith(("iti", "isyen")) - word.endswith("itas") for word in words)
    if clue:
        tilt = 1 / (1 + exp(-1.6 * clue))
        malay, indonesian = chances["ms"] * tilt, chances["id"] * (1 - tilt)
        total = malay + indonesian or 1.0
        chances["ms"], chances["id"] = both * malay / total, both * indonesian / total


_loading = threading.Lock()


def _latin_model() -> Any:
    """py3langid cut down to our Latin languages (the full model would keep 80 MB)."""
    with _loading:
        return _load_latin_model()


@lru_cache(maxsize=1)
def _load_latin_model() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(list(_LATIN_MODEL))
    model._full_model = (model.nb_ptc, model.nb_pc, model.nb_classes)
    return model
