"""Tables and connections of the search index file: the entries themselves, nothing derived."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from saphan.engines.language.embed import Vectors
from saphan.engines.matching.filters import FIELDS, NO_END
from saphan.engines.matching.index import Entry, IndexDamaged
from saphan.engines.matching.postings import pack

FORMAT: Final = 3
AT_ONCE: Final = 8_192
"""Entries that are written or looked up in one go."""

_SCHEMA: Final = """
CREATE TABLE settings (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE labels (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE entries (
  number INTEGER PRIMARY KEY, -- grows with every entry and is never used again
  id TEXT NOT NULL UNIQUE,
  room INTEGER NOT NULL, kind INTEGER NOT NULL, sector INTEGER NOT NULL, -- labels
  economy INTEGER NOT NULL, lang INTEGER NOT NULL, audience INTEGER NOT NULL,
  until INTEGER NOT NULL,
  model INTEGER NOT NULL -- label
);
CREATE TABLE contents (
  number INTEGER PRIMARY KEY,
  body TEXT NOT NULL,
  concepts TEXT NOT NULL, -- names, as a JSON list
  vector BLOB NOT NULL, -- float16, little-endian
  postings BLOB NOT NULL -- see postings.pack
);
CREATE TABLE concepts (name TEXT PRIMARY KEY, documents INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE gone (number INTEGER PRIMARY KEY, version INTEGER NOT NULL);
CREATE INDEX gone_version ON gone (version);
"""


class Store:
    """One file; a connection for each thread of each process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        path.parent.mkdir(parents=True, exist_ok=True)

    # -- connections -----------------------------------------------------------------------

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
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one moment, whatever is written meanwhile."""
        with self.reading() as connection:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("COMMIT")

    @contextmanager
    def writing(self, cursor: int | None) -> Iterator[tuple[sqlite3.Connection, int]]:
        """One transaction; gives the connection and the version that it writes."""
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                version = setting(connection, "version") + 1
                yield connection, version
                set_setting(connection, "version", version)
                if cursor is not None:
                    set_setting(connection, "cursor", cursor)
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

    # -- the file as a whole ---------------------------------------------------------------

    def take_over(self, fresh: Path) -> None:
        """Replace everything by the contents of another file, in one transaction.

        Other processes go on reading what was there until it is done. A damaged file is set aside.
        """
        source = sqlite3.connect(fresh, isolation_level=None)
        try:
            with self.reading() as connection:
                source.backup(connection)
            return
        except IndexDamaged:
            self.close()
        finally:
            source.close()
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


def setting(connection: sqlite3.Connection, name: str) -> int:
    row = connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
    return int(row[0]) if row else 0


def set_setting(connection: sqlite3.Connection, name: str, value: int) -> None:
    connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))


def moment(connection: sqlite3.Connection) -> tuple[int, int]:
    """Epoch (another after each rebuild) and version (grows with each write)."""
    found = dict(connection.execute(
        "SELECT name, value FROM settings WHERE name IN ('epoch', 'version')"))  # fmt: skip
    return found.get("epoch", 0), found.get("version", 0)


# -- entries ----------------------------------------------------------------------------------


def add(connection: sqlite3.Connection, entries: Sequence[Entry], version: int) -> None:
    """Write entries, in place of those of the same ids; at most `AT_ONCE`, each id once."""
    forget(connection, [entry.document.id for entry in entries], version)
    last = setting(connection, "last")
    set_setting(connection, "last", last + len(entries))
    numbers = range(last + 1, last + 1 + len(entries))
    connection.executemany(
        "INSERT INTO entries VALUES (?,?,?,?,?,?,?,?,?,?)",
        zip(numbers, *_columns(connection, entries), strict=True),
    )
    connection.executemany(
        "INSERT INTO contents VALUES (?,?,?,?,?)",
        zip(
            numbers,
            (json.dumps(entry.document.to_json(), ensure_ascii=False) for entry in entries),
            (json.dumps(list(entry.concepts), ensure_ascii=False) for entry in entries),
            np.stack([entry.vector for entry in entries]).astype("<f2"),
            pack(entries),
            strict=True,
        ),
    )
    _count(connection, Counter(name for entry in entries for name in entry.concepts))


def forget(connection: sqlite3.Connection, ids: Iterable[str], version: int) -> None:
    """Take entries out with all that hangs on them, where they are there."""
    rows = connection.execute(
        "SELECT e.number, c.concepts FROM entries e JOIN contents c USING (number)"
        " WHERE e.id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    ).fetchall()
    numbers = [(number,) for number, _ in rows]
    connection.executemany("DELETE FROM entries WHERE number = ?", numbers)
    connection.executemany("DELETE FROM contents WHERE number = ?", numbers)
    connection.executemany(
        "INSERT INTO gone VALUES (?, ?)", ((number, version) for (number,) in numbers)
    )
    lost: Counter[str] = Counter()
    for _, concepts in rows:
        lost.subtract(json.loads(concepts))
    _count(connection, lost)


def _columns(connection: sqlite3.Connection, entries: Sequence[Entry]) -> list[list[Any]]:
    """Id, labels, end and model of entries, as columns."""
    documents = [entry.document for entry in entries]
    values = [[getattr(document, field) for document in documents] for field in FIELDS]
    values.append([entry.model_id for entry in entries])
    wanted = sorted(set().union(*values))
    connection.executemany(
        "INSERT OR IGNORE INTO labels (name) VALUES (?)", ((name,) for name in wanted)
    )
    known = dict(zip(wanted, labels(connection, wanted), strict=True))
    *fields, models = ([known[name] for name in column] for column in values)
    until = [
        document.valid_until.toordinal() if document.valid_until else NO_END
        for document in documents
    ]
    return [[document.id for document in documents], *fields, until, models]


def labels(connection: sqlite3.Connection, names: Sequence[str]) -> list[int]:
    """Numbers of those of the names that are known, in their order."""
    known = dict(connection.execute(
        "SELECT name, number FROM labels WHERE name IN (SELECT value FROM json_each(?))",
        (json.dumps(list(names)),),
    ))  # fmt: skip
    return [known[name] for name in names if name in known]


def _count(connection: sqlite3.Connection, changes: Counter[str]) -> None:
    connection.executemany(
        "INSERT INTO concepts VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET documents = documents + excluded.documents",
        changes.items(),
    )
    connection.executemany(
        "DELETE FROM concepts WHERE name = ? AND documents <= 0",
        ((name,) for name, change in changes.items() if change < 0),
    )


def vectors_of(blobs: Sequence[bytes], dimension: int) -> Vectors:
    """Float32 [n, dimension] of stored vectors. Raises ValueError for other sizes."""
    return np.frombuffer(b"".join(blobs), "<f2").reshape(len(blobs), dimension).astype(np.float32)


def _open(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA page_size = 8192")
    connection.execute("PRAGMA journal_mode = WAL")
    # A power cut may lose the last batches, never the order: the cursor goes with its batch.
    connection.execute("PRAGMA synchronous = NORMAL")
    if _format(connection) == 0:
        _create(connection)
    if _format(connection) != FORMAT:
        raise IndexDamaged(
            f"an index of format {_format(connection)}, expected {FORMAT}: rebuild it"
        )


def _create(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    if _format(connection) == 0:  # else another process was faster
        for statement in _SCHEMA.split(";"):
            connection.execute(statement)
        set_setting(connection, "epoch", secrets.randbits(62))
        connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.execute("COMMIT")


def _format(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
