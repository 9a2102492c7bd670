"""What is looked up in the entries of an index file, and kept in memory while it holds."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, TypeVar

from saphan.engines.language.embed import Vectors
from saphan.engines.matching.documents import Document
from saphan.engines.matching.store import AT_ONCE, Store, labels, moment, vectors_of

_KEPT: Final = 20_000
"""Documents kept in memory, at most."""

T = TypeVar("T")
Key = tuple[int, int]
"""Epoch and number: what they name never changes."""


class Lookup:
    """Reads entries of one file; safe to use from several threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._documents: dict[Key, Document] = {}
        self._counts: tuple[Key, int, dict[str, int]] = ((-1, -1), 0, {})

    def documents(self, ids: Iterable[str]) -> dict[str, Document]:
        """Documents by id; unknown ids are left aside."""
        found: dict[str, Document] = {}
        with self._store.snapshot() as connection:
            epoch, _ = moment(connection)
            for batch in batches(ids, AT_ONCE):
                for name, number in _numbers(connection, batch).items():
                    document = self._documents.get((epoch, number))
                    if document is None:
                        (body,) = connection.execute(
                            "SELECT body FROM contents WHERE number = ?", (number,)
                        ).fetchone()
                        document = Document.from_json(json.loads(body))
                        _keep(self._documents, (epoch, number), document)
                    found[name] = document
        return found

    def vectors(self, ids: Iterable[str], model_id: str, dimension: int) -> dict[str, Vectors]:
        """The model's own vectors by id; those of another model are left aside."""
        found: dict[str, Vectors] = {}
        with self._store.snapshot() as connection:
            model = _model(connection, model_id)
            for batch in batches(ids, AT_ONCE):
                rows = connection.execute(
                    "SELECT e.id, c.vector FROM entries e JOIN contents c USING (number)"
                    " WHERE e.model = ? AND e.id IN (SELECT value FROM json_each(?))",
                    (model, json.dumps(batch)),
                ).fetchall()
                found |= {name: vectors_of([blob], dimension)[0] for name, blob in rows}
        return found

    def numbers(self, ids: Iterable[str]) -> list[int]:
        """Numbers of those of the ids that are known, in no order."""
        with self._store.reading() as connection:
            return [
                number
                for batch in batches(ids, AT_ONCE)
                for number in _numbers(connection, batch).values()
            ]

    def counts(self) -> tuple[int, Mapping[str, int]]:
        """How many documents there are, and how many name each concept."""
        with self._store.snapshot() as connection:
            now = moment(connection)
            known = self._counts
            if known[0] != now:
                (count,) = connection.execute("SELECT count(*) FROM entries").fetchone()
                known = now, count, dict(connection.execute("SELECT * FROM concepts"))
                self._counts = known
            return known[1], known[2]

    def stale(self, model_id: str) -> list[str]:
        """Identifiers of entries whose vector is of another model."""
        with self._store.snapshot() as connection:
            rows = connection.execute(
                "SELECT id FROM entries WHERE model <> ? ORDER BY id",
                (_model(connection, model_id),),
            )
            return [row[0] for row in rows]


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` items, the last one shorter."""
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch


def _numbers(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, int]:
    return dict(connection.execute(
        "SELECT id, number FROM entries WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    ))  # fmt: skip


def _model(connection: sqlite3.Connection, model_id: str) -> int:
    return next(iter(labels(connection, [model_id])), -1)


def _keep(kept: dict[Key, T], key: Key, value: T) -> None:
    if len(kept) >= _KEPT:
        kept.clear()
    kept[key] = value
