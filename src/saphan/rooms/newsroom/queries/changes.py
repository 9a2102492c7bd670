"""What changed between two versions of an article: paragraphs, and words within them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

Kind = Literal["same", "added", "removed"]

_TOKENS: Final = re.compile(
    r"[\u3400-\u9fff]|\s+|[\w\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff.,%]+|.", re.S)
_MOST: Final = 4_000
"""Tokens of a paragraph that are compared one by one; a longer one is shown as replaced."""
_ALIKE: Final = 0.4
"""From here on two paragraphs are one that was edited, not one that was replaced."""


@dataclass(frozen=True)
class Part:
    """Some words of a paragraph: kept, new, or gone."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Change:
    """A paragraph that is not the same in both, or a run of `skipped` paragraphs that are."""

    parts: tuple[Part, ...] = ()
    skipped: int = 0


def between(before: str, after: str) -> list[Change]:
    """All paragraphs in order, those that stayed the same counted only."""
    old, new = before.split("\n\n"), after.split("\n\n")
    found: list[Change] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Change(skipped=b - a))
            continue
        gone, come = old[a:b], new[c:d]
        for one, two in zip(gone, come, strict=False):
            found += _paragraph(one, two)
        found += [Change((Part("removed", one),)) for one in gone[len(come):]]
        found += [Change((Part("added", two),)) for two in come[len(gone):]]
    return found


def _paragraph(one: str, two: str) -> list[Change]:
    a, b = _TOKENS.findall(one), _TOKENS.findall(two)
    if max(len(a), len(b)) > _MOST:
        return [Change((Part("removed", one),)), Change((Part("added", two),))]
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return [Change((Part("removed", one),)), Change((Part("added", two),))]
    parts: list[Part] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            parts.append(Part("same", "".join(a[i:j])))
            continue
        if j > i:
            parts.append(Part("removed", "".join(a[i:j])))
        if m > k:
            parts.append(Part("added", "".join(b[k:m])))
    return [Change(tuple(parts))]
