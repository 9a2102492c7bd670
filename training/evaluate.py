"""Measure the published model and ours on data that training never saw.

    python training/evaluate.py --data DIR --models DIR [--trained FILE.npz] [--cache DIR]

`DIR` holds `ntrex/*.txt` and `xquad/*.json` (CC BY-SA 4.0). NTREX lines 1001-1997: each line is in
the pool once, in a language drawn at random; every language asks for every line; counted where
the answer is in another language. XQuAD: 240 paragraphs, each once in a language drawn at random.
Means over three
and five draws. Removal is fitted on our own sentences (`engines/matching/data/fit`).
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from saphan.engines.language.e5 import E5Embedder
from saphan.engines.language.e5_prepare import (
    BASE,
    TRAINED,
    Variant,
    checksum,
    prepare_model,
)
from saphan.engines.language.normalise import clean
from saphan.engines.matching.lir import LIR
from saphan.engines.matching.prepare import fit

NTREX = {
    "eng": "en", "fil": "fil", "ind": "id", "khm": "km", "lao": "lo", "msa": "ms", "mya": "my",
    "por": "pt", "tam": "ta", "tha": "th", "vie": "vi", "zho-CN": "zh-Hans", "zho-TW": "zh-Hant",
}  # fmt: skip
XQUAD = {"th": "th", "vi": "vi", "zh": "zh-Hans", "en": "en"}
DRAWS = 5
NTREX_DRAWS = 3


class Vectors:
    """Embeds, and remembers on disk what it embedded."""

    def __init__(self, embedder: E5Embedder, cache: Path | None) -> None:
        self.embedder, self.cache = embedder, cache

    def get(self, side: str, name: str, texts: list[str]) -> np.ndarray:
        path = self.cache / f"{name}.{side}.npy" if self.cache else None
        if path and path.is_file():
            return np.load(path)
        embed = self.embedder.embed_queries if side == "q" else self.embedder.embed_passages
        vectors = embed([clean(text) for text in texts])
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            np.save(path, vectors)
        return vectors


def places(scores: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """The place of each right answer, 1 for the first; ties count against it."""
    right = scores[np.arange(len(scores)), answers]
    return (scores >= right[:, None]).sum(axis=1)


def ntrex(data: Path, vectors: Vectors, lir: LIR) -> None:
    texts = {code: (data / f"ntrex/{name}.txt").read_text("utf-8").split("\n")[1000:1997]
             for name, code in NTREX.items()}  # fmt: skip
    queries = {code: vectors.get("q", f"ntrex.{code}", lines) for code, lines in texts.items()}
    codes = list(texts)
    answers = np.arange(len(texts["en"]))
    rows: dict[str, list[list[float]]] = {code: [] for code in codes}
    for draw in range(NTREX_DRAWS):
        drawn = np.random.default_rng(draw).integers(0, len(codes), len(answers))
        lines = [texts[codes[lang]][line] for line, lang in enumerate(drawn)]
        pool = vectors.get("p", f"ntrex.pool{draw}", lines)
        removed = lir.passages.apply(pool)
        for number, code in enumerate(codes):
            other = drawn != number
            raw = places(queries[code] @ pool.T, answers)[other]
            without = places(lir.queries.apply(queries[code]) @ removed.T, answers)[other]
            rows[code].append([np.mean(raw == 1), np.mean(raw <= 10),
                               np.mean(without == 1), np.mean(without <= 10)])  # fmt: skip
    print("NTREX 1001-1997   raw R@1  R@10   LIR R@1  R@10")
    means = {code: np.mean(numbers, axis=0) for code, numbers in rows.items()}
    means["mean of 13"] = np.mean([*means.values()], axis=0)
    for code, cells in means.items():
        print(code.ljust(16), *(f"{100 * cell:7.1f}" for cell in cells))


def xquad(data: Path, vectors: Vectors, lir: LIR) -> None:
    queries, passages, answers = {}, {}, np.zeros(0, int)
    for name, code in XQUAD.items():
        articles = json.loads((data / f"xquad/{name}.json").read_text("utf-8"))["data"]
        parts = [paragraph for article in articles for paragraph in article["paragraphs"]]
        asked = [(item["question"], number) for number, part in enumerate(parts)
                 for item in part["qas"]]  # fmt: skip
        answers = np.array([number for _, number in asked])
        queries[code] = vectors.get("q", f"xquad.{code}", [question for question, _ in asked])
        passages[code] = vectors.get("p", f"xquad.{code}", [part["context"] for part in parts])
    codes = list(XQUAD.values())
    found: dict[tuple[str, bool], list[np.ndarray]] = {}
    for draw in range(DRAWS):
        drawn = np.random.default_rng(draw).integers(0, len(codes), len(passages["en"]))
        pool = np.stack([passages[codes[lang]][line] for line, lang in enumerate(drawn)])
        removed = lir.passages.apply(pool)
        for number, code in enumerate(codes):
            raw = places(queries[code] @ pool.T, answers)
            without = places(lir.queries.apply(queries[code]) @ removed.T, answers)
            for same in (False, True):
                these = (drawn[answers] == number) == same
                found.setdefault(("raw", same), []).append(raw[these])
                found.setdefault(("LIR", same), []).append(without[these])
    print("XQuAD, mixed        R@1  R@10")
    for (system, same), parts in found.items():
        ranks = np.concatenate(parts)
        print(f"{system} {'same' if same else 'other'} language".ljust(18),
              *(f"{100 * np.mean(ranks <= k):6.1f}" for k in (1, 10)))  # fmt: skip
    alone = [places(queries[code] @ passages[code].T, answers) for code in codes]
    print(f"one language alone, raw {100 * np.mean(np.concatenate(alone) == 1):6.1f}")
    for code in codes:
        queries[code] = lir.queries.apply(queries[code])
        passages[code] = lir.passages.apply(passages[code])
    alone = [places(queries[code] @ passages[code].T, answers) for code in codes]
    print(f"one language alone, LIR {100 * np.mean(np.concatenate(alone) == 1):6.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--trained", type=Path, help="another file than the one in the product")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--only", choices=("base", "trained"))
    parser.add_argument("--part", choices=("ntrex", "xquad"))
    options = parser.parse_args()
    for name, variant in (("base", BASE), ("trained", TRAINED)):
        if options.only not in (None, name):
            continue
        if name == "trained" and options.trained:
            variant = replace(variant, changes=options.trained, folder=options.trained.stem)
        print(f"== {name}: {variant.model_id}")
        measure(variant, options)


def measure(variant: Variant, options: argparse.Namespace) -> None:
    prepare_model(options.models, variant=variant)
    embedder = E5Embedder(options.models, variant=variant)
    key = checksum(variant.changes)[:12] if variant.changes else "base"
    vectors = Vectors(embedder, options.cache / key if options.cache else None)
    lir = fit(embedder)
    if options.part != "xquad":
        ntrex(options.data, vectors, lir)
    if options.part != "ntrex":
        xquad(options.data, vectors, lir)


if __name__ == "__main__":
    main()
