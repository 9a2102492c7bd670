"""What would give a side away in its own words: names, addresses, numbers to call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from saphan.engines.gate.check import check
from saphan.engines.gate.records import Finding, Passage, Record
from saphan.engines.gate.rules import rules
from saphan.people.models import Organisation, Person

METHODS = frozenset({"contact", "own_name"})


def leaks(words: Mapping[str, Mapping[str, str]], names: Iterable[str]) -> list[Finding]:
    """What the quality gate finds in these words (field -> language -> text) that tells who wrote
    them. `names` are those by which the side is known."""
    passages = tuple(Passage(field, lang, text) for field, texts in words.items()
                     for lang, text in texts.items())
    wanted = [rule for rule in rules().values() if rule.method in METHODS]
    return check(Record("words", passages, names=tuple(names)), wanted)


def names_of(person: Person | None, organisations: Iterable[Organisation],
             *others: str) -> list[str]:
    """Every name by which somebody would know this side."""
    found = [person.name if person else "", *others]
    for organisation in organisations:
        found += organisation.name.plain().values()
        found += organisation.aliases.values_list("name", flat=True)
    # What is too short to look for, the engine knows by script: many Chinese names have two signs.
    return [name for name in dict.fromkeys(found) if name.strip()]
