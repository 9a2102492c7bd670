"""The supervisor gives up the rights of root before it touches anything of a stranger's.

Root is not bound by limits on processes, and a fault in a supervisor that is root would be a fault
in the machine. So where the house runs as root the supervisor becomes the user `nobody`. Python or
the checkout may lie where nobody may go (`/root/…`): then, before the change, the supervisor gets a
view of the machine of its own, in which the way to these folders alone is open, for reading.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Sequence

NOBODY = 65534
NEW_MOUNTS, BIND, RECURSIVE, PRIVATE = 0x20000, 4096, 16384, 1 << 18
REMOUNT, READ_ONLY, NO_SUID, NO_DEVICES = 32, 1, 2, 4
_libc = ctypes.CDLL(None, use_errno=True)


def give_up(needed: Sequence[str], wanted: Sequence[str] = ()) -> str:
    """Become an ordinary user who can read `needed`, and `wanted` where they allow it: a guest's
    folder that is closed to others leaves out that guest alone. Returns "" or why this process is
    not fit to hold strangers: then nothing was given up."""
    if os.geteuid() != 0:
        return ""
    ways = {path: block for path in (*needed, *wanted) if (block := _block(path))}
    try:
        if ways:
            _open_ways(ways)
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError as wrong:
        which = ", ".join(ways)
        return (f"The house runs as root, and the ordinary user who should run exhibits cannot "
                f"read {which} ({wrong.strerror}). Run the house as an ordinary user.")
    _libc.prctl(38, 1, 0, 0, 0)  # no new privileges
    _libc.prctl(4, 1, 0, 0, 0)  # may look into its own /proc again after the change
    closed = [path for path in needed if not os.access(path, os.R_OK)]
    return "" if not closed else f"The user who runs exhibits cannot read {', '.join(closed)}."


def _block(path: str) -> str:
    """The first folder on the way to `path` that others may not pass; "" if there is none."""
    at = ""
    for part in os.path.realpath(path).split("/")[1:-1]:
        at += f"/{part}"
        if not os.stat(at).st_mode & stat.S_IXOTH:
            return at
    return ""


def _open_ways(ways: dict[str, str]) -> None:
    """In a view of our own, put an empty folder over each block and, in it, what is needed."""
    if _libc.unshare(NEW_MOUNTS):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    _mount("none", "/", None, RECURSIVE | PRIVATE)
    held = {path: os.open(path, os.O_PATH) for path in ways}
    for block in sorted(set(ways.values())):
        _mount("tmpfs", block, "tmpfs", NO_SUID | NO_DEVICES, "mode=755,size=64k")
    for path, opened in held.items():
        real = os.path.realpath(f"/proc/self/fd/{opened}")
        if stat.S_ISDIR(os.fstat(opened).st_mode):
            os.makedirs(real, 0o755, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(real), 0o755, exist_ok=True)
            os.close(os.open(real, os.O_CREAT, 0o644))
        _mount(f"/proc/self/fd/{opened}", real, None, BIND | RECURSIVE)
        _mount("none", real, None, BIND | REMOUNT | READ_ONLY | NO_SUID | NO_DEVICES)
        os.close(opened)
        if path != real and not os.path.lexists(path):
            os.makedirs(os.path.dirname(path), 0o755, exist_ok=True)
            os.symlink(real, path)


def _mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    if _libc.mount(source.encode(), target.encode(), kind.encode() if kind else None,
                   ctypes.c_ulong(flags), options.encode()):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
