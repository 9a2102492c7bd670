"""Standing questions: many questions that stay, asked of the few documents that are new.

`Matcher.ask` goes from one question to all documents. Here it is the other way round: each question
is read and embedded once, and what is new is compared with all of them together. The score of a
question and a document is the one that `Matcher.ask` gives; `tests/test_standing.py` holds it to
that.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from saphan.engines.language.codes import family
from saphan.engines.language.embed import Vectors
from saphan.engines.language.segment import index_tokens
from saphan.engines.matching.documents import Answer, Document, Filters, Match, Query
from saphan.engines.matching.entries import document_concepts, document_tokens
from saphan.engines.matching.rank import (
    CONCEPTS_COUNTED,
    LOOKED_AT,
    POOL,
    Asked,
    Matcher,
    Signals,
    rarity,
)

NEAREST: Final = 1e-6
"""Probabilities are kept this far from 0 and 1, where their logarithm ends."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A question as it was read: keep it as long as the term base and the day stay the same."""

    asked: Asked
    text: str
    """What is embedded: the question with the English labels of its concepts."""
    tokens: tuple[str, ...]

    @property
    def named(self) -> tuple[str, ...]:
        """Concepts found in the question."""
        return self.asked.named


@dataclass(frozen=True, slots=True)
class _New:
    """A new document with all that questions are compared with."""

    document: Document
    concepts: Mapping[str, float]
    words: Mapping[str, frozenset[str]]
    """Language family to the tokens in it."""


class StandingMatcher(Matcher):
    """A matcher that knows questions by what `read` made of them."""

    @classmethod
    def of(cls, matcher: Matcher) -> StandingMatcher:
        """One that gives the same scores as `matcher`."""
        return cls(
            matcher.index, matcher.embedder, matcher.lir, matcher.terms,
            requirements=matcher._requirements, weights=matcher.weights,
        )  # fmt: skip

    def read(
        self,
        text: str,
        lang: str = "",
        *,
        filters: Filters | None = None,
        now: date | None = None,
        alike: bool = False,
    ) -> Standing:
        """Read a question once. `alike`: the text describes the thing itself, so that what it says
        of places, dates and numbers is no wish. An empty text asks for all that passes."""
        asked = self._read(text, lang, filters, now)
        if alike:
            asked = replace(asked, wishes=(), refused=frozenset())
        if not asked.query.text:
            return Standing(asked, "", ())
        return Standing(asked, self._with_gloss(asked), tuple(index_tokens(asked.query.text)))

    def embed(self, questions: Sequence[Standing]) -> Vectors:
        """The model's own vectors [n, dimension], before language-identity removal: to be kept."""
        return self.embedder.embed_queries([question.text for question in questions])

    def answer(self, question: Standing, k: int) -> Answer:
        """The `k` documents of the whole index that fit best, as `Matcher.ask` finds them."""
        asked = question.asked
        if not asked.query.text:
            return self._all_that_pass(asked, k)
        pool = max(POOL, k + LOOKED_AT)
        signals = self._with_meaning(asked, self._by_words_and_concepts(asked, pool), pool)
        return self._answer(asked, signals, k, complete=True, started=0.0)

    def judge(
        self,
        questions: Sequence[Standing],
        vectors: Vectors,
        documents: Sequence[Document],
        *,
        floor: float,
    ) -> Iterator[tuple[int, Match]]:
        """Place of a question and a match, for all pairs that pass the filters and score at least
        `floor` (0..1). `vectors` [n, dimension] are what `embed` gave; the documents must be in the
        index. A question without words matches whatever passes its filters, with score 1."""
        if not questions or not documents:
            return
        new = [self._new(document) for document in documents]
        cosines = self._cosines(vectors, [each.id for each in documents])
        counts, total = self.index.concept_counts(), self.index.count()
        least = self._least(floor)
        for place, question in enumerate(questions):
            asked = question.asked
            weight = {
                concept: strength * rarity(counts.get(concept, 0), total)
                for concept, strength in asked.concepts.items()
            }
            share = CONCEPTS_COUNTED / max(CONCEPTS_COUNTED, sum(weight.values()))
            passing = [at for at, each in enumerate(new) if passes(each.document, asked.filters)]
            if not asked.query.text:
                for at in passing:
                    yield place, Match(new[at].document.id, 1.0, document=new[at].document)
                continue
            signals = {
                at: self._signals(asked, new[at], weight, share, float(cosines[place, at]))
                for at in passing
            }
            self._add_words(question, new, signals, least)
            for at, known in signals.items():
                if self._sum(known) + self._best_bonus(asked) >= least:
                    match = self._match(asked, new[at].document, known)
                    if match.score >= floor:
                        yield place, match

    # -- the parts -------------------------------------------------------------------------

    def _all_that_pass(self, asked: Asked, k: int) -> Answer:
        """Where nothing is asked in words, some direction must do to list what passes."""
        names = [name for name, _cosine in self.index.search(
            np.ones(self.embedder.dimension, np.float32), asked.filters, k)]  # fmt: skip
        found = self.index.get_many(names)
        matches = tuple(Match(name, 1.0, document=found[name]) for name in names if name in found)
        return Answer(Query("", ""), asked.lang, matches, abstained=not matches)

    def _new(self, document: Document) -> _New:
        tokens = document_tokens(document)
        return _New(
            document,
            document_concepts(document, self.terms),
            {name: frozenset(words) for name, words in tokens.items()},
        )

    def _cosines(self, vectors: Vectors, names: Sequence[str]) -> Vectors:
        """[questions, documents]; 0 where a document has no vector of this model yet."""
        known = self.index.vectors(names)
        there = [at for at, name in enumerate(names) if name in known]
        found = np.zeros((len(vectors), len(names)), np.float32)
        if not there:
            return found
        passages = np.stack([np.asarray(known[names[at]], np.float32) for at in there])
        if self.lir:
            vectors, passages = self.lir.queries.apply(vectors), self.lir.passages.apply(passages)
        found[:, there] = vectors @ passages.T
        return found

    def _signals(
        self, asked: Asked, new: _New, weight: Mapping[str, float], share: float, cosine: float
    ) -> Signals:
        parts = {
            concept: each * new.concepts[concept]
            for concept, each in weight.items()
            if concept in new.concepts
        }
        order = sorted(parts, key=lambda concept: (-parts[concept], concept))
        shared = tuple(concept for concept in order if concept in asked.named)
        return Signals(cosine, sum(parts.values()) * share, 0.0, shared)

    def _add_words(
        self,
        question: Standing,
        new: Sequence[_New],
        signals: dict[int, Signals],
        least: float,
    ) -> None:
        """Look words up only where they could lift a document over the floor: the lists of words
        are the one thing that must be asked of the whole index, question by question."""
        kind, tokens = family(question.asked.lang), frozenset(question.tokens)
        most = self.weights.words * (1 - self.weights.words_above)
        bonus = self._best_bonus(question.asked)
        hopeful = {
            at: new[at].document.id
            for at, known in signals.items()
            if self._sum(known) + bonus + most >= least
            and self._enough_in_common(tokens, new[at].words.get(kind, frozenset()))
        }
        if not hopeful:
            return
        found = self.index.lexical(list(question.tokens), kind, question.asked.filters, POOL)
        for at, name in hopeful.items():
            signals[at] = replace(signals[at], words=found.get(name, 0.0))

    def _enough_in_common(self, asked: frozenset[str], held: frozenset[str]) -> bool:
        return bool(asked) and not asked.isdisjoint(held)

    def _best_bonus(self, asked: Asked) -> float:
        return self.weights.met * len(asked.wishes)

    def _least(self, floor: float) -> float:
        """The sum of signals that gives this probability."""
        kept = min(max(floor, NEAREST), 1 - NEAREST)
        return self.weights.middle + math.log(kept / (1 - kept)) / self.weights.slope


def passes(document: Document, filters: Filters) -> bool:
    """Whether a document is among those that the filters leave."""
    limited = (
        (document.room, filters.rooms), (document.kind, filters.kinds),
        (document.sector, filters.sectors), (document.economy, filters.economies),
        (document.lang, filters.langs), (document.audience, filters.audiences),
    )  # fmt: skip
    if any(allowed and value not in allowed for value, allowed in limited):
        return False
    if document.id in filters.exclude:
        return False
    over = filters.valid_on and document.valid_until and document.valid_until < filters.valid_on
    return not over
