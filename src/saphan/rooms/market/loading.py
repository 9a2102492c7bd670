"""Load many checked rows: some of them in one transaction, each in a savepoint of its own.

A row is one change with its own facts, or nothing, as if it came alone; only the commit is shared.
A process killed half-way has loaded whole batches, and what its caller noted of them, and goes on
with the next one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import DatabaseError, transaction

from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.market import exchange

log = logging.getLogger(__name__)
ROWS_AT_ONCE = 25
"""Little enough that others who write meanwhile wait for a fraction of a second."""
GAP = 0.03
"""Seconds between two batches. SQLite lets one write at a time and wakes nobody who waits: without
a gap the next batch would take the lock before anybody else looks again."""

Row = tuple[int, dict[str, Any]]


@dataclass(frozen=True)
class Outcome:
    """What became of a row: `changed` is None where it could not be saved."""

    number: int
    changed: bool | None


def load(rows: Iterable[Row], *, by: Person | None, origin: str = "person",
         noted: Callable[[list[Outcome]], None] = lambda outcomes: None
         ) -> Iterator[list[Outcome]]:
    """Load checked rows, batch by batch. `noted` is called within each batch's transaction, so
    what it writes is there exactly if the rows are."""
    known, rest, begun = exchange.Known.now(), iter(rows), False
    while batch := list(islice(rest, ROWS_AT_ONCE)):
        if begun:
            time.sleep(GAP)
        begun = True
        try:
            outcomes = _batch(batch, known, by, origin, noted)
        except DatabaseError:
            # The database as a whole did not take it; by and by it may take each row.
            log.exception("rows %s to %s; trying one at a time", batch[0][0], batch[-1][0])
            for row in batch:
                yield _batch([row], known, by, origin, noted)
        else:
            yield outcomes


def _batch(batch: list[Row], known: exchange.Known, by: Person | None, origin: str,
           noted: Callable[[list[Outcome]], None]) -> list[Outcome]:
    with transaction.atomic():
        known.meet([row["key"].lower() for _number, row in batch])
        outcomes = [_load(number, row, known, by, origin) for number, row in batch]
        noted(outcomes)
    return outcomes


def _load(number: int, row: dict[str, Any], known: exchange.Known, by: Person | None,
          origin: str) -> Outcome:
    try:
        with transaction.atomic():
            return Outcome(number, exchange.load_row(row, by=by, origin=origin, known=known))
    except (Refused, ValueError, DatabaseError) as error:
        # Right when it was checked, but the house has changed since: the others go on.
        log.warning("row %s: %s", number, error)
        known.organisations.clear()  # one of them may have been undone
        return Outcome(number, None)


def total(outcomes: Iterable[list[Outcome]]) -> tuple[int, int, list[int]]:
    """Rows new or changed, rows as they were, and the numbers of those that failed."""
    every = [outcome for batch in outcomes for outcome in batch]
    return (sum(outcome.changed is True for outcome in every),
            sum(outcome.changed is False for outcome in every),
            [outcome.number for outcome in every if outcome.changed is None])


