"""Cut text into words and into the tokens that the search index holds.

Every search engine ties on quality when text is cut once, here, and none of the built-in
analysers knows Thai, Lao, Khmer and Burmese. Words come from ICU's dictionaries; character
n-grams beside them forgive what the dictionaries do not know and how people spell.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from icu4py.breakers import WordBreaker

from saphan.engines.language.normalise import fold

GRAM: Final = "\ue000"
"""Marks a token as a piece of a word, so that it never meets a whole word by chance."""

_RUNS: Final = re.compile(
    r"(?P<han>[\u3400-\u9fff\uf900-\ufaff]+)"
    r"|(?P<mymr>[\u1000-\u109f\uaa60-\uaa7f]+)"
    r"|(?P<other>[\u0e00-\u0e7f\u0e80-\u0eff\u1780-\u17ff\u0b80-\u0bff]+)"
    r"|(?P<latin>[^\W\d_\u0b80-\u17ff\u3400-\u9fff\uf900-\ufaff\uaa60-\uaa7f]+)"
)
_JOINERS: Final = re.compile("[\u200b-\u200d\u2060\ufeff]")
_KEPT: Final = frozenset({"L", "N", "M"})


def words(text: str) -> list[str]:
    """The words of a text in order, folded for comparing; no punctuation.

    >>> words("ต้องการระบบคัดแยกทุเรียน")
    ['ต้องการ', 'ระบบ', 'คัด', 'แยก', 'ทุเรียน']
    """
    return _words(_JOINERS.sub("", fold(text)))


def _words(folded: str) -> list[str]:
    # ICU chooses its dictionary by script, so one locale serves every language.
    found = []
    for part in WordBreaker(folded, "en"):
        word = _only_letters(part)
        if word:
            found.append(word)
    return found


def _only_letters(part: str) -> str:
    if part.isalnum():
        return part
    if len(part) == 1 and not part.isalnum():
        return ""
    kept = "".join(character for character in part if _is_kept(character))
    return kept if any(character.isalnum() for character in kept) else ""


@lru_cache(maxsize=8192)
def _is_kept(character: str) -> bool:
    return unicodedata.category(character)[0] in _KEPT


def index_tokens(text: str) -> list[str]:
    """Words and character n-grams of a text, with repetitions, for the lexical index.

    Traditional Chinese is folded to Simplified, so both scripts meet. Every token consists of
    letters, digits and marks alone, the n-grams with the mark `GRAM` before them: 1 and 2
    characters of Chinese, 3 of Thai, Lao, Khmer, Burmese, Tamil and Latin.
    """
    folded = _JOINERS.sub("", fold(text))
    tokens = [word for word in _words(folded) if not _is_han(word)]
    for match in _RUNS.finditer(folded):
        run = match.group()
        if match.lastgroup == "han":
            tokens += run
            tokens += _grams(run, 2)
        elif match.lastgroup == "latin":
            if len(run) > 3:
                tokens += _grams(run, 3)
        else:
            tokens += _grams(run, 3)
    return tokens


def _is_han(word: str) -> bool:
    return "\u3400" <= word[0] <= "\u9fff"


def _grams(run: str, size: int) -> list[str]:
    if len(run) < size:
        return []
    return [GRAM + run[start : start + size] for start in range(len(run) - size + 1)]
