"""Small problems with everything in them, for tests that try many of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from saphan.engines.timetable.problem import (
    Goals,
    Interpreter,
    Level,
    Meeting,
    Party,
    Person,
    Place,
    Problem,
    Slot,
    Wish,
)

TONGUES = ("zh", "vi", "th", "en")


def small_problem(seed: int, *, most_parties: int = 8, most_slots: int = 8) -> Problem:
    """A problem of a few parties in which each hard rule can bite; the same for the same seed."""
    chance = random.Random(seed)
    slots = _slots(chance, chance.randint(2, most_slots))
    size = chance.randint(2, most_parties)
    places, walks = _places(chance, len(slots), size)
    members: list[tuple[int, ...]] = []
    people: list[Person] = []
    for party in range(size):
        first = len(people)
        for _ in range(chance.choice([1, 1, 2, 3])):
            people.append(_person(chance, party, slots, len(places)))
        members.append(tuple(range(first, len(people))))
    hosts = [chance.randrange(len(people)) for _ in range(2)]
    parties = tuple(
        Party(
            own,
            floor=chance.choice([0, 1, 2, 3]),
            most=chance.choice([1, 2, 3, 99, 99, 99]),
            host=chance.choice(hosts) if chance.random() < 0.25 else -1,
        )
        for own in members
    )
    return Problem(
        slots=slots,
        places=places,
        walks=walks,
        people=tuple(people),
        parties=parties,
        wishes=_wishes(chance, parties, len(slots), len(places)),
        interpreters=tuple(_interpreter(chance, len(slots)) for _ in range(chance.randint(0, 4))),
        needs=chance.choice([Level.BASIC, Level.WORKING, Level.WORKING]),
        relay=chance.random() < 0.5,
        goals=chance.choice([Goals(), Goals(), Goals(100, 30, 5, 3, 2), Goals(50, 0, 0, 0, 0)]),
    )


def problems(*, most_parties: int = 8, most_slots: int = 8) -> st.SearchStrategy[Problem]:
    return st.integers(0, 10**9).map(
        lambda seed: small_problem(seed, most_parties=most_parties, most_slots=most_slots)
    )


def _slots(chance: random.Random, number: int) -> tuple[Slot, ...]:
    at, day, found = 540, 0, []
    for _ in range(number):
        found.append(Slot(at, at + 20, day))
        at += 20 + chance.choice([0, 5, 5, 10, 60])
        if chance.random() < 0.15:
            day, at = day + 1, at + 900
    return tuple(found)


def _places(
    chance: random.Random, slots: int, parties: int
) -> tuple[tuple[Place, ...], tuple[tuple[int, ...], ...]]:
    places = []
    for number in range(chance.randint(1, 4)):
        tables = tuple(chance.choice([0, 1, 1, 2, 3]) for _ in range(slots))
        home: tuple[int, ...] = ()
        if number and chance.random() < 0.25:
            home = tuple(sorted({chance.randrange(parties) for _ in range(2)}))
        places.append(Place(tables, online=chance.random() < 0.3, home=home))
    spots = [chance.choice([0, 4, 8, 12]) for _ in places]
    walks = tuple(
        tuple(abs(one - other) if a != b else 0 for b, other in enumerate(spots))
        for a, one in enumerate(spots)
    )
    return tuple(places), walks


def _person(chance: random.Random, party: int, slots: tuple[Slot, ...], places: int) -> Person:
    free = set(range(len(slots)))
    if chance.random() < 0.4:
        free -= {chance.randrange(len(slots)) for _ in range(3)}
    engaged: tuple[tuple[int, int, int], ...] = ()
    if chance.random() < 0.25:
        at = chance.randrange(len(slots))
        free.discard(at)
        engaged = ((slots[at].begins, slots[at].ends, chance.randrange(-1, places)),)
    speaks = {
        chance.choice(TONGUES): chance.choice(list(Level)) for _ in range(chance.randint(1, 3))
    }
    most = chance.choice([1, 2, 3, 99, 99, 99])
    online = chance.random() < 0.15
    return Person(party, tuple(sorted(free)), speaks, online, most, engaged)


def _interpreter(chance: random.Random, slots: int) -> Interpreter:
    free = {at for at in range(slots) if chance.random() < 0.85}
    return Interpreter(
        tuple(sorted(free)),
        {name: chance.choice([Level.WORKING, Level.FLUENT]) for name in TONGUES},
        online=chance.random() < 0.2,
        most=chance.choice([1, 2, 4, 99, 99]),
        run=chance.choice([1, 2, 3, 99]),
    )


def _wishes(
    chance: random.Random, parties: tuple[Party, ...], slots: int, places: int
) -> tuple[Wish, ...]:
    found: list[Wish] = []
    for _ in range(chance.randint(1, 3 * len(parties))):
        a, b = chance.sample(range(len(parties)), 2)
        wish = Wish(a, b, chance.randint(1, 100), must=chance.random() < 0.1)
        if chance.random() < 0.2:
            wish = replace(wish, people_a=(chance.choice(parties[a].people),))
        if chance.random() < 0.2:
            wish = replace(wish, people_b=(chance.choice(parties[b].people),))
        if chance.random() < 0.2:
            some = {chance.randrange(slots) for _ in range(3)}
            wish = replace(wish, slots=tuple(sorted(some)))
        if chance.random() < 0.15:
            wish = replace(wish, places=(chance.randrange(places),))
        if found and chance.random() < 0.2:
            wish = replace(wish, after=(chance.randrange(len(found)),))
        found.append(wish)
    return tuple(found)


# --- what happens on the day ------------------------------------------------------------------


def incident(problem: Problem, since: int, seed: int) -> Problem:
    """The problem after something went wrong from slot `since` on: people who do not come or come
    late, rooms that close, an interpreter who falls ill, or a party that walks in."""
    chance = random.Random(f"incident {seed}")
    kind = chance.randrange(5)
    late = tuple(range(since, min(len(problem.slots), since + 2)))
    if kind == 0:  # no-show
        at = chance.randrange(len(problem.people))
        return _person_as(problem, at, tuple(s for s in problem.people[at].free if s < since))
    if kind == 1:  # late arrival
        at = chance.randrange(len(problem.people))
        return _person_as(problem, at, tuple(s for s in problem.people[at].free if s not in late))
    if kind == 2:  # room closed
        closed = chance.randrange(len(problem.places))
        places = list(problem.places)
        tables = places[closed].tables
        places[closed] = replace(
            places[closed], tables=(*tables[:since], *(0 for _ in tables[since:]))
        )
        return replace(problem, places=tuple(places))
    if kind == 3 and problem.interpreters:
        ill = chance.randrange(len(problem.interpreters))
        team = list(problem.interpreters)
        team[ill] = replace(team[ill], free=tuple(s for s in team[ill].free if s < since))
        return replace(problem, interpreters=tuple(team))
    return _walk_in(problem, since, chance)


def _person_as(problem: Problem, at: int, free: tuple[int, ...]) -> Problem:
    people = list(problem.people)
    people[at] = replace(people[at], free=free)
    return replace(problem, people=tuple(people))


def _walk_in(problem: Problem, since: int, chance: random.Random) -> Problem:
    party, person = len(problem.parties), len(problem.people)
    new = Person(party, tuple(range(since, len(problem.slots))), {"en": Level.FLUENT})
    wishes = tuple(Wish(chance.randrange(party), party, chance.randint(20, 100)) for _ in range(3))
    return replace(
        problem,
        people=(*problem.people, new),
        parties=(*problem.parties, Party((person,), floor=1)),
        wishes=(*problem.wishes, *wishes),
    )


def mutated(problem: Problem, meetings: Sequence[Meeting], seed: int) -> list[Meeting]:
    """The meetings with one thing changed by chance."""
    chance = random.Random(f"mutated {seed}")
    found = list(meetings)
    at = chance.randrange(len(found))
    one = found[at]
    kind = chance.randrange(7)
    if kind == 0:
        one = replace(one, slot=chance.randrange(len(problem.slots)))
    elif kind == 1:
        one = replace(one, place=chance.randrange(len(problem.places)))
    elif kind == 2:
        one = replace(one, table=chance.randrange(4))
    elif kind == 3:
        one = replace(one, person_a=chance.randrange(len(problem.people)))
    elif kind == 4:
        one = replace(one, language=chance.choice(["", *TONGUES]))
    elif kind == 5 and problem.interpreters:
        number = chance.randint(0, 2)
        helpers = tuple(chance.randrange(len(problem.interpreters)) for _ in range(number))
        one = replace(one, interpreters=helpers)
    else:
        one = replace(one, wish=chance.randrange(len(problem.wishes)))
    found[at] = one
    return found
