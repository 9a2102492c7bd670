"""The search index in one SQLite file, with the vectors of all documents held in memory.

Writers are one at a time and each batch is one transaction in a write-ahead log, so a process
killed at any moment leaves the index as it was before the batch or after it. Readers notice
writes of other threads and processes through a counter and read only what changed.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from saphan.engines.language.embed import Vectors
from saphan.engines.matching import bm25
from saphan.engines.matching.documents import Document, Filters
from saphan.engines.matching.index import Entry, IndexDamaged, Transform
from saphan.engines.matching.store import Store, conditions
from saphan.engines.matching.vectors import VectorCache

BATCH: Final = 64
"""Entries written in one transaction while rebuilding."""


class SqliteIndex:
    """An index in the file `path`, which is made if missing. See `index.Index` for the methods.

    Only vectors of `model_id` are compared; `stale` names the documents that hold others.
    `transform` is applied to the vectors as they are read into memory, for language-identity
    removal. Raises IndexDamaged when the file is no index or its pages are broken.
    """

    def __init__(
        self,
        path: Path,
        *,
        model_id: str,
        dimension: int,
        transform: Transform | None = None,
        transform_id: str = "",
    ) -> None:
        self._store = Store(path)
        self.model_id, self.dimension = model_id, dimension
        self.transform_id = transform_id
        self._vectors = VectorCache(self._store, model_id, dimension, transform)
        self._lock = threading.Lock()
        self._documents: tuple[int, dict[str, Document]] = (-1, {})
        self._allowed: tuple[int, dict[Filters, frozenset[str]]] = (-1, {})
        self._counts: tuple[int, dict[str, int]] = (-1, {})

    # -- writing ---------------------------------------------------------------------------

    def put(self, entries: Iterable[Entry], *, cursor: int | None = None) -> None:
        """Add entries, or replace those of the same id, in one transaction.

        Raises ValueError for a vector of another dimension; then nothing is written.
        """
        ready = list(entries)
        for entry in ready:
            if entry.vector.shape != (self.dimension,):
                raise ValueError(f"{entry.document.id}: a vector of {entry.vector.shape}")
        with self._store.writing(cursor) as (connection, version):
            for entry in ready:
                self._store.forget(connection, entry.document.id)
                self._store.add(connection, entry, version)

    def remove(self, ids: Iterable[str], *, cursor: int | None = None) -> None:
        """Take documents out, in one transaction; unknown ids are left aside."""
        with self._store.writing(cursor) as (connection, _):
            for name in ids:
                self._store.forget(connection, name)

    def rebuild(self, entries: Iterable[Entry], *, cursor: int) -> None:
        """Put exactly these entries in place of all, at once.

        They are written to a fresh file first, which is verified; readers see the old entries
        until the one transaction that swaps them. A damaged file is set aside. Raises
        IndexDamaged if the fresh file does not verify; then the old entries stay.
        """
        fresh_path = self._store.path.with_name(self._store.path.name + ".fresh")
        Store.discard(fresh_path)
        try:
            fresh = SqliteIndex(fresh_path, model_id=self.model_id, dimension=self.dimension)
            batch: list[Entry] = []
            for entry in entries:
                batch.append(entry)
                if len(batch) == BATCH:
                    fresh.put(batch)
                    batch = []
            fresh.put(batch, cursor=cursor)
            problems = fresh.verify()
            if problems:
                raise IndexDamaged(f"the fresh index does not verify: {problems[0]}")
            fresh.close()
            self._store.take_over(fresh_path)
        finally:
            Store.discard(fresh_path)

    def use(self, transform: Transform | None, transform_id: str) -> None:
        """Compare vectors after another transform from now on; stored vectors stay as they are."""
        self.transform_id = transform_id
        self._vectors = VectorCache(self._store, self.model_id, self.dimension, transform)

    def close(self) -> None:
        """Close this thread's connection; the next call opens one again."""
        self._store.close()

    # -- reading ---------------------------------------------------------------------------

    def get(self, id: str) -> Document | None:
        """The document of this id, or None."""
        with self._store.reading() as connection:
            version = self._store.version(connection)
            known = self._fresh_documents(version)
            if id not in known:
                row = connection.execute("SELECT body FROM entries WHERE id = ?", (id,)).fetchone()
                if row is None:
                    return None
                known[id] = Document.from_json(json.loads(row[0]))
            return known[id]

    def get_many(self, ids: Iterable[str]) -> dict[str, Document]:
        """The documents of these ids, by id; unknown ids are left aside."""
        found = ((name, self.get(name)) for name in ids)
        return {name: document for name, document in found if document is not None}

    def _fresh_documents(self, version: int) -> dict[str, Document]:
        with self._lock:
            if self._documents[0] != version or len(self._documents[1]) > 20_000:
                self._documents = (version, {})
            return self._documents[1]

    def allowed(self, filters: Filters) -> frozenset[str] | None:
        """Identifiers that pass; None if the filters let all pass."""
        where, values = conditions(filters)
        if not where:
            return None
        with self._store.reading() as connection:
            version = self._store.version(connection)
            with self._lock:
                if self._allowed[0] != version or len(self._allowed[1]) > 200:
                    self._allowed = (version, {})
                known = self._allowed[1]
            if filters not in known:
                rows = connection.execute(f"SELECT id FROM entries WHERE {where}", values)  # noqa: S608
                known[filters] = frozenset(row[0] for row in rows)
            return known[filters]

    def search(
        self, vector: Vectors, filters: Filters | None = None, k: int | None = None
    ) -> list[tuple[str, float]]:
        """Documents by cosine to a vector [dimension], best first: (id, cosine -1..1)."""
        allowed = self.allowed(filters) if filters else None
        ids, matrix = self._vectors.current()
        if not ids:
            return []
        scores = matrix @ np.asarray(vector, np.float32).reshape(-1)
        if allowed is not None:
            kept = np.fromiter((name in allowed for name in ids), bool, len(ids))
            places = np.flatnonzero(kept)
        else:
            places = np.arange(len(ids))
        if k is not None and k < len(places):
            places = places[np.argpartition(-scores[places], k)[: max(k, 0)]]
        order = places[np.argsort(-scores[places], kind="stable")]
        return [(ids[place], float(scores[place])) for place in order]

    def similarity(self, vector: Vectors, ids: Iterable[str]) -> dict[str, float]:
        """Cosine of these documents with a vector [dimension]; unknown ids are left aside."""
        wanted = set(ids)
        return {name: cosine for name, cosine in self.search(vector) if name in wanted}

    def lexical(
        self,
        tokens: Sequence[str],
        family: str,
        filters: Filters | None = None,
        k: int | None = None,
    ) -> dict[str, float]:
        """Share of the question's weight of words that each document holds, 0..1 (BM25).

        Only documents with text in this language family; those without a common word are absent.
        `k` keeps the best.
        """
        allowed = self.allowed(filters) if filters else None
        with self._store.reading() as connection:
            found = bm25.scores(connection, tokens, family)
        if allowed is not None:
            found = {name: score for name, score in found.items() if name in allowed}
        best = sorted(found, key=lambda name: (-found[name], name))[:k]
        return {name: found[name] for name in best}

    def by_concept(
        self,
        weights: Mapping[str, float],
        filters: Filters | None = None,
        k: int | None = None,
    ) -> dict[str, dict[str, float]]:
        """Documents that name any of these concepts: id to concept to strength.

        `k` keeps those with the greatest sum of weight times strength.
        """
        allowed = self.allowed(filters) if filters else None
        wanted = sorted(weights)
        found: dict[str, dict[str, float]] = {}
        if not wanted:
            return found
        marks = ",".join("?" * len(wanted))
        with self._store.reading() as connection:
            rows = connection.execute(
                "SELECT e.id, c.concept, c.strength FROM concepts c JOIN entries e"  # noqa: S608
                f" ON e.number = c.entry WHERE c.concept IN ({marks})",
                wanted,
            )
            for name, concept, strength in rows:
                if allowed is None or name in allowed:
                    found.setdefault(name, {})[concept] = strength
        worth = {
            name: sum(weights[concept] * strength for concept, strength in named.items())
            for name, named in found.items()
        }
        best = sorted(found, key=lambda name: (-worth[name], name))[:k]
        return {name: found[name] for name in best}

    def concept_counts(self) -> Mapping[str, int]:
        """In how many documents each concept is named."""
        with self._store.reading() as connection:
            version = self._store.version(connection)
            if self._counts[0] != version:
                rows = connection.execute("SELECT concept, count(*) FROM concepts GROUP BY concept")
                self._counts = (version, dict(rows))
        return self._counts[1]

    def ids(self) -> list[str]:
        """Every document's identifier, in order."""
        with self._store.reading() as connection:
            return [row[0] for row in connection.execute("SELECT id FROM entries ORDER BY id")]

    def count(self) -> int:
        """How many documents the index holds."""
        with self._store.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM entries").fetchone()[0])

    @property
    def cursor(self) -> int:
        """Sequence number of the last ledger fact whose entries are here; 0 in a new index."""
        with self._store.reading() as connection:
            return self._store.setting(connection, "cursor")

    @property
    def version(self) -> int:
        """Grows with every write, by whichever process."""
        with self._store.reading() as connection:
            return self._store.version(connection)

    def stale(self) -> list[str]:
        """Documents whose vector is of another model: embed them again and `put` them."""
        with self._store.reading() as connection:
            rows = connection.execute(
                "SELECT id FROM entries WHERE model_id <> ? ORDER BY id", (self.model_id,)
            )
            return [row[0] for row in rows]

    def verify(self) -> list[str]:
        """What is wrong with the file, in words; an empty list if it is sound."""
        try:
            with self._store.reading() as connection:
                problems = [
                    row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"
                ]
                for name, size, body in connection.execute(
                    "SELECT id, length(vector), body FROM entries"
                ):
                    if size != 2 * self.dimension:
                        problems.append(f"{name}: the vector has {size} bytes")
                    try:
                        Document.from_json(json.loads(body))
                    except (ValueError, TypeError, KeyError) as error:
                        problems.append(f"{name}: the document cannot be read ({error})")
                problems += self._store.orphans(connection)
        except (sqlite3.DatabaseError, IndexDamaged) as error:
            return [str(error)]
        return problems
