"""The loaded container as a picture, seen from the door, from above and from the right."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from .cargo import Container
from .packing import Block

WIDTH = 1_400
MARGIN = 24
COS, SIN = np.cos(np.pi / 6), np.sin(np.pi / 6)
COLOURS = ("#3b7ea1", "#e08e45", "#6a994e", "#b56576", "#8d6b94", "#d4a373", "#f2cc5c", "#bc4749",
           "#7f9c96", "#c9a227", "#5e548e", "#90a955", "#e5989b", "#2a9d8f", "#a98467", "#7b8fb2",
           "#cb997e", "#588157", "#9d4edd", "#ef767a")
SHADES = {"top": 1.14, "side": .92, "door": 1.0}
WALL, INK = "#9aa5a8", "#20302f"
Point = tuple[float, float]
Spot = Callable[[float, float, float], Point]
"""Where a place in the container (cm) lies on the picture."""


def draw(container: Container, blocks: tuple[Block, ...]) -> npt.NDArray[np.uint8]:
    """RGB pixels. The length runs to the lower right, towards the door; each block shows the number
    of its kind and lines between its boxes."""
    across = (container.length + container.width) * COS
    scale = (WIDTH - 2 * MARGIN) / across
    high = (container.length + container.width) * SIN + container.height
    image = Image.new("RGB", (WIDTH, round(high * scale) + 2 * MARGIN), "white")
    pen = ImageDraw.Draw(image)

    def spot(x: float, y: float, z: float) -> Point:
        return (MARGIN + (x - y + container.width) * COS * scale,
                MARGIN + (container.height - z + (x + y) * SIN) * scale)

    _shell(pen, container, spot, back=True)
    for block in in_order(blocks):
        _block(pen, block, spot, scale)
    _shell(pen, container, spot, back=False)
    return np.asarray(image)


def in_order(blocks: tuple[Block, ...]) -> list[Block]:
    """From the back to the front. One block is drawn before another if it lies behind it along an
    axis and before it along none: where both hold, the two do not overlap in the picture."""
    if not blocks:
        return []
    low = np.array([block.at for block in blocks])
    high = low + np.array([block.size for block in blocks])
    behind = (high[:, None, :] <= low[None, :, :]).any(axis=2)
    before = behind & ~behind.T
    waiting = before.sum(axis=0)
    left = set(range(len(blocks)))
    order: list[Block] = []
    while left:
        free = [each for each in left if waiting[each] == 0] or \
            [min(left, key=lambda each: int(low[each].sum()))]
        for each in sorted(free, key=lambda each: int(low[each].sum())):
            left.remove(each)
            order.append(blocks[each])
            waiting = waiting - before[each]
    return order


def _shell(pen: ImageDraw.ImageDraw, box: Container, spot: Spot, *, back: bool) -> None:
    long, wide, high = box.length, box.width, box.height
    if back:  # floor, front wall and left wall
        for face in (((0, 0, 0), (long, 0, 0), (long, wide, 0), (0, wide, 0)),
                     ((0, 0, 0), (0, wide, 0), (0, wide, high), (0, 0, high)),
                     ((0, 0, 0), (long, 0, 0), (long, 0, high), (0, 0, high))):
            pen.polygon([spot(*each) for each in face],
                        fill="#f1f4f4", outline=WALL)
        return
    for start, end in (((0, wide, 0), (long, wide, 0)), ((0, wide, high), (long, wide, high)),
                       ((long, 0, high), (long, wide, high)), ((0, wide, high), (0, 0, high)),
                       ((0, 0, high), (long, 0, high)), ((long, 0, 0), (long, 0, high)),
                       ((long, wide, 0), (long, wide, high)), ((0, wide, 0), (0, wide, high)),
                       ((long, 0, 0), (long, wide, 0))):
        pen.line([spot(*start), spot(*end)], fill=WALL, width=2)


def _block(pen: ImageDraw.ImageDraw, block: Block, spot: Spot, scale: float) -> None:
    (x, y, z), (dx, dy, dz), (nx, ny, nz) = block.at, block.size, block.across
    colour = COLOURS[block.kind % len(COLOURS)]
    faces = {"top": (((x, y, z + dz), (dx, 0, 0), (0, dy, 0)), nx, ny),
             "side": (((x, y + dy, z), (dx, 0, 0), (0, 0, dz)), nx, nz),
             "door": (((x + dx, y, z), (0, dy, 0), (0, 0, dz)), ny, nz)}
    for name, ((corner, along, up), first, second) in faces.items():
        def on(a: float, b: float, corner: tuple[int, ...] = corner, along: tuple[int, ...] = along,
               up: tuple[int, ...] = up) -> Point:
            return spot(*(corner[axis] + a * along[axis] + b * up[axis]
                          for axis in range(3)))

        pen.polygon([on(0, 0), on(1, 0), on(1, 1), on(0, 1)], fill=_shade(colour, SHADES[name]))
        line = _shade(colour, .72)
        for at in range(1, first):
            pen.line([on(at / first, 0), on(at / first, 1)], fill=line)
        for at in range(1, second):
            pen.line([on(0, at / second), on(1, at / second)], fill=line)
        pen.line([on(0, 0), on(1, 0), on(1, 1), on(0, 1), on(0, 0)], fill=_shade(colour, .5),
                 width=2)
    _number(pen, block, spot, scale)


def _number(pen: ImageDraw.ImageDraw, block: Block, spot: Spot, scale: float) -> None:
    size = min(block.size[0], block.size[1]) * scale
    if size > 16:
        x, y, z = block.at
        dx, dy, dz = block.size
        font = ImageFont.load_default(min(30, max(13, size * .4)))
        pen.text(spot(x + dx / 2, y + dy / 2, z + dz),
                 str(block.kind + 1), fill=INK, font=font, anchor="mm")


def _shade(colour: str, factor: float) -> str:
    parts = (int(colour[at:at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{min(255, round(part * factor)):02x}" for part in parts)
