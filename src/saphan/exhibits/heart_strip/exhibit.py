"""An ECG strip: beats marked, rate, regularity, and whether it can be read at all."""

from typing import Annotated, Literal

from saphan.engines.runner import (
    Box,
    Chart,
    Facts,
    Field,
    Picture,
    Refusal,
    Result,
    Say,
    Table,
    Unit,
    exhibit,
)
from saphan.engines.runner import Word as W
from saphan.engines.runner.media import png

from . import made, paper
from .detect import peaks
from .reading import Samples, read_samples
from .rhythm import judge

LEVELS = {"regular": "good", "early": "warn", "irregular": "warn", "poor": "wrong"}
STRIPS = {"made_steady": ("steady", 66, 18), "made_early": ("early", 72, 18),
          "made_irregular": ("irregular", 88, 15), "made_noisy": ("early", 70, -8)}
MADE_SEED = 3


@exhibit
def heart_strip(
    strip: Literal["own", "made_steady", "made_early", "made_irregular", "made_noisy"] = "own",
    samples: Annotated[Table, Field(most=300_000)] = "",
    rate: Annotated[int, Field(at_least=50, at_most=2_000)] = 250,
) -> Result:
    """Find the beats in an electrocardiogram and say how fast and how evenly they come."""
    strips = _made(strip) if strip != "own" else read_samples(samples, rate)
    beats = peaks(strips.values, strips.rate)
    if len(beats) < 4:
        raise Refusal("no_beats")
    found = judge(strips.values, strips.rate, beats)
    marked = found.early if found.kind == "early" else ()
    says = [Say(found.kind, LEVELS[found.kind], rate=round(found.rate), count=len(marked))]
    frames = []
    for number in marked[:12]:
        spot = paper.place(int(beats[number]), strips.rate, len(strips.values))
        if spot:
            frames.append(Box(*spot, label=W("early_beat"), level="warn"))
    gaps = (found.gaps * 1000).round().tolist()
    return Result(
        *says,
        Picture(W("strip"), png(paper.draw(strips.values, strips.rate, beats, marked)),
                boxes=frames),
        Facts([(W("rate"), round(found.rate)), (W("beats"), len(beats)),
               (W("rmssd"), Unit(found.rmssd, "ms", 0)),
               (W("shortest"), Unit(min(gaps), "ms", 0)),
               (W("longest"), Unit(max(gaps), "ms", 0)),
               (W("likeness"), Unit(found.likeness, "share", 0)),
               (W("length"), Unit(len(strips.values) / strips.rate, "s", 1))]),
        Chart(W("gaps"), [str(each) for each in range(2, len(beats) + 1)],
              [(W("gap"), gaps)], unit="ms"))


def _made(strip: str) -> Samples:
    kind, per_minute, noise = STRIPS[strip]
    drawn = made.make(kind, MADE_SEED, seconds=20, per_minute=per_minute, noise_db=noise)
    return Samples(drawn.samples, drawn.rate)
