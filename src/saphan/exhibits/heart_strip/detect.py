"""R peaks after Pan & Tompkins 1985 (IEEE Trans. Biomed. Eng. 32, 230): band-pass, slope, square,
mean over a window, two running thresholds, search back. Written anew; since the whole strip is
there, filters run both ways and shift nothing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import signal

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int_]
BAND = (5.0, 15.0)
"""Hz in which the main wave of a beat stands out most."""
REFRACTORY = 0.2
"""Seconds in which a heart cannot beat again."""
T_WAVE = 0.36
"""Seconds after a beat in which a peak of less than half its slope is its T wave."""


def peaks(samples: Floats, rate: float) -> Places:
    """Sample numbers of the R peaks. `rate`: samples a second, at least 50."""
    banded = band(samples, rate)
    energy = _energy(banded, rate)
    bumps, _ = signal.find_peaks(energy, distance=max(1, round(REFRACTORY * rate)))
    if not len(bumps):
        return np.array([], dtype=int)
    slopes = np.abs(np.gradient(banded))
    beats = _chosen(bumps, energy, slopes, rate)
    return _on_top(beats, banded, samples, rate)


def band(samples: Floats, rate: float) -> Floats:
    """The samples between 5 and 15 Hz."""
    high = min(BAND[1], rate * 0.45)
    sections = signal.butter(2, (BAND[0], high), "bandpass", fs=rate, output="sos")
    return np.asarray(signal.sosfiltfilt(sections, samples - np.median(samples)))


def _energy(banded: Floats, rate: float) -> Floats:
    squared = np.gradient(banded) ** 2
    size = max(1, round(0.15 * rate))
    return np.convolve(squared, np.ones(size) / size, mode="same")


def _chosen(bumps: Places, energy: Floats, slopes: Floats, rate: float) -> list[int]:
    """Bumps above the threshold between the running levels of beats and of noise."""
    heights = energy[bumps]
    start = bumps < 2 * rate
    first = heights[start] if start.any() else heights
    beat, noise = float(np.quantile(first, .9)) * .6, float(np.median(first)) * .2
    found: list[int] = []
    for at, bump in enumerate(bumps):
        threshold = noise + 0.25 * (beat - noise)
        height = float(heights[at])
        if height > threshold and not _is_t_wave(found, bump, slopes, rate):
            missed = _searched_back(found, bumps[:at], energy, threshold / 2, rate, int(bump))
            if missed is not None:
                found.append(missed)
                beat = 0.25 * float(energy[missed]) + 0.75 * beat
            found.append(int(bump))
            beat = 0.125 * height + 0.875 * beat
        else:
            noise = 0.125 * height + 0.875 * noise
    return found


def _is_t_wave(found: list[int], bump: int, slopes: Floats, rate: float) -> bool:
    if not found or bump - found[-1] > T_WAVE * rate:
        return False
    reach = round(0.075 * rate)

    def steepest(at: int) -> float:
        return float(slopes[max(0, at - reach):at + reach + 1].max())

    return steepest(bump) < 0.5 * steepest(found[-1])


def _searched_back(found: list[int], before: Places, energy: Floats, low: float, rate: float,
                   bump: int) -> int | None:
    """The largest bump above the low threshold in a gap of more than 1.66 usual beats."""
    if len(found) < 3:
        return None
    usual = float(np.median(np.diff(found[-9:])))
    if bump - found[-1] < 1.66 * usual:
        return None
    edge = T_WAVE * rate
    inside = [int(each) for each in before
              if found[-1] + edge < each < bump - REFRACTORY * rate and energy[each] > low]
    return max(inside, key=lambda each: energy[each]) if inside else None


def _on_top(beats: list[int], banded: Floats, samples: Floats, rate: float) -> Places:
    """From the bump to the peak itself: the largest swing of the band near it, then the nearest
    extreme of the lightly smoothed trace, in the direction most beats have."""
    if not beats:
        return np.array([], dtype=int)
    reach, near = round(0.1 * rate), max(1, round(0.03 * rate))
    swings = [max(0, at - reach) + int(np.abs(banded[max(0, at - reach):at + reach + 1]).argmax())
              for at in beats]
    up = bool(np.median(banded[swings]) >= 0)
    smooth = np.convolve(samples, np.ones(max(1, round(.012 * rate))), "same")
    smooth = smooth if up else -smooth
    tops = {max(0, at - near) + int(smooth[max(0, at - near):at + near + 1].argmax())
            for at in (_turned(at, banded, up, near * 2) for at in swings)}
    kept: list[int] = []
    for top in sorted(tops):
        if not kept or top - kept[-1] >= REFRACTORY * rate:
            kept.append(top)
    return np.array(kept, dtype=int)


def _turned(at: int, banded: Floats, up: bool, reach: int) -> int:
    if (banded[at] >= 0) == up:
        return at
    start = max(0, at - reach)
    part = banded[start:at + reach + 1] * (1 if up else -1)
    return start + int(part.argmax())


def raw_threshold(samples: Floats, rate: float) -> Places:
    """The plain baseline of the bench: peaks above half of the largest value, 0.2 s apart."""
    level = (samples.max() + np.median(samples)) / 2
    found, _ = signal.find_peaks(samples, height=level, distance=max(1, round(.2 * rate)))
    return np.asarray(found)
