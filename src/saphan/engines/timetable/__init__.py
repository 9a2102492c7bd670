"""Who meets whom, when, where and with which interpreter. No Django.

`solve`, `replan` and `upper_bound` load their libraries when they are first called, so that
importing this package is cheap."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from saphan.engines.timetable.change import Change, changes
from saphan.engines.timetable.problem import Meeting, Plan, Problem
from saphan.engines.timetable.progress import Progress, Report
from saphan.engines.timetable.valid import BadProblem

__all__ = [
    "BadProblem",
    "Change",
    "Progress",
    "changes",
    "replan",
    "solve",
    "upper_bound",
]


def solve(
    problem: Problem,
    *,
    seed: int = 1,
    effort: float = 1.0,
    seconds: float = 60.0,
    start: Sequence[Meeting] = (),
    keep: Collection[int] = (),
    report: Report | None = None,
) -> Plan:
    """The best plan found; see solve.py."""
    from saphan.engines.timetable import solving

    return solving.solve(
        problem,
        seed=seed,
        effort=effort,
        seconds=seconds,
        start=start,
        keep=keep,
        report=report,
    )


def replan(
    problem: Problem,
    meetings: Sequence[Meeting],
    *,
    since: int,
    seed: int = 1,
    seconds: float = 2.5,
    move_price: int = 12,
    drop_price: int = 60,
    most_moved: float = 0.01,
    report: Report | None = None,
) -> Plan:
    """A plan for the changed problem, near to the old one; see replanning.py."""
    from saphan.engines.timetable import replanning

    return replanning.replan(
        problem,
        meetings,
        since=since,
        seed=seed,
        seconds=seconds,
        move_price=move_price,
        drop_price=drop_price,
        most_moved=most_moved,
        report=report,
    )


def upper_bound(problem: Problem) -> float:
    """No plan of the problem has more points; see bounds.py."""
    from saphan.engines.timetable import bounds

    return bounds.upper_bound(problem)
