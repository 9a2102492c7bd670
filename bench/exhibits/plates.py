"""Do the numbers on the exhibits' plates stand as they were measured?"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

COSTS = ("cpu_s", "p50_ms", "p95_ms", "peak_mb")
"""Keys of what a call costs. They depend on the machine, so a factor of two is allowed."""
FINEST_SHARE = Decimal("0.005")
"""A share is compared at two decimals at least: 0.9 on a plate says 0.90."""

Results = Mapping[str, Any]


def load(path: Path) -> Results:
    """What `run.py` kept, by slug; nothing if it never ran."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def disagreements(exhibits_folder: Path, results: Results) -> list[str]:
    """What on the plates was not measured so, in words; empty if all is well.

    Reads every `[[measure]]` of `<exhibits_folder>/<slug>/exhibit.toml` and looks for the row of
    the same key under `slug` in `results`. Numbers are compared at the decimals of the plate.
    """
    found = []
    for facts in sorted(exhibits_folder.glob("*/exhibit.toml")):
        slug = facts.parent.name
        told = tomllib.loads(facts.read_text(encoding="utf-8"), parse_float=Decimal)
        rows = {row["key"]: row for row in results.get(slug, {}).get("rows", ())}
        for measure in told.get("measure", []):
            key = measure.get("key", "?")
            row = rows.get(key)
            wrong = ["was not measured"] if row is None else _wrong(key, measure, row)
            found += [f"{slug}, {key}: {what}" for what in wrong]
    return found


def _wrong(key: str, measure: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[str]:
    unit = measure.get("unit", "share")
    if unit != row["unit"]:
        yield f"unit {unit}, measured in {row['unit']}"
        return
    needed = ("value",) if key in COSTS else ("value", "low", "high", "n")
    for name in ("value", "low", "high", "n", "baseline"):
        if name not in measure:
            if name in needed:
                yield f"{name} is missing on the plate"
        elif row.get(name) is None:
            yield f"{name} {measure[name]}, none was measured"
        elif not _agree(key, unit, name, Decimal(measure[name]), Decimal(repr(row[name]))):
            yield f"{name} {measure[name]}, measured {row[name]:.4g}"
    for name in ("set", "baseline_name"):
        if measure.get(name, row[name]) != row[name]:
            yield f"{name} “{measure[name]}”, measured on “{row[name]}”"


def _agree(key: str, unit: str, name: str, said: Decimal, measured: Decimal) -> bool:
    if name == "n":
        return said == measured
    if key in COSTS:
        return measured <= 2 * said and said <= 2 * measured
    exponent = said.as_tuple().exponent
    half = Decimal(5).scaleb(int(exponent) - 1)
    allowed = min(half, FINEST_SHARE) if unit == "share" else half
    return abs(said - measured) <= allowed + Decimal("1e-9")
