"""The log as a picture: values, the band of the usual, coloured where it is unusual."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from .reading import Log
from .unusual import Event
from .usual import Usual

WIDTH, HEIGHT = 1_400, 460
LEFT, RIGHT, TOP, BOTTOM = 70, 10, 26, 40
BAND, LINE, GRID, INK = "#dbe7e4", "#164e63", "#e3e3e3", "#3b3b3b"
COLOURS = {"high": "#fbd5c5", "low": "#c9dcf7", "stuck": "#e9d5f5", "gap": "#e2e2e2",
           "shift": "#fbe9a8"}
NARROWEST = 0.012
"""Share of the width that the frame of a short event has at least."""


def draw(log: Log, usual: Usual, events: list[Event], threshold: float,
         limit: float | None = None) -> npt.NDArray[np.uint8]:
    """RGB pixels. `limit`: a line across, for a cold room."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(image)
    low_band = usual.middle - threshold * usual.spread
    high_band = usual.middle + threshold * usual.spread
    every = [np.nanmin(log.values), np.nanmax(log.values), low_band.min(), high_band.max()]
    low, high = min(every), max(every)
    across = LEFT + (WIDTH - LEFT - RIGHT) * (np.arange(len(log.values)) + .5) / len(log.values)

    def down(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        share = (values - low) / max(high - low, 1e-9)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    for event in events:
        left, width = place(event, len(log.values))
        pen.rectangle([left * WIDTH, TOP, (left + width) * WIDTH, HEIGHT - BOTTOM],
                      fill=COLOURS[event.reason])
    outline = [*zip(across, down(high_band), strict=True),
               *zip(across[::-1], down(low_band)[::-1], strict=True)]
    pen.polygon(outline, fill=BAND)
    _axes(pen, log, low, high)
    if limit is not None:
        y = float(down(np.array([limit]))[0])
        pen.line([(LEFT, y), (WIDTH - RIGHT, y)], fill="#b91c1c", width=2)
    heights = down(log.values)
    for at in range(1, len(heights)):
        if np.isfinite(heights[at - 1]) and np.isfinite(heights[at]):
            pen.line([(across[at - 1], heights[at - 1]), (across[at], heights[at])], fill=LINE,
                     width=2)
    return np.asarray(image)


def _axes(pen: ImageDraw.ImageDraw, log: Log, low: float, high: float) -> None:
    font = ImageFont.load_default(18)
    for share in (0, .25, .5, .75, 1):
        y = HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)
        pen.line([(LEFT, y), (WIDTH - RIGHT, y)], fill=GRID)
        pen.text((LEFT - 8, y), f"{low + share * (high - low):.3g}", fill=INK, font=font,
                 anchor="rm")
    days = len(log.values) / log.per_day
    step = max(1, round(days / 8))
    for day in range(0, int(days) + 1, step):
        spot = day * log.per_day - log.first_slot
        if 0 <= spot < len(log.values):
            x = LEFT + (WIDTH - LEFT - RIGHT) * spot / len(log.values)
            pen.line([(x, TOP), (x, HEIGHT - BOTTOM)], fill=GRID)
            pen.text((x + 3, HEIGHT - BOTTOM + 8), log.at(spot).strftime("%m-%d"), fill=INK,
                     font=font)


def place(event: Event, size: int) -> tuple[float, float]:
    """Left edge and width of an event, as shares of the picture."""
    inner = (WIDTH - LEFT - RIGHT) / WIDTH
    left = LEFT / WIDTH + inner * event.start / size
    width = max(inner * (event.end - event.start) / size, NARROWEST)
    return left, min(width, 1 - left)
