"""Cut a text into sentences, in every script of the house, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from icu4py.breakers import SentenceBreaker

_ABBREVIATION: Final = re.compile(
    r"(?:^|[\s(“\"])(?:dr|mr|mrs|ms|prof|no|nos|co|ltd|inc|corp|st|approx|etc|fig|vol|vs|e\.g|i\.e"
    r"|pt|cv|tbk|jl|bp|dll|dsb|sdn|bhd|hj|sr|sra|dra|ltda|lda|av|art|núm|tp|ths|ts|gs|pgs|đ|q"
    r"|engr|atty|gng|gg|blg|u|daw|\w)\.\s*$", re.IGNORECASE)  # fmt: skip
"""A full stop after one of these ends no sentence."""
_ENDS_INSIDE: Final = re.compile(r"[;；]\s*")
_PHRASE_GAP: Final = re.compile("(?<=[\u0e00-\u0eff\\d)”]) +(?=[\u0e00-\u0eff“(])")
"""Thai and Lao set phrases and sentences apart by a space, and hardly by anything else."""
_PHRASE: Final = 40
"""Characters that a Thai or Lao piece has at least before a space ends it."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Characters `start` to `end` of a text, without the space around them."""

    start: int
    end: int
    text: str


def split(text: str) -> list[Sentence]:
    """The sentences of a text in order; together they hold every character but outer space."""
    found = []
    for start, end in _phrases(text, _joined(text)):
        piece = text[start:end]
        left = start + len(piece) - len(piece.lstrip())
        right = end - (len(piece) - len(piece.rstrip()))
        if left < right:
            found.append(Sentence(left, right, text[left:right]))
    return found


def _joined(text: str) -> Iterator[tuple[int, int]]:
    """ICU's sentences, those put together again that an abbreviation had cut."""
    begin = place = 0
    for part in SentenceBreaker(text, "en"):
        place += len(part)
        if _ABBREVIATION.search(text[begin:place]) and "\n" not in part:
            continue
        yield begin, place
        begin = place
    if begin < len(text):
        yield begin, len(text)


def _phrases(text: str, spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in spans:
        cuts = [start, *(start + cut.end() for cut in _ENDS_INSIDE.finditer(text[start:end])), end]
        for left, right in pairwise(cuts):
            begin = left
            for gap in _PHRASE_GAP.finditer(text, left, right):
                if gap.start() - begin >= _PHRASE:
                    yield begin, gap.end()
                    begin = gap.end()
            yield begin, right
