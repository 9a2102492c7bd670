"""A cell: one sealed worker as the supervisor sees it."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import socket
import subprocess
import time
from dataclasses import dataclass
from typing import Any

from saphan.engines.runner import wire
from saphan.engines.runner.supervisor import jail, processes
from saphan.engines.runner.supervisor.jail import Spec

MB = 2**20
GRACE = 1.0
"""Seconds that a worker gets beyond a run's own to end its child before it is ended itself."""
LEFT_THREADS = 8
KEPT_BYTES = 2_048
FRAME_BYTES = wire.ANSWER_BYTES + 2**16


class Broken(Exception):
    """A worker that did not start, and why."""


@dataclass(frozen=True)
class Ended:
    """How a run ended: `said` is the exhibit's frame (kind, answer and so on)."""

    said: dict[str, Any]
    cpu_s: float
    wall_s: float
    peak_mb: float
    alive: bool
    """Whether the worker may be used again."""


class Cell:
    """Start it, call it one run at a time, end it. `level` as in `isolation`; `abi`: Landlock's
    version, 0 for none; `models`: the folder of the house's models."""

    def __init__(self, spec: Spec, level: str, abi: int, models: str = "") -> None:
        self.spec, self.level, self.abi, self.models = spec, level, abi, models
        self.description: dict[str, Any] = {}
        self.measures: dict[str, Any] = {}
        self.process: subprocess.Popen[bytes] | None = None
        self.pid = 0
        """Of the worker itself: inside a jail it is a grandchild of the jail's process."""
        self.busy, self.calls, self.last_used = True, 0, time.monotonic()
        self.memory_mb = 0.0
        self.overran = ""
        self._stderr = b""
        self._cpu = 0.0

    @property
    def operator_notes(self) -> str:
        """The last 2 KB that the exhibit wrote to standard error. For the operator alone."""
        return self._stderr.decode("utf-8", "replace")

    async def start(self, seconds: float) -> None:
        """Start the worker and let it import its exhibit. Raises Broken."""
        ours, theirs = socket.socketpair()
        command = (jail.bubblewrap(self.spec, self.models) if self.level == "bubblewrap"
                   else jail.plain())
        try:
            self.process = subprocess.Popen(  # noqa: S603
                command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE, cwd="/",
                env=jail.environment(self.spec, jailed=False), start_new_session=True)
        except OSError as wrong:
            ours.close()
            raise Broken(f"it cannot be started: {wrong.strerror}") from None
        finally:
            theirs.close()
        self._listen()
        self._reader, self._writer = await asyncio.open_connection(sock=ours, limit=MB)
        try:
            async with asyncio.timeout(seconds):
                self._writer.write(wire.pack(jail.orders(
                    self.spec, self.level, self.abi, self.models, self._processes()),
                    wire.REQUEST_BYTES))
                told = await wire.receive_async(self._reader, FRAME_BYTES)
        except TimeoutError:
            self.end()
            raise Broken(f"it took longer than {seconds:.0f} seconds to start") from None
        except (wire.BadFrame, OSError):
            await asyncio.sleep(0.05)  # let what it wrote last arrive
            self.end()
            raise Broken(self._last_line() or "it died while starting") from None
        if not isinstance(told, dict) or "ready" not in told:
            self.end()
            raise Broken(str(told.get("broken", "it did not say that it is ready"))[:300]
                         if isinstance(told, dict) else "it did not say that it is ready")
        self.description, self.measures = told["ready"], told
        self._find()

    def _processes(self) -> int:
        """The limit that the kernel keeps for the worker's user. In a jail that user has no other
        process; outside it has those of the house, which come and go while the worker lives."""
        if self.level == "bubblewrap":
            return jail.PROCESSES
        return jail.PROCESSES + jail.OUTSIDE + processes.tasks_of(os.getuid())

    def _listen(self) -> None:
        """Keep the last 2 KB of standard error; drop the rest, so that it never blocks."""
        assert self.process
        assert self.process.stderr
        pipe = self.process.stderr.fileno()
        os.set_blocking(pipe, False)
        loop = asyncio.get_running_loop()

        def more() -> None:
            try:
                part = os.read(pipe, 65_536)
            except BlockingIOError:
                return
            except OSError:
                part = b""
            if not part:
                loop.remove_reader(pipe)
            self._stderr = (self._stderr + part)[-KEPT_BYTES:]

        loop.add_reader(pipe, more)

    def _last_line(self) -> str:
        lines = self.operator_notes.strip().splitlines()
        return lines[-1][:300] if lines else ""

    def _find(self) -> None:
        """Find the worker itself: the last of the chain jail, first process of the jail, worker."""
        assert self.process
        self.pid = self.process.pid
        if self.level == "bubblewrap":
            seen = processes.everyone()
            for _ in range(2):
                children = [each for each in seen.values() if each.parent == self.pid]
                if children:  # the first: others may be what it left behind
                    self.pid = min(children, key=lambda each: (each.started, each.pid)).pid
        now = processes.look(self.pid)
        self._cpu = now.cpu if now else 0.0
        self._threads = now.threads if now else 1
        self.weigh()

    def weigh(self) -> None:
        """Measure its memory: PSS where the kernel lets us, else what is resident."""
        now = processes.look(self.pid)
        size = processes.proportional(self.pid) or (now.resident if now else 0)
        self.memory_mb = size / MB

    async def call(self, inputs: dict[str, Any], seconds: float) -> Ended:
        """One run. Whatever the worker does, this returns within `seconds` and the grace."""
        began = time.monotonic()
        self.calls += 1
        self.overran = ""
        usage: dict[str, Any] = {}
        try:
            frame = wire.pack({"inputs": inputs, "seconds": seconds}, wire.REQUEST_BYTES)
        except wire.BadFrame as wrong:
            return Ended({"kind": "crashed", "reason": str(wrong)}, 0, 0, 0, True)
        try:
            grace = GRACE if self.spec.mode == "fresh" else 0.0
            async with asyncio.timeout(seconds + grace):
                self._writer.write(frame)
                usage = _usage(await wire.receive_async(self._reader, FRAME_BYTES))
                said = (_by_death(usage["died"], self.overran) if usage["died"] else
                        _known(await wire.receive_async(self._reader, FRAME_BYTES)))
            alive = True
        except TimeoutError:
            said, alive = {"kind": "timeout", "reason": "its time ran out"}, False
        except (wire.BadFrame, OSError):
            said, alive = self._gone(), False
        wall = time.monotonic() - began
        now = processes.look(self.pid)
        cpu, peak = self._cost(usage, wall, now)
        if alive and self._spent(said, now):
            alive = False
        if not alive:
            self.end()
        return Ended(said, cpu, wall, peak, alive)

    def _cost(self, usage: dict[str, Any], wall: float,
              now: processes.Seen | None) -> tuple[float, float]:
        """CPU-seconds and peak memory: what the worker says, bounded by what the kernel says of it
        from outside (in ticks of 10 ms), because a stranger's word is no measurement."""
        seen = max(0.0, now.cpu - self._cpu) if now else wall
        if now:
            self._cpu = now.cpu
        said = usage.get("cpu", seen)
        slack = 2 * processes.TICK
        cpu = min(max(said, seen - slack, 0.0), seen + slack)
        resident = now.resident / MB if now else self.memory_mb
        limit = float(self.spec.memory + jail.PYTHON_MB)
        peak = min(max(usage.get("peak_mb", 0.0), resident if now else limit), max(limit, resident))
        return cpu, peak

    def _spent(self, said: dict[str, Any], now: processes.Seen | None) -> bool:
        """Whether a warm worker is of no more use: its memory is full, or threads were left."""
        if self.spec.mode == "fresh":
            return False
        return said["kind"] == "memory" or not now or now.threads > self._threads + LEFT_THREADS

    def _gone(self) -> dict[str, Any]:
        if self.overran:
            return {"kind": "memory", "reason": self.overran}
        return {"kind": "crashed", "reason": "the worker died"}

    def watch(self, seen: dict[int, processes.Seen]) -> None:
        """End a running worker that takes more than it may: memory, threads, entries in its
        scratch. Limits of the kernel come first; this catches what they do not count."""
        if not self.process:
            return
        mine = processes.beneath(self.process.pid, seen)
        limit = (self.spec.memory + jail.PYTHON_MB) * MB
        if sum(each.resident for each in mine if each.pid != self.pid) > limit * 1.25:
            self.overran = "it took more memory than it may have"
        elif sum(each.threads for each in mine) > 2 * jail.PROCESSES:
            self.overran = "it made more threads than it may have"
        elif self.spec.programs and self._entries() > 4_096:
            self.overran = "it made more files than it may have"
        if self.overran:
            processes.end(self.process.pid)

    def _entries(self) -> int:
        try:
            told = os.statvfs(f"/proc/{self.pid}/root{jail.SCRATCH}")
        except OSError:
            return 0
        return told.f_files - told.f_ffree

    def end(self) -> None:
        """Kill it and all it started."""
        if not self.process:
            return
        processes.end(self.process.pid)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)
        if self.process.stderr:
            with contextlib.suppress(OSError, RuntimeError, ValueError):
                asyncio.get_running_loop().remove_reader(self.process.stderr.fileno())
            self.process.stderr.close()
        with contextlib.suppress(AttributeError):
            self._writer.close()
        self.process = None


def _usage(told: Any) -> dict[str, Any]:
    """What a worker says a run cost; BadFrame unless it is two plain numbers and how it ended."""
    if not isinstance(told, dict):
        raise wire.BadFrame("no table")
    for name in ("cpu", "peak_mb"):
        value = told.get(name)
        if not isinstance(value, (int, float)) or not math.isfinite(value) or value < 0:
            raise wire.BadFrame(f"{name} is no amount")
    if not (told.get("died") is None or isinstance(told["died"], str)):
        raise wire.BadFrame("died is no text")
    return {"cpu": float(told["cpu"]), "peak_mb": float(told["peak_mb"]), "died": told.get("died")}


def _known(said: Any) -> dict[str, Any]:
    """An exhibit's frame, if it is one of the five that there are."""
    shapes = {"done": ("answer", dict), "refused": ("key", str), "memory": ("reason", str),
              "crashed": ("reason", str)}
    if not isinstance(said, dict) or said.get("kind") not in shapes:
        raise wire.BadFrame("no answer that an exhibit gives")
    name, of = shapes[said["kind"]]
    if not isinstance(said.get(name), of):
        raise wire.BadFrame(f"no {name}")
    if said["kind"] == "refused" and not isinstance(said.get("values"), dict):
        raise wire.BadFrame("no values")
    return {key: value for key, value in said.items() if key in ("kind", name, "values")}


def _by_death(died: str, overran: str) -> dict[str, Any]:
    if overran:
        return {"kind": "memory", "reason": overran}
    if died == "timeout":
        return {"kind": "timeout", "reason": "its time ran out"}
    return {"kind": "crashed", "reason": f"its process ended: {died}"[:300]}
