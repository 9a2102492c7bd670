"""Solves one problem in a process of its own: `python -m saphan.engines.timetable`.

Reads one request from standard input, `{"do": "solve" | "replan", "problem": …, …}` with the
options of the function of that name, and writes a line of JSON for each progress; the last has the
stage `done`. Told to end (SIGTERM), it writes the best plan so far and ends. A request that makes
no sense is answered by `{"error": …}` and exit code 2."""

from __future__ import annotations

import json
import signal
import sys
from typing import Any

from saphan.engines.timetable.problem import Meeting, Problem
from saphan.engines.timetable.progress import Progress
from saphan.engines.timetable.wire import BadWire, dump, load

_OPTIONS: dict[str, dict[str, tuple[type, ...]]] = {
    "solve": {"seed": (int,), "effort": (int, float), "seconds": (int, float)},
    "replan": {
        "since": (int,),
        "seed": (int,),
        "seconds": (int, float),
        "move_price": (int,),
        "drop_price": (int,),
        "most_moved": (int, float),
    },
}


def main() -> int:
    told_to_end = False

    def on_signal(*_: object) -> None:
        nonlocal told_to_end
        told_to_end = True

    signal.signal(signal.SIGTERM, on_signal)

    def report(progress: Progress) -> bool:
        print(json.dumps(dump(progress), separators=(",", ":")), flush=True)
        return not told_to_end

    try:
        _answer(json.load(sys.stdin), report)
    except ValueError as error:  # of the request: JSON, BadWire and BadProblem are such
        print(json.dumps({"error": str(error)}), flush=True)
        return 2
    return 0


def _answer(request: Any, report: Any) -> None:
    if not isinstance(request, dict) or request.get("do") not in _OPTIONS:
        raise BadWire("do: neither solve nor replan")
    do = request.pop("do")
    problem = load(Problem, request.pop("problem", None))
    meetings = _meetings(request.pop("meetings", []))
    keep = request.pop("keep", [])
    for name, value in request.items():
        if type(value) not in _OPTIONS[do].get(name, ()):
            raise BadWire(f"{name}: not an option of {do}, or of another type")
    # Loading the solver takes longer than refusing a request.
    if do == "solve":
        from saphan.engines.timetable.solving import solve

        solve(problem, start=meetings, keep=keep, report=report, **request)
    else:
        from saphan.engines.timetable.replanning import replan

        if "since" not in request:
            raise BadWire("since: missing")
        replan(problem, meetings, report=report, **request)


def _meetings(value: Any) -> tuple[Meeting, ...]:
    if not isinstance(value, list):
        raise BadWire("meetings: not a list")
    return tuple(load(Meeting, one, f"meetings[{at}]") for at, one in enumerate(value))


if __name__ == "__main__":
    sys.exit(main())
