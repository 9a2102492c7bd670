"""Speech as the network wants it: the logarithm of its energy in 80 bands, every 10 ms.

Source: A. Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision" (2022), 2.2,
and M. Slaney, "Auditory Toolbox" (1998) for the mel scale with bands of equal area.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
RATE = 16_000
WINDOW, HOP, BANDS = 400, 160, 80
SECONDS = 30
"""The network always looks at thirty seconds; what is missing is silence."""
FRAMES = SECONDS * RATE // HOP


def _mel(hertz: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Mel of a frequency: even below 1000 Hz, logarithmic above."""
    above = 15 + 27 * np.log(np.maximum(hertz, 1_000) / 1_000) / np.log(6.4)
    return np.where(hertz < 1_000, hertz * 3 / 200, above)


def _hertz(mel: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.where(mel < 15, mel * 200 / 3, 1_000 * np.exp((mel - 15) * np.log(6.4) / 27))


def bands() -> Floats:
    """Weights of each spectral line in each band, shape (80, 201): triangles of equal area."""
    lines = np.arange(WINDOW // 2 + 1) * RATE / WINDOW
    edges = _hertz(np.linspace(0, _mel(np.array(RATE / 2.0)), BANDS + 2))
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (lines - low) / (middle - low), (high - lines) / (high - middle)
    triangles = np.maximum(0, np.minimum(rising, falling))
    return (triangles * 2 / (high - low)).astype(np.float32)


BANDS_OF_LINES = bands()
HANN = np.hanning(WINDOW + 1)[:-1].astype(np.float32)


def log_mel(samples: Floats) -> Floats:
    """Features of mono samples (-1..1, 16,000 a second), shape (80, 3000). What is longer than
    thirty seconds is left out."""
    whole = np.zeros(SECONDS * RATE, dtype=np.float32)
    whole[:min(len(samples), len(whole))] = samples[:len(whole)]
    framed = np.lib.stride_tricks.sliding_window_view(
        np.pad(whole, WINDOW // 2, mode="reflect"), WINDOW)[::HOP][:FRAMES]
    power = np.abs(np.fft.rfft(framed * HANN, axis=1)) ** 2
    loud = np.log10(np.maximum(BANDS_OF_LINES @ power.T.astype(np.float32), 1e-10))
    loud = np.maximum(loud, loud.max() - 8)
    return np.ascontiguousarray((loud + 4) / 4, dtype=np.float32)
