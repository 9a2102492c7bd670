"""Turn Khmer print into text."""

from __future__ import annotations

from saphan.engines.runner import media
from saphan.engines.runner.contract import Image, Refusal, Result, exhibit
from saphan.engines.runner.parts import (
    Bars,
    Box,
    Facts,
    Marks,
    Part,
    Picture,
    Say,
    Span,
    Unit,
    Word,
)
from saphan.exhibits import reading
from saphan.exhibits.reading import Corners

from . import recogniser
from .page import Page, page

reading.load()
recogniser.load()
DOUBTFUL = 0.7
"""Signs less likely than this are marked."""
SURE, POOR = 0.97, 0.85


@exhibit
def khmer_page(photo: Image) -> Result:
    """Read the Khmer print on a photo or scan and give it as Unicode text."""
    pixels = media.picture(photo, longest=1_600)
    found = page(pixels)
    if not found.lines:
        raise Refusal("no_print")
    parts: list[Part] = [_verdict(found), _picture(found, pixels), _text(found), Facts([
        (Word("lines"), len(found.lines)),
        (Word("signs"), sum(len(line.glyphs) for line in found.lines)),
        (Word("sure"), Unit(found.sure, "share", 1)),
        (Word("doubtful"), sum(glyph.sure < DOUBTFUL for line in found.lines
                               for glyph in line.glyphs)),
        (Word("unread"), len(found.unread))])]
    parts.append(Bars(Word("sure_by_line"), [(str(at), line.sure)
                                             for at, line in enumerate(found.lines, 1)]))
    return Result(*parts)


def _verdict(found: Page) -> Say:
    lines = len(found.lines)
    if found.khmer < 0.5:
        return Say("not_khmer", "wrong")
    if found.sure < POOR:
        return Say("poor", "wrong", lines=lines)
    if found.sure < SURE:
        return Say("look_again", "warn", lines=lines)
    return Say("read", "good", lines=lines)


def _text(found: Page) -> Marks:
    spans, at = [], 0
    for line in found.lines:
        for glyph in line.glyphs:
            if glyph.sure < DOUBTFUL:
                spans.append(Span(at, at + len(glyph.text), Word("doubt"), "warn"))
            at += len(glyph.text)
        at += 1
    return Marks(found.text, spans, "km")


def _picture(found: Page, pixels: media.Pixels) -> Picture:
    boxes = [_box(line.corners, pixels, str(at), "good" if line.sure >= SURE else "warn")
             for at, line in enumerate(found.lines, 1)]
    return Picture(Word("your_photo"), of="photo",
                   boxes=boxes + [_box(each, pixels, "", "wrong") for each in found.unread])


def _box(place: Corners, pixels: media.Pixels, label: str, level: str) -> Box:
    high, wide = pixels.shape[:2]
    left, top = (max(0.0, float(each)) for each in place.min(0))
    right, bottom = (float(each) for each in place.max(0))
    return Box(left / wide, top / high, (min(right, wide) - left) / wide,
               (min(bottom, high) - top) / high, label, level)
