"""Columns of fixed width in files: one value, or one row of values, for each slot."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
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
            path = path_of(folder, generation, name)
            found[name] = np.asarray(np.memmap(path, kind, "r", shape=(slots, *row)))
        else:
            found[name] = np.zeros((0, *row), kind)
    return found


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
            for name in self._kinds:
                path = path_of(folder, generation, name)
                self._files[name] = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
                opened.callback(os.close, self._files[name])
            self._opened = opened.pop_all()

    def __enter__(self) -> Columns:
        return self

    def __exit__(self, *problem: object) -> None:
        self._opened.close()

    def write(self, slot: int, values: Mapping[str, Sequence[Any] | Array]) -> None:
        """Put rows from this slot on; `values` has every column, all of one length."""
        for name, (kind, row) in self._kinds.items():
            rows = np.ascontiguousarray(values[name], kind)
            data = memoryview(rows.view("u1").reshape(-1).data)
            at = slot * rows.itemsize * int(np.prod(row))
            while data:
                written = os.pwrite(self._files[name], data, at)
                data, at = data[written:], at + written

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
