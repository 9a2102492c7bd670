"""From a pasted table to samples and their rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from saphan.engines.runner.media import table
from saphan.engines.runner.refusal import Refusal

Floats = npt.NDArray[np.float64]
LEAST_SECONDS = 5
MOST_SECONDS = 120
MOST_LINES = 60_000


@dataclass(frozen=True)
class Samples:
    """Samples and how many come in a second."""

    values: Floats
    rate: float


def read_samples(text: str, rate: int) -> Samples:
    """Samples from one number a line, or from columns of which one may be the time in seconds or
    milliseconds. Refusals `no_number_column`, `too_short_strip`, `too_long_strip`, `flat`."""
    sheet = table(text, least=50, most=MOST_LINES)
    columns = {name: np.array([np.nan if v is None else v for v in values])
               for name, values in sheet.numbers().items()}
    if not columns:
        raise Refusal("no_number_column")
    used = float(rate)
    for name, values in list(columns.items()):
        own = _time_rate(values) if len(columns) > 1 else None
        if own:
            used = own
            del columns[name]
            break
    values = _whole(next(iter(columns.values())))
    seconds = len(values) / used
    if seconds < LEAST_SECONDS:
        raise Refusal("too_short_strip", least=LEAST_SECONDS)
    if seconds > MOST_SECONDS:
        raise Refusal("too_long_strip", most=MOST_SECONDS)
    if float(np.ptp(values)) == 0:
        raise Refusal("flat")
    return Samples(values, used)


def _time_rate(values: Floats) -> float | None:
    """Samples a second if the values are times that go up evenly."""
    steps = np.diff(values)
    if not np.isfinite(steps).all() or (steps <= 0).any():
        return None
    step = float(np.median(steps))
    if float(np.abs(steps - step).max()) > 0.6 * step:
        return None
    for per_second in (1.0, 1000.0):  # seconds, milliseconds
        if 50 <= per_second / step <= 2000:
            return per_second / step
    return None


def _whole(values: Floats) -> Floats:
    missing = ~np.isfinite(values)
    spots = np.arange(len(values))
    return np.asarray(np.interp(spots, spots[~missing], values[~missing]))
