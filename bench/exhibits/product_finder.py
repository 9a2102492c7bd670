"""How often `product_finder` suggests the right heading.

300 descriptions in 12 languages, written for this bench after the headings' words and without
looking at them (by the same hand: see the exhibit's README). 48 others chose the weights.
"""

from __future__ import annotations

from pathlib import Path

import intervals
import numpy as np
from common import Row, costs

from saphan.exhibits.product_finder.exhibit import finder, product_finder
from saphan.exhibits.product_finder.lexical import Letters

TEXTS = Path(__file__).with_name("sets") / "product_finder.txt"
SET = "own: 300 descriptions, 12 languages"
BASE = "character n-gram TF-IDF"


def cases() -> list[tuple[str, int, str]]:
    """(language, place of the right heading, description) of the test part."""
    codes = [each.code for each in finder.headings]
    lines = [line.split("\t") for line in TEXTS.read_text("utf-8").splitlines()]
    return [(line[1], codes.index(line[2]), line[3]) for line in lines if line[0] == "test"]


def rank(scores: np.ndarray, right: int) -> int:
    """How many headings score higher than the right one; ties count against it."""
    return int((scores >= scores[right]).sum()) - 1


def row(key: str, ranks: np.ndarray, plain: np.ndarray, most: int, set_: str = SET) -> Row:
    return Row(key, *intervals.wilson(int((ranks < most).sum()), len(ranks)), len(ranks), "share",
               set_, float((plain < most).mean()), BASE)


def measure(data: Path | None) -> list[Row]:
    everything = [" ".join(each.words.values()) for each in finder.headings]
    baseline = Letters(everything, everything)
    found = cases()
    cost = costs(lambda text: product_finder.run({"good": text}),  # before vectors are remembered
                 [text for _lang, _right, text in found[::10]], set="own descriptions")
    ranks = np.array([rank(finder.scores(text)[0], right) for _lang, right, text in found])
    plain = np.array([rank(baseline.scores(text), right) for _lang, right, text in found])
    rows = [row("first", ranks, plain, 1), row("among_three", ranks, plain, 3)]
    for lang in dict.fromkeys(lang for lang, _right, _text in found):
        mine = np.array([lang == each[0] for each in found])
        rows.append(row(f"among_three_{lang}", ranks[mine], plain[mine], 3,
                        f"own: the {mine.sum()} in {lang}"))
    sure = np.array([finder.suggest(text)[0].certainty for _lang, _right, text in found])
    certain = sure >= 0.6
    rows.append(Row("right_when_likely",
                    *intervals.wilson(int((ranks[certain] == 0).sum()), int(certain.sum())),
                    int(certain.sum()), "share", "own: those that it calls likely"))
    rows.append(Row("mean_certainty", *intervals.bootstrap(sure), len(sure), "share", SET))
    return rows + cost
