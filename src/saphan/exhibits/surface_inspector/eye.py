"""How unlike good patches each patch of a picture is.

Plain features for each place (light and colour against the surroundings at three sizes, strength
of edges in four directions at two sizes) and the Mahalanobis distance from those of good plates:
PaDiM's idea (Defard and others 2021, arXiv:2011.08785) with features written by hand instead of
a network's, and one Gaussian for all places, because these textures are alike everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]
STEP = 4
"""A patch every so many pixels."""
EDGE = 5
"""Patches left out along the rim, where filters look over the edge."""
SELF = 2.0
"""How much stranger than its upper quarter a place must be where the piece is its own measure."""
DIRECTIONS = (0.0, 45.0, 90.0, 135.0)


def _gabor(size: float, angle: float) -> Floats:
    side = int(size * 3) * 2 + 1
    kernel = cv2.getGaborKernel((side, side), size, np.deg2rad(angle), size * 2.5, 0.6, np.pi / 2)
    return np.asarray(kernel / np.abs(kernel).sum(), dtype=np.float32)


KERNELS = tuple(_gabor(size, angle) for size in (1.5, 3.5) for angle in DIRECTIONS)


def features(picture: Pixels) -> Floats:
    """Features of every patch: (rows, columns, 18)."""
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    light = np.ascontiguousarray(lab[..., 0])
    around = [cv2.GaussianBlur(lab, (0, 0), sigma) for sigma in (2.0, 6.0, 14.0)]
    wide = cv2.resize(cv2.GaussianBlur(cv2.resize(lab, None, fx=0.25, fy=0.25,
                                                  interpolation=cv2.INTER_AREA), (0, 0), 14.0),
                      (lab.shape[1], lab.shape[0]))
    planes = [plane[..., channel] - wide[..., channel] for plane in around for channel in range(3)]
    detail = cv2.GaussianBlur((light - around[0][..., 0]) ** 2, (0, 0), 3.0)
    planes.append(np.log1p(detail))
    for kernel in KERNELS:
        strength = np.abs(cv2.filter2D(light, cv2.CV_32F, kernel))
        planes.append(np.log1p(cv2.GaussianBlur(strength, (0, 0), 2.5) * 4))
    return np.stack([plane[STEP // 2::STEP, STEP // 2::STEP] for plane in planes], axis=2)


@dataclass(frozen=True)
class Model:
    """Mean (18,) and inverse covariance (18, 18) of the features of good patches."""

    mean: Floats
    precision: Floats

    def squared(self, patches: Floats) -> Floats:
        """Squared Mahalanobis distance of patches (n, 18): (n,)."""
        away = patches - self.mean
        return np.asarray(((away @ self.precision) * away).sum(axis=1), dtype=np.float32)

    def distances(self, picture: Pixels) -> Floats:
        """Distance from good of every patch (rows, columns), 0 along the rim."""
        return self.of_features(features(picture))

    def of_features(self, seen: Floats) -> Floats:
        squared = self.squared(seen.reshape(-1, seen.shape[2])).reshape(seen.shape[:2])
        found = np.sqrt(np.maximum(cv2.GaussianBlur(squared, (0, 0), 1.2), 0))
        found[:EDGE] = found[-EDGE:] = 0
        found[:, :EDGE] = found[:, -EDGE:] = 0
        return np.asarray(found, dtype=np.float32)


def learn(pictures: Iterable[Pixels]) -> Model:
    """What good is, from pictures of good pieces."""
    return fit(np.concatenate([inner(features(each)) for each in pictures]))


def inner(seen: Floats) -> Floats:
    """The patches away from the rim, in one list (n, 18)."""
    return seen[EDGE:-EDGE, EDGE:-EDGE].reshape(-1, seen.shape[2])


def fit(patches: Floats) -> Model:
    """A Gaussian around patches (n, 18); the covariance is held away from zero."""
    spread = np.cov(patches, rowvar=False)
    spread += np.eye(len(spread)) * 0.01 * np.trace(spread) / len(spread)
    return Model(patches.mean(axis=0).astype(np.float32),
                 np.linalg.inv(spread).astype(np.float32))


def fit_most(patches: Floats, share: float = 0.85, rounds: int = 3) -> Model:
    """A Gaussian around the `share` of patches that are most alike: for a piece that is its own
    measure, because no good one is known."""
    kept = patches
    for _ in range(rounds):
        squared = fit(kept).squared(patches)
        kept = patches[squared <= np.quantile(squared, share)]
    return fit(kept)


def from_one(picture: Pixels) -> tuple[Model, float]:
    """What good is from one good piece, and a limit: 1.4 times the worst that its quarters
    reach when each is judged by the other three."""
    seen = features(picture)[EDGE:-EDGE, EDGE:-EDGE]
    rows, columns = seen.shape[0] // 2, seen.shape[1] // 2
    corners = [(slice(0, rows), slice(0, columns)), (slice(0, rows), slice(columns, None)),
               (slice(rows, None), slice(0, columns)), (slice(rows, None), slice(columns, None))]
    quarters = [seen[corner] for corner in corners]
    worst = 0.0
    for at, quarter in enumerate(quarters):
        others = np.concatenate([each.reshape(-1, each.shape[2])
                                 for place, each in enumerate(quarters) if place != at])
        squared = fit(others).squared(quarter.reshape(-1, quarter.shape[2]))
        smooth = cv2.GaussianBlur(squared.reshape(quarter.shape[:2]), (0, 0), 1.2)
        worst = max(worst, float(np.sqrt(smooth.max())))
    return fit(seen.reshape(-1, seen.shape[2])), worst * 1.4


def from_itself(picture: Pixels) -> tuple[Model, float]:
    """The piece as its own measure: its commonest patches, and a limit that grows with how much
    its patches differ anyway."""
    seen = features(picture)
    model = fit_most(inner(seen))
    distances = model.of_features(seen)[EDGE:-EDGE, EDGE:-EDGE]
    return model, float(np.quantile(distances, 0.75) * SELF)


def score(distances: Floats) -> float:
    """One number for the piece: the distance of its strangest place."""
    return float(distances.max())


@dataclass(frozen=True)
class Place:
    """A strange place: frame in pixels of the picture, the largest distance in it, its area in
    pixels."""

    x: int
    y: int
    width: int
    height: int
    distance: float
    area: int


def places(distances: Floats, limit: float, most: int = 8) -> list[Place]:
    """Connected places over the limit, the strangest first."""
    over = (distances > limit).astype(np.uint8)
    joined = cv2.dilate(over, np.ones((3, 3), np.uint8))
    count, labels = cv2.connectedComponents(joined)
    found = []
    for label in range(1, count):
        here = (labels == label) & (over > 0)
        rows, columns = np.nonzero(here)
        left, top = int(columns.min()) * STEP, int(rows.min()) * STEP
        found.append(Place(left, top, (int(columns.max()) + 1) * STEP - left,
                           (int(rows.max()) + 1) * STEP - top,
                           float(distances[here].max()), int(here.sum()) * STEP * STEP))
    return sorted(found, key=lambda place: -place.distance)[:most]
