"""Attacks on the sandbox: what each did, sealed at both levels, and unsealed where that is safe.

    python bench/sandbox/attacks.py [--house http://127.0.0.1:8000] [--pages /en/,/en/about/]

With `--house`, also how long pages of a running house take before the attacks, during them, and
during as much honest work.
"""

from __future__ import annotations

import argparse
import http.client
import shutil
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from common import LEVELS, ROOT, hall_at, part, put, table

from saphan.engines.runner.client import Hall, Outcome
from saphan.engines.runner.supervisor import processes

HOSTILE = ROOT / "src" / "saphan" / "engines" / "runner" / "tests" / "hostile"
UNSEALED = ("loopback", "outside", "datagram", "spawn", "memory_file", "read_host_files",
            "proc_tricks", "symlink_tricks")
"""Attacks that do no harm where they succeed."""
BURN = ("import time\n@exhibit\ndef burn(text: Line) -> Say:\n    ends = time.process_time() + 1\n"
        "    while time.process_time() < ends: pass\n    return Say('s')\n")


def attacks() -> list[str]:
    from saphan.engines.runner.tests.hostile import exhibit

    return [name for name in exhibit.ATTACKS if name not in ("honest", "hide_its_cost")]


def put_hostile(folder: Path, mode: str) -> Path:
    made = folder / f"hostile_{mode}"
    shutil.copytree(HOSTILE, made, ignore=shutil.ignore_patterns("__pycache__"))
    (made / "exhibit.toml").write_text((made / "exhibit.toml").read_text() + f'mode = "{mode}"\n')
    (made / "way-out").symlink_to("/etc/passwd")
    return made


def what(outcome: Outcome) -> str:
    """An outcome in a few words."""
    if outcome.kind == "done" and outcome.answer:
        got = str(outcome.answer["parts"][0]["values"].get("got"))
        return "got " + " ".join(got.split())[:40]
    return f"{outcome.kind}: {outcome.reason}"[:76]


def left(hall: Hall) -> int:
    """Processes of workers beyond the workers themselves."""
    workers = hall.status()["workers"]
    seen = processes.everyone()
    return sum(len(processes.beneath(each["pid"], seen)) for each in workers) - len(workers)


def try_all(level: str, mode: str, names: list[str], *, own: bool = False) -> int:
    """Print a table; returns how many attacks got anything or left anything."""
    rows, bad = [], 0
    with hall_at(level, own=own) as (hall, folder):
        found = hall.isolation()
        if found["level"] != level:
            print(f"{level}: not available here. {' '.join(found['reasons'])}\n")
            return 0
        hostile = put_hostile(folder, mode)
        hall.describe(hostile)
        for name in names:
            began = time.perf_counter()
            outcome = hall.run(hostile, {"what": name}, visitor="stranger",
                               seconds=1 if "loop" in name and "back" not in name else 20)
            took = (time.perf_counter() - began) * 1e3
            after = hall.run(hostile, {"what": "honest"}, visitor="next", seconds=20)
            remain, fine = left(hall), what(after) == "got fine"
            rows.append((name, what(outcome).replace("|", "/"), f"{took:.0f}", remain,
                         "yes" if fine else "NO"))
            harmless = outcome.kind != "done" or name == "speak_for_the_worker"
            bad += not (harmless and fine and not remain)
    title = "plain subprocess, limits alone" if level == "none" else level
    print(f"### {title}, {mode}\n")
    table(("attack", "what happened", "ms", "processes left", "next call fine"), rows)
    return bad


def pages_take(house: str, paths: list[str], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each page, asked for one after another over one connection."""
    where = urlsplit(house)
    times: dict[str, list[float]] = {path: [] for path in paths}
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
    for _ in range(rounds):
        for path in paths:
            began = time.perf_counter()
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            times[path].append((time.perf_counter() - began) * 1e3)
            if answer.status != 200:
                raise SystemExit(f"{path}: {answer.status}")
    connection.close()
    return times


def under_attack(house: str, paths: list[str], rounds: int) -> None:
    """p50 and p95 of pages: at rest, during honest work on all slots, during attacks."""
    pages_take(house, paths, 5)
    found = {"before": pages_take(house, paths, rounds)}
    for title, names in (("honest work on all slots", []), ("attacks on all slots", attacks())):
        with hall_at("bubblewrap") as (hall, folder):
            hostile, burn = put_hostile(folder, "fresh"), put(folder, "burn", BURN, "warm")
            stop, runs = threading.Event(), [0]

            def keep_busy(which: int, hall: Hall = hall, names: list[str] = names,
                          hostile: Path = hostile, burn: Path = burn,
                          stop: threading.Event = stop, runs: list[int] = runs) -> None:
                at = which * 7
                while not stop.is_set():
                    if names:
                        hall.run(hostile, {"what": names[at % len(names)]}, visitor=str(which),
                                 seconds=1)
                    else:
                        hall.run(burn, {"text": ""}, visitor=str(which))
                    at, runs[0] = at + 1, runs[0] + 1

            threads = [threading.Thread(target=keep_busy, args=(each,)) for each in range(4)]
            for each in threads:
                each.start()
            time.sleep(1)
            found[title] = pages_take(house, paths, rounds)
            stop.set()
            for each in threads:
                each.join()
            title_runs = f"{title} ({runs[0]} runs)"
            found[title_runs] = found.pop(title)
    rows = []
    for path in paths:
        base = part(found["before"][path], 0.95)
        for title, times in found.items():
            p95 = part(times[path], 0.95)
            rows.append((path, title, len(times[path]), f"{part(times[path], 0.5):.1f}",
                         f"{p95:.1f}", f"{(p95 / base - 1) * 100:+.0f} %"))
    print("### Pages of the house\n")
    table(("page", "while", "n", "p50 ms", "p95 ms", "p95 against before"), rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--house", help="the address of a running house")
    parser.add_argument("--pages", default="/", help="paths, with commas between")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--pages-only", action="store_true", help="leave out the table of attacks")
    asked = parser.parse_args()
    bad = 0
    if asked.house:
        under_attack(asked.house, asked.pages.split(","), asked.rounds)
    if asked.pages_only:
        return
    for level in LEVELS:
        for mode in ("fresh", "warm"):
            bad += try_all(level, mode, attacks())
    try_all("none", "fresh", list(UNSEALED), own=True)
    print(f"Attacks that got something, left something or spoilt the next call: {bad}.")
    raise SystemExit(bad > 0)


if __name__ == "__main__":
    main()
