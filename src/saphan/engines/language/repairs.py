"""Bring typing mistakes that cannot be seen, or hardly, to the order of the Unicode Standard.

`repair` changes nothing that a reader sees and is for text that is kept; `fold_spelling` also
brings two accepted spellings together and is for comparing only. Both are idempotent. Sources:
the Unicode Standard, chapter 16 (orders of Thai, Lao, Khmer and Burmese syllables).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

_THAI_LAO: Final = re.compile("[\u0e31-\u0e4e\u0eb1-\u0ece]|เเ|ເເ")
_KHMER: Final = re.compile("[\u17b6-\u17d3]")
_BURMESE: Final = re.compile("[\u1000-\u109f]")

_ROUNDS: Final = 8
"""No text that we know of needs more than three; a bound all the same."""

_ABOVE: Final = "\u0e31\u0e34-\u0e3a\u0e47\u0e4d\u0eb1\u0eb4-\u0ebc\u0ecd"
_TONES: Final = "\u0e48-\u0e4c\u0ec8-\u0ecc"
_TONE_FIRST: Final = re.compile(f"([{_TONES}]+)([{_ABOVE}]+)")
_SAME_MARK: Final = re.compile(f"([{_ABOVE}{_TONES}\u0e33\u0eb3])\\1+")
_SARA_AM: Final = re.compile(f"\u0e4d([{_TONES}]?)\u0e32")
_LAO_AM: Final = re.compile(f"\u0ecd([{_TONES}]?)\u0eb2")
_AM_FIRST: Final = re.compile(f"([\u0e33\u0eb3])([{_TONES}])")

_KHMER_VOWELS: Final = "\u17b6-\u17c5"
_KHMER_SIGNS: Final = "\u17c6-\u17c8\u17cb-\u17d1\u17dd"
_UNIT: Final = re.compile(
    f"(?:\u17d2[\u1780-\u17b3]|[{_KHMER_VOWELS}{_KHMER_SIGNS}\u17c9\u17ca\u17cc])"
    f"(?:\u17d2[\u1780-\u17b3]|[{_KHMER_VOWELS}{_KHMER_SIGNS}\u17c9\u17ca\u17cc])+"
)
_PIECE: Final = re.compile("\u17d2.|.", re.DOTALL)
_SPLIT_OE: Final = re.compile("\u17c1\u17b8")
_SPLIT_AO: Final = re.compile("\u17c1\u17b6")
_SUBSCRIPT_DA: Final = "\u17d2\u178a"
_SUBSCRIPT_TA: Final = "\u17d2\u178f"

_MEDIALS: Final = re.compile("[\u1031\u103b-\u103e]*[\u103b-\u103e][\u1031\u103b-\u103e]*")
_ZERO: Final = re.compile(
    "(?<![\u1040-\u1049.,])\u1040(?=[\u1000-\u103f])"
    "|(?<=[\u1000-\u103f])\u1040(?![\u1040-\u1049.,])"
)
_U_ASAT: Final = re.compile("\u1025(?=\u103a)")
_U_II: Final = re.compile("\u1025\u102e")

_NEW_TONE: Final = re.compile("o([àáảãạèéẻẽẹ])(?![^\\W\\d_])|(?<!q)u([ỳýỷỹỵ])(?![^\\W\\d_])")
_TO_OLD: Final = {
    **dict(zip("àáảãạ", ("òa", "óa", "ỏa", "õa", "ọa"), strict=True)),
    **dict(zip("èéẻẽẹ", ("òe", "óe", "ỏe", "õe", "ọe"), strict=True)),
    **dict(zip("ỳýỷỹỵ", ("ùy", "úy", "ủy", "ũy", "ụy"), strict=True)),
}


def repair(text: str) -> str:
    """NFC text with its marks in their standard order, sara am in one piece, no mark twice.

    The text must be NFC already.
    """
    if text.isascii():
        return text
    for script, mend in _MENDERS:
        if script.search(text):
            text = _settle(mend, text)
    return text


def fold_spelling(text: str) -> str:
    """One of two accepted spellings, for small letters: hoà as hòa, Khmer subscript da as ta.

    The length stays.
    """
    if text.isascii():
        return text
    text = text.replace(_SUBSCRIPT_DA, _SUBSCRIPT_TA)
    return _NEW_TONE.sub(lambda found: _TO_OLD[found.group(1) or found.group(2)], text)


def _settle(mend: Callable[[str], str], text: str) -> str:
    # One repair can open the way for another; each shortens the text or sorts its marks.
    for _ in range(_ROUNDS):
        mended = unicodedata.normalize("NFC", mend(text))
        if mended == text:
            break
        text = mended
    return text


def _thai_lao(text: str) -> str:
    text = text.replace("เเ", "แ").replace("ເເ", "ແ")
    text = _SARA_AM.sub("\\1\u0e33", _TONE_FIRST.sub("\\2\\1", text))
    text = _LAO_AM.sub("\\1\u0eb3", text)
    return _SAME_MARK.sub("\\1", _AM_FIRST.sub("\\2\\1", text))


def _khmer(text: str) -> str:
    text = _SPLIT_AO.sub("\u17c4", _SPLIT_OE.sub("\u17be", text))
    return _UNIT.sub(lambda found: "".join(sorted(_pieces(found.group()), key=_khmer_rank)), text)


def _pieces(unit: str) -> list[str]:
    pieces: list[str] = []
    for piece in _PIECE.findall(unit):
        if not pieces or piece != pieces[-1]:
            pieces.append(piece)
    return pieces


def _khmer_rank(piece: str) -> int:
    """Robat, subscripts (ro last), register shifter, vowel, other signs."""
    if piece[0] == "\u17cc":
        return 0
    if piece[0] == "\u17d2":
        return 2 if piece[1:] == "\u179a" else 1
    if piece in "\u17c9\u17ca":
        return 3
    return 4 if "\u17b6" <= piece <= "\u17c5" else 5


def _burmese(text: str) -> str:
    text = _U_II.sub("\u1026", _U_ASAT.sub("\u1009", _ZERO.sub("\u101d", text)))
    return _MEDIALS.sub(lambda found: "".join(sorted(set(found.group()), key=_burmese_rank)), text)


def _burmese_rank(mark: str) -> int:
    return 0x1040 if mark == "\u1031" else ord(mark)


_MENDERS: Final = ((_THAI_LAO, _thai_lao), (_KHMER, _khmer), (_BURMESE, _burmese))
