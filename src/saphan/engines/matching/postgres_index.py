"""The search index in PostgreSQL with pgvector, for many processes on several machines.

Every write is one transaction with the cursor, and seen by all as soon as it is made. Vectors are
kept twice, as the model gave them and after the transform; the latter lie in an HNSW graph. How
tables are laid out stands in `postgres_schema`, how a new generation is made in `postgres_fresh`.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from psycopg import sql

from saphan.engines.language.embed import Vectors
from saphan.engines.matching import postgres_search as read
from saphan.engines.matching.documents import Document, Filters
from saphan.engines.matching.index import Entry, IndexDamaged, IndexUnavailable, Transform
from saphan.engines.matching.postgres_fresh import AT_ONCE, Fresh
from saphan.engines.matching.postgres_rows import (
    Counts,
    Row,
    from_halfvecs,
    halfvec_text,
    halfvecs,
)
from saphan.engines.matching.postgres_schema import (
    FORMAT,
    Settings,
    Tables,
    lock_writers,
    require_pgvector,
)
from saphan.engines.matching.postgres_session import Connection, Session
from saphan.engines.matching.postgres_verify import problems

_ESTIMATE_SECONDS: Final = 60.0


class PostgresIndex:
    """An index in the schema `schema` of a database. See `index.Index` for the methods.

    `dsn` is what libpq takes (postgresql://user:password@host:port/database?…). Nothing is opened
    before the first call; it makes the schema if it is missing, and derives vectors anew if they
    were derived for another model or with another `transform_id`. Every method may raise
    IndexUnavailable (the server does not answer, or lacks something) and IndexDamaged (rebuild);
    `unavailable` makes the former of its words, for a house that has an error of its own.
    """

    def __init__(
        self,
        dsn: str,
        *,
        model_id: str,
        dimension: int,
        transform: Transform | None = None,
        transform_id: str = "",
        schema: str = "saphan_index",
        unavailable: Callable[[str], IndexUnavailable] = IndexUnavailable,
    ) -> None:
        if not re.fullmatch(r"[a-z_][a-z0-9_]{0,39}", schema):
            raise ValueError(f"{schema!r} cannot be the name of a schema")
        self.model_id, self.dimension, self.schema = model_id, dimension, schema
        self._session = Session(dsn, unavailable)
        self._transform, self._transform_id = transform, transform_id
        self._lock = threading.RLock()
        self._ready: Tables | None = None
        self._estimates: dict[Filters, tuple[float, int]] = {}
        self._concepts: tuple[int, dict[str, int]] = (-1, {})

    def __repr__(self) -> str:
        return f"{self._session.place}, schema {self.schema}"

    # -- writing ---------------------------------------------------------------------------

    def put(self, entries: Iterable[Entry], *, cursor: int | None = None) -> None:
        """Add entries, or replace those of the same id, in one transaction.

        Raises ValueError for a vector of another dimension; then nothing is written.
        """
        rows = self._rows(entries)
        self._write(list(rows), list(rows.values()), cursor)

    def remove(self, ids: Iterable[str], *, cursor: int | None = None) -> None:
        """Take documents out, in one transaction; unknown ids are left aside."""
        self._write(list(ids), [], cursor)

    def _write(self, gone: list[str], rows: list[Row], cursor: int | None) -> None:
        tables = self._tables()

        def work(connection: Connection) -> None:
            with connection.transaction():
                lock_writers(connection, self.schema)
                settings = self._settings(connection, tables)
                self._same_derivation(settings)
                counts = Counts()
                if gone:
                    tables.delete(connection, gone, counts)
                if rows:
                    for row in rows:
                        row.count(counts)
                    tables.load(connection, self._encoded(rows, settings.version + 1), settings)
                if gone or rows:
                    tables.add_counts(connection, counts)
                connection.execute(
                    tables.sql(
                        "UPDATE {s}.settings SET version = version + 1,"
                        " cursor = coalesce(%s, cursor)"
                    ),
                    (cursor,),
                )

        self._session.call(work)

    def _rows(self, entries: Iterable[Entry]) -> dict[str, Row]:
        rows: dict[str, Row] = {}
        for entry in entries:
            if entry.vector.shape != (self.dimension,):
                raise ValueError(f"{entry.document.id}: a vector of {entry.vector.shape}")
            rows[entry.document.id] = Row.of(entry)
        return rows

    def _encoded(self, rows: Sequence[Row], version: int) -> list[bytes]:
        raw = np.stack([row.entry.vector for row in rows]).astype(np.float16)
        derived = halfvecs(self._derive(raw.astype(np.float32)))
        return [
            row.encode(kept, vector if row.entry.model_id == self.model_id else None, version)
            for row, kept, vector in zip(rows, halfvecs(raw), derived, strict=True)
        ]

    def _derive(self, vectors: Vectors) -> Vectors:
        return vectors if self._transform is None else self._transform(vectors)

    def rebuild(self, entries: Iterable[Entry], *, cursor: int) -> None:
        """Put exactly these entries in place of all, at once.

        They are written to fresh tables first; readers see the old entries until the one
        transaction that exchanges the tables. If something fails the old entries stay.
        """
        extension = self._session.call(lambda c: require_pgvector(c, self._session))
        with self._session.alone(self.schema) as connection:
            fresh = Fresh(connection, Tables(self.schema, extension))
            fresh.begin(self.model_id, self.dimension, self._transform_id)
            try:
                self._fill(fresh, entries)
                fresh.finish()
                fresh.take_over(cursor=cursor)
            except BaseException:
                if not connection.closed:
                    fresh.discard()
                raise
        with self._lock:
            self._ready = Tables(self.schema, extension)
            self._estimates.clear()

    def _fill(self, fresh: Fresh, entries: Iterable[Entry]) -> None:
        for batch in _batches(entries, AT_ONCE):
            rows = list(self._rows(batch).values())
            fresh.add(rows, self._encoded(rows, fresh.settings.version + 1))

    def use(self, transform: Transform | None, transform_id: str) -> None:
        """Compare vectors after another transform; derives them anew where the id differs."""
        with self._lock:
            self._transform, self._transform_id = transform, transform_id
            self._ready = None
        self._tables()

    def close(self) -> None:
        """Close the connections that nobody uses now; the next call opens one again."""
        self._session.close()

    # -- opening ---------------------------------------------------------------------------

    def _tables(self) -> Tables:
        """The tables, made if missing, with vectors derived as this index wants them."""
        with self._lock:
            if self._ready is None:
                extension = self._session.call(lambda c: require_pgvector(c, self._session))
                tables = Tables(self.schema, extension)
                settings = self._session.call(tables.settings)
                if settings is None or settings.derivation != self._derivation:
                    with self._session.alone(self.schema) as connection:
                        self._make_ready(connection, tables)
                self._ready = tables
            return self._ready

    @property
    def _derivation(self) -> tuple[str, int, str]:
        return self.model_id, self.dimension, self._transform_id

    def _make_ready(self, connection: Connection, tables: Tables) -> None:
        settings = tables.settings(connection)
        if settings is None:
            settings = Settings(FORMAT, 0, 0, 0, 1, *self._derivation, [], "")
            with connection.transaction():
                tables.create(connection, settings)
                tables.make_indexes(connection, settings, 0)
        elif settings.derivation != self._derivation:
            fresh = Fresh(connection, tables)
            made_from = json.dumps(["derive", settings.generation, *self._derivation])
            fresh.begin(*self._derivation, made_from=made_from)
            fresh.copy_all(self._derive)
            fresh.finish()
            fresh.take_over()

    def _settings(self, connection: Connection, tables: Tables) -> Settings:
        settings = tables.settings(connection)
        if settings is None:
            raise IndexDamaged(f"{self!r} is missing; rebuild the index")
        return settings

    def _same_derivation(self, settings: Settings) -> None:
        if settings.derivation != self._derivation:
            raise self._session.unavailable(
                f"{self!r} was derived by another process for {settings.derivation}, while this"
                f" one compares {self._derivation}: start this process anew with its settings"
            )

    # -- reading ---------------------------------------------------------------------------

    def get(self, id: str) -> Document | None:
        """The document of this id, or None."""
        return self.get_many([id]).get(id)

    def get_many(self, ids: Iterable[str]) -> dict[str, Document]:
        """The documents of these ids, by id; unknown ids are left aside."""
        query = self._tables().sql("SELECT id, body FROM {s}.entries WHERE id = ANY(%s)")
        wanted = list(ids)
        rows = self._session.call(lambda c: c.execute(query, (wanted,)).fetchall())
        return {row[0]: Document.from_json(row[1]) for row in rows}

    def vectors(self, ids: Iterable[str]) -> dict[str, Vectors]:
        """The model's own vectors [dimension] of these documents, as they were `put` (16 bit).

        Those of another model and unknown ids are left aside.
        """
        tables, wanted = self._tables(), list(ids)
        query = tables.sql(
            "SELECT id, {extension}.halfvec_send(raw) FROM {s}.entries"
            " WHERE id = ANY(%s) AND model_id = %s",
            extension=sql.Identifier(tables.extension),
        )
        rows = self._session.call(
            lambda c: c.execute(query, (wanted, self.model_id), binary=True).fetchall()
        )
        return {row[0]: from_halfvecs([row[1]])[0] for row in rows}

    def search(
        self, vector: Vectors, filters: Filters | None = None, k: int | None = None
    ) -> list[tuple[str, float]]:
        """Documents by cosine to a vector [dimension], best first: (id, cosine -1..1).

        Exact where few documents pass the filters, else through the graph (recall: see
        docs/scaling.md).
        """
        tables = self._tables()
        if k is not None and k <= 0:
            return []

        def work(connection: Connection) -> list[tuple[str, float]]:
            settings = self._settings(connection, tables)
            self._same_derivation(settings)
            if k is not None and not self._few(connection, tables, settings, filters, k):
                found = read.nearest(connection, tables, vector, filters, k, exact=False)
                if len(found) == k:
                    return found
            return read.nearest(connection, tables, vector, filters, k, exact=True)

        return self._session.call(work)

    def _few(
        self,
        connection: Connection,
        tables: Tables,
        settings: Settings,
        filters: Filters | None,
        k: int,
    ) -> bool:
        """Whether so few documents pass that comparing all is best."""
        if settings.documents <= read.EXACT_BELOW or k > read.MOST_EF:
            return True
        key = replace(filters or Filters(audiences=()), exclude=())
        known = self._estimates.get(key)
        if known is None or known[0] < time.monotonic():
            if len(self._estimates) > 1000:
                self._estimates.clear()
            passing = read.estimate(connection, tables, key)
            known = (time.monotonic() + _ESTIMATE_SECONDS, passing)
            self._estimates[key] = known
        return known[1] <= read.EXACT_BELOW

    def similarity(self, vector: Vectors, ids: Iterable[str]) -> dict[str, float]:
        """Cosine of these documents with a vector [dimension]; unknown ids are left aside."""
        tables, wanted = self._tables(), list(ids)
        query = tables.sql(
            "SELECT id, -(vector OPERATOR({extension}.<#>) %s::{extension}.halfvec)"
            " FROM {s}.entries WHERE id = ANY(%s) AND vector IS NOT NULL",
            extension=sql.Identifier(tables.extension),
        )

        def work(connection: Connection) -> dict[str, float]:
            self._same_derivation(self._settings(connection, tables))
            return dict(connection.execute(query, (halfvec_text(vector), wanted)).fetchall())

        return self._session.call(work) if wanted else {}

    def lexical(
        self,
        tokens: Sequence[str],
        family: str,
        filters: Filters | None = None,
        k: int | None = None,
    ) -> dict[str, float]:
        """Share of the question's weight of words that documents hold, 0..1 (BM25).

        With `k`, only the documents that hold the rarest words are looked at.
        """
        tables = self._tables()
        return self._session.call(
            lambda c: read.lexical(c, tables, tokens, family, filters, k)
        )

    def by_concept(
        self,
        weights: Mapping[str, float],
        filters: Filters | None = None,
        k: int | None = None,
    ) -> dict[str, dict[str, float]]:
        """Documents that name any of these concepts: id to concept to strength 0..1.

        With `k`, only the documents that name the rarest concepts are looked at.
        """
        tables = self._tables()
        return self._session.call(lambda c: read.by_concept(c, tables, weights, filters, k))

    def concept_counts(self) -> Mapping[str, int]:
        """In how many documents each concept is named."""
        tables = self._tables()

        def work(connection: Connection) -> dict[str, int]:
            version = self._settings(connection, tables).version
            if self._concepts[0] != version:
                rows = connection.execute(
                    tables.sql(
                        "SELECT concept, documents FROM {s}.concept_counts WHERE documents > 0"
                    )
                )
                self._concepts = (version, dict(rows.fetchall()))
            return self._concepts[1]

        return self._session.call(work)

    def ids(self) -> list[str]:
        """Every document's identifier, in order."""
        query = self._tables().sql("SELECT id FROM {s}.entries ORDER BY id")
        return [row[0] for row in self._session.call(lambda c: c.execute(query).fetchall())]

    def count(self) -> int:
        """How many documents the index holds."""
        return self.settings().documents

    @property
    def cursor(self) -> int:
        """Sequence number of the last ledger fact whose entries are here; 0 in a new index."""
        return self.settings().cursor

    @property
    def version(self) -> int:
        """Grows with every write, by whichever process."""
        return self.settings().version

    def settings(self) -> Settings:
        """The state of the index, as the server has it now."""
        tables = self._tables()
        return self._session.call(lambda c: self._settings(c, tables))

    def stale(self) -> list[str]:
        """Documents whose vector is of another model: embed them again and `put` them."""
        query = self._tables().sql(
            "SELECT id FROM {s}.entries WHERE model_id <> %s ORDER BY id"
        )
        rows = self._session.call(lambda c: c.execute(query, (self.model_id,)).fetchall())
        return [row[0] for row in rows]

    def verify(self) -> list[str]:
        """What is wrong with the tables, in words; an empty list if they are sound."""
        try:
            tables = self._tables()
            return self._session.call(
                lambda c: problems(c, tables, self._settings(c, tables))
            )
        except (IndexDamaged, IndexUnavailable) as error:
            return [str(error)]


def _batches(entries: Iterable[Entry], size: int) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    for entry in entries:
        batch.append(entry)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch

