"""BM25 over the tokens of one language family, computed from the postings of the index.

Scores are divided by the best a document could reach, so they say which share of the question's
weight of words a document holds and can be compared between questions.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Sequence
from typing import Final

K1: Final = 1.2
B: Final = 0.6
MOST_TOKENS: Final = 96
"""Of a long question only the rarest tokens are looked up."""


def scores(connection: sqlite3.Connection, tokens: Sequence[str], family: str) -> dict[str, float]:
    """Document id to score 0..1, for the documents that hold any of the tokens."""
    total, mean = connection.execute(
        "SELECT count(*), avg(tokens) FROM lengths WHERE family = ?", (family,)
    ).fetchone()
    wanted = sorted(set(tokens))
    if not total or not wanted:
        return {}
    weights, best = _weigh(connection, wanted, family, total)
    if not weights:
        return {}
    marks = ",".join("?" * len(weights))
    rows = connection.execute(
        "SELECT p.token, e.id, p.times, l.tokens FROM postings p"  # noqa: S608
        " JOIN entries e ON e.number = p.entry"
        " JOIN lengths l ON l.entry = p.entry AND l.family = ?"
        f" WHERE p.token IN ({marks})",
        (family, *weights),
    )
    found: dict[str, float] = {}
    for token, name, times, length in rows:
        norm = K1 * (1 - B + B * length / mean)
        found[name] = found.get(name, 0.0) + weights[token] * times / (times + norm)
    return {name: min(1.0, score / best) for name, score in found.items()}


def _weigh(
    connection: sqlite3.Connection, wanted: list[str], family: str, total: int
) -> tuple[dict[int, float], float]:
    """Weights (inverse document frequency) of the known tokens, and the sum over all of them."""
    known: dict[int, int] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        marks = ",".join("?" * len(part))
        known.update(
            connection.execute(
                "SELECT t.number, (SELECT count(*) FROM postings p WHERE p.token = t.number)"  # noqa: S608
                f" FROM tokens t WHERE t.family = ? AND t.token IN ({marks})",
                (family, *part),
            )
        )
    present = {number: _idf(count, total) for number, count in known.items() if count}
    unknown = (len(wanted) - len(present)) * _idf(0, total)
    # A token that no document holds says little about how well the others fit.
    best = sum(present.values()) + 0.25 * unknown
    rarest = sorted(present, key=lambda number: -present[number])[:MOST_TOKENS]
    return {number: present[number] for number in rarest}, best


def _idf(count: int, total: int) -> float:
    return math.log(1 + (total - count + 0.5) / (count + 0.5))
