"""Find the labels of concepts in running text.

A table from the first letters of a label to the lengths of labels that begin so takes the place of
an automaton: it is built in a tenth of a second, can be changed label by label, and a position of
the text costs four look-ups. What is found must be a word, not letters inside another one: each
script has its own guards (see `boundaries`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from saphan.engines.language import boundaries
from saphan.engines.language.codes import family
from saphan.engines.language.searching import SearchText, fold_labels

_PREFIXES: Final = (6, 3, 2, 1)
_CAPITALS: Final = 6
"""Longest label in capitals that is an abbreviation and no shouted word."""

Labels = Iterable[tuple[str, str, str]]
"""Concept, language and label."""


class Entry(NamedTuple):
    """What owns a folded label."""

    concept: str
    family: str
    capitals: bool
    """Whether the label is an abbreviation in Latin capitals."""


class Match(NamedTuple):
    """A label met at characters `start` to `end` of the folded text."""

    start: int
    end: int
    concept: str


class Finder:
    """Folded labels and who owns them. Reading is thread-safe; changes give another finder."""

    def __init__(self, labels: Labels = ()) -> None:
        self.keys: dict[str, tuple[Entry, ...]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        self._add(labels)

    def changed(self, dropped: Labels, added: Labels) -> Finder:
        """Another finder, without and with some labels; costs some milliseconds."""
        other = Finder()
        other.keys, other._lengths = dict(self.keys), dict(self._lengths)
        given = list(dropped)
        for (concept, lang, _), key in zip(given, fold_labels(given), strict=True):
            group = family(lang)
            kept = tuple(
                one
                for one in other.keys.get(key, ())
                if (one.concept, one.family) != (concept, group)
            )
            other.keys[key] = kept
            if not kept:
                del other.keys[key]
        other._add(added)
        return other

    def _add(self, labels: Labels) -> None:
        given = list(labels)
        keys, lengths = self.keys, self._lengths
        named, entry = ("", ""), Entry("", "", False)
        for (concept, lang, label), key in zip(given, fold_labels(given), strict=True):
            if not key:
                continue
            if (concept, lang) != named:
                named, entry = (concept, lang), Entry(concept, family(lang), False)
            owner = entry._replace(capitals=True) if _is_abbreviation(label) else entry
            owners = keys.get(key)
            if owners is None:
                keys[key] = (owner,)
                size = len(key)
                start = key[:6] if size > 5 else key[:3] if size > 2 else key
                sizes = lengths.get(start)
                if sizes is None:
                    lengths[start] = (size,)
                elif size not in sizes:
                    lengths[start] = (*sizes, size)
            elif owner not in owners:
                keys[key] = (*owners, owner)

    def matches(self, text: SearchText, allowed: frozenset[str] | None) -> list[Match]:
        """Every label in the text that is a word there, by start."""
        folded, keys, lengths = text.folded, self.keys, self._lengths
        found: list[Match] = []
        guard = boundaries.Guard(text)
        inside = False
        for start, character in enumerate(folded):
            spaced = boundaries.is_spaced(character)
            if spaced and inside:
                continue
            inside = spaced
            for size in _PREFIXES:
                for length in lengths.get(folded[start : start + size], ()):
                    owners = keys.get(folded[start : start + length])
                    if owners is None or start + length > len(folded):
                        continue
                    end = guard.word_end(start, start + length)
                    if end and not guard.is_name(start, end):
                        _note(found, start, end, owners, allowed, guard)
        return guard.without_blocked(found)


def _note(
    found: list[Match],
    start: int,
    end: int,
    owners: tuple[Entry, ...],
    allowed: frozenset[str] | None,
    guard: boundaries.Guard,
) -> None:
    seen = set()
    for entry in owners:
        if (allowed is not None and entry.family not in allowed) or entry.concept in seen:
            continue
        if entry.capitals and not guard.in_capitals(start, end):
            continue
        seen.add(entry.concept)
        found.append(Match(start, end, entry.concept))


def _is_abbreviation(label: str) -> bool:
    return len(label) <= _CAPITALS and label.isupper() and label.isascii()


def longest(matches: Iterable[Match], *, nested: bool) -> list[Match]:
    """Each match once, in order of place; of overlapping ones the longest unless `nested`."""
    kept: dict[Match, None] = {}
    reach, last = -1, (-1, -1)
    for match in sorted(matches, key=lambda one: (one.start, -one.end)):
        place = (match.start, match.end)
        if nested or match.start >= reach or place == last:
            kept[match] = None
            if match.end > reach:
                reach, last = match.end, place
    return list(kept)
