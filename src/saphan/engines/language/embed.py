"""Turn text into vectors: the interface, and the embedders that live elsewhere.

The bundled model is in `e5.py`. Production may plug in a larger one behind an OpenAI-compatible
address, or run sentence-transformers in the same process.
"""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

QUERY_PREFIX: Final = "query: "
PASSAGE_PREFIX: Final = "passage: "


class EmbedderError(RuntimeError):
    """Text could not be embedded; the message says what to do."""


class ModelNotPrepared(EmbedderError):
    """The bundled model has not been written to the models folder, or is damaged."""


@runtime_checkable
class Embedder(Protocol):
    """Gives float32 arrays of shape [number of texts, dimension] with rows of length 1.

    Safe to call from several threads. `model_id` changes whenever vectors stop being comparable.
    """

    @property
    def model_id(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors: ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors: ...


def models_directory() -> Path:
    """Where prepared models lie: `SAPHAN_MODELS`, else `saphan/models` in the user's cache."""
    chosen = os.environ.get("SAPHAN_MODELS")
    if chosen:
        return Path(chosen)
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "saphan" / "models"


def unit(vectors: npt.ArrayLike) -> Vectors:
    """Rows scaled to length 1; rows of zeros stay zeros."""
    array = np.atleast_2d(np.asarray(vectors, dtype=np.float32))
    lengths = np.linalg.norm(array, axis=1, keepdims=True)
    scaled: Vectors = array / np.maximum(lengths, 1e-12)
    return scaled


class EndpointEmbedder:
    """A client for an OpenAI-compatible `/v1/embeddings` address; standard library only.

    `url` is the whole address of the endpoint. Texts go in batches of `batch`; the answer is put
    in order by its `index` fields. `timeout` in seconds. Raises EmbedderError on any failure.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        dimension: int,
        api_key: str = "",
        query_prefix: str = QUERY_PREFIX,
        passage_prefix: str = PASSAGE_PREFIX,
        timeout: float = 30.0,
        batch: int = 64,
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"not an http address: {url}")
        self._url, self._model, self._key = url, model, api_key
        self._prefixes = (query_prefix, passage_prefix)
        self._timeout, self._batch = timeout, batch
        self._dimension = dimension

    @property
    def model_id(self) -> str:
        return f"{self._model}/{self._dimension}"

    @property
    def dimension(self) -> int:
        return self._dimension

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self._embed([self._prefixes[0] + text for text in texts])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return self._embed([self._prefixes[1] + text for text in texts])

    def _embed(self, texts: list[str]) -> Vectors:
        rows = np.zeros((len(texts), self._dimension), np.float32)
        for start in range(0, len(texts), self._batch):
            part = texts[start : start + self._batch]
            rows[start : start + len(part)] = self._ask(part)
        return rows

    def _ask(self, texts: list[str]) -> Vectors:
        body = json.dumps({"model": self._model, "input": texts, "encoding_format": "float"})
        headers = {"Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        request = urllib.request.Request(  # noqa: S310 (the scheme was checked)
            self._url, data=body.encode(), headers=headers
        )
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:  # noqa: S310
                payload = json.load(answer)
            items = sorted(payload["data"], key=lambda item: int(item["index"]))
            vectors = np.array([item["embedding"] for item in items], np.float32)
        except urllib.error.HTTPError as error:
            said = error.read(300).decode("utf-8", "replace")
            raise EmbedderError(f"{self._url} answered {error.code}: {said}") from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EmbedderError(f"{self._url} gave no embeddings: {error}") from error
        if vectors.shape != (len(texts), self._dimension):
            raise EmbedderError(
                f"{self._url} gave {vectors.shape}, expected {(len(texts), self._dimension)}"
            )
        return unit(vectors)


class SentenceTransformersEmbedder:
    """A model of the sentence-transformers library, where that is installed and the model local."""

    def __init__(
        self,
        model: str,
        *,
        query_prefix: str = QUERY_PREFIX,
        passage_prefix: str = PASSAGE_PREFIX,
    ) -> None:
        try:
            from sentence_transformers import (  # type: ignore[import-not-found,unused-ignore]
                SentenceTransformer,
            )
        except ImportError as error:
            raise EmbedderError("install sentence-transformers to use this embedder") from error
        self._model: Any = SentenceTransformer(model)
        self._name = model
        self._prefixes = (query_prefix, passage_prefix)

    @property
    def model_id(self) -> str:
        return f"{self._name}/{self.dimension}"

    @property
    def dimension(self) -> int:
        return int(self._model.get_sentence_embedding_dimension())

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self._embed(self._prefixes[0], texts)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return self._embed(self._prefixes[1], texts)

    def _embed(self, prefix: str, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        return unit(self._model.encode([prefix + text for text in texts]))
