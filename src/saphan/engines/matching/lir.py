"""Language-identity removal: make vectors say what a text means, not which language it is in.

In a corpus of mixed languages a multilingual model mostly returns documents in the language of
the question. The directions that tell the languages apart are those spanned by the languages'
mean vectors; we subtract the global mean, project these directions out and scale to length 1
again. Queries and passages are fitted separately, because the model embeds them differently.
No language has to be known when a vector is transformed.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from saphan.engines.language.e5_prepare import write_whole
from saphan.engines.language.embed import Vectors, unit

_FORMAT: Final = 1


HALFWAY: Final = 20
"""Own texts of a language that weigh as much as all shipped ones."""


class LirError(ValueError):
    """A fit that cannot be made, read or used with this model."""


@dataclass(frozen=True)
class Removal:
    """One fitted projection: `mean` [dimension], `directions` [languages - 1, dimension]."""

    mean: npt.NDArray[np.float32]
    directions: npt.NDArray[np.float32]

    @classmethod
    def fit(
        cls, vectors_by_lang: Mapping[str, Vectors], own: Mapping[str, Vectors] | None = None
    ) -> Removal:
        """Fit on unit vectors [n, dimension] of each language; 50 texts a language are enough.

        The texts need not be translations of each other. A language left out suffers badly.
        `own` are vectors of the texts to be searched: a language's mean moves towards theirs, the
        further the more there are (n of them weigh n / (n + `HALFWAY`)).
        Raises LirError for fewer than two languages.
        """
        means = [
            _drawn(unit(vectors).mean(axis=0), (own or {}).get(lang))
            for lang, vectors in vectors_by_lang.items()
            if len(vectors)
        ]
        if len(means) < 2:
            raise LirError("at least two languages with texts are needed")
        stacked = np.stack(means).astype(np.float64)
        mean = stacked.mean(axis=0)
        _, strengths, rows = np.linalg.svd(stacked - mean, full_matrices=False)
        kept = rows[: len(means) - 1][strengths[: len(means) - 1] > 1e-6]
        return cls(mean.astype(np.float32), kept.astype(np.float32))

    def apply(self, vectors: Vectors) -> Vectors:
        """Unit vectors [n, dimension] without what told their language."""
        centred = np.atleast_2d(vectors) - self.mean
        return unit(centred - (centred @ self.directions.T) @ self.directions)


def _drawn(mean: Vectors, own: Vectors | None) -> Vectors:
    """A language's mean, drawn towards that of its own records."""
    if own is None or not len(own):
        return mean
    share = len(own) / (len(own) + HALFWAY)
    moved: Vectors = (1 - share) * mean + share * unit(own).mean(axis=0)
    return moved


@dataclass(frozen=True)
class LIR:
    """The removals for queries and for passages of one model."""

    model_id: str
    queries: Removal
    passages: Removal
    texts: str = ""
    """Checksum of the texts fitted on, so that a newer list is noticed."""

    @classmethod
    def fit(
        cls,
        model_id: str,
        queries_by_lang: Mapping[str, Vectors],
        passages_by_lang: Mapping[str, Vectors],
        texts: str = "",
        own: Mapping[str, Vectors] | None = None,
    ) -> LIR:
        """Fit both sides, that of passages also on the house's `own` records by language.

        Raises LirError for fewer than two languages.
        """
        queries, passages = Removal.fit(queries_by_lang), Removal.fit(passages_by_lang, own)
        return cls(model_id, queries, passages, texts)

    def save(self, path: Path) -> None:
        """Write an .npz file as a whole."""
        buffer = io.BytesIO()
        np.savez(
            buffer,
            about=np.frombuffer(self._about().encode(), np.uint8),
            query_mean=self.queries.mean,
            query_directions=self.queries.directions,
            passage_mean=self.passages.mean,
            passage_directions=self.passages.directions,
        )
        write_whole(path, buffer.getvalue())

    def _about(self) -> str:
        about = {"format": _FORMAT, "model_id": self.model_id, "texts": self.texts}
        return json.dumps(about)

    @classmethod
    def load(cls, path: Path, model_id: str) -> LIR:
        """Read a fit. Raises LirError if it is missing, damaged or made for another model."""
        try:
            with np.load(path) as stored:
                about = json.loads(bytes(stored["about"]))
                fitted = cls(
                    about["model_id"],
                    Removal(stored["query_mean"], stored["query_directions"]),
                    Removal(stored["passage_mean"], stored["passage_directions"]),
                    about.get("texts", ""),
                )
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise LirError(f"{path} holds no fit: {error}") from error
        if about["format"] != _FORMAT or fitted.model_id != model_id:
            raise LirError(f"{path} was fitted for {fitted.model_id}, not for {model_id}: refit it")
        return fitted
