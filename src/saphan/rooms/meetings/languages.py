"""The languages that people speak at a table: Chinese is one, however it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from saphan.design import formats
from saphan.engines.language import codes
from saphan.rooms.meetings.vocabulary import Level

SPOKEN = ("zh", "en", "th", "vi", "lo", "km", "my", "id", "ms", "fil", "pt", "ta", "tet", "yue",
          "ja", "ko", "fr")


def choices() -> list[tuple[str, str]]:
    """Code and name in the reader's language, those of the house's countries first."""
    return [(code, formats.language_name(code)) for code in SPOKEN]


def canonical(code: str) -> str:
    """The code under which a language is spoken here; empty for one that is not known."""
    plain = code.strip().replace("_", "-").lower()
    if plain in SPOKEN:
        return plain
    known = codes.canonical(code)
    spoken = "zh" if known.startswith("zh-") else known
    return spoken if spoken in SPOKEN else ""


def written_as_spoken(lang: str) -> str:
    """The spoken language of somebody who reads `lang`."""
    return canonical(lang) or "en"


def said(speaks: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Name of each language and level in words, the best first."""
    ranked = sorted(speaks.items(), key=lambda entry: (-int(entry[1]), entry[0]))
    return [(formats.language_name(code), str(Level(int(level)).label)) for code, level in ranked]
