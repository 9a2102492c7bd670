"""The matching engine of this process: one index, one model, one term base, opened when needed."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from saphan.engines.language.embed import (
    Embedder,
    EmbedderError,
    EndpointEmbedder,
    SentenceTransformersEmbedder,
)
from saphan.engines.language.terms import TermBase
from saphan.engines.matching import prepare
from saphan.engines.matching.index import Index, IndexUnavailable
from saphan.engines.matching.lir import LIR, LirError
from saphan.engines.matching.rank import Matcher
from saphan.engines.matching.requirements import RequirementReader
from saphan.engines.matching.sqlite_index import SqliteIndex
from saphan.ground.access import Refused
from saphan.people.queries import economies

log = logging.getLogger(__name__)


class NotReady(Refused):
    """The model is missing or cannot be loaded; the reason says what to do."""


class Unreachable(NotReady, IndexUnavailable):
    """The server of the search index cannot be used; `detail` says more to those who run it."""

    def __init__(self, detail: str) -> None:
        super().__init__(_("The answer did not come. Please ask again."))
        self.detail = detail
        log.error("%s", detail)


@dataclass(frozen=True)
class Engine:
    """What asking and indexing share."""

    matcher: Matcher
    index: Index
    embedder: Embedder
    terms: TermBase
    fit: object = None
    """Which file of language-identity removal is in use; see `_fit_version`."""


class TermSource(Protocol):
    """Where corrections of the shipped term base are kept (see `house.wording`)."""

    def version(self) -> object:
        """Another value after every change, by whichever process; one cheap query."""
        ...

    def corrected(self, shipped: TermBase) -> TermBase:
        """The shipped term base with the corrections."""
        ...


_lock = threading.Lock()
_terms_lock = threading.Lock()
_engine: Engine | None = None
_source: TermSource | None = None
_shipped: TermBase | None = None
_terms: TermBase | None = None
_version: object = None
_look = True
_fit: object = None


def follow(source: TermSource) -> None:
    """Use the corrections of `source` from now on."""
    global _source
    _source = source
    look_again()


def look_again(**_signal: object) -> None:
    """Let the next `terms` ask whether somebody corrected a term. Called once for each request and
    each round of the worker, so that within one answer all words come from one term base."""
    global _look
    _look = True


def terms() -> TermBase:
    """The term base with its corrections; cheap to ask for."""
    global _shipped, _terms, _version, _look, _fit
    if _terms is None or _look:
        with _terms_lock:
            _look = False  # before the version is read: a change meanwhile is met by the next look
            _fit = _fit_version()
            version = _source.version() if _source else None
            if _terms is None or version != _version:
                _shipped = _shipped or TermBase.load()
                _terms = _source.corrected(_shipped) if _source else _shipped
                _version = version
    return _terms


def engine() -> Engine:
    """The engine, opened at the first call (about a second). Raises `NotReady`."""
    global _engine
    now = terms()
    if _engine is None or _engine.terms is not now or _engine.fit != _fit:
        with _lock:
            if _engine is None:
                _engine = _open()
            elif _engine.terms is not now or _engine.fit != _fit:
                # Another one: whoever is in the middle of an answer ends it as it was begun.
                _engine = _with(_engine, now)
    return _engine


def _with(opened: Engine, now: TermBase) -> Engine:
    """The engine with the term base and the fit of this moment."""
    lir, fit = opened.matcher.lir, _fit
    if opened.fit != fit:
        lir = _own_fit(opened.embedder) or _model()[1]
        opened.index.use(lir.passages.apply, _transform_id(lir))
    matcher = Matcher(opened.index, opened.embedder, lir, now, requirements=_requirements())
    return replace(opened, matcher=matcher, terms=now, fit=fit)


def is_open() -> bool:
    return _engine is not None


def close() -> None:
    """Forget the open engine, for tests and after a restore."""
    global _engine
    with _lock:
        if _engine is not None:
            _engine.index.close()
        _engine = None


def _open() -> Engine:
    try:
        embedder, lir = _model()
    except (EmbedderError, LirError, OSError) as error:
        raise NotReady(_("The search model is not ready. Whoever runs this house should call "
                         "“saphan setup”.")) from error
    lir = _own_fit(embedder) or lir
    index = _index(embedder, lir)
    matcher = Matcher(index, embedder, lir, terms(), requirements=_requirements())
    return Engine(matcher, index, embedder, terms(), _fit)


def fit_file() -> Path:
    """Where language-identity removal fitted on the house's own records lies, if it was."""
    return settings.INDEX.with_name("lir.npz")  # type: ignore[no-any-return]


def _fit_version() -> object:
    """Another value after every change of that file, by whichever process."""
    if settings.INDEX_URL:
        return None  # machines that share an index use the one fit that all of them have
    try:
        found = fit_file().stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _own_fit(embedder: Embedder) -> LIR | None:
    """The house's own fit, unless there is none for this model."""
    if _fit is None:
        return None
    try:
        return LIR.load(fit_file(), embedder.model_id)
    except LirError as error:
        log.warning("%s", error)
        return None


def _transform_id(lir: LIR) -> str:
    """By the texts it was fitted on: the last digits of a fit depend on the processor, and several
    machines share one server."""
    return f"lir/1:{lir.texts}"


def _index(embedder: Embedder, lir: LIR) -> Index:
    """The index in a file of the house, or on the server that SAPHAN_INDEX names."""
    about: dict[str, Any] = {
        "model_id": embedder.model_id, "dimension": embedder.dimension,
        "transform": lir.passages.apply, "transform_id": _transform_id(lir)}
    if settings.INDEX_URL:
        from saphan.engines.matching.postgres_index import PostgresIndex

        return PostgresIndex(settings.INDEX_URL, unavailable=Unreachable, **about)
    settings.INDEX.parent.mkdir(parents=True, exist_ok=True)
    return SqliteIndex(settings.INDEX, **about)


def _model() -> tuple[Embedder, LIR]:
    if not settings.EMBEDDINGS_MODEL:
        return prepare.load(settings.MODELS, threads=2)
    embedder = _chosen_model()
    path = settings.MODELS / f"lir-{settings.EMBEDDINGS_MODEL.replace('/', '-')}.npz"
    try:
        return embedder, LIR.load(path, embedder.model_id)
    except LirError:
        fitted = prepare.fit(embedder)
        settings.MODELS.mkdir(parents=True, exist_ok=True)
        fitted.save(path)
        return embedder, fitted


def _chosen_model() -> Embedder:
    """A model of the operator's choice: behind an endpoint, or in this process."""
    if not settings.EMBEDDINGS_URL:
        return SentenceTransformersEmbedder(settings.EMBEDDINGS_MODEL)
    return EndpointEmbedder(settings.EMBEDDINGS_URL, settings.EMBEDDINGS_MODEL,
                            dimension=settings.EMBEDDINGS_DIMENSION,
                            api_key=settings.EMBEDDINGS_KEY)


def _requirements() -> RequirementReader:
    """Requirements are read with the names that this centre gives to economies."""
    return RequirementReader({
        economy.code: list(dict.fromkeys([
            *economy.name.plain().values(), *economy.short.plain().values(), *economy.also]))
        for economy in economies()}, terms())
