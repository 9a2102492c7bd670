"""Photos of things on a table, drawn by a seeded generator: seeds, pills, eggs; single, touching
and overlapping, with shadow, uneven light, noise. The true count is known."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
KINDS = {  # radius in pixels, longest over shortest, colour, ground
    "seeds": ((13, 17), (1.2, 1.6), (0.42, 0.26, 0.14), (0.86, 0.86, 0.82)),
    "pills": ((15, 19), (1.0, 1.05), (0.93, 0.92, 0.88), (0.25, 0.38, 0.48)),
    "eggs": ((24, 30), (1.15, 1.35), (0.85, 0.66, 0.50), (0.36, 0.40, 0.36)),
    "fruit": ((20, 36), (1.0, 1.3), (0.52, 0.60, 0.18), (0.80, 0.79, 0.76)),
}
WIDTH, HEIGHT = 640, 480


@dataclass(frozen=True)
class Scene:
    """A picture (480, 640, 3) and how many things lie in it."""

    picture: Pixels
    count: int


def scene(kind: str, seed: int, *, count: int | None = None, closeness: float = 0.9) -> Scene:
    """Things strewn by the seed. `closeness`: the least distance of two centres as a share of the
    sum of their radii; under 1 they may touch, under 0.7 they lie on top of each other."""
    rng = np.random.default_rng(seed)
    (low, high), shapes, colour, ground = KINDS[kind]
    wanted = int(rng.integers(8, 70 if high < 24 else 36)) if count is None else count
    things: list[tuple[float, float, float, float, float]] = []
    for _ in range(4000):
        if len(things) >= wanted:
            break
        radius, shape = rng.uniform(low, high), rng.uniform(*shapes)
        x, y = rng.uniform(45, WIDTH - 45), rng.uniform(45, HEIGHT - 45)
        if things and rng.random() < 0.5:  # half of them beside another: touching is common
            other = things[int(rng.integers(len(things)))]
            turn = rng.uniform(0, 2 * np.pi)
            gap = (radius + other[2]) * rng.uniform(closeness, 1.15)
            x, y = other[0] + gap * np.cos(turn), other[1] + gap * np.sin(turn)
        if not (45 < x < WIDTH - 45 and 45 < y < HEIGHT - 45):
            continue
        if all(np.hypot(x - o[0], y - o[1]) > (radius + o[2]) * closeness for o in things):
            things.append((x, y, radius, shape, rng.uniform(0, 180)))
    return Scene(_drawn(things, colour, ground, rng), len(things))


def _drawn(things: list[tuple[float, float, float, float, float]],
           colour: tuple[float, float, float], ground: tuple[float, float, float],
           rng: np.random.Generator) -> Pixels:
    y, x = np.mgrid[-1:1:HEIGHT * 1j, -1:1:WIDTH * 1j].astype(np.float32)
    light = 1 + rng.uniform(-0.12, 0.12) * x + rng.uniform(-0.12, 0.12) * y
    sheet = np.ones((HEIGHT, WIDTH, 3), np.float32) * np.array(ground, np.float32)
    cloud = cv2.GaussianBlur(rng.normal(0, 1, (HEIGHT, WIDTH)).astype(np.float32), (0, 0), 12)
    sheet += (cloud / cloud.std() * 0.015)[..., None]
    side, depth = rng.uniform(0, 2 * np.pi), rng.uniform(0.1, 0.28)
    for cx, cy, radius, shape, turn in things:
        axes = (round(radius * np.sqrt(shape) * 16), round(radius / np.sqrt(shape) * 16))
        shadow = np.zeros((HEIGHT, WIDTH), np.float32)
        at = (round((cx + 5 * np.cos(side)) * 16), round((cy + 5 * np.sin(side)) * 16))
        cv2.ellipse(shadow, at, axes, turn, 0, 360, 1.0, -1, cv2.LINE_AA, 4)
        sheet *= (1 - depth * cv2.GaussianBlur(shadow, (0, 0), 4))[..., None]
        own = np.zeros((HEIGHT, WIDTH), np.float32)
        at = (round(cx * 16), round(cy * 16))
        cv2.ellipse(own, at, axes, turn, 0, 360, 1.0, -1, cv2.LINE_AA, 4)
        tint = np.array(colour, np.float32) * rng.uniform(0.9, 1.1) * rng.uniform(0.96, 1.04, 3)
        gx, gy = (x + 1) * WIDTH / 2 - cx, (y + 1) * HEIGHT / 2 - cy
        round_ = 1.05 - 0.3 * (gx ** 2 + gy ** 2) / radius ** 2 \
            - 0.1 * (gx * np.cos(side) + gy * np.sin(side)) / radius
        body = tint * np.clip(round_, 0.55, 1.15)[..., None]
        sheet = sheet * (1 - own[..., None]) + body * own[..., None]
    lit = cv2.GaussianBlur((sheet * light[..., None]).astype(np.float32), (0, 0), 0.8)
    lit = lit + rng.normal(0, 0.015, lit.shape)
    return (np.clip(lit, 0, 1) * 255).round().astype(np.uint8)
