"""Choose the sentences of a story that a brief should begin from.

A sentence is good when many sources say the like in several languages, when it stands early in its
article, when it holds a figure, and when it is new. The best are taken one after another, each
less worth the more it repeats what is taken already (maximal marginal relevance; Carbonell and
Goldstein 1998). Nothing is reworded: each keeps its place in its article, so that it can be quoted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from saphan.engines.gate.sentences import Sentence
from saphan.engines.gate.sentences import split as cut
from saphan.engines.language.embed import Vectors, unit

CENTRAL: Final = 0.55
EARLY: Final = 0.2
FIGURES: Final = 0.15
FRESH: Final = 0.1
"""Weights of the four parts of a score; together 1."""
VARIETY: Final = 0.5
"""How much likeness to a sentence already chosen counts against one, 0 to 1."""
REPEATS: Final = 0.85
"""Cosine from which a sentence says the same as another and is not chosen beside it."""
SHORTEST: Final = 25
LONGEST: Final = 600
"""Characters of a sentence that can be quoted; Chinese needs a third of them."""
FROM_EACH: Final = 10
"""Sentences of one article that are looked at."""

_FIGURE: Final = re.compile(r"\d")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of an article: characters `start` to `end` of its text, number `place` in it."""

    article: str
    lang: str
    day: date
    place: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its score, 0 to 1, and the four parts of it."""

    candidate: Candidate
    score: float
    central: float
    early: float
    figures: float
    fresh: float


def split(text: str) -> list[Sentence]:
    """The sentences of an article with their places; headings and paragraphs end sentences too."""
    found, start = list[Sentence](), 0
    for paragraph in re.split(r"(\n\s*\n)", text):
        if paragraph.strip():
            found += [
                Sentence(each.start + start, each.end + start, each.text) for each in cut(paragraph)
            ]
        start += len(paragraph)
    return found


def candidates(article: str, lang: str, day: date, text: str) -> list[Candidate]:
    """The sentences of one article that a brief may quote: the first `FROM_EACH` of fit length,
    and a later one in place of the last of them where it alone holds a figure."""
    fit = [
        Candidate(article, lang, day, place, each.start, each.end, each.text)
        for place, each in enumerate(split(text))
        if _quotable(each.text)
    ]
    early, late = fit[:FROM_EACH], fit[FROM_EACH:]
    if len(early) == FROM_EACH and late:
        told = [each for each in late if _FIGURE.search(each.text)]
        if told and not _FIGURE.search(early[-1].text):
            early[-1] = told[0]
    return early


def _quotable(text: str) -> bool:
    weight = len(text) + 2 * len(_HAN.findall(text))
    return weight >= SHORTEST and len(text) <= LONGEST


def score(found: Sequence[Candidate], vectors: Vectors) -> list[Scored]:
    """A score for each candidate, in their order. `vectors` [n, dimension] of the sentences,
    without what tells their language."""
    if not found:
        return []
    rows = unit(vectors)
    central = _scaled(_central(found, rows))
    newest = max(each.day for each in found)
    oldest = min(each.day for each in found)
    span = max((newest - oldest).days, 1)
    scored = []
    for number, each in enumerate(found):
        early = 1 / (1 + each.place)
        figures = min(len(re.findall(r"\d+", each.text)), 2) / 2
        fresh = 1 - (newest - each.day).days / span
        parts = (float(central[number]), early, figures, fresh)
        weights = (CENTRAL, EARLY, FIGURES, FRESH)
        total = sum(weight * part for weight, part in zip(weights, parts, strict=True))
        scored.append(Scored(each, total, *parts))
    return scored


def pick(
    found: Sequence[Candidate],
    vectors: Vectors,
    most: int,
    *,
    variety: float = VARIETY,
    taken: Vectors | None = None,
) -> list[Scored]:
    """Up to `most` sentences, best first, none saying over again what another says. `taken`
    [n, dimension]: what was said already, for instance in the brief before."""
    scored, rows = score(found, vectors), unit(vectors) if len(found) else vectors
    worst = np.full(len(scored), 0.0)
    if taken is not None and len(taken) and len(found):
        worst = np.maximum(worst, (rows @ unit(taken).T).max(axis=1))
    left, chosen = list(range(len(scored))), list[Scored]()
    while len(chosen) < most and (left := [each for each in left if worst[each] < REPEATS]):
        best = max(
            left,
            key=lambda each: (
                (1 - variety) * scored[each].score - variety * float(worst[each]),
                -each,
            ),
        )
        chosen.append(scored[best])
        left.remove(best)
        worst = np.maximum(worst, rows @ rows[best])
    return chosen


def _central(found: Sequence[Candidate], rows: Vectors) -> npt.NDArray[np.float64]:
    """Mean likeness to what other articles say. Every article counts alike however long, every
    language alike however many articles are in it. A lone article is compared with itself."""
    likeness = np.maximum(rows @ rows.T, 0).astype(np.float64)
    articles = sorted({each.article for each in found})
    if len(articles) == 1:
        np.fill_diagonal(likeness, 0)
        alone: npt.NDArray[np.float64] = likeness.mean(axis=1)
        return alone
    own = np.array([articles.index(each.article) for each in found])
    lang_of = {each.article: each.lang for each in found}
    nearest = np.stack([likeness[:, own == number].max(axis=1) for number in range(len(articles))])
    share = {lang: 1 / sum(lang_of[each] == lang for each in articles) for lang in lang_of.values()}
    weights = np.array([share[lang_of[each]] for each in articles])[:, None] * np.ones(len(found))
    weights[own, np.arange(len(found))] = 0
    central: npt.NDArray[np.float64] = (nearest * weights).sum(axis=0) / weights.sum(axis=0)
    return central


def _scaled(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    spread = float(values.max() - values.min())
    scaled: npt.NDArray[np.float64] = (
        (values - values.min()) / spread if spread > 1e-9 else np.full(len(values), 0.5)
    )
    return scaled
