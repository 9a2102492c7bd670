"""Tell Zawgyi from Unicode Burmese, and convert it.

Zawgyi is a font encoding that uses the code points of Unicode's Myanmar block for other glyphs, in
the order in which they are drawn. Detection is Google's Markov model (`myanmartools`). Conversion
is our own: code points are mapped first, then each syllable is put into the order of the Unicode
standard (chapter 16.3: consonant, asat of kinzi, medials, vowels, tones).
"""

from __future__ import annotations

import re
import threading
import warnings
from functools import lru_cache
from typing import Any, Final

_LIKELY: Final = 0.95
_MYANMAR: Final = re.compile(r"[\u1000-\u109f]+")
_KINZI: Final = "\u1004\u103a\u1039"

# What a Zawgyi code point stands for, where that is not the same code point.
_MEANING: Final = {
    0x1033: "\u102f", 0x1034: "\u1030", 0x1039: "\u103a", 0x103A: "\u103b", 0x103B: "\u103c",
    0x103C: "\u103d", 0x103D: "\u103e", 0x105A: "\u102b\u103a",
    0x1060: "\u1039\u1000", 0x1061: "\u1039\u1001", 0x1062: "\u1039\u1002", 0x1063: "\u1039\u1003",
    0x1064: _KINZI, 0x1065: "\u1039\u1005", 0x1066: "\u1039\u1006", 0x1067: "\u1039\u1006",
    0x1068: "\u1039\u1007", 0x1069: "\u1039\u1008", 0x106A: "\u1009", 0x106B: "\u100a",
    0x106C: "\u1039\u100b", 0x106D: "\u1039\u100c", 0x106E: "\u100d\u1039\u100d",
    0x106F: "\u100d\u1039\u100e", 0x1070: "\u1039\u100f", 0x1071: "\u1039\u1010",
    0x1072: "\u1039\u1010", 0x1073: "\u1039\u1011", 0x1074: "\u1039\u1011", 0x1075: "\u1039\u1012",
    0x1076: "\u1039\u1013", 0x1077: "\u1039\u1014", 0x1078: "\u1039\u1015", 0x1079: "\u1039\u1016",
    0x107A: "\u1039\u1017", 0x107B: "\u1039\u1018", 0x107C: "\u1039\u1019", 0x107D: "\u103b",
    **dict.fromkeys(range(0x107E, 0x1085), "\u103c"),
    0x1085: "\u1039\u101c", 0x1086: "\u103f", 0x1087: "\u103e", 0x1088: "\u103e\u102f",
    0x1089: "\u103e\u1030", 0x108A: "\u103d\u103e", 0x108B: _KINZI + "\u102d",
    0x108C: _KINZI + "\u102e", 0x108D: _KINZI + "\u1036", 0x108E: "\u102d\u1036",
    0x108F: "\u1014", 0x1090: "\u101b", 0x1091: "\u100f\u1039\u100d", 0x1092: "\u100b\u1039\u100c",
    0x1093: "\u1039\u1018", 0x1094: "\u1037", 0x1095: "\u1037", 0x1096: "\u1039\u1010\u103d",
    0x1097: "\u100b\u1039\u100b", 0x104E: "\u104e\u1004\u103a\u1038",
}  # fmt: skip

# One syllable as Zawgyi draws it, after the mapping: marks drawn before, base, marks drawn after.
_SYLLABLE: Final = re.compile(
    r"(?P<before>[\u1031\u103c\u1037]*)"
    r"(?P<base>[\u1000-\u102a\u103f\u104e])"
    r"(?P<after>(?:\u1004\u103a\u1039|\u1039[\u1000-\u1021]|[\u102b-\u1030\u1032\u1036-\u1038"
    r"\u103a\u103b\u103d\u103e])*)"
)
_PART: Final = re.compile(r"\u1004\u103a\u1039|\u1039[\u1000-\u1021]|.")
_ORDER: Final = {
    mark: place
    for place, mark in enumerate(
        "\u103b\u103c\u103d\u103e\u1031\u102d\u102e\u1032\u102f\u1030\u102b\u102c\u1036\u1037\u103a\u1038"
    )
}
_REPEATED: Final = re.compile(r"([\u102d-\u1030\u1032\u1036\u1037\u103a-\u103e])\1+")
_ZERO_FOR_WA: Final = re.compile(
    r"\u1040(?=[\u102b-\u1032\u1036\u1038\u103a-\u103e])|(?<=[\u1031\u103c])\u1040"
)
_SEVEN_FOR_RA: Final = re.compile(r"\u1047(?=[\u102b-\u1032\u1036\u1038\u103a-\u103e])")


def is_zawgyi(text: str) -> bool:
    """Whether Burmese text is written in Zawgyi; text without Burmese is not.

    Very short text can be the same in both encodings; then it counts as Unicode.
    """
    return _MYANMAR.search(text) is not None and _probability(text) > _LIKELY


def to_unicode(text: str) -> str:
    """Zawgyi to Unicode; other scripts in the text stay as they are."""
    return _MYANMAR.sub(lambda match: _convert(match.group()), text)


def _convert(run: str) -> str:
    mapped = "".join(_MEANING.get(ord(character), character) for character in run)
    mapped = _ZERO_FOR_WA.sub("\u101d", mapped)
    mapped = _SEVEN_FOR_RA.sub("\u101b", mapped)
    mapped = _SYLLABLE.sub(_in_order, mapped)
    mapped = _REPEATED.sub(r"\1", mapped)
    mapped = mapped.replace("\u1025\u103a", "\u1009\u103a").replace("\u1025\u102e", "\u1026")
    return mapped.replace("\u1005\u103b", "\u1008")


def _in_order(match: re.Match[str]) -> str:
    """A syllable in the order of the standard: kinzi, base, stacked, medials, vowels, tones."""
    marks = _PART.findall(match["before"] + match["after"])
    kinzi = "".join(part for part in marks if part == _KINZI)
    stacked = "".join(part for part in marks if len(part) == 2)
    single = [part for part in marks if len(part) == 1]
    # Asat closes a syllable, but after a vowel sign it belongs to that vowel (ော်).
    single.sort(key=lambda mark: _ORDER.get(mark, len(_ORDER)))
    ordered = "".join(single)
    return kinzi + match["base"] + stacked + ordered


@lru_cache(maxsize=1024)
def _probability(text: str) -> float:
    return float(_detector().get_zawgyi_probability(text))


_loading = threading.Lock()


def _detector() -> Any:
    with _loading:
        return _load_detector()


@lru_cache(maxsize=1)
def _load_detector() -> Any:
    from myanmartools import ZawgyiDetector

    with warnings.catch_warnings():
        # It reads its data through a function that Python has deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        return ZawgyiDetector()
