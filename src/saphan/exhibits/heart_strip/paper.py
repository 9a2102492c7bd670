"""The strip on its paper: 25 mm a second, large squares of 0.2 s, beats marked."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from .detect import Floats, Places

MM = 7
"""Pixels a millimetre."""
ROW_SECONDS = 5
ROW_MM = 34
MOST_ROWS = 6
FINE, COARSE, INK, BEAT, EARLY = "#fbe3df", "#eeb9b1", "#1b2530", "#0b6e4f", "#c2410c"


def draw(samples: Floats, rate: float, beats: Places,
         early: Collection[int] = ()) -> npt.NDArray[np.uint8]:
    """RGB pixels of up to 30 s in rows of 5 s. Triangles point at the beats, filled circles at the
    early ones. Heights are scaled to the paper: mV are not known for pasted numbers."""
    seconds = len(samples) / rate
    rows = max(1, min(MOST_ROWS, int(np.ceil(seconds / ROW_SECONDS - 1e-6))))
    width, height = ROW_SECONDS * 25 * MM + 1, rows * ROW_MM * MM + 1
    image = Image.new("RGB", (width, height), "#fffaf8")
    pen = ImageDraw.Draw(image)
    for step, colour in ((MM, FINE), (5 * MM, COARSE)):
        for at in range(0, width, step):
            pen.line([(at, 0), (at, height)], fill=colour)
        for at in range(0, height, step):
            pen.line([(0, at), (width, at)], fill=colour)
    low, high = np.quantile(samples, [.002, .998])
    scale = (ROW_MM - 12) * MM / max(float(high - low), 1e-12)
    for row in range(rows):
        start, end = (round((row + each) * ROW_SECONDS * rate) for each in (0, 1))
        part = np.clip(samples[start:end + 1], low, high)
        base = (row + 1) * ROW_MM * MM - 3 * MM
        across = np.arange(len(part)) / rate * 25 * MM
        points = np.column_stack([across, base - (part - low) * scale])
        pen.line([tuple(point) for point in points.tolist()], fill=INK, width=2, joint="curve")
        for number, beat in enumerate(beats):
            if start <= beat < end:
                _mark(pen, (beat - start) / rate * 25 * MM, row * ROW_MM * MM + 3,
                      number in early)
    return np.asarray(image)


def place(beat: int, rate: float, samples: int) -> tuple[float, float, float, float] | None:
    """Frame (left, top, width, height as shares) around a beat; None beyond what is drawn."""
    rows = max(1, min(MOST_ROWS, int(np.ceil(samples / rate / ROW_SECONDS - 1e-6))))
    row, second = divmod(beat / rate, ROW_SECONDS)
    if row >= rows:
        return None
    left = max(0.0, second - .3) / ROW_SECONDS
    return left, row / rows, min(1 - left, .6 / ROW_SECONDS), 1 / rows


def _mark(pen: ImageDraw.ImageDraw, x: float, y: float, early: bool) -> None:
    if early:
        pen.ellipse([x - 7, y, x + 7, y + 14], fill=EARLY)
    else:
        pen.polygon([(x - 6, y), (x + 6, y), (x, y + 11)], fill=BEAT)
