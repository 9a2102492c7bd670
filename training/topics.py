"""Needs and the offers that answer them, drawn as training pairs with hard near-misses."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from saphan.engines.language.embed import PASSAGE_PREFIX, QUERY_PREFIX

Tokens = Callable[[str, str, int], list[int]]


def read_topics(folder: Path) -> list[dict[str, Any]]:
    """The topics of all `needs-*.jsonl` of a folder; see `needs/README.md` for their form."""
    return [
        json.loads(line)
        for path in sorted(folder.glob("needs-*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def draw(
    topics: list[dict[str, Any]], count: int, tokens: Tokens, dice: random.Random
) -> tuple[list[tuple[list[int], list[int]]], list[list[int]]]:
    """A need and an answer of `count` topics, in two languages; and the topics' near-misses."""
    pairs, near = [], []
    for topic in dice.sample(topics, min(count, len(topics))):
        need = dice.choice(topic["needs"])
        offers = [offer for offer in topic["offer"] if offer["lang"] != need["lang"]]
        offer = dice.choice(offers or topic["offer"])
        pairs.append((tokens(QUERY_PREFIX, need["text"], 64), _passage(offer, tokens, dice)))
        near.append(_passage(dice.choice(topic["near"]), tokens, dice))
    return pairs, near


def _passage(offer: dict[str, str], tokens: Tokens, dice: random.Random) -> list[int]:
    """An offer as the index embeds it; now and then without its English title, or a title alone."""
    kind = dice.random()
    if kind < 0.15:
        text = offer["en"]
    elif kind < 0.3:
        text = offer["title"]
    else:
        parts = [offer["title"], offer["en"] if kind < 0.65 else "", offer["summary"]]
        text = "\n".join(dict.fromkeys(part for part in parts if part))
    return tokens(PASSAGE_PREFIX, text, 128)
