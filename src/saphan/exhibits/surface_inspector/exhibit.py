"""Surface inspector: where a surface differs from good ones, and what a limit costs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import cv2
import numpy as np

from saphan.engines.runner import (
    Box,
    Chart,
    Drawing,
    Facts,
    Field,
    Image,
    Picture,
    Refusal,
    Result,
    Rows,
    Say,
    Unit,
    Word,
    exhibit,
    media,
)

from .eye import Model, from_itself, from_one, places, score
from .learn import FILE
from .plates import DEFECTS, HEIGHT, WIDTH

cv2.setNumThreads(1)
with np.load(FILE) as _kept:
    LEARNED: dict[str, Any] = dict(_kept)

ALARMS = (0.5, 1, 2, 5, 10, 20)


@exhibit
def inspect_surface(
    drawing: Annotated[Drawing, Field(over="examples/plate.png")] | None = None,
    photo: Image | None = None,
    surface: Literal["metal", "cloth", "tile", "other"] = "metal",
    good: Image | None = None,
    false_alarms: Annotated[float, Field(at_least=0.5, at_most=20, step=0.5, unit="%")] = 1,
) -> Result:
    """Compare a surface with good ones and show where it differs.

    The drawing is made on the house's metal plate. A photo of the visitor's own surface ("other")
    is compared with her photo of a good piece, or with itself where there is none.
    """
    if photo is None and drawing is None:
        raise Refusal("nothing_to_look_at")
    if photo is None:
        surface = "metal"
    seen: Any = media.picture(photo or drawing or b"", longest=720)
    if min(seen.shape[:2]) < 120:
        raise Refusal("too_small")
    if surface == "other":
        model, limit = from_one(_alike(good, seen)) if good else from_itself(seen)
    else:
        seen = cv2.resize(seen, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
        model, limit = known(surface, false_alarms)
    distances = model.distances(seen)
    found = places(distances, limit)
    height, width = seen.shape[:2]
    share = sum(place.area for place in found) / (height * width)
    boxes = [Box(p.x / width, p.y / height, p.width / width, p.height / height, str(at), "wrong")
             for at, p in enumerate(found, 1)]
    verdict = Say("differs", "wrong", places=len(found)) if found else Say("passes", "good")
    lines: list[tuple[Any, Any]] = [
        (Word("strangest"), Unit(score(distances), "", 1)), (Word("limit"), Unit(limit, "", 1)),
        (Word("touched"), Unit(share, "share", 2))]
    return Result(verdict, Picture(Word("own"), media.jpeg(seen, 88), boxes=boxes),
                  Picture(Word("heat"), media.jpeg(heat(seen, distances, limit), 85)),
                  Facts(lines), *_sizes(found), *_price(surface, limit, bool(good)))


def known(surface: str, false_alarms: float) -> tuple[Model, float]:
    """What was learned of a material, and the limit that so many per cent of good plates cross."""
    model = Model(LEARNED[f"{surface}_mean"], LEARNED[f"{surface}_precision"])
    return model, float(np.quantile(LEARNED[f"{surface}_good"], 1 - false_alarms / 100))


def _alike(good: bytes, seen: Any) -> Any:
    """The good piece at the scale of the picture: distances are of pixels."""
    piece = media.picture(good, longest=720)
    if min(piece.shape[:2]) < 120:
        raise Refusal("too_small")
    scale = max(seen.shape[:2]) / max(piece.shape[:2])
    return cv2.resize(piece, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def heat(seen: Any, distances: Any, limit: float) -> Any:
    """The picture in grey, with the distance from good laid over it from yellow to red."""
    size = (seen.shape[1], seen.shape[0])
    strange = np.clip(cv2.resize(distances, size) / limit - 0.6, 0, 1.4) / 1.4
    grey = np.repeat(cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)
    glow = np.stack([np.full_like(strange, 1), 0.85 * (1 - strange), 0.1 * (1 - strange)], 2) * 255
    part = np.clip(strange * 2.5, 0, 0.85)[..., None]
    return (grey * (1 - part) + glow * part).astype(np.uint8)


def _sizes(found: list[Any]) -> list[Rows]:
    if not found:
        return []
    rows = [[at, p.width, p.height, Unit(p.distance, "", 1)] for at, p in enumerate(found, 1)]
    columns = [Word("place"), Word("width"), Word("height"), Word("distance")]
    return [Rows(columns, rows, Word("places"))]


def _price(surface: str, limit: float, has_good: bool) -> list[Any]:
    """What the limit costs: good plates stopped, damaged ones let through."""
    if surface == "other":
        return [Say("one_good" if has_good else "own_measure", "warn")]
    passed = {kind: float(np.mean(LEARNED[f"{surface}_{kind}"] <= limit)) for kind in DEFECTS}
    stopped = float(np.mean(LEARNED[f"{surface}_good"] > limit))
    rows: list[list[Any]] = [[Word("stopped"), Unit(stopped, "share", 1)]]
    rows += [[Word(f"missed_{kind}"), Unit(passed[kind], "share", 0)] for kind in DEFECTS]
    scores = np.concatenate([LEARNED[f"{surface}_{kind}"] for kind in DEFECTS])
    missed = [float(np.mean(scores <= known(surface, alarms)[1])) for alarms in ALARMS]
    return [Rows([Word("at_limit"), Word("share")], rows, Word("price")),
            Chart(Word("trade"), [f"{alarms:g} %" for alarms in ALARMS],
                  [(Word("missed"), missed)], "share")]
