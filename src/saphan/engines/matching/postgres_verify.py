"""Look through the served index for what does not fit together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from psycopg import sql

from saphan.engines.matching.documents import Document
from saphan.engines.matching.postgres_schema import Settings, Tables
from saphan.engines.matching.postgres_session import Connection

MOST: int = 20
"""Entries named for one kind of problem."""


def problems(connection: Connection, tables: Tables, settings: Settings) -> list[str]:
    """What is wrong, in words. Reads every entry: minutes for a million."""
    return [
        *_vectors(connection, tables, settings),
        *_bodies(connection, tables),
        *_counts(connection, tables, settings),
        *_indexes(connection, tables),
    ]


def _vectors(connection: Connection, tables: Tables, settings: Settings) -> Iterator[str]:
    rows = connection.execute(
        tables.sql(
            "SELECT id, {extension}.vector_dims(raw) FROM {s}.entries WHERE model_id = %s"
            " AND ({extension}.vector_dims(raw) <> %s OR vector IS NULL) ORDER BY id LIMIT %s",
            extension=sql.Identifier(tables.extension),
        ),
        (settings.model_id, settings.dimension, MOST),
    )
    for name, size in rows:
        yield f"{name}: the vector has {size} numbers, or was not derived"
    rows = connection.execute(
        tables.sql(
            "SELECT id FROM {s}.entries WHERE 2 * cardinality(tokens) <> length(times)"
            " OR cardinality(families) <> cardinality(lengths)"
            " OR cardinality(concepts) <> cardinality(strengths) ORDER BY id LIMIT %s"
        ),
        (MOST,),
    )
    for (name,) in rows:
        yield f"{name}: words or concepts are cut off"


def _bodies(connection: Connection, tables: Tables) -> Iterator[str]:
    with connection.transaction(), closing(connection.cursor("bodies")) as cursor:
        cursor.itersize = 1000
        cursor.execute(tables.sql("SELECT id, body FROM {s}.entries"))
        for name, body in cursor:
            try:
                document = Document.from_json(body)
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                yield f"{name}: the document cannot be read ({error})"
                continue
            if document.id != name:
                yield f"{name}: the document calls itself {document.id}"


def _counts(connection: Connection, tables: Tables, settings: Settings) -> Iterator[str]:
    row = connection.execute(tables.sql("SELECT count(*) FROM {s}.entries")).fetchone()
    if row is None or row[0] != settings.documents:
        yield f"{row and row[0]} entries, while {settings.documents} are counted"
    for table, key, column in (
        ("token_counts", "token", "tokens"),
        ("concept_counts", "concept", "concepts"),
        ("family_counts", "family", "families"),
    ):
        row = connection.execute(
            tables.sql(
                "SELECT count(*) FROM (SELECT key, count(*) AS n FROM {s}.entries,"
                " unnest({column}) AS held(key) GROUP BY key) AS found"
                " FULL JOIN (SELECT {key} AS key, documents FROM {s}.{table}"
                " WHERE documents <> 0) AS noted USING (key) WHERE n IS DISTINCT FROM documents",
                table=sql.Identifier(table), key=sql.Identifier(key),
                column=sql.Identifier(column),
            )
        ).fetchone()  # fmt: skip
        if row is None or row[0]:
            yield f"{table}: {row and row[0]} counts do not agree with the entries"


def _indexes(connection: Connection, tables: Tables) -> Iterator[str]:
    rows = connection.execute(
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s AND NOT i.indisvalid",
        (tables.schema,),
    )
    for (name,) in rows:
        yield f"the index {name} is broken: REINDEX it"
