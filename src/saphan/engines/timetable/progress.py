"""What the solver says while it works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from saphan.engines.timetable.problem import Plan


@dataclass(frozen=True)
class Progress:
    """How far the solver is. `bound` and `gap` are infinite until the bound is known."""

    stage: str
    """`first`, `bound`, `improving` or `done`."""
    cpu: float
    """Seconds of processor time since the call."""
    points: int
    held: int
    bound: float
    gap: float
    plan: Plan | None
    """Given whenever there is a better one."""


Report = Callable[[Progress], bool]
"""Is told how far the solver is; returns False to stop it."""
