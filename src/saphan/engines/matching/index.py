"""The interface of a search index, and what its entries hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from saphan.engines.language.embed import Vectors
from saphan.engines.matching.documents import Document, Filters


class IndexDamaged(RuntimeError):
    """The index file cannot be read; rebuild it from the ledger."""


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


class Index(Protocol):
    """Holds entries for searching. Several threads and processes may use one index at once.

    `cursor` is the sequence number of the last ledger fact whose entries are in the index. It is
    written in the same transaction as they are, so after a crash a reader of the ledger goes on
    exactly where the index stands.
    """

    def put(self, entries: Iterable[Entry], *, cursor: int | None = None) -> None: ...

    def remove(self, ids: Iterable[str], *, cursor: int | None = None) -> None: ...

    def get(self, id: str) -> Document | None: ...

    def allowed(self, filters: Filters) -> frozenset[str] | None:
        """Identifiers that pass; None if the filters let all pass."""
        ...

    def search(
        self, vector: Vectors, filters: Filters | None = None, k: int | None = None
    ) -> list[tuple[str, float]]:
        """Documents by cosine to a vector [dimension], best first: (id, cosine -1..1)."""
        ...

    def lexical(
        self, tokens: Sequence[str], family: str, filters: Filters | None = None
    ) -> dict[str, float]:
        """BM25 scores (above 0) of the documents that have text in this language family."""
        ...

    def by_concept(self, concepts: Iterable[str]) -> dict[str, dict[str, float]]:
        """Documents that name any of these concepts: id to concept to strength."""
        ...

    def concept_counts(self) -> Mapping[str, int]:
        """In how many documents each concept is named."""
        ...

    def count(self) -> int: ...

    @property
    def cursor(self) -> int: ...

    def rebuild(self, entries: Iterable[Entry], *, cursor: int) -> None: ...

    def verify(self) -> list[str]: ...
