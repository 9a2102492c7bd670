"""Concepts of the house's term base in a text, each once, with their words by language."""

from __future__ import annotations

from dataclasses import dataclass

from saphan.engines.language.codes import LANGUAGES, UNDETERMINED
from saphan.engines.language.identify import identify
from saphan.engines.language.terms import Hit, TermBase

LONG_ENOUGH = 25
"""Characters from which on the language of a text is trusted to rule out other languages' words."""
SURE = 0.85


@dataclass(frozen=True)
class Found:
    """A concept: where it is in the text, whether any of these was mistyped, and its words by
    language: (name of the language in itself, words, whether a native speaker should look)."""

    concept: str
    spots: tuple[Hit, ...]
    words: tuple[tuple[str, tuple[str, ...], bool], ...]
    broader: tuple[str, ...]

    @property
    def mistyped(self) -> bool:
        return not all(hit.exact for hit in self.spots)


def language_of(text: str) -> str | None:
    """The text's language where it is long and sure enough, else None: a single word may be of
    any language."""
    if len(text) < LONG_ENOUGH:
        return None
    told = identify(text)
    sure = told.lang != UNDETERMINED and told.confidence >= SURE and not told.also
    return told.lang if sure else None


def find(terms: TermBase, text: str) -> list[Found]:
    """The concepts of a text in the order in which they first appear."""
    hits: dict[str, list[Hit]] = {}
    for hit in terms.find(text, language_of(text), forgiving=True):
        hits.setdefault(hit.concept, []).append(hit)
    return [Found(name, tuple(spots), words_of(terms, name),
                  tuple(terms.label(each, "en") for each in terms.ancestors(name)[:3]))
            for name, spots in hits.items()]


def words_of(terms: TermBase, concept: str) -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    """The words for a concept in every language of the house that has them."""
    known = terms.concepts[concept]
    return tuple((language.endonym, known.labels[code], code in known.unsure)
                 for code, language in LANGUAGES.items() if code in known.labels)
