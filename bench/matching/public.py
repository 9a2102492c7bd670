"""NTREX-128 and XQuAD in a corpus of mixed languages: what our peers find and what we find.

    python bench/matching/public.py --data DIR [--models DIR] [--pool 997] [--asked 150]

`DIR` holds `ntrex/*.txt` and `xquad/*.json`. Both are CC BY-SA 4.0 and no part of the product;
nothing is fitted on them here. Of NTREX the lines 1001-1997 are used. Each text is in the pool
once, in a language drawn at random, so the right answer is mostly in another language while many
wrong ones are in the language of the question.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sets import Need
from systems import second_model, systems

from saphan.engines.language.normalise import clean
from saphan.engines.matching.documents import Document

NTREX = {
    "eng": "en", "fil": "fil", "ind": "id", "khm": "km", "lao": "lo", "msa": "ms", "mya": "my",
    "por": "pt", "tam": "ta", "tha": "th", "vie": "vi", "zho-CN": "zh-Hans", "zho-TW": "zh-Hant",
}  # fmt: skip
XQUAD = {"th": "th", "vi": "vi", "zh": "zh-Hans", "en": "en"}


@dataclass(frozen=True)
class Question:
    text: str
    lang: str
    answer: int


def ntrex(data: Path, pool: int, asked: int) -> tuple[list[Document], list[Question]]:
    texts = {
        code: [clean(line) for line in (data / f"ntrex/{name}.txt").read_text("utf-8").split("\n")]
        for name, code in NTREX.items()
    }
    random = np.random.default_rng(7)
    codes = list(texts)
    langs = [codes[number] for number in random.integers(0, len(codes), pool)]
    documents = [
        Document(str(number), lang, texts[lang][1000 + number]) for number, lang in enumerate(langs)
    ]
    questions = [
        Question(texts[lang][1000 + number], lang, int(number))
        for lang in codes
        for number in random.choice(pool, asked, replace=False)
    ]
    return documents, questions


def xquad(data: Path, asked: int) -> tuple[list[Document], list[Question]]:
    parts = {}
    for name, code in XQUAD.items():
        articles = json.loads((data / f"xquad/{name}.json").read_text("utf-8"))["data"]
        parts[code] = [paragraph for article in articles for paragraph in article["paragraphs"]]
    random = np.random.default_rng(7)
    codes = list(parts)
    number_of = len(parts["en"])
    langs = [codes[number] for number in random.integers(0, len(codes), number_of)]
    documents = [
        Document(str(number), lang, parts[lang][number]["context"])
        for number, lang in enumerate(langs)
    ]
    every = [
        Question(clean(item["question"]), code, number)
        for code in codes
        for number, paragraph in enumerate(parts[code])
        for item in paragraph["qas"]
    ]
    chosen = random.choice(len(every), min(len(every), asked * len(codes)), replace=False)
    return documents, [every[number] for number in chosen]


def ranks(documents: list[Document], questions: list[Question], models: Path | None) -> None:
    found: dict[str, list[tuple[str, bool, int]]] = {}
    with systems(documents, models, second=second_model()) as compared:
        for question in questions:
            need = Need(question.text, question.lang, "", "", {})
            same = documents[question.answer].lang == question.lang
            for system, scores in compared.scores(need).items():
                better = int((scores >= scores[question.answer]).sum())
                found.setdefault(system, []).append((question.lang, same, better))
    report(found)


def report(found: dict[str, list[tuple[str, bool, int]]]) -> None:
    langs = list(dict.fromkeys(lang for lang, _, _ in found["ours"]))
    print("R@1".ljust(6), *(lang.rjust(7) for lang in langs), "  other    R@10    same")
    for system, rows in found.items():
        cells = [
            np.mean([rank == 1 for lang, same, rank in rows if lang == wanted and not same])
            for wanted in langs
        ]
        other = [rank for _, same, rank in rows if not same]
        alike = [rank for _, same, rank in rows if same]
        ends = [np.mean(np.array(other) == 1), np.mean(np.array(other) <= 10),
                np.mean(np.array(alike) == 1)]  # fmt: skip
        print(system.ljust(6), *(f"{cell:7.3f}" for cell in [*cells, *ends]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--pool", type=int, default=997)
    parser.add_argument("--asked", type=int, default=150)
    options = parser.parse_args()
    print(f"NTREX-128, {options.pool} sentences; R@1 where the answer is in another language")
    ranks(*ntrex(options.data, options.pool, options.asked), options.models)
    print("XQuAD, 240 paragraphs; R@1 where the answer is in another language")
    ranks(*xquad(options.data, options.asked * 2), options.models)


if __name__ == "__main__":
    main()
