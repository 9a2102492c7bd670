"""Plans tours in a process of its own: `python -m saphan.engines.timetable.tours`.

Reads `{"problem": …, "held": … or null, "seed": 0, "effort": 20}` from standard input and writes a
line of JSON for each better plan, `{"plan": …}`; the last also has `"advice"`. Told to end
(SIGTERM), it ends with the best so far. What makes no sense is answered by `{"error": …}` and exit
code 2."""

from __future__ import annotations

import json
import signal
import sys
from typing import Any

from saphan.engines.timetable.tours.model import Held, Plan, Problem
from saphan.engines.timetable.wire import BadWire, dump, load


def main() -> int:
    told_to_end = False

    def on_signal(*_: object) -> None:
        nonlocal told_to_end
        told_to_end = True

    signal.signal(signal.SIGTERM, on_signal)
    try:
        request = json.load(sys.stdin)
        if not isinstance(request, dict):
            raise BadWire("not an object")
        problem = load(Problem, request.get("problem"))
        held = load(Held, request["held"]) if request.get("held") else None
        seed, effort = int(request.get("seed", 0)), float(request.get("effort", 20))
    except (ValueError, TypeError) as error:
        _say({"error": str(error)})
        return 2
    # Loading the solver takes longer than refusing a request.
    from saphan.engines.timetable.tours.advise import advise
    from saphan.engines.timetable.tours.planning import plan

    def progress(better: Plan) -> None:
        _say({"plan": dump(better)})

    best = plan(problem, held=held, seed=seed, effort=effort, progress=progress,
                stop=lambda: told_to_end)
    _say({"plan": dump(best), "advice": dump(advise(problem, best, held))})
    return 0


def _say(what: dict[str, Any]) -> None:
    print(json.dumps(what, separators=(",", ":")), flush=True)


if __name__ == "__main__":
    sys.exit(main())
