"""How well requirements are read from needs, and judged against documents.

`python bench/matching/requirements.py [--wrong]` prints precision and recall by kind and by
language for both halves of `requirements.txt`, beside a baseline that takes every name for a wish,
then the share of right verdicts in `verdicts.txt`. `--wrong` lists the mistakes in the dev halves.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from saphan.engines.language.terms import TermBase
from saphan.engines.matching.documents import Document
from saphan.engines.matching.quantities import read_quantities
from saphan.engines.matching.reading import to_document
from saphan.engines.matching.requirements import STAGES, WISHES_DIRECTORY, RequirementReader

HERE = Path(__file__).parent
NOW = date(2026, 11, 22)
REGIONS = {
    "ASEAN": "BN|ID|KH|LA|MM|MY|PH|SG|TH|TL|VN",
    "GBA": "CN|HK|MO",
    "MEKONG": "KH|LA|MM|TH|VN",
}
NAMES = {"-economy": "not_economy", "partner": "partner_type", "-partner": "not_partner_type"}
SIGNS = {"y": "met", "n": "not_met", "?": "unknown"}

Item = tuple[str, str]
Reader = Callable[[str, str], set[Item]]


@dataclass(frozen=True)
class Need:
    """A need, the half it belongs to, and the wishes it holds as (name, sorted values)."""

    lang: str
    split: str
    text: str
    wishes: frozenset[Item]


def read_needs(path: Path = HERE / "requirements.txt") -> Iterator[Need]:
    """The labelled needs. Every other one is `test`; in every other language the odd ones are, so
    that what stands at the same place in all languages is in both halves."""
    lang, text, number, languages = "", "", 0, 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            lang, languages = line.strip("[]"), languages + 1
            number = languages % 2
        elif line.startswith("= "):
            number += 1
            wishes = frozenset(item for item in map(_item, line[2:].split(";")) if item)
            yield Need(lang, "test" if number % 2 else "dev", text, wishes)
        elif line and not line.startswith("#"):
            text = line


def _item(said: str) -> Item | None:
    said = said.strip()
    if said == "none":
        return None
    match = re.match(r"stage(>=|<=)(\w+)$", said)
    if match:
        place = STAGES.index(match.group(2))
        stages = STAGES[place:] if match.group(1) == ">=" else STAGES[: place + 1]
        return "stage", ",".join(sorted(stages))
    name, _, value = said.partition("=")
    values = REGIONS.get(value, value).split("|")
    return NAMES.get(name, name), ",".join(sorted(values))


@cache
def _base(name: str) -> TermBase:
    return TermBase.load(WISHES_DIRECTORY / f"{name}.txt")


def plain(text: str, lang: str) -> set[Item]:
    """The baseline: every name that is found is a wish, every number is wanted as it stands."""
    found: set[Item] = {("number", str(quantity)) for quantity in read_quantities(text)}
    economies = {hit.concept.upper() for hit in _base("economies").find(text, lang)}
    if economies:
        found.add(("economy", ",".join(sorted(economies))))
    partners = {hit.concept for hit in _base("partners").find(text, lang)}
    if partners:
        found.add(("partner_type", ",".join(sorted(partners))))
    for hit in _base("stages").find(text, lang)[:1]:
        if hit.concept in STAGES:
            stages = STAGES[STAGES.index(hit.concept) :]
            found.add(("stage", ",".join(sorted(stages))))
    found |= {("language", hit.concept) for hit in _base("languages").find(text, lang)}
    return found


def ours(reader: RequirementReader) -> Reader:
    """The engine's reader, in the form that is compared."""

    def read(text: str, lang: str) -> set[Item]:
        return {
            (wish.name, ",".join(sorted(wish.wanted))) for wish in reader.read(text, lang, NOW)
        }

    return read


def main(wrong: bool = False) -> None:
    """Print both tables."""
    needs = list(read_needs())
    reader = RequirementReader()
    readers = {"plain": plain, "ours": ours(reader)}
    counts: dict[tuple[str, str, str], Counter[str]] = {}
    exact: Counter[tuple[str, str]] = Counter()
    for need in needs:
        for system, read in readers.items():
            got = read(need.text, need.lang)
            exact[system, need.split] += got == need.wishes
            for key in ("name", "lang"):
                _count(counts, system, need, got, key)
            if wrong and system == "ours" and need.split == "dev" and got != need.wishes:
                missing, extra = sorted(need.wishes - got), sorted(got - need.wishes)
                print(f"[{need.lang}] {need.text}\n    missing {missing}\n    extra {extra}")
    total = Counter(need.split for need in needs)
    print(f"{len(needs)} needs; precision / recall\n")
    print("| | " + " | ".join(f"{s} {h}" for h in ("dev", "test") for s in readers) + " |")
    print("| --- | --- | --- | --- | --- |")
    for row in dict.fromkeys(key[0] for key in counts):
        cells = [
            _ratio(counts.get((row, s, h), Counter())) for h in ("dev", "test") for s in readers
        ]
        print(f"| {row} | " + " | ".join(cells) + " |")
    cells = [f"{exact[s, h] / total[h]:.2f}" for h in ("dev", "test") for s in readers]
    print("| all wishes right | " + " | ".join(cells) + " |")
    _verdicts(reader, wrong)


def _count(
    counts: dict[tuple[str, str, str], Counter[str]],
    system: str,
    need: Need,
    got: set[Item],
    key: str,
) -> None:
    for item in got | need.wishes:
        outcome = "right" if item in got and item in need.wishes else "extra"
        if item not in got:
            outcome = "missing"
        rows = (item[0], "all") if key == "name" else (need.lang,)
        for row in rows:
            counts.setdefault((row, system, need.split), Counter())[outcome] += 1


def _ratio(count: Counter[str]) -> str:
    said, due = count["right"] + count["extra"], count["right"] + count["missing"]
    precision = f"{count['right'] / said:.2f}" if said else "-"
    recall = f"{count['right'] / due:.2f}" if due else "-"
    return f"{precision} / {recall} ({due})"


def read_verdicts() -> Iterator[tuple[str, str, str, Document, dict[str, str]]]:
    """Split, language and text of a need, a document, and signs by name, from verdicts.txt."""
    records = (HERE / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()
    documents = {record["id"]: to_document(record) for record in map(json.loads, records)}
    lang = text = ""
    number = 0
    for line in (HERE / "verdicts.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            name, _, signs = line[2:].partition(":")
            due = dict(sign.split("=") for sign in signs.split())
            yield "dev" if number % 2 else "test", lang, text, documents[name], due
        elif line and not line.startswith("#"):
            lang, _, text = (part.strip() for part in line.partition(":"))
            number += 1


def _verdicts(reader: RequirementReader, wrong: bool) -> None:
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    false: Counter[str] = Counter()
    for split, lang, text, document, due in read_verdicts():
        checked = reader.check(reader.read(text, lang, NOW), document)
        got: dict[str, str] = {}
        for requirement in checked:
            sign = next(s for s, v in SIGNS.items() if v == requirement.verdict)
            got[requirement.name] = got.get(requirement.name, "") + sign
        for name in due.keys() | got.keys():
            for mine, his in zip(got.get(name, "-"), due.get(name, "-"), strict=False):
                total[split] += 1
                right[split] += mine == his
                false[split] += mine in "yn" and mine != his
                if wrong and split == "dev" and mine != his:
                    print(f"[{lang}] {text} | {document.id} {name}: {mine}, due {his}")
    print("\n| verdicts | dev | test |\n| --- | --- | --- |")
    cells = [f"{right[h] / total[h]:.2f} of {total[h]}" for h in ("dev", "test")]
    print("| right | " + " | ".join(cells) + " |")
    print("| wrongly met or not met | " + " | ".join(str(false[h]) for h in ("dev", "test")) + " |")


if __name__ == "__main__":
    main("--wrong" in sys.argv)
