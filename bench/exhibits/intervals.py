"""Intervals of 95 %: no measured number stands alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt

import numpy as np

Z = 1.959963984540054  # two-sided 95 % of the normal distribution

Bounded = tuple[float, float, float]


def wilson(k: int, n: int) -> Bounded:
    """(share, low, high) of `k` right among `n` independent cases.

    Wilson's score interval: unlike share ± error it never leaves 0 to 1, and says of 0 or `n` right
    how much that means. ValueError unless 0 <= k <= n and n > 0.
    Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209.
    """
    if not 0 <= k <= n or n == 0:
        raise ValueError(f"{k} of {n} is no share")
    share = k / n
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    reach = Z / (1 + Z * Z / n) * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return share, max(0.0, min(share, middle - reach)), min(1.0, max(share, middle + reach))


def mean(values: np.ndarray) -> float:
    return float(np.mean(values))


def bootstrap(values: Sequence[float] | np.ndarray,
              statistic: Callable[[np.ndarray], float] = mean,
              seed: int = 0, rounds: int = 2000) -> Bounded:
    """(value, low, high) of `statistic` over independent cases, by drawing the cases again.

    `values` has one entry, or one row, for each case; rows are drawn whole. The bounds are the
    2.5th and 97.5th percentile of `rounds` draws with a generator of its own, so the same values
    give the same bounds. With fewer than about ten cases the interval is too narrow: prefer to
    measure more.
    ValueError without values.
    """
    cases = np.asarray(values, float)
    if len(cases) == 0:
        raise ValueError("no values")
    generator = np.random.default_rng(seed)
    drawn = [statistic(cases[generator.integers(0, len(cases), len(cases))])
             for _ in range(rounds)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(statistic(cases)), float(low), float(high)
