"""Lines of print on a paper, set straight: which stand in one row, right of each other, below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from saphan.exhibits.reading import Corners, Line


@dataclass(frozen=True)
class Cell:
    """A piece of print in straightened places (pixels): the paper's own slant is taken out."""

    text: str
    sure: float
    left: float
    right: float
    middle: float
    high: float
    corners: Corners
    row: int = 0


def cells(lines: Sequence[Line]) -> list[Cell]:
    """Cells in reading order: rows from top to bottom, each from left to right."""
    if not lines:
        return []
    slopes = [(line.corners[1] - line.corners[0]) for line in lines
              if np.ptp(line.corners[:, 0]) > 2 * np.ptp(line.corners[:, 1])]
    angle = float(np.median([np.arctan2(y, x) for x, y in slopes])) if slopes else 0.0
    made = []
    for line in lines:
        points = _turned(line.corners, -angle)
        high = float(np.linalg.norm(line.corners[0] - line.corners[3]))
        made.append(Cell(line.text.strip(), line.sure, float(points[:, 0].min()),
                         float(points[:, 0].max()), float(points[:, 1].mean()), high,
                         line.corners))
    return _in_rows(made)


def _turned(points: Corners, angle: float) -> Corners:
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray(points @ turn.T, np.float32)


def _in_rows(made: list[Cell]) -> list[Cell]:
    """Chain cells into rows: each joins the row whose nearest member on its left is level."""
    rows: list[list[Cell]] = []
    for cell in sorted(made, key=lambda each: each.left):
        best, least = None, 0.55 * cell.high
        for row in rows:
            away = abs(row[-1].middle - cell.middle)
            if row[-1].right <= cell.left + 0.5 * cell.high and away < least:
                best, least = row, away
        if best is None:
            rows.append([cell])
        else:
            best.append(cell)
    rows.sort(key=lambda row: float(np.mean([cell.middle for cell in row])))
    return [replace(cell, row=at) for at, row in enumerate(rows) for cell in row]


def right_of(cell: Cell, all_cells: Sequence[Cell]) -> Cell | None:
    """The next cell in the same row."""
    return next((each for each in all_cells
                 if each.row == cell.row and each.left >= cell.right - cell.high), None)


def below(cell: Cell, all_cells: Sequence[Cell], most: float = 2.6) -> Cell | None:
    """The nearest cell under this one that starts at about the same left edge."""
    near = [each for each in all_cells
            if 0.4 * cell.high < each.middle - cell.middle < most * cell.high
            and abs(each.left - cell.left) < 2.5 * cell.high]
    return min(near, key=lambda each: each.middle, default=None)
