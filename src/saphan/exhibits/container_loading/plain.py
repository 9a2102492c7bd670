"""The plain baseline of the bench: boxes as listed, in rows, rows in layers, nothing turned."""

from __future__ import annotations

from collections.abc import Sequence

from .cargo import Container, Kind


def layers(container: Container, kinds: Sequence[Kind]) -> int:
    """Volume loaded by a first fit: the highest kinds first, boxes side by side, a new row when the
    width is full, a new layer when the length is full. Cubic cm."""
    x = y = z = row = layer = loaded = 0
    for kind in sorted(kinds, key=lambda each: -each.height):
        for _ in range(kind.count):
            if y + kind.width > container.width:
                x, y, row = x + row, 0, 0
            if x + kind.length > container.length:
                x, y, z, row, layer = 0, 0, z + layer, 0, 0
            if z + kind.height > container.height or kind.length > container.length \
                    or kind.width > container.width:
                break
            y += kind.width
            row, layer = max(row, kind.length), max(layer, kind.height)
            loaded += kind.volume
    return loaded
