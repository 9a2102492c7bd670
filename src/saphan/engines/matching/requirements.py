"""Placeholder until the reader of requirements is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from saphan.engines.matching.documents import Document, Requirement


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that a text asks for: a name, and the values any of which would do."""

    name: str
    wanted: tuple[str, ...]


class RequirementReader:
    """Reads what a text requires and checks documents against it."""

    def read(self, text: str, lang: str, now: date) -> tuple[Wish, ...]:
        return ()

    def check(self, wishes: Sequence[Wish], document: Document) -> tuple[Requirement, ...]:
        return ()
