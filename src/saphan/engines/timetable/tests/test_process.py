"""The solver in a process of its own, and what goes over the wire."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings

from saphan.engines.timetable import Progress, solve
from saphan.engines.timetable.check import breaches
from saphan.engines.timetable.client import EngineFailed, run
from saphan.engines.timetable.compile import compiled
from saphan.engines.timetable.construct import drafted
from saphan.engines.timetable.points import scored
from saphan.engines.timetable.problem import Plan, Problem
from saphan.engines.timetable.tables import meetings
from saphan.engines.timetable.tests.strategies import problems, small_problem
from saphan.engines.timetable.wire import BadWire, dump, load

PROBLEM = small_problem(11, most_parties=14)


@given(problems())
@settings(max_examples=60, deadline=None)
def test_problems_and_plans_come_back_as_they_went(problem: Problem) -> None:
    assert load(Problem, json.loads(json.dumps(dump(problem)))) == problem
    world = compiled(problem)
    draft = drafted(world)
    found = meetings(draft, draft.seats)
    plan = Plan(found, scored(world, found), float("inf"), 3)
    assert load(Plan, json.loads(json.dumps(dump(plan)))) == plan
    said = Progress("first", 0.5, 3, 4, float("inf"), float("inf"), plan)
    assert load(Progress, json.loads(json.dumps(dump(said)))) == said


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"slots": 3}, "slots: not a list"),
        ({"relay": 1}, "relay: not bool"),
        ({"needs": 7}, "needs: not one of"),
        ({"extra": 1}, "unknown extra"),
        ({"walks": [[True]]}, "walks[0][0]: not int"),
        ({"people": [{"party": 0}]}, "people[0]: free is missing"),
    ],
)
def test_what_is_not_a_problem_is_refused_and_the_place_named(
    change: dict[str, object], where: str
) -> None:
    with pytest.raises(BadWire) as refused:
        load(Problem, {**dump(PROBLEM), **change})
    assert where in str(refused.value)


def test_asking_for_a_plan_loads_neither_numba_nor_ortools_here() -> None:
    code = (
        "import sys; import saphan.engines.timetable, saphan.engines.timetable.client\n"
        "import saphan.engines.timetable.check, saphan.engines.timetable.wire\n"
        "print([name for name in ('numba', 'ortools', 'scipy', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_paths()
    )
    assert done.stdout.strip() == "[]"


def test_the_process_gives_the_plan_that_the_function_gives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", _paths()["PYTHONPATH"])
    told: list[str] = []

    def report(progress: Progress) -> bool:
        told.append(progress.stage)
        return True

    request = {"do": "solve", "problem": PROBLEM, "seed": 4, "effort": 0.2}
    plan = run(request, report=report, seconds=120)
    assert plan == solve(PROBLEM, seed=4, effort=0.2)
    assert told[0] == "first" and told[-1] == "done"
    later = {"do": "replan", "problem": PROBLEM, "meetings": plan.meetings, "since": 1}
    again = run(later, seconds=120)
    assert breaches(PROBLEM, again.meetings) == []


def test_who_has_enough_stops_the_process_and_keeps_the_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", _paths()["PYTHONPATH"])
    request = {"do": "solve", "problem": PROBLEM, "effort": 10**6, "seconds": 10**4}
    began = time.monotonic()
    plan = run(request, report=lambda _: False, seconds=600)
    assert breaches(PROBLEM, plan.meetings) == [] and plan.meetings
    assert time.monotonic() - began < 300


def test_a_refused_request_and_a_dead_process_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", _paths()["PYTHONPATH"])
    with pytest.raises(EngineFailed, match="speed: not an option"):
        run({"do": "solve", "problem": PROBLEM, "speed": 3}, seconds=60)
    with pytest.raises(EngineFailed, match="without a plan"):
        run({"do": "solve", "problem": PROBLEM}, seconds=60, python="/bin/false")


def test_told_to_end_the_process_writes_its_best_plan_and_ends() -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "saphan.engines.timetable"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=_paths(),
    )
    assert child.stdin is not None and child.stdout is not None
    request = {"do": "solve", "problem": dump(PROBLEM), "effort": 10**6, "seconds": 10**4}
    child.stdin.write(json.dumps(request))
    child.stdin.close()
    first = json.loads(child.stdout.readline())
    child.send_signal(signal.SIGTERM)
    lines = [json.loads(line) for line in child.stdout]
    assert child.wait(timeout=300) == 0
    assert first["plan"]["meetings"] and lines[-1]["stage"] == "done"
    child.stdout.close()


def _paths() -> dict[str, str]:
    """The environment of a process that can import the house."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(one for one in sys.path if one)}
