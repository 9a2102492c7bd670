"""What the benches of all exhibits share: a measured number, what a call costs, the table."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

from plates import COSTS


class NoData(Exception):
    """The set that a bench needs is not there; the message says which and from where."""


@dataclass(frozen=True)
class Row:
    """One measured number with the bounds of its 95 % interval.

    `unit` is "share" (0 to 1) or what is counted ("ms", "CPU-s", "MB" …), `n` how many cases were
    measured, `set` which. ValueError where the bounds do not hold the value.
    """

    key: str
    value: float
    low: float
    high: float
    n: int
    unit: str
    set: str
    baseline: float | None = None
    baseline_name: str = ""

    def __post_init__(self) -> None:
        numbers = [self.low, self.value, self.high]
        numbers += [] if self.baseline is None else [self.baseline]
        if not all(isfinite(number) for number in numbers):
            raise ValueError(f"{self.key}: not a number")
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.key}: {self.low} <= {self.value} <= {self.high} does not hold")
        if self.unit == "share" and not 0 <= self.low <= self.high <= 1:
            raise ValueError(f"{self.key}: a share lies between 0 and 1")
        if self.n < 1:
            raise ValueError(f"{self.key}: nothing was measured")

    def as_dict(self) -> dict[str, Any]:
        return {name: float(value) if name in ("value", "low", "high") else value
                for name, value in asdict(self).items()}


def costs(call: Callable[..., Any], inputs: Sequence[Any], *, set: str = "examples") -> list[Row]:
    """What one call costs: rows `cpu_s` (median), `p50_ms`, `p95_ms`, `peak_mb`.

    `call` is warmed up with the first input and then gets each in turn; a tuple is passed as
    arguments. CPU-seconds count all threads and finished child processes. The memory is the peak
    that was resident in this process or its largest child. The bounds are the smallest and the
    largest of the calls, not a confidence interval: other load on the machine decides them.
    """
    if not inputs:
        raise ValueError("no inputs")
    _do(call, inputs[0])
    cpu, wall = [], []
    for given in inputs:
        cpu_before, before = _cpu(), time.perf_counter()
        _do(call, given)
        wall.append((time.perf_counter() - before) * 1000)
        cpu.append(_cpu() - cpu_before)
    peak = max(resource.getrusage(who).ru_maxrss
               for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    n = len(inputs)
    return [
        Row("cpu_s", statistics.median(cpu), min(cpu), max(cpu), n, "CPU-s", set),
        Row("p50_ms", statistics.median(wall), min(wall), max(wall), n, "ms", set),
        Row("p95_ms", _at(wall, 0.95), min(wall), max(wall), n, "ms", set),
        Row("peak_mb", peak, peak, peak, n, "MB", set),
    ]


def _do(call: Callable[..., Any], given: Any) -> None:
    if isinstance(given, tuple):
        call(*given)
    else:
        call(given)


def _cpu() -> float:
    """CPU-seconds of this process, its threads and its finished children so far."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _at(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


HEAD = ("exhibit", "set", "n", "measure", "value", "baseline", "CPU-s", "p50/p95 ms", "peak MB")


def table(measured: Mapping[str, Sequence[Row]]) -> str:
    """A Markdown table: for each exhibit its rows, the costs in the columns of the first."""
    lines = ["| " + " | ".join(HEAD) + " |", "| " + " | ".join("---" for _ in HEAD) + " |"]
    for slug, rows in measured.items():
        cost = {row.key: row for row in rows if row.key in COSTS}
        others: list[Row | None] = [row for row in rows if row.key not in COSTS] or [None]
        for number, row in enumerate(others):
            cells = [slug, *_measure_cells(row), *(_cost_cells(cost) if number == 0 else [""] * 3)]
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def _measure_cells(row: Row | None) -> list[str]:
    if row is None:
        return [""] * 5
    value = f"{_short(row.value)} [{_short(row.low)}-{_short(row.high)}]"
    if row.unit != "share":
        value += f" {row.unit}"
    baseline = "" if row.baseline is None else f"{_short(row.baseline)} {row.baseline_name}".strip()
    return [row.set, str(row.n), row.key, value, baseline]


def _cost_cells(cost: Mapping[str, Row]) -> list[str]:
    def said(key: str) -> str:
        return _short(cost[key].value) if key in cost else "?"

    return [said("cpu_s"), f"{said('p50_ms')} / {said('p95_ms')}", said("peak_mb")] if cost else [
        "", "", ""]


def _short(number: float) -> str:
    """Three significant figures, without an exponent."""
    if number == 0:
        return "0"
    text = f"{number:.3g}"
    return f"{float(text):.0f}" if "e" in text and abs(number) >= 1 else (
        f"{number:.6f}".rstrip("0") if "e" in text else text)
