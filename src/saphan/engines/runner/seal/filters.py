"""The allow-list of system calls, as a seccomp program.

What is not named is refused (EPERM); `clone3` is said to be missing (ENOSYS), because its flags lie
where a filter cannot see them and the C library then falls back to `clone`. The program is written
here in the kernel's own words (classic BPF), so that neither the house nor a worker needs a library
for it, and nothing has to be executed to find one. The supervisor makes the bytes, the worker loads
them.

Lists: the common one is for a worker that runs calls itself; ZYGOTE adds what a worker needs that
forks a child for each call (fork, wait, kill), and `narrower` takes it away from the child again;
PROGRAMS is for a child that starts a declared program (fork and execute; Landlock says which).
"""

from __future__ import annotations

import ctypes
import platform
import struct
from dataclasses import dataclass

from saphan.engines.runner.seal.numbers import NUMBERS

MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
LOAD, EQUAL, ANY_BIT, RETURN = 0x20, 0x15, 0x45, 0x06
ALLOW, REFUSE, MISSING, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
THREAD, NEW_NAMESPACES = 0x00010000, 0x7E020000
ELSEWHERE = 0x00008000 | 0x00002000  # CLONE_PARENT, CLONE_PTRACE: a child that nobody here reaps
NAME_THREAD, NAME_MEMORY = 15, 0x53564D41
DIE_WITH_PARENT, SECCOMP, NO_NEW_PRIVILEGES = 1, 22, 38
QUESTIONS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""Harmless ioctls: is it a terminal, its size, bytes waiting, non-blocking, close-on-exec."""

FILES = """read write readv writev pread64 pwrite64 close close_range fstat stat lstat newfstatat
statx lseek open openat access faccessat faccessat2 readlink readlinkat getcwd chdir getdents64
statfs fstatfs dup dup2 dup3 fcntl pipe pipe2 poll ppoll select pselect6 epoll_create1 epoll_ctl
epoll_wait epoll_pwait eventfd2 fadvise64 umask"""
MEMORY = "mmap mprotect munmap mremap madvise brk mincore msync membarrier"
TIME = """nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times
restart_syscall"""
SELF = """rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack rt_sigpending futex sched_yield
sched_getaffinity sched_getparam sched_getscheduler sched_get_priority_max sched_get_priority_min
getpid gettid getppid getuid geteuid getgid getegid getresuid getresgid getgroups getpgrp getpgid
getsid getrandom uname sysinfo getrusage getrlimit getcpu arch_prctl set_tid_address
set_robust_list get_robust_list rseq exit exit_group getpriority sendto recvfrom shutdown"""
SCRATCH = """fsync fdatasync ftruncate truncate fallocate mkdir mkdirat unlink unlinkat rename
renameat renameat2 rmdir"""
ZYGOTE = "fork vfork wait4 waitid setpgid seccomp"
PROGRAMS = "fork vfork execve wait4 waitid"


Line = tuple[int, int, int, int]
"""Code, steps to go if true, steps if false, value."""


@dataclass(frozen=True)
class Allowed:
    """What a filter lets through. `forks`: may make processes, not threads alone. `kills`: may send
    signals (only where Landlock keeps them within)."""

    names: tuple[str, ...]
    forks: bool = False
    kills: bool = False


def worker(*, scratch: bool, fresh: bool, programs: bool, kills: bool) -> Allowed:
    """For the worker itself. A zygote must hold what its child needs, and may load a further filter
    in it."""
    names = f"{FILES} {MEMORY} {TIME} {SELF}"
    names += f" {SCRATCH}" if scratch else ""
    names += f" {ZYGOTE}" if fresh else ""
    names += f" {PROGRAMS}" if fresh and programs else ""  # what its child needs, it must have
    return Allowed(tuple(names.split()), forks=fresh, kills=kills and fresh)


def program(allowed: Allowed, machine: str = "") -> bytes:
    """The filter's bytes for `machine` (this one unless told). KeyError for a machine whose numbers
    are not known."""
    column, audit = MACHINES[machine or platform.machine()]

    def number(name: str) -> int | None:
        return NUMBERS[name][column]

    lines = _head(audit)
    for name in (*allowed.names, *(("kill", "tgkill") if allowed.kills else ())):
        if (code := number(name)) is not None:
            lines += [(EQUAL, 0, 1, code), (RETURN, 0, 0, ALLOW)]
    lines += _clone(number("clone"), allowed.forks)
    lines += _first_argument(number("ioctl"), 24, QUESTIONS)
    more = (DIE_WITH_PARENT, SECCOMP, NO_NEW_PRIVILEGES) if allowed.forks else ()
    lines += _first_argument(number("prctl"), 16, (NAME_THREAD, NAME_MEMORY, *more))
    lines += _first_argument(number("prlimit64"), 16, (0,))  # its own limits, nobody else's
    lines += _first_argument(number("socketpair"), 16, (1,))  # AF_UNIX: asyncio's own bell
    missing = number("clone3")
    assert missing is not None
    return _bytes([*lines, (EQUAL, 0, 1, missing), (RETURN, 0, 0, MISSING), (RETURN, 0, 0, REFUSE)])


def narrower(*, programs: bool, kills: bool, machine: str = "") -> bytes:
    """The filter that a zygote's child loads on top of the zygote's: takes away what only the
    parent needs. The kernel asks both; this one is short, because the kernel walks through a filter
    for each system call there is when it is loaded, and a child is made for each visitor."""
    column, audit = MACHINES[machine or platform.machine()]
    kept = PROGRAMS.split() if programs else []
    away = [name for name in ZYGOTE.split() if name not in kept]
    away += [] if programs and kills else ["kill", "tgkill"]
    lines = _head(audit)
    for name in away:
        if (code := NUMBERS[name][column]) is not None:
            lines += [(EQUAL, 0, 1, code), (RETURN, 0, 0, REFUSE)]
    lines += _clone(NUMBERS["clone"][column], programs)
    lines += _first_argument(NUMBERS["prctl"][column], 16, (
        NAME_THREAD, NAME_MEMORY, *((SECCOMP, NO_NEW_PRIVILEGES) if programs else ())))
    return _bytes([*lines, (RETURN, 0, 0, ALLOW)])


def _head(audit: int) -> list[Line]:
    """Kill what speaks for another machine; then look at the call's number."""
    return [(LOAD, 0, 0, 4), (EQUAL, 1, 0, audit), (RETURN, 0, 0, KILL), (LOAD, 0, 0, 0)]


def _bytes(lines: list[Line]) -> bytes:
    return b"".join(struct.pack("<HBBI", *line) for line in lines)


def _clone(number: int | None, forks: bool) -> list[Line]:
    """Threads, and where `forks` processes; never a new namespace or a child of someone else's."""
    assert number is not None
    body: list[Line] = [(LOAD, 0, 0, 16), (ANY_BIT, 0, 1, NEW_NAMESPACES | ELSEWHERE),
                        (RETURN, 0, 0, REFUSE)]
    if not forks:
        body += [(ANY_BIT, 1, 0, THREAD), (RETURN, 0, 0, REFUSE)]
    body += [(RETURN, 0, 0, ALLOW)]
    return [(EQUAL, 0, len(body), number), *body]


def _first_argument(number: int | None, offset: int, values: tuple[int, ...]) -> list[Line]:
    """Allow a call only if the argument at `offset` is one of `values` (its low 32 bits)."""
    assert number is not None
    body: list[Line] = [(LOAD, 0, 0, offset)]
    for value in values:
        body += [(EQUAL, 0, 1, value), (RETURN, 0, 0, ALLOW)]
    body += [(RETURN, 0, 0, REFUSE)]
    return [(EQUAL, 0, len(body), number), *body]


def die_with_parent() -> None:
    """Have the kernel kill this process when the one that started it ends."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, 9, 0, 0, 0)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("lines", ctypes.c_void_p)]


def load(code: bytes) -> None:
    """Put the filter in force for this thread and what it starts, for good. OSError if refused."""
    libc = ctypes.CDLL(None, use_errno=True)
    held = ctypes.create_string_buffer(code, len(code))
    told = _Program(len(code) // 8, ctypes.addressof(held))
    if (libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
            or libc.prctl(SECCOMP, 2, ctypes.byref(told), 0, 0)):
        raise OSError(ctypes.get_errno(), "seccomp")
