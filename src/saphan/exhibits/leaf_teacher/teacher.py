"""Learn healthy from sick by a few photos of each, and say what speaks for the verdict.

A photo becomes 15 numbers of its leaf: colour and how much it varies, how much of it is off the
usual green to yellow, brown or pale, and how rough it is at two sizes. With so few photos nothing
large can be learned: each number is measured in its own spread, and the photo is nearer to the
one mean or the other (diagonal discriminant analysis; Dudoit and others 2002).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
SIDE = 200
GRID = 10


def small(picture: Pixels) -> Pixels:
    """The picture with its longer side at 200 pixels."""
    scale = SIDE / max(picture.shape[:2])
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def leaf_mask(picture: Pixels) -> Mask:
    """Where the leaf or fruit lies: the largest piece unlike the rim's middle colour; the middle
    of the picture where nothing stands out (a leaf that fills it)."""
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    rim = np.concatenate([lab[:6].reshape(-1, 3), lab[-6:].reshape(-1, 3),
                          lab[:, :6].reshape(-1, 3), lab[:, -6:].reshape(-1, 3)])
    away = np.abs((lab - np.median(rim, axis=0)) * np.array([0.5, 1, 1])).sum(axis=2)
    scaled = np.clip(cv2.GaussianBlur(away.astype(np.float32), (0, 0), 1.5) * 3, 0, 255)
    _, mask = cv2.threshold(scaled.astype(np.uint8), 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    if count > 1:
        largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
        outline = cv2.findContours((labels == largest).astype(np.uint8), cv2.RETR_EXTERNAL,
                                   cv2.CHAIN_APPROX_SIMPLE)[0]
        filled = cv2.drawContours(np.zeros(mask.shape, np.uint8), outline, -1, 1, -1)
        filled = cv2.erode(filled, np.ones((5, 5), np.uint8))
        if filled.mean() > 0.05:
            return filled > 0
    middle = np.zeros(mask.shape, bool)
    high, wide = mask.shape
    middle[high // 6:-(high // 6), wide // 6:-(wide // 6)] = True
    return middle


def numbers(picture: Pixels, mask: Mask) -> Numbers:
    """The 15 numbers of the leaf in a small picture."""
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    own = lab[mask]
    middle = np.median(own, axis=0)
    away = own - middle
    light = lab[..., 0] * mask
    share = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 3)
    flat = cv2.GaussianBlur(light, (0, 0), 3) / np.maximum(share, 1e-3)
    fine = lab[..., 0] - cv2.GaussianBlur(lab[..., 0], (0, 0), 1)
    parts = [
        *middle, *own.std(axis=0),
        *np.log1p(100 * np.array([
            np.mean(away[:, 1] > 8), np.mean(away[:, 2] > 10), np.mean(away[:, 0] < -12),
            np.mean((away[:, 0] > 10) & (away[:, 2] < -4)), np.mean(own[:, 1] > -3)])),
        np.quantile(away[:, 1], 0.97), np.quantile(away[:, 0], 0.03),
        np.log1p(np.std((lab[..., 0] - flat)[mask])), np.log1p(np.std(fine[mask])),
    ]
    return np.array(parts, dtype=np.float64)


FLOORS = np.array([4, 2.5, 4, 1.2, 1.2, 1.5, 0.4, 0.4, 0.4, 0.4, 0.5, 1.5, 2, 0.12, 0.12])
"""The least spread each number is thought to have: two photos alike by chance prove little."""


@dataclass(frozen=True)
class Taught:
    """The two means and the common spread of the 15 numbers."""

    good: Numbers
    bad: Numbers
    spread: Numbers

    def sickness(self, seen: Numbers) -> float:
        """Over 0: nearer to the sick ones; the size says how clearly."""
        to_good = (((seen - self.good) / self.spread) ** 2).clip(max=25)
        to_bad = (((seen - self.bad) / self.spread) ** 2).clip(max=25)
        return float((to_good - to_bad).sum() / np.sqrt(len(seen)) / 2)

    def chance(self, seen: Numbers) -> float:
        """How sure it is that the leaf is sick, 0 to 1; held away from both ends, because so few
        photos never make sure."""
        return float(0.03 + 0.94 / (1 + np.exp(-0.6 * self.sickness(seen))))


def teach(good: Sequence[Numbers], bad: Sequence[Numbers]) -> Taught:
    """Learn from the numbers of healthy and of sick leaves; one of each is the least."""
    first, second = np.array(good), np.array(bad)
    inside = np.concatenate([first - first.mean(axis=0), second - second.mean(axis=0)])
    spread = np.sqrt((inside ** 2).sum(axis=0) / max(len(inside) - 2, 1) + FLOORS ** 2)
    return Taught(first.mean(axis=0), second.mean(axis=0), spread)


def left_out(good: Sequence[Numbers], bad: Sequence[Numbers]) -> list[bool]:
    """For each photo, the healthy first: is it judged right by what the others teach? Empty where
    a side has only one."""
    if min(len(good), len(bad)) < 2:
        return []
    right = []
    for at, seen in enumerate(good):
        right.append(teach([*good[:at], *good[at + 1:]], bad).sickness(seen) <= 0)
    for at, seen in enumerate(bad):
        right.append(teach(good, [*bad[:at], *bad[at + 1:]]).sickness(seen) > 0)
    return right


def speaking(taught: Taught, picture: Pixels, mask: Mask) -> npt.NDArray[np.float32]:
    """How much each field of a 10 x 10 grid speaks for sick: how far the verdict moves when the
    field is left out (Zeiler and Fergus 2014). Fields without leaf are 0."""
    whole = taught.sickness(numbers(picture, mask))
    high, wide = mask.shape
    moved = np.zeros((GRID, GRID), np.float32)
    for row in range(GRID):
        for column in range(GRID):
            field = (slice(row * high // GRID, (row + 1) * high // GRID),
                     slice(column * wide // GRID, (column + 1) * wide // GRID))
            if mask[field].mean() < 0.2:
                continue
            rest = mask.copy()
            rest[field] = False
            if rest.any():
                moved[row, column] = whole - taught.sickness(numbers(picture, rest))
    return moved


def off_green(picture: Pixels) -> float:
    """The plain way: the share of the leaf that is not green (hue outside 60 to 170 degrees or
    pale)."""
    tiny = small(picture)
    hsv = cv2.cvtColor(tiny, cv2.COLOR_RGB2HSV)[leaf_mask(tiny)]
    green = (hsv[:, 0] >= 30) & (hsv[:, 0] <= 85) & (hsv[:, 1] > 60)
    return float(1 - green.mean())
