"""How many grams of CO2e a kilowatt-hour of electricity stands for, economy by economy.

`data/grid.csv` holds one row for each economy, and for provinces where official numbers exist; its
sources and licences stand in `data/SOURCES.md`. A centre names its row by economy and province.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from saphan.engines.runner.ranges import Range

TABLE = Path(__file__).parent / "data" / "grid.csv"
WORLD = "WORLD"
JOULES_PER_KWH = 3.6e6


@dataclass(frozen=True)
class Grid:
    """The electricity of one place: how dirty, in which year, said by whom."""

    code: str
    name_en: str
    bounds: Range
    """Grams of CO2e for a kWh."""
    year: int
    source: str
    url: str = ""

    @property
    def g_per_kwh(self) -> float:
        """The likeliest value alone, to name the grid with; count with the bounds."""
        return self.bounds.central

    def co2e(self, joules: Range) -> Range:
        """Grams of CO2e for so much energy. The bounds of both are combined."""
        return joules * self.bounds * (1 / JOULES_PER_KWH)


def read(path: Path = TABLE) -> dict[str, Grid]:
    """The rows of a table by code. ValueError, with the line, for a row that is not complete."""
    grids: dict[str, Grid] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 2):
            try:
                bounds = Range(*(float(row[name]) for name in ("low", "g_per_kwh", "high")))
                if not row["source"] or not row["url"]:
                    raise ValueError("no source")
                grids[row["code"]] = Grid(row["code"], row["name_en"], bounds, int(row["year"]),
                                          row["source"], row["url"])
            except (KeyError, TypeError, ValueError) as wrong:
                raise ValueError(f"{path.name}, line {number}: {wrong}") from wrong
    return grids


@cache
def ours() -> dict[str, Grid]:
    """The table that ships with the house."""
    return read()


def provinces(economy: str) -> Iterable[Grid]:
    """The rows for parts of an economy, to choose from."""
    return [grid for code, grid in ours().items() if code.startswith(f"{economy}-")]


def grid(economy: str = "", province: str = "") -> Grid:
    """The row for a place: the province's, else the economy's, else the world's with wide bounds.

    `economy` is an ISO 3166 alpha-2 code, `province` the part after it ("GX"), in any case.
    """
    economy, province = economy.strip().upper(), province.strip().upper()
    table = ours()
    for code in (f"{economy}-{province}", economy):
        if code in table:
            return table[code]
    return table[WORLD]


def own(g_per_kwh: float, year: int, source: str, low: float | None = None,
        high: float | None = None, name_en: str = "own") -> Grid:
    """A supplier's own figure, as an operator enters it. Without bounds it is taken within 10 %.

    ValueError without a source: a number that nobody can check is not shown.
    """
    if not source.strip():
        raise ValueError("an own figure needs its source")
    bounds = Range(0.9 * g_per_kwh if low is None else low, g_per_kwh,
                   1.1 * g_per_kwh if high is None else high)
    return Grid("OWN", name_en, bounds, year, source.strip())
