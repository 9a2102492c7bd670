"""How much personal data `private_words` finds, and how much that it finds is personal.

480 texts of `private_words_made.py`, in 12 languages. The baseline is simple regular expressions
for the same kinds without check digits, context or native digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import intervals
from common import Row, costs
from private_words_made import Made, all_texts

from saphan.exhibits.private_words.exhibit import private_words
from saphan.exhibits.private_words.rules import find

SET = "own: 480 made texts, 12 languages"
HARD = Path(__file__).with_name("sets") / "private_words_hard.txt"
BASE = "simple patterns"
SIMPLE = re.compile(
    r"[\w.]+@[\w.]+\w|\b\d{17}[0-9X]\b|\b\d{16}\b|\b\d{4} \d{4} \d{4} \d{4}\b|\b\d{12,13}\b"
    r"|\b\d-\d{4}-\d{5}-\d{2}-\d\b|\b\d{6}-\d{2}-\d{4}\b|\b[A-Z]{1,2}\d{7,9}[A-Z]?\b"
    r"|\b[A-Z]\d{6}\([0-9A]\)|\+?\b\d{2,3}[ -]?\d{3,4}[ -]?\d{3,4}\b"
    r"|\b\d{1,2}/\d{1,2}/\d{4}\b|\d{4}年\d{1,2}月\d{1,2}日|\d+\.\d{4,}, ?\d+\.\d{4,}", re.ASCII)

Places = Sequence[tuple[int, int]]


def simple(text: str) -> Places:
    return [match.span() for match in SIMPLE.finditer(text)]


def ours(text: str) -> Places:
    return [(each.start, each.end) for each in find(text) if not each.doubtful]


def covered(place: tuple[int, int, str], found: Places) -> bool:
    """Whether every sign lies in what was found."""
    signs = {sign for start, end in found for sign in range(start, end)}
    return all(sign in signs for sign in range(place[0], place[1]))


def touches(place: tuple[int, int], spans: Sequence[tuple[int, int, str]]) -> bool:
    return any(place[0] < end and start < place[1] for start, end, _kind in spans)


def counts(texts: Sequence[Made], system: Callable[[str], Places]) -> tuple[int, int, int, int]:
    """(wanted, of these covered, found, of these personal)."""
    wanted = hit = met = good = 0
    for each in texts:
        found = system(each.text)
        wanted, met = wanted + len(each.spans), met + len(found)
        hit += sum(covered(span, found) for span in each.spans)
        good += sum(touches(place, each.spans) for place in found)
    return wanted, hit, met, good


def hard() -> list[Made]:
    """Messages as people write them, names and addresses too, marked with [[ ]]."""
    made = []
    for line in HARD.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        text, spans = "", []
        for at, part in enumerate(re.split(r"\[\[|\]\]", line)):
            if at % 2:
                spans.append((len(text), len(text) + len(part), ""))
            text += part
        made.append(Made(text, "", tuple(spans)))
    return made


def rows(texts: Sequence[Made], tail: str, set_: str) -> list[Row]:
    wanted, hit, met, good = counts(texts, ours)
    _wanted, plain_hit, plain_met, plain_good = counts(texts, simple)
    return [Row(f"recall{tail}", *intervals.wilson(hit, wanted), wanted, "share", set_,
                plain_hit / wanted, BASE),
            Row(f"precision{tail}", *intervals.wilson(good, met), met, "share", set_,
                plain_good / max(plain_met, 1), BASE)]


def measure(data: Path | None) -> list[Row]:
    texts = all_texts()
    native = [each for each in texts if re.search("[๐-๙໐-໙០-៩၀-၉]", each.text)]
    named = right = 0
    for each in texts:
        kinds = {(found.start, found.end): found.kind for found in find(each.text)
                 if not found.doubtful}
        for start, end, kind in each.spans:
            if (start, end) in kinds:
                named += 1
                right += kinds[start, end] == kind
    return [*rows(texts, "", SET),
            *rows(native, "_native_digits", "own: those with Thai, Lao, Khmer or Burmese digits"),
            *rows(hard(), "_hard", "own: 30 messages with names, addresses and odd spelling"),
            Row("kind_right", *intervals.wilson(right, named), named, "share", SET),
            *costs(lambda text: private_words.run({"text": text}),
                   [each.text for each in texts[::10]], set="own made texts")]


if __name__ == "__main__":  # what is missed and what is wrong
    for each in all_texts():
        found = ours(each.text)
        for span in each.spans:
            if not covered(span, found):
                print("missed", span[2], each.lang, each.text[span[0]:span[1]], "|", each.text)
        for place in found:
            if not touches(place, each.spans):
                print("wrong ", each.lang, each.text[place[0]:place[1]], "|", each.text)
