"""A new generation of the served index: made beside the old one, exchanged in one transaction.

Three ways lead to one: a rebuild from entries, vectors derived anew after another transform, and a
move to other servers. Readers see the old generation until the new one is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

import psycopg
from psycopg import sql

from saphan.engines.language.embed import Vectors
from saphan.engines.matching.index import IndexDamaged
from saphan.engines.matching.postgres_rows import (
    COLUMNS,
    COPY_BEGIN,
    COPY_END,
    Counts,
    Row,
    from_halfvecs,
    halfvecs,
    tuple_bytes,
)
from saphan.engines.matching.postgres_schema import (
    FORMAT,
    Settings,
    Tables,
    exchange,
    lock_writers,
)
from saphan.engines.matching.postgres_session import Connection

AT_ONCE: Final = 1000
"""Rows copied or derived in one transaction."""

MANY_TOKENS: Final = 200_000
"""Counts are sent when they hold so many different tokens, to bound memory."""

Derive = Callable[[Vectors], Vectors]
"""The transform of stored vectors [n, dimension]."""


class Fresh:
    """The generation that is being made, in the schema `<schema>_fresh`.

    Only one process makes one at a time: the caller holds the lock for it.
    """

    def __init__(self, connection: Connection, live: Tables) -> None:
        self.connection, self.live = connection, live
        self.tables = Tables(f"{live.schema}_fresh", live.extension)
        self.before: Settings | None = None
        with suppress(IndexDamaged, psycopg.errors.UndefinedTable):
            self.before = live.settings(connection)
        self.settings: Settings
        self._derive: Derive | None = None
        self._counts = Counts()

    def begin(
        self,
        model_id: str,
        dimension: int,
        transform_id: str,
        *,
        shards: Sequence[str] | None = None,
        made_from: str = "",
    ) -> None:
        """Make the schema; go on with one that was `made_from` the same, and drop any other."""
        found = None
        with suppress(IndexDamaged, psycopg.errors.UndefinedTable):
            found = self.tables.settings(self.connection)
        if found is not None and made_from and found.made_from == made_from:
            self.settings = found
            return
        self.discard()
        Tables(f"{self.live.schema}_old", self.live.extension).drop(self.connection)
        before = self.before
        kept = list(shards) if shards is not None else before.shards if before else []
        self.settings = Settings(
            FORMAT, before.version if before else 0, before.cursor if before else 0, 0,
            (before.generation if before else 0) + 1, model_id, dimension, transform_id, kept,
            made_from,
        )  # fmt: skip
        self.tables.create(self.connection, self.settings)

    def add(self, rows: Sequence[Row], encoded: Sequence[bytes]) -> None:
        """Write rows in one transaction, and count them."""
        with self.connection.transaction():
            self.tables.load(self.connection, encoded, self.settings)
        for row in rows:
            row.count(self._counts)
        if len(self._counts.tokens) > MANY_TOKENS:
            self._send_counts()

    def _send_counts(self) -> None:
        with self.connection.transaction():
            self.tables.add_counts(self.connection, self._counts)
        self._counts = Counts()

    def count(self) -> int:
        row = self.connection.execute(self.tables.sql("SELECT count(*) FROM {s}.entries"))
        (found,) = row.fetchone() or (0,)
        return int(found)

    def finish(self) -> None:
        """Send the counts and make the indexes. Raises IndexDamaged for an id that came twice."""
        self._send_counts()
        try:
            self.tables.make_indexes(self.connection, self.settings, self.count())
        except psycopg.errors.UniqueViolation as error:
            raise IndexDamaged(f"the fresh index holds an entry twice: {error}") from error

    def take_over(self, *, cursor: int | None = None) -> None:
        """Take the place of the live generation; `cursor` None keeps the live one's."""
        with self.connection.transaction():
            lock_writers(self.connection, self.live.schema)
            now = self.before and self.live.settings(self.connection)
            if cursor is None and now is not None:
                self._follow(now)
            self.connection.execute(
                self.tables.sql(
                    "UPDATE {s}.settings SET version = %s, cursor = %s, made_from = ''"
                ),
                (max(now.version if now else 0, self.settings.version) + 1,
                 cursor if cursor is not None else now.cursor if now else 0),
            )  # fmt: skip
            exchange(self.connection, self.live, self.tables)
        Tables(f"{self.live.schema}_old", self.live.extension).drop(self.connection)

    def discard(self) -> None:
        self.tables.drop(self.connection)

    # -- out of the live generation ----------------------------------------------------------

    def copy_all(self, derive: Derive | None) -> None:
        """Copy the live entries that are not here yet, their vectors derived anew or, for None,
        as they are."""
        self._derive = derive
        last = self.connection.execute(
            self.tables.sql("SELECT max(id) FROM {s}.entries")
        ).fetchone()
        after = (last and last[0]) or ""
        while True:
            rows = self.connection.execute(
                self.live.sql("SELECT id FROM {s}.entries WHERE id > %s ORDER BY id LIMIT %s"),
                (after, AT_ONCE),
            ).fetchall()
            if not rows:
                return
            with self.connection.transaction():
                self._copy([row[0] for row in rows])
            after = rows[-1][0]

    def _copy(self, ids: Sequence[str]) -> None:
        values = [sql.Identifier("live", name) for name in COLUMNS]
        joined = sql.SQL("")
        if self._derive is not None:
            self._send_derived(ids, self._derive)
            values[COLUMNS.index("vector")] = sql.Identifier("derived", "vector")
            joined = sql.SQL("LEFT JOIN derived USING (id)")
        self.connection.execute(
            self.tables.sql(
                "INSERT INTO {s}.entries ({columns}) SELECT {values} FROM {live}.entries AS live"
                " {joined} WHERE live.id = ANY(%s)",
                live=sql.Identifier(self.live.schema), joined=joined,
                columns=sql.SQL(", ").join(map(sql.Identifier, COLUMNS)),
                values=sql.SQL(", ").join(values),
            ),
            (list(ids),),
        )  # fmt: skip
        self.connection.execute("DROP TABLE IF EXISTS pg_temp.derived")

    def _send_derived(self, ids: Sequence[str], derive: Derive) -> None:
        """The new vectors of these entries, in a temporary table `derived`."""
        extension = sql.Identifier(self.live.extension)
        self.connection.execute(
            self.live.sql(
                'CREATE TEMP TABLE derived (id text COLLATE "C" PRIMARY KEY,'
                " vector {extension}.halfvec) ON COMMIT DROP",
                extension=extension,
            )
        )
        rows = self.connection.execute(
            self.live.sql(
                "SELECT id, {extension}.halfvec_send(raw) FROM {s}.entries"
                " WHERE id = ANY(%s) AND model_id = %s",
                extension=extension,
            ),
            (list(ids), self.settings.model_id),
            binary=True,
        ).fetchall()
        with self.connection.cursor().copy("COPY derived FROM STDIN (FORMAT binary)") as sink:
            sink.write(COPY_BEGIN)
            if rows:
                vectors = halfvecs(derive(from_halfvecs([row[1] for row in rows])))
                for row, vector in zip(rows, vectors, strict=True):
                    sink.write(tuple_bytes([row[0].encode(), vector]))
            sink.write(COPY_END)

    def _follow(self, now: Settings) -> None:
        """Bring in what was written to the live generation meanwhile; writers wait."""
        live = sql.Identifier(self.live.schema)
        if now.version != self.settings.version:
            changed = self.connection.execute(
                self.live.sql("SELECT id FROM {s}.entries WHERE version > %s"),
                (self.settings.version,),
            ).fetchall()
            for start in range(0, len(changed), AT_ONCE):
                ids = [row[0] for row in changed[start : start + AT_ONCE]]
                self.connection.execute(
                    self.tables.sql("DELETE FROM {s}.entries WHERE id = ANY(%s)"), (ids,)
                )
                self._copy(ids)
            self.connection.execute(
                self.tables.sql(
                    "DELETE FROM {s}.entries WHERE id = ANY(SELECT id FROM {s}.entries"
                    " EXCEPT SELECT id FROM {live}.entries)",
                    live=live,
                )
            )
        for table in ("token_counts", "concept_counts", "family_counts"):
            parts = {"table": sql.Identifier(table), "live": live}
            self.connection.execute(self.tables.sql("TRUNCATE {s}.{table}", **parts))
            self.connection.execute(
                self.tables.sql(
                    "INSERT INTO {s}.{table} SELECT * FROM {live}.{table} WHERE documents <> 0",
                    **parts,
                )
            )
        self.connection.execute(
            self.tables.sql("UPDATE {s}.settings SET documents = %s"), (now.documents,)
        )
