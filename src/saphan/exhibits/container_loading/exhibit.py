"""A list of boxes and a container: a loading plan, its picture, and how far it is from the best."""

import math
from collections.abc import Sequence
from typing import Literal

from saphan.engines.runner import (
    Bars,
    Facts,
    Picture,
    Result,
    Rows,
    Say,
    Table,
    Unit,
    exhibit,
)
from saphan.engines.runner import Word as W
from saphan.engines.runner.media import png, table
from saphan.engines.runner.parts import Value

from .cargo import CONTAINERS, Container, Kind, read_cargo
from .packing import Plan, pack, turned
from .view import draw

LITRES = 1_000_000
"""Cubic centimetres in a cubic metre."""
MOST_STEPS = 60
OFF = 0.1
"""The centre of gravity should lie within so much of the length of the middle (CTU Code 2014 asks
for care beyond 5 to 10 %, by container and road)."""


@exhibit
def load(
    boxes: Table,
    container: Literal["c20", "c40", "c40hc", "reefer40hc"] = "c20",
    upright: bool = False,
) -> Result:
    """Load boxes of several sizes into a container."""
    kinds = read_cargo(table(boxes))
    room = CONTAINERS[container]
    plan = pack(room, kinds, upright)
    total = sum(kind.volume * kind.count for kind in kinds)
    used = plan.volume(kinds) / room.volume
    best = min(1.0, total / room.volume)
    left = sum(plan.left)
    says = [Say("all_in", "good", share=Unit(used, "share", 0))] if not left else [
        Say("some_left", "warn", left=left, share=Unit(used, "share", 0)),
        Say("needed", containers=_least(room, kinds, total))]
    middle = plan.centre(kinds)[0] / room.length
    if plan.blocks and abs(middle - .5) > OFF:
        says.append(Say("off_centre", "warn", share=Unit(middle, "share", 0)))
    return Result(
        *says, Picture(W("picture"), png(draw(room, plan.blocks))),
        Bars(W("space"), [(W("this_plan"), used), (W("bound"), best)]),
        _kinds(room, kinds, plan, upright), _facts(room, kinds, plan), _steps(kinds, plan))


def _least(room: Container, kinds: Sequence[Kind], total: int) -> int:
    """No plan can do with fewer containers: by volume and by weight."""
    kg = sum(kind.kg * kind.count for kind in kinds)
    return max(math.ceil(total / room.volume), math.ceil(kg / room.payload))


def why_left(room: Container, kind: Kind, plan: Plan, kinds: Sequence[Kind],
             upright: bool) -> str:
    """Key of the reason why boxes of a kind stay behind."""
    if not any(length <= room.length and width <= room.width and height <= room.height
               for length, width, height in turned(kind, upright)):
        return "too_large"
    if plan.kg(kinds) + kind.kg > room.payload:
        return "too_heavy"
    return "no_room"


def _kinds(room: Container, kinds: Sequence[Kind], plan: Plan, upright: bool) -> Rows:
    rows: list[list[Value]] = []
    for at, kind in enumerate(kinds):
        why: Value = W(why_left(room, kind, plan, kinds, upright)) if plan.left[at] else ""
        rows.append([at + 1, kind.name, kind.count - plan.left[at], plan.left[at], why])
    return Rows([W("number"), W("name"), W("loaded"), W("left"), W("why")], rows,
                title=W("kinds"))


def _facts(room: Container, kinds: Sequence[Kind], plan: Plan) -> Facts:
    x, y, z = plan.centre(kinds)
    return Facts([
        (W("volume"), Unit(plan.volume(kinds) / LITRES, "m³", 1)),
        (W("weight"), Unit(plan.kg(kinds), "kg", 0)),
        (W("payload"), Unit(room.payload, "kg", 0)),
        (W("centre_length"), Unit(x / room.length, "share", 0)),
        (W("centre_width"), Unit(y / room.width, "share", 0)),
        (W("centre_height"), Unit(z / room.height, "share", 0))])


def _steps(kinds: Sequence[Kind], plan: Plan) -> Rows:
    return Rows(
        [W("step"), W("name"), W("pieces"), W("arranged"), W("standing"), W("place")],
        [[at, kinds[block.kind].name, block.pieces, _times(block.across), _times(block.side),
          " · ".join(str(each) for each in block.at)]
         for at, block in enumerate(plan.blocks[:MOST_STEPS], 1)], title=W("steps"))


def _times(sides: Sequence[int]) -> str:
    return " × ".join(str(each) for each in sides)
