"""Tables of the served index: made, filled, moved over several servers, exchanged.

Everything lies in one schema. `entries` is one table, or, over several servers, a table in hash
partitions that are foreign tables on them; `settings` (one row) and the counts of words and
concepts lie beside it. A new generation of all is made in a second schema and takes the first
one's name in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from typing import Final, LiteralString

import psycopg
from psycopg import errors, sql

from saphan.engines.matching.index import IndexDamaged
from saphan.engines.matching.postgres_remote import (
    drop_generation,
    generation_schema,
    on_shards,
)
from saphan.engines.matching.postgres_rows import COLUMNS, COPY_BEGIN, COPY_END, Counts
from saphan.engines.matching.postgres_session import Connection, Session, named

FORMAT: Final = 1
NEEDED: Final = (0, 8)
"""pgvector with halfvec and iterative scans."""
LINKS, EF_CONSTRUCTION = 16, 64
"""Of the HNSW graph; see docs/decisions/0014 for the numbers."""
MOST_BUILD_MB: Final = 2048
"""Memory for building the graph, at most; in less than the graph needs it takes far longer."""

_COLUMNS: Final = """
  id text COLLATE "C" NOT NULL, room text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL,
  sector text COLLATE "C" NOT NULL, economy text COLLATE "C" NOT NULL,
  lang text COLLATE "C" NOT NULL, audience text COLLATE "C" NOT NULL, valid_until date,
  body json NOT NULL, -- not jsonb, which refuses some characters that JSON allows
  model_id text NOT NULL,
  raw {halfvec} NOT NULL, -- the model's own
  vector {halfvec}({dimension}), -- after the transform; NULL if another model's
  tokens bigint[] NOT NULL, times bytea NOT NULL, -- parallel; times as 16-bit numbers
  families text[] NOT NULL, lengths integer[] NOT NULL,
  concepts text[] NOT NULL, strengths double precision[] NOT NULL,
  version bigint NOT NULL
"""
_BESIDE: Final = """
CREATE TABLE {s}.settings (
  format integer NOT NULL, version bigint NOT NULL, cursor bigint NOT NULL,
  documents bigint NOT NULL, generation bigint NOT NULL,
  model_id text NOT NULL, dimension integer NOT NULL, transform_id text NOT NULL,
  shards text[] NOT NULL, made_from text NOT NULL
);
CREATE TABLE {s}.token_counts (token bigint PRIMARY KEY, documents integer NOT NULL);
CREATE TABLE {s}.concept_counts
  (concept text COLLATE "C" PRIMARY KEY, documents integer NOT NULL);
CREATE TABLE {s}.family_counts
  (family text COLLATE "C" PRIMARY KEY, documents bigint NOT NULL, tokens bigint NOT NULL);
"""
# The vector stays in the row, where a search reads it; what a search does not read goes out.
_ENTRIES: Final = """
CREATE TABLE IF NOT EXISTS {s}.entries (""" + _COLUMNS + """);
ALTER TABLE {s}.entries ALTER COLUMN vector SET STORAGE PLAIN;
ALTER TABLE {s}.entries ALTER COLUMN tokens SET STORAGE EXTERNAL; -- hashes do not shrink
ALTER TABLE {s}.entries SET (toast_tuple_target = {target});
"""  # fmt: skip
_INDEXES: Final = """
CREATE UNIQUE INDEX IF NOT EXISTS entries_id ON {s}.entries (id);
CREATE INDEX IF NOT EXISTS entries_kind ON {s}.entries (room, kind);
CREATE INDEX IF NOT EXISTS entries_sector ON {s}.entries (sector);
CREATE INDEX IF NOT EXISTS entries_economy ON {s}.entries (economy);
CREATE INDEX IF NOT EXISTS entries_lang ON {s}.entries (lang);
CREATE INDEX IF NOT EXISTS entries_tokens ON {s}.entries USING gin (tokens);
CREATE INDEX IF NOT EXISTS entries_concepts ON {s}.entries USING gin (concepts);
SET maintenance_work_mem = {memory};
CREATE INDEX IF NOT EXISTS entries_vector ON {s}.entries
  USING hnsw (vector {opclass}) WITH (m = {links}, ef_construction = {ef});
RESET maintenance_work_mem;
ANALYZE {s}.entries;
"""


@dataclass(frozen=True)
class Settings:
    """The one row of the table `settings`."""

    format: int
    version: int
    """Grows with every write."""
    cursor: int
    documents: int
    generation: int
    """Names the schema of this generation on the shards."""
    model_id: str
    dimension: int
    transform_id: str
    shards: list[str]
    """Names of foreign servers; empty when the entries lie here."""
    made_from: str
    """In a schema that is being made: out of what, so that it can be gone on with."""

    @property
    def derivation(self) -> tuple[str, int, str]:
        return self.model_id, self.dimension, self.transform_id


def require_pgvector(connection: Connection, session: Session) -> str:
    """Make sure of the extension and give its schema. Raises IndexUnavailable."""
    major = connection.info.server_version // 10_000
    install = (
        f"{session.place} has no pgvector {'.'.join(map(str, NEEDED))} or newer. Install the"
        f" package postgresql-{major}-pgvector, then, as a superuser in this database:"
        " CREATE EXTENSION vector; (or, for an old one, ALTER EXTENSION vector UPDATE;)"
    )
    found = _pgvector(connection)
    if found is None:
        # Two processes may do it at once: the other's is as good.
        with suppress(errors.UniqueViolation, errors.DuplicateObject):
            try:
                connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
            except (
                errors.UndefinedFile, errors.FeatureNotSupported, errors.InsufficientPrivilege
            ) as error:  # fmt: skip
                raise session.unavailable(install) from error
        found = _pgvector(connection)
    if found is None or tuple(map(int, found[0].split(".")[:2])) < NEEDED:
        raise session.unavailable(install)
    return found[1]


def _pgvector(connection: Connection) -> tuple[str, str] | None:
    row = connection.execute(
        "SELECT extversion, nspname FROM pg_extension e"
        " JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname = 'vector'"
    ).fetchone()
    return row and (row[0], row[1])


class Tables:
    """The tables of one generation in the schema `schema`; `extension` is pgvector's schema."""

    def __init__(self, schema: str, extension: str) -> None:
        self.schema, self.extension = schema, extension

    def sql(self, template: LiteralString, **parts: sql.Composable) -> sql.Composed:
        return named(template, self.schema, **parts)

    def settings(self, connection: Connection) -> Settings | None:
        """None where the schema does not exist. Raises IndexDamaged for another format."""
        if not _has_schema(connection, self.schema):
            return None
        row = connection.execute(
            self.sql(
                "SELECT {columns} FROM {s}.settings",
                columns=sql.SQL(", ").join(sql.Identifier(f.name) for f in fields(Settings)),
            )
        ).fetchone()
        if row is None or row[0] != FORMAT:
            raise IndexDamaged(
                f"the index in schema {self.schema} is of format {row and row[0]},"
                f" expected {FORMAT}; rebuild it"
            )
        return Settings(*row)

    # -- making ----------------------------------------------------------------------------

    def create(self, connection: Connection, settings: Settings) -> None:
        """The schema and its empty tables, without the indexes of `entries`."""
        place = generation_schema(self.schema, settings.generation)
        if settings.shards:
            on_shards(connection, settings.shards,
                      self._entries_sql(connection, place, settings.dimension))  # fmt: skip
        with connection.transaction():
            connection.execute(self.sql("CREATE SCHEMA {s}"))
            connection.execute(self.sql(_BESIDE))
            if settings.shards:
                self._create_partitions(connection, settings, place)
            else:
                connection.execute(self._entries_sql(connection, None, settings.dimension))
            values = [getattr(settings, f.name) for f in fields(Settings)]
            marks = sql.SQL(", ").join([sql.Placeholder()] * len(values))
            connection.execute(self.sql("INSERT INTO {s}.settings VALUES ({m})", m=marks), values)

    def _entries_sql(self, connection: Connection, place: str | None, dimension: int) -> str:
        made = named(
            _ENTRIES, place or self.schema, target=sql.Literal(2 * dimension + 512),
            dimension=sql.Literal(dimension), halfvec=sql.Identifier(self.extension, "halfvec"),
        ).as_string(connection)  # fmt: skip
        if place is None:
            return made
        return named("CREATE SCHEMA IF NOT EXISTS {s};", place).as_string(connection) + made

    def _create_partitions(self, connection: Connection, settings: Settings, place: str) -> None:
        connection.execute(
            self.sql(
                "CREATE TABLE {s}.entries (" + _COLUMNS + ") PARTITION BY HASH (id)",
                dimension=sql.Literal(settings.dimension),
                halfvec=sql.Identifier(self.extension, "halfvec"),
            )
        )
        for number, server in enumerate(settings.shards):
            connection.execute(
                self.sql(
                    "CREATE FOREIGN TABLE {s}.{name} PARTITION OF {s}.entries"
                    " FOR VALUES WITH (MODULUS {modulus}, REMAINDER {number}) SERVER {server}"
                    " OPTIONS (schema_name {place}, table_name 'entries')",
                    name=sql.Identifier(f"entries_{number}"), server=sql.Identifier(server),
                    modulus=sql.Literal(len(settings.shards)), number=sql.Literal(number),
                    place=sql.Literal(place),
                )
            )  # fmt: skip

    def make_indexes(self, connection: Connection, settings: Settings, documents: int) -> None:
        """Indexes and statistics of `entries`; those that are there are left."""
        each = documents // max(1, len(settings.shards)) + 1
        # A node: its vector, and its links on the lowest level and above.
        needed = each * (2 * settings.dimension + 16 * LINKS + 200) * 5 // 4 // 2**20 + 64
        parts = {
            "memory": sql.Literal(f"{min(needed, MOST_BUILD_MB)}MB"),
            "opclass": sql.Identifier(self.extension, "halfvec_ip_ops"),
            "links": sql.Literal(LINKS), "ef": sql.Literal(EF_CONSTRUCTION),
        }  # fmt: skip
        if settings.shards:
            place = generation_schema(self.schema, settings.generation)
            on_shards(connection, settings.shards,
                      named(_INDEXES, place, **parts).as_string(connection))  # fmt: skip
            return
        connection.execute(named(_INDEXES, self.schema, **parts))

    def drop(self, connection: Connection) -> None:
        """The schema, if it exists, and what lies on the shards."""
        if not _has_schema(connection, self.schema):
            return
        settings = None
        with suppress(psycopg.Error, IndexDamaged):
            settings = self.settings(connection)
        connection.execute(self.sql("DROP SCHEMA IF EXISTS {s} CASCADE"))
        if settings is not None and settings.shards:
            drop_generation(
                connection, settings.shards, self.schema, settings.generation)

    # -- filling ---------------------------------------------------------------------------

    def load(self, connection: Connection, rows: Iterable[bytes], settings: Settings) -> None:
        """Write encoded rows that are not there yet; inside the caller's transaction."""
        columns = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
        target = self.sql("{s}.entries")
        if settings.shards:  # to a foreign table, COPY would send one row at a time
            connection.execute(
                self.sql(
                    "CREATE TEMP TABLE arriving ON COMMIT DROP AS"
                    " SELECT * FROM {s}.entries WITH NO DATA"
                )
            )
            target = sql.Composed([sql.Identifier("arriving")])
        copy = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(target, columns)
        with connection.cursor().copy(copy) as sink:
            sink.write(COPY_BEGIN)
            for row in rows:
                sink.write(row)
            sink.write(COPY_END)
        if settings.shards:
            connection.execute(self.sql("INSERT INTO {s}.entries SELECT * FROM arriving"))
            connection.execute("DROP TABLE arriving")

    def delete(self, connection: Connection, ids: Sequence[str], counts: Counts) -> None:
        """Take entries out, and note them as taken away."""
        rows = connection.execute(
            self.sql(
                "DELETE FROM {s}.entries WHERE id = ANY(%s)"
                " RETURNING tokens, concepts, families, lengths"
            ),
            (list(ids),),
        )
        for row in rows:
            counts.note(-1, *row)

    def add_counts(self, connection: Connection, counts: Counts) -> None:
        """Bring the counts of words and concepts in step; inside the caller's transaction."""
        tokens = sorted((token, n) for token, n in counts.tokens.items() if n)
        concepts = sorted((concept, n) for concept, n in counts.concepts.items() if n)
        families = sorted(counts.families)
        connection.execute(
            self.sql(
                "INSERT INTO {s}.token_counts AS c SELECT * FROM unnest(%s::bigint[], %s::int[])"
                " ON CONFLICT (token) DO UPDATE SET documents = c.documents + excluded.documents"
            ),
            ([token for token, _ in tokens], [n for _, n in tokens]),
        )
        connection.execute(
            self.sql(
                "INSERT INTO {s}.concept_counts AS c SELECT * FROM unnest(%s::text[], %s::int[])"
                " ON CONFLICT (concept) DO UPDATE SET documents = c.documents + excluded.documents"
            ),
            ([concept for concept, _ in concepts], [n for _, n in concepts]),
        )
        connection.execute(
            self.sql(
                "INSERT INTO {s}.family_counts AS c"
                " SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bigint[])"
                " ON CONFLICT (family) DO UPDATE SET documents = c.documents + excluded.documents,"
                " tokens = c.tokens + excluded.tokens"
            ),
            (families, [counts.families[f] for f in families],
             [counts.lengths[f] for f in families]),
        )  # fmt: skip
        if counts.documents:
            connection.execute(
                self.sql("UPDATE {s}.settings SET documents = documents + %s"), (counts.documents,)
            )


def lock_writers(connection: Connection, schema: str) -> None:
    """One writer at a time, until the end of the transaction."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", (schema,))


def exchange(connection: Connection, live: Tables, fresh: Tables) -> None:
    """`fresh` takes the name of `live`; inside the caller's transaction. The old one is `_old`."""
    old = sql.Identifier(f"{live.schema}_old")
    if _has_schema(connection, live.schema):
        connection.execute(live.sql("ALTER SCHEMA {s} RENAME TO {old}", old=old))
    connection.execute(
        fresh.sql("ALTER SCHEMA {s} RENAME TO {live}", live=sql.Identifier(live.schema))
    )


def _has_schema(connection: Connection, schema: str) -> bool:
    found = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (schema,))
    return found.fetchone() is not None
