"""Watts of one busy thread and one busy core, whole server, from published SPECpower results.

    python bench/energy/specpower.py SPECpower-2026-03-09.csv

The table is the one of `data/` in github.com/cloud-carbon-footprint/ccf-coefficients (commit
b0032d9), taken from spec.org/power_ssj2008. Prints the percentiles behind `WATTS_PER_CPU` in
`saphan/engines/runner/energy.py`.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

PERCENTILES = (5, 25, 50, 75, 95)


def servers(table: Path) -> np.ndarray:
    """A row for each server: year of publication, watts at full load and idle, threads, cores."""
    rows = []
    with table.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            try:
                numbers = (int(row["Published"][-4:]), float(row["avg. watts @ 100%"]),
                           float(row["avg. watts @ active idle"]), int(row["Total Threads"]),
                           int(row["# Cores"]))
            except ValueError:  # a field is empty
                continue
            if 0 < numbers[3] <= 1_024 and numbers[4] > 0:
                rows.append(numbers)
    return np.array(rows)


def main() -> None:
    found = servers(Path(sys.argv[1]))
    print("| published | servers | watts | " + " | ".join(f"{p} %" for p in PERCENTILES) + " |")
    print("| --- | --- | --- |" + " --- |" * len(PERCENTILES))
    for first, last in ((2010, 2016), (2017, 2026)):
        chosen = found[(found[:, 0] >= first) & (found[:, 0] <= last)]
        full, idle, threads, cores = chosen[:, 1], chosen[:, 2], chosen[:, 3], chosen[:, 4]
        for name, watts in (("a thread, full load", full / threads), ("a core, full load",
                            full / cores), ("a thread, above idle", (full - idle) / threads)):
            cells = " | ".join(f"{value:.1f}" for value in np.percentile(watts, PERCENTILES))
            print(f"| {first}-{last} | {len(chosen)} | {name} | {cells} |")


if __name__ == "__main__":
    main()
