"""What is known of one record before it is compared: figures, names, concepts, meaning."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final

import numpy as np

from saphan.engines.duplicates.figures import Figure, read_figures
from saphan.engines.duplicates.names import Names, bare, organisation_words, read_names
from saphan.engines.language.embed import Vectors
from saphan.engines.language.terms import TermBase
from saphan.engines.matching.documents import Document

OFFER: Final = "offer"
NEED: Final = "need"
_SIDES: Final = {
    "business_offer": OFFER, "technology_offer": OFFER, "research_result": OFFER,
    "business_request": NEED, "technology_request": NEED, "rd_request": NEED,
}  # fmt: skip
_KEPT: Final = 4_096
"""Vectors of short texts that are kept."""


def side(kind: str) -> str:
    """`offer`, `need`, or for another kind the kind itself: only the same may be duplicates."""
    return _SIDES.get(kind, kind)


def kinds_beside(kind: str) -> tuple[str, ...]:
    """The kinds among which a duplicate of this kind may be; empty for a record without one."""
    if not kind:
        return ()
    return tuple(name for name, its in _SIDES.items() if its == side(kind)) or (kind,)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the words and fields of a record say, in no language."""

    document: Document
    figures: tuple[Figure, ...]
    names: Names
    concepts: Mapping[str, float]
    """Concept to how strongly it is named: 1 in a title or keyword, 0.6 elsewhere."""
    organisation: frozenset[str]


_ELSEWHERE: Final = 0.6


def read_facts(document: Document, terms: TermBase) -> Facts:
    """Read a record. About a millisecond."""
    texts = list(document.texts())
    concepts: dict[str, float] = {}

    def note(text: str, lang: str, strength: float) -> None:
        for hit in terms.find(text, lang, nested=True):
            concepts[hit.concept] = max(strength, concepts.get(hit.concept, 0.0))

    for lang, title in titles(document).items():
        note(title, lang, 1.0)
    note("\n".join(document.keywords), document.lang, 1.0)
    for lang, text in texts:
        note(text, lang, _ELSEWHERE)
    return Facts(
        document,
        read_figures(texts),
        read_names(texts),
        concepts,
        organisation_words(document.organisation),
    )


def titles(document: Document) -> dict[str, str]:
    """Titles by language: the record's own, and the English one."""
    found = {document.lang: document.title}
    if document.english_title:
        found["en"] = document.english_title
    return found


@dataclass(frozen=True, slots=True)
class Meaning:
    """Vectors of a record after language-identity removal, each of length 1."""

    whole: Vectors
    """[dimension], the vector of the index."""
    organisation: Vectors
    """[dimension]; zeros where it is not said."""


class Reader:
    """Embeds short texts of records, and remembers them, for candidates come again.

    `embed` takes passages and gives unit vectors [n, dimension]; `remove` takes their language
    away.
    """

    def __init__(
        self, embed: Callable[[Sequence[str]], Vectors], remove: Callable[[Vectors], Vectors]
    ) -> None:
        self._embed, self._remove = embed, remove
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    def read(self, documents: Sequence[Document], wholes: Sequence[Vectors]) -> list[Meaning]:
        """The meanings of records, whose own vectors (before removal) are `wholes`."""
        firms = [bare(document.organisation) for document in documents]
        vectors = self._vectors([firm for firm in firms if firm])
        return [
            Meaning(whole, vectors[firm] if firm else np.zeros_like(whole))
            for whole, firm in zip(self._remove(np.stack(wholes)), firms, strict=True)
        ]

    def titles(self, first: Document, second: Document) -> float:
        """Cosine of those two titles of the records that are most alike, -1..1."""
        mine, theirs = (list(titles(one).values()) for one in (first, second))
        known = self._vectors([*mine, *theirs])
        return max(float(known[one] @ known[two]) for one in mine for two in theirs)

    def _vectors(self, texts: Sequence[str]) -> dict[str, Vectors]:
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            made = self._remove(self._embed(missing))
            fresh = dict(zip(missing, made, strict=True))
            found |= fresh
            with self._lock:
                self._known.update(fresh)
                while len(self._known) > _KEPT:
                    self._known.popitem(last=False)
        return found
