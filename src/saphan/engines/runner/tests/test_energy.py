"""The label never claims more than is known."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import floor, log10

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saphan.engines.runner.energy import (
    CSV_HEAD,
    LAMP_WATTS,
    Model,
    Range,
    add,
    csv_row,
    declared,
    like,
    modelled,
    page_energy,
    shown_energy,
    shown_mass,
    two_figures,
)
from saphan.engines.runner.grid import grid
from saphan.engines.runner.ranges import ENERGY_UNITS, MASS_UNITS

GUANGXI = grid("CN", "GX")


@dataclass(frozen=True)
class Used:
    cpu_s: float
    wall_s: float
    peak_mb: float


seconds = st.floats(0, 1e5)
usages = st.builds(Used, seconds, seconds, st.floats(0, 1e6))
amounts = st.floats(1e-9, 1e12)
grids = st.sampled_from(["", "CN", "VN", "LA"]).map(grid)


def test_the_worked_example_of_the_document_comes_out() -> None:
    label = modelled(Used(cpu_s=0.0072, wall_s=0.0072, peak_mb=144), GUANGXI)
    assert label.energy is not None
    assert label.co2e is not None
    assert shown_energy(label.energy.low, label.energy.high) == (Decimal(14), Decimal(100), "mJ")
    assert shown_mass(label.co2e.low, label.co2e.high) == (Decimal("1.5"), Decimal(16), "µg")
    assert like(label.energy.central) == ("led_seconds", Decimal("0.010"))


def test_a_second_of_one_cpu_costs_what_the_formula_says() -> None:
    label = modelled(Used(cpu_s=1.0, wall_s=1.0, peak_mb=450), GUANGXI)
    assert label.tier == "modelled"
    assert label.energy is not None
    assert label.co2e is not None
    assert label.energy.low == pytest.approx(2.036)
    assert label.energy.central == pytest.approx((6.5 + 0.38 * 0.45) * 1.1)
    assert label.energy.high == pytest.approx((12 + 0.63 * 0.45) * 1.2)
    assert label.co2e.central == pytest.approx(7.3381 / 3.6e6 * 448)
    assert shown_energy(label.energy.low, label.energy.high) == (
        Decimal("2.0"), Decimal("15"), "J")
    assert shown_mass(label.co2e.low, label.co2e.high) == (Decimal("0.21"), Decimal("2.2"), "mg")


@given(usages, grids)
def test_the_likeliest_value_lies_between_its_bounds(used: Used, place: object) -> None:
    label = modelled(used, place)  # type: ignore[arg-type]
    for of in (label.energy, label.co2e):
        assert of is not None
        assert 0 <= of.low <= of.central <= of.high


@given(usages, st.floats(0, 1e5), st.floats(0, 1e5), st.floats(0, 1e6))
def test_more_work_time_or_memory_never_costs_less(
        used: Used, cpu: float, wall: float, memory: float) -> None:
    less = modelled(used, GUANGXI)
    more = modelled(Used(used.cpu_s + cpu, used.wall_s + wall, used.peak_mb + memory), GUANGXI)
    assert less.energy is not None
    assert more.energy is not None
    assert more.energy.low >= less.energy.low
    assert more.energy.central >= less.energy.central
    assert more.energy.high >= less.energy.high


@given(amounts)
def test_two_figures_are_two_and_the_nearest(value: float) -> None:
    rounded = two_figures(value)
    digits = rounded.as_tuple().digits
    significant = len(digits) - (int(rounded.adjusted() >= 2) and len(digits) - 2)
    assert significant == 2
    assert set(digits[2:]) <= {0}
    step = 10 ** (floor(log10(value)) - 1)
    assert abs(float(rounded) - value) <= step * 0.5001


@pytest.mark.parametrize(("value", "said"), [
    (0, "0"), (1, "1.0"), (0.996, "1.0"), (9.96, "10"), (99.7, "100"), (0.0123, "0.012"),
    (0.0125, "0.013"), (123.4, "120"), (5e-7, "0.00000050"), (1_250_000, "1300000")])
def test_two_figures_show_the_digits_that_count(value: float, said: str) -> None:
    assert format(two_figures(value), "f") == said


@given(amounts, st.floats(0, 1))
def test_a_shown_range_keeps_order_and_size(high: float, part: float) -> None:
    for shown, units in ((shown_energy, ENERGY_UNITS), (shown_mass, MASS_UNITS)):
        low_said, high_said, unit = shown(high * part, high)
        size = {name: size for size, name in units}[unit]
        assert low_said <= high_said
        assert float(high_said) * size == pytest.approx(high, rel=0.051)
        assert high_said >= 1 or unit == units[0][1]


@pytest.mark.parametrize(("joules", "said"), [
    (0.00042, ("0.42", "mJ")), (0.02, ("20", "mJ")), (0.9999, ("1.0", "J")), (7.33, ("7.3", "J")),
    (999.9, ("1.0", "kJ")), (3_400, ("3.4", "kJ")), (3_600, ("1.0", "Wh")), (54_000, ("15", "Wh")),
    (3_600_000, ("1.0", "kWh")), (0, ("0", "mJ"))])
def test_energy_takes_the_unit_that_suits_it(joules: float, said: tuple[str, str]) -> None:
    low, high, unit = shown_energy(joules, joules)
    assert (format(high, "f"), unit) == said
    assert low == high


@pytest.mark.parametrize(("grams", "said"), [
    (4e-7, ("0.40", "µg")), (0.0000128, ("13", "µg")), (0.0009, ("900", "µg")),
    (0.00099999, ("1.0", "mg")), (0.9, ("900", "mg")), (12.34, ("12", "g")),
    (1_000, ("1.0", "kg"))])
def test_mass_takes_the_unit_that_suits_it(grams: float, said: tuple[str, str]) -> None:
    _, high, unit = shown_mass(0, grams)
    assert (format(high, "f"), unit) == said


def test_what_nobody_declares_stays_unknown() -> None:
    label = declared(None, grid())
    assert (label.tier, label.energy, label.co2e) == ("declared", None, None)
    assert label.reason == "not_declared"
    assert not label.known


def test_what_an_exhibitor_declares_keeps_the_bounds_of_the_grid() -> None:
    label = declared(360.0, grid())
    assert label.energy == Range.exactly(360)
    assert label.co2e is not None
    assert label.co2e.central == pytest.approx(360 / 3.6e6 * 473)
    assert label.co2e.low < label.co2e.central < label.co2e.high


@given(st.lists(usages, min_size=1, max_size=6))
def test_bounds_of_runs_add_up(several: list[Used]) -> None:
    labels = [modelled(used, GUANGXI) for used in several]
    total = add(labels)
    assert total.runs == len(several)
    assert total.energy is not None
    for bound in ("low", "central", "high"):
        assert getattr(total.energy, bound) == pytest.approx(
            sum(getattr(label.energy, bound) for label in labels))


def test_unknown_runs_are_counted_and_not_guessed() -> None:
    one = modelled(Used(1, 1, 100), GUANGXI)
    total = add([one, declared(None, grid()), declared(10.0, grid())])
    assert (total.runs, total.unknown) == (3, 1)
    assert dict(total.tiers) == {"modelled": 1, "declared": 2}
    assert total.energy is not None
    assert one.energy is not None
    assert total.energy.central == pytest.approx(one.energy.central + 10)
    assert add([declared(None, grid())]).energy is None
    assert add([]).energy is None


def test_a_row_of_the_table_has_every_column_and_says_nothing_of_the_unknown() -> None:
    row = csv_row("mood", add([modelled(Used(1e-5, 1e-5, 1), GUANGXI), declared(None, grid())]))
    assert len(row) == len(CSV_HEAD)
    said = dict(zip(CSV_HEAD, row, strict=True))
    assert (said["runs"], said["unknown"], said["modelled"]) == ("2", "1", "1")
    assert float(said["joules_low"]) == pytest.approx(2e-5, rel=1e-3)
    assert "e" not in said["grams_co2e_low"].lower()
    assert said["grid"] == "CN-GX 2023; WORLD 2024"
    unknown = dict(zip(CSV_HEAD, csv_row("far", add([declared(None, grid())])), strict=True))
    assert unknown["joules"] == unknown["grams_co2e"] == ""


@given(st.integers(0, 10**10), st.integers(0, 10**10))
def test_a_heavier_page_never_weighs_less(one: int, more: int) -> None:
    assert page_energy(one + more).central >= page_energy(one).central


def test_a_page_costs_what_the_model_says_and_a_later_view_a_fiftieth() -> None:
    page = page_energy(1_000_000_000)
    assert page.central == pytest.approx((0.055 + 0.059 + 0.080) * 3.6e6)
    assert page_energy(1_000_000_000, first_view=False).central == pytest.approx(page.central / 50)
    assert page_energy(0) == Range(0, 0, 0)


@pytest.mark.parametrize(("joules", "said"), [
    (7.3, ("led_seconds", "1.5")), (0.02, ("led_seconds", "0.0040")), (600, ("led_minutes", "2.0")),
    (90_000, ("led_hours", "5.0"))])
def test_energy_is_likened_to_a_lamp(joules: float, said: tuple[str, str]) -> None:
    name, number = like(joules)
    assert (name, format(number, "f")) == said
    assert LAMP_WATTS == 5


def test_a_plug_meter_gives_a_model_of_the_machine() -> None:
    model = Model.metered(14, 21, 28, cpus=4, source="meter X, 2026-11-02")
    assert model.watts_per_cpu == Range(3.5, 7, 7)
    label = modelled(Used(10, 10, 5_000), GUANGXI, model)
    assert label.energy is not None
    assert label.energy.low == pytest.approx(35)
    with pytest.raises(ValueError, match="grow"):
        Model.metered(20, 10, 30, cpus=4, source="meter")


@pytest.mark.parametrize("bad", [(2, 1, 3), (1, 2, 1.5), (-1, 0, 1), (0, 0, float("inf")),
                                 (0, float("nan"), 1)])
def test_a_range_out_of_order_is_refused(bad: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="not a range"):
        Range(*bad)
