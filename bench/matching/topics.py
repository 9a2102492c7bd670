"""Needs in twelve languages against the sample centre's offers: how good is the ranking?

    python bench/matching/topics.py [--bare] [--models DIR] [--topics FILE]

Prints nDCG@10 for the raw model, after language-identity removal, BM25 alone, reciprocal rank
fusion, and ours, by language; then how well the threshold tells answerable from unanswerable.
`--bare` takes the English titles and summaries away from offers that are in another language.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from saphan.engines.language.codes import family
from saphan.engines.language.normalise import to_traditional
from saphan.engines.language.segment import index_tokens
from saphan.engines.language.terms import TermBase
from saphan.engines.matching.documents import Document, Filters
from saphan.engines.matching.entries import make_entries
from saphan.engines.matching.prepare import load, prepare
from saphan.engines.matching.rank import Matcher
from saphan.engines.matching.reading import read_documents
from saphan.engines.matching.sqlite_index import SqliteIndex

HERE = Path(__file__).parent
MARKET = HERE.parents[1] / "src/saphan/centres/nanning/market"
EVERY = Filters(audiences=())


@dataclass(frozen=True)
class Need:
    """A need and the grades of the offers that answer it; none for an unanswerable one."""

    text: str
    lang: str
    topic: str
    grades: dict[str, int]


def read_needs(path: Path = HERE / "topics.txt") -> Iterator[Need]:
    topic, grades = "", {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            topic = line.strip()
            continue
        key, _, value = line.strip().partition(": ")
        if key == "relevant":
            grades = {name: int(grade) for name, grade in (p.split("=") for p in value.split())}
            continue
        yield Need(value, key, topic, grades)
        if key == "zh-Hans":
            yield Need(to_traditional(value), "zh-Hant", topic, grades)


def read_unanswerable(path: Path = HERE / "unanswerable.txt") -> Iterator[Need]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            lang, _, text = line.partition(": ")
            yield Need(text, lang, "", {})


def offers(bare: bool) -> list[Document]:
    found = [d for path in sorted(MARKET.glob("offers-*.jsonl")) for d in read_documents(path)]
    return [replace(d, titles={}, summaries={}) for d in found] if bare else found


def ndcg(scores: npt.NDArray[np.float64], gains: npt.NDArray[np.float64], k: int = 10) -> float:
    """Normalised discounted cumulative gain with gains 2^grade - 1."""
    order = np.argsort(-scores, kind="stable")[:k]
    discounts = 1 / np.log2(np.arange(2, k + 2))
    gained = (2 ** gains[order] - 1) @ discounts[: len(order)]
    best = (2 ** np.sort(gains)[::-1][:k] - 1) @ discounts[: min(k, len(gains))]
    return float(gained / best) if best else 0.0


def reciprocal_rank(*scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    fused = np.zeros_like(scores[0])
    for one in scores:
        ranks = (-one).argsort(kind="stable").argsort(kind="stable")
        fused += np.where(one > 0, 1 / (60 + ranks), 0)
    return fused


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--models", type=Path)
    parser.add_argument("--topics", type=Path, default=HERE / "topics.txt")
    options = parser.parse_args()
    prepare(options.models, print)
    embedder, lir = load(options.models)
    terms = TermBase.load()
    documents = offers(options.bare)
    ids = [document.id for document in documents]
    place = {name: number for number, name in enumerate(ids)}
    needs, nothing = list(read_needs(options.topics)), list(read_unanswerable())
    with tempfile.TemporaryDirectory() as folder:
        index = SqliteIndex(Path(folder) / "i.sqlite", model_id=embedder.model_id,
                            dimension=embedder.dimension, transform=lir.passages.apply)  # fmt: skip
        entries = list(make_entries(documents, embedder, terms))
        index.put(entries)
        matcher = Matcher(index, embedder, lir, terms)
        raw = embedder.embed_passages([document.passage() for document in documents])
        results: dict[str, dict[str, list[float]]] = {}
        for need in needs:
            gains = np.array([need.grades.get(name, 0) for name in ids], float)
            vector = embedder.embed_queries([need.text])
            plain = (raw @ vector[0]).astype(float)
            removed = (lir.passages.apply(raw) @ lir.queries.apply(vector)[0]).astype(float)
            words = np.zeros(len(ids))
            for name, score in index.lexical(index_tokens(need.text), family(need.lang)).items():
                words[place[name]] = score
            answer = matcher.ask(need.text, need.lang, k=None, filters=EVERY)
            ours = np.zeros(len(ids))
            for match in answer.matches:
                ours[place[match.id]] = match.score
            fused = reciprocal_rank(removed + 2, words)
            systems = {"raw": plain, "LIR": removed, "BM25": words, "RRF": fused, "ours": ours}
            for system, scores in systems.items():
                results.setdefault(system, {}).setdefault(need.lang, []).append(ndcg(scores, gains))
        report(results)
        best = [matcher.ask(n.text, n.lang, k=1, filters=EVERY).matches[0].score for n in needs]
        none = [matcher.ask(n.text, n.lang, k=1, filters=EVERY).matches[0].score for n in nothing]
        abstention(np.array(best), np.array(none), matcher.weights.threshold)


def report(results: dict[str, dict[str, list[float]]]) -> None:
    languages = list(results["ours"])
    print("nDCG@10".ljust(8), *(lang.rjust(7) for lang in languages), "    all")
    for system, by_lang in results.items():
        cells = [np.mean(by_lang[lang]) for lang in languages]
        everything = np.mean([value for values in by_lang.values() for value in values])
        print(system.ljust(8), *(f"{cell:7.3f}" for cell in cells), f"{everything:7.3f}")


def abstention(
    answerable: npt.NDArray[np.float64], unanswerable: npt.NDArray[np.float64], threshold: float
) -> None:
    both = np.concatenate([answerable, unanswerable])
    above = (answerable[:, None] > unanswerable[None, :]).mean()
    balanced = [((answerable >= t).mean() + (unanswerable < t).mean()) / 2 for t in both]
    best = int(np.argmax(balanced))
    print(f"abstention: {len(answerable)} answerable, {len(unanswerable)} not; area {above:.3f}")
    kept, left = (answerable >= threshold).mean(), (unanswerable < threshold).mean()
    print(f"  threshold {threshold:.2f}: answers {kept:.3f} of the answerable,")
    print(f"  abstains on {left:.3f} of the others")
    print(f"  best balance {balanced[best]:.3f} at {both[best]:.3f}")


if __name__ == "__main__":
    main()
