"""Several servers under one index: schemas on the shards, and statements sent to them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import psycopg

from saphan.engines.matching.postgres_session import Connection, named


def base_name(schema: str) -> str:
    """The name of the index that a schema belongs to, also while it is made or goes."""
    return schema.removesuffix("_fresh").removesuffix("_old")


def generation_schema(schema: str, generation: int) -> str:
    """The schema of one generation of an index on each of its shards."""
    return f"{base_name(schema)}_g{generation}"


def drop_generation(
    connection: Connection, servers: Sequence[str], schema: str, generation: int
) -> None:
    """Drop what a generation left on its shards."""
    statement = named("DROP SCHEMA IF EXISTS {s} CASCADE", generation_schema(schema, generation))
    on_shards(connection, servers, statement.as_string(connection))


def on_shards(connection: Connection, servers: Sequence[str], statements: str) -> None:
    """Run statements on all shards at the same time, outside of the caller's transaction."""
    for server in servers:
        connection.execute("SELECT dblink_connect(%s, %s)", (server, server))
    try:
        for server in servers:
            connection.execute("SELECT dblink_send_query(%s, %s)", (server, statements))
        for server in servers:
            while connection.execute(
                "SELECT * FROM dblink_get_result(%s) AS result(status text)", (server,)
            ).fetchall():
                pass
    finally:
        if not connection.broken:
            for server in servers:
                with suppress(psycopg.Error):
                    connection.execute("SELECT dblink_disconnect(%s)", (server,))
