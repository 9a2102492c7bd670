"""Hold a record against every rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from saphan.engines.gate import contact, own_name, said, whole
from saphan.engines.gate.reading import Reading
from saphan.engines.gate.records import SEVERITIES, Finding, Passage, Record
from saphan.engines.gate.rules import Rule, rules

AT_MOST: Final = 3
"""Findings of one rule in one field: who writes the same ten times is told three times."""
_ABOUT_WRITING: Final = frozenset({"unproven", "language"})
"""Methods that ask how well somebody wrote: not of words that a machine made of hers."""

_OF_A_PASSAGE: Final[Mapping[str, Callable[[Rule, Reading], Iterator[Finding]]]] = {
    "words": said.words, "unproven": said.unproven, "contact": contact.contact,
    "language": whole.language,
}
_OF_A_RECORD: Final[
    Mapping[str, Callable[[Rule, Record, Sequence[Reading]], Iterator[Finding]]]] = {
    "thin": whole.thin, "nothing_measured": whole.nothing_measured, "no_task": whole.no_task,
}


def check(record: Record, among: Iterable[Rule] | None = None) -> list[Finding]:
    """What the rules (all, or those given) find, the gravest first, then as the fields come."""
    readings = [Reading(passage) for passage in record.passages if passage.text.strip()]
    found: list[Finding] = []
    for rule in rules().values() if among is None else among:
        found += _apply(rule, record, readings)
    order = {passage.field: number for number, passage in enumerate(reversed(record.passages))}
    return sorted(found, key=lambda one: (
        SEVERITIES.index(one.severity), -order.get(one.field, -1), one.start))


def _apply(rule: Rule, record: Record, readings: Sequence[Reading]) -> list[Finding]:
    if rule.method in _OF_A_RECORD:
        return list(_OF_A_RECORD[rule.method](rule, record, readings))
    if rule.method == "duplicates":
        return list(_duplicates(rule, record))
    if rule.method == "dead_links":
        return list(_dead_links(rule, record, readings))
    found: list[Finding] = []
    for reading in readings:
        if rule.looks_at(reading.passage.field) and not (
                reading.passage.origin == "machine" and rule.method in _ABOUT_WRITING):
            found += list(_in_passage(rule, record, reading))[:AT_MOST]
    return found


def _in_passage(rule: Rule, record: Record, reading: Reading) -> Iterator[Finding]:
    if rule.method == "own_name":
        return own_name.own_names(rule, reading, record.names)
    return _OF_A_PASSAGE[rule.method](rule, reading)


def _duplicates(rule: Rule, record: Record) -> Iterator[Finding]:
    title = next((one for one in record.passages if one.field == "title"), Passage("title", "", ""))
    for one in record.duplicates:
        if one.probability >= rule.settings["probability"]:
            yield Finding(rule.name, rule.severity, "title", title.lang, title.text, 0, 0, one.id, {
                "id": one.id, "title": one.title, "probability": round(one.probability, 3)})


def _dead_links(rule: Rule, record: Record, readings: Sequence[Reading]) -> Iterator[Finding]:
    for link in record.dead_links:
        for reading in readings:
            start = reading.text.find(link)
            if start >= 0:
                yield reading.finding(rule, start, start + len(link), link=link)
                break
        else:
            yield Finding(rule.name, rule.severity, "links", "", link, 0, 0, link, {"link": link})
