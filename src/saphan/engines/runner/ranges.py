"""Numbers that are known only within bounds, and how they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

ENERGY_UNITS = ((1e-3, "mJ"), (1.0, "J"), (1e3, "kJ"), (3.6e3, "Wh"), (3.6e6, "kWh"))
"""Joules in one unit, smallest first. From 3,600 J on we speak as electricity bills do."""
MASS_UNITS = ((1e-6, "µg"), (1e-3, "mg"), (1.0, "g"), (1e3, "kg"))
"""Grams in one unit, smallest first."""

Shown = tuple[Decimal, Decimal, str]


@dataclass(frozen=True)
class Range:
    """A quantity that is not negative: its likeliest value and the bounds we believe in.

    The bounds are bounds, not a standard deviation: sums and products take low with low and high
    with high, as if every error went the same way. Between runs of one model that is nearly true,
    because the same wrong constant is in all of them. ValueError unless
    0 <= low <= central <= high.
    """

    low: float
    central: float
    high: float

    def __post_init__(self) -> None:
        if not (0 <= self.low <= self.central <= self.high and isfinite(self.high)):
            raise ValueError(f"not a range: {self.low}, {self.central}, {self.high}")

    @classmethod
    def exactly(cls, value: float) -> Range:
        return cls(value, value, value)

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.central + other.central, self.high + other.high)

    def __mul__(self, by: Range | float) -> Range:
        if not isinstance(by, Range):
            by = Range.exactly(by)
        return Range(self.low * by.low, self.central * by.central, self.high * by.high)

    __rmul__ = __mul__


ZERO = Range.exactly(0.0)


def two_figures(value: float) -> Decimal:
    """`value` rounded half up to two significant figures; its digits are those to show.

    1.04 gives Decimal("1.0") and 0.996 gives Decimal("1.0"): the last zero counts. 0 gives 0.
    """
    if value == 0:
        return Decimal(0)
    number = Decimal(repr(float(value)))
    place = number.adjusted() - 1
    rounded = number.quantize(Decimal(1).scaleb(place), ROUND_HALF_UP)
    if rounded.adjusted() > number.adjusted():  # 99.7 became 100
        rounded = rounded.quantize(Decimal(1).scaleb(place + 1))
    return rounded if rounded.as_tuple().exponent <= 0 else Decimal(int(rounded))  # type: ignore[operator]


def shown_energy(low: float, high: float) -> Shown:
    """(low, high, unit) for joules: both in the unit that suits the high bound, two figures each.

    Units: mJ, J, kJ, Wh, kWh. Show exactly as many decimals as the numbers carry.
    """
    return _shown(low, high, ENERGY_UNITS)


def shown_mass(low: float, high: float) -> Shown:
    """(low, high, unit) for grams of CO2e: µg, mg, g or kg; otherwise as `shown_energy`."""
    return _shown(low, high, MASS_UNITS)


def _shown(low: float, high: float, units: tuple[tuple[float, str], ...]) -> Shown:
    """The largest unit of which the rounded high bound is at least one; else the smallest."""
    if not 0 <= low <= high:
        raise ValueError(f"not a range: {low} to {high}")
    size, unit = units[0]
    for bigger, name in units[1:]:
        if two_figures(high / bigger) >= 1:
            size, unit = bigger, name
    return two_figures(low / size), two_figures(high / size), unit
