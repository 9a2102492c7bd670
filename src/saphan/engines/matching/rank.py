"""Answer a question: which documents fit, and why.

Four signals are joined. Meaning: cosine of vectors after language-identity removal. Words: BM25,
only where question and document share a language, because across languages it does harm.
Concepts: the term base's concepts both name, weighted by rarity, in any language. Requirements:
what the asker wants of economy, stage, language, partner, date, checked one by one.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from saphan.engines.language.codes import UNDETERMINED, canonical, family
from saphan.engines.language.embed import Embedder, Vectors
from saphan.engines.language.identify import identify
from saphan.engines.language.normalise import clean
from saphan.engines.language.segment import index_tokens
from saphan.engines.language.terms import Hit, TermBase
from saphan.engines.matching.documents import (
    Answer,
    Document,
    Filters,
    Match,
    Query,
    Requirement,
    Verdict,
    Why,
)
from saphan.engines.matching.entries import with_broader
from saphan.engines.matching.index import Index
from saphan.engines.matching.lir import LIR
from saphan.engines.matching.requirements import RequirementReader, Wish

POOL: Final = 1_000
"""Documents that each signal may bring in; all of them are looked at where all are asked for."""

LOOKED_AT: Final = 40
"""Documents beyond those asked for whose requirements are checked: they move a document little."""

QUERY_CHARACTERS: Final = 2_000
"""Of a longer text only the beginning is read as the question."""

GLOSSED: Final = 12
"""English labels added to a question before it is embedded, at most."""

CONCEPTS_COUNTED: Final = 3.0
"""Weight of concepts that a question can bring in; a rare concept weighs 1."""


MISTYPED: Final = 0.5
"""Strength of a concept whose name is mistyped or lacks its tone marks."""

FEW: Final = 100
"""Documents below which the rarity of a concept is not taken from the house itself."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each signal counts; chosen by `bench/matching/calibrate.py` on development needs.

    `slope` and `middle` turn the sum into the probability that the document would go on the
    asker's shortlist (Platt 1999); 95 % of the needs that have an answer reach `threshold`.
    """

    meaning: float = 1.0
    concepts: float = 0.2
    words: float = 1.0
    words_above: float = 0.3
    """A smaller share of common words is chance, and would favour the asker's language."""
    met: float = 0.05
    not_met: float = -0.14
    slope: float = 8.82
    middle: float = 0.5127
    threshold: float = 0.21
    """Below this score of the best match, the answer is that nothing fits."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of one document for one question."""

    meaning: float = 0.0
    concepts: float = 0.0
    words: float = 0.0
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    query: Query
    lang: str
    named: tuple[str, ...]
    concepts: Mapping[str, float]
    """Those named and, weaker, what they are a kind of."""
    wishes: tuple[Wish, ...]
    refused: frozenset[str]
    """Concepts that the answer shall do without; they draw nothing near."""
    filters: Filters
    now: date


class Matcher:
    """Ranks the documents of an index for a question. Safe to call from several threads.

    `embedder` and `lir` must be those the index was filled and read with. `people` may bring its
    own names of economies through `requirements`.
    """

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        lir: LIR | None,
        terms: TermBase,
        *,
        requirements: RequirementReader | None = None,
        weights: Weights | None = None,
    ) -> None:
        self.index, self.embedder, self.lir, self.terms = index, embedder, lir, terms
        self.weights = weights or Weights()
        self._requirements = requirements or RequirementReader(terms=terms)

    def ask(
        self,
        text: str,
        lang: str = "",
        *,
        k: int | None = 10,
        filters: Filters | None = None,
        now: date | None = None,
    ) -> Answer:
        """The `k` documents that fit best, all of them for None. Never raises for odd text.

        `lang` is the language the asker writes in, if known; else it is identified. `now` is the
        day against which dates are read; today by default. Without `filters` only public
        documents are answered. The ranking is given even where the answer abstains.
        """
        started = time.perf_counter()
        asked = self._read(text, lang, filters, now)
        pool = None if k is None else max(POOL, k + LOOKED_AT)
        signals = self._with_meaning(asked, self._by_words_and_concepts(asked, pool), pool)
        return self._answer(asked, signals, k, complete=True, started=started)

    def stream(
        self,
        text: str,
        lang: str = "",
        *,
        k: int | None = 10,
        filters: Filters | None = None,
        now: date | None = None,
    ) -> Iterator[Answer]:
        """Two answers: at once what words and concepts find, then the same as `ask` gives.

        The first one has `complete` false and abstains only where it found nothing at all.
        """
        started = time.perf_counter()
        asked = self._read(text, lang, filters, now)
        pool = None if k is None else max(POOL, k + LOOKED_AT)
        signals = self._by_words_and_concepts(asked, pool)
        yield self._answer(asked, signals, k, complete=False, started=started)
        signals = self._with_meaning(asked, signals, pool)
        yield self._answer(asked, signals, k, complete=True, started=started)

    # -- the four signals ------------------------------------------------------------------

    def _read(self, text: str, lang: str, filters: Filters | None, now: date | None) -> Asked:
        text = clean(text[:QUERY_CHARACTERS]).strip()
        code = canonical(lang)
        if code == UNDETERMINED:
            code = identify(text).lang
        day = now or date.today()
        wishes = self._requirements.read(text, code, day)
        refused = frozenset(name for w in wishes if w.name == "without" for name in w.wanted)
        named = {
            hit.concept: 1.0 if hit.exact else MISTYPED
            for hit in self._hits(text, code, nested=True)
            if hit.concept not in refused
        }
        return Asked(
            query=Query(text, lang),
            lang=code,
            named=tuple(named),
            concepts=with_broader(named, self.terms),
            wishes=wishes,
            refused=refused,
            filters=filters or Filters(),
            now=day,
        )

    def _with_meaning(
        self, asked: Asked, signals: Mapping[str, Signals], pool: int | None
    ) -> dict[str, Signals]:
        """The signals of words and concepts, and of meaning for these and the nearest documents."""
        vector = self._vector(asked)
        if vector is None:
            return dict(signals)
        cosines = dict(self.index.search(vector, asked.filters, pool))
        cosines |= self.index.similarity(vector, [name for name in signals if name not in cosines])
        joined = dict(signals)  # with those that have no vector of this model yet
        for name, cosine in cosines.items():
            joined[name] = replace(signals.get(name, _NOTHING), meaning=cosine)
        return joined

    def _vector(self, asked: Asked) -> Vectors | None:
        if not asked.query.text:
            return None
        vectors = self.embedder.embed_queries([self._with_gloss(asked)])
        vector: Vectors = (self.lir.queries.apply(vectors) if self.lir else vectors)[0]
        return vector

    def _hits(self, text: str, lang: str, *, nested: bool = False) -> list[Hit]:
        """The concepts of a question; where none is named as it is written, those nearly named.

        Only there: in a longer text a second look takes too many good words for mistyped ones.
        """
        return self.terms.find(text, lang, nested=nested) or self.terms.find(
            text, lang, nested=nested, forgiving=True
        )

    def _with_gloss(self, asked: Asked) -> str:
        """The question, with the English labels of its concepts in brackets.

        The model knows English best: the labels make up for what it misses in small languages.
        """
        hits = self._hits(asked.query.text, asked.lang)
        names = dict.fromkeys(hit.concept for hit in hits if hit.concept not in asked.refused)
        labels = list(dict.fromkeys(self.terms.label(name, "en") for name in names))
        gloss = ", ".join(labels[:GLOSSED])
        return f"{asked.query.text} ({gloss})" if gloss else asked.query.text

    def _by_words_and_concepts(self, asked: Asked, pool: int | None) -> dict[str, Signals]:
        words = self.index.lexical(
            index_tokens(asked.query.text), family(asked.lang), asked.filters, pool
        )
        overlaps = self._overlaps(asked, pool)
        return {
            name: Signals(0.0, overlaps.get(name, (0.0, ()))[0], words.get(name, 0.0),
                          overlaps.get(name, (0.0, ()))[1])
            for name in {*words, *overlaps}
        }  # fmt: skip

    def _overlaps(
        self, asked: Asked, pool: int | None
    ) -> dict[str, tuple[float, tuple[str, ...]]]:
        """Weight of the question's concepts that each document names, and which they are."""
        if not asked.concepts:
            return {}
        counts, total = self.index.concept_counts(), self.index.count()
        weight = {
            concept: strength * rarity(counts.get(concept, 0), total)
            for concept, strength in asked.concepts.items()
        }
        # A long text names many concepts: then each counts less, so that meaning still counts.
        share = CONCEPTS_COUNTED / max(CONCEPTS_COUNTED, sum(weight.values()))
        found = {}
        for name, strengths in self.index.by_concept(weight, asked.filters, pool).items():
            parts = {concept: weight[concept] * s for concept, s in strengths.items()}
            order = sorted(parts, key=lambda concept: (-parts[concept], concept))
            shared = tuple(concept for concept in order if concept in asked.named)
            found[name] = (sum(parts.values()) * share, shared)
        return found

    # -- the answer ------------------------------------------------------------------------

    def _answer(
        self,
        asked: Asked,
        signals: Mapping[str, Signals],
        k: int | None,
        *,
        complete: bool,
        started: float,
    ) -> Answer:
        order = sorted(signals, key=lambda name: (-self._sum(signals[name]), name))
        looked_at = order if k is None else order[: k + LOOKED_AT]
        documents = self.index.get_many(looked_at)  # without those taken out meanwhile
        matches = [
            self._match(asked, documents[name], signals[name])
            for name in looked_at
            if name in documents
        ]
        matches.sort(key=lambda match: (-match.score, match.id))
        best = matches[0].score if matches else 0.0
        return Answer(
            query=asked.query,
            lang=asked.lang,
            matches=tuple(matches if k is None else matches[:k]),
            abstained=best < self.weights.threshold if complete else not matches,
            concepts=asked.named,
            complete=complete,
            took_ms=(time.perf_counter() - started) * 1000,
        )

    def _sum(self, signals: Signals) -> float:
        return (
            self.weights.meaning * signals.meaning
            + self.weights.concepts * signals.concepts
            + self.weights.words * max(0.0, signals.words - self.weights.words_above)
        )

    def _match(self, asked: Asked, document: Document, signals: Signals) -> Match:
        checked = self._requirements.check(asked.wishes, document)
        total = self._sum(signals) + self._bonus(checked)
        score = 1 / (1 + math.exp(-self.weights.slope * (total - self.weights.middle)))
        why = Why(
            concepts=signals.shared,
            requirements=checked,
            meaning=signals.meaning,
            overlap=signals.concepts,
            words=signals.words,
            machine_translated=document.machine_translated,
        )
        steps = (("meaning", signals.meaning), ("words", signals.words),
                 ("concepts", signals.concepts))  # fmt: skip
        return Match(
            id=document.id,
            score=round(score, 6),
            why=why,
            source=tuple(name for name, value in steps if value > 0),
            document=document,
        )

    def _bonus(self, checked: Sequence[Requirement]) -> float:
        worth = {Verdict.MET: self.weights.met, Verdict.NOT_MET: self.weights.not_met}
        return sum(worth.get(requirement.verdict, 0.0) for requirement in checked)


_NOTHING: Final = Signals()


def rarity(count: int, total: int) -> float:
    """Inverse document frequency: 1 for a concept that no document names, 0 for one in all.

    A house with few documents yet is taken for one with `FEW`, or nothing in it would be rare.
    """
    total = max(total, FEW)
    return math.log((total + 1) / (count + 1)) / math.log(total + 1)
