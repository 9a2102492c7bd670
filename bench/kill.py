"""Kill a writing house at random moments and look whether anything was lost or half done.

    python bench/kill.py --times 50 [--seed 1]

Each round starts a process that imports a file of records, edits records and brings the search
index in step, kills it (`kill -9`) after a random time, and then asks: is the database file sound,
is every fact in its chain, does the index come in step and agree with the records, and does the
interrupted import go on to the full count? tests/test_kill.py runs a handful of rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROWS = 80
WORDS = ("camera", "durian", "harbour", "customs", "translation", "rice", "inspection", "tutor",
         "drone", "shrimp", "voice", "invoice", "cold chain", "rubber", "textile", "diagnosis")

# What the child does until it is killed. It goes on where the one before it stopped.
WRITER = """
import random, sys, threading
import django
django.setup()
from django.utils import translation
from saphan.ground import jobs
from saphan.house import indexing
from saphan.house.engine import engine
from saphan.people.models import Person
from saphan.rooms.market import actions, imports
from saphan.rooms.market.models import ImportRun, Listing

engine()
desk = Person.objects.get(email="desk@example.org")
dice = random.Random(int(sys.argv[1]))
jobs.resume_interrupted()
if not ImportRun.objects.exists():
    imports.begin(open(sys.argv[2], "rb").read(), file_name="rows.jsonl", by=desk)
print("writing", flush=True)
threading.Thread(target=lambda: [indexing.catch_up() for _ in iter(int, 1)], daemon=True).start()
jobs.drain()
while True:
    listing = Listing.objects.order_by("pk")[dice.randrange(Listing.objects.count())]
    verb = dice.choice(["edit", "pause", "resume"])
    try:
        if verb == "edit":
            actions.save(listing, {"summary": listing.summary.with_words(
                "en", f"Summary {dice.random()}")}, by=desk)
        else:
            actions.BY_TRANSITION[verb](listing, by=desk)
    except Exception as error:
        if type(error).__name__ != "Refused":
            raise
"""

# What is asked after each kill. Prints one JSON object.
INSPECTOR = """
import json
import django
django.setup()
from saphan.ground import jobs, ledger
from saphan.house import indexing
from saphan.rooms.market.models import ImportRun, Listing

report = ledger.verify()
behind = report.count - __import__("saphan.house.engine", fromlist=["engine"]).engine().index.cursor
indexing.catch_up()
print(json.dumps({"ledger": report.intact, "facts": report.count, "behind": behind,
                  "index": indexing.verify(), "listings": Listing.objects.count(),
                  "without_fact": Listing.objects.count() - len(set(
                      __import__("saphan.ground.models", fromlist=["Fact"]).Fact.objects.filter(
                          subject_type="market.listing").values_list("subject_id", flat=True))),
                  "imports": list(ImportRun.objects.values_list("state", flat=True))}))
"""

FINISHER = """
import django
django.setup()
from saphan.ground import jobs
jobs.resume_interrupted()
jobs.drain()
"""


@dataclass
class Tally:
    """What all rounds together found. `problems` should be empty."""

    kills: int = 0
    during_import: int = 0
    index_behind: int = 0
    facts: int = 0
    problems: list[str] = field(default_factory=list)


def rows(path: Path) -> None:
    dice = random.Random(7)
    with path.open("w") as file:
        for number in range(ROWS):
            topic = ", ".join(dice.sample(WORDS, 3))
            file.write(json.dumps({
                "key": f"kill-{number}", "kind": "technology_offer", "lang": "en", "example": True,
                "sector": "agriculture", "title": f"Offer {number}: {topic}",
                "summary": f"About {topic}.", "description": f"A made-up record on {topic}. " * 3,
                "organisation": {"name": {"en": f"Example {number % 7}"}, "economy": "TH",
                                 "kind": "company"}}) + "\n")


def run(times: int, seed: int, *, models: str, tell: bool = False) -> Tally:
    """So many kills, a new house every five of them so that imports are interrupted often."""
    tally, dice = Tally(), random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="saphan-kill-") as folder:
        home = Path(folder) / "house"
        for number in range(times):
            if number % 5 == 0:
                if number:
                    _finish(home, tally)
                home = _new_house(Path(folder) / f"house-{number}", models)
            _kill_once(home, dice, tally)
            if tell:
                print(f"{tally.kills} kills, {tally.facts} facts, {len(tally.problems)} problems",
                      flush=True)
        _finish(home, tally)
    return tally


def _environment(home: Path, models: str = "") -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SAPHAN_")}
    models = models or str(home.parent / "models")
    return {**kept, "PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "saphan.settings",
            "SAPHAN_HOME": str(home), "SAPHAN_LOG": "CRITICAL", "SAPHAN_MODELS": models}


def _python(home: Path, *arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], env=_environment(home, _models[0]),
                          capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        raise AssertionError(done.stderr[-2000:])
    return done.stdout


_models = [""]


def _new_house(home: Path, models: str) -> Path:
    _models[0] = models
    _python(home, "-m", "saphan", "setup")
    _python(home, "-m", "saphan", "person", "add", "desk@example.org", "--no-password",
            "--role", "clerk")
    rows(home / "rows.jsonl")
    return home


def _kill_once(home: Path, dice: random.Random, tally: Tally) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(dice.randrange(10**6)), str(home / "rows.jsonl")],
        env=_environment(home, _models[0]), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert writer.stdout is not None and writer.stderr is not None
    if writer.stdout.readline() != b"writing\n":
        raise AssertionError(writer.stderr.read().decode()[-2000:])
    # Every other kill waits for the import to be under way; the others come at any time.
    if tally.kills % 2 or not _import_reaches(home, dice.randrange(1, ROWS // 2)):
        time.sleep(dice.uniform(0.0, 4.0))
    if writer.poll() is not None:
        raise AssertionError(writer.stderr.read().decode()[-2000:])
    writer.send_signal(signal.SIGKILL)
    writer.communicate()
    tally.kills += 1
    _inspect(home, tally, ended=False)


def _import_reaches(home: Path, count: int, *, within: float = 10.0) -> bool:
    """Wait until so many more records are loaded; False if the import is over before."""
    ends = time.monotonic() + within
    with sqlite3.connect(f"file:{home / 'saphan.sqlite3'}?mode=ro", uri=True) as connection:
        wanted = connection.execute("SELECT count(*) FROM market_listing").fetchone()[0] + count
        while time.monotonic() < ends:
            loaded, = connection.execute("SELECT count(*) FROM market_listing").fetchone()
            if loaded >= ROWS:
                return False
            if loaded >= wanted:
                return True
            time.sleep(0.002)
    return False


def _finish(home: Path, tally: Tally) -> None:
    """Let the import that was interrupted come to its end, and count."""
    _python(home, "-c", FINISHER)
    _inspect(home, tally, ended=True)


def _inspect(home: Path, tally: Tally, *, ended: bool) -> None:
    where = f"after kill {tally.kills}"
    with sqlite3.connect(home / "saphan.sqlite3") as connection:
        sound = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if sound != "ok":
        tally.problems.append(f"{where}: integrity_check says {sound}")
    found = json.loads(_python(home, "-c", INSPECTOR))
    tally.during_import += not ended and found["imports"] != ["loaded"]
    tally.index_behind += not ended and found["behind"] > 0
    tally.facts = found["facts"]
    if not found["ledger"]:
        tally.problems.append(f"{where}: the ledger is broken")
    if found["index"]:
        tally.problems.append(f"{where}: {found['index'][:3]}")
    if found["without_fact"]:
        tally.problems.append(f"{where}: {found['without_fact']} listings without a fact")
    if ended and (found["imports"], found["listings"]) != (["loaded"], ROWS):
        tally.problems.append(f"{where}: the import ended as {found['imports']} with "
                              f"{found['listings']} of {ROWS} records")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    models = os.environ.get("SAPHAN_MODELS", str(ROOT / "var" / "models"))
    tally = run(options.times, options.seed, models=models, tell=True)
    print(f"{tally.kills} kills, {tally.during_import} of them during the import, "
          f"{tally.index_behind} with the index behind; {len(tally.problems)} problems")
    print("\n".join(tally.problems))
    return 1 if tally.problems else 0


if __name__ == "__main__":
    sys.exit(main())
