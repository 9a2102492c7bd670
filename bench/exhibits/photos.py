"""Photographs that are made, not taken: print as a phone would see it. Everything is seeded."""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image, ImageFont

FONTS = "/usr/share/fonts/truetype/"


def font(name: str, size: int, index: int = 0) -> ImageFont.FreeTypeFont:
    """A font by its path below Debian's fonts folder."""
    path = name if name.startswith("/") else FONTS + name
    return ImageFont.truetype(path, size, index=index)


def clouds(dice: np.random.Generator, height: int, width: int, coarse: int = 60) -> np.ndarray:
    """Smooth noise 0..1 (height, width): rust, stains, uneven light. `coarse`: pixels a blob."""
    total, weight = np.zeros((height, width)), 1.0
    while coarse >= 4:
        small = dice.random((max(2, height // coarse), max(2, width // coarse)))
        total += weight * cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
        coarse, weight = coarse // 2, weight / 2
    return (total - total.min()) / (np.ptp(total) + 1e-9)


def slanted(dice: np.random.Generator, picture: np.ndarray, strength: float,
            ground: np.ndarray | None = None) -> np.ndarray:
    """The picture seen from the side and a little turned. `strength`: how far its corners move,
    as a share of its size. `ground`: what lies behind it, of the same size."""
    height, width = picture.shape[:2]
    here = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    moved = here + dice.uniform(-strength, strength, (4, 2)) * [width, height]
    middle, angle = np.array([width, height]) / 2, dice.normal(0, 14 * strength) * np.pi / 180
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = ((moved - middle) @ turn.T) * (1 - 0.6 * strength) + middle
    matrix = cv2.getPerspectiveTransform(here, moved.astype(np.float32))
    if ground is None:
        return cv2.warpPerspective(picture, matrix, (width, height),
                                   borderMode=cv2.BORDER_REPLICATE)
    out = ground.copy()
    return cv2.warpPerspective(picture, matrix, (width, height), out,
                               borderMode=cv2.BORDER_TRANSPARENT)


def blurred(dice: np.random.Generator, picture: np.ndarray, pixels: float) -> np.ndarray:
    """Out of focus, or shaken in one direction."""
    if dice.random() < 0.5:
        return cv2.GaussianBlur(picture, (0, 0), pixels / 2)
    size = max(3, int(pixels * 2) | 1)
    kernel, angle = np.zeros((size, size), np.float32), dice.uniform(0, np.pi)
    reach = (size - 1) / 2
    for step in np.linspace(-reach, reach, size * 4):
        kernel[round(reach + step * np.sin(angle)), round(reach + step * np.cos(angle))] = 1
    return cv2.filter2D(picture, -1, kernel / kernel.sum())


def lit(dice: np.random.Generator, picture: np.ndarray, dark: float) -> np.ndarray:
    """Uneven light and the camera's noise. `dark`: 0 daylight .. 1 night with one lamp."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    lamp = dice.uniform(0.2, 0.8, 2)
    far = np.hypot(x / width - lamp[0], y / height - lamp[1])
    light = (1 - 0.25 * far) * (1 - dark) + dark * (0.08 + 0.55 * np.exp(-5 * far**2))
    tint = 1 - dark * np.array([0.0, 0.15, 0.4]) * dice.random()
    seen = picture / 255 * light[:, :, None] * tint
    seen += dice.normal(0, 0.012 + 0.035 * dark, picture.shape)
    return (np.clip(seen, 0, 1) * 255).astype(np.uint8)


def jpeg(picture: np.ndarray, quality: int = 75) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=quality)
    return out.getvalue()
