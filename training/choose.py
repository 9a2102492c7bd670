"""How much of what training changed to ship, chosen on data of our own.

    python training/choose.py --state RUN/state.npz --pairs P.jsonl --groups G.jsonl --models DIR

For each share of the change: held-out groups across languages, and within English the synopses of
500 held-out Debian packages against their long descriptions. Prints R@1.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
sys.path.insert(0, str(Path(__file__).parent))


from export import changes

from saphan.engines.language.e5 import E5Embedder
from saphan.engines.language.e5_prepare import BASE, TRAINED, checksum, prepare_model
from saphan.engines.language.embed import Vectors
from saphan.engines.matching.prepare import fit

Texts = tuple[list[str], list[str]]


def packages(pairs: Path, count: int) -> Texts:
    """Held-out synopses and long descriptions, of different programmes."""
    rows = [json.loads(line) for line in pairs.read_text("utf-8").splitlines()]
    # Parts of one programme share the first words: of these one is taken.
    different = {row["passage"][:40]: row for row in rows if row["held"]}
    chosen = random.Random(5).sample(list(different.values()), count)  # noqa: S311
    return [row["query"] for row in chosen], [row["passage"] for row in chosen]


def held(groups: Path, count: int) -> Texts:
    """Queries and passages of held-out groups, languages drawn at random."""
    with groups.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    texts = [row["texts"] for row in rows if row["held"] and len(row["texts"]) >= 4
             and max(map(len, row["texts"].values())) >= 25]  # fmt: skip
    draw = random.Random(5)  # noqa: S311
    pairs = [draw.sample(list(group.values()), 2) for group in draw.sample(texts, count)]
    return [query for query, _ in pairs], [passage for _, passage in pairs]


def first(queries: Vectors, passages: Vectors) -> float:
    """Share of queries whose passage comes first."""
    return float(np.mean((queries @ passages.T).argmax(axis=1) == np.arange(len(queries))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--groups", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--shares", type=float, nargs="+", default=[0, 0.4, 0.6, 0.8, 1])
    options = parser.parse_args()
    sets = {"across": held(options.groups, 400),
            "within": packages(options.pairs, 500)}  # fmt: skip
    for share in options.shares:
        variant = BASE
        if share:
            path = options.models / f"share{share:.2f}.npz"
            np.savez(path, **changes(options.state, share))
            variant = replace(TRAINED, changes=path, folder=f"{path.stem}-{checksum(path)[:8]}")
        prepare_model(options.models, variant=variant)
        embedder = E5Embedder(options.models, variant=variant)
        lir = fit(embedder)
        for name, (queries, passages) in sets.items():
            asked, there = embedder.embed_queries(queries), embedder.embed_passages(passages)
            removed = first(lir.queries.apply(asked), lir.passages.apply(there))
            print(f"share {share:.2f} {name}: raw {first(asked, there):.3f} removed {removed:.3f}",
                  flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
