"""All agreed meetings held, with the fewest breaks: proven, or proven impossible.

For events of up to some hundred meetings in which nothing may be left out. This is the problem that
Bofill, Coll, Garcia, Giráldez-Cru, Pesant, Suy and Villaret published (JAIR 74, 2022). The
model becomes clauses (`exact_clauses`), which a SAT solver decides (`exact_search`) in a process of
its own, so that it can be ended in time.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from saphan.engines.timetable.exact_clauses import Formula, formula
from saphan.engines.timetable.exact_domains import NothingFits, domains

Status = Literal["optimal", "infeasible", "unknown"]

_SEARCH = Path(__file__).with_name("exact_search.py")


class SolverFailed(RuntimeError):
    """The process of the SAT solver died; the message is what it said last."""


@dataclass(frozen=True)
class Pairing:
    """A meeting of two that must be held."""

    first: int
    second: int
    session: tuple[int, ...] | None = None
    """The slots it may be in; None: any."""
    fixed: int | None = None
    """The slot it must be in."""


@dataclass(frozen=True)
class Fixture:
    """What is to be planned. People, slots and meetings are named by their positions from 0."""

    people: int
    slots: int
    tables: int
    """At most so many meetings at once."""
    meetings: tuple[Pairing, ...]
    away: tuple[frozenset[int], ...]
    """Per person: the slots in which she cannot meet."""
    before: tuple[tuple[int, int], ...] = ()
    """(earlier, later): the first meeting is in an earlier slot than the second."""
    fairness: int | None = 2
    """Nobody has more than so many breaks more than anybody else (who has no meeting, has no
    break); None: no such rule."""

    def __post_init__(self) -> None:
        """Raises ValueError for positions that do not exist."""
        if len(self.away) != self.people:
            raise ValueError("away needs one set per person")
        for meeting in self.meetings:
            if meeting.first == meeting.second:
                raise ValueError("nobody meets herself")
            if not all(0 <= p < self.people for p in (meeting.first, meeting.second)):
                raise ValueError("a meeting names a person that does not exist")
        if not all(0 <= m < len(self.meetings) for pair in self.before for m in pair):
            raise ValueError("an order names a meeting that does not exist")


@dataclass(frozen=True)
class Verdict:
    """What is known at the end."""

    status: Status
    breaks: int | None
    """Of the timetable below, summed over people; None where there is none. A break is a stretch
    of any length without a meeting between two meetings of a person."""
    slots_of_meetings: tuple[int, ...] | None
    """Per meeting, its slot."""
    bound: int
    """No timetable has fewer breaks (nothing is said by it where there is no timetable)."""
    cpu: float
    """Seconds of CPU time, all processes together."""


def decide(fixture: Fixture, *, seconds: float) -> Verdict:
    """The proven optimum, or proof that nothing fits, unless `seconds` of wall time pass before.
    Then the best timetable so far, if any, and what is proven. Raises SolverFailed."""
    ends = time.monotonic() + seconds
    used = _cpu()
    try:
        may = domains(fixture)
        clauses = formula(fixture, may)
    except NothingFits:
        return Verdict("infeasible", None, None, 0, _cpu() - used)
    answer = _search(clauses, ends - time.monotonic())
    slots = None
    breaks = None
    if answer.model is not None:
        slots = clauses.slots(answer.model)
        breaks = breaks_in(fixture, slots)
    status: Status = "unknown"
    if answer.impossible:
        status = "infeasible"
    elif breaks is not None and breaks <= answer.bound:
        status = "optimal"
    return Verdict(status, breaks, slots, answer.bound, _cpu() - used)


def breaks_in(fixture: Fixture, slots: Sequence[int]) -> int:
    """How many breaks all people have together if meeting i is in slots[i]."""
    busy: list[set[int]] = [set() for _ in range(fixture.people)]
    for meeting, slot in zip(fixture.meetings, slots, strict=True):
        busy[meeting.first].add(slot)
        busy[meeting.second].add(slot)
    blocks = sum(sum(1 for t in one if t - 1 not in one) for one in busy)
    return blocks - sum(1 for one in busy if one)


@dataclass
class _Answer:
    """What the search process said before it ended or was ended."""

    model: array[int] | None = None
    bound: int = 0
    impossible: bool = False


def _search(clauses: Formula, seconds: float) -> _Answer:
    """Runs `exact_search`. It says "B n" for a proven bound, "M" and the true variables for a
    better timetable, "N" where nothing fits."""
    answer = _Answer()
    if seconds <= 0:
        return answer
    child = subprocess.Popen(  # noqa: S603 - our own file, with no word of anybody else's
        [sys.executable, str(_SEARCH)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(os.environ),
    )
    timer = threading.Timer(seconds, child.kill)
    timer.daemon = True
    timer.start()
    try:
        said, complaint = child.communicate(clauses.packed())
    finally:
        timer.cancel()
        if child.poll() is None:
            child.kill()
            child.wait()
    for line in said.decode("ascii").splitlines():
        word, *numbers = line.split()
        if word == "B":
            answer.bound = int(numbers[0])
        elif word == "M" and numbers[-1:] == ["0"]:  # whole lines only
            answer.model = array("i", map(int, numbers[:-1]))
        elif word == "N":
            answer.impossible = True
    if child.returncode not in (0, -9):
        raise SolverFailed(complaint.decode("utf-8", "replace")[-2000:])
    return answer


def _cpu() -> float:
    """CPU seconds of this process and of the children it has waited for."""
    own = time.process_time()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own + children.ru_utime + children.ru_stime
