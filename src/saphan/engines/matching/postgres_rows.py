"""Entries as rows of the served index: what PostgreSQL is sent, and what is read back.

Rows go over in PostgreSQL's binary COPY format, written here, because that needs no knowledge of
the extension's types in the driver and is several times as fast as text for vectors.

A token is kept as a 64-bit hash of its language family and itself: eight bytes whatever the script,
the same on every server. Two of a million tokens share a hash with a probability of 3 in 10^8.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from saphan.engines.language.embed import Vectors
from saphan.engines.matching.index import Entry

COLUMNS: Final = (
    "id", "room", "kind", "sector", "economy", "lang", "audience", "valid_until", "body",
    "model_id", "raw", "vector", "tokens", "times", "families", "lengths", "concepts",
    "strengths", "version",
)  # fmt: skip
"""Of the table `entries`, in the order in which rows are sent."""

COPY_BEGIN: Final = b"PGCOPY\n\xff\r\n\x00" + struct.pack("!ii", 0, 0)
COPY_END: Final = struct.pack("!h", -1)
_EPOCH: Final = date(2000, 1, 1)
_INT4, _INT8, _TEXT, _FLOAT8 = 23, 20, 25, 701  # PostgreSQL's numbers of its own types
_MOST_TIMES: Final = 0xFFFF


@dataclass
class Counts:
    """How many documents hold each token and concept, and the length of all texts by family.

    Differences too: what a batch adds less what it takes away.
    """

    documents: int = 0
    tokens: Counter[int] = field(default_factory=Counter)
    concepts: Counter[str] = field(default_factory=Counter)
    families: Counter[str] = field(default_factory=Counter)
    """Documents with text in each family."""
    lengths: Counter[str] = field(default_factory=Counter)
    """Tokens in each family."""

    def note(
        self,
        sign: int,
        tokens: Iterable[int],
        concepts: Iterable[str],
        families: Sequence[str],
        lengths: Sequence[int],
    ) -> None:
        """Add (`sign` 1) or take away (-1) one document."""
        self.documents += sign
        for token in tokens:
            self.tokens[token] += sign
        for concept in concepts:
            self.concepts[concept] += sign
        for family, length in zip(families, lengths, strict=True):
            self.families[family] += sign
            self.lengths[family] += sign * length


@lru_cache(maxsize=200_000)
def token_hash(family: str, token: str) -> int:
    """A token of a language family as a signed 64-bit number."""
    text = f"{family}\x1f{token}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big", signed=True)


@dataclass(frozen=True)
class Row:
    """One entry ready to be sent; `encode` gives its bytes."""

    entry: Entry
    tokens: npt.NDArray[np.int64]
    times: npt.NDArray[np.uint16]
    families: tuple[str, ...]
    lengths: tuple[int, ...]
    concepts: tuple[str, ...]
    strengths: tuple[float, ...]

    @classmethod
    def of(cls, entry: Entry) -> Row:
        """Raises TypeError or ValueError for an entry that cannot be kept."""
        found: Counter[int] = Counter()
        for family, tokens in entry.tokens.items():
            for token, times in Counter(tokens).items():
                found[token_hash(family, token)] += times
        order = sorted(found)
        concepts = sorted(entry.concepts)
        return cls(
            entry,
            np.array(order, np.int64),
            np.array([min(found[token], _MOST_TIMES) for token in order], "<u2"),
            tuple(entry.tokens),
            tuple(len(tokens) for tokens in entry.tokens.values()),
            tuple(concepts),
            tuple(float(entry.concepts[concept]) for concept in concepts),
        )

    def count(self, counts: Counts) -> None:
        counts.note(1, self.tokens.tolist(), self.concepts, self.families, self.lengths)

    def encode(self, raw: bytes, vector: bytes | None, version: int) -> bytes:
        """The row in binary COPY format; `raw` and `vector` as `halfvec` gives them."""
        document = self.entry.document
        body = json.dumps(document.to_json(), ensure_ascii=False)
        fields: list[bytes | None] = [
            *(text.encode() for text in (
                document.id, document.room, document.kind, document.sector, document.economy,
                document.lang, document.audience)),
            _date(document.valid_until),
            body.encode(),
            self.entry.model_id.encode(),
            raw,
            vector,
            _numbers(self.tokens),
            self.times.tobytes(),
            _array(_TEXT, [family.encode() for family in self.families]),
            _array(_INT4, [struct.pack("!i", length) for length in self.lengths]),
            _array(_TEXT, [concept.encode() for concept in self.concepts]),
            _array(_FLOAT8, [struct.pack("!d", strength) for strength in self.strengths]),
            struct.pack("!q", version),
        ]  # fmt: skip
        return tuple_bytes(fields)


def tuple_bytes(fields: Sequence[bytes | None]) -> bytes:
    """One row of binary COPY: each field with its length, -1 for NULL."""
    parts = [struct.pack("!h", len(fields))]
    for value in fields:
        parts.append(struct.pack("!i", -1 if value is None else len(value)))
        if value is not None:
            parts.append(value)
    return b"".join(parts)


def halfvecs(vectors: npt.NDArray[np.floating[Any]]) -> list[bytes]:
    """pgvector's binary form of each row of [n, dimension]."""
    rows = np.atleast_2d(vectors).astype(">f2")
    head = struct.pack("!HH", rows.shape[1], 0)
    return [head + row.tobytes() for row in rows]


def from_halfvecs(sent: Sequence[bytes]) -> Vectors:
    """Float32 [n, dimension] of vectors in pgvector's binary form, all of one dimension."""
    return np.stack([np.frombuffer(each, ">f2", offset=4).astype(np.float32) for each in sent])


def halfvec_text(vector: Vectors) -> str:
    """A vector [dimension] as pgvector reads it in a query."""
    return "[" + ",".join(format(value, ".6g") for value in np.asarray(vector).reshape(-1)) + "]"


def tokens_of(sent: Sequence[bytes]) -> npt.NDArray[np.int64]:
    """The numbers of several arrays, one after the other, from what `array_send` gave.

    An array starts with its number of dimensions, flags, type, length and lower bound.
    """
    pairs = np.frombuffer(b"".join(each[20:] for each in sent), [("size", ">i4"), ("value", ">i8")])
    return pairs["value"].astype(np.int64)


def _date(day: date | None) -> bytes | None:
    return None if day is None else struct.pack("!i", (day - _EPOCH).days)


def _numbers(values: npt.NDArray[np.int64]) -> bytes:
    pairs = np.zeros(len(values), [("size", ">i4"), ("value", ">i8")])
    pairs["size"], pairs["value"] = 8, values
    return _head(_INT8, len(values)) + pairs.tobytes()


def _array(kind: int, values: Sequence[bytes]) -> bytes:
    parts = [_head(kind, len(values))]
    for value in values:
        parts += (struct.pack("!i", len(value)), value)
    return b"".join(parts)


def _head(kind: int, length: int) -> bytes:
    if length == 0:
        return struct.pack("!iii", 0, 0, kind)
    return struct.pack("!iiiii", 1, 0, kind, length, 1)

