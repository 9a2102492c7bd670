"""Pictures of stained tissue, made by a seeded generator: nuclei and stained places are known."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from .stains import HAEMATOXYLIN, SECOND

Pixels = npt.NDArray[np.uint8]
SIDE = 384


@dataclass(frozen=True)
class Made:
    """A picture (384, 384, 3), the centres (x, y) of its nuclei, their usual width in pixels, and
    the part of the picture that holds the second stain."""

    picture: Pixels
    centres: tuple[tuple[float, float], ...]
    across: float
    stained: float


def tissue(seed: int, second: str = "brown", count: int | None = None) -> Made:
    """A field of tissue. Stains vary in colour, amount and evenness as slides do."""
    rng = np.random.default_rng((seed, len(second)))
    across = float(rng.uniform(11, 22))
    wanted = int(rng.integers(30, 130)) if count is None else count
    blue = np.full((SIDE, SIDE), 0.06, np.float32) + 0.02 * _cloud(rng, 6)
    other, stained = _second(rng, second)
    centres: list[tuple[float, float]] = []
    for _ in range(5000):
        if len(centres) >= wanted:
            break
        x, y = rng.uniform(across, SIDE - across, 2)
        if any(np.hypot(x - a, y - b) < across * 0.85 for a, b in centres):
            continue
        centres.append((float(x), float(y)))
        own = np.zeros((SIDE, SIDE), np.float32)
        shape = rng.uniform(1.0, 1.7)
        axes = (round(across / 2 * shape ** 0.5 * 16), round(across / 2 / shape ** 0.5 * 16))
        cv2.ellipse(own, (round(x * 16), round(y * 16)), axes, rng.uniform(0, 180), 0, 360, 1.0,
                    -1, cv2.LINE_AA, 4)
        blue = np.maximum(blue, own * rng.uniform(0.28, 0.75))
        other = other * (1 - 0.7 * own)
    blue = blue * (1 + 0.15 * _cloud(rng, 2)).clip(0.5, 1.5)
    mixed = (blue[..., None] * _stain(rng, HAEMATOXYLIN)
             + other[..., None] * _stain(rng, SECOND[second]))
    glass = 242 * rng.uniform(0.96, 1.04, 3)
    light = cv2.GaussianBlur((glass * 10 ** -mixed).astype(np.float32), (0, 0),
                             float(rng.uniform(0.7, 1.3)))
    light = light + rng.normal(0, 3, light.shape)
    picture = np.clip(light, 0, 255).round().astype(np.uint8)
    return Made(picture, tuple(centres), across, float(stained.mean()))


def _second(rng: np.random.Generator, second: str) -> tuple[npt.NDArray[np.float32],
                                                            npt.NDArray[np.bool_]]:
    cloud = _cloud(rng, 30)
    if second == "pink":  # eosin is nearly everywhere
        eosin = 0.22 + 0.08 * cloud + 0.04 * _cloud(rng, 3)
        return eosin.clip(0.02).astype(np.float32), eosin > 0.25
    stained = cloud > rng.uniform(-0.3, 1.3)
    amount = rng.uniform(0.4, 0.9) * (1 + 0.15 * _cloud(rng, 3))
    soft = cv2.GaussianBlur(stained.astype(np.float32), (0, 0), 1.5)
    return (0.03 + soft * amount).clip(0).astype(np.float32), stained


def _cloud(rng: np.random.Generator, sigma: float) -> npt.NDArray[np.float32]:
    noise = cv2.GaussianBlur(rng.normal(0, 1, (SIDE, SIDE)).astype(np.float32), (0, 0), sigma)
    return np.asarray(noise / noise.std(), dtype=np.float32)


def _stain(rng: np.random.Generator, vector: tuple[float, float, float]) -> npt.NDArray[np.float64]:
    mixed = np.array(vector) * rng.uniform(0.92, 1.08, 3)
    return mixed / np.linalg.norm(mixed)
