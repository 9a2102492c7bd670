"""A classical peer: TF-IDF of character n-grams, as search engines and deduplicators use it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from saphan.engines.language.normalise import fold

SIZES = (3, 4, 5)


def grams(text: str) -> Counter[str]:
    """Character 3- to 5-grams of folded text, words kept apart by one space."""
    plain = " " + re.sub(r"[^\w]+", " ", fold(text)).strip() + " "
    return Counter(plain[at : at + size] for size in SIZES for at in range(len(plain) - size + 1))


def tfidf(texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """Unit vectors [n, n-grams]: (1 + log count) times inverse document frequency."""
    counted = [grams(text) for text in texts]
    known = Counter(gram for one in counted for gram in one)
    place = {gram: number for number, gram in enumerate(known)}
    found = np.zeros((len(texts), len(place)))
    for row, one in zip(found, counted, strict=True):
        for gram, count in one.items():
            rarity = math.log((1 + len(texts)) / (1 + known[gram])) + 1
            row[place[gram]] = (1 + math.log(count)) * rarity
    return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-12)
