"""What a document can be found by, as numbers: its words by language family, and its concepts.

A posting is one 64-bit number: 48 bits say what (a hash of family and token, or of a concept), the
16 bits below say how much (how often, how strong, how long). A hash needs no list of known words
that every writer and reader would have to share; that two of a million words meet in one number
has a probability of 2 in 1,000.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from itertools import chain, pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from saphan.engines.matching.index import Entry

AMOUNT_BITS: Final = 16
MOST: Final = (1 << AMOUNT_BITS) - 1
STRENGTHS: Final = 10_000
"""Steps in which the strength of a concept is kept: 0.8 comes back as 0.8."""

PACKED_AT_ONCE: Final = 1 << 16
"""Entries that `pack` takes; their place in the batch has 16 bits beside the 48 of a key."""

_KEPT: Final = 100_000
_KEY_MASK: Final = np.uint64((1 << 48) - 1)

Numbers = npt.NDArray[np.uint64]


class _Keys(dict[str, int]):
    """Keys of one space, worked out when asked for the first time."""

    def __init__(self, space: str) -> None:
        super().__init__()
        self._space = space

    def __missing__(self, name: str) -> int:
        text = f"{self._space}\0{name}".encode("utf-8", "surrogatepass")
        key = int.from_bytes(blake2b(text, digest_size=6).digest(), "little")
        if len(self) < _KEPT:
            self[name] = key
        return key


_spaces: dict[str, _Keys] = {}


def _space(name: str) -> _Keys:
    known = _spaces.get(name)
    if known is None or len(known) >= _KEPT:
        known = _spaces[name] = _Keys(name)
    return known


def word_keys(tokens: Iterable[str], family: str) -> Numbers:
    """Keys of tokens of a language family, in their order."""
    return np.fromiter(map(_space(f"word {family}").__getitem__, tokens), np.uint64)


def concept_keys(concepts: Iterable[str]) -> Numbers:
    """Keys of concepts, in their order."""
    return np.fromiter(map(_space("concept").__getitem__, concepts), np.uint64)


def length_key(family: str) -> int:
    """Key under which the documents with text in a family are, with the number of tokens."""
    return _space("length")[family]


def pack(entries: Sequence[Entry]) -> list[bytes]:
    """The postings of each entry as bytes; at most `PACKED_AT_ONCE` entries.

    Raises TypeError or ValueError for tokens or concepts that are none.
    """
    words = _split(*_words(entries), len(entries))
    said = _split(*_said(entries), len(entries))
    return [one + two for one, two in zip(words, said, strict=True)]


def _split(places: Numbers, amounts: Numbers, count: int) -> list[bytes]:
    """Packed postings by entry. A place has the entry in 16 bits, then the key in 48."""
    ends = np.searchsorted(places >> np.uint64(48), np.arange(count + 1)).tolist()
    data = ((places << np.uint64(AMOUNT_BITS)) | amounts).astype("<u8").tobytes()
    return [data[8 * a : 8 * b] for a, b in pairwise(ends)]


def unpack(data: bytes) -> tuple[Numbers, npt.NDArray[np.uint16]]:
    """Keys and amounts of packed postings."""
    packed = np.frombuffer(data, "<u8").astype(np.uint64, copy=False)
    return packed >> np.uint64(AMOUNT_BITS), (packed & np.uint64(MOST)).astype(np.uint16)


def _words(entries: Sequence[Entry]) -> tuple[Numbers, Numbers]:
    """Every different word of every entry, and how often it is there."""
    parts, lengths, owners = [], [], []
    for place, entry in enumerate(entries):
        for family, tokens in entry.tokens.items():
            parts.append(map(_space(f"word {family}").__getitem__, tokens))
            lengths.append(len(tokens))
            owners.append(place)
    keys = np.fromiter(chain.from_iterable(parts), np.uint64, sum(lengths))
    owner = np.repeat(np.array(owners, np.uint64), lengths)
    together = np.sort((owner << np.uint64(48)) | keys)
    first = np.flatnonzero(np.diff(together, prepend=~together[:1]))
    times = np.diff(first, append=len(together)).astype(np.uint64)
    return together[first], np.minimum(times, np.uint64(MOST))


def _said(entries: Sequence[Entry]) -> tuple[Numbers, Numbers]:
    """Concepts with their strength, and families with the number of tokens."""
    places: list[int] = []
    amounts: list[int] = []
    concepts, lengths = _space("concept"), _space("length")
    for place, entry in enumerate(entries):
        start = place << 48
        for concept, strength in entry.concepts.items():
            places.append(start | concepts[concept])
            amounts.append(min(MOST, max(0, round(strength * STRENGTHS))))
        for family, tokens in entry.tokens.items():
            places.append(start | lengths[family])
            amounts.append(min(MOST, len(tokens)))
    return np.array(places, np.uint64), np.array(amounts, np.uint64)
