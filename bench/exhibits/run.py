"""Measure the exhibits: `PYTHONPATH=src python bench/exhibits/run.py [slug …]`. See README.md."""

from __future__ import annotations

import argparse
import fcntl
import importlib.util
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import plates
from common import NoData, Row, table

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.json"
EXHIBITS = HERE.parents[1] / "src" / "saphan" / "exhibits"
MEASURES = re.compile(r"^def measure\(", re.MULTILINE)
"""A bench has this; other files in the folder only help benches."""
NO_DATA = 3
"""Exit status of a bench whose set is not there."""


def benches() -> dict[str, Path]:
    """The files that measure an exhibit, by slug."""
    found = {path.stem: path for path in sorted(HERE.glob("*.py"))
             if MEASURES.search(path.read_text(encoding="utf-8"))}
    for path in found.values():
        if path.stem in sys.stdlib_module_names:
            raise SystemExit(f"{path.name} hides a module of Python: name the exhibit otherwise")
    return found


def one(path: Path, data: Path | None) -> list[Row]:
    """What the bench at `path` measures. ValueError for two rows of one key."""
    spec = importlib.util.spec_from_file_location(f"bench_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    rows: list[Row] = module.measure(data)
    keys = [row.key for row in rows]
    if len(set(keys)) < len(keys):
        raise ValueError(f"{path.name}: two rows of one key among {keys}")
    return rows


def in_a_process(path: Path, data: Path | None) -> tuple[list[Row] | None, str]:
    """Rows of a bench run in a process of its own, or None and why there are none."""
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "rows.json"
        command = [sys.executable, __file__, path.stem, "--into", str(into)]
        done = subprocess.run(command + (["--data", str(data)] if data else []), check=False,
                              stderr=subprocess.PIPE, text=True)
        if done.returncode == 0:
            return [Row(**row) for row in json.loads(into.read_text(encoding="utf-8"))], ""
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        if done.returncode != NO_DATA:
            print(done.stderr, file=sys.stderr)
        return None, last


def machine() -> dict[str, Any]:
    """What the costs depend on."""
    return {"cpus": os.cpu_count(), "machine": platform.machine(),
            "python": platform.python_version(), "system": platform.system()}


def keep(slug: str, rows: Sequence[Row]) -> None:
    """Put the rows of one exhibit into results.json, which another run may be writing too."""
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = dict(plates.load(RESULTS))
        kept[slug] = {"measured": date.today().isoformat(), "machine": machine(),
                      "rows": [row.as_dict() for row in rows]}
        whole = json.dumps(dict(sorted(kept.items())), ensure_ascii=False, indent=1)
        RESULTS.write_text(whole + "\n", encoding="utf-8")


def run(wanted: Sequence[str], data: Path | None) -> int:
    """Measure, print the table, keep the numbers. 1 if a bench failed, 2 for a name not known."""
    known = benches()
    wanted = [slug.replace("-", "_") for slug in wanted]
    if unknown := [slug for slug in wanted if slug not in known]:
        print(f"no bench for {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    fresh: dict[str, list[Row]] = {}
    failed = {}
    for slug in wanted or known:
        print(f"{slug} …", file=sys.stderr, flush=True)
        rows, why = in_a_process(known[slug], data)
        if rows is None:
            failed[slug] = why
            continue
        fresh[slug] = rows
        keep(slug, rows)
    print(table(fresh))
    for slug, why in failed.items():
        print(f"\n{slug}: not measured: {why}")
    return 1 if failed else 0


def check(exhibits: Path = EXHIBITS, results: Mapping[str, Any] | None = None) -> int:
    """Print where plates and results disagree. 1 if they do."""
    wrong = plates.disagreements(exhibits, plates.load(RESULTS) if results is None else results)
    print("\n".join(wrong) or "plates and results agree")
    return 1 if wrong else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("slugs", nargs="*", help="exhibits; all if none is named")
    parser.add_argument("--data", type=Path, help="folder with sets that are not in the repository")
    parser.add_argument("--check", action="store_true", help="compare plates with results.json")
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.check:
        return check()
    if given.into is None:
        return run(given.slugs, given.data)
    try:
        rows = one(benches()[given.slugs[0]], given.data)
    except NoData as missing:
        print(missing, file=sys.stderr)
        return NO_DATA
    given.into.write_text(json.dumps([row.as_dict() for row in rows]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
