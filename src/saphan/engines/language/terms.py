"""The term base: concepts of the centre's fields with their labels in every language.

A concept found in a Thai need and in a Chinese offer is the same concept, so it joins them
without any translation. Files are plain text (see `terms/README.md`); more of them can be read at
run time, so that a correction of a liaison officer counts at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from saphan.engines.language.codes import LANGUAGES, family
from saphan.engines.language.finder import Finder, longest
from saphan.engines.language.forgiving import Forgiving
from saphan.engines.language.searching import SearchText

TERMS_DIRECTORY: Final = Path(__file__).parent / "terms"

_IDENTIFIER: Final = re.compile(r"[a-z0-9][a-z0-9_]*$")
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
    exact: bool = True
    """False where the word is mistyped or lacks its Vietnamese marks."""


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
    """Concepts, and the finder of their labels in text. Reading is thread-safe.

    A concept given twice is joined: labels of the later one come after those already there.
    """

    def __init__(self, concepts: Iterable[Concept] = ()) -> None:
        self.concepts: dict[str, Concept] = {}
        self._finder = Finder()
        self._forgiving: tuple[Finder, Forgiving] | None = None
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
        given = list(concepts)
        for concept in given:
            known = self.concepts.get(concept.id)
            self.concepts[concept.id] = _joined(known, concept) if known else concept
        added = _labels_of(given)
        self._finder = self._finder.changed((), added) if self._finder.keys else Finder(added)
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
        touched: set[str] = set()
        for change in changes:
            touched.add(change.id)
            known = concepts.get(change.id)
            if known:
                concepts[change.id] = (_replaced if replace else _joined)(known, change)
            else:
                concepts[change.id] = _replaced(change, change)
        for name in removed:
            touched.add(name)
            concepts.pop(name, None)
        empty = {name for name in touched if name in concepts and not concepts[name].labels}
        other = TermBase()
        other.concepts = {name: one for name, one in concepts.items() if name not in empty}
        other._finder = self._finder.changed(
            _labels_of(self.concepts[name] for name in touched & self.concepts.keys()),
            _labels_of(concepts[name] for name in touched & other.concepts.keys()),
        )
        return other

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

    def find(
        self, text: str, lang: str | None = None, *, nested: bool = False, forgiving: bool = False
    ) -> list[Hit]:
        """Concepts named in a text, in order of place; the longest where several overlap.

        `lang` limits the labels to those of its language family and of English, so that words
        which mean something else in a third language are not taken; None looks at all.
        `nested` also gives the shorter ones inside a longer one. `forgiving`, for questions, also
        gives those of mistyped words and of Vietnamese without marks, which are not `exact`.
        """
        given, allowed = SearchText(text), _allowed(lang)
        exact = self._finder.matches(given, allowed)
        guessed = self._second_look().matches(given, allowed, exact) if forgiving else []
        unsure = set(guessed)
        found = longest([*exact, *guessed], nested=nested)
        return [
            Hit(one.concept, *given.span(one.start, one.end), one not in unsure) for one in found
        ]

    def _second_look(self) -> Forgiving:
        finder = self._finder
        if self._forgiving is None or self._forgiving[0] is not finder:
            self._forgiving = (finder, Forgiving(finder))
        return self._forgiving[1]


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


def _labels_of(concepts: Iterable[Concept]) -> list[tuple[str, str, str]]:
    return [
        (concept.id, lang, label)
        for concept in concepts
        for lang, labels in concept.labels.items()
        for label in labels
    ]


def _allowed(lang: str | None) -> frozenset[str] | None:
    if not lang or lang == "und":
        return None
    group = family(lang)
    also = _ALSO_FOUND.get(group, ("en",))
    return frozenset({group, *(family(code) for code in also)})
