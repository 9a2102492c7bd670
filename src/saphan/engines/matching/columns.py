"""Columns of fixed width in files: one value, or one row of values, for each slot."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
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


class Maps:
    """Files mapped for reading. A mapping is used again: its pages need not be found once more."""

    def __init__(self) -> None:
        self._known: dict[Path, npt.NDArray[np.uint8]] = {}

    def get(self, path: Path, size: int) -> npt.NDArray[np.uint8]:
        """The first bytes of a file. Raises OSError or ValueError if it is missing or too short."""
        known = self._known.get(path)
        if known is None or len(known) < size:
            with path.open("rb") as file:
                length = os.fstat(file.fileno()).st_size
                if length < size:
                    raise ValueError(f"{path} has {length} bytes, expected {size}")
                if not length:
                    return np.zeros(0, np.uint8)
                # All of it: the room at its end is where the next rows will be.
                known = np.frombuffer(mmap(file.fileno(), length, access=ACCESS_READ), np.uint8)
            self._known[path] = known
        return known[:size]

    def whole(self, path: Path) -> npt.NDArray[np.uint8]:
        """All bytes of a file that is written once."""
        known = self._known.get(path)
        return self.get(path, path.stat().st_size) if known is None else known

    def keep(self, wanted: Callable[[Path], bool]) -> None:
        """Let go of other files."""
        self._known = {path: array for path, array in self._known.items() if wanted(path)}


def read(
    maps: Maps, folder: Path, generation: str, dimension: int, slots: int
) -> dict[str, Array]:
    """Map the first `slots` rows of every column.

    Raises OSError or ValueError if a file is missing or too short.
    """
    found: dict[str, Array] = {}
    for name, (kind, row) in kinds(dimension).items():
        if slots:
            size = slots * np.dtype(kind).itemsize * int(np.prod(row))
            flat = maps.get(path_of(folder, generation, name), size).view(kind)
            found[name] = flat.reshape(slots, *row)
        else:
            found[name] = np.zeros((0, *row), kind)
    size = int(found["id_ends"][-1]) if slots else 0
    found["ids"] = maps.get(path_of(folder, generation, "ids"), size) if size else found["live"][:0]
    return found


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
        file, end = self._files[name], at + len(left)
        if end > os.fstat(file).st_size:  # leave room, so that readers can keep their mapping
            step = 1 << max(16, end.bit_length() - 4)
            os.ftruncate(file, -(-end // step) * step)
        while left:
            written = os.pwrite(file, left, at)
            left, at = left[written:], at + written

    def bury(self, held: Mapping[str, Array], numbers: Sequence[int]) -> int:
        """Mark entries as gone, where they are in what `read` gave; gives how many were not."""
        places = np.unique(places_of(held["numbers"], numbers))
        fresh = places[held["live"][places] != GONE]
        for place in fresh.tolist():
            os.pwrite(self._files["live"], bytes([GONE]), place)
        return len(fresh)

    def sync(self) -> None:
        """Return when everything written is on the disk."""
        for file in self._files.values():
            os.fsync(file)
