"""E-mail addresses, telephone numbers and messenger names in public words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from saphan.engines.gate.reading import Reading
from saphan.engines.gate.records import Finding
from saphan.engines.gate.rules import Rule
from saphan.engines.gate.said import words
from saphan.engines.language.normalise import fold_han

_NEAR: Final = 28
"""Characters before a number in which a word says what the number is."""
_AFTER: Final = 8
_RUN: Final = re.compile(
    r"(?<![a-z\d_.,/#-])(?:\+|00)?\(?\d[\d\s().·-]{4,22}\d(?![a-z\d_/]|[.,]\d)")
_SEPARATORS: Final = re.compile(r"[\s().·-]")
_AMOUNT: Final = re.compile(r"[1-9]\d{0,2}(?:[. ]\d{3})+|0\.\d[\d\s.-]*")
"""13.500.000.000, 0.25."""
_DATE: Final = re.compile(r"\d{4}[-. ]\d{1,2}[-. ]\d{1,2}|\d{1,2}[-. ]\d{1,2}[-. ]\d{4}"
                          r"|(?:1[5-9]|20|24|25)\d\d ?- ?(?:1[5-9]|20|24|25)\d\d")


def contact(rule: Rule, reading: Reading) -> Iterator[Finding]:
    """Each way to reach the author outside the house, with `kind` in the finding's data."""
    seen: list[tuple[int, int]] = []
    for finding in words(rule, reading):
        seen.append((finding.start, finding.end))
        yield finding
    for start, end in _numbers(rule, reading.plain):
        if not any(left < end and start < right for left, right in seen):
            yield reading.finding(rule, start, end, kind="telephone")


def _numbers(rule: Rule, plain: str) -> Iterator[tuple[int, int]]:
    labels, others, units, national = _patterns(rule)
    for run in _RUN.finditer(plain):
        start, end = run.span()
        written = run.group()
        before = plain[max(0, start - _NEAR) : start]
        if _DATE.fullmatch(written) or units.match(plain[end : end + _AFTER]):
            continue
        digits = _SEPARATORS.sub("", written)
        said = _last(labels, before)
        if _last(others, before) > said:
            continue
        called = said >= 0 and 6 <= len(digits.lstrip("+")) <= 15
        if called or (national.fullmatch(digits) and not _AMOUNT.fullmatch(written)):
            yield start, end


def _last(pattern: re.Pattern[str], text: str) -> int:
    """Where the last match ends, or -1."""
    return max((found.end() for found in pattern.finditer(text)), default=-1)


@lru_cache(maxsize=4)
def _compiled(labels: str, others: str, units: str, national: str) -> tuple[re.Pattern[str], ...]:
    return (re.compile(labels), re.compile(others), re.compile(rf"\s*(?:{units})"),
            re.compile(national))


def _patterns(rule: Rule) -> tuple[re.Pattern[str], ...]:
    lists = (rule.settings[name] for name in ("labels", "others", "units", "national"))
    return _compiled(*("|".join(map(fold_han, found)) for found in lists))
