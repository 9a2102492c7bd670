"""What the sealed call costs beyond the call itself.

    python bench/sandbox/overhead.py [--calls 300]

The same function, called: directly in this process; in a plain subprocess that is started for each
call (what one would write first); in the supervisor's plain worker without a seal; sealed, warm;
sealed, with a clean fork for each visitor, at several resident sizes. Rounds are interleaved, so
that other load on the machine strikes all alike.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from common import LEVELS, ROOT, hall_at, part, put, table

from saphan.engines.runner import contract
from saphan.engines.runner.client import Hall
from saphan.engines.runner.folder import open_folder

ECHO = "@exhibit\ndef echo(text: Line) -> Say:\n    return Say('s', text=text)\n"
SIZES = (0, 64, 256, 1_024)
GIVEN = {"text": "ກະລຸນາ" * 20}


def grown(megabytes: int) -> str:
    """An exhibit that holds so much memory, every page of it written."""
    return (f"held = bytearray({megabytes} << 20)\n"
            f"for at in range(0, len(held), 4096): held[at] = 1\n{ECHO}")


def spawn(folder: Path) -> None:
    subprocess.run([sys.executable, "-c", "import sys; from pathlib import Path\n"
                    f"sys.path.insert(0, {str(ROOT / 'src')!r})\n"
                    "from saphan.engines.runner import contract\n"
                    f"contract.load(Path({str(folder)!r})).run({{'text': sys.argv[1]}})",
                    GIVEN["text"]], check=True)


def run_of(hall: Hall, path: Path) -> Callable[[], None]:
    folder = open_folder(path)  # once, as the house does

    def run() -> None:
        outcome = hall.run(folder, GIVEN)
        if outcome.kind != "done":
            raise SystemExit(f"{path.name}: {outcome}")
    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=300)
    calls = parser.parse_args().calls
    ways: dict[str, Callable[[], None]] = {}
    with ExitStack() as stack:
        hall, folder = stack.enter_context(hall_at("none", own=True))
        echo = put(folder, "echo", ECHO, "warm")
        direct = contract.load(echo)
        ways["direct, in this process"] = lambda: direct.run(GIVEN) and None
        ways["supervisor, plain worker, no seal"] = run_of(hall, echo)
        for level in LEVELS:
            hall, folder = stack.enter_context(hall_at(level))
            if hall.isolation()["level"] != level:
                print(f"{level}: not available here")
                continue
            ways[f"{level}, warm"] = run_of(hall, put(folder, "echo", ECHO, "warm"))
            for size in SIZES:
                ways[f"{level}, fork, holding {size} MB"] = run_of(hall, put(
                    folder, f"held{size}", grown(size), "fresh", "memory = 2048\nseconds = 60"))
        for way in ways.values():
            way()
        times: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(calls // 10):
            for name, way in ways.items():
                for _ in range(10):
                    began = time.perf_counter()
                    way()
                    times[name].append((time.perf_counter() - began) * 1e3)
        times["a subprocess started for each call"] = spawned = []
        for _ in range(10):
            began = time.perf_counter()
            spawn(echo)
            spawned.append((time.perf_counter() - began) * 1e3)
    base = statistics.median(times["direct, in this process"])
    table(("call", "n", "p50 ms", "p95 ms", "beyond direct (p50), ms"), [
        (name, len(each), f"{part(each, 0.5):.3f}", f"{part(each, 0.95):.3f}",
         f"{part(each, 0.5) - base:.3f}") for name, each in times.items()])
    cold()


def cold() -> None:
    """Starts of a worker, in milliseconds, and of the supervisor itself."""
    rows = []
    for level, own in (("none", True), *((level, False) for level in LEVELS)):
        began = time.perf_counter()
        with hall_at(level, own=own) as (hall, folder):
            if hall.isolation()["level"] != level:
                continue
            first = (time.perf_counter() - began) * 1e3
            starts = []
            for at in range(10):
                echo = put(folder, f"echo{at}", ECHO, "warm")
                began = time.perf_counter()
                run_of(hall, echo)()
                starts.append((time.perf_counter() - began) * 1e3)
        rows.append((level, f"{first:.0f}", f"{min(starts):.0f}", f"{part(starts, 0.5):.0f}",
                     f"{max(starts):.0f}"))
    table(("level", "supervisor starts and tries, ms", "first call of an exhibit: least ms",
           "median ms", "most ms"), rows)


if __name__ == "__main__":
    main()
