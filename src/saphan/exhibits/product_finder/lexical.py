"""What a description shares with a heading letter by letter, and by concepts of the term base."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from saphan.engines.language.identify import identify
from saphan.engines.language.normalise import fold
from saphan.engines.language.terms import TermBase

from .headings import Heading

Scores = npt.NDArray[np.float64]
SIZES = (2, 3, 4)


def grams(text: str) -> Counter[str]:
    """Runs of 2 to 4 characters of the folded text, its ends marked by a space."""
    text = f" {fold(text)} "
    return Counter(text[at:at + size] for size in SIZES for at in range(len(text) - size + 1))


class Letters:
    """TF-IDF over character n-grams. `groups` are the texts whose n-grams are counted as one when
    it is asked how rare an n-gram is; `texts` are what is compared. Scores are cosines."""

    def __init__(self, texts: Sequence[str], groups: Sequence[str]) -> None:
        met = Counter(gram for text in groups for gram in grams(text))
        self._rare = {gram: math.log(len(groups) / count) + 1 for gram, count in met.items()}
        self._where: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, text in enumerate(texts):
            for gram, weight in self._weights(text).items():
                self._where[gram].append((place, weight))
        self._count = len(texts)

    def _weights(self, text: str) -> dict[str, float]:
        raw = {gram: (1 + math.log(count)) * self._rare[gram]
               for gram, count in grams(text).items() if gram in self._rare}
        length = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
        return {gram: weight / length for gram, weight in raw.items()}

    def scores(self, text: str) -> Scores:
        """A cosine for each text, [count]."""
        found = np.zeros(self._count)
        for gram, weight in self._weights(text).items():
            for place, other in self._where[gram]:
                found[place] += weight * other
        return found


class Concepts:
    """Concepts of the term base that a description and a heading share.

    A shared concept counts by how rare it is among the headings: log(headings / with it) / 6.
    """

    def __init__(self, headings: Sequence[Heading]) -> None:
        self._terms = TermBase.load()
        self._of = [{hit.concept for lang, words in each.words.items()
                     for hit in self._terms.find(words, lang)} for each in headings]
        self._met = Counter(concept for concepts in self._of for concept in concepts)

    def _find(self, text: str) -> tuple[set[str], str]:
        lang = identify(text).lang
        langs = {lang, "en"} if lang != "und" else {"en"}
        return {hit.concept for one in langs for hit in self._terms.find(text, one)}, lang

    def scores(self, text: str) -> Scores:
        """Weight of what is shared with each heading, [headings]."""
        asked, _lang = self._find(text)
        return np.array([sum(math.log(len(self._of) / self._met[concept]) / 6
                             for concept in asked & has) for has in self._of])

    def shared(self, text: str, heading: int) -> list[str]:
        """Names of the shared concepts in the language of the text, else in English."""
        asked, lang = self._find(text)
        return sorted(self._terms.label(each, lang) or self._terms.label(each, "en")
                      for each in asked & self._of[heading])
