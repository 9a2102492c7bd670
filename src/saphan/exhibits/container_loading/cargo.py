"""Boxes from a pasted list, and the containers they go into."""

from __future__ import annotations

from dataclasses import dataclass

from saphan.engines.runner.media import Sheet, number
from saphan.engines.runner.refusal import Refusal

MOST_TYPES = 40
MOST_BOXES = 5_000
LONGEST = 2_000
"""Centimetres. A longer side is a slip of the pen."""


@dataclass(frozen=True)
class Container:
    """Inner sides in cm and payload in kg: usual values. Each container has its own on the door."""

    length: int
    width: int
    height: int
    payload: int

    @property
    def volume(self) -> int:
        """Cubic centimetres."""
        return self.length * self.width * self.height


CONTAINERS = {"c20": Container(589, 235, 239, 28_000), "c40": Container(1_203, 235, 239, 26_700),
              "c40hc": Container(1_203, 235, 269, 26_500),
              "reefer40hc": Container(1_158, 229, 240, 29_000)}
"""The reefer's height is that of its load line: above it cold air must flow."""


@dataclass(frozen=True)
class Kind:
    """Boxes of one kind: sides in cm, kg of one, how many, and how many kg may stand on one."""

    name: str
    length: int
    width: int
    height: int
    kg: float
    count: int
    bears: float = float("inf")

    @property
    def volume(self) -> int:
        return self.length * self.width * self.height


def read_cargo(sheet: Sheet) -> list[Kind]:
    """Kinds from rows of name, length, width, height, kg, count and, if there is a seventh column,
    kg that may stand on top. Refusals `too_few_columns`, `bad_row`, `too_many_boxes`."""
    if len(sheet.columns) < 6:
        raise Refusal("too_few_columns")
    kinds = []
    for at, row in enumerate(sheet.rows, 1):
        values = [number(cell) for cell in row[1:7]]
        sides, kg, count = values[:3], values[3], values[4]
        bears = values[5] if len(values) > 5 else None
        if any(side is None or not 1 <= side <= LONGEST for side in sides) or \
                kg is None or kg < 0 or count is None or count < 1 or count != int(count):
            raise Refusal("bad_row", row=at, name=row[0])
        length, width, height = (-int(-side // 1) for side in sides if side)  # rounded up
        kinds.append(Kind(row[0] or str(at), length, width, height, kg, int(count),
                          float("inf") if bears is None else bears))
    if len(kinds) > MOST_TYPES or sum(kind.count for kind in kinds) > MOST_BOXES:
        raise Refusal("too_many_boxes", kinds=MOST_TYPES, boxes=MOST_BOXES)
    return kinds
