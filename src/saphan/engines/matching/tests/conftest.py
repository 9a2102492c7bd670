from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from saphan.engines.language.embed import Vectors, unit
from saphan.engines.language.segment import words
from saphan.engines.language.terms import TermBase, read_terms
from saphan.engines.matching.documents import Document
from saphan.engines.matching.entries import make_entries
from saphan.engines.matching.rank import Matcher
from saphan.engines.matching.sqlite_index import SqliteIndex

DIMENSION = 64
TERMS = """\
durian
  broader: fruit
  en: durian
  th: ทุเรียน
  zh-Hans: 榴莲
  lo: ທຸລຽນ

fruit
  en: fruit
  th: ผลไม้
  zh-Hans: 水果

sorting
  en: sorting
  th: คัดแยก
  zh-Hans: 分拣

chest_xray
  en: chest X-ray
  th: เอกซเรย์ทรวงอก
"""


class WordEmbedder:
    """Stands in for the model: a text's vector is the sum of random vectors of its words."""

    model_id = "words/1"
    dimension = DIMENSION

    def __init__(self) -> None:
        self.asked: list[str] = []

    def _vector(self, text: str) -> Vectors:
        found = [zlib.crc32(word.encode()) for word in words(text)] or [0]
        parts = [np.random.default_rng(seed).normal(size=DIMENSION) for seed in found]
        return unit(np.sum(parts, axis=0))[0]

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return self.embed_passages(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        rows = [self._vector(text) for text in texts]
        return np.array(rows, np.float32).reshape(len(rows), DIMENSION)


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def terms() -> TermBase:
    return TermBase(read_terms(TERMS.splitlines()))


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SqliteIndex]:
    made = SqliteIndex(tmp_path / "index.sqlite", model_id="words/1", dimension=DIMENSION)
    yield made
    made.close()


Put = Callable[..., None]


@pytest.fixture
def put(index: SqliteIndex, embedder: WordEmbedder, terms: TermBase) -> Put:
    def put_documents(*documents: Document, cursor: int | None = None) -> None:
        index.put(make_entries(documents, embedder, terms), cursor=cursor)

    return put_documents


@pytest.fixture
def matcher(index: SqliteIndex, embedder: WordEmbedder, terms: TermBase) -> Matcher:
    return Matcher(index, embedder, None, terms)
