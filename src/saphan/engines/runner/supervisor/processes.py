"""What the kernel says of a process, read from outside it."""

from __future__ import annotations

import contextlib
import os
import signal
from dataclasses import dataclass

TICK = 1 / os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Seen:
    """One process: its parent, session, threads, CPU-seconds with those of its reaped children,
    and resident bytes."""

    pid: int
    parent: int
    session: int
    threads: int
    cpu: float
    resident: int
    started: int = 0


def look(pid: int) -> Seen | None:
    """What `/proc/PID/stat` says; None if there is no such process."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            told = file.read()
    except OSError:
        return None
    fields = told[told.rindex(b")") + 2:].split()
    if fields[0] in (b"Z", b"X"):
        return None
    cpu = sum(int(fields[at]) for at in (11, 12, 13, 14)) * TICK
    return Seen(pid, int(fields[1]), int(fields[3]), int(fields[17]), cpu,
                int(fields[21]) * PAGE, int(fields[19]))


def everyone() -> dict[int, Seen]:
    """All processes that can be seen."""
    found = (look(int(name)) for name in os.listdir("/proc") if name.isdigit())
    return {each.pid: each for each in found if each}


def tasks_of(user: int) -> int:
    """Threads of all processes of a user, with those that have ended and wait to be buried: the
    kernel counts them, too."""
    count = 0
    for name in os.listdir("/proc"):
        with contextlib.suppress(OSError):
            if name.isdigit() and os.stat(f"/proc/{name}").st_uid == user:
                count += len(os.listdir(f"/proc/{name}/task"))
    return count


def beneath(root: int, seen: dict[int, Seen]) -> list[Seen]:
    """`root` and all that descend from it, and all of its session."""
    children: dict[int, list[Seen]] = {}
    for each in seen.values():
        children.setdefault(each.parent, []).append(each)
    found, todo = {}, [root]
    while todo:
        pid = todo.pop()
        if pid in seen and pid not in found:
            found[pid] = seen[pid]
            todo += [each.pid for each in children.get(pid, ())]
    found |= {each.pid: each for each in seen.values() if each.session == root}
    return list(found.values())


def proportional(pid: int) -> int | None:
    """Bytes of memory, shared pages counted by their share (PSS); None where it may not be read."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", "rb") as file:
            for line in file:
                if line.startswith(b"Pss:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None


def end(root: int) -> None:
    """Kill a process with all that it started. Repeats until none is left to be seen, because a
    process may fork while we look."""
    for _ in range(20):
        targets = beneath(root, everyone())
        if not targets:
            return
        for each in targets:
            with contextlib.suppress(OSError):
                os.kill(each.pid, signal.SIGKILL)
