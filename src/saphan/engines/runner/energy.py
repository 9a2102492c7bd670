"""The label of a run: its energy and its CO2e, as bounds, and how we know.

Three tiers, and the weakest word is always said:

- `measured`: the machine has an energy counter that we may read; the run has its share of it.
- `modelled`: CPU-seconds and memory times watts that are known for such machines. The usual case.
- `declared`: the exhibit runs outside the hall; its exhibitor says joules for a call, or nobody
  does: then energy and CO2e are unknown (None), never zero.

What a page weighs on its way to the visitor is another line (`page_energy`), never added here.
`docs/carbon.md` tells method, constants, sources and what is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, Protocol

from saphan.engines.runner.counters import Counters, Reading, Unreadable, between
from saphan.engines.runner.grid import JOULES_PER_KWH, Grid
from saphan.engines.runner.ranges import (
    ZERO,
    Range,
    shown_energy,
    shown_mass,
    two_figures,
)

Tier = Literal["measured", "modelled", "declared"]

LAMP_WATTS = 5.0
BYTES_PER_GB = 1e9
PAGE_KWH_PER_GB = Range(0.0065, 0.194, 0.66)
"""Operation of data centre (0.055), network (0.059) and visitor's device (0.080) for a gigabyte:
Sustainable Web Design Model 4, 2024. Low: a fixed network alone, 2020, extrapolated from Aslan et
al. 2018. High: version 3 of the same model, its operational part."""
REPEATED = 0.02
"""Share of a page that is loaded again on a later view: version 3 of that model, as in CO2.js."""


class Usage(Protocol):
    """What a run used: CPU-seconds, seconds by the clock, peak of resident megabytes."""

    @property
    def cpu_s(self) -> float: ...
    @property
    def wall_s(self) -> float: ...
    @property
    def peak_mb(self) -> float: ...


WATTS_PER_CPU = Range(2.0, 6.5, 12.0)
"""One busy hardware thread, with its part of the machine. SPECpower, 570 servers published 2017 to
2026, full load: 1.9 W a thread (lower quartile), 6.5 W a core (median), 11.3 W a core (95th
percentile); Green Algorithms takes 12 W for a core that is not known."""
WATTS_PER_GB = Range(0.08, 0.38, 0.63)
"""Resident memory: 0.37 to 0.39 in Green Algorithms and Cloud Carbon Footprint; the bounds are 5 W
for a module of 64 and of 8 GB."""
OVERHEAD = Range(1.0, 1.1, 1.2)
"""Times everything: cooling and supply around a machine that stands in a hall. A data centre has
1.56 on average (Uptime Institute, 2024): set it where the house runs in one."""
SUPPLY = Range(1.06, 1.11, 1.25)
"""Times what a counter measured, which sits behind the power supply: 94, 90 and 80 % efficiency,
best to least of the 80 PLUS classes. The modelled watts were measured at the wall already."""


@dataclass(frozen=True)
class Model:
    """Watts that stand for a machine. The defaults are wide: they hold for most servers and mini
    computers since 2017. An operator with a meter makes an own one with `metered`."""

    watts_per_cpu: Range = WATTS_PER_CPU
    watts_per_gb: Range = WATTS_PER_GB
    overhead: Range = OVERHEAD
    supply: Range = SUPPLY
    source: str = "default"

    @classmethod
    def metered(cls, idle_w: float, one_w: float, all_w: float, cpus: int, source: str,
                overhead: Range | None = None) -> Model:
        """From a plug meter: watts of the waiting machine, with one CPU busy, with all `cpus` busy.

        The bounds are what one more busy CPU adds alone, what it adds among all, and its part of
        the whole machine. ValueError unless idle_w <= one_w <= all_w.
        """
        if not (0 <= idle_w <= one_w <= all_w and cpus >= 1 and source.strip()):
            raise ValueError("watts must grow with the load, and name the meter and the day")
        bounds = sorted((one_w - idle_w, (all_w - idle_w) / cpus, all_w / cpus))
        return cls(Range(*bounds), ZERO, overhead or cls.overhead, cls.supply, source)


DEFAULT = Model()


@dataclass(frozen=True)
class Label:
    """What stands under a run. `energy` in joules, `co2e` in grams, None where nobody knows."""

    tier: Tier
    energy: Range | None
    co2e: Range | None
    grid: Grid
    reason: str = ""
    """Why the tier is not a better one, as a code: those of `counters.Unreadable`, `not_asked`
    (no counters were given), `outside` (declared by the exhibitor), `not_declared`."""

    @property
    def known(self) -> bool:
        return self.energy is not None


def modelled(usage: Usage, grid: Grid, model: Model = DEFAULT, reason: str = "not_asked") -> Label:
    """A label from CPU-seconds and memory: (CPU-s x W + s x GB x W/GB) x overhead."""
    energy = (model.watts_per_cpu * usage.cpu_s + _memory(usage, model)) * model.overhead
    return Label("modelled", energy, grid.co2e(energy), grid, reason)


def measured(usage: Usage, before: Reading, after: Reading, grid: Grid,
             model: Model = DEFAULT) -> Label:
    """A label from the machine's counters, read before and after the run; memory that they do not
    count is modelled. Where they cannot tell, the modelled label with the reason."""
    try:
        spent = between(before, after)
    except Unreadable as why:
        return modelled(usage, grid, model, str(why))
    counted = spent.share(usage.cpu_s) * spent.joules * model.supply
    energy = (counted if spent.dram else counted + _memory(usage, model)) * model.overhead
    return Label("measured", energy, grid.co2e(energy), grid)


def declared(joules: float | Range | None, grid: Grid) -> Label:
    """A label from what an exhibitor says of a call; None says nothing and stays unknown.

    `grid` is that of the place where it runs, usually the world's. A single number is taken as it
    stands: its bounds are the exhibitor's affair, and the tier says so.
    """
    if joules is None:
        return Label("declared", None, None, grid, "not_declared")
    energy = joules if isinstance(joules, Range) else Range.exactly(joules)
    return Label("declared", energy, grid.co2e(energy), grid, "outside")


class Meter:
    """Labels runs by the best means there is.

        meter = Meter(grid("CN", "GX"))
        before = meter.start()
        ... the run ...
        label = meter.label(usage, before)

    One meter serves many runs at once: it keeps no state of a run.
    """

    def __init__(self, grid: Grid, model: Model = DEFAULT,
                 counters: Counters | None = None) -> None:
        self.grid, self.model, self.counters = grid, model, counters or Counters()

    def start(self) -> Reading | str:
        """A reading to hand to `label`, or the code why there is none."""
        try:
            return self.counters.read()
        except Unreadable as why:
            return str(why)

    def label(self, usage: Usage, before: Reading | str = "not_asked") -> Label:
        """The label of a run that ends now and began at `before`."""
        after = before if isinstance(before, str) else self.start()
        if isinstance(before, str) or isinstance(after, str):
            return modelled(usage, self.grid, self.model, str(after))
        return measured(usage, before, after, self.grid, self.model)


def page_energy(size: int, first_view: bool = True) -> Range:
    """Joules for a page of `size` bytes as it was sent, on its way and on the visitor's screen.

    A later view loads a fiftieth again; where the bytes of that view are known, pass them with
    `first_view`. The bounds lie a hundredfold apart, because the literature does: a line of its
    own, to compare pages with each other and not with runs.
    """
    bytes_sent = size if first_view else size * REPEATED
    return PAGE_KWH_PER_GB * (bytes_sent / BYTES_PER_GB * JOULES_PER_KWH)


@dataclass(frozen=True)
class Total:
    """Many runs together. Unknown runs are counted, not guessed: the sums are of the others, and
    None where no run is known."""

    runs: int = 0
    unknown: int = 0
    tiers: Counter[str] = field(default_factory=Counter)
    energy: Range | None = None
    co2e: Range | None = None
    grids: tuple[str, ...] = ()

    def __add__(self, other: Total) -> Total:
        return Total(self.runs + other.runs, self.unknown + other.unknown,
                     self.tiers + other.tiers, _plus(self.energy, other.energy),
                     _plus(self.co2e, other.co2e),
                     tuple(sorted({*self.grids, *other.grids})))


def add(labels: Iterable[Label]) -> Total:
    """The sum of labels. Bounds add up, low with low and high with high: see `Range`."""
    total = Total()
    for label in labels:
        total += Total(1, int(not label.known), Counter([label.tier]), label.energy, label.co2e,
                       (f"{label.grid.code} {label.grid.year}",))
    return total


CSV_HEAD = ("exhibit", "runs", "unknown", "measured", "modelled", "declared", "joules_low",
            "joules", "joules_high", "grams_co2e_low", "grams_co2e", "grams_co2e_high", "grid")


def csv_row(exhibit: str, total: Total) -> tuple[str, ...]:
    """A row under `CSV_HEAD`: plain numbers with a point, four figures; empty where unknown."""
    counts = (total.runs, total.unknown, *(total.tiers[tier] for tier in CSV_HEAD[3:6]))
    return (exhibit, *(str(count) for count in counts), *_numbers(total.energy),
            *_numbers(total.co2e), "; ".join(total.grids))


def like(joules: float) -> tuple[str, Decimal]:
    """The same energy as something one knows: how long a lamp of 5 W shines on it.

    ("led_seconds", n) under a minute, ("led_minutes", n) under an hour, ("led_hours", n) above;
    n has two significant figures.
    """
    seconds = joules / LAMP_WATTS
    for name, size in (("led_hours", 3600.0), ("led_minutes", 60.0)):
        if seconds >= size:
            return name, two_figures(seconds / size)
    return "led_seconds", two_figures(seconds)


def _memory(usage: Usage, model: Model) -> Range:
    return model.watts_per_gb * (usage.wall_s * usage.peak_mb / 1000)


def _plus(one: Range | None, other: Range | None) -> Range | None:
    if one is None or other is None:
        return other if one is None else one
    return one + other


def _numbers(of: Range | None) -> tuple[str, str, str]:
    if of is None:
        return "", "", ""
    low, central, high = (format(Decimal(f"{number:.4g}"), "f")
                          for number in (of.low, of.central, of.high))
    return low, central, high


__all__ = ["CSV_HEAD", "DEFAULT", "Label", "Meter", "Model", "Range", "Tier", "Total", "Usage",
           "add", "csv_row", "declared", "like", "measured", "modelled", "page_energy",
           "shown_energy", "shown_mass", "two_figures"]
