"""Makes many different profiles in twelve languages, in the import format, from a seed.

The sample centre's own records are the templates: each profile takes the frame of one record and
mixes in sentences of others in the same language and sector, another product from the term base, an
organisation and place of its own, and figures of its own. Lengths, scripts and fields are therefore
those of real profiles, and no two are the same. Every one is marked as an example.

    python bench/market/profiles.py 10000 --seed 5 > profiles.jsonl
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src"))

SAMPLE = ROOT / "src/saphan/centres/nanning/market"
LANGUAGES = ("zh-Hans", "zh-Hant", "en", "th", "vi", "lo", "km", "my", "id", "ms", "fil", "pt")
PLACES = {"zh-Hans": "CN", "zh-Hant": "TW", "en": "SG", "th": "TH", "vi": "VN", "lo": "LA",
          "km": "KH", "my": "MM", "id": "ID", "ms": "MY", "fil": "PH", "pt": "TL"}
NAMES = ("Bamboo", "River", "Lotus", "Delta", "Harbour", "Monsoon", "Coral", "Orchid", "Teak",
         "Jasmine", "Mekong", "Cardamom", "Banyan", "Heron", "Sugar Palm", "Cinnamon")
TRADES = ("Systems", "Robotics", "Vision", "Data", "Foods", "Logistics", "Sensors", "Health",
          "Energy", "Learning")
OF_ONE = 5  # profiles of one organisation, one after another
SENTENCE = re.compile(r"(?<=[.!?。！？။។])\s*|\n+|(?<=ๆ)\s+")
FIGURE = re.compile(r"(?<![\d.,])\d{1,4}(?![\d.,])")
WORDS = ("summary", "description", "advantages", "technical_specification", "partner_role")


def templates() -> dict[str, list[dict[str, Any]]]:
    """The sample records by source language."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in sorted(SAMPLE.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            if row["lang"] in LANGUAGES:
                found[row["lang"]].append(row)
    return found


def products() -> list[dict[str, str]]:
    """Names of concepts by language, those that have one in every language."""
    from saphan.engines.language.terms import TermBase

    terms = TermBase.load()
    return [names for concept in sorted(terms.concepts)
            if all((names := {lang: terms.label(concept, lang) for lang in LANGUAGES}).values())]


def profiles(count: int, seed: int = 5) -> Iterator[dict[str, Any]]:
    """`count` rows for the import; the same ones for the same seed."""
    chance, frames, things = random.Random(seed), templates(), products()
    pools = {lang: _pool(rows) for lang, rows in frames.items()}
    for number in range(count):
        lang = LANGUAGES[number // OF_ONE % len(LANGUAGES)]
        if number % OF_ONE == 0:
            name = f"{chance.choice(NAMES)} {chance.choice(TRADES)} {number // OF_ONE}"
        yield _profile(number, name, lang, chance.choice(frames[lang]), pools[lang],
                       chance.choice(things), chance)


def _pool(rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    lang = rows[0]["lang"]
    return {name: [sentence for row in rows for sentence in _sentences(
                row.get(name, {}).get(lang, ""))] for name in WORDS}


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in SENTENCE.split(text) if part.strip()]


def _profile(number: int, name: str, lang: str, frame: dict[str, Any],
             pool: dict[str, list[str]], thing: dict[str, str],
             chance: random.Random) -> dict[str, Any]:
    row = {name: frame[name] for name in (
        "kind", "partnership", "partner_types", "partner_size", "sector", "stage", "trl",
        "ip_status", "spdx", "indicators", "result_owner") if frame.get(name)}
    economy = PLACES[lang]
    row |= {"key": f"bench-{number:06d}", "lang": lang, "example": True, "economy": economy,
            "keywords": [thing[lang][:60], *frame.get("keywords", [])[:3]],
            "organisation": {"name": {"en": name}, "economy": economy, "kind": "company"}}
    row["title"] = {code: f"{thing[code]}: {text[:180]} ({_mark(number)})"
                    for code, text in frame["title"].items() if code in LANGUAGES}
    limits = {"summary": 500, "description": 4000, "partner_role": 4000}
    for field in WORDS:
        own = _sentences(frame.get(field, {}).get(lang, ""))
        if own:
            row[field] = {lang: _mixed(own, pool[field], lang, chance)[:limits.get(field, 2000)]}
    row["summary"][lang] = f"{thing[lang]}. {row['summary'][lang]}"[:500]
    if "en" in frame["summary"]:
        row["summary"]["en"] = f"{thing['en']}. {_figures(frame['summary']['en'], chance)}"[:500]
    return row


def _mark(number: int) -> str:
    return f"{'ABCDEFGHJKLMNPQRSTUVWXYZ'[number % 24]}{number:05d}"


def _mixed(own: list[str], pool: list[str], lang: str, chance: random.Random) -> str:
    """As many sentences as the frame has, about a third of them from other records."""
    taken = [chance.choice(pool) if chance.random() < 0.35 else sentence for sentence in own]
    joint = "" if lang in ("zh-Hans", "zh-Hant") else " "
    return _figures(joint.join(dict.fromkeys(taken)), chance)


def _figures(text: str, chance: random.Random) -> str:
    return FIGURE.sub(lambda found: str(max(1, int(int(found[0]) * chance.uniform(0.6, 1.6)))),
                      text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    for row in profiles(options.count, options.seed):
        sys.stdout.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
