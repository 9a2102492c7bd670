"""The lines of a page of Khmer print, in reading order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from saphan.engines.runner.media import Pixels
from saphan.exhibits import reading
from saphan.exhibits.reading import Corners, Glyph, Line

from . import recogniser

MARGIN = 0.12
"""Share of a line's height added around it: signs below and above stand out of the line."""
MOST_LINES = 60


@dataclass(frozen=True)
class Page:
    """Lines from top to bottom, and the places where something stood that could not be read."""

    lines: tuple[Line, ...]
    unread: tuple[Corners, ...]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def sure(self) -> float:
        """Mean probability of all signs; 0 of an empty page."""
        sure = [glyph.sure for line in self.lines for glyph in line.glyphs]
        return sum(sure) / len(sure) if sure else 0.0

    @property
    def khmer(self) -> float:
        """Share of the letters that are Khmer."""
        letters = [sign for sign in self.text if sign.isalpha() or "\u17b4" <= sign <= "\u17d3"]
        return sum("\u1780" <= sign <= "\u17ff" for sign in letters) / max(len(letters), 1)


def page(pixels: Pixels) -> Page:
    """Read a page."""
    places = whole(reading.find(pixels))[:MOST_LINES]
    lines, unread = [], []
    for row in rows(places):
        glyphs: list[Glyph] = []
        for place in row:
            parts = recogniser.pieces(reading.cut(pixels, place, MARGIN))
            read = [recogniser.read(part) for part in parts]
            found = [glyph for at, part in enumerate(read)
                     for glyph in ([_space()] if at and part else []) + list(part)]
            if not found or all(each.text.isspace() for each in found):
                unread.append(place)
            else:
                glyphs += ([_space()] if glyphs else []) + found
        if glyphs:
            lines.append(Line(tuple(glyphs), _around(row)))
    return Page(tuple(lines), tuple(unread))


def _space() -> Glyph:
    return Glyph(" ", {" ": 1.0})


def _around(row: list[Corners]) -> Corners:
    points = np.concatenate(row)
    (left, top), (right, bottom) = points.min(0), points.max(0)
    return reading.corner([[left, top], [right, top], [right, bottom], [left, bottom]])


def whole(places: list[Corners]) -> list[Corners]:
    """Places without specks: what is less than half as high as the usual line is a sign that
    stands above or below one, found a second time."""
    if not places:
        return []
    heights = [float(np.linalg.norm(place[0] - place[3])) for place in places]
    usual = float(np.median(heights))
    return [place for place, high in zip(places, heights, strict=True) if high > 0.55 * usual
            or np.linalg.norm(place[0] - place[1]) > 3 * usual]


def rows(places: list[Corners]) -> list[list[Corners]]:
    """Places that stand on one line together, from left to right; lines from top to bottom."""
    made: list[list[Corners]] = []
    for place in sorted(places, key=lambda each: float(each[:, 1].mean())):
        middle, high = float(place[:, 1].mean()), float(np.linalg.norm(place[0] - place[3]))
        if made and abs(float(made[-1][-1][:, 1].mean()) - middle) < 0.45 * high:
            made[-1].append(place)
        else:
            made.append([place])
    return [sorted(row, key=lambda each: float(each[:, 0].min())) for row in made]
