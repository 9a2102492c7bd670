"""Find the records of an index that are the same offer or need as a given one, in any language."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final

import numpy as np

from saphan.engines.duplicates.features import Rarity, compare
from saphan.engines.duplicates.model import Model
from saphan.engines.duplicates.profile import Facts, Reader, kinds_beside, read_facts
from saphan.engines.duplicates.reasons import Reason, reasons
from saphan.engines.language.embed import Embedder, Vectors
from saphan.engines.language.terms import TermBase
from saphan.engines.matching.documents import Document, Filters
from saphan.engines.matching.entries import document_vectors
from saphan.engines.matching.index import Index
from saphan.engines.matching.lir import LIR

_FEW: Final = 100
"""Records below which the rarity of a concept is not taken from the index itself."""
_AT_ONCE: Final = 64
_KEPT: Final = 2_000
"""Records whose facts are kept, some kilobytes each."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A record that is, with `probability` 0..1, the same offer or need as the one asked about."""

    document: Document
    probability: float
    reasons: tuple[Reason, ...]


class Finder:
    """Compares records of one index. Safe to call from several threads.

    `embedder`, `lir` and `terms` are those that the index was filled and is read with. For another
    model than the weights were fitted with, meaning only chooses the candidates.
    """

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        lir: LIR | None,
        terms: TermBase,
        model: Model | None = None,
    ) -> None:
        self.index, self.embedder, self.terms = index, embedder, terms
        self.model = model or Model.load()
        self._remove = lir.passages.apply if lir else _as_it_is
        self._reader = Reader(embedder.embed_passages, self._remove)
        self._read: OrderedDict[str, Facts] = OrderedDict()
        self._lock = Lock()
        known = embedder.model_id == self.model.model_id
        self._weights = self.model.with_meaning if known else self.model.facts_only
        self._floor = self.model.floor if known else -1.0

    @property
    def threshold(self) -> float:
        """The probability from which a pair is called the same; see `Weights.threshold`."""
        return self._weights.threshold

    def alike(
        self,
        document: Document,
        *,
        limit: int = 5,
        without: Iterable[str] = (),
        threshold: float | None = None,
        vector: Vectors | None = None,
    ) -> list[Alike]:
        """The records that are the same as `document`, most probable first, `limit` at most.

        The document need not be in the index; if it is, name it in `without`. `vector`: its own
        one [dimension] where it is known; otherwise it is embedded. Raises IndexUnavailable and
        EmbedderError.
        """
        enough = self.threshold if threshold is None else threshold
        found = [
            Alike(other, probability, why)
            for other, probability, why in self._compared(document, without, vector, enough)
        ]
        found.sort(key=lambda one: (-one.probability, one.document.id))
        return found[:limit]

    def pairs(
        self, ids: Sequence[str] | None = None, *, threshold: float | None = None
    ) -> Iterator[tuple[Document, Alike]]:
        """Every pair that is the same, each once, lazily: of the whole index, or of the records
        `ids` with any record. Those without a vector of this model are left aside."""
        seen: set[frozenset[str]] = set()
        ids = self.index.ids() if ids is None else ids
        for start in range(0, len(ids), _AT_ONCE):
            batch = ids[start : start + _AT_ONCE]
            documents, vectors = self.index.get_many(batch), self.index.vectors(batch)
            for name in batch:
                if name not in documents or name not in vectors:
                    continue
                for alike in self.alike(
                    documents[name], without=(name,), threshold=threshold, vector=vectors[name]
                ):
                    pair = frozenset((name, alike.document.id))
                    if pair not in seen:
                        seen.add(pair)
                        yield documents[name], alike

    # -- comparing -------------------------------------------------------------------------

    def _compared(
        self,
        document: Document,
        without: Iterable[str],
        vector: Vectors | None,
        enough: float,
    ) -> Iterator[tuple[Document, float, tuple[Reason, ...]]]:
        if vector is None:
            vector = document_vectors([document], self.embedder)[0]
        others, wholes = self._candidates(document, without, vector)
        if not others:
            return
        rarity = rarity_in(self.index)
        mine, *theirs = (self._facts(one) for one in (document, *others))
        meanings = self._reader.read([document, *others], [vector, *wholes])
        for number, facts in enumerate(theirs, 1):
            compared = compare(mine, facts, rarity, (meanings[0], meanings[number]))
            probability = self._weights.probability(compared)
            if probability >= enough:
                other = others[number - 1]
                titles = self._reader.titles(document, other)
                yield other, probability, reasons(compared, mine, facts, titles)

    def _facts(self, document: Document) -> Facts:
        """The facts of a record; remembered, for candidates come again."""
        with self._lock:
            known = self._read.get(document.id)
        if known is not None and known.document == document:
            return known
        facts = read_facts(document, self.terms)
        with self._lock:
            self._read[document.id] = facts
            self._read.move_to_end(document.id)
            if len(self._read) > _KEPT:
                self._read.popitem(last=False)
        return facts

    def _candidates(
        self, document: Document, without: Iterable[str], vector: Vectors
    ) -> tuple[list[Document], list[Vectors]]:
        """The nearest records of the same side, and their own vectors."""
        filters = Filters(
            kinds=kinds_beside(document.kind), audiences=(), exclude=tuple(sorted(without))
        )
        nearest = self.index.search(self._remove(vector[None])[0], filters, self.model.pool)
        ids = [name for name, cosine in nearest if cosine >= self._floor]
        documents, vectors = self.index.get_many(ids), self.index.vectors(ids)
        kept = [name for name in ids if name in documents and name in vectors]
        return [documents[name] for name in kept], [vectors[name] for name in kept]


def rarity_in(index: Index) -> Rarity:
    """How rare a concept is among the records of an index."""
    counts, total = index.concept_counts(), max(index.count(), _FEW)

    def rarity(concept: str) -> float:
        return math.log((total + 1) / (counts.get(concept, 0) + 1)) / math.log(total + 1)

    return rarity


def _as_it_is(vectors: Vectors) -> Vectors:
    return np.atleast_2d(vectors)
