"""Clean text and bring variants of one spelling together.

`clean` is for text that is kept and shown; the folds are for comparing and searching only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any, Final

from saphan.engines.language.repairs import fold_spelling, repair

Replacements = Mapping[int, int | str | None]
"""What `str.translate` takes."""

_KEPT_CONTROLS: Final = "\n\t"
_INVISIBLE: Final = {
    *range(0x20),
    *range(0x7F, 0xA0),
    0xAD,  # soft hyphen
    0x200E,
    0x200F,
    *range(0x202A, 0x202F),  # bidirectional embeddings and overrides
    *range(0x2060, 0x2070),
    0xFEFF,
    *range(0xFFF0, 0xFFFC),
} - {ord(c) for c in _KEPT_CONTROLS}
_DROP: Final = dict.fromkeys(_INVISIBLE)
_WIDTH: Final[Replacements] = {0x3000: 0x20, **{0xFF01 + i: 0x21 + i for i in range(94)}}
_DIGIT_ZEROS: Final = (0x0E50, 0x0ED0, 0x17E0, 0x1040, 0x1090, 0x0BE6, 0xFF10, 0x0660, 0x0966)
_DIGITS: Final[Replacements] = {
    zero + i: ord("0") + i for zero in _DIGIT_ZEROS for i in range(10)
}
_BURMESE: Final = re.compile(r"[\u1000-\u109f]")


def clean(text: str) -> str:
    """NFC without control characters, bidirectional marks, BOM or soft hyphens.

    Line breaks and tabs stay, and so do U+200B to U+200D, which carry meaning in Khmer, Burmese
    and Tamil. Burmese written in the Zawgyi encoding becomes Unicode, and marks typed in a wrong
    order come to the standard one.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.translate(_DROP)
    if _BURMESE.search(text):
        from saphan.engines.language.zawgyi import is_zawgyi, to_unicode

        if is_zawgyi(text):
            text = to_unicode(text)
            text = unicodedata.normalize("NFC", text)
    return repair(text)


def fold_width(text: str) -> str:
    """Full-width Latin letters, digits and signs to their ordinary width; same length."""
    return text.translate(_WIDTH)


def ascii_digits(text: str) -> str:
    """Thai, Lao, Khmer, Burmese, Shan, Tamil and full-width digits to 0-9; same length."""
    return text.translate(_DIGITS)


@lru_cache(maxsize=2)
def _converter(config: str) -> Any:
    return import_module("opencc").OpenCC(config)


def to_simplified(text: str) -> str:
    """Traditional to Simplified Chinese by words (OpenCC `t2s`); for reading and embedding."""
    return str(_converter("t2s").convert(text))


def to_traditional(text: str) -> str:
    """Simplified to Traditional Chinese by words (OpenCC `s2t`)."""
    return str(_converter("s2t").convert(text))


class FoldTable(dict[int, int | str | None]):
    """A `str.translate` table to Simplified, character by character, filled as text is met;
    `others` are further characters to replace."""

    def __init__(self, *others: Replacements) -> None:
        super().__init__()
        for other in others:
            self.update(other)

    def __missing__(self, code: int) -> int:
        folded = code
        if 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF:
            simple = to_simplified(chr(code))
            if len(simple) == 1:
                folded = ord(simple)
        self[code] = folded
        return folded


_HAN: Final = FoldTable()
PLAIN: Final = (_WIDTH, _DIGITS)
"""What `fold` replaces beside Chinese characters."""
_FOLD: Final = FoldTable(*PLAIN)


def fold_han(text: str) -> str:
    """Each Han character to its Simplified form; the length stays, so positions stay true."""
    return text.translate(_HAN)


def fold(text: str) -> str:
    """For comparing words: NFC, ordinary width, lower case, Simplified characters, ASCII digits,
    marks in their standard order, one of two accepted spellings.

    Diacritics and tone marks stay: they tell Vietnamese, Thai and Burmese words apart.
    """
    return fold_with(text, _FOLD)


def fold_with(text: str, table: FoldTable) -> str:
    """`fold` by a table of one's own, which must hold `PLAIN`."""
    # Repairs come before the digits: Burmese people type the digit zero for the letter wa.
    return fold_spelling(repair(unicodedata.normalize("NFC", text)).translate(table).lower())
