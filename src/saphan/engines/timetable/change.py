"""What differs between two plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from saphan.engines.timetable.problem import Meeting


@dataclass(frozen=True)
class Change:
    """What becomes of one wish."""

    wish: int
    before: Meeting | None
    after: Meeting | None
    kind: str
    """`dropped`, `added`, `moved` (slot or place), `people`, `interpreter` or `table`: the first of
    these that applies."""


def changes(before: Sequence[Meeting], after: Sequence[Meeting]) -> list[Change]:
    """What differs between two plans, wish by wish in rising order."""
    old = {one.wish: one for one in before}
    new = {one.wish: one for one in after}
    found = []
    for wish in sorted({*old, *new}):
        kind = _kind(old.get(wish), new.get(wish))
        if kind:
            found.append(Change(wish, old.get(wish), new.get(wish), kind))
    return found


def _kind(old: Meeting | None, new: Meeting | None) -> str:
    if old is None or new is None:
        return "added" if old is None else "dropped"
    if (old.slot, old.place) != (new.slot, new.place):
        return "moved"
    if (old.person_a, old.person_b) != (new.person_a, new.person_b):
        return "people"
    if (old.language, old.interpreters) != (new.language, new.interpreters):
        return "interpreter"
    return "table" if old.table != new.table else ""
