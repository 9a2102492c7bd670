"""Tissue viewer: stains taken apart, cell nuclei outlined and counted. Not a diagnosis."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import cv2
import numpy as np

from saphan.engines.runner import (
    Bars,
    Facts,
    Field,
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

from .stains import DAB, EOSIN, HAEMATOXYLIN, amounts, nuclei, shares

cv2.setNumThreads(1)
COLOUR = {"brown": DAB, "pink": EOSIN}
FEW = 5


@exhibit
def view_tissue(
    photo: Image,
    stain: Literal["brown", "pink"] = "brown",
    nucleus: Annotated[float, Field(at_least=5, at_most=60, step=1)] = 12,
) -> Result:
    """Take a picture of stained tissue apart into its stains, and count the nuclei that are about
    `nucleus` pixels wide."""
    whole = media.picture(photo, longest=900)
    if min(whole.shape[:2]) < 100:
        raise Refusal("too_small")
    part = shares(whole, stain)
    if part.tissue < 0.02:
        raise Refusal("no_tissue")
    found = nuclei(whole, stain, nucleus)
    taken = amounts(whole, stain)
    areas = np.array([each.area for each in found] or [0])
    facts: list[tuple[Any, Any]] = [
        (Word("tissue"), Unit(part.tissue, "share", 0)),
        (Word("density"), Unit(len(found) / (whole.shape[0] * whole.shape[1]) * 10_000, "", 1)),
        (Word("area"), Unit(float(np.median(areas)), "", 0))]
    said = [Say("counted", "good" if len(found) >= FEW else "warn", count=len(found)),
            Say("stained", "info", share=Unit(part.stained, "share", 0)),
            Say("no_diagnosis", "warn")]
    return Result(
        *said,
        Picture(Word("outlined"), media.jpeg(outlined(whole, found), 88)),
        Picture(Word("blue_only"), media.jpeg(alone(taken[..., 0], HAEMATOXYLIN), 85)),
        Picture(Word(f"{stain}_only"), media.jpeg(alone(taken[..., 1], COLOUR[stain]), 85)),
        Bars(Word("strength"), [(Word("none"), 1 - part.stained), (Word("weak"), part.weak),
                                (Word("fair"), part.fair), (Word("strong"), part.strong)]),
        Facts(facts))


def outlined(picture: Any, found: list[Any]) -> Any:
    """The picture, enlarged where it is small, with a green line around each nucleus."""
    scale = 2 if max(picture.shape[:2]) <= 450 else 1
    shown = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    for each in found:
        cv2.polylines(shown, [each.outline * scale], True, (0, 130, 40), 1, cv2.LINE_AA)
    return shown


def alone(amount: Any, stain: tuple[float, float, float]) -> Any:
    """What the slide would look like with this stain alone."""
    light = 245 * 10 ** -(amount[..., None] * np.array(stain, np.float32))
    return light.clip(0, 255).astype(np.uint8)
