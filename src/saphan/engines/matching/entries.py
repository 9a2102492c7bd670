"""Make index entries out of documents: vector, tokens by language, concepts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
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
_TOGETHER: Final = 32
"""Documents embedded together: enough for every core, little enough for a batch of progress."""


def make_entries(
    documents: Iterable[Document], embedder: Embedder, terms: TermBase
) -> Iterator[Entry]:
    """One entry for each document, lazily, some at a time: they are embedded together, and read
    for words and concepts meanwhile."""
    rest = iter(documents)
    with ThreadPoolExecutor(1, "saphan-entries") as beside:
        while group := list(islice(rest, _TOGETHER)):
            embedded = beside.submit(document_vectors, group, embedder)
            read = [(document_tokens(one), document_concepts(one, terms)) for one in group]
            for document, vector, (tokens, concepts) in zip(
                group, embedded.result(), read, strict=True
            ):
                yield Entry(
                    document=document,
                    vector=vector,
                    model_id=embedder.model_id,
                    tokens=tokens,
                    concepts=concepts,
                )


def document_vectors(documents: Sequence[Document], embedder: Embedder) -> Vectors:
    """Float32 [n, dimension]: the mean of the whole passage and of the (English) title alone.

    The title alone says what the document is about; in English, the model understands it best.
    """
    texts = [
        text
        for document in documents
        for text in (document.passage(), document.english_title or document.title)
    ]
    both = embedder.embed_passages(texts).reshape(len(documents), 2, -1)
    return unit(both.mean(axis=1))


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
