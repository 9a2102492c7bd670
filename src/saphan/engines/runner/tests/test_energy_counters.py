"""The machine's counters, read from a tree that looks like Linux's."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saphan.engines.runner.counters import Counters, Interval, Reading, Unreadable, between
from saphan.engines.runner.energy import DEFAULT, Meter, Range
from saphan.engines.runner.grid import grid

GUANGXI = grid("CN", "GX")
SPAN = 262_143_328_850
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Used:
    cpu_s: float
    wall_s: float
    peak_mb: float


@dataclass
class Machine:
    """A machine of two packages with memory counters, cores inside, and a counter shown twice."""

    root: Path

    def __post_init__(self) -> None:
        self.powercap, self.stat = self.root / "powercap", self.root / "stat"
        self.zone("intel-rapl:0", "package-0", 1_000_000)
        self.zone("intel-rapl:0:0", "core", 700_000)
        self.zone("intel-rapl:0:1", "dram", 500_000)
        self.zone("intel-rapl:1", "package-1", 2_000_000)
        self.zone("intel-rapl:2", "psys", 9_000_000)
        self.zone("intel-rapl-mmio:0", "package-0", 1_000_000)
        self.cpu(busy_s=100, idle_s=900)

    def zone(self, folder: str, name: str, microjoules: int) -> None:
        path = self.powercap / folder
        path.mkdir(parents=True, exist_ok=True)
        (path / "name").write_text(f"{name}\n")
        (path / "energy_uj").write_text(f"{microjoules}\n")
        (path / "max_energy_range_uj").write_text(f"{SPAN}\n")

    def cpu(self, busy_s: float, idle_s: float) -> None:
        busy, idle = int(busy_s * TICK), int(idle_s * TICK)
        self.stat.write_text(f"cpu  {busy - 4} 1 1 {idle - 3} 3 1 1 0 0 0\ncpu0 1 2 3 4 5 6 7\n")

    @property
    def counters(self) -> Counters:
        return Counters(self.powercap, self.stat)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def later(reading: Reading, seconds: float) -> Reading:
    return replace(reading, at_s=reading.at_s + seconds)


def test_packages_and_memory_count_once_and_their_parts_not(machine: Machine) -> None:
    before = machine.counters.read()
    assert sorted(before.microjoules) == ["intel-rapl:0", "intel-rapl:0:1", "intel-rapl:1"]
    machine.zone("intel-rapl:0", "package-0", 31_000_000)
    machine.zone("intel-rapl:0:0", "core", 99_000_000)
    machine.zone("intel-rapl:0:1", "dram", 2_500_000)
    machine.zone("intel-rapl:1", "package-1", 12_000_000)
    machine.zone("intel-rapl:2", "psys", 99_000_000)
    machine.cpu(busy_s=103, idle_s=901)
    spent = between(before, later(machine.counters.read(), 2))
    assert spent.joules == pytest.approx(30 + 2 + 10)
    assert (spent.busy_s, spent.idle_s) == (pytest.approx(3), pytest.approx(1))
    assert spent.dram


def test_a_counter_that_went_round_goes_on_from_nothing(machine: Machine) -> None:
    machine.zone("intel-rapl:0", "package-0", SPAN - 1_000_000)
    before = machine.counters.read()
    machine.zone("intel-rapl:0", "package-0", 2_000_000)
    assert between(before, later(machine.counters.read(), 1)).joules == pytest.approx(3)


def test_the_run_gets_its_share_of_the_cpu_time(machine: Machine) -> None:
    spent = Interval(joules=40, busy_s=2, idle_s=6, wall_s=2, dram=True)
    share = spent.share(1.0)
    assert (share.low, share.central, share.high) == (1 / 8, (1 / 8 + 1 / 2) / 2, 1 / 2)


@given(st.floats(0, 1e4), st.floats(0, 1e4), st.floats(0, 1e4))
def test_no_run_gets_more_than_everything(cpu: float, busy: float, idle: float) -> None:
    share = Interval(1, busy, idle, 1, False).share(cpu)
    assert 0 <= share.low <= share.central <= share.high <= 1


def test_a_measured_label_holds_supply_and_overhead(machine: Machine) -> None:
    meter = Meter(GUANGXI, counters=machine.counters)
    before = meter.start()
    assert isinstance(before, Reading)
    before = replace(before, at_s=before.at_s - 2)  # two seconds ago
    machine.zone("intel-rapl:0", "package-0", 41_000_000)
    machine.cpu(busy_s=102, idle_s=906)
    label = meter.label(Used(cpu_s=1, wall_s=2, peak_mb=1_000_000), before)
    assert (label.tier, label.reason) == ("measured", "")
    assert label.energy is not None
    # dram is counted by the machine, so the huge memory of the run adds nothing
    assert label.energy.low == pytest.approx(40 / 8 * 1.06 * 1.0)
    assert label.energy.high == pytest.approx(40 / 2 * 1.25 * 1.2)
    assert label.co2e == GUANGXI.co2e(label.energy)


def test_memory_is_modelled_where_no_counter_counts_it(machine: Machine) -> None:
    machine.zone("intel-rapl:0:1", "uncore", 1)
    meter = Meter(GUANGXI, counters=machine.counters)
    before = meter.start()
    assert isinstance(before, Reading)
    label = meter.label(Used(0, 2, 1_000), replace(before, at_s=before.at_s - 2))
    assert label.tier == "measured"
    assert label.energy is not None
    assert label.energy.central == pytest.approx(2 * 0.38 * 1.1)


@pytest.mark.parametrize("why", ["no_counter", "no_permission", "broken", "no_stat"])
def test_where_the_counter_cannot_be_read_the_run_is_modelled_and_says_why(
        machine: Machine, monkeypatch: pytest.MonkeyPatch, why: str) -> None:
    if why == "no_counter":
        machine.powercap = machine.root / "none"
    elif why == "no_permission":
        # the test may run as root, whom the file's mode does not stop
        plain = Path.read_text

        def refuse(path: Path, *rest: object, **more: object) -> str:
            if path.name == "energy_uj":
                raise PermissionError(13, "Permission denied", str(path))
            return plain(path, *rest, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(Path, "read_text", refuse)
    elif why == "broken":
        (machine.powercap / "intel-rapl:0" / "energy_uj").write_text("?")
    else:
        machine.stat.unlink()
    meter = Meter(GUANGXI, counters=machine.counters)
    before = meter.start()
    label = meter.label(Used(1, 1, 100), before)
    assert label.tier == "modelled"
    assert label.reason == ("no_permission" if why == "no_permission" else "no_counter")
    assert label.energy is not None
    assert label.energy.low > 0


@pytest.mark.parametrize(("seconds", "why"), [(0.01, "too_short"), (3_600, "too_long")])
def test_an_interval_too_short_or_too_long_is_modelled(
        machine: Machine, seconds: float, why: str) -> None:
    meter = Meter(GUANGXI, counters=machine.counters)
    before = meter.start()
    assert isinstance(before, Reading)
    label = meter.label(Used(1, 1, 100), replace(before, at_s=time.monotonic() - seconds))
    assert (label.tier, label.reason) == ("modelled", why)


def test_counters_that_come_or_go_are_not_compared(machine: Machine) -> None:
    before = machine.counters.read()
    machine.zone("intel-rapl:3", "package-2", 5)
    with pytest.raises(Unreadable, match="counter_changed"):
        between(before, later(machine.counters.read(), 1))


def test_without_readings_a_run_is_modelled(machine: Machine) -> None:
    label = Meter(GUANGXI, counters=machine.counters).label(Used(1, 1, 100))
    assert (label.tier, label.reason) == ("modelled", "not_asked")


def test_the_default_model_is_ordered() -> None:
    for part in (DEFAULT.watts_per_cpu, DEFAULT.watts_per_gb, DEFAULT.overhead, DEFAULT.supply):
        assert isinstance(part, Range)
        assert 0 < part.low < part.central < part.high
