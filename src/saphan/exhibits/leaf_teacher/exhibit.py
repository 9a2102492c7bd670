"""Leaf teacher: a few photos of healthy and sick leaves teach it; then it judges one more."""

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

from .teacher import GRID, leaf_mask, left_out, numbers, off_green, small, speaking, teach

cv2.setNumThreads(1)
UNSURE = 0.75


@exhibit
def judge_leaf(
    photo: Image,
    good_1: Image,
    bad_1: Image,
    good_2: Image | None = None,
    good_3: Image | None = None,
    bad_2: Image | None = None,
    bad_3: Image | None = None,
) -> Result:
    """Learn from up to three photos of healthy and three of sick leaves or fruit, judge another,
    and say how far to trust it. Nothing is kept: the next visitor begins anew."""
    good = [_numbers(each) for each in (good_1, good_2, good_3) if each]
    bad = [_numbers(each) for each in (bad_1, bad_2, bad_3) if each]
    whole = media.picture(photo, longest=640)
    seen = _checked(whole)
    mask = leaf_mask(seen)
    taught = teach(good, bad)
    chance = taught.chance(numbers(seen, mask))
    moved = speaking(taught, seen, mask)
    shown = whole if chance < 0.5 else lit(whole, moved)
    return Result(
        _verdict(chance),
        Bars(Word("how_sure"), [(Word("healthy"), 1 - chance), (Word("sick"), chance)]),
        Picture(Word("leaf") if chance < 0.5 else Word("speaks"), media.jpeg(shown, 88)),
        *_honest(left_out(good, bad)),
        Facts([(Word("taught_good"), len(good)), (Word("taught_bad"), len(bad)),
               (Word("off_green"), Unit(off_green(whole), "share", 0))]))


def _numbers(photo: bytes) -> Any:
    seen = _checked(media.picture(photo, longest=640))
    return numbers(seen, leaf_mask(seen))


def _checked(picture: Any) -> Any:
    if min(picture.shape[:2]) < 80 or max(picture.shape[:2]) > 5 * min(picture.shape[:2]):
        raise Refusal("too_small")
    return small(picture)


def _verdict(chance: float) -> Say:
    sure = Unit(max(chance, 1 - chance), "share", 0)
    if max(chance, 1 - chance) < UNSURE:
        return Say("leans_sick" if chance > 0.5 else "leans_healthy", "warn", sure=sure)
    if chance > 0.5:
        return Say("looks_sick", "wrong", sure=sure)
    return Say("looks_healthy", "good", sure=sure)


def _honest(right: list[bool]) -> list[Say]:
    """What the teaching photos say of themselves when each is judged by the others."""
    if not right:
        return [Say("too_few", "warn")]
    level = "good" if all(right) else "warn" if sum(right) * 4 >= len(right) * 3 else "wrong"
    said = [Say("left_out", level, right=sum(right), all=len(right))]
    if level == "wrong":
        said.append(Say("do_not_trust", "wrong"))
    return said


def lit(picture: Any, moved: Any) -> Any:
    """The picture with a frame of light over the fields that speak for sick; the rest dimmed."""
    strongest = float(moved.max())
    if strongest <= 0:
        return picture
    high, wide = picture.shape[:2]
    warm = np.clip(moved / strongest, 0, 1).astype(np.float32)
    glow = cv2.resize(warm, (wide, high), interpolation=cv2.INTER_CUBIC).clip(0, 1)[..., None]
    grey = np.repeat(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)
    base = picture * (0.35 + 0.65 * glow) + grey * 0.45 * (1 - glow)
    shown = np.ascontiguousarray(base.clip(0, 255).astype(np.uint8))
    for row, column in np.argwhere(warm >= 0.5):
        corner = (int(column * wide / GRID), int(row * high / GRID))
        other = (int((column + 1) * wide / GRID) - 1, int((row + 1) * high / GRID) - 1)
        cv2.rectangle(shown, corner, other, (220, 70, 0), 2)
    return shown
