"""A small linear head on the house's sentence vectors: mood and topics of a review."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from saphan.engines.language.embed import Embedder
from saphan.engines.matching.lir import LIR

Array = npt.NDArray[np.float64]

MOODS = ("good", "bad", "mixed")
TOPICS = {"d": "delivery", "q": "quality", "p": "price", "t": "taste", "k": "packaging",
          "s": "service"}
REVIEWS = Path(__file__).with_name("reviews.tsv")
FILE = Path(__file__).with_name("head.npz")


@dataclass(frozen=True)
class Review:
    """A written review: mood, letters of its topics, language, text."""

    mood: str
    topics: str
    lang: str
    text: str


def read(path: Path = REVIEWS) -> list[Review]:
    """Reviews, one a line, tab-separated; `#` for comments."""
    lines = path.read_text("utf-8").splitlines()
    return [Review(*line.split("\t")) for line in lines if line and not line.startswith("#")]


def digest() -> str:
    """SHA-256 of the reviews it learns from, hexadecimal."""
    return hashlib.sha256(REVIEWS.read_bytes()).hexdigest()


@dataclass(frozen=True)
class Head:
    """Weights [dimension + 1, moods] and [dimension + 1, topics]; the last row is the constant."""

    moods: Array
    topics: Array

    def mood(self, vectors: Array) -> Array:
        """Chances of good, bad and mixed, [texts, 3]."""
        raw = with_one(vectors) @ self.moods
        raw = np.exp(raw - raw.max(axis=1, keepdims=True))
        chances: Array = raw / raw.sum(axis=1, keepdims=True)
        return chances

    def about(self, vectors: Array) -> Array:
        """Chance that a text speaks of each topic, [texts, 6]."""
        chances: Array = 1 / (1 + np.exp(-(with_one(vectors) @ self.topics)))
        return chances


def with_one(vectors: Array) -> Array:
    joined: Array = np.hstack([vectors, np.ones((len(vectors), 1))])
    return joined


def embedded(texts: list[str], embedder: Embedder, lir: LIR) -> Array:
    """Vectors [texts, dimension] with the language's own direction taken out."""
    return np.asarray(lir.queries.apply(embedder.embed_queries(texts)), np.float64)
