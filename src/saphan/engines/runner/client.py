"""The house's side: asks the supervisor for runs, starts it at first need.

    hall = Hall(home / "run" / "hall.sock")
    ticket = hall.submit(folder, {"text": "…"}, visitor="opaque")
    match hall.wait(ticket, 5):
        case Waiting(place=place, seconds=seconds): ...
        case Running(since=since): ...
        case Outcome(kind="done", answer=answer): ...

Synchronous and safe to use from many threads and, after a fork, from many processes.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from saphan.engines.runner import wire
from saphan.engines.runner.folder import BadFolder, Folder, open_folder

START_SECONDS = 30.0
LONGEST_POLL = 20.0
REMEMBERED = 600.0
HOUSE = "the house"
SOURCES = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Settings:
    """How the supervisor is started. `slots` 0: one for each processor. `own`, `guests`: folders
    that hold the house's and others' exhibits; where the house runs as root they are made readable
    to the ordinary user who runs exhibits. `level`: the highest isolation to use. `log`: a file for
    the supervisor's log; "" for none."""

    slots: int = 0
    budget_mb: float = 1_500
    models: str = ""
    own: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()
    level: str = "bubblewrap"
    linger: float = 60.0
    log: str = ""

    def options(self) -> list[str]:
        given = ["--budget-mb", str(self.budget_mb), "--level", self.level,
                 "--linger", str(self.linger)]
        given += ["--slots", str(self.slots)] if self.slots else []
        given += ["--models", self.models] if self.models else []
        for name, folders in (("--own", self.own), ("--guests", self.guests)):
            for each in folders:
                given += [name, each]
        return given


@dataclass(frozen=True)
class Usage:
    """What a run cost: CPU-seconds, seconds of running, greatest resident memory (MB), seconds of
    waiting, and whether a worker was started for it."""

    cpu_s: float = 0.0
    wall_s: float = 0.0
    peak_mb: float = 0.0
    waited_s: float = 0.0
    cold: bool = False


@dataclass(frozen=True)
class Waiting:
    """`place`: runs that come before; `seconds`: an estimate until this one begins."""

    place: int
    seconds: float


@dataclass(frozen=True)
class Running:
    """`since`: seconds."""

    since: float


@dataclass(frozen=True)
class Outcome:
    """`kind`: "done" (`answer`), "refused" (`key`, `values`), "timeout", "memory", "crashed",
    "broken" (it cannot start), "full" (`reason`: "visitor" or "all"), "unavailable" (it may not run
    here, or the ticket is not known), all with a `reason`. `level`: how it was sealed."""

    kind: str
    answer: dict[str, Any] | None = None
    key: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    usage: Usage = Usage()
    level: str = ""


@dataclass(frozen=True)
class Ticket:
    """Names a run. `id` may be handed to another process or a page."""

    id: str


Found = Waiting | Running | Outcome


@dataclass
class _Sent:
    """What was asked for a ticket, kept in memory in case the supervisor dies."""

    question: dict[str, Any]
    at: float
    again: bool = False


class Hall:
    """Runs of exhibits. `path`: where the supervisor listens (its folder is made)."""

    def __init__(self, path: Path, settings: Settings | None = None) -> None:
        self.path, self.settings = Path(path), settings or Settings()
        self._lock = threading.Lock()
        self._clear()

    def _clear(self) -> None:
        self._process = os.getpid()
        self._free: list[socket.socket] = []
        self._sent: dict[str, _Sent] = {}
        self._early: dict[str, Outcome] = {}
        self._level = ""

    # What can be asked

    def submit(self, folder: Folder | Path | str, inputs: Mapping[str, Any], *, visitor: str,
               seconds: float | None = None, memory: int | None = None) -> Ticket:
        """Ask for a run. What cannot be asked (a folder that cannot be read, inputs that are too
        large) shows as the ticket's outcome."""
        return self._submit(folder, dict(inputs), visitor, seconds, memory)[0]

    def poll(self, ticket: Ticket | str) -> Found:
        """What became of it. An outcome is given once."""
        return self._poll(_name(ticket), 0)

    def wait(self, ticket: Ticket | str, at_most: float) -> Found:
        """The same, after at most so many seconds."""
        until = time.monotonic() + at_most
        while True:
            left = until - time.monotonic()
            found = self._poll(_name(ticket), max(0.0, min(LONGEST_POLL, left)))
            if isinstance(found, Outcome) or left <= LONGEST_POLL:
                return found

    def run(self, folder: Folder | Path | str, inputs: Mapping[str, Any], *, visitor: str = HOUSE,
            seconds: float | None = None, memory: int | None = None) -> Outcome:
        """Submit and wait until it has ended: in one question where it takes no longer than 20
        seconds."""
        return self._finish(*self._submit(folder, dict(inputs), visitor, seconds, memory,
                                          at_most=LONGEST_POLL))

    def cancel(self, ticket: Ticket | str) -> bool:
        """Drop a run, waiting or under way. False if it is not known."""
        with self._lock:
            self._sent.pop(_name(ticket), None)
        return bool(self._ask({"ask": "cancel", "ticket": _name(ticket)})["ok"])

    def describe(self, folder: Folder | Path | str) -> Outcome:
        """The exhibit's signature, as `contract.Exhibit.describe` gives it, found in the sealed
        worker: "done" with it as the answer, or why not."""
        return self._finish(*self._submit(folder, None, HOUSE, None, None, at_most=LONGEST_POLL))

    def warm(self, folder: Folder | Path | str) -> Ticket:
        """Start a worker, without waiting for it."""
        return self._submit(folder, None, HOUSE, None, None)[0]

    def isolation(self) -> dict[str, Any]:
        """`level`, `reasons`, `hint` and so on (`supervisor.isolation.Isolation`)."""
        return self._ask({"ask": "isolation"})

    def status(self) -> dict[str, Any]:
        """Workers, memory, queue, for the operator (`Desk.status`)."""
        return self._ask({"ask": "status"})

    def close(self) -> None:
        """Let go of the supervisor; it stays for others, and ends 60 seconds after the last."""
        with self._lock:
            for each in self._free:
                each.close()
            self._clear()

    # How it is asked

    def _submit(self, folder: Folder | Path | str, inputs: dict[str, Any] | None, visitor: str,
                seconds: float | None, memory: int | None, at_most: float | None = None
                ) -> tuple[Ticket, Found | None]:
        """(the ticket, what became of it after `at_most` seconds if that was asked, too)."""
        ticket = Ticket(secrets.token_hex(16))
        try:
            if not isinstance(folder, Folder):
                folder = open_folder(Path(folder))
            question = {
                "ask": "submit", "ticket": ticket.id, "visitor": visitor, "inputs": inputs,
                "folder": str(folder.path.absolute()), "mode": folder.mode,
                "memory": memory or folder.memory, "seconds": seconds or folder.seconds,
                "models": folder.models, "programs": list(folder.programs)}
            question |= {} if at_most is None else {"at_most": at_most}
            frame = wire.pack(question, wire.QUESTION_BYTES)
        except (BadFolder, OSError) as bad:
            self._early[ticket.id] = Outcome("broken", reason=str(bad))
            return ticket, None
        except wire.BadFrame as bad:
            self._early[ticket.id] = Outcome("crashed", reason=str(bad))
            return ticket, None
        with self._lock:
            self._forget_old()
            self._sent[ticket.id] = _Sent(question, time.monotonic())
        try:
            told = self._ask(frame)
        except OSError as wrong:
            self._early[ticket.id] = Outcome("unavailable", reason=str(wrong))
            return ticket, None
        return ticket, None if at_most is None else self._read(ticket.id, told)

    def _forget_old(self) -> None:
        old = time.monotonic() - REMEMBERED
        for name in [name for name, sent in self._sent.items() if sent.at < old]:
            del self._sent[name]

    def _finish(self, ticket: Ticket, found: Found | None) -> Outcome:
        while not isinstance(found, Outcome):
            found = self.wait(ticket, 3_600)
        return found

    def _poll(self, name: str, at_most: float) -> Found:
        if (early := self._early.pop(name, None)) is not None:
            return early
        try:
            told = self._ask({"ask": "poll", "ticket": name, "at_most": at_most})
            if told["state"] != "unknown":
                return self._read(name, told)
            return self._anew(name, at_most)
        except OSError as wrong:
            return Outcome("unavailable", reason=str(wrong))

    def _anew(self, name: str, at_most: float) -> Found:
        """The supervisor that knew this run has died. Exhibits are pure: run it once more."""
        with self._lock:
            sent = self._sent.get(name)
            if sent is None or sent.again:
                self._sent.pop(name, None)
                return Outcome("unavailable", reason="This run is not known any more.")
            sent.again = True
        return self._read(name, self._ask({**sent.question, "at_most": at_most}))

    def _read(self, name: str, told: dict[str, Any]) -> Found:
        if told["state"] == "waiting":
            return Waiting(int(told["place"] or 0), float(told["seconds"]))
        if told["state"] == "running":
            return Running(float(told["since"]))
        with self._lock:
            self._sent.pop(name, None)
        return self._outcome(told)

    def _outcome(self, told: dict[str, Any]) -> Outcome:
        if not self._level:
            self._level = str(self.isolation()["level"])
        return Outcome(told["kind"], told.get("answer"), told.get("key", ""),
                       told.get("values") or {}, told.get("reason", ""),
                       Usage(**told["usage"]) if "usage" in told else Usage(), self._level)

    def _ask(self, question: dict[str, Any] | bytes) -> dict[str, Any]:
        """Ask (a question or its frame) and be answered; twice more over a new connection if one
        has ended. OSError if there is no supervisor."""
        frame = question if isinstance(question, bytes) else wire.pack(
            question, wire.QUESTION_BYTES)
        for _ in range(3):
            connection = self._connection()
            try:
                connection.sendall(frame)
                told = wire.receive(connection, wire.REPLY_BYTES)
            except (OSError, wire.BadFrame):
                connection.close()
                self._drop_free()
                continue
            with self._lock:
                self._free.append(connection)
            return dict(told)
        raise ConnectionError("the supervisor of the exhibition does not answer")

    def _connection(self) -> socket.socket:
        with self._lock:
            if self._process != os.getpid():  # after a fork the sockets are the parent's
                self._clear()
            if self._free:
                return self._free.pop()
        return self._connected() or self._start()

    def _drop_free(self) -> None:
        with self._lock:
            for each in self._free:
                each.close()
            self._free, self._level = [], ""

    def _connected(self) -> socket.socket | None:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(self.path))
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            return None
        return connection

    def _start(self) -> socket.socket:
        """Start the supervisor, unless another process of the house just did."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with _held(self.path.with_suffix(".lock")):
            if connection := self._connected():
                return connection
            self.path.unlink(missing_ok=True)
            child = _spawn(self.path, self.settings)
            until = time.monotonic() + START_SECONDS
            while time.monotonic() < until:
                if connection := self._connected():
                    return connection
                if child.poll() is not None:
                    break
                time.sleep(0.01)
        raise ConnectionError("the supervisor of the exhibition did not start")


def _name(ticket: Ticket | str) -> str:
    return ticket if isinstance(ticket, str) else ticket.id


def _spawn(path: Path, settings: Settings) -> subprocess.Popen[bytes]:
    """The supervisor in a session of its own: it outlives the process that started it."""
    log = Path(settings.log) if settings.log else Path(os.devnull)
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": str(SOURCES),
                   "LANG": "C.UTF-8"}
    with log.open("ab") as out:
        child = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "saphan.engines.runner.supervisor", "--socket", str(path),
             *settings.options()],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment, cwd="/",
            start_new_session=True)
    threading.Thread(target=child.wait, daemon=True).start()  # so that it leaves no zombie
    return child


@contextlib.contextmanager
def _held(path: Path) -> Iterator[None]:
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
