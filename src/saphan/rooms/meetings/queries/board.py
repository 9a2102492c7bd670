"""The board: all tables and times of a place on one day, and where a meeting could go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saphan.engines.timetable import trial
from saphan.ground import clock
from saphan.rooms.meetings import assembling, breaking
from saphan.rooms.meetings.assembling import Assembled
from saphan.rooms.meetings.diffing import Line
from saphan.rooms.meetings.models import Event, Guest, Party, Place, Plan, Slot
from saphan.rooms.meetings.queries import plans as queries

State = trial.State


def rows(event: Event, on: Plan | None) -> list[list[Any]]:
    """The lines that a board shows: of a plan that waits, on top of what is over; else what people
    hold."""
    if on is None or on.state == Plan.State.PUBLISHED:
        return assembling.standing(event)
    past = queries.begun(event.slots.all())
    merged = queries.merged(queries.standing(event), [Line.of(row) for row in on.lines], past)
    return [line.as_row() for line in merged]


@dataclass(frozen=True)
class Cell:
    """A table in a slot, with the meeting there, if any."""

    slot: Slot
    table: int
    wish: int = 0
    one: str = ""
    other: str = ""
    interpreted: bool = False
    fixed: bool = False
    """It has begun: nothing can be moved here any more."""
    number: int = 0
    """What stands on the table."""


@dataclass(frozen=True)
class Row:
    """A table and its cells, in order of time."""

    table: int
    number: int
    cells: list[Cell]


@dataclass(frozen=True)
class Grid:
    """One place on one day."""

    place: Place
    day: date
    slots: list[Slot]
    rows: list[Row]

    @property
    def by_slot(self) -> list[tuple[Slot, list[Cell]]]:
        return [(slot, [row.cells[at] for row in self.rows])
                for at, slot in enumerate(self.slots)]


@dataclass
class Board:
    """What the page shows: one grid, and what it can be changed to."""

    grid: Grid | None
    places: list[Place]
    days: list[date]
    held: int = 0
    names: dict[int, str] = field(default_factory=dict)


def board(event: Event, on: Plan | None, *, place: int | None = None,
          day: date | None = None) -> Board:
    """The grid of a place (its primary key; the first one) on a day (that of today, or the first
    one). A constant number of queries."""
    slots, places = list(event.slots.all()), list(event.places.all())
    days = sorted({_day(event, slot) for slot in slots})
    if not slots or not places:
        return Board(None, places, days)
    here = next((one for one in places if one.pk == place), places[0])
    today = clock.now().astimezone(event.zone).date()
    chosen = day if day in days else today if today in days else days[0]
    lines = [Line.of(row) for row in rows(event, on)]
    names = side_names(event)
    grid = _grid(event, here, chosen, [slot for slot in slots if _day(event, slot) == chosen],
                 [line for line in lines if line.place == here.pk], names)
    return Board(grid, places, days, len(lines), names)


def side_names(event: Event) -> dict[int, str]:
    """Guest to the name of her organisation, in the reader's language."""
    parties = {party.pk: str(party) for party in
               Party.objects.filter(event=event).select_related("organisation")}
    return {guest: parties[party] for guest, party in Guest.objects.filter(
        party__event=event).values_list("pk", "party")}


def _day(event: Event, slot: Slot) -> date:
    return slot.begins.astimezone(event.zone).date()


def _grid(event: Event, place: Place, day: date, slots: list[Slot], lines: list[Line],
          names: dict[int, str]) -> Grid:
    moment = clock.now()
    there = {(line.slot, line.table): line for line in lines}
    tables = max([place.tables, *(line.table + 1 for line in lines)])

    def cell(slot: Slot, table: int) -> Cell:
        line, fixed = there.get((slot.pk, table)), slot.begins <= moment
        if line is None:
            return Cell(slot, table, fixed=fixed, number=place.first_table + table)
        return Cell(slot, table, line.wish, names.get(line.guest_a, ""),
                    names.get(line.guest_b, ""), bool(line.interpreters), fixed,
                    place.first_table + table)

    return Grid(place, day, slots, [
        Row(table, place.first_table + table, [cell(slot, table) for slot in slots])
        for table in range(tables)])


# --- where a meeting could go -----------------------------------------------------------------

@dataclass(frozen=True)
class Choice:
    """A slot and place for a meeting: `free`, `swap` (others give way) or `impossible`, and why,
    in words."""

    slot: Slot
    place: Place
    state: str
    words: str
    tables: tuple[int, ...]
    """Tables that are free then, from 0."""

    @property
    def table_numbers(self) -> tuple[int, ...]:
        return tuple(self.place.first_table + table for table in self.tables)


def choices(event: Event, wish: int, on: Plan | None) -> list[Choice]:
    """Every slot that has not begun, in every place, for the meeting of a wish (primary key). Empty
    if nobody may move it: it has begun, or a side has withdrawn."""
    found = assembling.assemble(event)
    meetings = found.meetings(rows(event, on))
    at = found.at["wishes"].get(wish)
    past = queries.begun(found.slots)
    held = next((one for one in meetings if one.wish == at), None)
    if at is None or (held is not None and found.slots[held.slot].pk in past):
        return []
    taken: dict[tuple[int, int], set[int]] = {}
    for one in meetings:
        if one.wish != at:
            taken.setdefault((one.slot, one.place), set()).add(one.table)
    spots = trial.spots(found.problem, meetings, at)
    return [_choice(found, spot, taken.get((spot.slot, spot.place), set())) for spot in spots
            if found.slots[spot.slot].pk not in past]


def _choice(found: Assembled, spot: trial.Spot, taken: set[int]) -> Choice:
    tables = found.problem.places[spot.place].tables[spot.slot]
    return Choice(found.slots[spot.slot], found.places[spot.place], spot.state.value,
                  _words(found, spot), tuple(one for one in range(tables) if one not in taken))


def _words(found: Assembled, spot: trial.Spot) -> str:
    """What would break, in a sentence or two."""
    if spot.state == State.FREE:
        return _("Nothing breaks.")
    reason = str(breaking.SHORT[spot.reason]) if spot.reason else ""
    if spot.state == State.IMPOSSIBLE:
        return reason
    return f"{reason} {giving_way(found, spot.gives_way)}"


def giving_way(found: Assembled, wishes: Sequence[int]) -> str:
    """Who would have to give way (positions of wishes)."""
    pairs = "; ".join(breaking.pair(found, wish) for wish in wishes[:3])
    return ngettext("This meeting has to give way: %(meetings)s.",
                    "These meetings have to give way: %(meetings)s.", len(wishes)) % {
        "meetings": pairs}
