"""Spread the served index over several servers, or gather it on one again.

    python -m saphan.engines.matching.postgres_shards --coordinator DSN --shard DSN --shard DSN
    python -m saphan.engines.matching.postgres_shards --coordinator DSN --gather

The entries are copied as they are, while the house stays open; what is written meanwhile follows,
and in the end the new tables take the old ones' place in one transaction. Nothing is embedded
again. Needs a superuser on every server, because it makes the extensions postgres_fdw and dblink.
The coordinator must reach the shards at the addresses given here. See docs/scaling.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

import psycopg
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict

from saphan.engines.matching.index import IndexDamaged, IndexUnavailable
from saphan.engines.matching.postgres_fresh import Fresh
from saphan.engines.matching.postgres_schema import FORMAT, Settings, Tables, require_pgvector
from saphan.engines.matching.postgres_session import Connection, Session

# A shard hands its rows over through a cursor: it should plan for the first of them, and its walk
# through the graph goes on for as long as the coordinator asks. It asks indexes where it can, for
# the reason that postgres_search gives.
_OPTIONS = (
    "-c hnsw.ef_search=200 -c hnsw.iterative_scan=strict_order -c cursor_tuple_fraction=0.0001"
    " -c enable_seqscan=off -c jit=off"
)


def spread(coordinator: str, shards: Sequence[str], schema: str = "saphan_index") -> None:
    """Move the index in `schema` of the coordinator onto these shards; none: back to one server.

    All are given as libpq takes them. Goes on where it was interrupted. Raises IndexUnavailable.
    """
    session = Session(coordinator)
    servers = [f"{schema}_shard_{number}_{len(shards)}" for number in range(len(shards))]
    for dsn in shards:
        shard = Session(dsn)
        with shard.alone(schema) as connection:
            require_pgvector(connection, shard)
    with session.alone(schema) as connection:
        extension = require_pgvector(connection, session)
        if shards:
            _link(connection, dict(zip(servers, shards, strict=True)))
        live = Tables(schema, extension)
        settings = live.settings(connection)
        if settings is None:  # an empty one, of no model: the house makes it its own
            settings = Settings(FORMAT, 0, 0, 0, 1, "", 1, "", [], "")
            with connection.transaction():
                live.create(connection, settings)
                live.make_indexes(connection, settings, 0)
        fresh = Fresh(connection, live)
        made_from = json.dumps(["spread", settings.generation, servers])
        fresh.begin(*settings.derivation, shards=servers, made_from=made_from)
        fresh.copy_all(None)
        fresh.finish()
        fresh.take_over()


def _link(connection: Connection, shards: dict[str, str]) -> None:
    """Foreign servers for the shards, and how this user signs in there."""
    try:
        connection.execute("CREATE EXTENSION IF NOT EXISTS postgres_fdw")
        connection.execute("CREATE EXTENSION IF NOT EXISTS dblink")
    except errors.InsufficientPrivilege as error:
        raise IndexUnavailable("a superuser must make postgres_fdw and dblink") from error
    for server, dsn in shards.items():
        known = conninfo_to_dict(dsn)
        place = {
            name: str(value) for name, value in known.items()
            if name not in ("user", "password", "passfile", "options")
        }  # fmt: skip
        place |= {"extensions": "vector", "options": _OPTIONS, "fetch_size": "1000",
                  "batch_size": "200", "use_remote_estimate": "true"}  # fmt: skip
        login = {
            name: str(value) for name, value in known.items() if name in ("user", "password")
        }
        with connection.transaction():
            if _has_server(connection, server):
                connection.execute(
                    sql.SQL("DROP USER MAPPING IF EXISTS FOR CURRENT_USER SERVER {}").format(
                        sql.Identifier(server)
                    )
                )
                _alter(connection, server, place)
            else:
                connection.execute(
                    sql.SQL("CREATE SERVER {} FOREIGN DATA WRAPPER postgres_fdw {}").format(
                        sql.Identifier(server), _options(place)
                    )
                )
            connection.execute(
                sql.SQL("CREATE USER MAPPING FOR CURRENT_USER SERVER {} {}").format(
                    sql.Identifier(server), _options(login)
                )
            )


def _has_server(connection: Connection, server: str) -> bool:
    found = connection.execute("SELECT 1 FROM pg_foreign_server WHERE srvname = %s", (server,))
    return found.fetchone() is not None


def _alter(connection: Connection, server: str, options: dict[str, str]) -> None:
    """Set every option anew: an address may have changed."""
    row = connection.execute(
        "SELECT coalesce(array_agg(split_part(o, '=', 1)), '{}') FROM pg_foreign_server,"
        " unnest(srvoptions) AS o WHERE srvname = %s",
        (server,),
    ).fetchone()
    there = set(row[0]) if row else set()
    changes = [
        sql.SQL("{} {} {}").format(
            sql.SQL("SET" if name in there else "ADD"), sql.Identifier(name), sql.Literal(value)
        )
        for name, value in options.items()
    ]
    connection.execute(
        sql.SQL("ALTER SERVER {} OPTIONS ({})").format(
            sql.Identifier(server), sql.SQL(", ").join(changes)
        )
    )


def _options(options: dict[str, str]) -> sql.Composed:
    parts = [
        sql.SQL("{} {}").format(sql.Identifier(name), sql.Literal(value))
        for name, value in options.items()
    ]
    return sql.SQL("OPTIONS ({})").format(sql.SQL(", ").join(parts))


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0 when it is done, 2 when it could not be; one line on stderr says why."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--coordinator", required=True, metavar="DSN")
    parser.add_argument("--shard", action="append", default=[], metavar="DSN")
    parser.add_argument("--gather", action="store_true", help="back to the coordinator alone")
    parser.add_argument("--schema", default="saphan_index")
    options = parser.parse_args(arguments)
    if bool(options.shard) == options.gather:
        parser.error("name the shards, or say --gather")
    try:
        spread(options.coordinator, options.shard, options.schema)
    except (IndexUnavailable, IndexDamaged, psycopg.Error) as error:
        print(f"postgres_shards: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    print(f"the index lies on {len(options.shard) or 1} servers")
    return 0


if __name__ == "__main__":
    sys.exit(main())
