"""From a pasted table to one regular series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from saphan.engines.runner.media import Sheet
from saphan.engines.runner.refusal import Refusal

from .dates import PERIODS, Step, When, read, step_of

Floats = npt.NDArray[np.float64]
LEAST = 12
MOST_GAPS = 0.2
"""A larger share of missing steps (days without weekends) is taken as they stand, in order."""
CANDIDATES = (12, 7, 24, 4, 52)


@dataclass(frozen=True)
class Series:
    """Regular numbers. `filled`: steps that were missing and set between their neighbours.
    `period`: steps in which a pattern may return (12 for months), 1 for none."""

    name: str
    values: Floats
    labels: tuple[str, ...]
    period: int
    filled: int = 0
    step: Step | None = None
    last: int = 0

    def ahead(self, steps: int) -> list[str]:
        """Labels of the next steps."""
        if self.step is None:
            return [f"+{each}" for each in range(1, steps + 1)]
        return [self.step.label(self.last + each) for each in range(1, steps + 1)]


def read_series(sheet: Sheet, column: str = "", season: int = 0) -> Series:
    """The series in a table. `column`: its name, or empty for the first with numbers; `season`:
    its period, or 0 to find it. Refusals `no_number_column`, `no_such_column`, `too_few_numbers`,
    `constant`."""
    numbers = sheet.numbers()
    dates = _date_column(sheet, list(numbers))
    names = [name for name in numbers if name != dates]
    if not names:
        raise Refusal("no_number_column")
    wanted = {name.casefold(): name for name in names}
    if column and column.strip().casefold() not in wanted:
        raise Refusal("no_such_column", columns=", ".join(names))
    name = wanted[column.strip().casefold()] if column else names[0]
    whens = [read(cell) for cell in sheet.column(dates)] if dates else []
    series = _dated(name, numbers[name], whens) if whens else _plain(name, numbers[name])
    if len(series.values) < LEAST:
        raise Refusal("too_few_numbers", least=LEAST)
    if float(np.ptp(series.values)) == 0:
        raise Refusal("constant")
    return _with_period(series, season)


def _date_column(sheet: Sheet, numeric: list[str]) -> str:
    for name in sheet.columns:
        if [name] == numeric:  # the only numbers there are: what is to be forecast
            continue
        whens = [read(cell) for cell in sheet.column(name)]
        dated = [when for when in whens if when is not None]
        if len(dated) >= 0.8 * len(whens) and (name not in numeric or step_of(dated)):
            return name
    return ""


def _plain(name: str, values: list[float | None]) -> Series:
    whole, filled = _between(np.array([np.nan if v is None else v for v in values]))
    return Series(name, whole, tuple(str(at) for at in range(1, len(whole) + 1)), 1, filled)


def _dated(name: str, values: list[float | None], whens: list[When | None]) -> Series:
    pairs = sorted(((when, value) for when, value in zip(whens, values, strict=True)
                    if when is not None and value is not None), key=lambda pair: pair[0].at)
    step = step_of([when for when, _ in pairs])
    if step is None:
        return _plain(name, [value for _, value in pairs])
    at = np.array([step.number(when.at) for when, _ in pairs])
    size = int(at[-1] - at[0]) + 1
    if size - len(set(at.tolist())) > MOST_GAPS * size:
        whole = np.array([value for _, value in pairs])
        stamps = tuple(when.at.date().isoformat() for when, _ in pairs)
        return Series(name, whole, stamps, 1)
    sums = np.bincount(at - at[0], [value for _, value in pairs], size)
    counts = np.bincount(at - at[0], minlength=size)
    mean = np.divide(sums, counts, out=np.full(size, np.nan), where=counts > 0)
    whole, filled = _between(mean)
    labels = tuple(step.label(int(at[0]) + each) for each in range(size))
    return Series(name, whole, labels, PERIODS[step.name], filled, step, int(at[-1]))


def _between(values: Floats) -> tuple[Floats, int]:
    """Values with the missing set on the line between their neighbours, and how many were."""
    there = np.flatnonzero(np.isfinite(values))
    if not len(there):
        raise Refusal("no_number_column")
    values = values[there[0]:there[-1] + 1]
    missing = ~np.isfinite(values)
    spots = np.arange(len(values))
    filled = values.copy()
    filled[missing] = np.interp(spots[missing], spots[~missing], values[~missing])
    return filled, int(missing.sum())


def _with_period(series: Series, season: int) -> Series:
    period = season or (series.period if series.step else found_period(series.values))
    if len(series.values) < 2 * period + LEAST // 2:  # too short to see a pattern return
        period = 1
    return Series(series.name, series.values, series.labels, period, series.filled, series.step,
                  series.last)


def found_period(values: Floats) -> int:
    """The candidate lag at which the series (its straight line taken away) is most like itself;
    1 where no lag stands out."""
    spots = np.arange(len(values))
    flat = values - np.polyval(np.polyfit(spots, values, 1), spots)
    total = float(flat @ flat) or 1.0
    alike = {lag: float(flat[lag:] @ flat[:-lag]) / total * len(flat) / (len(flat) - lag)
             for lag in CANDIDATES if len(values) >= 2 * lag + LEAST // 2}
    best = max(alike, key=lambda lag: alike[lag], default=1)
    beside = float(flat[1:] @ flat[:-1]) / total
    stands_out = alike.get(best, 0) > max(2 / np.sqrt(len(values)), 0.3, beside)
    return best if stands_out else 1
