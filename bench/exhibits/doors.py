"""Photographs of container doors that are made: numbers are drawn by chance, the truth is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import photos
from PIL import Image, ImageDraw

from saphan.exhibits.container_door.iso6346 import check_digit

KINDS = ("plain", "slanted", "rusty", "blurred", "night", "vertical")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SIZES = ("22G1", "42G1", "45G1", "45R1", "22R1", "22T6", "42U1", "L5G1", "25G1", "22U1")
PAINTS = ((28, 60, 120), (120, 40, 30), (30, 90, 60), (110, 112, 115), (190, 90, 30),
          (215, 215, 210), (60, 30, 70), (20, 100, 130))
FONTS = ("liberation/LiberationSans-Bold.ttf", "liberation/LiberationSansNarrow-Bold.ttf",
         "dejavu/DejaVuSans-Bold.ttf", "dejavu/DejaVuSansCondensed-Bold.ttf",
         "liberation/LiberationSans-Regular.ttf")
HELD_FONTS = ("noto/NotoSans-Bold.ttf", "noto/NotoSansDisplay-Bold.ttf",
              "dejavu/DejaVuSansMono-Bold.ttf")
"""Seen in no trial while the exhibit was written."""
WIDTH, HEIGHT = 900, 1200


@dataclass(frozen=True)
class Door:
    """A made photograph (JPEG bytes) with what stands on it."""

    kind: str
    number: str
    size: str
    photo: bytes


def doors(seed: int, each: int, fonts: tuple[str, ...] = FONTS,
          kinds: tuple[str, ...] = KINDS) -> list[Door]:
    """`each` doors of every kind."""
    dice = np.random.default_rng(seed)
    return [door(dice, kind, fonts) for kind in kinds for _ in range(each)]


def door(dice: np.random.Generator, kind: str, fonts: tuple[str, ...] = FONTS) -> Door:
    """One door of a kind."""
    owner = "".join(dice.choice(list(LETTERS), 3)) + dice.choice(list("UUUUUUUUJZ"))
    serial = f"{dice.integers(0, 1_000_000):06d}"
    number = owner + serial + str(check_digit(owner + serial))
    size = str(dice.choice(SIZES))
    picture = _steel(dice)
    face = str(dice.choice(fonts))
    sheet = Image.fromarray(picture)
    bright = picture.mean() > 140
    _letters(dice, ImageDraw.Draw(sheet), number, size, face,
             (25, 25, 25) if bright else (240, 240, 238), kind == "vertical")
    picture = np.asarray(sheet)
    picture = _rust(dice, picture, dice.uniform(0.2, 0.4) if kind == "rusty" else 0.03)
    ground = np.full_like(picture, 90) + dice.integers(0, 90, 3).astype(np.uint8)
    strength = {"slanted": 0.17, "vertical": 0.04}.get(kind, 0.05)
    picture = photos.slanted(dice, picture, strength, ground)
    picture = photos.blurred(dice, picture,
                             dice.uniform(4, 9) if kind == "blurred" else dice.uniform(0.5, 1.6))
    picture = photos.lit(dice, picture, dice.uniform(0.75, 0.98) if kind == "night" else 0.1)
    return Door(kind, number, size, photos.jpeg(picture, int(dice.integers(45, 88))))


def _steel(dice: np.random.Generator) -> np.ndarray:
    """Two painted doors with waves in the steel, bars, hinges and a seal."""
    paint = np.array(PAINTS[dice.integers(len(PAINTS))]) + dice.integers(-12, 12, 3)
    waves = 1 + 0.10 * np.sign(np.sin(np.arange(HEIGHT) * 2 * np.pi / dice.uniform(120, 240)))
    picture = np.clip(paint * np.ones((HEIGHT, WIDTH, 1)) * waves[:, None, None], 0, 255)
    picture += (photos.clouds(dice, HEIGHT, WIDTH, 200)[:, :, None] - 0.5) * 24
    sheet = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((WIDTH // 2 - 4, 0, WIDTH // 2 + 4, HEIGHT), fill=(20, 20, 20))
    for x in (110, 330, 850):
        draw.rectangle((x - 9, 0, x + 9, HEIGHT), fill=(150, 152, 155))
        draw.line((x - 9, 0, x - 9, HEIGHT), fill=(90, 90, 90), width=3)
        for y in (140, 620, 1060):
            draw.rectangle((x - 26, y, x + 26, y + 46), fill=(120, 122, 126))
    for y in range(120, HEIGHT, 310):
        for x in (0, WIDTH - 22):
            draw.rectangle((x, y, x + 22, y + 70), fill=(70, 70, 72))
    return np.asarray(sheet)


def _letters(dice: np.random.Generator, draw: ImageDraw.ImageDraw, number: str, size: str,
             face: str, ink: tuple[int, int, int], vertical: bool) -> None:
    big = photos.font(face, int(dice.integers(46, 58)))
    small = photos.font(face, int(dice.integers(19, 24)))
    left, top = int(dice.integers(475, 500)), int(dice.integers(70, 150))
    if vertical:
        _column(draw, number, big, ink, int(dice.integers(560, 760)), top)
        draw.text((left + 40, top + 830), size, ink, big)
    else:
        apart = dice.random()
        if apart < 0.6:
            told = f"{number[:4]} {number[4:10]}"
            _checked(draw, told, number[10], big, ink, left, top)
            draw.text((left + 60, top + 84), size, ink, big)
        else:
            draw.text((left + 70, top), number[:4], ink, big)
            _checked(draw, number[4:10], number[10], big, ink, left + 70, top + 74)
            draw.text((left + 70, top + 152), size, ink, big)
    gross, tare = int(dice.integers(20000, 36000)) // 10 * 10, int(dice.integers(2100, 4800))
    for row, (name, kilos) in enumerate((("MAX. GROSS", gross), ("TARE", tare),
                                         ("NET", gross - tare))):
        y = 470 + row * 92 if not vertical else 900 + row * 70
        x = left + 40 if not vertical else 130
        draw.text((x, y), f"{name}  {kilos:,} KG", ink, small)
        draw.text((x + 90, y + 30), f"{int(kilos * 2.2046):,} LB", ink, small)
    brand = photos.font(face, 62)
    draw.text((145, int(dice.integers(200, 560))), str(dice.choice(
        ("MERAK", "SALA", "TONLE", "PADMA", "LIDO", "KAPAL"))), ink, brand)


def _checked(draw: ImageDraw.ImageDraw, told: str, digit: str, face: object,
             ink: tuple[int, int, int], left: int, top: int) -> None:
    """The number in a line, its check digit in a frame as on real doors."""
    draw.text((left, top), told, ink, face)
    x = left + draw.textlength(told, face) + 16
    box = draw.textbbox((x, top), digit, face)
    draw.text((x, top), digit, ink, face)
    draw.rectangle((box[0] - 8, box[1] - 8, box[2] + 8, box[3] + 8), outline=ink, width=3)


def _column(draw: ImageDraw.ImageDraw, number: str, face: object, ink: tuple[int, int, int],
            x: int, top: int) -> None:
    y = top
    for at, letter in enumerate(number):
        if at in (4, 10):
            y += 24
        box = draw.textbbox((0, 0), letter, face)
        draw.text((x - (box[0] + box[2]) / 2, y - box[1]), letter, ink, face)
        if at == 10:
            half = (box[2] - box[0]) / 2
            draw.rectangle((x - half - 8, y - 8, x + half + 8, y + box[3] - box[1] + 8),
                           outline=ink, width=3)
        y += 66


def _rust(dice: np.random.Generator, picture: np.ndarray, share: float) -> np.ndarray:
    """Rust eats that share of the paint, in blobs and runs."""
    where = photos.clouds(dice, HEIGHT, WIDTH, 40)
    where = np.clip((np.quantile(where, share) - where) * 14, 0, 1)[:, :, None]
    where *= 0.85
    fine = photos.clouds(dice, HEIGHT, WIDTH, 12)[:, :, None]
    tone = np.array([112, 62, 34]) * (0.6 + 0.6 * fine)
    return (picture * (1 - where) + tone * where).astype(np.uint8)
