"""Whether somebody is in the house: every process that serves or works holds a shared lock.

The system releases the lock however a process ends, so nothing needs tidying after a crash.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.conf import settings


class Occupied(RuntimeError):
    """A server or a worker is running in this house."""


def _open() -> IO[str]:
    settings.HOME.mkdir(parents=True, exist_ok=True)
    return open(settings.HOME / "in-use.lock", "a")


@contextmanager
def occupied() -> Iterator[None]:
    """Say, for the length of the block, that this process is in the house. Raises Occupied while
    somebody needs it for herself alone."""
    with _open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Occupied("a backup is being restored here; wait until it is done") from None
        yield


@contextmanager
def alone() -> Iterator[None]:
    """Have the house for oneself alone. Raises Occupied while anybody is in it."""
    with _open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Occupied("a server or worker is running in this house; stop it first") from None
        yield


def worker_is_alive() -> bool:
    """Whether an active worker holds `worker.lock` (see `ground.jobs.Worker`)."""
    path = settings.HOME / "worker.lock"
    if not path.exists():
        return False
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
