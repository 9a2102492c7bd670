"""Rank headings for a description: meaning, letters and concepts together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from saphan.engines.language.embed import unit
from saphan.engines.matching.prepare import load
from saphan.engines.runner.folder import models_folder

from . import headings as hs
from . import vectors
from .lexical import Concepts, Letters

LETTERS, CONCEPTS = 0.3, 0.3
"""Weights beside meaning, chosen on 48 descriptions that are in no reported number."""
SHARPNESS = 24.0
"""How fast certainty falls with the score; fitted on the same 48 descriptions."""
NEAREST = 3

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Suggestion:
    """A heading, how sure (0..1, all headings of the exhibit sum to 1), and why."""

    heading: hs.Heading
    certainty: float
    nearest: tuple[str, ...]
    """The goods of the heading that come nearest, each in its language."""
    shared: tuple[str, ...]
    """Concepts that description and heading share."""


class Finder:
    """Loads the model, the headings and their vectors (about two seconds)."""

    def __init__(self) -> None:
        self.embedder, self._lir = load(models_folder(), threads=1)
        self.headings = hs.read()
        self._space = vectors.opened(self.embedder, self._lir)
        self._goods = hs.phrases(self.headings, self._space.langs)
        self._of = np.array([each.heading for each in self._goods])
        self._starts = np.searchsorted(self._of, np.arange(len(self.headings)))
        everything = [" ".join(each.words.values()) for each in self.headings]
        self._letters = Letters([each.text for each in self._goods], everything)
        self._concepts = Concepts(self.headings)

    def scores(self, text: str) -> tuple[Scores, Scores]:
        """A score for each heading, and the cosine for each of its goods."""
        meant = self._lir.queries.apply(self.embedder.embed_queries([text]))
        near = (unit(meant @ self._space.basis) @ self._space.goods.T)[0].astype(np.float64)
        letters = np.maximum.reduceat(self._letters.scores(text), self._starts)
        meaning = np.array([np.sort(part)[-NEAREST:].mean()
                            for part in np.split(near, self._starts[1:])])
        return meaning + LETTERS * letters + CONCEPTS * self._concepts.scores(text), near

    def suggest(self, text: str, count: int = 3) -> list[Suggestion]:
        """The best headings, the likeliest first."""
        scores, near = self.scores(text)
        chances = np.exp(SHARPNESS * (scores - scores.max()))
        chances /= chances.sum()
        found = []
        for place in np.argsort(-scores)[:count]:
            goods = [at for at in np.argsort(-near) if self._of[at] == place][:2]
            found.append(Suggestion(
                self.headings[place], float(chances[place]),
                tuple(dict.fromkeys(self._goods[at].text for at in goods)),
                tuple(self._concepts.shared(text, int(place))[:3])))
        return found
