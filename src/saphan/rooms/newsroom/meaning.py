"""What articles mean, in numbers: their vectors, and the index that topics are matched with.

The archive has an index of its own beside the one of the house: a day's news would bury a dozen
offers. It holds nothing that cannot be made again from the archive; each machine keeps its own.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from django.conf import settings

from saphan.engines.language.embed import Vectors
from saphan.engines.matching.documents import Document
from saphan.engines.matching.entries import document_concepts, document_tokens
from saphan.engines.matching.index import Entry
from saphan.engines.matching.lir import LIR
from saphan.engines.matching.sqlite_index import SqliteIndex
from saphan.engines.matching.standing import StandingMatcher
from saphan.engines.stories import clustering
from saphan.house.engine import Engine, NotReady, engine, look_again
from saphan.rooms.newsroom.models import Article

_lock = threading.Lock()
_opened: tuple[Path, str, SqliteIndex] | None = None


def words(article: Article) -> str:
    """What of an article is embedded: its title and its first words."""
    return clustering.words(article.title, article.lead)


def with_vectors(articles: Sequence[Article]) -> list[Article]:
    """The articles, each with the vector of the model of this house; those that lack it get it and
    must be saved (`vector`, `vector_model`). Raises `NotReady` where there is no model."""
    embedder = engine().embedder
    missing = [each for each in articles
               if each.vector is None or each.vector_model != embedder.model_id]
    if missing:
        rows = embedder.embed_passages([words(each) for each in missing])
        for each, row in zip(missing, rows, strict=True):
            each.vector, each.vector_model = packed(row), embedder.model_id
    return list(articles)


def packed(row: Vectors) -> bytes:
    return row.astype("<f2").tobytes()


def unpacked(kept: Sequence[bytes | memoryview]) -> Vectors:
    """Float32 [n, dimension] of what `packed` gave."""
    return np.stack([np.frombuffer(bytes(each), "<f2") for each in kept]).astype(np.float32)


def vectors_of(articles: Sequence[Article]) -> Vectors:
    """The vectors of articles that all have one."""
    return unpacked([each.vector for each in articles if each.vector is not None])


def without_language(rows: Vectors) -> Vectors:
    """The vectors without what tells their language: then they can be compared across languages."""
    lir = engine().matcher.lir
    return lir.passages.apply(rows) if lir is not None else rows


def file() -> Path:
    """Where the index of the archive lies."""
    path: Path = settings.INDEX.with_name("news" + settings.INDEX.suffix)
    return path


def index() -> SqliteIndex:
    """The index of the archive, opened when needed. Raises `NotReady`."""
    global _opened
    opened = engine()
    lir = opened.matcher.lir
    transform = f"lir/1:{lir.texts}" if isinstance(lir, LIR) else ""
    model = f"{opened.embedder.model_id} {transform}"
    with _lock:
        if _opened is None or _opened[:2] != (file(), model):
            if _opened is not None:
                _opened[2].close()
            file().parent.mkdir(parents=True, exist_ok=True)
            _opened = (file(), model, SqliteIndex(
                file(), model_id=opened.embedder.model_id, dimension=opened.embedder.dimension,
                transform=lir.passages.apply if lir is not None else None,
                transform_id=transform))
        return _opened[2]


def close() -> None:
    """Forget the open index, for tests and after a restore."""
    global _opened
    with _lock:
        if _opened is not None:
            _opened[2].close()
        _opened = None


def matcher() -> StandingMatcher:
    """What reads the questions of topics and compares them with articles. Raises `NotReady`."""
    look_again()
    opened = engine()
    held = StandingMatcher.of(opened.matcher)
    held.index = index()
    return held


def document(article: Article) -> Document:
    """An article as the matching engine reads it."""
    return Document(id=str(article.pk), lang=article.lang, title=article.title,
                    summary=article.lead, kind="article", room="newsroom",
                    economy=article.economy_id or "")


def take_in(articles: Sequence[Article]) -> list[Document]:
    """Put articles that have their vectors into the index, or bring them up to date in it."""
    opened: Engine = engine()
    if not articles:
        return []
    rows = vectors_of(articles)
    documents = [document(each) for each in articles]
    index().put([Entry(one, row, opened.embedder.model_id, document_tokens(one),
                       document_concepts(one, opened.terms))
                 for one, row in zip(documents, rows, strict=True)])
    return documents


def take_out(articles: Sequence[int]) -> None:
    """These articles are no longer found."""
    index().remove([str(key) for key in articles])


def forget(article: int) -> None:
    """This article is no longer found. Without an index yet there is nothing to forget."""
    try:
        take_out([article])
    except NotReady:
        return


def discard() -> None:
    """Throw the index away; it can be made again."""
    close()
    for path in file().parent.glob(file().name + "*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
