"""The number on a picture of a container door, and its size and type code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from saphan.engines.runner.media import Pixels
from saphan.exhibits import reading
from saphan.exhibits.reading import Corners, Line

from . import grammar, iso6346, marks
from .grammar import Guess

LONGEST = 1_280
"""Pixels of the longer side that the picture is read at."""


@dataclass(frozen=True)
class Door:
    """What was read. `guess` is None where nothing has the form of a number. `places`: where it
    stands. `unread`: lines that belong to neither the number nor the code."""

    guess: Guess | None
    places: tuple[Corners, ...]
    size: iso6346.Size | None
    size_at: Corners | None
    unread: tuple[Line, ...]

    @property
    def right(self) -> bool:
        """Whether a number was read and its check digit is right."""
        return self.guess is not None and iso6346.valid(self.guess.chosen)


def door(pixels: Pixels) -> Door:
    """Read a door."""
    lines = reading.lines(pixels)
    strings = marks.strings(pixels, lines)
    found = grammar.best([each.glyphs for each in strings])
    size, size_at = _size(lines)
    places = strings[found[1]].places if found else ()
    rest = tuple(line for line in lines if line.corners is not size_at
                 and not any(_inside(line, place) for place in places))
    return Door(found[0] if found else None, places, size, size_at, rest)


def _size(lines: Sequence[Line]) -> tuple[iso6346.Size | None, Corners | None]:
    for line in lines:
        text = "".join(sign for sign in line.text.upper() if sign.isalnum())
        if len(text) == 4:
            code = text[0] + text[1].replace("O", "0") + text[2] + text[3].replace("O", "0") \
                .replace("I", "1")
            if (told := iso6346.size(code)) and any(sign.isdigit() for sign in text):
                return told, line.corners
    return None, None


def _inside(line: Line, place: Corners) -> bool:
    x, y = line.corners.mean(0)
    (left, top), (right, bottom) = place.min(0), place.max(0)
    return bool(left <= x <= right and top <= y <= bottom)
