"""Needs in thirteen languages against offers in mixed languages: how good is the ranking?

    python bench/matching/needs.py [--bare] [--models DIR] [--set NAME ...]

For every set: nDCG@10 and how often the right offer is among the first five, ours beside the raw
model, language-identity removal, BM25, reciprocal rank fusion and a second model; by language of
the question; how well unanswerable questions are told from answerable ones; and whether offers in
small languages get their share. `--bare` takes English titles and summaries away.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
from sets import Need, NeedSet, Scores, found_within, load_sets, ndcg
from systems import Systems, second_model, systems

SHOWN = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--models", type=Path)
    parser.add_argument("--set", nargs="*", dest="sets", help="such as 'own test'; all by default")
    options = parser.parse_args()
    second = second_model()
    if second is None:
        print("(USE-m3 is not installed and left out)")
    for chosen in load_sets(bare=options.bare):
        if not chosen.needs or (options.sets and chosen.name not in options.sets):
            continue
        with systems(chosen.offers, options.models, second=second) as compared:
            judge(chosen, compared)


def judge(chosen: NeedSet, compared: Systems) -> None:
    """Print every table of one set."""
    print(f"\n== {chosen.name}: {len(chosen.needs)} needs, {len(chosen.offers)} offers, "
          f"{len(chosen.unanswerable)} questions without an answer")  # fmt: skip
    quality: dict[str, dict[str, list[float]]] = {}
    within: dict[str, list[float]] = {}
    shown: dict[str, Counter[str]] = {}
    for need in chosen.needs:
        gains = chosen.gains(need)
        for system, scores in compared.scores(need).items():
            quality.setdefault(system, {}).setdefault(need.lang, []).append(ndcg(scores, gains))
            within.setdefault(system, []).append(found_within(scores, gains))
            first = np.argsort(-scores, kind="stable")[:SHOWN]
            shown.setdefault(system, Counter()).update(chosen.offers[i].lang for i in first)
    by_language(quality, within)
    if chosen.unanswerable:
        abstention(chosen, compared)
    fairness(chosen, shown)


def by_language(
    quality: dict[str, dict[str, list[float]]], within: dict[str, list[float]]
) -> None:
    languages = list(quality["ours"])
    print("nDCG@10".ljust(8), *(lang.rjust(7) for lang in languages), "    all    in 5")
    for system, by_lang in quality.items():
        cells = [np.mean(by_lang[lang]) for lang in languages]
        everything = np.mean([value for values in by_lang.values() for value in values])
        print(system.ljust(8), *(f"{cell:7.3f}" for cell in cells),
              f"{everything:7.3f} {np.mean(within[system]):7.3f}")  # fmt: skip


def abstention(chosen: NeedSet, compared: Systems) -> None:
    """How many unanswerable questions are declined, at our threshold and at 95 % answered."""
    good = best_scores(chosen.needs, compared)
    none = best_scores(chosen.unanswerable, compared)
    area = (good[:, None] > none[None, :]).mean()
    threshold = compared.matcher.weights.threshold
    at95 = float(np.quantile(good, 0.05))
    print(
        f"abstention: area {area:.3f}; threshold {threshold:.2f} answers"
        f" {(good >= threshold).mean():.1%} and declines {(none < threshold).mean():.1%};"
        f" where 95 % are answered ({at95:.3f}) {(none < at95).mean():.1%} are declined"
    )


def best_scores(needs: list[Need], compared: Systems) -> Scores:
    return np.array([compared.ask(need, k=1).matches[0].score for need in needs])


def fairness(chosen: NeedSet, shown: dict[str, Counter[str]]) -> None:
    """Share of the first five answers by language of the offer, beside what a perfect ranking
    would show and the share of the offers."""
    ideal: Counter[str] = Counter()
    for need in chosen.needs:
        gains = chosen.gains(need)
        order = np.argsort(-gains, kind="stable")[:SHOWN]
        ideal.update(chosen.offers[i].lang for i in order if gains[i] > 0)
    offers = Counter(offer.lang for offer in chosen.offers)
    languages = sorted(offers)
    print("share of the first five by language of the offer")
    print("".ljust(8), *(lang.rjust(7) for lang in languages))
    for name, counted in {"offers": offers, "relevant": ideal, **shown}.items():
        total = counted.total()
        print(name.ljust(8), *(f"{counted[lang] / total:7.3f}" for lang in languages))


if __name__ == "__main__":
    main()
