"""Duplicates across languages, measured: ours, vectors alone, and a classical peer.

    python bench/duplicates [--models DIR] [--data DIR] [--records 10000]

Every threshold is chosen on the fit half (the lowest with a precision of 0.95, and the one with the
best F1); every number is of the held-out half. A pair of an offer and a need is never proposed by
any system, so that all have the same help. Ours sees only the 30 records nearest in meaning, with
the sample catalogue in the same index; a duplicate that is not among them counts as missed. The
others compare every pair of the half.
"""

from __future__ import annotations

import argparse
import json
import platform
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
from peers import tfidf
from sets import HERE, Record, catalogue, load, true_pairs

from saphan.engines.duplicates.finder import Finder
from saphan.engines.duplicates.model import Model
from saphan.engines.duplicates.profile import side
from saphan.engines.language.e5 import E5Embedder
from saphan.engines.language.terms import TermBase
from saphan.engines.matching.documents import Document
from saphan.engines.matching.entries import document_vectors, make_entries
from saphan.engines.matching.index import Entry
from saphan.engines.matching.lir import LIR
from saphan.engines.matching.prepare import load as load_model
from saphan.engines.matching.sqlite_index import SqliteIndex

Scores = dict[frozenset[str], float]
Numbers = npt.NDArray[np.float64]
PRECISION = 0.95
FAMILIES = (
    ("same language", lambda one, two: one == two),
    ("English and another", lambda one, two: one != two and "en" in (one, two)),
    ("Chinese and another", lambda one, two: one != two and (one[:2] == "zh" or two[:2] == "zh")),
    ("with Lao, Khmer or Burmese", lambda one, two: bool({"lo", "km", "my"} & {one, two})),
    ("other pairs", lambda one, two: one != two and not (
        {"en", "lo", "km", "my"} & {one, two} or "zh" in (one[:2], two[:2]))),
)  # fmt: skip


class Half:
    """One half of the set, and what may be compared in it."""

    def __init__(self, records: list[Record]) -> None:
        self.records = records
        self.documents = [record.document for record in records]
        self.by_id = {record.document.id: record for record in records}
        self.true = true_pairs(records)
        self.pairs = [
            frozenset((one.id, two.id)) for one, two in combinations(self.documents, 2)
            if side(one.kind) == side(two.kind)
        ]  # fmt: skip


class Ours:
    """The finder over one half and the sample catalogue, in one index."""

    def __init__(self, half: Half, embedder: E5Embedder, lir: LIR, terms: TermBase) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.index = SqliteIndex(
            Path(self._folder.name) / "i.sqlite", model_id=embedder.model_id,
            dimension=embedder.dimension, transform=lir.passages.apply,
        )  # fmt: skip
        others = [replace(one, id=f"sample.{one.id}") for one in catalogue()]
        self.index.put(make_entries([*half.documents, *others], embedder, terms))
        self.finder = Finder(self.index, embedder, lir, terms)
        self.half, self.lir = half, lir

    def scores(self) -> tuple[Scores, Scores]:
        """Probabilities of pairs within the half, and of pairs with the sample catalogue."""
        inside: Scores = {}
        outside: Scores = {}
        for document in self.half.documents:
            for alike in self.finder.alike(document, without=(document.id,), threshold=0.0,
                                           limit=1_000):  # fmt: skip
                pair = frozenset((document.id, alike.document.id))
                kept = inside if alike.document.id in self.half.by_id else outside
                kept[pair] = max(alike.probability, kept.get(pair, 0.0))
        return inside, outside


def facts_only(ours: Ours) -> Scores:
    """The finder as it is with another model of meaning, which then only chooses candidates."""
    model = ours.finder.model
    finder = Finder(ours.index, ours.finder.embedder, ours.lir, ours.finder.terms,
                    replace(model, model_id="another"))  # fmt: skip
    ours.finder, kept = finder, ours.finder
    found = ours.scores()[0]
    ours.finder = kept
    return found


def cosines(half: Half, vectors: Numbers) -> Scores:
    """Cosine of every pair of the half that may be compared."""
    place = {document.id: number for number, document in enumerate(half.documents)}
    table = vectors @ vectors.T
    found = {}
    for pair in half.pairs:
        one, two = pair
        found[pair] = float(table[place[one], place[two]])
    return found


def thresholds(scores: Scores, true: set[frozenset[str]]) -> tuple[float, float]:
    """The lowest score with a precision of 0.95 from there on, and the one with the best F1."""
    order = sorted(scores, key=lambda pair: -scores[pair])
    right = np.cumsum([pair in true for pair in order])
    count = np.arange(1, len(order) + 1)
    good = np.flatnonzero(right / count >= PRECISION)
    best = int(np.argmax(2 * right / (count + len(true))))
    strict = scores[order[good[-1]]] if len(good) else float("inf")
    return strict, scores[order[best]]


def judge(scores: Scores, true: set[frozenset[str]], threshold: float) -> tuple[float, ...]:
    """Precision, recall, F1."""
    said = {pair for pair, score in scores.items() if score >= threshold}
    right = len(said & true)
    precision = right / len(said) if said else float("nan")
    recall = right / len(true)
    return precision, recall, 2 * right / (len(said) + len(true))


def average_precision(scores: Scores, true: set[frozenset[str]]) -> float:
    """Mean of the precisions at each true pair, by score; a pair without a score adds 0."""
    order = sorted(scores, key=lambda pair: -scores[pair])
    right = np.array([pair in true for pair in order], float)
    return float((np.cumsum(right) / np.arange(1, len(order) + 1) * right).sum() / len(true))


def compare_systems(fit: Half, test: Half, found: dict[str, tuple[Scores, Scores]]) -> None:
    """The main table."""
    print(f"\nheld-out half: {len(test.records)} records, {len(test.true)} pairs of duplicates, "
          f"{len(test.pairs)} pairs that may be compared\n")  # fmt: skip
    print(f"{'':42}  at precision 0.95 on fit  best F1 on fit\n{'':42} "
          f"    P      R     F1        P      R     F1      AP")  # fmt: skip
    for name, (on_fit, on_test) in found.items():
        strict, best = thresholds(on_fit, fit.true)
        numbers = (*judge(on_test, test.true, strict), *judge(on_test, test.true, best))
        row = " ".join(f"{number:6.3f}" for number in numbers[:3])
        more = " ".join(f"{number:6.3f}" for number in numbers[3:])
        print(f"{name:42} {row}   {more}  {average_precision(on_test, test.true):6.3f}")


def by_languages(test: Half, scores: Scores, threshold: float, title: str) -> None:
    """Precision and recall for groups of pairs of languages; groups overlap."""
    print(f"\n{title:34}  pairs      P      R")
    for name, belongs in FAMILIES:
        def within(pair: frozenset[str], belongs: Callable[[str, str], bool] = belongs) -> bool:
            one, two = (test.by_id[each].document.lang for each in sorted(pair))
            return belongs(one, two)

        true = {pair for pair in test.true if within(pair)}
        inside = {pair: score for pair, score in scores.items() if within(pair)}
        precision, recall, _ = judge(inside, true, threshold)
        print(f"  {name:32}  {len(true):5}  {precision:5.3f}  {recall:5.3f}")


def by_kind(test: Half, scores: Scores, threshold: float) -> None:
    """Which duplicates are found, and which different records are taken for duplicates."""
    print(f"\n{'duplicates with one that is':34}  pairs  found")
    for how in ("translated", "reworded", "shortened", "fields left out", "updated",
                "without figures"):  # fmt: skip
        pairs = [pair for pair in test.true if how in (test.by_id[one].how for one in pair)]
        found = sum(scores.get(pair, 0.0) >= threshold for pair in pairs)
        print(f"  {how:32}  {len(pairs):5}  {found:5}")
    print(f"\n{'different, though':34}  pairs  taken for one")
    for how in ("same product, other maker", "same maker, other product",
                "same need, other country", "same words, other thing",
                "same figures, other thing"):  # fmt: skip
        pairs = [pair for pair in test.pairs if pair not in test.true
                 and how in (test.by_id[one].how for one in pair)
                 and len({test.by_id[one].group for one in pair}) == 1]  # fmt: skip
        wrong = sum(scores.get(pair, 0.0) >= threshold for pair in pairs)
        print(f"  {how:32}  {len(pairs):5}  {wrong:5}")


def calibration(test: Half, scores: Scores) -> None:
    """How often pairs of a probability are the same."""
    print("\nprobability said   pairs   mean said   really the same")
    for low, high in ((0, 0.05), (0.05, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 0.9), (0.9, 1.01)):
        inside = [pair for pair, score in scores.items() if low <= score < high]
        if inside:
            said = np.mean([scores[pair] for pair in inside])
            real = np.mean([pair in test.true for pair in inside])
            print(f"  {low:4.2f} to {min(high, 1):4.2f}   {len(inside):6}   {said:9.3f}   "
                  f"{real:9.3f}")  # fmt: skip


def sample_alarms(ours: Ours, outside: Scores) -> None:
    """What is flagged where every record is presumed to be there once."""
    finder = ours.finder
    print(f"\nset against the sample catalogue: {len(outside)} pairs compared, "
          f"{sum(score >= finder.threshold for score in outside.values())} false alarms")
    alone = [(one, alike) for one, alike in finder.pairs(threshold=0.3)
             if one.id.startswith("sample.") and alike.document.id.startswith("sample.")]
    alarms = [found for found in alone if found[1].probability >= finder.threshold]
    print(f"sample catalogue with itself: {len(catalogue())} records, {len(alarms)} flagged; "
          "all from 0.3 on:")
    for one, alike in sorted(alone, key=lambda found: -found[1].probability):
        print(f"  {alike.probability:.3f}  {one.id[7:]} ({one.lang})  {alike.document.id[7:]} "
              f"({alike.document.lang})")  # fmt: skip


def speed(test: Half, embedder: E5Embedder, lir: LIR, terms: TermBase, size: int) -> None:
    """Time of one check with many records: ours and the sample's, again and again, each copy's
    vector moved at random so that copies do not crowd around one record."""
    random = np.random.default_rng(1)
    originals = [*test.documents, *catalogue()]
    vectors = document_vectors(originals, embedder)

    def entries() -> list[Entry]:
        made = []
        for number in range(size):
            document = originals[number % len(originals)]
            noise = random.normal(size=vectors.shape[1]) / np.sqrt(vectors.shape[1])
            moved = vectors[number % len(originals)] + (0.5 * noise if number >= len(
                originals) else 0)
            made.append(Entry(replace(document, id=f"{document.id}.{number}"),
                              (moved / np.linalg.norm(moved)).astype(np.float32),
                              embedder.model_id))  # fmt: skip
        return made

    with tempfile.TemporaryDirectory() as folder:
        index = SqliteIndex(Path(folder) / "i.sqlite", model_id=embedder.model_id,
                            dimension=embedder.dimension, transform=lir.passages.apply)  # fmt: skip
        index.put(entries())
        finder = Finder(index, embedder, lir, terms)
        finder.alike(originals[-1])
        cold = timed(lambda one: Finder(index, embedder, lir, terms, finder.model).alike(one),
                     test.documents[:60])  # fmt: skip
        warm = timed(finder.alike, test.documents[:60] * 2)[60:]
        print(f"\none check among {index.count()} records, 2 threads, wall time:\n"
              f"  nothing known before: median {np.median(cold) * 1e3:.0f} ms, "
              f"95th percentile {np.percentile(cold, 95) * 1e3:.0f} ms\n"
              f"  names of candidates known: median {np.median(warm) * 1e3:.0f} ms")  # fmt: skip
        index.close()


def timed(work: Callable[[Document], object], documents: Sequence[Document]) -> list[float]:
    """Wall seconds for each."""
    found = []
    for document in documents:
        started = time.perf_counter()
        work(document)
        found.append(time.perf_counter() - started)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--models", type=Path)
    parser.add_argument("--data", type=Path, default=HERE,
                        help="folder with records.jsonl and split.json")
    parser.add_argument("--records", type=int, default=10_000, help="0: no timing")
    options = parser.parse_args()
    embedder, lir = load_model(options.models, threads=2)
    terms = TermBase.load()
    fit, test = Half(load(options.data, "fit")), Half(load(options.data, "test"))
    halves = (fit, test)
    raw = [document_vectors(half.documents, embedder) for half in halves]
    ours = [Ours(half, embedder, lir, terms) for half in halves]
    scores = [each.scores() for each in ours]
    outside = scores[1][1]
    found: dict[str, tuple[Scores, Scores]] = {
        "ours": (scores[0][0], scores[1][0]),
        "ours, another model (facts only)": (facts_only(ours[0]), facts_only(ours[1])),
        "vectors alone, as the model gives them": (cosines(fit, raw[0]), cosines(test, raw[1])),
        "vectors alone, language removed": (
            cosines(fit, lir.passages.apply(raw[0])), cosines(test, lir.passages.apply(raw[1]))),
        "TF-IDF of character 3-5-grams, titles": (
            cosines(fit, tfidf([one.english_title or one.title for one in fit.documents])),
            cosines(test, tfidf([one.english_title or one.title for one in test.documents]))),
        "TF-IDF of character 3-5-grams, all text": (
            cosines(fit, tfidf([one.passage() for one in fit.documents])),
            cosines(test, tfidf([one.passage() for one in test.documents]))),
    }  # fmt: skip
    compare_systems(fit, test, found)
    threshold = Model.load().with_meaning.threshold
    print(f"\nours at the shipped threshold, {threshold:.3f}: P %.3f  R %.3f  F1 %.3f"
          % judge(found["ours"][1], test.true, threshold))  # fmt: skip
    by_languages(test, found["ours"][1], threshold, "ours by languages")
    name = "vectors alone, language removed"
    by_languages(test, found[name][1], thresholds(found[name][0], fit.true)[1],
                 "vectors, language removed, best F1")  # fmt: skip
    by_kind(test, found["ours"][1], threshold)
    calibration(test, found["ours"][1])
    sample_alarms(ours[1], outside)
    if options.records:
        speed(test, embedder, lir, terms, options.records)
    print(json.dumps({"python": platform.python_version(), "numpy": np.__version__}))


if __name__ == "__main__":
    main()
