"""Tell proper names that are spelled like ordinary words: "Typhoon ASR" is no storm."""

from __future__ import annotations

import re
from typing import Final

from saphan.engines.language.data_files import word_list

_WORDS: Final = word_list("name-words.txt")
_MIXED: Final = re.compile(r"[A-Z]*[a-z]+[A-Z][A-Za-z]*-$|[A-Z]{2,}[a-z]+[A-Z]?[a-z]*-$")
_NAME_AFTER: Final = re.compile(r"[ -](?:v?\d|[A-Z]{2,}|[A-Z][a-z]*[A-Z\d]|[A-Z][a-z]+\b)|\s?[:：]")
_NAME_BEFORE: Final = re.compile(r"(?<![.!?:;] )\b[A-Z][A-Za-z]*[ -]$")
_NEAR: Final = 24


def is_name(text: str, start: int, end: int) -> bool:
    """Whether characters `start` to `end`, a label of one ordinary word, are a name here.

    Two cases: the word follows a name of mixed capitals and a hyphen (LLaMA-Factory); or it is one
    that things are often called by, has a capital, and stands beside another capital, a number or
    before a colon. Anything else is taken for the ordinary word.
    """
    word = text[start:end]
    if not word[0].isupper() or not word[1:].islower() or not word.isascii():
        return False
    before = text[max(0, start - _NEAR) : start]
    if _MIXED.search(before):
        return True
    if word.lower() not in _WORDS and word.lower().removesuffix("s") not in _WORDS:
        return False
    return bool(_NAME_AFTER.match(text, end) or _NAME_BEFORE.search(before))
