"""Has tours planned in a process of its own, so that whoever asks does not load the solver."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from saphan.engines.timetable.tours.model import Held, Plan, Problem
from saphan.engines.timetable.wire import dump, load

_SOURCES = Path(__file__).resolve().parents[4]
_GRACE = 30.0


class ToursFailed(RuntimeError):
    """The process died or refused the request; the message says why."""


def plan(problem: Problem, *, held: Held | None = None, seed: int = 0, effort: float = 20.0,
         seconds: float = 120.0,
         progress: Callable[[Plan], bool] | None = None) -> tuple[Plan, dict[str, Any]]:
    """The best plan and the advice (as `advise.Advice` is written down). After `seconds` of wall
    time the process is told to end with the best so far. `progress` hears of each better plan;
    False ends it. Raises ToursFailed."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
        child = subprocess.Popen(  # our own module, with no word of anybody else's
            [sys.executable, "-m", "saphan.engines.timetable.tours"],
            env={**os.environ, "PYTHONPATH": str(_SOURCES)}, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8")
        timers = [threading.Timer(seconds, _tell, (child, signal.SIGTERM)),
                  threading.Timer(seconds + _GRACE, _tell, (child, signal.SIGKILL))]
        try:
            for timer in timers:
                timer.daemon = True
                timer.start()
            request = {"problem": dump(problem), "held": dump(held) if held else None,
                       "seed": seed, "effort": effort}
            return _listen(child, request, progress)
        except _Silent:
            errors.seek(0)
            raise ToursFailed(errors.read()[-2000:] or "ended without a plan") from None
        finally:
            for timer in timers:
                timer.cancel()
            _tell(child, signal.SIGKILL)
            child.wait()
            for pipe in (child.stdin, child.stdout):
                with contextlib.suppress(OSError):
                    if pipe is not None:
                        pipe.close()


class _Silent(Exception):
    pass


def _tell(child: subprocess.Popen[str], number: int) -> None:
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(number)


def _listen(child: subprocess.Popen[str], request: dict[str, Any],
            progress: Callable[[Plan], bool] | None) -> tuple[Plan, dict[str, Any]]:
    assert child.stdin is not None and child.stdout is not None
    with contextlib.suppress(BrokenPipeError):  # it died early; its output says why
        child.stdin.write(json.dumps(request))
        child.stdin.close()
    best: Plan | None = None
    advice: dict[str, Any] = {}
    for line in child.stdout:
        try:
            said = json.loads(line)
        except ValueError:
            break  # cut off in the middle of a line by a kill
        if "error" in said:
            raise ToursFailed(str(said["error"]))
        best, advice = load(Plan, said["plan"]), said.get("advice", advice)
        if progress is not None and not progress(best):
            _tell(child, signal.SIGTERM)
            progress = None
    if best is None:
        raise _Silent
    return best, advice
