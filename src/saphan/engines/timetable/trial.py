"""What happens if somebody drags a meeting to another slot, place or table. Plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from saphan.engines.timetable.around import Around
from saphan.engines.timetable.check import Breach, Rule, breaches
from saphan.engines.timetable.hurdles import Choice, Option
from saphan.engines.timetable.problem import Meeting, Problem
from saphan.engines.timetable.worth import change


class State(Enum):
    FREE = "free"
    """It can be dropped here."""
    SWAP = "swap"
    """If others give way."""
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True)
class Spot:
    """A slot and place for a meeting."""

    slot: int
    place: int
    state: State
    reason: Rule | None = None
    """What is in the way; the first thing if it is more than one."""
    gives_way: tuple[int, ...] = ()
    """Wishes whose meetings would have to give way (SWAP)."""
    choice: Choice | None = None
    """Who would sit and how they would talk (not IMPOSSIBLE)."""


@dataclass(frozen=True)
class Trial:
    """A meeting as it would be, and what that would do to the plan."""

    meeting: Meeting
    breaches: tuple[Breach, ...]
    """What would be broken. `Breach.meetings` are positions of others in the plan that was given;
    the dragged meeting itself is in each of them and not named."""
    collides: tuple[int, ...]
    """Wishes of other meetings that are part of a breach."""
    choices: tuple[Choice, ...]
    """Other people or interpreters with whom nothing would be broken in this slot and place."""
    change: dict[str, int] = field(default_factory=dict)
    """Points won or lost by goal, as in `worth.change`, breaches left aside."""

    @property
    def points(self) -> int:
        return sum(self.change.values())


def try_meeting(
    problem: Problem,
    meetings: Sequence[Meeting],
    wish: int,
    *,
    slot: int,
    place: int,
    table: int | None = None,
    person_a: int | None = None,
    person_b: int | None = None,
) -> Trial:
    """What if the meeting of a wish were here? It may not be held yet.

    Who is not named stays; a wish that was not held takes the people with the least in their way.
    Interpreters stay where they can, otherwise the best ones come. Without `table` it gets a free
    one, that of the least valuable meeting if none is. Slot and place have to exist."""
    named = [one for one in (person_a, person_b) if one is not None]
    around = Around(problem, meetings, wish, also=named)
    now = meetings[around.own] if around.own >= 0 else None
    choice = _chosen(around, now, slot, place, person_a, person_b)
    if table is None:
        table = _table(problem, around, now, slot, place)
    dropped = Meeting(
        wish,
        slot,
        place,
        table,
        choice.person_a,
        choice.person_b,
        choice.language,
        choice.interpreters,
    )
    found = _broken(problem, around, dropped)
    removed = (around.own,) if now else ()
    return Trial(
        meeting=dropped,
        breaches=found,
        collides=tuple(sorted({meetings[at].wish for one in found for at in one.meetings})),
        choices=_choices(around, dropped) if found else (),
        change=change(problem, meetings, removed, (dropped,)),
    )


def spots(problem: Problem, meetings: Sequence[Meeting], wish: int) -> list[Spot]:
    """Each slot and place for the meeting of a wish, whoever of its people would sit."""
    around = Around(problem, meetings, wish)
    found = []
    for slot in range(len(problem.slots)):
        for place in range(len(problem.places)):
            found.append(_spot(around, around.best(slot, place)))
    return found


def _spot(around: Around, option: Option) -> Spot:
    slot, place = option.slot, option.place
    if option.closed:
        return Spot(slot, place, State.IMPOSSIBLE, option.closed)
    if not option.hurdles:
        return Spot(slot, place, State.FREE, choice=option.choice)
    gives_way = tuple(around.meetings[at].wish for at in around.prices.giving_way(option.hurdles))
    return Spot(slot, place, State.SWAP, option.hurdles[0].rule, gives_way, option.choice)


def _chosen(
    around: Around,
    now: Meeting | None,
    slot: int,
    place: int,
    person_a: int | None,
    person_b: int | None,
) -> Choice:
    if now is None and person_a is None and person_b is None:
        return around.best(slot, place).choice
    first = now or around.best(slot, place).choice
    a = first.person_a if person_a is None else person_a
    b = first.person_b if person_b is None else person_b
    if now and (a, b) == (now.person_a, now.person_b):
        able = all(not around.interpreting.helps(one, slot, place) for one in now.interpreters)
        if able or not now.interpreters:
            return Choice(a, b, now.language, now.interpreters)
    language, helpers, _ = around.interpreting.words(a, b, slot, place)
    return Choice(a, b, language, helpers)


def _table(problem: Problem, around: Around, now: Meeting | None, slot: int, place: int) -> int:
    tables = range(problem.places[place].tables[slot])
    taken = {around.meetings[at].table: at for at in around.at[slot, place]}
    if now and now.place == place and now.table in tables and now.table not in taken:
        return now.table
    for table in tables:
        if table not in taken:
            return table
    return min(taken, key=lambda table: (around.prices.worth(taken[table]), table), default=0)


def _broken(problem: Problem, around: Around, dropped: Meeting) -> tuple[Breach, ...]:
    """The breaches that the dropped meeting is part of; asks the checker about those near it."""
    near = {*around.at[dropped.slot, dropped.place], *around.earlier, *around.later}
    for one in {dropped.person_a, dropped.person_b, *around.hosts}:
        near.update(around.seated[one].values())
    for helper in dropped.interpreters:
        near.update(around.helping[helper].values())
    for held in around.of_party.values():
        near.update(held)
    positions = sorted(near)
    found = breaches(problem, [dropped, *(around.meetings[at] for at in positions)])
    return tuple(
        replace(one, meetings=tuple(positions[at - 1] for at in one.meetings if at))
        for one in found
        if 0 in one.meetings
    )


def _choices(around: Around, dropped: Meeting) -> tuple[Choice, ...]:
    options = around.options(dropped.slot, dropped.place)
    tried = (dropped.person_a, dropped.person_b, dropped.interpreters)
    return tuple(
        option.choice
        for option in options
        if not option.hurdles
        and (option.choice.person_a, option.choice.person_b, option.choice.interpreters) != tried
    )
