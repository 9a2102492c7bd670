"""The author's own name in a record that must not say whose it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from saphan.engines.gate.reading import Reading
from saphan.engines.gate.records import Finding
from saphan.engines.gate.rules import Rule
from saphan.engines.language.boundaries import is_spaced
from saphan.engines.language.normalise import fold

_SHORTEST: Final = {True: 3, False: 2}
"""Letters of a name that is looked for: of spaced scripts, and of the others."""
_BRACKET: Final = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")


def own_names(rule: Rule, reading: Reading, names: Iterable[str]) -> Iterator[Finding]:
    """Where one of the names stands, whole or without its legal form, however it is spaced."""
    wanted = sorted(_variants(rule, names), key=len, reverse=True)
    if not wanted:
        return
    text, places = _letters(reading.text)
    seen: list[tuple[int, int]] = []
    for name in wanted:
        for found in re.finditer(re.escape(name), text):
            start, end = places[found.start()], places[found.end() - 1] + 1
            if _is_whole(reading.text, start, end) and not any(
                    left < end and start < right for left, right in seen):
                seen.append((start, end))
                yield reading.finding(rule, start, end)


def _variants(rule: Rule, names: Iterable[str]) -> set[str]:
    names, found = list(names), set[str]()
    if not names:
        return found
    forms = sorted((fold(form) for form in rule.settings["legal_forms"]), key=len, reverse=True)
    plain_words = {_letters(word)[0] for word in rule.settings["plain_words"]}
    for name in names:
        for written in (name, _BRACKET.sub(" ", name)):
            found |= {_letters(written)[0], _letters(_bare(fold(written), forms))[0]}
    return {name for name in found - plain_words
            if name and len(name) >= _SHORTEST[is_spaced(name[0])]}


def _bare(name: str, forms: list[str]) -> str:
    """A folded name without its legal forms; they stand apart, or at an end of unspaced words."""
    for form in forms:
        if is_spaced(form[0]):
            name = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", " ", name)
        else:
            name = name.strip().removeprefix(form).removesuffix(form)
    return name


def _letters(text: str) -> tuple[str, list[int]]:
    """Letters, marks and digits alone, folded, with the place of each in the text."""
    kept, places = [], []
    for place, character in enumerate(text):
        if unicodedata.category(character)[0] not in "LNM":
            continue
        for folded in fold(character):
            kept.append(folded)
            places.append(place)
    return "".join(kept), places


def _is_whole(text: str, start: int, end: int) -> bool:
    def joins(inner: str, outer: str) -> bool:
        return is_spaced(inner) and is_spaced(outer)

    return not (start and joins(text[start], text[start - 1])) and not (
        end < len(text) and joins(text[end - 1], text[end]))
