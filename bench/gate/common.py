"""What the gate's benchmarks share: the catalogue, the made sets, the plain baseline."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saphan.engines.gate import Finding, Passage, Record, check, rules

HERE = Path(__file__).parent
CATALOGUE = HERE.parents[1] / "src/saphan/centres/nanning/market"
WORDS = ("title", "summary", "description", "partner_role", "advantages", "trl_evidence",
         "technical_specification", "test_environment", "data_available")
MEASURED = ("indicators", "technical_specification", "budget", "deadline")
REFUSING = [rule.name for rule in rules().values() if rule.severity != "advise"]


@dataclass(frozen=True)
class Line:
    """One sentence of a made set; `half` is `tune`, `held` or empty."""

    rule: str
    lang: str
    text: str
    half: str = ""

    def record(self) -> Record:
        kind = {"no_requirement": "need", "no_task": "offer"}.get(self.rule, "other")
        return Record(kind, (Passage("description", self.lang, self.text),))


def rows() -> Iterator[dict[str, Any]]:
    """The sample catalogue, row by row."""
    for path in sorted(CATALOGUE.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield json.loads(line)


def record_of(row: dict[str, Any]) -> Record:
    """A row as the gate sees it: its source words and the title in English."""
    kind = "need" if "request" in row["kind"] else "offer"
    passages = [Passage(name, lang, text) for name in WORDS
                for lang, text in (row.get(name) or {}).items()
                if lang == row["lang"] or name == "title"]
    return Record(kind, tuple(passages), measured=tuple(n for n in MEASURED if row.get(n)))


def unseen() -> Iterator[tuple[str, Record]]:
    """168 made offers of another benchmark, which the rules were never tuned on."""
    for path in sorted((HERE.parent / "matching/needs").glob("offers-?.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield row["id"], Record("other", tuple(
                Passage(name, lang, text) for name in ("title", "summary")
                for lang, text in (row.get(name) or {}).items()))


def bad() -> list[Line]:
    """The bad sentences, dealt in turn to the halves within each rule and language; where a rule
    has one sentence in a language, every other language is held out."""
    lines, counts = [], dict[tuple[str, str], int]()
    singles = {"thin", "no_requirement", "no_task", "placeholder"}
    for line in (HERE / "bad.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        rule, lang, text = line.split("\t")
        key = (rule, "" if rule in singles else lang)
        counts[key] = counts.get(key, -1) + 1
        lines.append(Line(rule, lang, text, "held" if counts[key] % 2 else "tune"))
    return lines


def innocent() -> list[Line]:
    return [Line("", *line.split("\t")) for line in
            (HERE / "innocent.tsv").read_text(encoding="utf-8").splitlines()
            if not line.startswith("#")]


def gate(record: Record) -> list[Finding]:
    return check(record)


class Keywords:
    """The baseline: a plain list of words, without boundaries, exceptions or context."""

    def __init__(self) -> None:
        raw = tomllib.loads((HERE / "keywords.toml").read_text(encoding="utf-8"))
        self.words = {rule: tuple(word for found in table.values() for word in found)
                      for rule, table in raw.items()}

    def rules_for(self, record: Record) -> dict[str, str]:
        """Rule to the word that set it off."""
        found = {}
        text = "\n".join(passage.text for passage in record.passages).lower()
        for rule, words in self.words.items():
            word = next((word for word in words if word in text), None)
            if word is not None:
                found[rule] = word
        if match := re.search(r"\d[\d -]{6,}\d", text):
            found.setdefault("contact", match.group())
        main = next((p.text for p in record.passages if p.field == "description"), "")
        if len(main) < 60:
            found["thin"] = main
        if record.kind == "need" and not record.measured and not re.search(r"\d", text):
            found["no_requirement"] = ""
        if record.kind == "offer" and not any(
                p.field == "partner_role" for p in record.passages) and "partner" not in text:
            found["no_task"] = ""
        return found
