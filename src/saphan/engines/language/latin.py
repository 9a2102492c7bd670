"""Tell apart the languages of the house that are written in Latin letters.

A statistical model limited to these languages and their commonest foreign neighbours ranks them;
words that only one of two close languages writes, and the small words that hold a sentence
together, correct it.
"""

from __future__ import annotations

import io
import lzma
import re
import threading
from array import array
from functools import lru_cache
from math import exp
from typing import Any, Final

import numpy as np

from saphan.engines.language.codes import UNDETERMINED
from saphan.engines.language.data_files import word_list

_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019\u02bc][^\W\d_]+)*")
_VIETNAMESE: Final = re.compile(
    "[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE
)
_TETUM: Final = word_list("tet.txt")
_MALAY: Final = word_list("ms.txt") - word_list("id.txt")
_INDONESIAN: Final = word_list("id.txt") - word_list("ms.txt")
_RATHER_MALAY: Final = word_list("ms-ours.txt") - word_list("id-ours.txt")
_RATHER_INDONESIAN: Final = word_list("id-ours.txt") - word_list("ms-ours.txt")
_RATHER: Final = 0.5
_MARKS: Final = {
    "fil": word_list("fil-marks.txt"),
    "ms": word_list("malay-marks.txt"),
    "en": word_list("en-marks.txt"),
    "pt": word_list("pt-marks.txt"),
}
_OURS: Final = {"vi": "vi", "ms": "ms", "id": "id", "tl": "fil", "pt": "pt", "en": "en"}
_SYLLABLE: Final = re.compile(
    "(?:b|c|ch|d|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|qu|r|s|t|th|tr|v|x)?"
    "(?:[aeiouy]|ai|ao|au|ay|eo|eu|ia|ie|ieu|iu|oa|oai|oay|oe|oi|oo|ua|uay|ue|ui|uo|uoi|uou|uu|uy|uya"
    "|uye|ye|yeu)(?:c|ch|m|n|ng|nh|p|t)?"
)
"""A Vietnamese syllable without its marks."""
_TONELESS_FROM: Final = 3

_FOREIGN: Final = ("es", "fr", "de", "it", "nl", "tr", "pl", "ro", "sv", "cs")
"""Languages that are none of ours, but come in letters."""
_FOREIGN_FROM: Final = 5
"""Words from which a text can be told to be in none of our languages."""
_FOREIGN_SURE: Final = 0.99
_SHORT: Final = 3
"""Words up to which the reader's own language is asked."""

Ranked = list[tuple[str, float]]


def rank(text: str, hint: str = "") -> Ranked:
    """Languages of a Latin text with their chances (0..1), the best first; empty without words.

    `hint` is the language that is likely before anything is read. It decides in short texts,
    between languages that the text leaves open.
    """
    words = split(text)
    if not words:
        return []
    marked = sum(1 for word in words if _VIETNAMESE.search(word))
    if marked * 5 >= len(words):
        return [("vi", round(min(1.0, 0.7 + marked / len(words)), 3))]
    marks = {code: sum(word in known for word in words) for code, known in _MARKS.items()}
    tetum = [word for word in words if word in _TETUM]
    if len(set(tetum)) >= 2 and len(tetum) * 4 >= len(words) and len(tetum) > marks["fil"]:
        return [("tet", round(min(0.99, 0.5 + len(tetum) / len(words)), 3))]
    if _is_toneless_vietnamese(words, sum(marks.values())):
        return [("vi", 0.6)]
    chances = _chances(text, len(words))
    _heed_small_words(chances, marks, len(words))
    _tell_malay_from_indonesian(chances, words)
    if hint in chances and len(words) <= _SHORT:
        best = max(chances.values())
        if chances[hint] >= best * (0.01 if len(words) == 1 else 0.1):
            chances[hint] = best + 0.001
    ranked = sorted(chances.items(), key=lambda item: -item[1])
    return [(code, round(min(1.0, chance), 3)) for code, chance in ranked]


def _is_toneless_vietnamese(words: list[str], marks: int) -> bool:
    """Whether Vietnamese is typed without marks: nearly all words are syllables of it."""
    if len(words) < _TONELESS_FROM or marks * 4 > len(words):
        return False
    return sum(bool(_SYLLABLE.fullmatch(word)) for word in words) >= 0.9 * len(words)


def split(text: str) -> list[str]:
    """The words of a text in small letters, apostrophes alike."""
    found = [match.group().lower() for match in _WORD.finditer(text)]
    return [word.replace("\u2019", "'").replace("\u02bc", "'") for word in found]


def english_share(text: str, marks: int = 2) -> bool:
    """Whether a stretch of Latin text is held together by small English words."""
    return sum(word in _MARKS["en"] for word in split(text)) >= marks


def also_english(text: str) -> float:
    """The share of words that the model takes for English, in a text of another Latin language."""
    words = [word for word in split(text) if len(word) > 3]
    if not words or len(words) > 40:
        return 0.0
    english = sum(_leading(word) == "en" for word in words)
    return round(english / len(words), 3)


@lru_cache(maxsize=8192)
def _leading(word: str) -> str:
    best: str = _OURS.get(_model().classify(word)[0], "")
    return best


def _chances(text: str, words: int) -> dict[str, float]:
    scores = {label: float(score) for label, score in _model().rank(text)}
    chances = {code: scores.get(label, 0.0) for label, code in _OURS.items()}
    foreign = sum(scores.get(label, 0.0) for label in _FOREIGN)
    if words >= _FOREIGN_FROM and foreign > _FOREIGN_SURE:
        chances[UNDETERMINED] = foreign
        return chances
    total = sum(chances.values()) or 1.0
    return {code: chance / total for code, chance in chances.items()}


def _heed_small_words(chances: dict[str, float], marks: dict[str, int], words: int) -> None:
    """A sentence is in the language of its small words, whatever words it borrows."""
    leading = max(marks, key=lambda code: marks[code])
    count = marks[leading]
    others = [number for code, number in marks.items() if code != leading]
    if count < 2 or count * 6 < words or count <= max(others):
        return
    if leading == "ms" and chances["ms"] + chances["id"] < 0.6:
        chances["ms"] = chances["id"] = max(chances["ms"], chances["id"], 0.4)
    elif leading != "ms":
        chances[leading] = max(chances[leading], 0.8)
    else:
        return
    rest = 1 - 0.8
    for code in chances:
        if code != leading and not (leading == "ms" and code == "id"):
            chances[code] = min(chances[code], rest)


def _tell_malay_from_indonesian(chances: dict[str, float], words: list[str]) -> None:
    """Share out the chance of both by the words and endings that only one of them uses."""
    both = chances["ms"] + chances["id"]
    if both < 0.2:
        return
    clue = float(sum((word in _MALAY) - (word in _INDONESIAN) for word in words))
    clue += _RATHER * sum(
        (word in _RATHER_MALAY) - (word in _RATHER_INDONESIAN) for word in words
    )
    clue += sum(word.endswith(("iti", "isyen")) - word.endswith("itas") for word in words)
    if clue:
        tilt = 1 / (1 + exp(-1.6 * clue))
        # The model is surer of this pair than it should be: neither may be ruled out.
        malay = max(chances["ms"], 0.02 * both) * tilt
        indonesian = max(chances["id"], 0.02 * both) * (1 - tilt)
        total = malay + indonesian or 1.0
        chances["ms"], chances["id"] = both * malay / total, both * indonesian / total


_loading = threading.Lock()


def _model() -> Any:
    """py3langid cut down to some languages (the full model would keep 80 MB)."""
    with _loading:
        return _load_model()


@lru_cache(maxsize=1)
def _load_model() -> Any:
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    # The library unpacks its model into a temporary file, which a sealed exhibit may not have.
    with lzma.open(MODEL_DIR / MODEL_FILE) as packed:
        unpacked = io.BytesIO(packed.read())
    with np.load(unpacked, allow_pickle=False) as data:
        model = LanguageIdentifier(
            data["ptc"], data["pc"], data["classes"].tolist(), _array(data["nextmove"]),
            data["out_feat"].tolist(), norm_probs=True, tk_row=_array(data["nextmove_row"]))
    model.set_languages([*_OURS, *_FOREIGN])
    model._full_model = (model.nb_ptc, model.nb_pc, model.nb_classes)
    return model


def _array(values: Any) -> array[int]:
    """Unsigned integers as the standard library's array, which is quicker to read one by one."""
    return array({2: "H", 4: "I", 8: "L"}[values.dtype.itemsize], values.tobytes())
