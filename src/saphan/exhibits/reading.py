"""Where print stands in a picture and what it says: what the exhibits that read print share.

Two models inside the package rapidocr (PP-OCRv6 small, Apache-2.0) do the seeing: one finds lines,
one reads a line. Unlike rapidocr's own call this keeps, for each character, how likely the others
were: an exhibit that knows the form of what it reads can then choose better. One thread, no files
written, nothing fetched.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from saphan.engines.runner.media import Pixels

Corners = npt.NDArray[np.float32]
"""Four corners (4, 2) of a line in pixels: upper left, upper right, lower right, lower left."""
HEIGHT = 48
"""Pixels a line is scaled to for the reading model."""
WIDEST = 40
"""Lines longer than this many heights are read in the model's limits: squeezed."""
KEPT = 8
"""Alternatives kept for each character."""


@dataclass(frozen=True)
class Glyph:
    """One character as read, and the likeliest alternatives with their probability (0..1)."""

    text: str
    odds: dict[str, float]

    @property
    def sure(self) -> float:
        return self.odds.get(self.text, 0.0)


@dataclass(frozen=True)
class Line:
    """A line of print: its characters and where it stands."""

    glyphs: tuple[Glyph, ...]
    corners: Corners

    @property
    def text(self) -> str:
        return "".join(each.text for each in self.glyphs)

    @property
    def sure(self) -> float:
        """Mean probability of its characters; 0 of an empty line."""
        return sum(each.sure for each in self.glyphs) / len(self.glyphs) if self.glyphs else 0.0

    @property
    def frame(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom in pixels."""
        (left, top), (right, bottom) = self.corners.min(0), self.corners.max(0)
        return float(left), float(top), float(right), float(bottom)


@cache
def _engine() -> Any:
    cv2.setNumThreads(1)  # threads do not survive the fork that gives each visitor a fresh worker
    from rapidocr import RapidOCR

    engine = RapidOCR(params={
        "Global.log_level": "critical", "Global.use_cls": False,
        "Det.limit_type": "max", "Det.limit_side_len": 960,
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1})
    blank = np.full((64, 320, 3), 255, np.uint8)  # the models load at the first call
    engine(blank, use_det=False, use_rec=True, use_cls=False)
    engine(blank, use_det=True, use_rec=False, use_cls=False)
    return engine


def load() -> None:
    """Load both models now: an exhibit calls this while it is imported, before the seal closes."""
    _engine()


def find(pixels: Pixels) -> list[Corners]:
    """Corners of the lines of print in an RGB picture, from top to bottom."""
    if min(pixels.shape[:2]) < 16:
        return []
    found = _engine()(pixels[:, :, ::-1], use_det=True, use_rec=False, use_cls=False)
    boxes = getattr(found, "boxes", None)
    return [] if boxes is None else [np.asarray(box, np.float32) for box in boxes]


def cut(pixels: Pixels, corners: Corners, margin: float = 0.0) -> Pixels:
    """The picture inside four corners, set upright; `margin` in shares of its height."""
    width = max(_apart(corners, 0, 1), _apart(corners, 2, 3), 2.0)
    height = max(_apart(corners, 0, 3), _apart(corners, 1, 2), 2.0)
    if margin:
        middle, more = corners.mean(0), 2 * margin * min(width, height)
        corners = (corners - middle) * np.array([1 + more / width, 1 + more / height]) + middle
        width, height = width + more, height + more
    size = (math.ceil(width), math.ceil(height))
    target = corner([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]])
    turn = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    return np.asarray(cv2.warpPerspective(pixels, turn, size, flags=cv2.INTER_CUBIC,
                                          borderMode=cv2.BORDER_REPLICATE), np.uint8)


def corner(points: Sequence[Sequence[float]]) -> Corners:
    """Corners from four points x, y."""
    return np.asarray(points, np.float32)


def _apart(corners: Corners, one: int, other: int) -> float:
    return float(np.linalg.norm(corners[one] - corners[other]))


def read(strip: Pixels) -> tuple[Glyph, ...]:
    """The characters of one line: an RGB picture that holds that line alone, upright."""
    engine = _engine()
    height, width = strip.shape[:2]
    wide = min(max(1, math.ceil(HEIGHT * width / height)), HEIGHT * WIDEST)
    scaled = cv2.resize(strip[:, :, ::-1], (wide, HEIGHT)).astype(np.float32)
    sheet = np.zeros((1, 3, HEIGHT, max(wide, 320)), np.float32)
    sheet[0, :, :, :wide] = (scaled / 127.5 - 1).transpose(2, 0, 1)
    return glyphs(engine.text_rec.session(sheet)[0], engine.text_rec.postprocess_op.character)


def glyphs(odds: npt.NDArray[np.float32], alphabet: Sequence[str]) -> tuple[Glyph, ...]:
    """Characters from a model's probabilities (steps, alphabet); entry 0 stands for no character.

    Connectionist temporal classification, read greedily: equal neighbours are one character
    (Graves et al., ICML 2006). A character's odds are the largest of each over its steps.
    """
    best = odds.argmax(1)
    made, start = [], 0
    for step in range(1, len(best) + 1):
        if step < len(best) and best[step] == best[start]:
            continue
        if best[start] != 0:
            run = odds[start:step].max(0)
            top = np.argpartition(run, -KEPT)[-KEPT:]
            made.append(Glyph(alphabet[best[start]],
                              {alphabet[at]: float(run[at]) for at in top if at}))
        start = step
    return tuple(made)


def lines(pixels: Pixels) -> list[Line]:
    """All lines of print in an RGB picture with what they say, from top to bottom."""
    found = []
    for corners in find(pixels):
        read_here = read(cut(pixels, corners))
        if any(not each.text.isspace() for each in read_here):
            found.append(Line(read_here, corners))
    return found
