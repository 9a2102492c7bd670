"""Runs the solver in a process of its own, so that whoever asks stays light and answers."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from saphan.engines.timetable.problem import Plan
from saphan.engines.timetable.progress import Progress
from saphan.engines.timetable.wire import dump, load

_SOURCES = Path(__file__).resolve().parents[3]
_GRACE = 10.0
"""Seconds that the process has to say its best plan after it was told to end."""


class EngineFailed(RuntimeError):
    """The process died or refused the request; the message says why."""


def run(
    request: Mapping[str, object],
    *,
    report: Callable[[Progress], bool] | None = None,
    seconds: float,
    python: str = sys.executable,
) -> Plan:
    """The best plan that the process says. `request` is what `__main__` reads, with a Problem and
    Meetings as they are or as `dump` writes them. `seconds` of wall time; then the process is
    told to end, and killed if it does not. `report` hears of each progress; False ends it. Raises
    EngineFailed."""
    child = subprocess.Popen(  # noqa: S603 - our own module, with no word of anybody else's
        [python, "-m", "saphan.engines.timetable"],
        env={**os.environ, "PYTHONPATH": str(_SOURCES)},  # as this process found us
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
        encoding="utf-8",
    )
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, child.pid, 5)
    timers = [threading.Timer(seconds, _tell, (child, signal.SIGTERM))]
    timers.append(threading.Timer(seconds + _GRACE, _tell, (child, signal.SIGKILL)))
    errors: deque[str] = deque(maxlen=20)
    reader = threading.Thread(target=_drain, args=(child, errors), daemon=True)
    try:
        for timer in timers:
            timer.daemon = True
            timer.start()
        reader.start()
        return _listen(child, {key: dump(one) for key, one in request.items()}, report, errors)
    finally:
        for timer in timers:
            timer.cancel()
        _tell(child, signal.SIGKILL)
        child.wait()
        reader.join(timeout=1.0)
        for pipe in (child.stdin, child.stdout, child.stderr):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()


def _tell(child: subprocess.Popen[str], number: int) -> None:
    """Sends a signal to the process and all that it started, while it is ours to signal."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, number)


def _drain(child: subprocess.Popen[str], errors: deque[str]) -> None:
    assert child.stderr is not None
    with contextlib.suppress(ValueError):  # closed under our hands: the process is over
        errors.extend(line.rstrip() for line in child.stderr)


def _listen(
    child: subprocess.Popen[str],
    request: Mapping[str, Any],
    report: Callable[[Progress], bool] | None,
    errors: deque[str],
) -> Plan:
    assert child.stdin is not None and child.stdout is not None
    with contextlib.suppress(BrokenPipeError):  # it died early; its output says why
        child.stdin.write(json.dumps(request))
        child.stdin.close()
    best: Plan | None = None
    for line in child.stdout:
        try:
            said = json.loads(line)
        except ValueError:
            break  # cut off in the middle of a line by a kill
        if "error" in said:
            raise EngineFailed(str(said["error"]))
        progress = load(Progress, said)
        best = progress.plan or best
        if report is not None and not report(progress):
            _tell(child, signal.SIGTERM)
            report = None
        if progress.stage == "done":
            break
    if best is None:
        child.wait()
        raise EngineFailed("\n".join(errors) or f"ended with {child.returncode}, without a plan")
    return best
