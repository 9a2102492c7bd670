"""What a label of the term base may be: clean, in the script of its language, long enough.

`tidy` puts right what can be put right without asking; `problem` names what cannot.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final

from saphan.engines.language.codes import LANGUAGES
from saphan.engines.language.normalise import clean, fold, to_simplified

LONGEST: Final = 120
"""Characters of a label, at most."""

_SPACES: Final = re.compile(r"\s+")
_EDGES: Final = " ,;:.·•*\"“”‘’«»"
_SCRIPT_NAMES: Final = {
    "Latn": "LATIN", "Hans": "CJK", "Hant": "CJK", "Thai": "THAI", "Laoo": "LAO",
    "Khmr": "KHMER", "Mymr": "MYANMAR", "Taml": "TAMIL",
}  # fmt: skip
_ANYWHERE: Final = frozenset({"LATIN", "GREEK", "MICRO", "OHM"})
"""Scripts whose letters stand in technical words of every language."""


class Problem(StrEnum):
    """Why a label cannot be taken."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    RESERVED = "reserved"
    SCRIPT = "script"
    LATIN = "latin"
    TRADITIONAL = "traditional"


def tidy(label: str) -> str:
    """NFC, Unicode instead of Zawgyi, single spaces, without quotes and commas at its ends."""
    return _SPACES.sub(" ", clean(label)).strip(_EDGES).lstrip("=+@" + _EDGES)


def key(label: str) -> str:
    """What two labels have in common when they are the same word in two spellings."""
    return _SPACES.sub(" ", fold(label)).strip()


def script_of(lang: str) -> str:
    """Unicode's name of the script of a language of the house: `THAI`, `CJK`. KeyError else."""
    return _SCRIPT_NAMES[LANGUAGES[lang].script]


def scripts(text: str) -> frozenset[str]:
    """Unicode's names of the scripts of the letters in a text."""
    names = (unicodedata.name(c, "UNKNOWN") for c in text if c.isalpha())
    return frozenset(name.partition(" ")[0] for name in names)


def problem(label: str, lang: str) -> Problem | None:
    """What is wrong with a tidied label in a language; None if nothing is.

    A word in Latin letters is taken everywhere if it looks like a name or an abbreviation (`AI`,
    `YOLO`, `5G`): one in lower case alone is a word of another language.
    """
    used, own = scripts(label), script_of(lang)
    if not any(c.isalnum() for c in label):
        return Problem.EMPTY
    if len(label) > LONGEST:
        return Problem.TOO_LONG
    if "|" in label or "?" in label:
        return Problem.RESERVED  # they mean something in term files
    if used - _ANYWHERE - {own}:
        return Problem.SCRIPT
    if own not in used and own != "LATIN" and label == label.lower() and used:
        return Problem.LATIN
    if len(label) < 2 and "CJK" not in used:
        return Problem.TOO_SHORT
    if lang == "zh-Hans" and to_simplified(label) != label:
        return Problem.TRADITIONAL
    return None


def identifier(english: str, taken: object = ()) -> str:
    """A new concept's identifier out of its English label: `soil_moisture`.

    `taken` holds those in use (anything that knows `in`). Empty if the label has no Latin letter.
    """
    plain = unicodedata.normalize("NFKD", english.lower())
    words = re.findall("[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))
    base = "_".join(words)[:56].strip("_")
    if not base:
        return ""
    name, number = base, 1
    while name in taken:  # type: ignore[operator]
        number += 1
        name = f"{base}_{number}"
    return name
