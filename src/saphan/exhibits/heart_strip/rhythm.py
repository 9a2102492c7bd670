"""What beats say: rate, regularity, and how well the strip can be read at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .detect import Places, band

Floats = npt.NDArray[np.float64]
EARLY = 0.8
"""A beat is early when it comes before this share of the usual gap."""
JUMP = 0.1
"""Neighbouring gaps that differ by more than this share of the mean gap jump."""
JUMPING = 0.45
"""Share of jumping gaps from which on a strip counts as irregular throughout."""
POOR = 0.87
"""Mean likeness of beats below which the strip is too disturbed to be judged."""


@dataclass(frozen=True)
class Rhythm:
    """`rate`: beats a minute. `gaps`: seconds between beats. `rmssd`: root mean square of the
    differences between neighbouring gaps, in ms. `early`: numbers of the early beats. `likeness`:
    mean correlation of the beats with the median beat, 0 to 1. `kind`: regular, early, irregular,
    poor."""

    rate: float
    gaps: Floats
    rmssd: float
    early: tuple[int, ...]
    likeness: float
    kind: str


def judge(samples: Floats, rate: float, beats: Places) -> Rhythm:
    """The rhythm of a strip of at least four beats."""
    gaps = np.diff(beats) / rate
    steps = np.diff(gaps)
    rmssd = float(np.sqrt(np.mean(steps ** 2)))
    jumping = float(np.mean(np.abs(steps) > JUMP * gaps.mean()))
    early = early_beats(gaps)
    likeness = alike(samples, rate, beats)
    if likeness < POOR:
        kind = "poor"
    elif jumping >= JUMPING and not _explained(gaps, early):
        kind = "irregular"
    else:
        kind = "early" if early else "regular"
    return Rhythm(60 / float(np.median(gaps)), gaps, rmssd * 1000, early, likeness, kind)


def early_beats(gaps: Floats) -> tuple[int, ...]:
    """Numbers of beats that come early: the gap before is short against the usual of the five
    around it, and shorter than the gap after it."""
    found = []
    for at, gap in enumerate(gaps):
        usual = float(np.median(gaps[max(0, at - 3):at + 4]))
        longer = at + 1 >= len(gaps) or gaps[at + 1] > gap * 1.15
        if gap < EARLY * usual and longer:
            found.append(at + 1)
    return tuple(found)


def _explained(gaps: Floats, early: tuple[int, ...]) -> bool:
    """Whether the gaps are even once those around early beats are left out."""
    beside = {at + off for at in early for off in (-1, 0)}
    rest = np.array([gap for at, gap in enumerate(gaps) if at not in beside])
    if len(rest) < max(3, len(gaps) // 3):
        return False
    return float(rest.std()) < 0.09 * float(rest.mean())


def alike(samples: Floats, rate: float, beats: Places) -> float:
    """Mean correlation of each beat (0.1 s to both sides, 5 to 15 Hz) with the median beat: low
    where noise was taken for beats. After Orphanidou and others 2015 (IEEE J. Biomed. Health
    Inform. 19, 832)."""
    reach = round(0.1 * rate)
    banded = band(samples, rate)
    inside = [at for at in beats if reach <= at < len(banded) - reach]
    if len(inside) < 3:
        return 0.0
    cuts = np.array([banded[at - reach:at + reach + 1] for at in inside])
    middle = np.median(cuts, axis=0)
    cuts = cuts - cuts.mean(axis=1, keepdims=True)
    middle = middle - middle.mean()
    sizes = np.linalg.norm(cuts, axis=1) * np.linalg.norm(middle)
    shape = np.divide(cuts @ middle, sizes, out=np.zeros(len(cuts)), where=sizes > 0)
    return float(np.clip(shape, 0, 1).mean())
