"""Backup and restore of a PostgreSQL database, with PostgreSQL's own programs.

A dump is loaded into a database beside the house's own and proven there; then the two change
names, so the old database stays under another one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.db import connections

from saphan.ground import clock


class MissingProgram(RuntimeError):
    """pg_dump or pg_restore is not installed."""


def _settings() -> dict[str, Any]:
    return connections["default"].settings_dict


def _call(program: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise MissingProgram(f"{program} is not installed; install PostgreSQL's client programs")
    given = _settings()
    environment = {**os.environ, "PGHOST": given["HOST"] or "", "PGPORT": str(given["PORT"] or ""),
                   "PGUSER": given["USER"] or "", "PGPASSWORD": given["PASSWORD"] or ""}
    environment = {name: value for name, value in environment.items()
                   if value or not name.startswith("PG")}
    done = subprocess.run([found, *arguments], env=environment,  # noqa: S603  no shell, no input
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stderr.strip().splitlines()[-1:]}")


def dump(target: Path) -> None:
    """The whole database in PostgreSQL's custom format; consistent while others write."""
    _call("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}",
          f"--dbname={_settings()['NAME']}")


def _beside_name() -> str:
    return f"{_settings()['NAME']}_restoring"


def load_beside(source: Path) -> dict[str, Any]:
    """Load a dump into a database beside the house's own. Gives its settings for Django."""
    name = _beside_name()
    _administer(f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"')
    _call("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", f"--dbname={name}",
          str(source))
    return {**_settings(), "NAME": name, "CONN_MAX_AGE": 0}


def swap(label: str) -> None:
    """The house's database takes `label` into its name, the one beside it takes its place."""
    name = _settings()["NAME"]
    stamp = clock.now().strftime("%H%M%S")
    _administer(f'ALTER DATABASE "{name}" RENAME TO "{name}_{label[:30]}_{stamp}"',
                f'ALTER DATABASE "{_beside_name()}" RENAME TO "{name}"')


def _administer(*statements: str) -> None:
    """Statements that no transaction may hold, sent from the database `postgres`."""
    import psycopg

    given = _settings()
    connections.close_all()
    with psycopg.connect(host=given["HOST"] or None, port=given["PORT"] or None,
                         user=given["USER"] or None, password=given["PASSWORD"] or None,
                         dbname="postgres", autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]
