"""The vectors of an index, held in memory and kept up with the file."""

from __future__ import annotations

import threading

import numpy as np

from saphan.engines.language.embed import Vectors
from saphan.engines.matching.index import Transform
from saphan.engines.matching.store import Store, vector_of


class VectorCache:
    """All vectors of one model as one float32 array, after `transform`; thread-safe."""

    def __init__(
        self, store: Store, model_id: str, dimension: int, transform: Transform | None
    ) -> None:
        self._store, self._model_id, self._dimension = store, model_id, dimension
        self._transform = transform
        self._lock = threading.Lock()
        self._version = -1
        self._numbers: list[int] = []
        self._ids: list[str] = []
        self._matrix: Vectors = np.zeros((0, dimension), np.float32)

    def current(self) -> tuple[list[str], Vectors]:
        """Identifiers and vectors [n, dimension] as the file has them now.

        What is given is never changed afterwards; a later call gives new objects.
        """
        with self._lock:
            with self._store.reading() as connection:
                connection.execute("BEGIN")  # version, numbers and vectors of one moment
                try:
                    version = self._store.version(connection)
                    if version != self._version:
                        self._update(version)
                finally:
                    connection.execute("COMMIT")
            return self._ids, self._matrix

    def _update(self, version: int) -> None:
        with self._store.reading() as connection:
            rows = connection.execute(
                "SELECT number, id FROM entries WHERE model_id = ? ORDER BY number",
                (self._model_id,),
            ).fetchall()
            fresh = connection.execute(
                "SELECT number, vector FROM entries WHERE model_id = ? AND version > ?",
                (self._model_id, self._version),
            ).fetchall()
        numbers = [row[0] for row in rows]
        place = {number: index for index, number in enumerate(numbers)}
        matrix = np.zeros((len(numbers), self._dimension), np.float32)
        kept = [(place[n], old) for old, n in enumerate(self._numbers) if n in place]
        if kept:
            new, old = np.array(kept).T
            matrix[new] = self._matrix[old]
        if fresh:
            vectors = np.stack([vector_of(blob) for _, blob in fresh])
            changed = vectors if self._transform is None else self._transform(vectors)
            matrix[[place[number] for number, _ in fresh]] = changed
        self._numbers, self._ids, self._matrix = numbers, [row[1] for row in rows], matrix
        self._version = version
