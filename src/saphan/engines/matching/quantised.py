"""Vectors as they are compared: fixed-point copies for exact cosines, and bits to find candidates.

512 bits a vector are the signs of its projections on a frame of 512 directions, more of them than
the vector has dimensions. Bits that differ (the Hamming distance) tell roughly how far two vectors
are apart, and 64 bytes a vector are read instead of 768; the nearest few thousand are then compared
exactly. The frame is made of a Hadamard matrix with fixed signs, so it is the same everywhere.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from hashlib import shake_128
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from saphan.engines.language.embed import Vectors

SCALE: Final = 32_767
"""Components of a unit vector are kept as whole numbers of 1 / SCALE, in 16 bits."""

_BLOCK: Final = 2_048
_PARALLEL: Final = 4 * _BLOCK
_SAMPLE: Final = 8_192

Fixed = npt.NDArray[np.int16]
Codes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
T = TypeVar("T")


def unit_rows(vectors: Vectors) -> Vectors:
    """Float32 [n, dimension] with rows of length 1; rows of zeros stay."""
    rows = np.atleast_2d(np.asarray(vectors, np.float32))
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Vectors = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return scaled


def to_fixed(vectors: Vectors) -> Fixed:
    """Unit vectors [n, dimension] in 16 bits a component; the cosine is good to 0.0001."""
    return np.rint(vectors * SCALE).astype("<i2")


def code_bytes(dimension: int) -> int:
    """Bytes of the bits of one vector: 64 up to 512 dimensions, else the next multiple of 64."""
    return int(frame(dimension).shape[1]) // 8


def to_codes(vectors: Vectors) -> Codes:
    """Bits of vectors [n, dimension]: uint8 [n, code_bytes(dimension)]."""
    return np.packbits(vectors @ frame(vectors.shape[1]) > 0, axis=1)


@lru_cache(maxsize=4)
def frame(dimension: int) -> Vectors:
    """Float32 [dimension, bits] of -1 and 1: rows of a Hadamard matrix with fixed signs."""
    size = 512
    while size < dimension:
        size *= 2
    hadamard = np.ones((1, 1), np.float32)
    while len(hadamard) < size:
        hadamard = np.block([[hadamard, hadamard], [hadamard, -hadamard]])
    drawn = np.frombuffer(shake_128(b"frame").digest(dimension), np.uint8) & 1
    return np.ascontiguousarray(hadamard[:dimension] * np.where(drawn, 1, -1)[:, None], np.float32)


def cosines(fixed: Fixed, vector: Vectors, places: Places | None = None) -> Vectors:
    """Cosine of a unit vector [dimension] with rows (None: all of them), float32 [n]."""
    count = len(fixed) if places is None else len(places)
    scaled = np.asarray(vector, np.float32) / SCALE
    found = np.empty(count, np.float32)

    def compare(begin: int, end: int) -> None:
        rows = np.empty((_BLOCK, fixed.shape[1]), np.float32)
        for start in range(begin, end, _BLOCK):
            stop = min(start + _BLOCK, end)
            part = fixed[start:stop] if places is None else fixed.take(places[start:stop], axis=0)
            rows[: stop - start] = part
            # Not `dot`: BLAS would start threads of its own for each small block, and they wait.
            np.vecdot(rows[: stop - start], scaled, out=found[start:stop])

    if count < _PARALLEL:
        compare(0, count)
    else:
        side_by_side(compare, _halves(count))
    return found


def nearest_by_bits(
    codes: Codes, code: Codes, wanted: int, passing: npt.NDArray[np.bool_] | None = None
) -> Places:
    """About `wanted` (at least half as many) rows whose bits differ least, of those that pass.

    The distance up to which rows are taken is found on a sample, so that one reading of all codes
    is enough. `passing` [rows] leaves rows out.
    """
    step = max(1, len(codes) // _SAMPLE)
    sample = np.ascontiguousarray(codes[::step])
    distances = _distances(sample, code)
    total = len(codes)
    if passing is not None:
        distances = distances[passing[::step]]
        total = int(np.count_nonzero(passing))
    enough = min(wanted, total)
    radius = _quantile(distances, enough / max(total, 1), code)
    while True:
        found = _within(codes, code, radius)
        if passing is not None:
            found = found[passing[found]]
        if len(found) >= enough // 2 or radius > 8 * codes.shape[1]:
            return found
        radius += max(2, radius // 16)


def _quantile(distances: npt.NDArray[np.int32], share: float, code: Codes) -> int:
    if not len(distances):
        return 4 * code.size
    place = min(len(distances) - 1, int(share * len(distances)))
    return int(np.partition(distances, place)[place]) + 1


def _distances(codes: Codes, code: Codes) -> npt.NDArray[np.int32]:
    faiss = _faiss()
    found = np.empty(len(codes), np.int32)
    faiss.hammings(
        faiss.swig_ptr(code), faiss.swig_ptr(codes), 1, len(codes), codes.shape[1],
        faiss.swig_ptr(found),
    )  # fmt: skip
    return found


def _within(codes: Codes, code: Codes, radius: int) -> Places:
    """Rows that differ from `code` in fewer than `radius` bits."""

    def scan(begin: int, end: int) -> Places:
        faiss = _faiss()
        found = faiss.RangeSearchResult(1)
        faiss.hamming_range_search(
            faiss.swig_ptr(code), faiss.swig_ptr(codes[begin:end]), 1, end - begin, radius,
            codes.shape[1], found,
        )  # fmt: skip
        count = int(faiss.rev_swig_ptr(found.lims, 2)[1])
        rows: Places = faiss.rev_swig_ptr(found.labels, count) + begin
        return rows

    return np.concatenate(side_by_side(scan, _halves(len(codes))))


def _faiss() -> Any:
    """The library that counts bits; loaded (0.2 s, 40 MB) only where an index is large."""
    import faiss

    # One question is one piece of work to it: its own threads, of each of ours, would only wait.
    faiss.omp_set_num_threads(1)
    return faiss


# -- two halves at once -----------------------------------------------------------------------

_pool: tuple[int, ThreadPoolExecutor] | None = None


def side_by_side(work: Callable[[int, int], T], spans: Iterable[tuple[int, int]]) -> list[T]:
    """Call `work` for all spans at once: the first here, the others in threads."""
    first, *others = spans
    waiting = [_executor().submit(work, *span) for span in others]
    here = work(*first)
    return [here, *(future.result() for future in waiting)]


def _halves(count: int) -> list[tuple[int, int]]:
    parts = max(1, min(4, os.cpu_count() or 1))
    edges = [count * part // parts for part in range(parts + 1)]
    return list(itertools.pairwise(edges))


def _executor() -> ThreadPoolExecutor:
    global _pool
    if _pool is None or _pool[0] != os.getpid():  # threads do not live on in a forked process
        _pool = (os.getpid(), ThreadPoolExecutor(3, thread_name_prefix="index"))
    return _pool[1]
