"""What two plans have in common and what not, line by line. Plain values, no database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

ADDED, MOVED, CHANGED, DROPPED = "added", "moved", "changed", "dropped"
KINDS = (ADDED, MOVED, CHANGED, DROPPED)


class Line(NamedTuple):
    """One meeting of a plan, by primary keys; see `Plan.lines`."""

    wish: int
    slot: int
    place: int
    table: int
    guest_a: int
    guest_b: int
    language: str
    interpreters: tuple[int, ...]

    @classmethod
    def of(cls, row: Sequence[Any]) -> Line:
        wish, slot, place, table, guest_a, guest_b, language, interpreters = row
        return cls(wish, slot, place, table, guest_a, guest_b, language, tuple(interpreters))

    def as_row(self) -> list[Any]:
        return [*self[:7], list(self.interpreters)]


@dataclass(frozen=True)
class Change:
    """What became of one wish: `added` (no `before`), `dropped` (no `after`), `moved` to another
    time or table, or `changed`: the same time and table with other people or another language."""

    kind: str
    before: Line | None
    after: Line | None

    @property
    def wish(self) -> int:
        line = self.after or self.before
        assert line is not None
        return line.wish

    def as_row(self) -> list[Any]:
        return [self.kind, self.before.as_row() if self.before else None,
                self.after.as_row() if self.after else None]

    @classmethod
    def of(cls, row: Sequence[Any]) -> Change:
        kind, before, after = row
        return cls(kind, Line.of(before) if before else None, Line.of(after) if after else None)


def compare(before: Iterable[Line], after: Iterable[Line]) -> list[Change]:
    """What changes from one to the other, in the order of the later plan, what is dropped last."""
    held, wanted = {line.wish: line for line in before}, {line.wish: line for line in after}
    found = []
    for wish, line in wanted.items():
        old = held.get(wish)
        if old is None:
            found.append(Change(ADDED, None, line))
        elif old[1:4] != line[1:4]:
            found.append(Change(MOVED, old, line))
        elif old != line:
            found.append(Change(CHANGED, old, line))
    return found + [Change(DROPPED, line, None) for wish, line in held.items()
                    if wish not in wanted]


def counts(changes: Iterable[Change]) -> dict[str, int]:
    """How many of each kind; every kind is there."""
    return counts_of(change.kind for change in changes)


def counts_of(kinds: Iterable[str]) -> dict[str, int]:
    told = dict.fromkeys(KINDS, 0)
    for kind in kinds:
        told[kind] += 1
    return told


def digest(lines: Iterable[Sequence[Any]]) -> str:
    """SHA-256, in hex, of a plan's lines in their order: two plans are the same if it is."""
    written = json.dumps([list(line) for line in lines], separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
