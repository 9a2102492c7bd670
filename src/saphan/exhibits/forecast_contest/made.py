"""Made series: for the examples and for the bench. Nothing here was counted by anyone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
DURIAN = (.15, .12, .35, 1.6, 2.9, 2.6, 1.5, 1.1, .75, .45, .25, .28)
"""How a year's harvest of the east and the south might fall on its months (mean 1)."""
FAMILIES = ("harvest", "tourists", "load", "walk", "slope", "shift", "weekly", "noise")


def harvest(seed: int, years: int = 8) -> Floats:
    """Tonnes by month: a strong season whose start moves a little, growth, good and bad years."""
    chance = np.random.default_rng(seed)
    months = []
    for year in range(years):
        moved = np.interp(np.arange(12) + chance.normal(0, .25), np.arange(-1, 13),
                          (DURIAN[-1], *DURIAN, DURIAN[0]))
        months.append(moved * 40_000 * 1.09 ** year * chance.lognormal(0, .1))
    return np.round(np.concatenate(months) * chance.lognormal(0, .08, 12 * years), 0)


def tourists(seed: int, years: int = 9) -> Floats:
    """Arrivals by month: two seasons a year, slow growth that itself changes."""
    chance = np.random.default_rng(seed)
    at = np.arange(12 * years)
    shape = 1 + .25 * np.cos(2 * np.pi * (at - 0) / 12) + .1 * np.cos(4 * np.pi * (at - 6) / 12)
    level = np.cumsum(.004 + chance.normal(0, .02, len(at)))
    return np.round(90_000 * np.exp(level) * shape * chance.lognormal(0, .04, len(at)), 0)


def load(seed: int, days: int = 84) -> Floats:
    """Electricity by day in MWh: weekends low, weather that wanders, a slow slope."""
    chance = np.random.default_rng(seed)
    week = np.array([1, 1.02, 1.03, 1.02, 1, .86, .78])
    weather = np.zeros(days)
    for at in range(1, days):
        weather[at] = .8 * weather[at - 1] + chance.normal(0, .02)
    slope = 1 + .001 * np.arange(days) * chance.normal(1, 1)
    return np.round(520 * np.resize(week, days) * slope * np.exp(weather), 1)


def walk(seed: int, size: int = 96) -> Floats:
    """A price that wanders: the best forecast is the last value."""
    chance = np.random.default_rng(seed)
    return np.round(100 * np.exp(np.cumsum(chance.normal(0, .04, size))), 2)


def slope(seed: int, size: int = 72) -> Floats:
    """A steady rise that slows, with noise, without season."""
    chance = np.random.default_rng(seed)
    at = np.arange(size)
    return np.round(200 + 300 * (1 - np.exp(-at / chance.uniform(30, 90)))
                    + chance.normal(0, 8, size), 1)


def shift(seed: int, size: int = 96) -> Floats:
    """A season whose level jumps once, as when a border gate opens or closes."""
    chance = np.random.default_rng(seed)
    at = np.arange(size)
    level = np.where(at < chance.integers(size // 3, size - 6), 1, chance.choice([.5, .7, 1.5]))
    season = 1 + .3 * np.sin(2 * np.pi * at / 12)
    return np.round(1_000 * level * season * chance.lognormal(0, .06, size), 0)


def weekly(seed: int, weeks: int = 170) -> Floats:
    """Orders by week with one strong season a year."""
    chance = np.random.default_rng(seed)
    at = np.arange(weeks)
    peak = np.exp(-((at % 52 - chance.integers(10, 40)) / 4) ** 2)
    return np.round(300 * (1 + 1.5 * peak) * chance.lognormal(0, .12, weeks), 0)


def noise(seed: int, size: int = 96) -> Floats:
    """Numbers without any pattern around a mean."""
    return np.round(np.random.default_rng(seed).normal(50, 10, size), 1)


PERIODS = {"harvest": 12, "tourists": 12, "load": 7, "walk": 12, "slope": 12, "shift": 12,
           "weekly": 52, "noise": 12}
MAKERS = {"harvest": harvest, "tourists": tourists, "load": load, "walk": walk, "slope": slope,
          "shift": shift, "weekly": weekly, "noise": noise}
