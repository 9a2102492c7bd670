"""The sets of needs and offers behind the benchmarks, and how a ranking of them is judged.

`sample`: needs over the sample centre's real offers (`topics.txt`, used in development, and
`heldout.txt`). `own`: invented offers in thirteen languages with hard near-misses and needs as
people write them (`needs/`), split by topic into `dev` and `test`; nothing is tuned on `test`.

A file of needs: the topic at the margin; below it, indented, `split`, `relevant` (offer=grade: 3
answers the need, 2 much of it, 1 a part), then one need a language. A line `th+ relevant: ...`
replaces the grades of the need before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from saphan.engines.language.normalise import to_traditional
from saphan.engines.matching.documents import Document, Filters
from saphan.engines.matching.reading import read_documents

HERE = Path(__file__).parent
MARKET = HERE.parents[1] / "src/saphan/centres/nanning/market"
EVERY = Filters(audiences=())

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Need:
    """A need and the grades of the offers that answer it; none for an unanswerable one."""

    text: str
    lang: str
    topic: str
    split: str
    grades: Mapping[str, int]


@dataclass(frozen=True)
class NeedSet:
    """Offers, the needs asked of them, and questions that no offer answers."""

    name: str
    offers: list[Document]
    needs: list[Need]
    unanswerable: list[Need]

    def split(self, split: str) -> NeedSet:
        """The same offers with one half of the questions."""
        return replace(
            self,
            name=f"{self.name} {split}",
            needs=[need for need in self.needs if need.split == split],
            unanswerable=[need for need in self.unanswerable if need.split == split],
        )

    def gains(self, need: Need) -> Scores:
        """Grades of a need in the order of the offers."""
        return np.array([need.grades.get(offer.id, 0) for offer in self.offers], float)


def load_sets(*, bare: bool = False) -> list[NeedSet]:
    """Every half of every set; `bare` takes English titles and summaries from foreign offers."""
    sample = NeedSet(
        "sample",
        _offers(sorted(MARKET.glob("offers-*.jsonl")), bare),
        [*read_needs(HERE / "topics.txt", "dev"), *read_needs(HERE / "heldout.txt", "held-out")],
        list(read_unanswerable(HERE / "unanswerable.txt", "dev")),
    )
    folder = HERE / "needs"
    own = NeedSet(
        "own",
        _offers(sorted(folder.glob("offers-*.jsonl")), bare),
        [need for path in sorted(folder.glob("needs-*.txt")) for need in read_needs(path)],
        [
            need
            for path in sorted(folder.glob("unanswerable-*.txt"))
            for need in read_unanswerable(path)
        ],
    )
    return [sample.split("dev"), sample.split("held-out"), own.split("dev"), own.split("test")]


def _offers(paths: list[Path], bare: bool) -> list[Document]:
    found = [document for path in paths for document in read_documents(path)]
    return [replace(d, titles={}, summaries={}) for d in found] if bare else found


def read_needs(path: Path, split: str = "dev") -> Iterator[Need]:
    """The needs of a file; where Traditional Chinese is missing it is made from Simplified."""
    topic, grades, found = "", {}, []
    for line in [*path.read_text(encoding="utf-8").splitlines(), "."]:
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            yield from _with_traditional(found)
            topic, found = line.strip(), []
            continue
        key, _, value = line.strip().partition(": ")
        if key == "split":
            split = value.strip()
        elif key == "relevant":
            grades = _grades(value)
        elif key.endswith("+ relevant"):
            found[-1] = replace(found[-1], grades=_grades(value))
        else:
            found.append(Need(value, key, topic, split, grades))


def _with_traditional(needs: list[Need]) -> Iterator[Need]:
    langs = {need.lang for need in needs}
    for need in needs:
        yield need
        if need.lang == "zh-Hans" and "zh-Hant" not in langs:
            yield replace(need, text=to_traditional(need.text), lang="zh-Hant")


def _grades(value: str) -> dict[str, int]:
    return {name: int(grade) for name, grade in (part.split("=") for part in value.split())}


def read_unanswerable(path: Path, split: str = "dev") -> Iterator[Need]:
    """Questions without an answer: `lang: text`, or `dev lang: text` and `test lang: text`."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            key, _, text = line.partition(": ")
            half, _, lang = key.rpartition(" ")
            yield Need(text, lang, "", half or split, {})


def ndcg(scores: Scores, gains: Scores, k: int = 10) -> float:
    """Normalised discounted cumulative gain with gains 2^grade - 1 (Järvelin, Kekäläinen 2002)."""
    order = np.argsort(-scores, kind="stable")[:k]
    discounts = 1 / np.log2(np.arange(2, k + 2))
    gained = (2 ** gains[order] - 1) @ discounts[: len(order)]
    best = (2 ** np.sort(gains)[::-1][:k] - 1) @ discounts[: min(k, len(gains))]
    return float(gained / best) if best else 0.0


def found_within(scores: Scores, gains: Scores, k: int = 5) -> float:
    """1 if an offer of the best grade is among the first `k`, else 0."""
    order = np.argsort(-scores, kind="stable")[:k]
    return float(gains[order].max() == gains.max())


def reciprocal_rank(*scores: Scores) -> Scores:
    """Reciprocal rank fusion with k = 60 (Cormack, Clarke, Büttcher 2009); 0 is not ranked."""
    fused = np.zeros_like(scores[0])
    for one in scores:
        ranks = (-one).argsort(kind="stable").argsort(kind="stable")
        fused += np.where(one > 0, 1 / (60 + ranks), 0)
    return fused
