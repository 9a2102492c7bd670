"""The term base: concepts of the centre's fields with their labels in every language.

A concept found in a Thai need and in a Chinese offer is the same concept, so it joins them
without any translation. Files are plain text (see `terms/README.md`); more of them can be read at
run time, so that a correction of a liaison officer counts at once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import ahocorasick

from saphan.engines.language.codes import LANGUAGES, family
from saphan.engines.language.normalise import fold

TERMS_DIRECTORY: Final = Path(__file__).parent / "terms"

_IDENTIFIER: Final = re.compile(r"[a-z0-9][a-z0-9_]*$")
_DROPPED: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_SPACED: Final = {ord(c): " " for c in "-\u2010\u2011\u2012\u2013\u00a0\t\n\r\u2009\u202f/_"}
_TABLE: Final = {**_DROPPED, **_SPACED}
_JOINED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3400-\u9fff"
_GAP: Final = re.compile(f"(?<=[{_JOINED}]) +(?=[{_JOINED}])")
_OPENERS: Final = "\u0e40\u0e41\u0e42\u0e43\u0e44\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4\u1039\u17d2"
"""Vowels written before their consonant, and signs that stack the next one below: what follows
them is no beginning of a syllable, so of no word."""
_CLOSERS: Final = ("\u1039", "\u103a", "\u17cb", "\u17cd", "\u0e4c", "\u0ecc")
"""Signs over or under a consonant that closes a syllable, or that is not spoken at its end."""
_SUFFIXES: Final = ("nya", "kah", "lah", "pun", "es", "s")
_ALSO_FOUND: Final = {
    "tet": ("pt", "id", "en"),
    "zh": ("en",),
    "ms": ("en",),
}


class TermFileError(ValueError):
    """A line of a term file cannot be read; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept: labels per language, the first one shown to readers."""

    id: str
    sector: str = ""
    broader: tuple[str, ...] = ()
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unsure: frozenset[str] = frozenset()
    """Languages whose labels a native speaker should review."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept met in a text, from character `start` up to but without `end`."""

    concept: str
    start: int
    end: int


def read_terms(lines: Iterable[str], source: str = "terms") -> Iterator[Concept]:
    """The concepts of one term file. Raises TermFileError with source and line number."""
    block: dict[str, str] = {}
    name, at = "", 0
    for number, raw in enumerate(lines, 1):
        line = raw.rstrip()
        if not line or line.lstrip().startswith("#"):
            continue
        if not line[0].isspace():
            if name:
                yield _concept(name, block, source, at)
            name, block, at = line.strip(), {}, number
            if not _IDENTIFIER.match(name):
                raise TermFileError(f"{source}:{number}: {name!r} is no concept identifier")
            continue
        key, colon, value = line.strip().partition(":")
        if not name or not colon:
            raise TermFileError(f"{source}:{number}: expected 'language: label | label'")
        if key not in LANGUAGES and key not in ("sector", "broader"):
            raise TermFileError(f"{source}:{number}: {key!r} is no language of the house")
        block[key] = value.strip()
    if name:
        yield _concept(name, block, source, at)


def _concept(name: str, block: dict[str, str], source: str, line: int) -> Concept:
    labels: dict[str, tuple[str, ...]] = {}
    unsure = set()
    for key, value in block.items():
        if key in ("sector", "broader"):
            continue
        if value.endswith("?"):
            unsure.add(key)
            value = value[:-1]
        parts = tuple(part.strip() for part in value.split("|") if part.strip())
        if parts:
            labels[key] = parts
    if not labels:
        raise TermFileError(f"{source}:{line}: concept {name!r} has no label")
    broader = tuple(block.get("broader", "").split())
    return Concept(name, block.get("sector", ""), broader, labels, frozenset(unsure))


class TermBase:
    """Concepts, and the automaton that finds them in text. Reading is thread-safe.

    A concept given twice is joined: labels of the later one come after those already there.
    """

    def __init__(self, concepts: Iterable[Concept] = ()) -> None:
        self.concepts: dict[str, Concept] = {}
        self._automaton: Any = ahocorasick.Automaton()
        self._ancestors: dict[str, tuple[str, ...]] = {}
        self.extend(concepts)

    @classmethod
    def load(cls, *paths: Path) -> TermBase:
        """Read term files and folders of them; without a path, the term base of the house."""
        concepts: list[Concept] = []
        for path in paths or (TERMS_DIRECTORY,):
            files = sorted(path.glob("*.txt")) if path.is_dir() else [path]
            for file in files:
                with file.open(encoding="utf-8") as lines:
                    concepts += read_terms(lines, file.name)
        return cls(concepts)

    def extend(self, concepts: Iterable[Concept]) -> None:
        """Take in more concepts or labels; the next `find` knows them."""
        for concept in concepts:
            known = self.concepts.get(concept.id)
            self.concepts[concept.id] = _joined(known, concept) if known else concept
        self._automaton = _build(self.concepts.values())
        self._ancestors = {}

    def with_changes(
        self, changes: Iterable[Concept], *, replace: bool = True, removed: Iterable[str] = ()
    ) -> TermBase:
        """Another term base with corrections; this one stays as it is.

        With `replace`, a change gives the concept's sector and broader concepts anew, and the
        labels of the languages it names (none takes the language away); other languages keep
        theirs. Without it, labels are added as by `extend`. Concepts named in `removed`, and those
        left without a label, are dropped.
        """
        concepts = dict(self.concepts)
        for change in changes:
            known = concepts.get(change.id)
            if known:
                concepts[change.id] = (_replaced if replace else _joined)(known, change)
            else:
                concepts[change.id] = _replaced(change, change)
        for name in removed:
            concepts.pop(name, None)
        return TermBase(concept for concept in concepts.values() if concept.labels)

    def __len__(self) -> int:
        return len(self.concepts)

    def label(self, concept: str, lang: str) -> str:
        """What readers of a language are shown; English, then any label, where it has none.

        Raises KeyError for an unknown concept.
        """
        labels = self.concepts[concept].labels
        for code in (lang, *_SCRIPT_SIBLINGS.get(lang, ()), "en"):
            if code in labels:
                return labels[code][0]
        return next(iter(labels.values()))[0]

    def ancestors(self, concept: str) -> tuple[str, ...]:
        """The concepts that this one is a kind of, nearest first, each once."""
        known = self._ancestors.get(concept)
        if known is None:
            found: list[str] = []
            queue = list(self.concepts[concept].broader) if concept in self.concepts else []
            while queue:
                name = queue.pop(0)
                if name in self.concepts and name not in found and name != concept:
                    found.append(name)
                    queue += self.concepts[name].broader
            known = self._ancestors[concept] = tuple(found)
        return known

    def find(self, text: str, lang: str | None = None, *, nested: bool = False) -> list[Hit]:
        """Concepts named in a text, in order of place; the longest where several overlap.

        `lang` limits the labels to those of its language family and of English, so that words
        which mean something else in a third language are not taken; None looks at all.
        `nested` also gives the shorter ones inside a longer one.
        """
        folded, places = _fold_for_search(text)
        allowed = _allowed(lang)
        candidates: list[tuple[int, int, str]] = []
        for last, entries in self._automaton.iter(folded):
            for length, languages, concept in entries:
                start = last - length + 1
                end = _word_end(folded, start, last + 1)
                if end and (allowed is None or allowed & languages):
                    candidates.append((start, end, concept))
        candidates.sort(key=lambda found: (found[0], -found[1]))
        hits: list[tuple[int, int, str]] = []
        reach = -1
        seen: set[tuple[int, int, str]] = set()
        for start, end, concept in candidates:
            longest = start >= reach or (hits and (start, end) == (hits[-1][0], hits[-1][1]))
            if (longest or nested) and (start, end, concept) not in seen:
                seen.add((start, end, concept))
                hits.append((start, end, concept))
                reach = max(reach, end)
        return [Hit(concept, places[start], places[end - 1] + 1) for start, end, concept in hits]


_SCRIPT_SIBLINGS: Final = {
    "zh-Hans": ("zh-Hant",),
    "zh-Hant": ("zh-Hans",),
    "tet": ("pt",),
}


def _joined(first: Concept, second: Concept) -> Concept:
    labels = dict(first.labels)
    for lang, added in second.labels.items():
        labels[lang] = tuple(dict.fromkeys((*labels.get(lang, ()), *added)))
    return Concept(
        first.id,
        first.sector or second.sector,
        tuple(dict.fromkeys((*first.broader, *second.broader))),
        labels,
        first.unsure | second.unsure,
    )


def _replaced(known: Concept, change: Concept) -> Concept:
    labels = {
        lang: words for lang, words in {**known.labels, **change.labels}.items() if words
    }
    unsure = (known.unsure - change.labels.keys()) | change.unsure
    return Concept(change.id, change.sector, change.broader, labels, unsure & labels.keys())


def _build(concepts: Iterable[Concept]) -> Any:
    keys: dict[str, dict[str, set[str]]] = {}
    for concept in concepts:
        for lang, labels in concept.labels.items():
            for label in labels:
                key = _fold_for_search(label)[0].strip()
                if key:
                    keys.setdefault(key, {}).setdefault(concept.id, set()).add(family(lang))
    automaton = ahocorasick.Automaton()
    for key, owners in keys.items():
        entries = [(len(key), frozenset(langs), concept) for concept, langs in owners.items()]
        automaton.add_word(key, entries)
    if keys:
        automaton.make_automaton()
        return automaton
    return _Nothing()


class _Nothing:
    """Stands in for the automaton of an empty term base, which cannot be searched."""

    def iter(self, text: str) -> Iterator[Any]:
        return iter(())


def _allowed(lang: str | None) -> frozenset[str] | None:
    if not lang or lang == "und":
        return None
    group = family(lang)
    also = _ALSO_FOUND.get(group, ("en",))
    return frozenset({group, *(family(code) for code in also)})


def _fold_for_search(text: str) -> tuple[str, list[int]]:
    """Folded text and, for each of its characters, the place it had in the original."""
    plain = unicodedata.normalize("NFC", text)
    folded = fold(plain).translate(_TABLE)
    places = list(range(len(text)))
    if len(plain) != len(text) or len(folded) != len(text):
        folded, places = _fold_slowly(text)
    if " " not in folded or not _GAP.search(folded):
        return folded, places
    kept, last = [], 0
    joined = []
    for gap in _GAP.finditer(folded):
        joined.append(folded[last : gap.start()])
        kept += places[last : gap.start()]
        last = gap.end()
    joined.append(folded[last:])
    return "".join(joined), kept + places[last:]


def _fold_slowly(text: str) -> tuple[str, list[int]]:
    folded: list[str] = []
    places: list[int] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and unicodedata.combining(text[end]):
            continue
        piece = fold(text[start:end]).translate(_TABLE)
        folded.append(piece)
        places += [start + min(i, end - start - 1) for i in range(len(piece))]
        start = end
    return "".join(folded), places


def _word_end(text: str, start: int, end: int) -> int:
    """Where the word of a match ends, or 0 if the match lies inside another word."""
    first, last = text[start], text[end - 1]
    before = text[start - 1] if start else " "
    if _is_spaced(first) and (_is_spaced(before) or _is_tamil(before)):
        return 0
    if before in _OPENERS or (start and unicodedata.category(first)[0] == "M"):
        return 0
    if end >= len(text):
        return end
    following = text[end]
    if _is_tamil(last):  # Tamil words grow by suffixes
        return end
    if unicodedata.category(following)[0] == "M" or text[end + 1 : end + 2] in _CLOSERS:
        return 0
    if not (_is_spaced(last) and _is_spaced(following)):
        return end
    for suffix in _SUFFIXES:
        after = end + len(suffix)
        if text.startswith(suffix, end) and not (after < len(text) and _is_spaced(text[after])):
            return end if last.isascii() and end - start > 2 else 0
    return 0


def _is_spaced(character: str) -> bool:
    """Whether a character is a letter or digit of a script that sets words apart by spaces."""
    if not character.isalnum():
        return False
    return not ("\u0e00" <= character <= "\u17ff" or "\u3400" <= character <= "\u9fff")


def _is_tamil(character: str) -> bool:
    """Whether a character is Tamil, vowel signs included: they are no letters to Unicode."""
    return "\u0b80" <= character <= "\u0bff"
