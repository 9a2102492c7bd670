"""Texts that are the same but for small edits: MinHash signatures of shingles.

A shingle is three words in a row where words are set apart by spaces, and six characters in a row
in Chinese, Thai, Lao, Khmer and Burmese. Of all shingles, hashed in 128 ways, the signature keeps
the least of each; the share of least hashes that two texts have in common estimates the share of
their shingles in common (Broder 1997), and bands of them find candidates in a database without
comparing with every text (Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", chapter 3).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection
from typing import Final

import numpy as np
import numpy.typing as npt

from saphan.engines.language.normalise import fold

Hashes = npt.NDArray[np.uint64]

VERSION: Final = 1
"""Changes whenever signatures stop being comparable; the first byte of each."""
HASHES: Final = 128
BANDS: Final = 20
ROWS: Final = 4
"""Texts with 0.7 of their shingles in common share one of 20 bands of 4 in 99.6 of 100 cases, with
0.5 in 72, with 0.2 in 3."""
ALIKE: Final = 0.6
"""Share of shingles in common from which two texts are the same but for edits."""
INSIDE: Final = 0.85
"""Share of the shorter text's shingles found in the longer from which it is a shortened copy."""
LEAST: Final = 12
"""Shingles that a text needs before it may be called a shortened copy of another."""

_WORDS: Final = 3
_CHARACTERS: Final = 6
_DENSE: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3400-\u9fff\uf900-\ufaff"
"""Scripts that do not set words apart by spaces: Thai, Lao, Burmese, Khmer, Chinese."""
_RUNS: Final = re.compile(rf"(?P<dense>[{_DENSE}]+)|(?:(?![{_DENSE}])[\w\u0b82-\u0bcd])+")
_HEAD: Final = 5
_SEEDS: Final[Hashes] = np.random.default_rng(20_261_123).integers(
    1, 2**63, HASHES, dtype=np.uint64
)


def signature(text: str) -> bytes:
    """261 bytes that `likeness`, `inside` and `bands` read; the same for the same text on every
    machine. A text without any letter gets an empty one."""
    hashes = _shingles(text)
    if not len(hashes):
        return b""
    least = np.full(HASHES, np.iinfo(np.uint64).max, np.uint64)
    for start in range(0, len(hashes), 4096):  # bounds the memory that a very long text takes
        part = _mixed(hashes[start : start + 4096, None] ^ _SEEDS[None, :])
        least = np.minimum(least, part.min(axis=0))
    kept = (least >> np.uint64(48)).astype("<u2")
    return bytes([VERSION]) + len(hashes).to_bytes(4, "little") + kept.tobytes()


def likeness(a: bytes, b: bytes) -> float:
    """Estimated share, 0 to 1, of shingles in common among all of both; within 0.1 for 19 of 20."""
    if not _comparable(a, b):
        return 0.0
    one, two = _rows(a), _rows(b)
    return float(np.mean(one == two))


def inside(a: bytes, b: bytes) -> float:
    """Estimated share, 0 to 1, of the shorter text's shingles that the longer one has too."""
    if not _comparable(a, b):
        return 0.0
    shared, sizes = likeness(a, b), (_size(a), _size(b))
    return min(1.0, shared * sum(sizes) / (1 + shared) / min(sizes))


def is_copy(a: bytes, b: bytes) -> bool:
    """Whether one text is a near-duplicate or a shortened copy of the other."""
    if likeness(a, b) >= ALIKE:
        return True
    return _comparable(a, b) and min(_size(a), _size(b)) >= LEAST and inside(a, b) >= INSIDE


def bands(signature: bytes) -> list[int]:
    """Twenty numbers (63 bits, each fit for a database's big integer); texts that are alike share
    at least one. Empty for an empty signature."""
    if not signature or signature[0] != VERSION:
        return []
    rows = _rows(signature)
    found = []
    for band in range(BANDS):
        piece = rows[band * ROWS : (band + 1) * ROWS].tobytes()
        packed = np.frombuffer(piece, "<u8") ^ np.uint64((band + 1) * 0x9E3779B97F4A7C15 % 2**64)
        found.append(int(_mixed(packed)[0] >> np.uint64(1)))
    return found


def paragraph_keys(text: str) -> list[int]:
    """A number (63 bits) for each paragraph, to count which ones a source repeats everywhere."""
    return [_key(paragraph) for paragraph in _paragraphs(text)]


def without(text: str, repeated: Collection[int]) -> str:
    """The text less the paragraphs whose keys are known to be boilerplate of its source."""
    return "\n\n".join(each for each in _paragraphs(text) if _key(each) not in repeated)


# -- the parts -----------------------------------------------------------------------------


def _paragraphs(text: str) -> list[str]:
    return [each.strip() for each in re.split(r"\n\s*\n", text) if each.strip()]


def _key(paragraph: str) -> int:
    folded = " ".join(run.group() for run in _RUNS.finditer(fold(paragraph))).encode()
    low, high = zlib.crc32(folded), zlib.crc32(folded[::-1])
    return int(_mixed(np.array([high << 32 | low], np.uint64))[0] >> np.uint64(1))


def _comparable(a: bytes, b: bytes) -> bool:
    return bool(a) and bool(b) and a[0] == b[0] == VERSION


def _rows(signature: bytes) -> npt.NDArray[np.uint16]:
    return np.frombuffer(signature, "<u2", offset=_HEAD)


def _size(signature: bytes) -> int:
    return int.from_bytes(signature[1:_HEAD], "little")


def _shingles(text: str) -> Hashes:
    """Distinct hashes of the shingles of a text. A run of words with spaces and a run of
    characters without are cut each in its own way, so that mixed texts need no language."""
    spaced: list[int] = []
    dense: list[str] = []
    for run in _RUNS.finditer(fold(text)):
        if run.lastgroup == "dense":
            dense.append(run.group())
        else:
            spaced.append(zlib.crc32(run.group().encode()))
    found = []
    if spaced:
        found.append(_windows(np.array(spaced, np.uint64), _WORDS))
    if dense:
        points = np.frombuffer("".join(dense).encode("utf-32-le"), "<u4")
        found.append(_windows(points.astype(np.uint64), _CHARACTERS) ^ np.uint64(0x5BD1E995))
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.uint64)


def _windows(units: Hashes, size: int) -> Hashes:
    """One hash for each `size` units in a row; a shorter text is one window."""
    size = min(size, len(units))
    count = len(units) - size + 1
    hashes = np.zeros(count, np.uint64)
    for place in range(size):
        hashes = _mixed(hashes ^ units[place : place + count])
    return hashes


def _mixed(values: Hashes) -> Hashes:
    """The finaliser of SplitMix64 (Steele, Lea, Flood 2014): spreads every bit over all bits."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Hashes = values ^ (values >> np.uint64(31))
    return mixed
