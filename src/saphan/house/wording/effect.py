"""What the accepted changes make of the shipped term base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db import DatabaseError

from saphan.engines.language.terms import Concept, TermBase
from saphan.house.wording.models import TermChange

Act = TermChange.Act


def plain(concept: Concept) -> dict[str, Any]:
    """A concept as a change keeps it."""
    return {"labels": {lang: list(labels) for lang, labels in concept.labels.items()},
            "sector": concept.sector, "broader": list(concept.broader),
            "unsure": sorted(concept.unsure)}


def concept_of(name: str, given: Mapping[str, Any]) -> Concept:
    """The concept that `plain` wrote."""
    labels = {lang: tuple(words) for lang, words in given.get("labels", {}).items() if words}
    return Concept(name, given.get("sector", ""), tuple(given.get("broader", ())), labels,
                   frozenset(given.get("unsure", ())) & labels.keys())


def applied(concept: Concept | None, change: TermChange) -> Concept | None:
    """A concept after one change; None if there is none any more (or never was)."""
    if change.act == Act.ADD:
        return concept_of(change.concept, change.after)
    if concept is None or change.act == Act.WITHDRAW:
        return None
    if change.act == Act.PLACE:
        return replace(concept, sector=change.after.get("sector", ""),
                       broader=tuple(change.after.get("broader", ())))
    lang, labels, unsure = change.lang, dict(concept.labels), set(concept.unsure)
    if change.act == Act.LABELS:
        labels.pop(lang, None)
        if words := tuple(change.labels()):
            labels[lang] = words
    unsure.discard(lang)
    if not change.reviewed and lang in labels:
        unsure.add(lang)
    return replace(concept, labels=labels, unsure=frozenset(unsure))


def after(shipped: TermBase, changes: Iterable[TermChange]) -> tuple[list[Concept], set[str]]:
    """The concepts that differ from the shipped ones, whole, and those taken out. `changes` are
    accepted ones in their order."""
    now: dict[str, Concept | None] = {}
    for change in changes:
        name = change.concept
        now[name] = applied(now[name] if name in now else shipped.concepts.get(name), change)
    removed = {name for name, concept in now.items() if concept is None or not concept.labels}
    return [concept for name, concept in now.items()
            if concept is not None and name not in removed], removed


def accepted() -> Any:
    """The changes that count, in their order."""
    return TermChange.objects.filter(applied__isnull=False).order_by("applied")


class Source:
    """The house's corrections, as the engine follows them."""

    def version(self) -> object:
        try:
            return accepted().order_by("-applied").values_list(
                "applied", "pk", "decided").first()
        except DatabaseError:  # the house is not set up yet
            return None

    def corrected(self, shipped: TermBase) -> TermBase:
        try:
            changed, removed = after(shipped, accepted())
        except DatabaseError:
            return shipped
        if not changed and not removed:
            return shipped
        # A language that lost its words is named with none: that takes the shipped ones away.
        whole = [replace(concept, labels={
            **dict.fromkeys(shipped.concepts[concept.id].labels, ()), **concept.labels})
            if concept.id in shipped.concepts else concept for concept in changed]
        return shipped.with_changes(whole, removed=removed & shipped.concepts.keys())


source = Source()
