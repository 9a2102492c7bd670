"""Make index entries out of documents: vector, tokens by language, concepts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from saphan.engines.language.codes import family
from saphan.engines.language.embed import Embedder, Vectors, unit
from saphan.engines.language.segment import index_tokens
from saphan.engines.language.terms import TermBase
from saphan.engines.matching.documents import Document
from saphan.engines.matching.index import Entry

_TITLE: Final = 1.0
_SUMMARY: Final = 0.8
_DESCRIPTION: Final = 0.5
_BROADER: Final = 0.5
"""Strength of a concept by where it is named; a broader concept has this share of it."""


def make_entries(
    documents: Iterable[Document], embedder: Embedder, terms: TermBase
) -> Iterator[Entry]:
    """One entry for each document, embedded one after another; lazily."""
    for document in documents:
        yield Entry(
            document=document,
            vector=document_vector(document, embedder),
            model_id=embedder.model_id,
            tokens=document_tokens(document),
            concepts=document_concepts(document, terms),
        )


def document_vector(document: Document, embedder: Embedder) -> Vectors:
    """Float32 [dimension]: the mean of the whole passage and of the (English) title alone.

    The title alone says what the document is about; in English, the model understands it best.
    """
    title = document.english_title or document.title
    both = embedder.embed_passages([document.passage(), title])
    vector: Vectors = unit(both.mean(axis=0))[0]
    return vector


def document_tokens(document: Document) -> Mapping[str, list[str]]:
    """Index tokens of all texts of a document by language family."""
    found: dict[str, list[str]] = {}
    for lang, text in document.texts():
        found.setdefault(family(lang), []).extend(index_tokens(text))
    return found


def document_concepts(document: Document, terms: TermBase) -> Mapping[str, float]:
    """Concepts a document names, and those they are a kind of, with a strength of 0..1."""
    found: dict[str, float] = {name: 1.0 for name in document.concepts if name in terms.concepts}

    def note(text: str, lang: str, strength: float) -> None:
        for hit in terms.find(text, lang, nested=True):
            found[hit.concept] = max(found.get(hit.concept, 0.0), strength)

    note(document.title, document.lang, _TITLE)
    note("\n".join(document.keywords), document.lang, _TITLE)
    note(document.summary, document.lang, _SUMMARY)
    note(document.description, document.lang, _DESCRIPTION)
    for lang, title in document.titles.items():
        note(title, lang, _TITLE)
    for lang, summary in document.summaries.items():
        note(summary, lang, _SUMMARY)
    return with_broader(found, terms)


def with_broader(named: Mapping[str, float], terms: TermBase) -> dict[str, float]:
    """The concepts and, weaker, what they are a kind of."""
    found = dict(named)
    for concept, strength in named.items():
        for step, ancestor in enumerate(terms.ancestors(concept), 1):
            passed_on = strength * _BROADER**step
            found[ancestor] = max(found.get(ancestor, 0.0), passed_on)
    return found
