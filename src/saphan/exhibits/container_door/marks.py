"""From lines of print on a door to strings that may be its number: joined lines, check digits in a
frame beside the line, letters painted one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from saphan.engines.runner.media import Pixels
from saphan.exhibits.reading import Corners, Glyph, Line, corner, cut, read

from .grammar import useful

MOST_TRIES = 10
"""Lines looked at again at most, so that a picture full of text costs no more."""


@dataclass(frozen=True)
class String:
    """Signs in the order in which they may belong together, and the places they stand at."""

    glyphs: tuple[Glyph, ...]
    places: tuple[Corners, ...]


def strings(pixels: Pixels, lines: Sequence[Line]) -> list[String]:
    """All strings on a picture that could be a number."""
    wide = [each for line in _promising(lines) for each in beside(pixels, line)]
    made = [String(line.glyphs, (line.corners,)) for line in (*lines, *wide)]
    for first in lines:
        if not 3 <= len(useful(first.glyphs)) <= 5:
            continue
        for second in (*lines, *wide):
            if second is not first and _follows(first, second):
                made.append(String(first.glyphs + second.glyphs,
                                   (first.corners, second.corners)))
                made += [String(first.glyphs + second.glyphs + third.glyphs,
                                (first.corners, second.corners, third.corners))
                         for third in lines if len(useful(third.glyphs)) == 1
                         and _follows(second, third)]
    for line in lines:
        made += [String(line.glyphs + other.glyphs, (line.corners, other.corners))
                 for other in lines if len(useful(line.glyphs)) >= 10
                 and len(useful(other.glyphs)) <= 2 and _follows(line, other)]
    return made + columns(pixels, lines)


def _promising(lines: Sequence[Line]) -> list[Line]:
    """Lines that may be ten signs of a number, or the six digits of its serial number."""
    kept = []
    for line in lines:
        signs = useful(line.glyphs)
        digits = sum(glyph.text.isdigit() for glyph in signs)
        if 5 <= len(signs) <= 13 and digits >= 4:
            kept.append(line)
    return kept[:MOST_TRIES]


def beside(pixels: Pixels, line: Line) -> list[Line]:
    """The line with the check digit that stands right of it in a frame, which the finder of lines
    often leaves out: read again as a longer line without the frame, and with the frame's inside
    read for itself."""
    corners = line.corners
    height = float(np.linalg.norm(corners[0] - corners[3]))
    along = (corners[1] - corners[0]) / max(float(np.linalg.norm(corners[1] - corners[0])), 1.0)
    longer, end = corners.copy(), corners.copy()
    longer[1:3] += along * height * 2.0
    end[0], end[3] = corners[1] - along * height * 0.15, corners[2] - along * height * 0.15
    end[1:3] = longer[1:3]
    found = [Line(read(unframed(cut(pixels, longer, margin=0.18))), longer)]
    patch = cut(pixels, end, margin=0.2)
    digits = [glyph for cell in cells(patch) for glyph in useful(read(cell))
              if any(sign.isdigit() and p > 0.25 for sign, p in glyph.odds.items())]
    if digits and len(useful(line.glyphs)) in (6, 10):
        sure = max(digits, key=lambda glyph: max(p for sign, p in glyph.odds.items()
                                                 if sign.isdigit()))
        found.append(Line((*line.glyphs, sure), longer))
    return found


def cells(patch: Pixels) -> list[Pixels]:
    """Insides of frames on a patch, each with one sign; the two largest."""
    mask, height = ink(patch), patch.shape[0]
    found = []
    for side in (mask, 255 - mask):
        outlines, _ = cv2.findContours(side, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        for outline in outlines:
            x, y, wide, high = cv2.boundingRect(outline)
            if 0.5 * height < high < 0.99 * height and 0.45 * high < wide < 1.2 * high:
                inset = max(2, round(0.11 * high))
                cell = patch[y + inset:y + high - inset, x + inset:x + wide - inset]
                if min(cell.shape[:2]) >= 8:
                    found.append((wide * high, cell))
    found.sort(key=lambda each: -each[0])
    return [cell for _, cell in found[:2]]


def ink(strip: Pixels) -> npt.NDArray[np.uint8]:
    """Where the letters are (255), by the split of light and dark that divides the strip best
    (N. Otsu, IEEE Trans. SMC 9 (1979) 62); letters are what covers less."""
    grey = cv2.cvtColor(np.ascontiguousarray(strip), cv2.COLOR_RGB2GRAY)
    _, mask = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return np.asarray(255 - mask if mask.mean() > 127 else mask, np.uint8)


def unframed(strip: Pixels) -> Pixels:
    """The strip with hollow frames around a sign painted over."""
    mask = ink(strip)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    height = strip.shape[0]
    remove = np.zeros_like(mask)
    for at in range(1, count):
        _, _, wide, high, area = stats[at]
        hollow = area < 0.42 * wide * high
        sized = high > 0.72 * height and 0.4 * height < wide < 1.6 * high
        if sized and hollow and _encloses(stats, at):
            remove[labels == at] = 255
    if not remove.any():
        return strip
    spread = max(3, height // 16) | 1
    remove = np.asarray(cv2.dilate(remove, np.ones((spread, spread), np.uint8)), np.uint8)
    return np.asarray(cv2.inpaint(np.ascontiguousarray(strip), remove, 3, cv2.INPAINT_TELEA),
                      np.uint8)


def _encloses(stats: npt.NDArray[Any], frame: int) -> bool:
    """Whether another component of some size lies inside this one."""
    left, top, wide, high, _ = stats[frame]
    for at in range(1, len(stats)):
        x, y, w, h, _ = stats[at]
        if (at != frame and x > left and y > top and x + w < left + wide
                and top + high > y + h > y + 0.4 * high):
            return True
    return False


def _follows(first: Line, second: Line) -> bool:
    """Whether the second stands right of the first on its line, or right below it."""
    height = max(first.frame[3] - first.frame[1], 1.0)
    left, top, right, bottom = first.frame
    x, y = float(second.corners[:, 0].min()), float(second.corners[:, 1].mean())
    beside = top - 0.5 * height < y < bottom + 0.5 * height and \
        right - height < x < right + 5 * height
    below = bottom - 0.2 * height < y < bottom + 2.2 * height and abs(x - left) < 2.5 * height
    return beside or below


def columns(pixels: Pixels, lines: Sequence[Line]) -> list[String]:
    """Strings painted from top to bottom, found from at least four single signs in a column."""
    single = sorted((line for line in lines if len(useful(line.glyphs)) in (1, 2)
                     and line.frame[2] - line.frame[0] < 1.8 * (line.frame[3] - line.frame[1])),
                    key=lambda line: line.frame[1])
    found, left = [], list(single)
    while left:
        seed = left.pop(0)
        wide = seed.frame[2] - seed.frame[0]
        column = [seed]
        for line in list(left):
            if abs(_middle(line)[0] - _middle(column[-1])[0]) < 0.6 * wide:
                column.append(line)
                left.remove(line)
        if len(column) >= 4:
            found.append(_column(pixels, column))
    return [each for each in found if len(each.glyphs) >= 8]


def _middle(line: Line) -> tuple[float, float]:
    x, y = line.corners.mean(0)
    return float(x), float(y)


def _column(pixels: Pixels, column: Sequence[Line]) -> String:
    """Read a column sign by sign: straighten it, cut it between the signs, read each."""
    middles = np.array([_middle(line) for line in column])
    slope, start = np.polyfit(middles[:, 1], middles[:, 0], 1)
    half = 0.75 * float(np.median([line.frame[2] - line.frame[0] for line in column]))
    pitch = float(np.median(np.diff(middles[:, 1])))
    top = max(0.0, middles[0, 1] - 1.2 * pitch)
    bottom = min(float(pixels.shape[0]), middles[-1, 1] + 3.4 * pitch)
    ends = [(slope * y + start, y) for y in (top, bottom)]
    place = corner([[ends[0][0] - half, top], [ends[0][0] + half, top],
                        [ends[1][0] + half, bottom], [ends[1][0] - half, bottom]])
    strip = cut(pixels, place)
    signs: list[Glyph] = []
    for first, last in runs(ink(strip), pitch):
        cell = unframed(strip[first:last])
        glyphs = useful(read(cell))
        if glyphs:
            signs.append(max(glyphs, key=lambda glyph: glyph.sure))
    return String(tuple(signs), (place,))


def runs(mask: npt.NDArray[np.uint8], pitch: float) -> list[tuple[int, int]]:
    """First and last row of each sign in a column: rows with ink between rows without. `pitch`:
    rows from sign to sign, roughly; smaller specks are left out, larger blocks are divided."""
    inside = mask[:, mask.shape[1] // 6: mask.shape[1] - mask.shape[1] // 6]
    full = (inside > 0).mean(1) > 0.06
    edges = np.flatnonzero(np.diff(np.concatenate([[0], full.astype(np.int8), [0]])))
    made = []
    for first, last in edges.reshape(-1, 2):
        if last - first < 0.3 * pitch:
            continue
        parts = max(1, round((last - first) / pitch))
        bounds = np.linspace(first, last, parts + 1)
        spare = int(0.12 * pitch)
        made += [(max(0, int(a) - spare), int(b) + spare)
                 for a, b in pairwise(bounds)]
    return made
