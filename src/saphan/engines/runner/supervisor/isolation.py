"""How strangers' code is held here: found by trying, not by guessing."""

from __future__ import annotations

import os
import shutil
from dataclasses import asdict, dataclass
from typing import Any

from saphan.engines.runner.seal import filters, landlock
from saphan.engines.runner.supervisor.cell import Broken, Cell
from saphan.engines.runner.supervisor.jail import Spec

HINT = "apt-get install bubblewrap"
TRIAL_SECONDS = 20.0


@dataclass(frozen=True)
class Isolation:
    """`level`: "bubblewrap" (own view of the machine, Landlock and seccomp), "kernel" (Landlock and
    seccomp alone) or "none". `reasons`: plain sentences, why no better level. `hint`: a command
    that would help, or "". `user`: the user id that workers run as."""

    level: str
    reasons: tuple[str, ...] = ()
    landlock: int = 0
    seccomp: bool = False
    hint: str = ""
    user: int = 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"reasons": list(self.reasons)}


async def find(highest: str = "bubblewrap", unfit: str = "") -> Isolation:
    """Try the levels from `highest` down with a real worker that then tries what it should not
    manage. `unfit`: why this process may hold no strangers at all, if so."""
    reasons: list[str] = []
    hint = "" if shutil.which("bwrap") else HINT
    abi = landlock.abi()
    if not abi:
        reasons.append("The kernel offers no Landlock.")
    if unfit:
        return Isolation("none", (unfit,), user=os.getuid())
    for level in ("bubblewrap", "kernel"):
        if level == "bubblewrap" and highest != level:
            reasons.append("The operator asked for a lower level.")
        elif level == "bubblewrap" and hint:
            reasons.append("bubblewrap is not installed.")
        elif level == "kernel" and not abi:
            reasons.append("Without bubblewrap and without Landlock files cannot be kept closed.")
        elif highest != "none" and (reason := await _try(level, abi)):
            reasons.append(reason)
        elif highest != "none":
            return Isolation(level, tuple(reasons), abi, True, hint, os.getuid())
    return Isolation("none", tuple(reasons), abi, hint=hint, user=os.getuid())


async def _try(level: str, abi: int) -> str:
    """"" if a worker can be held at this level, else the reason."""
    name = "bubblewrap" if level == "bubblewrap" else "Landlock with seccomp"
    try:
        filters.narrower(programs=False, kills=False)
    except KeyError:
        return "The numbers of this machine's system calls are not known here."
    cell = Cell(Spec("", mode="warm", memory=256), level, abi)
    try:
        await cell.start(TRIAL_SECONDS)
    except Broken as broken:
        return f"{name} does not work here: {broken}"
    finally:
        cell.end()
    if still := cell.description.get("open"):
        return f"{name} leaves open: {', '.join(map(str, still))}."
    return "" if cell.measures.get("seccomp") else f"{name}: seccomp is not in force."
