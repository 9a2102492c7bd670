"""Find things on a plain ground and split those that touch.

The ground's colour is taken from the commonest colour along the rim and followed over the picture
as a slope of light; what differs from it is a thing. Touching things are split by a watershed
(by immersion, Vincent and Soille 1991) of the distance to the ground: a top counts when it rises
by a share of its own height over the pass to a higher one, so that large and small things need no
setting.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from scipy.ndimage import find_objects

Pixels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.uint8]
RISE = 0.10
"""How far a top must rise over the pass to a higher one, as a share of its height."""


@dataclass(frozen=True)
class Thing:
    """One thing: centre and area in pixels, the outline, and whether it is odd: much larger or
    smaller than the middle one, or cut by the rim."""

    x: float
    y: float
    area: float
    outline: npt.NDArray[np.int32]
    odd: bool = False


def away_from_ground(picture: Pixels) -> npt.NDArray[np.float32]:
    """How far each pixel's colour is from the ground's: light counts a third, because of
    shadows."""
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    height, width = lab.shape[:2]
    y, x = np.mgrid[-1:1:height * 1j, -1:1:width * 1j].astype(np.float32)
    rim = np.zeros((height, width), bool)
    edge = max(4, min(height, width) // 25)
    rim[:edge] = rim[-edge:] = True
    rim[:, :edge] = rim[:, -edge:] = True
    terms = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=-1)
    kept = rim.copy()
    fit = lab[kept].mean(axis=0) * 0
    for _ in range(4):  # what lies on the rim drops out
        fit = np.linalg.lstsq(terms[kept], lab[kept], rcond=None)[0]
        gap = np.abs(lab - terms @ fit).sum(axis=2)
        kept = rim & (gap <= max(6.0, float(np.quantile(gap[rim], 0.8))))
    diff = lab - terms @ fit
    darker = np.where(diff[..., 0] < 0, 0.35, 1.0)
    return np.sqrt((diff[..., 0] * darker) ** 2 + diff[..., 1] ** 2
                   + diff[..., 2] ** 2).astype(np.float32)


def things_mask(picture: Pixels) -> Mask:
    """1 where a thing lies: Otsu's limit (1979) on the distance from the ground."""
    away = cv2.GaussianBlur(away_from_ground(picture), (0, 0), 1.2)
    top = float(np.quantile(away, 0.995))
    if top < 8:  # nothing stands out by more than noise
        return np.zeros(away.shape, np.uint8)
    scaled = np.clip(away / top * 255, 0, 255).astype(np.uint8)
    _, mask = cv2.threshold(scaled, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return _filled(np.asarray(mask, np.uint8))


def _filled(mask: Mask) -> Mask:
    """Small holes (glints on a thing) closed; a hole between things stays."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(1 - mask)
    sizes = _areas(mask)
    most = float(np.median(sizes)) * 0.1 if len(sizes) else 0.0
    small = [label for label in range(1, count) if stats[label, cv2.CC_STAT_AREA] < most]
    return np.where(np.isin(labels, small), 1, mask).astype(np.uint8)


def _areas(mask: Mask) -> npt.NDArray[np.int32]:
    stats = cv2.connectedComponentsWithStats(mask)[2]
    return np.asarray(stats[1:, cv2.CC_STAT_AREA], dtype=np.int32)


def hills(height: npt.NDArray[np.float32]) -> npt.NDArray[np.int32]:
    """The hill that each place of a hilly map belongs to: 1, 2, … and 0 where it is flat.

    Places join from the highest down, each to the hill of its highest neighbour; where two hills
    meet, the lower one stays one of its own only if it rose over the pass by `RISE` of its height.
    """
    rows, columns = np.nonzero(height > 0)
    order = np.argsort(-height[rows, columns], kind="stable")
    places = list(zip((rows[order] + 1).tolist(), (columns[order] + 1).tolist(), strict=True))
    levels = height[rows[order], columns[order]].tolist()
    wide = height.shape[1] + 2
    own = [0] * ((height.shape[0] + 2) * wide)  # a rim of zeros saves asking for the edges
    turn = [len(places)] * len(own)  # when a place joined: the earliest neighbour is the highest
    tops, into, joined = [0.0], [0], [0]  # of each hill: its height, and what it became part of

    def root(hill: int, links: list[int]) -> int:
        while links[hill] != hill:
            links[hill] = links[links[hill]]
            hill = links[hill]
        return hill

    around = (-wide - 1, -wide, -wide + 1, -1, 1, wide - 1, wide, wide + 1)
    for number, ((row, column), level) in enumerate(zip(places, levels, strict=True)):
        at = row * wide + column
        turn[at] = number
        near = sorted((turn[at + step], own[at + step]) for step in around if own[at + step])
        if not near:
            tops.append(level)
            into.append(len(into))
            joined.append(len(joined))
            own[at] = len(into) - 1
            continue
        own[at] = near[0][1]
        if len({hill for _, hill in near}) == 1:
            continue
        meeting = {root(hill, joined) for _, hill in near}
        best = min(meeting)  # the earliest is the highest
        for lower in meeting - {best}:
            if tops[lower] - level < RISE * tops[lower]:  # too little: part of its neighbour
                into[lower] = next(hill for _, hill in near if root(hill, joined) == best)
            joined[lower] = best
    names = np.array([root(hill, into) for hill in range(len(into))])
    grid = names[np.array(own)].reshape(-1, wide)[1:-1, 1:-1]
    return np.unique(grid, return_inverse=True)[1].reshape(grid.shape).astype(np.int32)


def find(picture: Pixels) -> list[Thing]:
    """The things, from top to bottom. Specks under a tenth of the middle area are left out."""
    mask = things_mask(picture)
    distance = cv2.GaussianBlur(cv2.distanceTransform(mask, cv2.DIST_L2, 5), (0, 0), 1.0)
    return _things(hills(np.where(mask > 0, distance, 0)))


def _things(owned: npt.NDArray[np.int32]) -> list[Thing]:
    found = []
    for number, place in enumerate(find_objects(owned), 1):
        part = (owned[place] == number).astype(np.uint8)
        if part.sum() < 20:
            continue
        top, left = place[0].start, place[1].start
        rows, columns = np.nonzero(part)
        outlines = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE,
                                    offset=(left, top))[0]
        found.append(Thing(left + float(columns.mean()), top + float(rows.mean()), float(len(rows)),
                           max(outlines, key=len)))
    if not found:
        return []
    middle = float(np.median([thing.area for thing in found]))
    height, width = owned.shape
    kept = [Thing(t.x, t.y, t.area, t.outline, _odd(t, middle, width, height))
            for t in found if t.area >= middle * 0.1]
    return sorted(kept, key=lambda t: (round(t.y / 40), t.x))


def _odd(thing: Thing, middle: float, width: int, height: int) -> bool:
    points = thing.outline.reshape(-1, 2)
    cut = points.min() <= 1 or points[:, 0].max() >= width - 2 or points[:, 1].max() >= height - 2
    hull = cv2.contourArea(cv2.convexHull(thing.outline))
    hollow = cv2.contourArea(thing.outline) < 0.86 * hull
    return bool(cut or hollow or not middle * 0.5 <= thing.area <= middle * 1.7)


def pieces(picture: Pixels) -> int:
    """The plain way: Otsu's limit on grey, connected pieces larger than a tenth of the middle."""
    grey = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), (0, 0), 1.2)
    _, mask = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    if mask[0].mean() + mask[-1].mean() > 1:
        mask = 1 - mask
    sizes = _areas(mask.astype(np.uint8))
    sizes = sizes[sizes > 20]
    return int((sizes >= np.median(sizes) * 0.1).sum()) if len(sizes) else 0
