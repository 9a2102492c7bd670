"""Refuses problems that make no sense, before anything is computed from them."""

from __future__ import annotations

from collections.abc import Iterable

from saphan.engines.timetable.problem import Problem


class BadProblem(ValueError):
    """What is wrong, as a short name, and where: `BadProblem("walks", "row 2")`."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(f"{what}: {where}")
        self.what = what
        self.where = where

    def __reduce__(self) -> tuple[type[BadProblem], tuple[str, str]]:
        return BadProblem, (self.what, self.where)


def _within(what: str, where: str, positions: Iterable[int], size: int) -> None:
    for position in positions:
        if not 0 <= position < size:
            raise BadProblem(what, f"{where}: {position} of {size}")


def _at_least(what: str, where: str, value: int, least: int = 0) -> None:
    if value < least:
        raise BadProblem(what, f"{where}: {value}")


def sound(problem: Problem) -> None:
    """Raises BadProblem unless positions are in range, slots in order, walks square, and limits
    and weights not negative."""
    _slots(problem)
    _places(problem)
    _people(problem)
    _parties(problem)
    _interpreters(problem)
    _wishes(problem)
    for name in ("must", "floor", "breaks", "table", "load"):
        _at_least("goals", name, getattr(problem.goals, name))


def _slots(problem: Problem) -> None:
    before = None
    for at, slot in enumerate(problem.slots):
        if slot.ends <= slot.begins:
            raise BadProblem("slots", f"slot {at} ends before it begins")
        if before is not None and slot.begins < before.ends:
            raise BadProblem("slots", f"slot {at} begins before slot {at - 1} ends")
        if before is not None and slot.day < before.day:
            raise BadProblem("slots", f"slot {at} is on an earlier day than slot {at - 1}")
        _at_least("slots", f"day of slot {at}", slot.day)
        before = slot


def _places(problem: Problem) -> None:
    size = len(problem.places)
    if len(problem.walks) != size or any(len(row) != size for row in problem.walks):
        raise BadProblem("walks", f"not {size} by {size}")
    for at, row in enumerate(problem.walks):
        if row[at]:
            raise BadProblem("walks", f"place {at} to itself takes time")
        for minutes in row:
            _at_least("walks", f"from place {at}", minutes)
    for at, place in enumerate(problem.places):
        if len(place.tables) != len(problem.slots):
            raise BadProblem("tables", f"place {at} does not give one number per slot")
        for tables in place.tables:
            _at_least("tables", f"place {at}", tables)
        _within("home", f"place {at}", place.home, len(problem.parties))


def _people(problem: Problem) -> None:
    for at, person in enumerate(problem.people):
        where = f"person {at}"
        _within("party", where, (person.party,), len(problem.parties))
        _within("free", where, person.free, len(problem.slots))
        _at_least("most", where, person.most)
        for begins, ends, place in person.engaged:
            if ends < begins:
                raise BadProblem("engaged", where)
            _within("engaged", where, (max(place, 0),), max(1, len(problem.places)))


def _parties(problem: Problem) -> None:
    for at, party in enumerate(problem.parties):
        where = f"party {at}"
        _within("people", where, party.people, len(problem.people))
        if any(problem.people[person].party != at for person in party.people):
            raise BadProblem("people", f"{where} lists somebody of another party")
        _at_least("most", where, party.most)
        _at_least("floor", where, party.floor)
        if party.host != -1:
            _within("host", where, (party.host,), len(problem.people))


def _interpreters(problem: Problem) -> None:
    for at, one in enumerate(problem.interpreters):
        where = f"interpreter {at}"
        _within("free", where, one.free, len(problem.slots))
        _at_least("most", where, one.most)
        _at_least("run", where, one.run, 1)


def _wishes(problem: Problem) -> None:
    for at, wish in enumerate(problem.wishes):
        where = f"wish {at}"
        _within("party", where, (wish.a, wish.b), len(problem.parties))
        if wish.a == wish.b:
            raise BadProblem("party", f"{where}: a party with itself")
        _at_least("value", where, wish.value)
        _within("slots", where, wish.slots, len(problem.slots))
        _within("places", where, wish.places, len(problem.places))
        _within("after", where, wish.after, len(problem.wishes))
        if at in wish.after:
            raise BadProblem("after", f"{where} is after itself")
        for party, people in ((wish.a, wish.people_a), (wish.b, wish.people_b)):
            _within("people", where, people, len(problem.people))
            if any(problem.people[person].party != party for person in people):
                raise BadProblem("people", f"{where} names somebody of another party")
