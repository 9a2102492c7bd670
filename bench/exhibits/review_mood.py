"""How well `review_mood` names moods and topics.

The baseline is naive Bayes on letters; for Chinese SnowNLP is the peer.

180 reviews in 12 languages, written after the 405 that it learns from; none is in both. Lao, Khmer
and Burmese are in the test alone. 20 ironic or knotty reviews are counted apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from math import log
from pathlib import Path

import intervals
import numpy as np
from common import NoData, Row, costs

from saphan.exhibits.product_finder.lexical import grams
from saphan.exhibits.review_mood.exhibit import judge, review_mood
from saphan.exhibits.review_mood.head import MOODS, TOPICS, Review, read

SETS = Path(__file__).with_name("sets")
BASE = "naive Bayes on letters"
SET = "own: 180 reviews, 12 languages"
NEW = ("lo", "km", "my")


class ByLetters:
    """The baseline: naive Bayes on runs of 2 to 4 letters, learned from the same 405 reviews."""

    def __init__(self, reviews: list[Review]) -> None:
        self.counts = {mood: Counter(gram for each in reviews if each.mood == mood
                                     for gram in grams(each.text)) for mood in MOODS}
        self.kinds = len(set().union(*self.counts.values()))

    def __call__(self, text: str) -> str:
        def likely(mood: str) -> float:
            met = self.counts[mood]
            total = met.total() + self.kinds
            return sum(count * log((met[gram] + 1) / total) for gram, count in grams(text).items())

        return max(MOODS, key=likely)


def by_snownlp() -> Callable[[str], str]:
    """SnowNLP 0.12 (MIT), a naive Bayes on Chinese shop reviews; 0.4 to 0.6 counts as mixed."""
    try:
        from snownlp import SnowNLP
    except ModuleNotFoundError:
        raise NoData("the peer for Chinese: pip install snownlp==0.12.3") from None

    def system(text: str) -> str:
        chance = float(SnowNLP(text).sentiments)
        return "good" if chance > 0.6 else "bad" if chance < 0.4 else "mixed"

    return system


def shares(key: str, cases: list[Review], ours: list[str], set_: str, name: str,
           other: Callable[[str], str]) -> Row:
    right = sum(each.mood == said for each, said in zip(cases, ours, strict=True))
    plain = sum(each.mood == other(each.text) for each in cases)
    return Row(key, *intervals.wilson(right, len(cases)), len(cases), "share", set_,
               plain / len(cases), name)


def f1(counts: np.ndarray) -> float:
    """F1 from rows of (hits, false alarms, misses)."""
    hits, false, missed = counts.sum(axis=0)
    return float(2 * hits / max(2 * hits + false + missed, 1))


def measure(data: Path | None) -> list[Row]:
    cases = read(SETS / "review_mood.txt")
    learned = {each.text for each in read()}
    if any(each.text in learned for each in cases):
        raise SystemExit("a test review is among those it learns from")
    cost = costs(lambda text: review_mood.run({"reviews": text}),  # before vectors are remembered
                 [each.text for each in cases[::6]], set="own reviews, one at a time")
    plain = ByLetters(read())
    judged = [judge(each.text) for each in cases]
    ours = [each.mood for each in judged]
    rows = [shares("mood_right", cases, ours, SET, BASE, plain)]
    groups = {"new_languages": NEW, "chinese": ("zh-Hans", "zh-Hant"),
              **{f"mood_{lang}": (lang,) for lang in dict.fromkeys(each.lang for each in cases)}}
    for key, langs in groups.items():
        mine = [at for at, each in enumerate(cases) if each.lang in langs]
        peer = key == "chinese"
        rows.append(shares(key, [cases[at] for at in mine], [ours[at] for at in mine],
                           f"own: those in {', '.join(langs)}",
                           "SnowNLP" if peer else BASE,
                           by_snownlp() if peer else plain))
    counts = []
    for each, said in zip(cases, judged, strict=True):
        wanted = {TOPICS[letter] for letter in each.topics}
        counts.append((len(wanted & set(said.topics)), len(set(said.topics) - wanted),
                       len(wanted - set(said.topics))))
    everything = [(len(each.topics), len(TOPICS) - len(each.topics), 0) for each in cases]
    rows.append(Row("topics_f1", *intervals.bootstrap(np.array(counts), f1), len(cases), "share",
                    SET, f1(np.array(everything)), "always name all topics"))
    irony = [Review(mood, "", lang, text) for mood, lang, text in
             (line.split("\t") for line in (SETS / "review_irony.txt").read_text("utf-8")
              .splitlines() if not line.startswith("#"))]
    rows.append(shares("irony", irony, [judge(each.text).mood for each in irony],
                       "own: 20 ironic or knotty reviews", BASE, plain))
    return rows + cost
