"""Loading by blocks: like boxes are set as a block into the corner of a free space, the rest of
the space is cut into three, and so on; many times with other tastes, and the best plan is kept.

After the block-building heuristics (Eley 2002, Eur. J. Oper. Res. 141, 393; Bischoff & Ratcliff
1995, Omega 23, 377). What is on top stands wholly on the block below, so every box is fully
supported. A stack is checked as weight on an area: a box carries at most `bears` kg spread over
its top.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from .cargo import Container, Kind

TRIES = 120
MOST_WORK = 280_000
"""Candidate blocks looked at in all: about a second. Counted, not timed: two runs agree."""
UNLIMITED = float("inf")


@dataclass(frozen=True)
class Block:
    """`across` = boxes along length, width and height; `at` the corner, `side` one box, in cm."""

    kind: int
    at: tuple[int, int, int]
    side: tuple[int, int, int]
    across: tuple[int, int, int]

    @property
    def pieces(self) -> int:
        return self.across[0] * self.across[1] * self.across[2]

    @property
    def size(self) -> tuple[int, int, int]:
        return (self.side[0] * self.across[0], self.side[1] * self.across[1],
                self.side[2] * self.across[2])


@dataclass(frozen=True)
class Space:
    """A free space: its corner, its size, and the kg per square cm that may stand in it."""

    at: tuple[int, int, int]
    size: tuple[int, int, int]
    bears: float = UNLIMITED


@dataclass(frozen=True)
class Plan:
    """The blocks in the order in which they are loaded, and what is left of each kind."""

    blocks: tuple[Block, ...]
    left: tuple[int, ...]

    def volume(self, kinds: Sequence[Kind]) -> int:
        return sum(kinds[block.kind].volume * block.pieces for block in self.blocks)

    def kg(self, kinds: Sequence[Kind]) -> float:
        return sum(kinds[block.kind].kg * block.pieces for block in self.blocks)

    def centre(self, kinds: Sequence[Kind]) -> tuple[float, float, float]:
        """Centre of gravity in cm, each box's in its own middle."""
        total = self.kg(kinds) or 1.0
        x, y, z = (sum(kinds[block.kind].kg * block.pieces * (block.at[axis] + block.size[axis] / 2)
                       for block in self.blocks) / total for axis in range(3))
        return x, y, z


def turned(kind: Kind, upright: bool) -> list[tuple[int, int, int]]:
    """The ways a box can stand: (length, width, height)."""
    a, b, c = kind.length, kind.width, kind.height
    ways = [(a, b, c), (b, a, c)]
    if not upright:
        ways += [(a, c, b), (c, a, b), (b, c, a), (c, b, a)]
    return list(dict.fromkeys(ways))


def pack(container: Container, kinds: Sequence[Kind], upright: bool = False, seed: int = 1) -> Plan:
    """The best plan of many tries by volume, then by a centre of gravity near the middle."""
    chance = random.Random(seed)  # noqa: S311 - choices of a plan, no secrets
    ways = [turned(kind, upright) for kind in kinds]
    best, best_score, work = Plan((), tuple(kind.count for kind in kinds)), -1.0, 0
    for attempt in range(TRIES):
        taste = Taste.of(chance, attempt, len(kinds))
        plan, looked = _once(container, kinds, ways, taste)
        work += looked
        off = abs(plan.centre(kinds)[0] / container.length - .5)
        score = plan.volume(kinds) / container.volume - .01 * off
        if score > best_score:
            best, best_score = plan, score
        if not any(plan.left) or work > MOST_WORK:
            break
    return best


@dataclass(frozen=True)
class Taste:
    """What one try prefers: a factor for each kind, how much a snug fit counts against a large
    block, how deep blocks may be, and whether the side space is cut before the front space."""

    likes: tuple[float, ...]
    snug: float
    deepest: int
    side_first: bool | None

    @classmethod
    def of(cls, chance: random.Random, attempt: int, kinds: int) -> Taste:
        if attempt < 6:
            return cls((1.0,) * kinds, (0.0, 1.0, 3.0)[attempt % 3], 99 if attempt < 3 else 1, None)
        spread = chance.choice((.05, .15, .3))
        return cls(tuple(1 + chance.uniform(-spread, spread) for _ in range(kinds)),
                   chance.choice((0.0, .5, 1.0, 2.0, 4.0)), chance.choice((1, 2, 99)),
                   chance.choice((None, None, True, False)))


def _once(container: Container, kinds: Sequence[Kind],
          ways: Sequence[list[tuple[int, int, int]]], taste: Taste) -> tuple[Plan, int]:
    left = [kind.count for kind in kinds]
    room = float(container.payload)
    spaces = [Space((0, 0, 0), (container.length, container.width, container.height))]
    blocks: list[Block] = []
    looked = 0
    while spaces:
        space = spaces.pop()
        block, seen = _best_block(space, kinds, ways, left, room, taste)
        looked += seen
        if block is None:
            _lend(space, spaces)
            continue
        blocks.append(block)
        left[block.kind] -= block.pieces
        room -= kinds[block.kind].kg * block.pieces
        spaces.extend(_rest(space, block, kinds[block.kind], taste))
    return Plan(tuple(blocks), tuple(left)), looked


def _best_block(space: Space, kinds: Sequence[Kind], ways: Sequence[list[tuple[int, int, int]]],
                left: list[int], room: float, taste: Taste) -> tuple[Block | None, int]:
    found: Block | None = None
    best, looked = 0.0, 0
    long, wide, high = space.size
    for number, kind in enumerate(kinds):
        most = left[number] if kind.kg <= 0 else min(left[number], int(room / kind.kg + 1e-9))
        if most < 1:
            continue
        for length, width, height in ways[number]:
            if length > long or width > wide or height > high:
                continue
            up = min(high // height, most, _stack(kind, length * width, space.bears))
            for tall in ({up, up - 1} if up > 1 else {up}):
                if tall < 1:
                    continue
                along = min(wide // width, most // tall)
                deep = min(long // length, most // (tall * along), taste.deepest)
                looked += 1
                snug = (along * width / wide) * (tall * height / high)
                score = length * width * height * tall * along * deep * taste.likes[number]
                score *= snug ** taste.snug
                if score > best:
                    best = score
                    found = Block(number, space.at, (length, width, height), (deep, along, tall))
    return found, looked


def _stack(kind: Kind, area: int, bears: float) -> int:
    """How many boxes may stand on each other, by what the lowest and the ground bear."""
    if kind.kg <= 0:
        return 9_999
    own = 9_999 if kind.bears == UNLIMITED else int(kind.bears / kind.kg + 1e-9) + 1
    below = 9_999 if bears == UNLIMITED else int(bears * area / kind.kg + 1e-9)
    return min(own, below)


def _rest(space: Space, block: Block, kind: Kind, taste: Taste) -> list[Space]:
    """The three spaces beside, before and above a block; the one to be filled next is last."""
    (x, y, z), (long, wide, high), (dx, dy, dz) = space.at, space.size, block.size
    area = block.side[0] * block.side[1]
    carried = kind.kg * block.across[2] / area
    own = (kind.bears - kind.kg * (block.across[2] - 1)) / area
    above = Space((x, y, z + dz), (dx, dy, high - dz), min(space.bears - carried, own))
    side_first = taste.side_first
    if side_first is None:  # keep the larger of the two spaces that the cuts leave whole
        side_first = (long - dx) * wide < long * (wide - dy)
    side = Space((x, y + dy, z), (long if side_first else dx, wide - dy, high), space.bears)
    front = Space((x + dx, y, z), (long - dx, dy if side_first else wide, high), space.bears)
    return [each for each in (front, side, above) if min(each.size) > 0]


def _lend(space: Space, spaces: list[Space]) -> None:
    """A space in which nothing fits is joined to the next one where the two make one box that
    stands on the same ground."""
    for at in range(len(spaces) - 1, -1, -1):
        other = spaces[at]
        if other.at[2] != space.at[2] or other.size[2] != space.size[2]:
            continue
        for axis, same in ((0, 1), (1, 0)):
            if other.at[same] == space.at[same] and other.size[same] == space.size[same] and \
                    space.at[axis] + space.size[axis] == other.at[axis]:
                size = list(other.size)
                size[axis] += space.size[axis]
                spaces[at] = Space(space.at, (size[0], size[1], size[2]),
                                   min(space.bears, other.bears))
                return
