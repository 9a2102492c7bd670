"""How an exhibit reads what a visitor shows, says or pastes. Runs in the sealed worker: the house
itself never decodes a stranger's file."""

from __future__ import annotations

import csv
import io
import struct
import wave
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, WebPImagePlugin

from saphan.engines.runner.refusal import Refusal

Pixels = npt.NDArray[np.uint8]
Samples = npt.NDArray[np.float32]
# Read now, and not in every visitor's fork.
Image.preinit()
WebPImagePlugin.SUPPORTED  # noqa: B018
Image.MAX_IMAGE_PIXELS = None  # our own limit, with our own words
MOST_PIXELS = 24_000_000
"""A phone's picture has 12 million. More is refused before it is decoded."""


def picture(data: bytes, *, longest: int = 1_600) -> Pixels:
    """RGB pixels (height, width, 3) of a JPEG, PNG or WebP, turned upright as the camera noted,
    made smaller so that the longer side has at most `longest` pixels. Refusal `too_many_pixels`
    or `unreadable_picture`."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Refusal("too_many_pixels", most=MOST_PIXELS // 1_000_000)
            image.draft("RGB", (longest * 2, longest * 2))
            upright = ImageOps.exif_transpose(image)
            if upright.mode in ("RGBA", "LA", "P", "PA"):
                sheet = Image.new("RGBA", upright.size, "white")
                upright = Image.alpha_composite(sheet, upright.convert("RGBA"))
            upright = upright.convert("RGB")
    except Refusal:
        raise
    except Exception:
        raise Refusal("unreadable_picture") from None
    if max(upright.size) > longest:
        upright.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return np.asarray(upright, dtype=np.uint8)


def png(pixels: npt.NDArray[Any]) -> bytes:
    """PNG bytes of pixels (height, width[, 3 or 4]); floats are taken as shares 0..1."""
    if pixels.dtype != np.uint8:
        pixels = np.clip(pixels * 255 if pixels.dtype.kind == "f" else pixels, 0, 255)
    out = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(out, "PNG", optimize=False, compress_level=6)
    return out.getvalue()


def jpeg(pixels: npt.NDArray[Any], quality: int = 82) -> bytes:
    """JPEG bytes of RGB pixels."""
    out = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(out, "JPEG", quality=quality)
    return out.getvalue()


def sound(data: bytes, *, rate: int = 16_000, most_seconds: float = 30) -> Samples:
    """Mono samples (-1..1) at `rate` per second of a PCM WAV file. Refusal `unreadable_sound`,
    `too_long_sound` or `silent`."""
    try:
        with wave.open(io.BytesIO(data)) as file:
            width, channels, own = file.getsampwidth(), file.getnchannels(), file.getframerate()
            if channels < 1 or own < 1_000:
                raise Refusal("unreadable_sound")
            if file.getnframes() > own * most_seconds:
                raise Refusal("too_long_sound", most=most_seconds)
            raw = file.readframes(file.getnframes())
        raw = raw[:len(raw) // (width * channels) * (width * channels)]
        samples = _pcm(raw, width).reshape(-1, channels).mean(axis=1)
    except (wave.Error, EOFError, struct.error, ValueError, RuntimeError):
        raise Refusal("unreadable_sound") from None
    if not len(samples) or float(np.abs(samples).max()) < 1e-3:
        raise Refusal("silent")
    return resample(samples.astype(np.float32), own, rate)


def _pcm(raw: bytes, width: int) -> npt.NDArray[np.float64]:
    if width == 1:
        return (np.frombuffer(raw, np.uint8).astype(np.float64) - 128) / 128
    if width == 3:
        triples = np.frombuffer(raw, np.uint8).reshape(-1, 3).astype(np.int32)
        values = triples[:, 0] | triples[:, 1] << 8 | triples[:, 2] << 16
        return (values - ((values & 0x800000) << 1)) / float(1 << 23)
    if width in (2, 4):
        kind = np.int16 if width == 2 else np.int32
        return np.frombuffer(raw, kind).astype(np.float64) / float(1 << (8 * width - 1))
    raise ValueError(width)


def resample(samples: Samples, own: int, rate: int) -> Samples:
    """The same sound at another rate, band-limited by its spectrum."""
    if own == rate or not len(samples):
        return samples
    size = max(1, round(len(samples) * rate / own))
    spectrum = np.fft.rfft(samples)
    kept = np.zeros(size // 2 + 1, dtype=spectrum.dtype)
    shared = min(len(kept), len(spectrum))
    kept[:shared] = spectrum[:shared]
    return (np.fft.irfft(kept, size) * (size / len(samples))).astype(np.float32)


def wav(samples: npt.NDArray[Any], rate: int = 16_000) -> bytes:
    """WAV bytes (16 bit, mono) of samples -1..1."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes())
    return out.getvalue()


@dataclass(frozen=True)
class Sheet:
    """A table as read: names of columns and rows of strings."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, name: str) -> list[str]:
        """Values of a column. KeyError if there is none of this name."""
        position = {each: at for at, each in enumerate(self.columns)}[name]
        return [row[position] for row in self.rows]

    def numbers(self) -> dict[str, list[float | None]]:
        """The columns in which at least two thirds of the values are numbers."""
        found = {}
        for name in self.columns:
            values = [number(value) for value in self.column(name)]
            if values and sum(value is not None for value in values) * 3 >= len(values) * 2:
                found[name] = values
        return found


def number(text: str) -> float | None:
    """A number as people type it into a table: 1,234.5 · 1.234,5 · 12,5 · ๑๒ · 12 %."""
    digits = "".join(str(int(c)) if c.isdigit() and c.isdecimal() else c for c in text)
    digits = digits.replace("\u00a0", "").replace(" ", "").replace("\u2212", "-").rstrip("%")
    if "," in digits and "." in digits:
        decimal = max(digits.rfind(","), digits.rfind("."))
        digits = (digits[:decimal].replace(",", "").replace(".", "") + "." + digits[decimal + 1:])
    elif digits.count(",") == 1 and len(digits.split(",")[1]) != 3:
        digits = digits.replace(",", ".")
    else:
        digits = digits.replace(",", "")
    try:
        value = float(digits)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


LONGEST_CELL = 10_000  # characters


def table(text: str, *, least: int = 1, most: int = 5_000) -> Sheet:
    """A table from CSV, semicolons or tabs (what a spreadsheet pastes). The first line names the
    columns unless it is all numbers. Refusal `unreadable_table`, `too_few_rows`, `too_many_rows`.
    """
    text = text.strip("\ufeff\n\r ")
    if not text:
        raise Refusal("empty")
    first = text.splitlines()[0]
    mark = max("\t;,", key=first.count)
    try:
        lines = [[cell.strip() for cell in row]
                 for row in csv.reader(io.StringIO(text), delimiter=mark)
                 if any(cell.strip() for cell in row)]
    except csv.Error:
        raise Refusal("unreadable_table") from None
    if not lines:
        raise Refusal("empty")
    width = max(len(row) for row in lines)
    # The csv module has a limit of its own, for the whole process, and others may have raised it.
    if width > 60 or any(len(cell) > LONGEST_CELL for row in lines for cell in row):
        raise Refusal("unreadable_table")
    lines = [row + [""] * (width - len(row)) for row in lines]
    head = lines[0]
    if all(number(cell) is not None for cell in head):
        names = [str(at) for at in range(1, width + 1)]
    else:
        names, lines = [cell or str(at) for at, cell in enumerate(head, 1)], lines[1:]
    names = [name if name not in names[:at] else f"{name} ({at + 1})"
             for at, name in enumerate(names)]
    if len(lines) < least:
        raise Refusal("too_few_rows", least=least)
    if len(lines) > most:
        raise Refusal("too_many_rows", most=most)
    return Sheet(tuple(names), tuple(tuple(row) for row in lines))
