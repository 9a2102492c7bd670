"""Where the indexes of the conformance suite lie: a file, a server, three servers."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path
from typing import Any

from postgres_server import cluster

from saphan.engines.matching.index import Index
from saphan.engines.matching.postgres_index import PostgresIndex
from saphan.engines.matching.postgres_shards import spread
from saphan.engines.matching.sqlite_index import SqliteIndex
from saphan.engines.matching.tests.conftest import DIMENSION

KINDS = ("embedded", "served", "sharded")
_numbers = itertools.count()


class Place:
    """One index of a kind; `open` gives a handle to it, `close` all of them and the index."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind = kind
        self._open: list[Index] = []
        self.address: dict[str, str] = {"kind": kind, "path": str(folder / "index.sqlite")}
        if kind == "embedded":
            return
        schema = f"conform_{os.getpid()}_{next(_numbers)}"
        self.address = {"kind": kind, "dsn": cluster().dsn(), "schema": schema}
        if kind == "sharded":
            spread(cluster().dsn(), [cluster(1).dsn(), cluster(2).dsn()], schema)

    def open(self, **options: Any) -> Index:
        opened = open_index(json.dumps(self.address), **options)
        self._open.append(opened)
        return opened

    def close_handles(self) -> None:
        for opened in self._open:
            opened.close()

    def close(self) -> None:
        self.close_handles()
        if self.kind != "embedded":
            drop(self.address["dsn"], self.address["schema"])


def open_index(address: str, **options: Any) -> Index:
    """A handle to the index at a place's address; other processes use it too."""
    where = json.loads(address)
    wanted = {"model_id": "words/1", "dimension": DIMENSION, **options}
    if where["kind"] == "embedded":
        return SqliteIndex(Path(where["path"]), **wanted)
    return PostgresIndex(where["dsn"], schema=where["schema"], **wanted)


def drop(dsn: str, schema: str) -> None:
    """Take away all that an index left, on its shards too."""
    import psycopg
    from psycopg import sql

    servers = [cluster().dsn()]
    if _has_shards(dsn, schema):
        servers += [cluster(1).dsn(), cluster(2).dsn()]
    for server in servers:
        with psycopg.connect(server, autocommit=True) as connection:
            for query, statement in (
                ("SELECT nspname FROM pg_namespace WHERE nspname = %s OR nspname ~ %s",
                 "DROP SCHEMA {} CASCADE"),
                ("SELECT srvname FROM pg_foreign_server WHERE srvname = %s OR srvname ~ %s",
                 "DROP SERVER {} CASCADE"),
            ):  # fmt: skip
                for (name,) in connection.execute(query, (schema, f"^{schema}_")).fetchall():
                    connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _has_shards(dsn: str, schema: str) -> bool:
    import psycopg

    with psycopg.connect(dsn) as connection:
        return bool(connection.execute(
            "SELECT 1 FROM pg_foreign_server WHERE srvname ~ %s", (f"^{schema}_",)).fetchone())
