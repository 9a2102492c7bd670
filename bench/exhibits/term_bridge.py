"""Term bridge: how many mistyped terms are understood, and how often clean text is "corrected"?

Every label of at least six letters without a blank can be drawn; it gets one slip of the finger
(a letter dropped, doubled, changed or swapped, never the first) and is looked up alone, as a
visitor types it. Labels, not sentences: finding rightly typed labels is what the term base is made
of and would measure nothing. Clean text: the short messages of the exhibit "which language".
"""

from __future__ import annotations

import random
from pathlib import Path

import intervals
from common import Row, costs

from saphan.engines.language.terms import TermBase
from saphan.exhibits.term_bridge.bridge import find

LANGS = ("en", "vi", "id", "ms", "fil", "pt", "th", "lo", "km", "my")
EACH = 150
SEED = 4_021
SET = "own: labels of the term base in 10 languages, one slip in each"
CLEAN = "own: 144 short messages, 12 languages"
PLAIN = "exact match"
MESSAGES = Path(__file__).parent / "sets" / "which_language.txt"


def slip(word: str, chance: random.Random) -> str:
    """The word with one slip; never the same word."""
    while True:
        at = chance.randrange(1, len(word) - 1)
        wrong = chance.choice((
            word[:at] + word[at + 1:], word[:at] + word[at] + word[at:],
            word[:at] + chance.choice(word) + word[at + 1:],
            word[:at] + word[at + 1] + word[at] + word[at + 2:]))
        if wrong != word:
            return wrong


def measure(data: Path | None) -> list[Row]:
    terms = TermBase.load()
    chance = random.Random(SEED)
    typed: list[tuple[str, str]] = []
    for lang in LANGS:
        labels = sorted({(concept.id, label) for concept in terms.concepts.values()
                         for label in concept.labels.get(lang, ())
                         if len(label) >= 6 and " " not in label and not label.isupper()})
        typed += [(name, slip(label, chance))
                  for name, label in chance.sample(labels, min(EACH, len(labels)))]
    right = other = plain = 0
    for name, wrong in typed:
        found = {each.concept for each in find(terms, wrong)}
        right += name in found
        other += bool(found) and name not in found
        plain += any(hit.concept == name for hit in terms.find(wrong))
    n = len(typed)
    lines = [line.split("\t")[-1] for line in MESSAGES.read_text("utf-8").splitlines()
             if line.strip() and not line.startswith("#")]
    false = sum(any(each.mistyped for each in find(terms, line)) for line in lines)
    return [
        Row("typo_found", *intervals.wilson(right, n), n, "share", SET, plain / n, PLAIN),
        Row("typo_other", *intervals.wilson(other, n), n, "share", SET),
        Row("false_on_clean", *intervals.wilson(false, len(lines)), len(lines), "share", CLEAN),
        *costs(lambda text: find(terms, text), lines[::6], set=CLEAN)]
