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


class LirError(ValueError):
    """A fit that cannot be made, read or used with this model."""


@dataclass(frozen=True)
class Removal:
    """One fitted projection: `mean` [dimension], `directions` [languages - 1, dimension]."""

    mean: npt.NDArray[np.float32]
    directions: npt.NDArray[np.float32]

    @classmethod
    def fit(cls, vectors_by_lang: Mapping[str, Vectors]) -> Removal:
        """Fit on unit vectors [n, dimension] of each language; 50 texts a language are enough.

        The texts need not be translations of each other. A language left out suffers badly.
        Raises LirError for fewer than two languages.
        """
        means = [unit(vectors).mean(axis=0) for vectors in vectors_by_lang.values() if len(vectors)]
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
    ) -> LIR:
        """Fit both sides. Raises LirError for fewer than two languages."""
        return cls(model_id, Removal.fit(queries_by_lang), Removal.fit(passages_by_lang), texts)

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
