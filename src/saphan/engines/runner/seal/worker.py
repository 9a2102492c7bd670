"""The worker: closes itself up, imports one exhibit, then answers calls over its standard input.

Started by the supervisor as `python -I …/seal/worker.py`, in a jail where there is one. Its
standard input is a socket. The first frame says what to do (`jail.orders`); the answer is
`{"ready": …}` or `{"broken": reason}`. Then frames come and go: `{"inputs": …, "seconds": …}` in;
out come two frames, `{"cpu", "peak_mb", "died"}` and, if nothing died, what the exhibit said.

Everything is closed before the first line of the exhibit runs, its imports too. `warm`: calls run
in this process. `fresh`: each runs in a fork of it, which closes itself up further; nothing that
one visitor's call leaves in memory reaches the next.
"""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import signal
import socket
import sys
import time
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCES = os.path.abspath(os.path.join(HERE, *[os.pardir] * 4))
if __name__ == "__main__":  # -I leaves the script's own folder in front: it is no place for modules
    sys.path[0] = SOURCES

from saphan.engines.runner import wire  # noqa: E402
from saphan.engines.runner.seal import filters, landlock  # noqa: E402
from saphan.engines.runner.seal.forked import Fork  # noqa: E402
from saphan.engines.runner.seal.one_call import answer_of, cpu_and_peak, why  # noqa: E402

MB = 2**20
FILE_MB, OPEN_FILES = 16, 128
POLITE = 10
"""Where both want a processor, the house's pages get nine tenths of it."""


def main() -> None:
    """Take the orders, close up, import, serve until the socket ends."""
    house = _own_socket()
    orders = wire.receive(house, wire.REQUEST_BYTES)
    try:
        closed = close_up(orders)
        exhibit = _import(orders)
    except BaseException as wrong:  # a stranger's import may raise anything, SystemExit too
        wire.send(house, {"broken": why(wrong)}, wire.ANSWER_BYTES)
        return
    try:
        wire.send(house, {"ready": exhibit.describe(), **closed}, wire.ANSWER_BYTES)
    except wire.BadFrame as wrong:
        wire.send(house, {"broken": why(wrong)}, wire.ANSWER_BYTES)
        return
    gc.collect()
    gc.freeze()  # so that collecting in a child does not copy the parent's pages
    fork = Fork(house, orders) if orders["mode"] == "fresh" else None
    while True:
        try:
            asked = wire.receive(house, wire.REQUEST_BYTES)
        except (wire.BadFrame, OSError):
            return
        house.sendall(fork.run(exhibit, asked) if fork else _here(exhibit, asked))


def _own_socket() -> socket.socket:
    """Take the house's socket off standard input, so that the exhibit does not read from it."""
    house = socket.socket(fileno=os.dup(0))
    house.setblocking(True)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(null, descriptor)
    return house


def close_up(orders: dict[str, Any]) -> dict[str, Any]:
    """Limits, Landlock, seccomp, in this order. Returns what is in force. OSError where a measure
    that was ordered is refused: then nothing runs."""
    filters.die_with_parent()
    os.nice(POLITE)
    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_FSIZE, FILE_MB * MB)
    limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    limit(resource.RLIMIT_AS, orders["address_mb"] * MB)
    limit(resource.RLIMIT_NPROC, orders["processes"])
    version = 0
    if paths := orders["landlock"]:
        version = landlock.restrict(paths["read"], paths["write"], paths["execute"])
    if orders["filter"]:
        filters.load(orders["filter"])
    return {"landlock": version, "seccomp": bool(orders["filter"])}


def limit(which: int, most: int) -> None:
    """Lower a limit to `most`, for good; one that is lower already stays."""
    _, hard = resource.getrlimit(which)
    value = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (value, value))


def _import(orders: dict[str, Any]) -> Any:
    if not orders["folder"]:  # a trial of the measures alone
        return Trial()
    from pathlib import Path

    from saphan.engines.runner import contract

    sys.dont_write_bytecode = True
    return contract.load(Path(orders["folder"]))


class Trial:
    """Stands where an exhibit stands while the measures are tried: says what is still open."""

    def describe(self) -> dict[str, Any]:
        """Names of things that a sealed process should not manage, and did."""
        return {"open": [name for name, attempt in (
            ("files of the machine", lambda: os.listdir("/etc")),
            ("the network", lambda: socket.socket().close()),
            ("other programs", lambda: os.execv("/bin/true", ["true"])),  # noqa: S606
            ("writing", lambda: os.close(os.open("/tmp/saphan-trial", os.O_CREAT | os.O_RDWR))),  # noqa: S108
        ) if _managed(attempt)]}

    def run(self, given: dict[str, Any]) -> dict[str, Any]:
        """Echo."""
        return dict(given)


def _managed(attempt: Any) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def _here(exhibit: Any, asked: dict[str, Any]) -> bytes:
    """One call in this process, with what it cost."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    before = usage.ru_utime + usage.ru_stime
    began = time.monotonic()
    said = answer_of(exhibit, asked["inputs"])
    cpu, peak = cpu_and_peak(resource.getrusage(resource.RUSAGE_SELF))
    head = {"cpu": cpu - before, "peak_mb": peak, "wall": time.monotonic() - began, "died": None}
    return wire.pack(head, wire.ANSWER_BYTES) + said


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with contextlib.suppress(BrokenPipeError, ConnectionError):
        main()
