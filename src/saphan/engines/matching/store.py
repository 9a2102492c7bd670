"""Tables and connections of the search index file."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from saphan.engines.matching.documents import Filters
from saphan.engines.matching.index import Entry, IndexDamaged

FORMAT: Final = 1

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entries (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  room TEXT NOT NULL, kind TEXT NOT NULL, sector TEXT NOT NULL, economy TEXT NOT NULL,
  lang TEXT NOT NULL, audience TEXT NOT NULL, valid_until TEXT,
  body TEXT NOT NULL,
  model_id TEXT NOT NULL,
  vector BLOB NOT NULL, -- float16, little-endian
  version INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS entries_version ON entries (version);
CREATE TABLE IF NOT EXISTS tokens (
  number INTEGER PRIMARY KEY, family TEXT NOT NULL, token TEXT NOT NULL, UNIQUE (family, token)
);
CREATE TABLE IF NOT EXISTS postings (
  token INTEGER NOT NULL, entry INTEGER NOT NULL, times INTEGER NOT NULL,
  PRIMARY KEY (token, entry)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS postings_entry ON postings (entry);
CREATE TABLE IF NOT EXISTS lengths (
  family TEXT NOT NULL, entry INTEGER NOT NULL, tokens INTEGER NOT NULL,
  PRIMARY KEY (family, entry)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS lengths_entry ON lengths (entry);
CREATE TABLE IF NOT EXISTS concepts (
  concept TEXT NOT NULL, entry INTEGER NOT NULL, strength REAL NOT NULL,
  PRIMARY KEY (concept, entry)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS concepts_entry ON concepts (entry);
"""
_CHILDREN: Final = ("postings", "lengths", "concepts")
_TABLES: Final = ("settings", "entries", "tokens", *_CHILDREN)


class Store:
    """One file; a connection for each thread of each process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        path.parent.mkdir(parents=True, exist_ok=True)
        with self.reading():
            pass

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection of this thread; raises IndexDamaged instead of SQLite's own words."""
        try:
            yield self._connection()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
                raise
            self.close()
            raise IndexDamaged(f"{self.path}: {error}; rebuild the index") from error

    @contextmanager
    def writing(self, cursor: int | None) -> Iterator[tuple[sqlite3.Connection, int]]:
        """One transaction; gives the connection and the version that it writes."""
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                version = self.version(connection) + 1
                yield connection, version
                self.set_setting(connection, "version", version)
                if cursor is not None:
                    self.set_setting(connection, "cursor", cursor)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _connection(self) -> sqlite3.Connection:
        known = getattr(self._local, "known", None)
        if known is not None and known[0] == os.getpid():
            return known[1]  # type: ignore[no-any-return]
        connection = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        try:
            _open(connection)
        except BaseException:
            connection.close()
            raise
        self._local.known = (os.getpid(), connection)
        return connection

    def close(self) -> None:
        """Close the connection of this thread."""
        known = getattr(self._local, "known", None)
        if known is not None and known[0] == os.getpid():
            known[1].close()
        self._local.known = None

    @staticmethod
    def setting(connection: sqlite3.Connection, name: str) -> int:
        row = connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return int(row[0]) if row else 0

    @staticmethod
    def set_setting(connection: sqlite3.Connection, name: str, value: int) -> None:
        connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))

    def version(self, connection: sqlite3.Connection) -> int:
        """Grows with every write."""
        return self.setting(connection, "version")

    @staticmethod
    def add(connection: sqlite3.Connection, entry: Entry, version: int) -> None:
        """Write an entry that is not there."""
        document = entry.document
        number = connection.execute(
            "INSERT INTO entries (id, room, kind, sector, economy, lang, audience, valid_until,"
            " body, model_id, vector, version) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                document.id, document.room, document.kind, document.sector, document.economy,
                document.lang, document.audience,
                document.valid_until.isoformat() if document.valid_until else None,
                json.dumps(document.to_json(), ensure_ascii=False),
                entry.model_id, entry.vector.astype("<f2").tobytes(), version,
            ),
        ).lastrowid  # fmt: skip
        for family, tokens in entry.tokens.items():
            connection.execute("INSERT INTO lengths VALUES (?,?,?)", (family, number, len(tokens)))
            counted = Counter(tokens)
            connection.executemany(
                "INSERT OR IGNORE INTO tokens (family, token) VALUES (?, ?)",
                ((family, token) for token in counted),
            )
            connection.executemany(
                "INSERT INTO postings SELECT number, ?, ? FROM tokens"
                " WHERE family = ? AND token = ?",
                ((number, times, family, token) for token, times in counted.items()),
            )
        connection.executemany(
            "INSERT INTO concepts VALUES (?,?,?)",
            ((concept, number, strength) for concept, strength in entry.concepts.items()),
        )

    @staticmethod
    def forget(connection: sqlite3.Connection, name: str) -> None:
        """Take out an entry and all that hangs on it, if it is there."""
        row = connection.execute("SELECT number FROM entries WHERE id = ?", (name,)).fetchone()
        if row:
            for table in _CHILDREN:
                connection.execute(f"DELETE FROM {table} WHERE entry = ?", row)  # noqa: S608
            connection.execute("DELETE FROM entries WHERE number = ?", row)

    def take_over(self, fresh: Path) -> None:
        """Replace the contents of all tables by those of another file, in one transaction."""
        try:
            with self.reading() as connection:
                before = self.version(connection)
                connection.execute("ATTACH ? AS fresh", (str(fresh),))
                try:
                    _copy_tables(connection, before)
                finally:
                    connection.execute("DETACH fresh")
        except IndexDamaged:
            self.close()
            damaged = self.path.with_name(self.path.name + ".damaged")
            self.discard(damaged)
            self.path.replace(damaged)
            self.discard(self.path)
            fresh.replace(self.path)

    @staticmethod
    def discard(path: Path) -> None:
        """Delete an index file with its log."""
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)

    @staticmethod
    def orphans(connection: sqlite3.Connection) -> list[str]:
        """Rows that hang on no entry, in words."""
        problems = []
        for table in _CHILDREN:
            (lost,) = connection.execute(
                f"SELECT count(*) FROM {table} WHERE entry NOT IN (SELECT number FROM entries)"  # noqa: S608
            ).fetchone()
            if lost:
                problems.append(f"{lost} rows of {table} belong to no entry")
        return problems


def _open(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    # A power cut may lose the last batches, never the order: the cursor goes with its batch.
    connection.execute("PRAGMA synchronous = NORMAL")
    (format_,) = connection.execute("PRAGMA user_version").fetchone()
    if format_ == 0:
        connection.executescript("BEGIN IMMEDIATE;" + _SCHEMA + f"PRAGMA user_version={FORMAT};"
                                 "COMMIT;")  # fmt: skip
    elif format_ != FORMAT:
        raise IndexDamaged(f"an index of format {format_}, expected {FORMAT}: delete and rebuild")


def _copy_tables(connection: sqlite3.Connection, before: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        (top,) = connection.execute("SELECT coalesce(max(number), 0) FROM entries").fetchone()
        for table in _TABLES:
            connection.execute(f"DELETE FROM main.{table}")  # noqa: S608
            connection.execute(f"INSERT INTO main.{table} SELECT * FROM fresh.{table}")  # noqa: S608
        # New numbers, so that a reader's memory of the old rows cannot be taken for these.
        connection.execute("UPDATE entries SET number = -number - ?", (top,))
        connection.execute("UPDATE entries SET number = -number, version = ?", (before + 1,))
        for table in _CHILDREN:
            connection.execute(f"UPDATE {table} SET entry = -entry - ?", (top,))  # noqa: S608
            connection.execute(f"UPDATE {table} SET entry = -entry")  # noqa: S608
        connection.execute("UPDATE settings SET value = ? WHERE name = 'version'", (before + 1,))
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def conditions(filters: Filters) -> tuple[str, list[Any]]:
    """Filters as an SQL condition over `entries` and its values."""
    parts: list[str] = []
    values: list[Any] = []
    for column, wanted in (
        ("room", filters.rooms),
        ("kind", filters.kinds),
        ("sector", filters.sectors),
        ("economy", filters.economies),
        ("lang", filters.langs),
        ("audience", filters.audiences),
    ):
        if wanted:
            parts.append(f"{column} IN ({','.join('?' * len(wanted))})")
            values += wanted
    if filters.exclude:
        parts.append(f"id NOT IN ({','.join('?' * len(filters.exclude))})")
        values += filters.exclude
    if filters.valid_on:
        parts.append("(valid_until IS NULL OR valid_until >= ?)")
        values.append(filters.valid_on.isoformat())
    return " AND ".join(parts), values


def vector_of(blob: bytes) -> np.ndarray[Any, np.dtype[np.float32]]:
    """The float32 vector of a stored blob."""
    return np.frombuffer(blob, "<f2").astype(np.float32)
