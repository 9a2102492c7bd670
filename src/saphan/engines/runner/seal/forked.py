"""A clean fork for each call."""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import resource
import select
import shutil
import signal
import socket
import time
from typing import Any

from saphan.engines.runner import wire
from saphan.engines.runner.seal import filters
from saphan.engines.runner.seal.filters import DIE_WITH_PARENT
from saphan.engines.runner.seal.one_call import answer_of, cpu_and_peak

CHUNK = 2**18


class Fork:
    """Runs each call in a child, which may make no process, send no signal, and is killed at its
    deadline. The parent counts what it cost (`wait4`) and passes its answer on unread.

    Parameters: `house`, the parent's socket, which the child must not hold; `orders`: the worker's
    orders (`child_filter`, `scratch`, `kills`, `everyone`)."""

    def __init__(self, house: socket.socket, orders: dict[str, Any]) -> None:
        self.house, self.orders = house, orders
        self.libc = ctypes.CDLL(None, use_errno=True)

    def run(self, exhibit: Any, asked: dict[str, Any]) -> bytes:
        """Frames to send: what it cost and how it ended, then its answer if it gave a whole one."""
        began = time.monotonic()
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            self._child(exhibit, asked, writing)
        os.close(writing)
        with contextlib.suppress(OSError):
            os.setpgid(child, child)
        said, late = self._read(reading, began + asked["seconds"])
        os.close(reading)
        if late or said is None:
            self._end(child)
        _, status, usage = os.wait4(child, 0)
        self._tidy(child)
        cpu, peak = cpu_and_peak(usage)
        head = {"cpu": cpu, "peak_mb": peak, "wall": time.monotonic() - began,
                "died": self._died(status, late, said)}
        return wire.pack(head, wire.ANSWER_BYTES) + (b"" if head["died"] else said or b"")

    def _child(self, exhibit: Any, asked: dict[str, Any], writing: int) -> None:
        """In the child: close up further, run, write, leave. Never returns."""
        try:
            self.libc.prctl(DIE_WITH_PARENT, int(signal.SIGKILL), 0, 0, 0)
            with contextlib.suppress(OSError):
                os.setpgid(0, 0)
            os.close(self.house.fileno())
            seconds = math.ceil(asked["seconds"]) + 1
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            if self.orders["child_filter"]:
                filters.load(self.orders["child_filter"])
            said = memoryview(answer_of(exhibit, asked["inputs"]))
            while said:
                said = said[os.write(writing, said):]
        except BaseException as wrong:  # ours, not the exhibit's: that is in its answer
            with contextlib.suppress(OSError):
                os.write(2, f"the child failed: {type(wrong).__name__}: {wrong}\n".encode())
        finally:
            os._exit(0)

    @staticmethod
    def _read(reading: int, until: float) -> tuple[bytes | None, bool]:
        """(all that the child wrote, whether its time ran out). None: more than it may write."""
        parts: list[bytes] = []
        size = 0
        poll = select.poll()
        poll.register(reading, select.POLLIN)
        while (left := until - time.monotonic()) > 0:
            if not poll.poll(max(1, math.ceil(left * 1000))):
                break
            if not (part := os.read(reading, CHUNK)):
                return b"".join(parts), False
            parts.append(part)
            size += len(part)
            if size > wire.ANSWER_BYTES + wire.SIZES.size:
                return None, False
        return b"".join(parts), True

    def _end(self, child: int) -> None:
        """Kill the child. Where the worker may not send signals the supervisor kills both."""
        for target in (-child, child):
            with contextlib.suppress(OSError):
                os.kill(target, signal.SIGKILL)

    def _tidy(self, child: int) -> None:
        """End what a declared program left behind, and empty the scratch."""
        if self.orders["programs"]:
            with contextlib.suppress(OSError):
                os.kill(-1 if self.orders["everyone"] else -child, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
        if self.orders["scratch"]:
            for entry in os.scandir(self.orders["scratch"]):
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path, ignore_errors=True)
                else:
                    os.unlink(entry.path)

    @staticmethod
    def _died(status: int, late: bool, said: bytes | None) -> str | None:
        if late:
            return "timeout"
        if said is None:
            return "it answered more than it may"
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            return "timeout" if number == signal.SIGXCPU else signal.Signals(number).name
        try:
            head, blobs = wire.sizes(said[:8], wire.ANSWER_BYTES)
        except (wire.BadFrame, Exception):
            return "it left without an answer"
        return None if len(said) == 8 + head + blobs else "it left within its answer"
