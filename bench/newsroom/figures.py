"""Measure the figure parser on our own set: precision and recall of each field.

    python bench/newsroom/figures.py [--part held_out] [--errors] [--speed]

A figure is found where its value stands with the same number and unit; the other fields are scored
on found figures. Two baselines read the same texts: a plain regular expression, and the house's
older reader of quantities (`engines/matching/quantities.py`).
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from saphan.engines.figures import find
from saphan.engines.matching.quantities import find_quantities

FOLDER = Path(__file__).parent / "figures_set"
PARTS = ("development", "news", "held_out")


@dataclass
class Gold:
    """One figure as a person reads it."""

    value: Decimal
    high: Decimal | None
    unit: str
    kind: str
    relation: str
    subject: str
    period: str
    place: str


@dataclass
class Text:
    """A text of the set with its figures."""

    lang: str
    published: date
    title: str
    body: str
    gold: list[Gold] = field(default_factory=list)


def texts(part: str) -> Iterator[Text]:
    """The texts of one half of the set."""
    for block in (FOLDER / f"{part}.txt").read_text(encoding="utf-8").split("\n@ ")[1:]:
        head, *lines = block.splitlines()
        lang, day, title = head.split(" ", 2)
        year, rest = int(day[:4]), day[4:]
        text = Text(lang, date.fromisoformat(f"{year - 543 if year > 2400 else year}{rest}"),
                    title, "\n".join(n for n in lines if n[:1] not in ("=", "")))  # fmt: skip
        text.gold = [_gold(line) for line in lines if line.startswith("= ")]
        yield text


def _gold(line: str) -> Gold:
    value, unit, kind, relation, subject, period, place = (p.strip() for p in line[2:].split("|"))
    low, _, high = value.partition("..")
    return Gold(Decimal(low), Decimal(high) if high else None, unit, kind, relation, subject,
                period, place)  # fmt: skip


def same_subject(found: str, gold: str) -> bool:
    """Whether the words meant are there: most of the wanted pairs of letters, and at most as many
    again that are not."""
    def pairs(words: str) -> Counter[str]:
        plain = re.sub(r"[\W_]+", "", words.casefold())
        return Counter(plain[n : n + 2] for n in range(len(plain) - 1))

    ours, wanted = pairs(found), pairs(gold)
    common = sum((ours & wanted).values())
    return bool(wanted) and common >= 0.7 * sum(wanted.values()) and (
        common >= 0.4 * sum(ours.values()))


Row = tuple[Decimal, Decimal | None, str, str, str, str, str, str]


def ours(text: Text) -> list[Row]:
    return [(f.value, f.high, f.unit, f.kind, f.relation, f.subject, f.period, f.place_code)
            for f in find(text.body, text.lang, text.published, text.title)]  # fmt: skip


_PLAIN = re.compile(
    r"(\d[\d.,]*\d|\d)\s?(%|m²|km|ha|MW|tons?|tonnes|万|亿|ล้าน|triệu|tỷ|juta|miliar|milhões)?"
)


def plain_regex(text: Text) -> list[Row]:
    """What a quick regular expression reads: every number, commas dropped."""
    times = {"万": 4, "亿": 8, "ล้าน": 6, "triệu": 6, "tỷ": 9, "juta": 6, "miliar": 9, "milhões": 6}
    rows: list[Row] = []
    for match in _PLAIN.finditer(text.body):
        digits = match.group(1).replace(",", "")
        try:
            value = Decimal(digits)
        except ArithmeticError:
            continue
        word = match.group(2) or ""
        unit = {"m²": "m2"}.get(word, "" if word in times else word)
        rows.append((value * 10 ** times.get(word, 0), None, unit, "", "", "", "", ""))
    return rows


def older_reader(text: Text) -> list[Row]:
    """The house's reader of quantities in requirements."""
    return [(Decimal(repr(q.value)).normalize(), None, q.unit, "", q.relation or "=", "", "", "")
            for _, q in find_quantities(text.body, text.lang)]  # fmt: skip


FIELDS = ("value+unit", "kind", "relation", "subject", "period", "place")


def score(part: str, read: Callable[[Text], list[Row]], errors: bool) -> dict[str, Counter[str]]:
    """Counts of found, wanted and right, by field and language."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in FIELDS}
    for text in texts(part):
        rows, gold = read(text), list(text.gold)
        for name in FIELDS[:1]:
            counts[name]["found"] += len(rows)
            counts[name]["wanted"] += len(gold)
        for row in rows:
            hit = next((g for g in gold if abs(g.value) == abs(row[0]) and (
                g.high is None) == (row[1] is None) and g.unit == row[2]), None)  # fmt: skip
            if hit is None:
                if errors:
                    print(f"  {text.lang}: NOT WANTED {row}")
                continue
            gold.remove(hit)
            counts["value+unit"]["right"] += 1
            right = {
                "kind": hit.kind == row[3] and hit.value == row[0] and hit.high == row[1],
                "relation": hit.relation == row[4], "subject": same_subject(row[5], hit.subject),
                "period": hit.period == row[6], "place": hit.place == row[7],
            }  # fmt: skip
            for name, good in right.items():
                counts[name]["found"] += 1
                counts[name]["right"] += good
                if errors and not good:
                    print(f"  {text.lang}: {name} of {row[0]} {row[2]}: {row[3:]} wanted {hit}")
        if errors:
            for missed in gold:
                print(f"  {text.lang}: MISSED {missed}")
    return counts


def table(part: str, errors: bool) -> None:
    """Print one half's results."""
    print(f"\n{part}: {sum(len(t.gold) for t in texts(part))} figures in "
          f"{sum(1 for _ in texts(part))} texts, {len({t.lang for t in texts(part)})} languages")
    for name, read in (("regex", plain_regex), ("quantities", older_reader), ("figures", ours)):
        counts = score(part, read, errors and name == "figures")
        first = counts["value+unit"]
        line = (f"{name:11} value+unit precision {first['right'] / max(1, first['found']):.3f} "
                f"recall {first['right'] / max(1, first['wanted']):.3f}")
        if name == "figures":
            line += "  " + "  ".join(
                f"{f} {counts[f]['right'] / max(1, counts[f]['found']):.3f}" for f in FIELDS[1:])
        print(line)


def speed() -> None:
    """Characters and articles of 2,000 characters read in a CPU-second."""
    held = list(texts("development"))
    for text in held:
        ours(text)
    start, size = time.process_time(), 0
    for _ in range(20):
        for text in held:
            ours(text)
            size += len(text.body)
    spent = time.process_time() - start
    print(f"\n{size / spent:,.0f} characters per CPU-second; "
          f"{size / spent / 2000:,.0f} articles of 2,000 characters")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=(*PARTS, "all"), default="all")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--speed", action="store_true")
    options = parser.parse_args()
    for half in PARTS if options.part == "all" else (options.part,):
        table(half, options.errors)
    if options.speed:
        speed()
