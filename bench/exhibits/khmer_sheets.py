"""Pages of Khmer print that are made: our own sentences in Debian's Noto fonts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import photos
from PIL import Image, ImageDraw

KINDS = ("scan", "photo", "small", "blurred")
FONTS = ("noto/NotoSansKhmer-Regular.ttf", "noto/NotoSansKhmer-Bold.ttf",
         "noto/NotoSerifKhmer-Regular.ttf", "noto/NotoSerifKhmer-Bold.ttf")
SENTENCES = (Path(__file__).parent / "sets" / "khmer_sentences.txt").read_text("utf-8").split("\n")
SENTENCES = [line for line in SENTENCES if line]
SIZE = {"small": 19}
WIDTH, HEIGHT = 1000, 1200


@dataclass(frozen=True)
class Sheet:
    """A made photograph (JPEG bytes) and its lines."""

    kind: str
    lines: tuple[str, ...]
    photo: bytes


def sheets(seed: int, each: int) -> list[Sheet]:
    """`each` pages of every kind, of eight sentences."""
    dice = np.random.default_rng(seed)
    return [sheet(dice, kind, [SENTENCES[at] for at in dice.choice(len(SENTENCES), 8, False)])
            for kind in KINDS for _ in range(each)]


def sheet(dice: np.random.Generator, kind: str, lines: list[str]) -> Sheet:
    """One page of a kind."""
    size = SIZE.get(kind, int(dice.integers(30, 44)))
    paper = Image.new("RGB", (WIDTH, HEIGHT), tuple(int(x) for x in dice.integers(236, 256, 3)))
    draw, face = ImageDraw.Draw(paper), photos.font(str(dice.choice(FONTS)), size)
    y = int(dice.integers(70, 140))
    for line in lines:
        draw.text((int(dice.integers(70, 130)), y), line, (25, 25, 40), face, language="km")
        y += round(size * dice.uniform(2.3, 2.9))
    picture = np.asarray(paper)
    if kind != "scan":
        table = (np.array([96, 74, 52]) * (0.7 + 0.5 * photos.clouds(
            dice, HEIGHT, WIDTH, 100)[:, :, None])).astype(np.uint8)
        picture = photos.slanted(dice, picture, 0.05, table)
        picture = photos.blurred(dice, picture, dice.uniform(3.5, 6.5) if kind == "blurred"
                                 else dice.uniform(0.5, 1.2))
        picture = photos.lit(dice, picture, 0.25)
    return Sheet(kind, tuple(lines), photos.jpeg(picture, 80 if kind == "scan" else 65))
