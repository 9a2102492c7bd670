"""Compare what two figures count, by their words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter


def pairs(words: str) -> Counter[str]:
    """The pairs of letters of some words, whatever their case, width and spaces."""
    plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", words).casefold())
    return Counter(plain[n : n + 2] for n in range(len(plain) - 1)) or Counter([plain])


def share(part: str, whole: str) -> float:
    """How much of the first is in the second, from 0 to 1."""
    ours, others = pairs(part), pairs(whole)
    return sum((ours & others).values()) / max(1, sum(ours.values()))


def alike(first: str, second: str) -> bool:
    """Whether two wordings in one language name the same: most of the shorter is in the longer,
    and the longer says not far more.

    >>> alike("AI firms", "AI firms in Guangxi"), alike("AI firms", "smart factories")
    (True, False)
    """
    short, long = sorted((first, second), key=len)
    return bool(short.strip()) and share(short, long) >= 0.75 and share(long, short) >= 0.35
