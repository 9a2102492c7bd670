"""Landlock: which files a process may still open, whom it may still reach.

Spoken to through ctypes, so that the worker needs no package. Numbers are those of
`linux/landlock.h`; what a kernel knows is asked of it (`abi`). Ruled files: reading under the
folders named, nothing else; no right to execute unless a program is named.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence

CREATE, ADD, RESTRICT = 444, 445, 446  # the same on every machine
EXECUTE, WRITE, READ, LIST = 1, 2, 4, 8
REFER, TRUNCATE, DEVICE = 1 << 13, 1 << 14, 1 << 15
FIRST = (1 << 13) - 1
"""All rights over files that version 1 knows."""
IN_FOLDERS_ONLY = LIST | 0x1FF0 | REFER
"""Rights that make sense on folders alone: list, remove, make."""
SCOPES = 3
"""Abstract sockets and signals stay within."""
TCP = 3
"""Bind and connect."""
NO_NEW_PRIVILEGES = 38
_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def abi() -> int:
    """Which version the kernel speaks; 0 where it has no Landlock or may not use it."""
    return max(0, int(_libc.syscall(CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))))


def scopes_signals(version: int) -> bool:
    """Whether signals to processes outside are stopped."""
    return version >= 6


def restrict(read: Sequence[str], write: Sequence[str] = (), execute: Sequence[str] = ()) -> int:
    """Close this thread and its children up. Paths that are missing are passed over. Returns the
    version in force. OSError where the kernel refuses."""
    version = abi()
    if not version:
        raise OSError("this kernel offers no Landlock")
    handled = FIRST | (REFER if version >= 2 else 0) | (TRUNCATE if version >= 3 else 0)
    handled |= DEVICE if version >= 5 else 0
    rules = _Ruleset(handled, TCP if version >= 4 else 0, SCOPES if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = _call(CREATE, ctypes.byref(rules), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        for paths, rights in ((read, READ | LIST), (execute, READ | EXECUTE),
                              (write, handled & ~(EXECUTE | DEVICE | REFER))):
            for path in paths:
                _allow(ruleset, path, rights & handled)
        if _libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "no_new_privs")
        _call(RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)
    return version


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(path):
            rights &= ~IN_FOLDERS_ONLY
        rule = _Beneath(rights, opened)
        _call(ADD, ctypes.c_int(ruleset), ctypes.c_int(1), ctypes.byref(rule), ctypes.c_uint32(0))
    finally:
        os.close(opened)


def _call(number: int, *args: object) -> int:
    result = int(_libc.syscall(ctypes.c_long(number), *args))
    if result < 0:
        wrong = ctypes.get_errno()
        raise OSError(wrong, f"Landlock: {os.strerror(wrong)}")
    return result
