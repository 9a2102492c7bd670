"""Plates made by a seeded generator: brushed metal, woven cloth, a dotted tile; good or damaged.

The exhibit learns from good ones, its bench and its examples use others. They are drawn, not
photographed: texture, light, blur, noise and JPEG quality vary as they would on a bench with a
fixed camera.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]

MATERIALS = ("metal", "cloth", "tile")
DEFECTS = ("scratch", "dent", "stain", "missing")
WIDTH, HEIGHT = 480, 360


def good(material: str, seed: int) -> Pixels:
    """A plate without damage: RGB pixels (360, 480, 3)."""
    return _photographed(_bare(material, np.random.default_rng(seed)), seed)


def damaged(material: str, seed: int, kind: str, strength: float | None = None) -> Pixels:
    """The same plate with one defect of a kind of `DEFECTS`. `strength`: 0 (hardly there) to 1;
    by the seed where it is None."""
    rng = np.random.default_rng((seed, DEFECTS.index(kind)))
    strength = float(rng.uniform(0.05, 0.9)) if strength is None else strength
    plate = _bare(material, np.random.default_rng(seed))
    marks = {"scratch": _scratch, "dent": _dent, "stain": _stain, "missing": _missing}
    return _photographed(marks[kind](plate, rng, strength), seed)


def _bare(material: str, rng: np.random.Generator) -> Floats:
    plate = {"metal": _metal, "cloth": _cloth, "tile": _tile}[material](rng)
    return np.ascontiguousarray(plate, dtype=np.float32)


def _metal(rng: np.random.Generator) -> Floats:
    lines = rng.normal(0, 1, (HEIGHT, WIDTH + 200)).astype(np.float32)
    brushed = cv2.GaussianBlur(lines, (0, 0), sigmaX=28, sigmaY=0.7)[:, 100:-100]
    brushed = brushed / brushed.std() * 0.035
    grey = 0.63 + rng.uniform(-0.03, 0.03) + brushed
    return np.stack([grey * 0.99, grey, grey * 1.02], axis=2)


def _cloth(rng: np.random.Generator) -> Floats:
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    turn, step = rng.uniform(-0.025, 0.025), 11.0 * rng.uniform(0.97, 1.03)
    u, v = x + turn * y, y - turn * x
    warp = np.abs(np.sin(np.pi * u / step))
    weft = np.abs(np.sin(np.pi * v / step))
    over = (np.floor(u / step) + np.floor(v / step)) % 2
    height = np.where(over > 0, warp, weft) ** 0.7
    fluff = cv2.GaussianBlur(rng.normal(0, 1, (HEIGHT, WIDTH)).astype(np.float32), (0, 0), 1.0)
    shade = 0.35 + 0.55 * height + 0.05 * fluff / fluff.std()
    dye = np.array([0.36, 0.48, 0.72]) * rng.uniform(0.97, 1.03, 3)
    return np.asarray(shade[..., None] * dye, dtype=np.float32)


DOT_STEP = 40


def _tile(rng: np.random.Generator) -> Floats:
    cream = np.array([0.90, 0.88, 0.82]) * rng.uniform(0.98, 1.02)
    plate = np.ones((HEIGHT, WIDTH, 3), np.float32) * cream.astype(np.float32)
    cloud = cv2.GaussianBlur(rng.normal(0, 1, (HEIGHT, WIDTH)).astype(np.float32), (0, 0), 25)
    plate += (cloud / cloud.std() * 0.008)[..., None]
    shift = rng.uniform(-6, 6, 2)
    for row in range(HEIGHT // DOT_STEP + 2):
        for column in range(WIDTH // DOT_STEP + 2):
            centre = (column * DOT_STEP + shift[0], row * DOT_STEP + shift[1])
            point = (round(centre[0] * 16), round(centre[1] * 16))
            cv2.circle(plate, point, 9 * 16, (0.15, 0.42, 0.45), -1, cv2.LINE_AA, 4)
    return cv2.GaussianBlur(plate, (0, 0), 0.8).astype(np.float32)


def _scratch(plate: Floats, rng: np.random.Generator, strength: float) -> Floats:
    angle, length = rng.uniform(0, np.pi), rng.uniform(50, 140)
    start = rng.uniform([0.3 * WIDTH, 0.3 * HEIGHT], [0.7 * WIDTH, 0.7 * HEIGHT])
    along = np.linspace(-0.5, 0.5, 24) * length
    bow = rng.uniform(-0.25, 0.25) * length * (1 - (along / length * 2) ** 2)
    points = np.stack([start[0] + along * np.cos(angle) - bow * np.sin(angle),
                       start[1] + along * np.sin(angle) + bow * np.cos(angle)], 1)
    ink = np.zeros((HEIGHT, WIDTH), np.float32)
    cv2.polylines(ink, [np.round(points * 16).astype(np.int32)], False, 1.0,
                  int(rng.integers(1, 4)), cv2.LINE_AA, 4)
    depth = strength * 0.35 * rng.choice([-1, 1])
    return np.asarray(plate + (ink * depth)[..., None], dtype=np.float32)


def _spot(rng: np.random.Generator, radius: float) -> tuple[Floats, Floats, Floats]:
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    dx = (x - rng.uniform(0.2, 0.8) * WIDTH) / (radius * rng.uniform(0.8, 1.25))
    dy = (y - rng.uniform(0.2, 0.8) * HEIGHT) / radius
    return dx, dy, np.exp(-(dx ** 2 + dy ** 2)).astype(np.float32)


def _dent(plate: Floats, rng: np.random.Generator, strength: float) -> Floats:
    dx, dy, bump = _spot(rng, rng.uniform(12, 28))
    light = rng.uniform(0, 2 * np.pi)
    slope = (dx * np.cos(light) + dy * np.sin(light)) * bump
    return np.asarray(plate * (1 + 0.9 * strength * slope)[..., None], dtype=np.float32)


def _stain(plate: Floats, rng: np.random.Generator, strength: float) -> Floats:
    _, _, spot = _spot(rng, rng.uniform(16, 40))
    spot = np.clip(spot * 1.6, 0, 1)
    tint = np.array([0.10, 0.16, 0.26]) * rng.uniform(0.5, 1.2, 3)
    return np.asarray(plate * (1 - strength * spot[..., None] * tint), dtype=np.float32)


def _missing(plate: Floats, rng: np.random.Generator, strength: float) -> Floats:
    """A dot, some threads or a bit of the brushing is not there: smoothed away."""
    radius = 10 + 8 * strength
    x, y = rng.uniform([0.2 * WIDTH, 0.2 * HEIGHT], [0.7 * WIDTH, 0.7 * HEIGHT]).astype(int)
    dark = cv2.GaussianBlur(plate[y:y + DOT_STEP, x:x + DOT_STEP, 0], (0, 0), 5.0)
    row, column = np.unravel_index(int(dark.argmin()), dark.shape)  # where there is a dot, its own
    centre = (x + column, y + row)
    mask = np.zeros((HEIGHT, WIDTH), np.float32)
    cv2.circle(mask, (int(centre[0]), int(centre[1])), int(radius), 1.0, -1)
    soft = cv2.GaussianBlur(mask, (0, 0), 2.0)[..., None]
    flat = np.percentile(plate, 80, axis=(0, 1)).astype(np.float32)
    return np.asarray(plate * (1 - soft) + flat * soft, dtype=np.float32)


def _photographed(plate: Floats, seed: int) -> Pixels:
    rng = np.random.default_rng((seed, 99))
    y, x = np.mgrid[-1:1:HEIGHT * 1j, -1:1:WIDTH * 1j].astype(np.float32)
    light = 1 + rng.uniform(-0.05, 0.05) * x + rng.uniform(-0.05, 0.05) * y
    lit = plate * (light * rng.uniform(0.93, 1.07))[..., None]
    lit = cv2.GaussianBlur(lit.astype(np.float32), (0, 0), float(rng.uniform(0.4, 0.7)))
    lit = lit + rng.normal(0, 0.010, lit.shape)
    taken = (np.clip(lit, 0, 1) * 255).round().astype(np.uint8)
    quality = int(rng.integers(78, 104))  # over 97: kept as it is, as a drawing arrives
    if quality > 97:
        return taken
    coded = cv2.imencode(".jpg", taken[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    shown: Any = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    return np.ascontiguousarray(shown[..., ::-1])
