"""The interface of a search index, and what its entries hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from saphan.engines.language.embed import Vectors
from saphan.engines.matching.documents import Document, Filters


class IndexDamaged(RuntimeError):
    """The index cannot be read; rebuild it from the ledger."""


class IndexUnavailable(RuntimeError):
    """The index's server cannot be used now; the words say what to do. Rebuilding does not help."""


@dataclass(frozen=True)
class Entry:
    """A document as the index holds it; made by `entries.make_entries`."""

    document: Document
    vector: Vectors
    """Float [dimension], the model's own vector, before language-identity removal."""
    model_id: str
    tokens: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Language family to the index tokens of the texts in it."""
    concepts: Mapping[str, float] = field(default_factory=dict)
    """Concept to how strongly the document names it, 0..1."""


Transform = Callable[[Vectors], Vectors]
"""Applied to stored vectors [n, dimension] before they are compared: language-identity removal."""


class Index(Protocol):
    """Holds entries for searching. Several threads and processes may use one index at once.

    `cursor` is the sequence number of the last ledger fact whose entries are in the index. It is
    written in the same transaction as they are, so after a crash a reader of the ledger goes on
    exactly where the index stands. Every implementation gives the same answers; the suite in
    `tests/test_conformance.py` holds them to it.
    """

    def put(self, entries: Iterable[Entry], *, cursor: int | None = None) -> None:
        """Add entries, or replace those of the same id, in one transaction."""
        ...

    def remove(self, ids: Iterable[str], *, cursor: int | None = None) -> None:
        """Take documents out, in one transaction; unknown ids are left aside."""
        ...

    def get(self, id: str) -> Document | None:
        """The document of this id, or None."""
        ...

    def get_many(self, ids: Iterable[str]) -> dict[str, Document]:
        """The documents of these ids, by id; unknown ids are left aside."""
        ...

    def vectors(self, ids: Iterable[str]) -> dict[str, Vectors]:
        """The model's own vectors [dimension] of these documents, as they were `put` (16 bit).

        Those of another model and unknown ids are left aside.
        """
        ...

    def search(
        self, vector: Vectors, filters: Filters | None = None, k: int | None = None
    ) -> list[tuple[str, float]]:
        """The `k` documents (None: all) nearest to a vector [dimension]: (id, cosine -1..1).

        Best first. The vector has been through the query side of the removal already.
        """
        ...

    def similarity(self, vector: Vectors, ids: Iterable[str]) -> dict[str, float]:
        """Cosine of these documents with a vector [dimension]; unknown ids are left aside."""
        ...

    def lexical(
        self,
        tokens: Sequence[str],
        family: str,
        filters: Filters | None = None,
        k: int | None = None,
    ) -> dict[str, float]:
        """Share of the question's weight of words that documents hold, 0..1 (BM25).

        Only documents with text in this language family; those without a common word are absent.
        `k` keeps the best.
        """
        ...

    def by_concept(
        self,
        weights: Mapping[str, float],
        filters: Filters | None = None,
        k: int | None = None,
    ) -> dict[str, dict[str, float]]:
        """Documents that name any of these concepts: id to concept to strength 0..1.

        `k` keeps those with the greatest sum of weight times strength.
        """
        ...

    def concept_counts(self) -> Mapping[str, int]:
        """In how many documents each concept is named."""
        ...

    def ids(self) -> list[str]:
        """Every document's identifier, in order."""
        ...

    def count(self) -> int:
        """How many documents the index holds."""
        ...

    @property
    def cursor(self) -> int:
        """Sequence number of the last ledger fact whose entries are here; 0 in a new index."""
        ...

    def stale(self) -> list[str]:
        """Documents whose vector is of another model: embed them again and `put` them."""
        ...

    def use(self, transform: Transform | None, transform_id: str) -> None:
        """Compare vectors after another transform from now on; stored vectors stay as they are.

        What is derived from them is made anew where it was made with another `transform_id`.
        """
        ...

    def rebuild(self, entries: Iterable[Entry], *, cursor: int) -> None:
        """Put exactly these entries in place of all; readers see the old ones until then."""
        ...

    def verify(self) -> list[str]:
        """What is wrong, in words; empty when sound."""
        ...

    def close(self) -> None:
        """Close this thread's connection; the next call opens one again."""
        ...
