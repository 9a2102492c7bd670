"""What a worker is given to see, and the commands and orders that start it."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saphan.engines.runner.seal import filters

PACKAGE = Path(__file__).resolve().parents[3]
"""The folder of the package `saphan`."""
WORKER = PACKAGE / "engines" / "runner" / "seal" / "worker.py"
SCRATCH, SCRATCH_MB = "/scratch", 16
PYTHON_MB = 256
"""Address space that Python, its modules and locale archives need before an exhibit asks."""
PROCESSES = 48
"""Processes and threads of one worker."""
OUTSIDE = 512
"""How many more the house may come to have while a worker lives that shares its user. The kernel
counts them all together: without this room a worker could make no thread once the house had grown
by `PROCESSES`. What one worker has alone is looked at from outside (`Cell.watch`)."""
NOBODY = 65534
ENVIRONMENT = {"PATH": "/usr/bin", "HOME": "/", "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1",
               "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1",
               "OMP_THREAD_LIMIT": "1", "MALLOC_ARENA_MAX": "2", "PYTHONDONTWRITEBYTECODE": "1",
               "PYTHONHASHSEED": "0"}
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")
PROCESSORS = ("/proc/cpuinfo", "/sys/devices/system/cpu")
"""Number libraries choose their fast paths by it."""
CLOCKS = ("/etc/localtime", "/usr/share/zoneinfo")


@dataclass(frozen=True)
class Spec:
    """What the house asks for an exhibit. `memory`: megabytes beyond what Python itself needs."""

    folder: str
    mode: str = "fresh"
    memory: int = 1_024
    models: bool = False
    programs: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        return Path(self.folder).name


def bare(spec: Spec) -> bool:
    """Whether nothing but Python is asked for: the trial of the measures."""
    return not spec.folder


def needed() -> list[str]:
    """Folders and files that Python itself needs to run here: its prefixes, which may be linked
    from anywhere, the C library, the package. Nothing of /etc, /home or the house's data."""
    found: list[str] = []
    named = (sys.prefix, sys.base_prefix, sys.exec_prefix)
    for prefix in (*named, *map(os.path.realpath, named)):
        if prefix in ("/usr", "/usr/local"):
            found += [f"{prefix}/lib", f"{prefix}/lib64"]
        else:
            found.append(prefix)
    found += ["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib"]
    found += [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")]
    found += [os.path.realpath(sys.executable), *_links(sys.executable), str(PACKAGE)]
    return _outermost([each for each in found if os.path.exists(each)])


def _links(path: str) -> list[str]:
    """Each step of a chain of symbolic links, but those inside a prefix."""
    steps = []
    while os.path.islink(path):
        steps.append(path)
        path = os.path.normpath(os.path.join(os.path.dirname(path), os.readlink(path)))
    return steps


def _outermost(paths: list[str]) -> list[str]:
    kept: list[str] = []
    for path in sorted(dict.fromkeys(paths), key=len):
        if not any(path == each or path.startswith(each + "/") for each in kept):
            kept.append(path)
    return kept


def programs(spec: Spec) -> tuple[list[str], list[str]]:
    """(programs it may start, with the loader that the kernel needs to start them; folders that
    they read). Programs that are not installed are left out."""
    found = [os.path.realpath(path) for name in spec.programs
             if (path := shutil.which(name, path="/usr/bin:/usr/local/bin"))]
    if not found:
        return [], []
    loaders = [os.path.realpath(path) for path in
               ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1")
               if os.path.exists(path)]
    return [*found, *loaders], ["/usr/share", *found]


def readable(spec: Spec, models: str) -> list[str]:
    """All that a worker of this exhibit may read."""
    found = [*needed(), *DEVICES, *PROCESSORS, *CLOCKS, *programs(spec)[1]]
    found += [] if bare(spec) else [spec.folder]
    found += [models] if spec.models and models else []
    return [each for each in found if os.path.exists(each)]


def bubblewrap(spec: Spec, models: str) -> list[str]:
    """The command of a jail that holds what is readable and nothing else: no network, no other
    processes, no /proc, no /etc, no capability."""
    command = [shutil.which("bwrap") or "bwrap", "--unshare-all", "--unshare-user",
               "--die-with-parent", "--new-session", "--cap-drop", "ALL",
               "--uid", str(NOBODY), "--gid", str(NOBODY),
               "--hostname", "exhibit", "--clearenv"]
    for name, value in environment(spec, jailed=True).items():
        command += ["--setenv", name, value]
    for path in sorted(set(readable(spec, models)), key=lambda each: (each.count("/"), each)):
        if path.startswith("/dev/"):
            command += ["--dev-bind", path, path]
        elif os.path.islink(path) and os.path.dirname(path) == "/":
            command += ["--symlink", os.readlink(path), path]
        else:
            command += ["--ro-bind", path, path]
    if spec.programs:
        command += ["--size", str(SCRATCH_MB * 2**20), "--perms", "0700", "--tmpfs", SCRATCH]
    return [*command, "--remount-ro", "/", "--chdir", "/", "--", *plain()]


def plain() -> list[str]:
    """The worker itself."""
    return [sys.executable, "-I", "-B", str(WORKER)]


def environment(spec: Spec, *, jailed: bool) -> dict[str, str]:
    """All that a worker finds in its environment."""
    models = {"SAPHAN_MODELS": os.environ["SAPHAN_MODELS"]} if (
        spec.models and "SAPHAN_MODELS" in os.environ) else {}
    scratch = {"TMPDIR": SCRATCH} if jailed and spec.programs else {}
    return {**ENVIRONMENT, **models, **scratch}


def orders(spec: Spec, level: str, abi: int, models: str, processes: int) -> dict[str, Any]:
    """The worker's first frame (`seal.worker`). `abi`: the version of Landlock, 0 for none.
    `processes`: how many the worker's user may have."""
    sealed, jailed = level != "none", level == "bubblewrap"
    runs = bool(programs(spec)[0])
    fresh = spec.mode == "fresh" or runs  # programs are started by a child only
    kills = jailed or abi >= 6
    scratch = SCRATCH if jailed and spec.programs else ""
    code = b"" if not sealed else filters.program(
        filters.worker(scratch=bool(scratch), fresh=fresh, programs=runs, kills=kills))
    code_child = b"" if not sealed else filters.narrower(programs=runs, kills=kills)
    return {"folder": spec.folder, "mode": "fresh" if fresh else "warm",
            "address_mb": spec.memory + PYTHON_MB,
            "processes": processes, "filter": code, "child_filter": code_child,
            "landlock": None if not sealed or not abi else {
                "read": readable(spec, models), "write": [scratch] if scratch else [],
                "execute": programs(spec)[0]},
            "scratch": scratch, "programs": runs, "everyone": jailed}
