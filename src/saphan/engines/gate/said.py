"""Rules about what is said: words and shapes, without those that mean something else."""

from __future__ import annotations

from collections.abc import Iterator

from saphan.engines.gate.numbers import has_number
from saphan.engines.gate.reading import Reading
from saphan.engines.gate.records import Finding
from saphan.engines.gate.rules import Rule


def words(rule: Rule, reading: Reading) -> Iterator[Finding]:
    """Where a rule's words or shapes stand, each place once."""
    seen: list[tuple[int, int]] = []
    for start, end in sorted({*_words(rule, reading), *_shapes(rule, reading)}):
        if not any(left < end and start < right for left, right in seen):
            seen.append((start, end))
            yield reading.finding(rule, start, end)


def unproven(rule: Rule, reading: Reading) -> Iterator[Finding]:
    """Where the words stand and neither their sentence nor the next says a number: each sentence
    once, however much it claims."""
    told = set[int]()
    for finding in words(rule, reading):
        number = reading.sentence_number(finding.start)
        if number in told:
            continue
        told.add(number)
        near = reading.sentences[number : number + 2]
        if not any(has_number(one.text, reading.passage.lang) for one in near):
            yield finding


def _words(rule: Rule, reading: Reading) -> Iterator[tuple[int, int]]:
    blocked = [found.span() for pattern in rule.exceptions(reading.langs)
               for found in pattern.finditer(reading.folded)]
    for pattern in rule.patterns(reading.langs):
        for match in pattern.finditer(reading.folded):
            start, end = match.span()
            inside = any(left < end and start < right for left, right in blocked)
            if start < end and not inside:
                yield reading.search.span(start, end)


def _shapes(rule: Rule, reading: Reading) -> Iterator[tuple[int, int]]:
    if rule.shape is not None:
        yield from (found.span() for found in rule.shape.finditer(reading.plain)
                    if found.group())
