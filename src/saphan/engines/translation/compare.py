"""Compare a text with its translation: what a careful reader checks without knowing both languages.

It reads neither; it looks for what must be the same on both sides (figures, units, names,
negations) and says where it is not. What it does not report is not thereby right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from saphan.engines.language.terms import TermBase
from saphan.engines.translation import figures, glossary, names, negation, wholeness
from saphan.engines.translation.mismatch import BLOCK, KINDS, Mismatch

_ORDER: Final = {kind: number for number, kind in enumerate(KINDS)}


def compare(
    source: str,
    translation: str,
    *,
    source_lang: str,
    target_lang: str,
    terms: TermBase | None = None,
    names: Sequence[str] = (),
) -> list[Mismatch]:
    """The differences that matter, blocking ones first. Empty means that none was found.

    `names`: words of this record that must stand letter for letter, such as its organisation and
    product; those that the source does not hold are left aside. Languages are codes of the house.
    An empty source has no differences. Never raises for any text.
    """
    if not source.strip():
        return []
    if not translation.strip():
        return [Mismatch("missing", BLOCK, source, "", (0, len(source)), None)]
    found = [*wholeness.differences(source, translation, source_lang, target_lang)]
    if any(one.kind == "language" and one.blocks for one in found):
        return found  # in another language every other difference would be noise
    found += _contents(source, translation, source_lang, target_lang, names)
    if terms is not None:
        found += glossary.terms_missed(terms, source, translation, source_lang, target_lang)
    return sorted(found, key=_place)


def _contents(
    source: str, translation: str, source_lang: str, target_lang: str, kept: Sequence[str]
) -> Iterable[Mismatch]:
    yield from figures.differences(source, translation, source_lang, target_lang)
    yield from names.differences(source, translation, source_lang, target_lang, kept)
    yield from negation.differences(source, translation, source_lang, target_lang)


def _place(one: Mismatch) -> tuple[bool, int, bool, tuple[int, int]]:
    span = one.source_span or one.translation_span or (0, 0)
    return not one.blocks, _ORDER[one.kind], one.source_span is None, span
