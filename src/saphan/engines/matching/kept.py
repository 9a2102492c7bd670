"""Vectors of texts that are compared again and again, kept in a file by what was embedded.

A text is embedded once for a model. The file holds no text: only a digest of it, from which it
cannot be read back, and the vector.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import numpy as np

from saphan.engines.language.embed import Vectors

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS vectors (
  digest TEXT PRIMARY KEY, vector BLOB NOT NULL, used TEXT NOT NULL -- ISO day
) WITHOUT ROWID"""
AT_ONCE: Final = 500
TOGETHER: Final = 64
"""Texts embedded between two reports of progress."""

Embed = Callable[[Sequence[str]], Vectors]


class KeptVectors:
    """A file of vectors of one dimension. Each call opens it anew, so any thread may call.

    `day` (ISO 8601) is noted when a vector is used, so that `forget` can drop what nobody uses.
    """

    def __init__(self, path: Path, *, model_id: str, dimension: int, day: str) -> None:
        self.path, self.model_id, self.dimension, self.day = path, model_id, dimension, day
        path.parent.mkdir(parents=True, exist_ok=True)

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=30)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(_SCHEMA)
        return connection

    def _digest(self, kind: str, text: str) -> str:
        return hashlib.sha256(f"{self.model_id}\0{kind}\0{text}".encode()).hexdigest()

    def of(
        self,
        kind: str,
        texts: Sequence[str],
        embed: Embed,
        told: Callable[[int, int], None] = lambda done, total: None,
    ) -> Vectors:
        """Float32 [texts, dimension]; those not known yet are embedded and kept, some at a time,
        so that nothing is lost when the process ends. `kind` keeps questions and passages apart.
        `told(done, total)` hears of the texts embedded now."""
        digests = [self._digest(kind, text) for text in texts]
        found = np.zeros((len(texts), self.dimension), np.float32)
        with closing(self._open()) as connection:
            known = self._read(connection, list(dict.fromkeys(digests)))
            missing = {d: t for d, t in zip(digests, texts, strict=True) if d not in known}
            names = sorted(missing, key=lambda digest: len(missing[digest]))
            for start in range(0, len(names), TOGETHER):
                group = names[start : start + TOGETHER]
                vectors = np.asarray(embed([missing[name] for name in group]), np.float32)
                known |= dict(zip(group, vectors, strict=True))
                with connection:
                    connection.executemany(
                        "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                        [(name, known[name].astype("<f2").tobytes(), self.day) for name in group],
                    )
                told(start + len(group), len(names))
        for row, digest in enumerate(digests):
            found[row] = known[digest]
        return found

    def _read(self, connection: sqlite3.Connection, digests: Sequence[str]) -> dict[str, Vectors]:
        known: dict[str, Vectors] = {}
        for start in range(0, len(digests), AT_ONCE):
            part = json.dumps(digests[start : start + AT_ONCE])
            found = connection.execute(
                "SELECT digest, vector FROM vectors"
                " WHERE digest IN (SELECT value FROM json_each(?))", [part])  # fmt: skip
            for digest, blob in found:
                known[digest] = np.frombuffer(blob, "<f2").astype(np.float32)
            with connection:
                connection.execute(
                    "UPDATE vectors SET used = ? WHERE used < ?"
                    " AND digest IN (SELECT value FROM json_each(?))",
                    [self.day, self.day, part])  # fmt: skip
        return known

    def forget(self, before: str) -> int:
        """Drop what was not used since the day `before` (ISO 8601). Returns how many."""
        with closing(self._open()) as connection, connection:
            return connection.execute("DELETE FROM vectors WHERE used < ?", [before]).rowcount
