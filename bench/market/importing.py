"""Import many profiles as the import page does, kill it half-way, go on: is everything there?

    python bench/market/importing.py --rows 10000 --seed 5 [--no-kill] [--plain] [--data FOLDER]

A fresh house is made in a folder. A worker process takes the file in (checks it, loads it, brings
the search index in step) and is killed with SIGKILL when half of the rows are loaded; another one
goes on. Then every key must be there once, every fact in its chain, and the index must agree with
the records. `--plain` measures a lower bound instead: the same rows as one `bulk_create`, without
facts, organisations, concepts or index. Needs prepared models (SAPHAN_MODELS). Prints JSON;
`processor_s` is what the workers used of all cores together, whatever else the machine did.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

# Both say a line of JSON on what they did; the worker one now and then while it works.
WORKER = """
import json, resource, sys, threading, time
import django
django.setup()
import saphan.urls
from django.db import connection
from saphan.ground import jobs, ledger
from saphan.house.engine import engine
from saphan.people.models import Person
from saphan.rooms.market import imports
from saphan.rooms.market.models import ImportRun, Listing

desk = Person.objects.get(email="desk@example.org")
marks = {"started": time.time()}
jobs.resume_interrupted()
if not ImportRun.objects.exists():
    imports.begin(open(sys.argv[1], "rb").read(), file_name="profiles.jsonl", by=desk)

def tell():
    while True:
        run = ImportRun.objects.get()
        # The worker's own engine; opened once it indexes.
        print(json.dumps({"state": run.state, "done": run.done}), flush=True)
        if run.state == "loading":
            marks.setdefault("checked", time.time())
        if run.state in ("loaded", "refused"):
            marks["loaded"] = time.time()
            return
        time.sleep(0.2)

watch = threading.Thread(target=tell)
watch.start()
jobs.drain()
watch.join()
marks["indexed"] = time.time()
assert engine().index.cursor == ledger.head()[0]
print(json.dumps({"marks": marks, "memory_mb":
    resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}), flush=True)
"""

MAKE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
from saphan.people import actions
actions.load_economies()
person = actions.add_person("desk@example.org", password=None, by=None)
actions.grant_role(person, "clerk", by=None)
"""

INSPECT = """
import collections, json, sys
import django
django.setup()
import saphan.urls
from saphan.ground import ledger
from saphan.ground.models import Fact
from saphan.house import indexing
from saphan.house.engine import engine
from saphan.rooms.market.models import ImportRun, Listing
wanted = {json.loads(line)["key"] for line in open(sys.argv[1], encoding="utf-8")}
there = collections.Counter(Listing.objects.values_list("key", flat=True))
published = collections.Counter(Fact.objects.filter(name="listing.published").values_list(
    "subject_id", flat=True))
run = ImportRun.objects.get()
found = [hit for hit in engine().index.ids() if hit.startswith("market.listing.")]
print(json.dumps({"missing": len(wanted - set(there)), "strange": len(set(there) - wanted),
    "twice": sum(n > 1 for n in there.values()), "facts": Fact.objects.count(),
    "published_twice": sum(n > 1 for n in published.values()),
    "without_fact": len(there) - len(published), "ledger": ledger.verify().intact,
    "indexed": len(found), "index": indexing.verify(), "loaded": run.loaded,
    "unchanged": run.unchanged, "bad_rows": run.bad_rows, "state": run.state}))
"""

PLAIN = """
import json, sys, time
import django
django.setup()
import saphan.urls
from saphan.ground.text import Text
from saphan.people.models import Economy
from saphan.rooms.market import checking
from saphan.rooms.market.models import Listing
rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
started = time.time()
listings = []
for number, row in enumerate(rows):
    values = {}
    for name, value in row.items():
        if name in checking.WORDS:
            values[name] = Text.of(value, source=row["lang"])
        elif name in ("kind", "key", "lang", "sector", "keywords", "partnership", "stage", "trl"):
            values[name] = value
    listings.append(Listing(number=f"MKT-{number}", economy_id=row["economy"], example=True,
                            state="published", **values))
Listing.objects.bulk_create(listings, batch_size=500)
print(json.dumps({"seconds": round(time.time() - started, 1), "rows": len(rows)}))
"""


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "SAPHAN_HOME": str(home), "PYTHONPATH": str(ROOT / "src"),
            "DJANGO_SETTINGS_MODULE": "saphan.settings"}


def ask(program: str, home: Path, *words: str) -> str:
    done = subprocess.run([sys.executable, "-c", program, *words], env=environment(home),
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return done.stdout.strip().rpartition("\n")[2]


def work(home: Path, file: Path, *, kill_at: int | None = None) -> tuple[dict[str, Any], int]:
    """One worker until it is done, or killed at `kill_at` rows. What it said last, and how far it
    was when it was killed."""
    errors = (home / "worker.log").open("a")
    child = subprocess.Popen([sys.executable, "-c", WORKER, str(file)], env=environment(home),
                             stdout=subprocess.PIPE, stderr=errors, text=True)
    said: dict[str, Any] = {}
    peak = Peak(child.pid)
    peak.start()
    assert child.stdout is not None
    for line in child.stdout:
        said = json.loads(line)
        if kill_at is not None and said.get("done", 0) >= kill_at:
            child.send_signal(signal.SIGKILL)
            break
    child.wait()
    if kill_at is None and "marks" not in said:
        raise SystemExit((home / "worker.log").read_text()[-3000:])
    return {**said, "peak_mb": peak.megabytes}, said.get("done", 0)


class Peak(threading.Thread):
    """The most memory (RSS, MB) that a process is seen to have."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.megabytes = pid, 0

    def run(self) -> None:
        while True:
            try:
                pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
            except (OSError, IndexError):
                return
            self.megabytes = max(self.megabytes, pages * os.sysconf("SC_PAGE_SIZE") // 2**20)
            time.sleep(0.2)


def run(rows: int, seed: int, home: Path, *, kill: bool, plain: bool) -> dict[str, Any]:
    file = home / "profiles.jsonl"
    with file.open("w", encoding="utf-8") as out:
        subprocess.run([sys.executable, str(ROOT / "bench/market/profiles.py"), str(rows),
                        "--seed", str(seed)], stdout=out, check=True)
    ask(MAKE, home)
    if plain:
        return json.loads(ask(PLAIN, home, str(file)))
    report: dict[str, Any] = {"rows": rows, "cores": os.cpu_count(),
                              "load_before": round(os.getloadavg()[0], 2)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started, lost = time.time(), 0.0
    if kill:
        said, done = work(home, file, kill_at=rows // 2)
        report |= {"killed_at_row": done, "first_part_s": round(time.time() - started, 1),
                   "peak_mb_first": said["peak_mb"]}
        lost = time.time()
    said, _done = work(home, file)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    marks, first = said["marks"], report.get("killed_at_row", 0)
    begun = marks["started"] if kill else started
    report |= {"all_in_s": round(time.time() - started, 1),
               "processor_s": round(used.ru_utime + used.ru_stime - before.ru_utime
                                    - before.ru_stime, 1),
               "rows_per_s_all_in": round(rows / (time.time() - started), 1),
               "start_again_s": round(marks["started"] - lost, 1) if kill else None,
               "loading_s": round(marks["loaded"] - begun, 1),
               "index_after_loading_s": round(marks["indexed"] - marks["loaded"], 1),
               "rows_of_this_part": rows - first, "peak_mb": said["peak_mb"],
               "load_after": round(os.getloadavg()[0], 2)}
    return report | json.loads(ask(INSPECT, home, str(file)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--no-kill", action="store_true")
    parser.add_argument("--plain", action="store_true", help="the lower bound")
    parser.add_argument("--data", type=Path, help="an empty folder; default: a temporary one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        home = options.data or Path(made)
        home.mkdir(parents=True, exist_ok=True)
        report = run(options.rows, options.seed, home, kill=not options.no_kill,
                     plain=options.plain)
    print(json.dumps(report, indent=1))
    if options.plain:
        return 0
    whole = report["state"] == "loaded" and report["ledger"] and not report["index"] and not any(
        report[name] for name in ("missing", "strange", "twice", "published_twice",
                                  "without_fact", "bad_rows"))
    return 0 if whole and report["indexed"] == options.rows else 1


if __name__ == "__main__":
    raise SystemExit(main())
