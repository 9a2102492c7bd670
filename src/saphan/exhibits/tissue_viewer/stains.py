"""Take a picture of stained tissue apart into its stains, and find the cell nuclei.

Colour deconvolution (Ruifrok and Johnston 2001): light is absorbed by each stain in its own mix of
red, green and blue, and absorptions add up, so the amounts follow from three equations.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from scipy.ndimage import distance_transform_edt, find_objects

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

HAEMATOXYLIN = (0.650, 0.704, 0.286)
EOSIN = (0.072, 0.990, 0.105)
DAB = (0.268, 0.570, 0.776)
"""Absorption of red, green and blue by each stain, as measured by Ruifrok and Johnston."""
SECOND = {"brown": DAB, "pink": EOSIN}
TISSUE = 0.12
"""Absorption over which a place is tissue and not glass."""
STAINED = 0.25
"""Amount of the second stain over which a place counts as stained."""


def absorption(picture: Pixels) -> Floats:
    """How much light each pixel takes away, in powers of ten, beside the clear glass."""
    light = picture.astype(np.float32)
    glass = np.maximum(np.quantile(light.reshape(-1, 3), 0.99, axis=0), 150)
    return np.asarray(-np.log10(np.clip(light / glass, 1 / 255, 1)), dtype=np.float32)


def amounts(picture: Pixels, second: str) -> Floats:
    """Amount of haematoxylin, of the second stain (`brown` or `pink`) and of what neither
    explains, for each pixel: (height, width, 3)."""
    first, other = _unit(HAEMATOXYLIN), _unit(SECOND[second])
    rest = _unit(np.cross(first, other))
    take_apart = np.linalg.inv(np.stack([first, other, rest]))
    return np.asarray(np.maximum(absorption(picture) @ take_apart, 0), dtype=np.float32)


def _unit(vector: npt.ArrayLike) -> npt.NDArray[np.float64]:
    values = np.asarray(vector, dtype=np.float64)
    return values / np.linalg.norm(values)


@dataclass(frozen=True)
class Shares:
    """Parts of the picture 0..1: tissue of all; stained, weakly, fairly and strongly, of the
    tissue."""

    tissue: float
    stained: float
    weak: float
    fair: float
    strong: float


def shares(picture: Pixels, second: str) -> Shares:
    """How much tissue there is and how much of it holds the second stain."""
    smooth = cv2.GaussianBlur(absorption(picture).sum(axis=2), (0, 0), 1.5)
    tissue = smooth > TISSUE
    found = cv2.GaussianBlur(amounts(picture, second)[..., 1], (0, 0), 1.0)[tissue]
    if not len(found):
        return Shares(0, 0, 0, 0, 0)
    steps = [float(np.mean((found > low) & (found <= high)))
             for low, high in ((STAINED, 0.45), (0.45, 0.75), (0.75, np.inf))]
    return Shares(float(tissue.mean()), sum(steps), *steps)


@dataclass(frozen=True)
class Nucleus:
    """Centre and area in pixels, and the outline."""

    x: float
    y: float
    area: int
    outline: npt.NDArray[np.int32]


def nuclei(picture: Pixels, second: str, across: float) -> list[Nucleus]:
    """Nuclei about `across` pixels wide: places bluer than their surroundings, split at the tops
    of a map in which depth of colour and distance to the rim both count."""
    blue = amounts(picture, second)[..., 0]
    fine = np.asarray(cv2.GaussianBlur(blue, (0, 0), max(0.8, across / 8)), np.float32)
    wide = _wide(fine, across * 2)
    lifted = np.maximum(fine - wide, 0)
    mask = _bluer(lifted, fine)
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3) if across < 14 else (5, 5))
    mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, brush), np.uint8)
    distance = cv2.distanceTransform(mask, cv2.DIST_L2, 5)
    deep = cv2.GaussianBlur(lifted, (0, 0), across / 5)
    map_ = distance / (across / 2) + 0.5 * deep / max(float(deep.max()), 1e-6)
    map_ = cv2.GaussianBlur(map_.astype(np.float32), (0, 0), across / 8)
    side = max(3, int(across * 0.75) | 1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    seeds = (map_ >= cv2.dilate(map_, disc) - 1e-7) & (mask > 0)
    count, marks = cv2.connectedComponents(seeds.astype(np.uint8))
    if count == 1:
        return []
    nearest = distance_transform_edt(marks == 0, return_distances=False, return_indices=True)
    owned = np.where(mask > 0, marks[tuple(nearest)], 0)
    return _outlined(owned, across)


def _wide(map_: Floats, sigma: float) -> Floats:
    """A wide blur, taken on a smaller picture because it is slow."""
    small = cv2.resize(map_, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    return cv2.resize(cv2.GaussianBlur(small, (0, 0), sigma / 4),
                      (map_.shape[1], map_.shape[0])).astype(np.float32)


def _bluer(lifted: Floats, fine: Floats) -> npt.NDArray[np.uint8]:
    """1 where blue stands out: Otsu's limit on what is over the surroundings, and blue at all."""
    top = max(float(np.quantile(lifted, 0.995)), 1e-6)
    if top < 0.05:
        return np.zeros(lifted.shape, np.uint8)
    scaled = np.clip(lifted / top * 255, 0, 255).astype(np.uint8)
    limit, _ = cv2.threshold(scaled, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return ((scaled > limit * 0.8) & (fine > 0.08)).astype(np.uint8)


def _outlined(owned: npt.NDArray[np.int32], across: float) -> list[Nucleus]:
    found = []
    usual = np.pi * across ** 2 / 4
    for number, place in enumerate(find_objects(owned), 1):
        if place is None:
            continue
        own = (owned[place] == number).astype(np.uint8)
        area = int(own.sum())
        if not usual * 0.2 <= area <= usual * 6:
            continue
        top, left = place[0].start, place[1].start
        outlines = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE,
                                    offset=(left, top))[0]
        rows, columns = np.nonzero(own)
        found.append(Nucleus(left + float(columns.mean()), top + float(rows.mean()), area,
                             max(outlines, key=len)))
    return found


def plain_centres(picture: Pixels) -> list[tuple[float, float]]:
    """The plain way: Otsu's limit on the red channel, connected pieces over 12 pixels: (x, y)."""
    red = cv2.GaussianBlur(np.ascontiguousarray(picture[..., 0]), (0, 0), 1.0)
    _, mask = cv2.threshold(red, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    _, _, stats, centres = cv2.connectedComponentsWithStats(mask)
    return [(float(x), float(y)) for (x, y), area in
            zip(centres[1:], stats[1:, cv2.CC_STAT_AREA], strict=True) if area >= 12]
