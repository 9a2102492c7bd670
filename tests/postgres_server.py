"""Real PostgreSQL servers for tests, started when a test first asks and gone with the test run.

The programs come from `.ci/postgres`, or from the folder that TEST_POSTGRES names; they must bring
pgvector and contrib along. Where there are none, tests that need them are skipped with a reason.

    python tests/postgres_server.py ./test src/saphan/ground

runs a command with a house's database on such a server (SAPHAN_DATABASE).
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PLACES = (Path("/var/cache/saphan/postgres/whole"), ROOT / "var" / "postgres" / "whole")
FAST = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "64MB",
        "max_connections": "60", "jit": "off"}  # fmt: skip


def programs() -> Path | None:
    """The folder of initdb and postgres, or None."""
    named = os.environ.get("TEST_POSTGRES")
    places = [Path(named)] if named else [
        Path(place.read_text().strip()) for place in PLACES if place.exists()]  # fmt: skip
    return next((place for place in places if (place / "postgres").exists()), None)


def _unprivileged() -> list[str]:
    """A start of a command line: as somebody else if we are root, ended when we are."""
    start = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() == 0:
        start += ["--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]
    return [*start, "--"]


class Cluster:
    """One PostgreSQL server on a port of its own; `dsn()` names one of its databases."""

    def __init__(self, programs: Path, settings: dict[str, str] | None = None) -> None:
        self.programs, self.settings = programs, {**FAST, **(settings or {})}
        self.folder = Path(tempfile.mkdtemp(prefix="saphan-postgres-"))
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        if os.geteuid() == 0:
            os.chown(self.folder, pwd.getpwnam("nobody").pw_uid, -1)
        self.folder.chmod(0o755)
        self._server: subprocess.Popen[bytes] | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        atexit.register(self.remove)
        subprocess.run(
            [*_unprivileged(), str(programs / "initdb"), "-D", str(self.data), "-U", "saphan",
             "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"],
            check=True, capture_output=True, cwd="/")  # fmt: skip
        self.start()

    def start(self) -> None:
        options = [f"-c{name}={value}" for name, value in self.settings.items()]
        with self.log.open("ab") as log:
            self._server = subprocess.Popen(
                [*_unprivileged(), str(self.programs / "postgres"), "-D", str(self.data),
                 "-p", str(self.port), "-clisten_addresses=127.0.0.1",
                 f"-cunix_socket_directories={self.folder}", *options],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd="/")  # fmt: skip
        until = time.monotonic() + 60
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not start: {self.log.read_text()}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        done = subprocess.run([str(self.programs / "pg_isready"), "-q", "-h", "127.0.0.1",
                               "-p", str(self.port)], check=False)  # fmt: skip
        return done.returncode == 0

    def stop(self) -> None:
        """At once, as a machine that fails would."""
        if self._server is not None and self._server.poll() is None:
            self._server.send_signal(3)  # immediate shutdown
            self._server.wait(30)
        self._server = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def dsn(self, database: str = "postgres") -> str:
        return f"postgresql://saphan@127.0.0.1:{self.port}/{database}"

    def create(self, database: str) -> str:
        """A new, empty database. Gives its address."""
        import psycopg

        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{database}"')
        return self.dsn(database)


@cache
def cluster(number: int = 0) -> Cluster:
    """The server of this number, started at the first call and kept for the test run."""
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL with pgvector here: call .ci/postgres")
    return Cluster(found)


def main(command: list[str]) -> int:
    found = programs()
    if found is None:
        print("no PostgreSQL here: call .ci/postgres", file=sys.stderr)
        return 2
    server = Cluster(found)
    try:
        return subprocess.run(command, env={**os.environ, "SAPHAN_DATABASE": server.dsn()},
                              check=False).returncode  # fmt: skip
    finally:
        server.remove()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
