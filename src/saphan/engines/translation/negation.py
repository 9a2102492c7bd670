"""Compare what a text and its translation deny.

Negation is said in many ways: "cannot", "unable to", "fails to" are one. So each language has words
that negate, phrases that hold such a word without negating ("no later than"), and words that come
near ("fail"). A negation on one side with neither on the other blocks; another count advises.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

from saphan.engines.translation.lexicon import folded
from saphan.engines.translation.mismatch import ADVISE, BLOCK, Mismatch, Span

_GROUPS: Final = {"zh-Hans": "zh", "zh-Hant": "zh", "ms": "id"}
_SENTENCE: Final = re.compile(r"[。！？!?။។\n]+|[.](?=\s|$)")
_MOST: Final = 20_000


@dataclass(frozen=True)
class _Words:
    no: re.Pattern[str]
    not_no: re.Pattern[str]
    near: re.Pattern[str]
    far: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Denials:
    """Places of negations in a text. `near`: whether something close to one is said; `far`:
    whether at least something is that becomes a negation in some languages."""

    places: tuple[Span, ...]
    near: bool
    far: bool


@lru_cache(maxsize=32)
def _words(lang: str) -> _Words | None:
    path = resources.files("saphan.engines.translation") / "data" / "negations.toml"
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    table = tables.get(_GROUPS.get(lang, lang))
    if table is None:
        return None
    return _Words(*(re.compile("|".join(f"(?:{one})" for one in table[kind]) or "(?!)")
                    for kind in ("no", "not_no", "near", "far")))  # fmt: skip


def denials(text: str, lang: str) -> Denials:
    """The negations of a text. None are found in a language without words for them here."""
    words = _words(lang)
    if words is None:
        return Denials((), True, True)
    plain = folded(text[:_MOST])
    bare = words.not_no.sub(lambda match: "\u25cc" * len(match.group()), plain)
    places = tuple(match.span() for match in words.no.finditer(bare))
    near = bare != plain or bool(words.near.search(bare))
    return Denials(places, near, near or bool(words.far.search(bare)))


def differences(
    source: str, translation: str, source_lang: str, target_lang: str
) -> Iterator[Mismatch]:
    """Mismatches of kind negation, by sentence where both sides have as many."""
    ours, theirs = _sentences(source), _sentences(translation)
    if len(ours) != len(theirs):
        ours, theirs = [(0, source)], [(0, translation)]
    for (at, one), (other_at, other) in zip(ours, theirs, strict=True):
        first, second = denials(one, source_lang), denials(other, target_lang)
        if first.places and not second.places and not second.near:
            yield _lost(source, first.places[0], at, len(one), True)
        elif second.places and not first.places and not first.far:
            yield _lost(translation, second.places[0], other_at, len(other), False)
        elif first.places and len(first.places) != len(second.places):
            yield Mismatch("negation", ADVISE, one, other, (at, at + len(one)),
                           (other_at, other_at + len(other)))


def _lost(text: str, place: Span, at: int, size: int, in_source: bool) -> Mismatch:
    start, end = place[0] + at, place[1] + at
    if in_source:
        return Mismatch("negation", BLOCK, text[start:end], "", (start, end), None)
    return Mismatch("negation", BLOCK, "", text[start:end], None, (start, end))


def _sentences(text: str) -> list[tuple[int, str]]:
    """Sentences with the place where each begins. Thai and Lao hardly mark them."""
    found, start = [], 0
    for end in _SENTENCE.finditer(text):
        if text[start : end.start()].strip():
            found.append((start, text[start : end.end()]))
        start = end.end()
    if text[start:].strip():
        found.append((start, text[start:]))
    return found
