"""Connections of one process to the server of an index, and its errors in our words."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, LiteralString, TypeVar

import psycopg
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict

from saphan.engines.matching.index import IndexDamaged, IndexUnavailable

Result = TypeVar("Result")
Connection = psycopg.Connection[tuple[Any, ...]]

_GONE = (
    errors.UndefinedTable,
    errors.InvalidSchemaName,
    errors.UndefinedColumn,
    errors.DataCorrupted,
    errors.IndexCorrupted,
    errors.CheckViolation,
)
_CONNECT_SECONDS = 10


class Session:
    """Connections that are kept and lent, each to one thread at a time; safe after a fork.

    Nothing depends on which connection is used, so a pool that lends connections by the
    transaction (pgbouncer) may stand in between.
    """

    def __init__(
        self, dsn: str, unavailable: Callable[[str], IndexUnavailable] = IndexUnavailable
    ) -> None:
        self.dsn, self.unavailable = dsn, unavailable
        self._lock = threading.Lock()
        self._idle: list[Connection] = []
        self._pid = os.getpid()
        known = conninfo_to_dict(dsn)
        self.place = (
            f"PostgreSQL at {known.get('host') or 'localhost'}:{known.get('port') or 5432},"
            f" database {known.get('dbname') or known.get('user') or ''}"
        )

    def call(self, work: Callable[[Connection], Result]) -> Result:
        """What `work(connection)` gives.

        A connection that was cut while it lay idle is opened again, once: `work` must bear to be
        done twice. Raises IndexUnavailable or IndexDamaged instead of the driver's errors.
        """
        while True:
            connection, used_before = self._take()
            try:
                result = work(connection)
            except psycopg.Error as error:
                if connection.broken and used_before:
                    connection.close()
                    continue
                explained = self.explained(error)
                if explained is error:
                    raise
                raise explained from error
            finally:
                self._give_back(connection)
            return result

    def open(self) -> Connection:
        """A connection of the caller's own, each statement a transaction unless told otherwise."""
        try:
            # Plans are made anew for each question: they depend on its filters.
            return psycopg.connect(
                self.dsn,
                autocommit=True,
                prepare_threshold=None,
                connect_timeout=_CONNECT_SECONDS,
                application_name="saphan index",
            )
        except psycopg.Error as error:
            raise self.explained(error) from error

    @contextmanager
    def alone(self, key: str) -> Iterator[Connection]:
        """A connection while no other process is in here with the same key; others wait."""
        with self.open() as guard, self.open() as connection:
            guard.execute("BEGIN")
            guard.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (key,))
            try:
                yield connection
            except psycopg.Error as error:
                raise self.explained(error) from error
            finally:
                if not guard.closed:
                    guard.execute("COMMIT")

    def close(self) -> None:
        """Close the connections that nobody uses now."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def explained(self, error: psycopg.Error) -> Exception:
        """The driver's error as one of ours, with what to do."""
        said = " ".join(str(error).split())
        if isinstance(error, _GONE):
            return IndexDamaged(f"{self.place}: {said}; rebuild the index")
        if isinstance(error, errors.InsufficientPrivilege):
            return self.unavailable(
                f"{self.place}: {said}. Give the user the right to create schemas:"
                " GRANT CREATE ON DATABASE … TO …"
            )
        if isinstance(error, errors.SqlclientUnableToEstablishSqlconnection):
            return self.unavailable(f"{self.place}: a shard does not answer: {said}")
        if isinstance(error, psycopg.OperationalError) and error.sqlstate:
            return self.unavailable(f"{self.place}: {said}")  # it answers: full, shutting down, …
        if isinstance(error, psycopg.OperationalError):
            return self.unavailable(
                f"{self.place} does not answer: {said}. Is it running, and is its address right?"
            )
        return error

    def _take(self) -> tuple[Connection, bool]:
        with self._lock:
            if self._pid != os.getpid():  # a fork: those are the parent's
                self._pid, self._idle = os.getpid(), []
            while self._idle:
                connection = self._idle.pop()
                if not connection.closed:
                    return connection, True
        return self.open(), False

    def _give_back(self, connection: Connection) -> None:
        if connection.closed:
            return
        if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            connection.close()
            return
        with self._lock:
            if self._pid == os.getpid():
                self._idle.append(connection)


def named(template: LiteralString, schema: str, **parts: sql.Composable) -> sql.Composed:
    """SQL in which `{s}` stands for the schema and other names for their parts."""
    return sql.SQL(template).format(s=sql.Identifier(schema), **parts)
