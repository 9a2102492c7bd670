"""Leaves drawn by a seeded generator, healthy or sick, as an orchard's camera would take them.

An orchard has its own leaf colour (half of them green, the others red or yellow as with copper
plants, crotons or ripe fruit), ground, light and one disease; its leaves differ in shape,
size, turn, shade, dust and glare. They are drawings: real leaves are harder.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
DISEASES = ("spots", "yellowing", "mildew")
WIDTH, HEIGHT = 360, 270


@dataclass(frozen=True)
class Orchard:
    """What all leaves of a place share. Colours are RGB shares 0..1."""

    green: tuple[float, float, float]
    ground: tuple[float, float, float]
    light: tuple[float, float, float]
    disease: str


def orchard(seed: int) -> Orchard:
    """An orchard by its seed."""
    rng = np.random.default_rng((seed, 1))
    green = (rng.uniform(0.16, 0.34), rng.uniform(0.40, 0.56), rng.uniform(0.08, 0.20))
    if not is_green(seed):
        green = (rng.uniform(0.50, 0.66), rng.uniform(0.20, 0.50), rng.uniform(0.08, 0.20))
    shade = rng.uniform(0.6, 0.92)
    ground = (shade * rng.uniform(0.94, 1.02), shade * rng.uniform(0.94, 1.0),
              shade * rng.uniform(0.9, 1.02))
    warm = rng.uniform(-0.08, 0.08)
    return Orchard(green, ground, (1 + warm, 1.0, 1 - warm), DISEASES[seed % len(DISEASES)])


def is_green(seed: int) -> bool:
    """Whether the orchard of this seed has green leaves."""
    return seed // len(DISEASES) % 2 == 0


def leaf(place: Orchard, seed: int, sick: bool, strength: float | None = None,
         light: float = 1.0) -> Pixels:
    """A photo (270, 360, 3) of one leaf. `strength` of the disease: 0 (hardly there) to 1; by the
    seed where None. `light`: brightness of this photo beside the usual."""
    rng = np.random.default_rng((seed, int(sick)))
    strength = float(rng.uniform(0.08, 0.9)) if strength is None else strength
    outline, along, across = _shape(rng)
    tint = np.array(place.green) * rng.uniform(0.85, 1.15) * rng.uniform(0.93, 1.07, 3)
    blade = np.ones((HEIGHT, WIDTH, 3), np.float32) * tint.astype(np.float32)
    blade *= (1 + 0.08 * _cloud(rng, 22) + 0.03 * _cloud(rng, 3))[..., None]
    ribs = np.exp(-(across / 0.02) ** 2) + 0.5 * np.exp(
        -(np.sin((along * 9 - np.abs(across) * 5) * np.pi) / 0.16) ** 2)
    blade += (0.07 * np.clip(ribs, 0, 1))[..., None] * np.array([1.0, 1.1, 0.7], np.float32)
    blade += 0.16 * np.clip(_cloud(rng, 16) - 1.1, 0, 1)[..., None]  # glare
    for _ in range(int(rng.integers(0, 6))):  # dust and insect bites of healthy leaves
        _blot(blade, rng, rng.uniform(1.0, 2.5), (0.42, 0.34, 0.22), 0.7)
    if sick:
        _disease(blade, rng, place.disease, strength, along, across)
    sheet = np.ones((HEIGHT, WIDTH, 3), np.float32) * np.array(place.ground, np.float32)
    sheet *= (1 + 0.02 * _cloud(rng, 8))[..., None]
    shadow = cv2.GaussianBlur(np.roll(outline, (5, 4), (0, 1)), (0, 0), 5)
    sheet *= (1 - 0.25 * shadow)[..., None]
    shown = sheet * (1 - outline[..., None]) + blade * outline[..., None]
    x = np.linspace(-1, 1, WIDTH, dtype=np.float32)[None, :, None]
    shown = shown * (1 + rng.uniform(-0.08, 0.08) * x) * light * rng.uniform(0.9, 1.1)
    shown = cv2.GaussianBlur((shown * np.array(place.light)).astype(np.float32), (0, 0), 0.7)
    shown = shown + rng.normal(0, 0.012, shown.shape)
    return (np.clip(shown, 0, 1) * 255).round().astype(np.uint8)


def _shape(rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """The leaf as a soft mask, and for each place how far along (-1..1) and across it lies."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    turn, length = rng.uniform(-0.5, 0.5), rng.uniform(115, 155)
    dx = x - WIDTH / 2 - rng.uniform(-15, 15)
    dy = y - HEIGHT / 2 - rng.uniform(-12, 12)
    along = (dx * np.cos(turn) + dy * np.sin(turn)) / length
    across = (dy * np.cos(turn) - dx * np.sin(turn)) / length + 0.06 * rng.normal() * along ** 2
    wide = rng.uniform(0.30, 0.42) * np.clip(1 - along ** 2, 0, 1) ** rng.uniform(0.7, 1.0)
    mask = ((np.abs(across) < wide) & (np.abs(along) < 1)).astype(np.float32)
    return cv2.GaussianBlur(mask, (0, 0), 0.8).astype(np.float32), along, across


def _cloud(rng: np.random.Generator, sigma: float) -> Floats:
    noise = cv2.GaussianBlur(rng.normal(0, 1, (HEIGHT, WIDTH)).astype(np.float32), (0, 0), sigma)
    return np.asarray(noise / noise.std(), dtype=np.float32)


def _blot(blade: Floats, rng: np.random.Generator, radius: float,
          colour: tuple[float, float, float], depth: float) -> None:
    x, y = rng.uniform(60, WIDTH - 60), rng.uniform(70, HEIGHT - 70)
    spot = np.zeros((HEIGHT, WIDTH), np.float32)
    axes = (round(radius * 16), round(radius * rng.uniform(0.7, 1.0) * 16))
    cv2.ellipse(spot, (round(x * 16), round(y * 16)), axes, rng.uniform(0, 180), 0, 360, 1.0, -1,
                cv2.LINE_AA, 4)
    spot = (cv2.GaussianBlur(spot, (0, 0), max(0.8, radius / 4)) * depth)[..., None]
    blade[:] = blade * (1 - spot) + np.array(colour, np.float32) * spot


def _disease(blade: Floats, rng: np.random.Generator, kind: str, strength: float, along: Floats,
             across: Floats) -> None:
    if kind == "spots":
        for _ in range(2 + int(22 * strength)):
            state, radius = rng.bit_generator.state, rng.uniform(2.5, 4 + 6 * strength)
            _blot(blade, rng, radius * 1.8, (0.66, 0.62, 0.20), 0.6)
            rng.bit_generator.state = state  # the brown heart in its own yellow ring
            rng.uniform(2.5, 4)
            _blot(blade, rng, radius, (0.30, 0.18, 0.10), 0.9)
    elif kind == "yellowing":
        edge = np.clip(np.abs(across) / 0.32 + 0.35 * np.abs(along) + 0.12 * _cloud(rng, 9)
                       - (1.05 - 0.75 * strength), 0, 0.5)[..., None] * 1.7
        blade[:] = blade * (1 - edge) + np.array([0.74, 0.66, 0.20], np.float32) * edge
    else:
        dust = np.clip(_cloud(rng, 10) - 1.5 + 1.3 * strength, 0, 0.8)[..., None]
        blade[:] = blade * (1 - dust) + np.array([0.82, 0.83, 0.80], np.float32) * dust
