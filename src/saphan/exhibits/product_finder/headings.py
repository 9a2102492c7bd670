"""Headings of the Harmonised System with words of our own in six languages.

Only the four digits are the system's; its legal texts are not here.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

LANGS = ("en", "zh-Hans", "th", "vi", "id", "ms")
FILE = Path(__file__).with_name("headings.tsv")
_COMMA = re.compile(r"\s*[,、]\s*")


@dataclass(frozen=True)
class Heading:
    """Four digits, and our words for what is in it, by language."""

    code: str
    words: dict[str, str]


@dataclass(frozen=True)
class Phrase:
    """One good of a heading: its place among the headings, the language and the words."""

    heading: int
    lang: str
    text: str


def read(path: Path = FILE) -> list[Heading]:
    """All headings in the order of their digits. One a line: digits and six tab-separated texts."""
    found = []
    for line in path.read_text("utf-8").splitlines():
        code, *words = line.split("\t")
        found.append(Heading(code, dict(zip(LANGS, words, strict=True))))
    return found


def phrases(headings: list[Heading], langs: tuple[str, ...] = LANGS) -> list[Phrase]:
    """The single goods of all headings. Thai sets spaces between them, others commas."""
    found = []
    for place, each in enumerate(headings):
        for lang in langs:
            parts = each.words[lang].split() if lang == "th" else _COMMA.split(each.words[lang])
            found += [Phrase(place, lang, part) for part in parts if part]
    return found


def digest(path: Path = FILE) -> str:
    """SHA-256 of the headings' file, hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
