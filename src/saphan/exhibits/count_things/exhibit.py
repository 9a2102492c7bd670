"""Count things: a photo of many alike things on a plain ground, each numbered."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from saphan.engines.runner import (
    Bars,
    Facts,
    Image,
    Picture,
    Refusal,
    Result,
    Say,
    Unit,
    Word,
    exhibit,
    media,
)

from .counting import Thing, find

cv2.setNumThreads(1)
MOST = 400
BINS = 6
SURE, UNSURE = (20, 110, 60), (200, 90, 0)


@exhibit
def count_things(photo: Image) -> Result:
    """Count alike things that lie on a plain ground, also where they touch."""
    seen = media.picture(photo, longest=800)
    if min(seen.shape[:2]) < 100:
        raise Refusal("too_small")
    things = find(seen)
    if not things:
        raise Refusal("nothing_stands_out")
    if len(things) > MOST:
        raise Refusal("too_many", most=MOST)
    odd = sum(thing.odd for thing in things)
    said = [Say("counted", "good" if odd * 10 <= len(things) else "warn", count=len(things))]
    if odd:
        said.append(Say("unsure", "warn", count=odd))
    areas = np.array([thing.area for thing in things])
    across = 2 * np.sqrt(areas / np.pi)
    facts: list[tuple[Any, Any]] = [
        (Word("middle"), Unit(float(np.median(across)), "", 0)),
        (Word("smallest"), Unit(float(across.min()), "", 0)),
        (Word("largest"), Unit(float(across.max()), "", 0)),
        (Word("covered"), Unit(float(areas.sum() / (seen.shape[0] * seen.shape[1])), "share", 0))]
    return Result(*said, Picture(Word("numbered"), media.jpeg(numbered(seen, things), 88)),
                  Bars(Word("sizes"), histogram(areas / np.median(areas))), Facts(facts))


def numbered(seen: Any, things: list[Thing]) -> Any:
    """The picture with the outline and the number of each thing; unsure ones in another colour
    and with a frame."""
    shown = np.ascontiguousarray(seen).copy()
    size = float(np.median([np.sqrt(thing.area) for thing in things]))
    scale = float(np.clip(size / 55, 0.35, 1.0))
    for number, thing in enumerate(things, 1):
        colour = UNSURE if thing.odd else SURE
        cv2.drawContours(shown, [thing.outline], -1, colour, 2, cv2.LINE_AA)
        if thing.odd:
            left, top, width, height = cv2.boundingRect(thing.outline)
            cv2.rectangle(shown, (left, top), (left + width, top + height), colour, 1)
        text = str(number)
        (wide, high), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)
        at = (int(thing.x - wide / 2), int(thing.y + high / 2))
        cv2.putText(shown, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, (255, 255, 255), 4,
                    cv2.LINE_AA)
        cv2.putText(shown, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, (0, 0, 0), 1, cv2.LINE_AA)
    return shown


def histogram(ratios: Any) -> list[tuple[str, float]]:
    """Share of the things in each step of size; 1 is the middle one's area."""
    low, high = float(ratios.min()), float(ratios.max())
    if high - low < 0.1:
        return [(f"{low:.1f}–{high:.1f}", 1.0)]
    counts, edges = np.histogram(ratios, BINS, (low, high))
    return [(f"{edges[at]:.2f}–{edges[at + 1]:.2f}", float(count / len(ratios)))
            for at, count in enumerate(counts)]
