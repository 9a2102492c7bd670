"""Which answers can be compared at all: those tied together by reviewers who read several."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from saphan.engines.panel.rubric import Table


@dataclass(frozen=True)
class Island:
    """Answers and reviewers that are connected with each other and with no others."""

    answers: tuple[str, ...]
    reviewers: tuple[str, ...]


def islands(table: Table) -> tuple[Island, ...]:
    """Connected parts of the graph of reviewers and answers, largest first.

    Between two islands nobody read on both sides: a harsh island cannot be told from a weak one.
    """
    pairs = zip(table.answer.tolist(), table.reviewer.tolist(), strict=True)
    return islands_of((table.answers[a], table.reviewers[r]) for a, r in pairs)


def islands_of(pairs: Iterable[tuple[str, str]]) -> tuple[Island, ...]:
    """The same for (answer, reviewer) pairs."""
    above: dict[tuple[str, str], tuple[str, str]] = {}

    def top(node: tuple[str, str]) -> tuple[str, str]:
        above.setdefault(node, node)
        while above[node] != node:
            above[node] = above[above[node]]
            node = above[node]
        return node

    for answer, reviewer in pairs:
        above[top(("answer", answer))] = top(("reviewer", reviewer))
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for node in above:
        kind, name = node
        found.setdefault(top(node), {"answer": [], "reviewer": []})[kind].append(name)
    parts = [Island(tuple(sorted(one["answer"])), tuple(sorted(one["reviewer"])))
             for one in found.values()]
    return tuple(sorted(parts, key=lambda one: (-len(one.answers), one.answers)))
