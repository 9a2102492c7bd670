"""Fit the weights of the duplicate finder on the fit half of the written set.

    python bench/duplicates/fit.py [--models DIR] [--data DIR] [--out FILE]

Pairs: each record of the half with those that the finder would look at, and all true pairs. The
strength of the ridge is the one with the least loss, and the threshold the lowest with a precision
of 0.95, both out of fold: five folds by profile, so that no pair is judged by a model that saw a
record of its profile. The test half is not read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sets import HERE, Record, load, true_pairs

from saphan.engines.duplicates.features import BY_FACTS, FEATURES, Compared, compare
from saphan.engines.duplicates.finder import rarity_in
from saphan.engines.duplicates.model import WEIGHTS_FILE, Model, Weights
from saphan.engines.duplicates.profile import Reader, kinds_beside, read_facts, side
from saphan.engines.language.e5 import E5Embedder
from saphan.engines.language.terms import TermBase
from saphan.engines.matching.documents import Document, Filters
from saphan.engines.matching.entries import make_entries
from saphan.engines.matching.lir import LIR
from saphan.engines.matching.prepare import load as load_model
from saphan.engines.matching.sqlite_index import SqliteIndex

POOL = 30
FOLDS = 5
PRECISION = 0.95
RIDGES = (0.3, 1.0, 3.0, 10.0, 30.0)
SPARE = 0.1
"""The floor lies this much below the least cosine of a true pair."""

Numbers = npt.NDArray[np.float64]


@dataclass
class Pair:
    """Two records compared, whether they are the same, and their profiles."""

    first: str
    second: str
    compared: Compared
    same: bool
    groups: tuple[str, str]
    raw: float = 0.0
    """Cosine of the whole records before language-identity removal."""
    met: bool = True
    """Whether either is among the nearest of the other."""


def gather(
    records: list[Record], embedder: E5Embedder, lir: LIR, terms: TermBase,
    beside: list[Document] | None = None,
) -> list[Pair]:
    """Every pair that the finder would compare, and every true pair. `beside`: more records that
    are in the index and are drawn as candidates, but belong to no pair here."""
    documents = [record.document for record in records]
    group = {record.document.id: record.group for record in records}
    with tempfile.TemporaryDirectory() as folder:
        index = SqliteIndex(
            Path(folder) / "i.sqlite", model_id=embedder.model_id,
            dimension=embedder.dimension, transform=lir.passages.apply,
        )  # fmt: skip
        index.put(make_entries([*documents, *(beside or [])], embedder, terms))
        ids = [document.id for document in documents]
        vectors = index.vectors(ids)
        read = Reader(embedder.embed_passages, lir.passages.apply).read(
            documents, [vectors[name] for name in ids])  # fmt: skip
        meanings = dict(zip(ids, read, strict=True))
        facts = {document.id: read_facts(document, terms) for document in documents}
        met = set()
        for document in documents:
            filters = Filters(kinds=kinds_beside(document.kind), audiences=(),
                              exclude=(document.id,))  # fmt: skip
            nearest = index.search(meanings[document.id].whole, filters, POOL)
            met |= {frozenset((document.id, name)) for name, _ in nearest if name in group}
        rarity, true = rarity_in(index), true_pairs(records)
        found = []
        for pair in sorted(met | true, key=sorted):
            first, second = sorted(pair)
            compared = compare(
                facts[first], facts[second], rarity, (meanings[first], meanings[second]))
            assert side(facts[first].document.kind) == side(facts[second].document.kind)
            found.append(Pair(first, second, compared, pair in true, (group[first], group[second]),
                              float(vectors[first] @ vectors[second]), pair in met))  # fmt: skip
        index.close()
    return found


AGAINST = ("figures_apart", "concepts_apart", "other_models", "firms_known", "economy_other",
           "sector_other", "kind_other", "budget_other")  # fmt: skip
FREE = ("figures_known", "meaning_and_figures", "same_language")


def with_signs(
    values: Numbers, truth: Numbers, ridge: float, names: tuple[str, ...]
) -> tuple[Numbers, float]:
    """Weights of which none speaks against what it means: a closer meaning never lowers the
    probability. The worst offender is left out (weight 0) until there is none.

    Without this, what is particular to the set's hard negatives would be learnt as a rule: their
    titles are more alike than those of many duplicates.
    """
    wanted = np.array([0 if n in FREE else -1 if n in AGAINST else 1 for n in names])
    kept = np.ones(len(names), bool)
    while True:
        found = np.zeros(len(names))
        found[kept], bias = logistic(values[:, kept], truth, ridge)
        offence = np.where(found * wanted < 0, np.abs(found) * values.std(axis=0), 0.0)
        if not offence.any():
            return found, bias
        kept[int(offence.argmax())] = False


def logistic(values: Numbers, truth: Numbers, ridge: float) -> tuple[Numbers, float]:
    """Weights and bias by Newton's method; features are scaled inside, the bias is not shrunk."""
    mean, spread = values.mean(axis=0), values.std(axis=0)
    spread[spread == 0] = 1.0
    scaled = np.column_stack([(values - mean) / spread, np.ones(len(values))])
    weights = np.zeros(scaled.shape[1])
    penalty = np.diag([*([ridge] * (scaled.shape[1] - 1)), 0.0])
    for _ in range(100):
        guess = 1 / (1 + np.exp(-(scaled @ weights)))
        slope = scaled.T @ (guess - truth) + penalty @ weights
        curve = (scaled * (guess * (1 - guess))[:, None]).T @ scaled + penalty
        step = np.linalg.solve(curve + 1e-9 * np.eye(len(curve)), slope)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    plain = weights[:-1] / spread
    return plain, float(weights[-1] - plain @ mean)


def out_of_fold(pairs: list[Pair], names: tuple[str, ...], ridge: float) -> Numbers:
    """The probability of each pair by a model that saw neither of its profiles."""
    groups = sorted({name for pair in pairs for name in pair.groups})
    order = sorted(groups, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    fold = {name: number % FOLDS for number, name in enumerate(order)}
    values = np.array([pair.compared.numbers(names) for pair in pairs])
    truth = np.array([pair.same for pair in pairs], float)
    found = np.zeros(len(pairs))
    for number in range(FOLDS):
        inside = np.array([number in (fold[p.groups[0]], fold[p.groups[1]]) for p in pairs])
        judged = np.array([fold[p.groups[0]] == number for p in pairs])
        weights, bias = with_signs(values[~inside], truth[~inside], ridge, names)
        found[judged] = 1 / (1 + np.exp(-(values[judged] @ weights + bias)))
    return found


def loss(found: Numbers, truth: Numbers) -> float:
    """Mean log loss."""
    safe = np.clip(found, 1e-9, 1 - 1e-9)
    return float(-(truth * np.log(safe) + (1 - truth) * np.log(1 - safe)).mean())


def lowest_with_precision(found: Numbers, truth: Numbers, wanted: float) -> float:
    """The lowest score from which on the precision is at least `wanted`."""
    order = np.argsort(-found)
    right = np.cumsum(truth[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(right >= wanted)
    return float(found[order][good[-1]]) if len(good) else 1.0


def fit(pairs: list[Pair], names: tuple[str, ...]) -> Weights:
    """Weights with their threshold."""
    truth = np.array([pair.same for pair in pairs], float)
    values = np.array([pair.compared.numbers(names) for pair in pairs])
    tried = {ridge: out_of_fold(pairs, names, ridge) for ridge in RIDGES}
    ridge = min(RIDGES, key=lambda one: loss(tried[one], truth))
    weights, bias = with_signs(values, truth, ridge, names)
    threshold = max(0.5, lowest_with_precision(tried[ridge], truth, PRECISION))
    said = tried[ridge] >= threshold
    print(f"{len(names):2} features: ridge {ridge}, loss {loss(tried[ridge], truth):.4f}, "
          f"threshold {threshold:.3f}, out of fold precision {truth[said].mean():.3f}, recall "
          f"{truth[said].sum() / truth.sum():.3f}")  # fmt: skip
    return Weights(names, tuple(float(one) for one in weights), bias, threshold)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--models", type=Path)
    parser.add_argument("--data", type=Path, default=HERE)
    parser.add_argument("--out", type=Path, default=WEIGHTS_FILE)
    options = parser.parse_args()
    embedder, lir = load_model(options.models, threads=2)
    records = load(options.data, "fit")
    pairs = gather(records, embedder, lir, TermBase.load())
    same = [pair for pair in pairs if pair.same]
    print(f"{len(records)} records, {len(pairs)} pairs, {len(same)} of them the same")
    floor = min(pair.compared.values["meaning"] for pair in same) - SPARE
    model = Model(embedder.model_id, fit(pairs, FEATURES), fit(pairs, BY_FACTS), POOL,
                  round(floor, 2))  # fmt: skip
    digest = hashlib.sha256((options.data / "records.jsonl").read_bytes()).hexdigest()
    options.out.write_text(json.dumps({
        "about": "Fitted by bench/duplicates/fit.py on the fit half of bench/duplicates/"
                 "records.jsonl, which the project wrote itself (CC0-1.0).",
        "records_sha256": digest, "pairs": len(pairs), "same": len(same),
        "model_id": model.model_id, "pool": model.pool, "floor": model.floor,
        "with_meaning": model.with_meaning.to_json(), "facts_only": model.facts_only.to_json(),
    }, indent=1) + "\n", "utf-8")  # fmt: skip
    for name, weight in zip(FEATURES, model.with_meaning.weights, strict=True):
        print(f"  {name:16} {weight:8.3f}")


if __name__ == "__main__":
    main()
