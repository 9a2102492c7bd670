"""How much of what training changed to ship, chosen on data of our own.

    python training/choose.py --state RUN/state.npz --raw RAW --groups groups.jsonl --models DIR

For each share of the change: held-out groups across languages (as `train.py` looks at them), and
within one language the synopsis of a Debian package against the long descriptions of 500 packages
that were never translated and so never trained on.
"""

from __future__ import annotations

import argparse
import json
import random
import re
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


def packages(raw: Path, groups: Path, count: int) -> Texts:
    """Synopses and long descriptions of packages that no group holds."""
    with groups.open(encoding="utf-8") as file:
        known = {json.loads(line)["texts"].get("en", "") for line in file if "descriptions" in line}
    known = {text[:30] for text in known}
    found = []
    for path in sorted(raw.glob("lists/*bookworm_main*Translation-en.txt")):
        for block in path.read_text("utf-8").split("\n\n"):
            match = re.search(r"Description-en: (.*)\n((?: .*\n?)+)", block)
            if match and match[1][:30] not in known and 200 < len(match[2]) < 1200:
                found.append((match[1], re.sub(r"\s+", " ", match[2].replace("\n .", " "))))
    chosen = random.Random(5).sample(found, count)  # noqa: S311
    return [query for query, _ in chosen], [passage for _, passage in chosen]


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
    parser.add_argument("--raw", type=Path, required=True)
    parser.add_argument("--groups", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--shares", type=float, nargs="+", default=[0, 0.4, 0.6, 0.8, 1])
    options = parser.parse_args()
    sets = {"across": held(options.groups, 400),
            "within": packages(options.raw, options.groups, 500)}  # fmt: skip
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
