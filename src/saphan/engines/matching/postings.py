"""What a document can be found by, as numbers: its words by language family, and its concepts.

A posting is one 64-bit number: 48 bits say what (a hash of family and token, or of a concept), the
16 bits below say how much (how often, how strong, how long). A hash needs no list of known words
that every writer and reader would have to share; that two of a million words meet in one number
has a probability of 2 in 1,000.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b, shake_128
from itertools import pairwise
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

_HASHED_AT_ONCE: Final = 1 << 16
_LONGEST: Final = 256
_FACTORS: Final = np.frombuffer(shake_128(b"keys").digest(8 * _LONGEST), "<u8").astype(np.uint64)

Numbers = npt.NDArray[np.uint64]


def keys(names: Sequence[str], space: str) -> Numbers:
    """48-bit keys of names in a space of names, in their order.

    The sum of each byte times a fixed random factor of its place (multilinear hashing), worked out
    for all names together: many times as fast as one call of a hash for each name.
    """
    salt = np.frombuffer(blake2b(space.encode(), digest_size=8).digest(), "<u8")[0]
    found = [
        _hashes(names[start : start + _HASHED_AT_ONCE])
        for start in range(0, len(names), _HASHED_AT_ONCE)
    ]
    together = np.concatenate(found) if found else np.zeros(0, np.uint64)
    mixed: Numbers = (together ^ salt) * np.uint64(0x9E3779B97F4A7C15)
    return mixed >> np.uint64(64 - 48)


def _hashes(names: Sequence[str]) -> Numbers:
    data = ("\0".join(names) + "\0").encode("utf-8", "surrogatepass")
    if data.count(0) != len(names):
        return _hashes([name.replace("\0", "\ufffe") for name in names])
    text = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(text == 0) + 1
    starts = np.concatenate([[0], ends[:-1]])
    places = np.arange(len(text)) - np.repeat(starts, ends - starts)
    found: Numbers = np.add.reduceat(_FACTORS[places % _LONGEST] * text, starts)
    return found


def word_keys(tokens: Sequence[str], family: str) -> Numbers:
    """Keys of tokens of a language family, in their order."""
    return keys(tokens, f"word {family}")


def concept_keys(concepts: Sequence[str]) -> Numbers:
    """Keys of concepts, in their order."""
    return keys(concepts, "concept")


@lru_cache(maxsize=256)
def length_key(family: str) -> int:
    """Key under which the documents with text in a family are, with the number of tokens."""
    return int(keys([family], "length")[0])


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
    tokens: dict[str, list[str]] = {}
    owners: dict[str, tuple[list[int], list[int]]] = {}
    for place, entry in enumerate(entries):
        for family, said in entry.tokens.items():
            tokens.setdefault(family, []).extend(said)
            places, lengths = owners.setdefault(family, ([], []))
            places.append(place)
            lengths.append(len(said))
    parts = [
        (np.repeat(np.array(owners[family][0], np.uint64), owners[family][1]) << np.uint64(48))
        | word_keys(said, family)
        for family, said in tokens.items()
    ]
    together = np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.uint64)
    first = np.flatnonzero(np.diff(together, prepend=~together[:1]))
    times = np.diff(first, append=len(together)).astype(np.uint64)
    return together[first], np.minimum(times, np.uint64(MOST))


def _said(entries: Sequence[Entry]) -> tuple[Numbers, Numbers]:
    """Concepts with their strength, and families with the number of tokens, entry by entry."""
    names = sorted({name for entry in entries for name in entry.concepts})
    concepts = dict(zip(names, concept_keys(names).tolist(), strict=True))
    places: list[int] = []
    amounts: list[int] = []
    for place, entry in enumerate(entries):
        start = place << 48
        for concept, strength in entry.concepts.items():
            places.append(start | concepts[concept])
            amounts.append(min(MOST, max(0, round(strength * STRENGTHS))))
        for family, tokens in entry.tokens.items():
            places.append(start | length_key(family))
            amounts.append(min(MOST, len(tokens)))
    return np.array(places, np.uint64), np.array(amounts, np.uint64)
