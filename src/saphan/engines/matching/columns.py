"""Columns of fixed width in files: one value, or one row of values, for each slot."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from saphan.engines.matching.filters import FIELDS
from saphan.engines.matching.quantised import code_bytes

GONE: Final = 0
COMPARED: Final = 1
OTHER_MODEL: Final = 2
"""What `live` says of a slot: taken out, in use, or in use with a vector of another model."""

Array = npt.NDArray[Any]


def kinds(dimension: int) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Name of each column to the type of its values and the shape of a row."""
    return {
        "numbers": ("<i8", ()),
        "id_ends": ("<i8", ()),  # where the identifier ends in the file of identifiers
        "live": ("u1", ()),
        "until": ("<i4", ()),
        **dict.fromkeys(FIELDS, ("<u4", ())),
        "codes": ("u1", (code_bytes(dimension),)),
        "exact": ("<i2", (dimension,)),
    }


def path_of(folder: Path, generation: str, name: str) -> Path:
    return folder / f"{generation}-{name}.column"


def read(folder: Path, generation: str, dimension: int, slots: int) -> dict[str, Array]:
    """Map the first `slots` rows of every column.

    Raises OSError or ValueError if a file is missing or too short.
    """
    found: dict[str, Array] = {}
    for name, (kind, row) in kinds(dimension).items():
        if slots:
            size = slots * np.dtype(kind).itemsize * int(np.prod(row))
            flat = mapped(path_of(folder, generation, name), size).view(kind)
            found[name] = flat.reshape(slots, *row)
        else:
            found[name] = np.zeros((0, *row), kind)
    size = int(found["id_ends"][-1]) if slots else 0
    found["ids"] = mapped(path_of(folder, generation, "ids"), size)
    return found


def mapped(path: Path, size: int) -> npt.NDArray[np.uint8]:
    """The first bytes of a file, mapped for reading; quicker to make than a numpy.memmap.

    Raises OSError or ValueError if it is missing or too short.
    """
    if not size:
        return np.zeros(0, np.uint8)
    with path.open("rb") as file:
        return np.frombuffer(mmap(file.fileno(), size, access=ACCESS_READ), np.uint8)


def ids_of(held: Mapping[str, Array], slots: npt.NDArray[np.int64]) -> list[str]:
    """Identifiers of slots."""
    ends, text = held["id_ends"], memoryview(held["ids"].data)
    begins = np.where(slots > 0, ends[slots - 1], 0).tolist()
    return [
        str(text[begin:end], "utf-8", "surrogatepass")
        for begin, end in zip(begins, ends[slots].tolist(), strict=True)
    ]


def places_of(numbers: Array, wanted: Sequence[int]) -> npt.NDArray[np.int64]:
    """Slots of those of the wanted entries that are in the column of numbers, which grow."""
    asked = np.array(wanted, np.int64)
    places = np.searchsorted(numbers, asked)
    places[places == len(numbers)] = 0
    return places[numbers[places] == asked] if len(numbers) else places[:0]


class Columns:
    """The columns open for writing; a context manager."""

    def __init__(self, folder: Path, generation: str, dimension: int) -> None:
        self._folder, self._generation, self._dimension = folder, generation, dimension
        self._kinds = kinds(dimension)
        self._files: dict[str, int] = {}
        with ExitStack() as opened:
            for name in (*self._kinds, "ids"):
                path = path_of(folder, generation, name)
                self._files[name] = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
                opened.callback(os.close, self._files[name])
            self._opened = opened.pop_all()

    def __enter__(self) -> Columns:
        return self

    def __exit__(self, *problem: object) -> None:
        self._opened.close()

    def write(
        self, slot: int, ids: Sequence[str], values: Mapping[str, Sequence[Any] | Array]
    ) -> None:
        """Put rows from this slot on; `values` has every column but `id_ends`, of one length."""
        encoded = [name.encode("utf-8", "surrogatepass") for name in ids]
        begin = 0
        if slot:
            begin = int.from_bytes(os.pread(self._files["id_ends"], 8, 8 * (slot - 1)), "little")
        ends = begin + np.cumsum([len(name) for name in encoded])
        self._write("ids", begin, b"".join(encoded))
        for name, (kind, row) in self._kinds.items():
            rows = np.ascontiguousarray(ends if name == "id_ends" else values[name], kind)
            at = slot * rows.itemsize * int(np.prod(row))
            self._write(name, at, rows.view("u1").reshape(-1).data)

    def _write(self, name: str, at: int, data: bytes | memoryview) -> None:
        left = memoryview(data)
        while left:
            written = os.pwrite(self._files[name], left, at)
            left, at = left[written:], at + written

    def bury(self, slots: int, numbers: Sequence[int]) -> int:
        """Mark entries as gone, where they are in the first `slots`; gives how many were not."""
        if not slots or not numbers:
            return 0
        held = read(self._folder, self._generation, self._dimension, slots)
        places = np.unique(places_of(held["numbers"], numbers))
        fresh = places[held["live"][places] != GONE]
        for place in fresh.tolist():
            os.pwrite(self._files["live"], bytes([GONE]), place)
        return len(fresh)

    def sync(self) -> None:
        """Return when everything written is on the disk."""
        for file in self._files.values():
            os.fsync(file)
