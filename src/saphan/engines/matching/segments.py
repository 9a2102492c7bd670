"""Inverted lists in files: which documents a key leads to. Files are written once, then only read.

A segment holds the documents of a run of slots. Small segments are merged into larger ones, so
that a question looks into a few dozen at most, however the documents came in.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from saphan.engines.matching.columns import Maps
from saphan.engines.matching.postings import AMOUNT_BITS, Numbers, unpack

LARGEST: Final = 1 << 17
"""Documents in a segment, at most: bounds what one merge costs (about a second)."""

STEP: Final = 8
"""Segments of like size that are merged into one."""

MOST_AT_ONCE: Final = 1 << 16
"""Documents that `write` takes."""

Slots = npt.NDArray[np.uint32]
Amounts = npt.NDArray[np.uint16]


@dataclass(frozen=True)
class Segment:
    """Slots `first` to `first + size`; `slots` count from `first`. Lists are in order of slots."""

    name: str
    first: int
    size: int
    keys: Numbers
    """Sorted, each once."""
    starts: npt.NDArray[np.uint32]
    """[keys + 1]: where the list of each key begins."""
    slots: Slots
    amounts: Amounts

    def find(self, keys: Numbers) -> Iterator[tuple[int, Slots, Amounts]]:
        """For each of the keys that is here: its place among those asked for, and its list."""
        if not len(self.keys):
            return
        places = np.searchsorted(self.keys, keys)
        places[places == len(self.keys)] = 0
        here = np.flatnonzero(self.keys[places] == keys)
        begins, ends = self.starts[places[here]].tolist(), self.starts[places[here] + 1].tolist()
        for asked, begin, end in zip(here.tolist(), begins, ends, strict=True):
            yield asked, self.slots[begin:end], self.amounts[begin:end]


def open_segment(maps: Maps, folder: Path, name: str, first: int, size: int) -> Segment:
    """Map a segment's file. Raises OSError or ValueError if it is missing or too short."""
    path = folder / name
    whole = maps.whole(path)
    if len(whole) < 16:
        raise ValueError(f"{path} is no segment")
    keys, postings = whole[:16].view("<u8").tolist()
    sizes = (8 * keys, 4 * (keys + 1), 4 * postings, 2 * postings)
    if len(whole) != 16 + sum(sizes):
        raise ValueError(f"{path} has {len(whole)} bytes, expected {16 + sum(sizes)}")
    ends = np.cumsum((16, *sizes)).tolist()
    parts = [whole[a:b] for a, b in itertools.pairwise(ends)]
    return Segment(
        name, first, size, parts[0].view("<u8"), parts[1].view("<u4"),
        parts[2].view("<u4"), parts[3].view("<u2"),
    )  # fmt: skip


def write_segment(folder: Path, first: int, packed: Sequence[bytes]) -> Segment:
    """Invert the packed postings of documents that stand in the slots from `first` on."""
    keys, amounts = unpack(b"".join(packed))
    counts = [len(data) // 8 for data in packed]
    slots = np.repeat(np.arange(len(packed), dtype=np.uint64), counts)
    order = np.argsort((keys << np.uint64(AMOUNT_BITS)) | slots)
    keys = keys[order]
    begins = np.flatnonzero(np.diff(keys, prepend=~keys[:1]))
    starts = np.append(begins, len(keys)).astype("<u4")
    return _save(
        folder, first, len(packed), keys[begins], starts,
        slots[order].astype("<u4"), amounts[order],
    )  # fmt: skip


def merge(folder: Path, parts: Sequence[Segment]) -> Segment:
    """One segment out of neighbours; lists are joined in their order, which is that of slots."""
    first = parts[0].first
    keys, places = np.unique(np.concatenate([part.keys for part in parts]), return_inverse=True)
    lengths = [np.diff(part.starts) for part in parts]
    totals = np.bincount(places, np.concatenate(lengths), len(keys)).astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(totals)])
    free = starts[:-1].copy()
    slots = np.empty(int(starts[-1]), "<u4")
    amounts = np.empty(int(starts[-1]), "<u2")
    begin = 0
    for part, length in zip(parts, lengths, strict=True):
        mine = places[begin : begin + len(part.keys)]
        begin += len(part.keys)
        shift = np.repeat(free[mine] - part.starts[:-1], length)
        target = shift + np.arange(len(part.slots))
        slots[target] = part.slots + np.uint32(part.first - first)
        amounts[target] = part.amounts
        free[mine] += length
    return _save(
        folder, first, sum(part.size for part in parts), keys, starts.astype("<u4"), slots, amounts
    )


def due(sizes: Sequence[int]) -> int:
    """How many segments at the end of a list of sizes should be merged now; 0 for none."""
    levels = [int(log(size, STEP) + 1e-9) for size in sizes]
    for level in sorted(set(levels)):
        run = 0
        while run < len(levels) and levels[-1 - run] <= level:
            run += 1
        if run >= STEP and sum(sizes[-run:]) <= LARGEST:
            return run
    # Two that are large already, and still fit into one: a question has one less to look into.
    last = sizes[-2:]
    return 2 if len(last) == 2 and min(last) >= LARGEST // 4 and sum(last) <= LARGEST else 0


def _save(folder: Path, first: int, size: int, *arrays: npt.NDArray[Any]) -> Segment:
    keys, starts, slots, amounts = arrays
    name = f"{first}-{size}-{uuid.uuid4().hex[:8]}.lists"
    with (folder / name).open("wb") as file:
        np.array([len(keys), len(slots)], "<u8").tofile(file)
        for array in arrays:
            array.tofile(file)
    return Segment(
        name, first, size, keys.astype("<u8", copy=False), starts, slots,
        amounts.astype("<u2", copy=False),
    )  # fmt: skip
