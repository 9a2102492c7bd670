"""Makes up matchmaking events, the same one for the same seed.

    python bench/timetable/generate.py --participants 200 --seed 1 > event.json

Half of the parties come from China, half from the ten other countries around it. They have one to
four people who speak languages at levels, are away or in a session for part of the event, belong
to delegations that visit a site together, some of them with a host; 7 % join online. What is wished
follows fields of work and a few popular parties. Tables are for a quarter of the parties, and
there are rather too few interpreters, with shifts and rests. All shares are assumptions; they stand
in the constants and arguments below.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from saphan.engines.timetable.problem import (
    Interpreter,
    Level,
    Party,
    Person,
    Place,
    Problem,
    Slot,
    Wish,
)
from saphan.engines.timetable.wire import dump

SIZES = {50: 10, 200: 12, 1000: 16, 3000: 20}
"""Participants to slots."""

COUNTRIES = {
    "vi": (0.19, {"en": 0.45, "zh": 0.10}),
    "th": (0.16, {"en": 0.40, "zh": 0.12}),
    "id": (0.16, {"en": 0.50, "zh": 0.08}),
    "ms": (0.17, {"en": 0.86, "zh": 0.33}),
    "en": (0.10, {"zh": 0.50, "ms": 0.15}),
    "fil": (0.09, {"en": 0.95, "zh": 0.08}),
    "km": (0.05, {"en": 0.35, "zh": 0.12}),
    "lo": (0.04, {"en": 0.25, "zh": 0.10, "th": 0.70}),
    "my": (0.04, {"en": 0.35, "zh": 0.12}),
}
"""Language of a party to its share among the half that is not from China, and how probably one of
its people speaks others well enough to talk business."""

FIELDS = 12
MEETING, PAUSE, LUNCH = 25, 5, 60
"""Minutes."""


@dataclass
class _Side:
    """A party while it is being made up."""

    tongue: str
    fields: set[int]
    renown: float
    size: int
    online: bool
    delegation: int = -1
    led: int = -1


def event(
    participants: int,
    seed: int,
    *,
    slots: int = 0,
    days: int = 0,
    wishes: float = 12.0,
    tables: float = 0.25,
    online: float = 0.07,
    interpreted: float = 0.9,
    relay: bool = True,
) -> Problem:
    """An event with so many people (hosts from outside come on top of it).

    `wishes`: per party, before others decline. `tables`: per party. `interpreted`: interpreters for
    this share of the meetings that are to be expected and need them. `slots` and `days`: by size if
    0, in two days from 16 slots on."""
    chance, rng = random.Random(f"event {seed}"), np.random.default_rng(seed)
    slots = slots or next((n for size, n in SIZES.items() if participants <= size), 20)
    times = _times(slots, days or (1 if slots < 16 else 2))
    sides = _sides(chance, rng, participants, online)
    places, walks = _places(chance, sides, len(times), tables)
    parties, people = _people(chance, sides, times, places)
    wished = _wished(chance, rng, sides, parties, times, places, wishes)
    interpreters = _interpreters(chance, wished, parties, people, times, places, interpreted)
    return Problem(
        slots=times,
        places=places,
        walks=walks,
        people=people,
        parties=parties,
        wishes=wished,
        interpreters=interpreters,
        relay=relay,
    )


def no_shows(problem: Problem, since: int, seed: int, share: float = 0.05) -> Problem:
    """The event as it is once it is known that this share of the people will not be there from slot
    `since` on. Nobody is owed a meeting whose whole party stays away."""
    chance = random.Random(f"no-shows {seed}")
    hosts = {party.host for party in problem.parties}
    able = [at for at in range(len(problem.people)) if at not in hosts]
    gone = set(chance.sample(able, max(1, round(share * len(able)))))
    people = tuple(
        replace(one, free=tuple(slot for slot in one.free if slot < since)) if at in gone else one
        for at, one in enumerate(problem.people)
    )
    parties = tuple(
        replace(party, floor=0) if set(party.people) <= gone else party for party in problem.parties
    )
    return replace(problem, people=people, parties=parties)


def _times(slots: int, days: int) -> tuple[Slot, ...]:
    per_day = -(-slots // days)
    found = []
    for at in range(slots):
        day, turn = divmod(at, per_day)
        begins = day * 1440 + 540 + turn * (MEETING + PAUSE)
        begins += LUNCH if turn >= per_day // 2 else 0
        found.append(Slot(begins, begins + MEETING, day))
    return tuple(found)


def _sides(
    chance: random.Random, rng: np.random.Generator, participants: int, online: float
) -> list[_Side]:
    sides: list[_Side] = []
    left = participants
    while left:
        tongue = "zh"
        if len(sides) % 2:
            shares = [share for share, _ in COUNTRIES.values()]
            tongue = chance.choices(list(COUNTRIES), shares)[0]
        size = min(left, chance.choices([1, 2, 3, 4], [0.70, 0.20, 0.07, 0.03])[0])
        fields = set(chance.choices(range(FIELDS), [1 / (k + 2) for k in range(FIELDS)], k=2))
        renown = float(np.exp(rng.normal(0, 0.8))) * size**0.5
        sides.append(_Side(tongue, fields, renown, size, chance.random() < online))
        left -= size
    _delegations(chance, sides)
    return sides


def _delegations(chance: random.Random, sides: list[_Side]) -> None:
    """Puts a quarter of each country's parties on site into delegations that visit a site together.
    A few of a delegation's parties share a host who goes with them."""
    number = led = 0
    for tongue in ("zh", *COUNTRIES):
        group = [side for side in sides if side.tongue == tongue and not side.online]
        chance.shuffle(group)
        used = 0
        while used + 6 <= len(group) and used < 0.25 * len(group):
            size = chance.randint(6, 12)
            members = group[used : used + size]
            for side in members:
                side.delegation = number
            if chance.random() < 0.4:
                for side in members[: chance.randint(2, 3)]:
                    side.led = led
                led += 1
            number, used = number + 1, used + size


def _places(
    chance: random.Random, sides: list[_Side], slots: int, tables: float
) -> tuple[tuple[Place, ...], tuple[tuple[int, ...], ...]]:
    """Rooms in a row, lines for meetings online, stands of a few parties, and last the hall of
    sessions, which has no tables. Two rooms apart is too far for the pause."""
    total = max(3, round(tables * len(sides)))
    rooms = 1 + (len(sides) > 80) + (len(sides) > 400) + 2 * (len(sides) > 1500)
    per_room = [total // rooms + (at < total % rooms) for at in range(rooms)]
    places = [Place((number,) * slots) for number in per_room]
    if rooms > 1:
        places[-1] = Place((0, *places[-1].tables[1:]))
    remote = sum(side.online for side in sides)
    places.append(Place((max(2, round(0.5 * remote)),) * slots, online=True))
    able = [at for at, side in enumerate(sides) if side.size > 1 and not side.online]
    for home in sorted(chance.sample(able, min(len(able), 4, len(sides) // 100))):
        places.append(Place((1,) * slots, home=(home,)))
    places.append(Place((0,) * slots))
    stands_at = [chance.randrange(rooms) for _ in places]
    where = [at if at < rooms else stands_at[at] for at in range(len(places))]
    walks = tuple(
        tuple(0 if a == b else max(2, 3 * abs(where[a] - where[b])) for b in range(len(places)))
        for a in range(len(places))
    )
    return tuple(places), walks


# --- people -----------------------------------------------------------------------------------


def _people(
    chance: random.Random, sides: list[_Side], times: tuple[Slot, ...], places: tuple[Place, ...]
) -> tuple[tuple[Party, ...], tuple[Person, ...]]:
    visits: dict[int, int] = {}
    leaders: dict[int, int] = {}
    people: list[Person] = []
    members: list[tuple[int, ...]] = []
    for at, side in enumerate(sides):
        visit = -1
        if side.delegation >= 0:
            visit = visits.setdefault(side.delegation, chance.randrange(len(times) - 2))
        first = len(people)
        for _ in range(side.size):
            people.append(_person(chance, side, at, times, visit, len(places) - 1))
        members.append(tuple(range(first, len(people))))
    outside = len(sides)
    for side, own in zip(sides, members, strict=True):
        if side.led < 0 or side.led in leaders:
            continue
        if chance.random() < 0.3:
            leaders[side.led] = own[0]
            people[own[0]] = replace(people[own[0]], most=len(people[own[0]].free))
        else:
            leaders[side.led] = len(people)
            free = tuple(range(len(times)))
            people.append(Person(outside, free, {side.tongue: Level.FLUENT, "en": Level.FLUENT}))
    parties = [
        Party(own, host=leaders.get(side.led, -1), most=99 if side.size > 1 else len(times))
        for side, own in zip(sides, members, strict=True)
    ]
    extra = tuple(range(sum(side.size for side in sides), len(people)))
    return (*parties, Party(extra, floor=0)), tuple(people)


def _person(
    chance: random.Random,
    side: _Side,
    party: int,
    times: tuple[Slot, ...],
    visit: int,
    hall: int,
) -> Person:
    speaks = {side.tongue: Level.FLUENT}
    others = {"en": 0.55} if side.tongue == "zh" else COUNTRIES[side.tongue][1]
    for name, probability in others.items():
        if chance.random() < probability:
            speaks[name] = chance.choice([Level.WORKING, Level.WORKING, Level.FLUENT])
        elif chance.random() < 0.3:
            speaks[name] = Level.BASIC
    slots = len(times)
    away: set[int] = set()
    engaged: list[tuple[int, int, int]] = []
    luck = chance.random()
    if luck < 0.15:
        length = chance.randint(2, max(2, int(0.35 * slots)))
        away |= set(range(length) if chance.random() < 0.5 else range(slots - length, slots))
    elif luck < 0.28:
        first = chance.randrange(slots - 2)
        session = [first, first + 1]
        if times[first].day == times[first + 1].day:
            engaged.append((times[first].begins, times[first + 1].ends, hall))
        away |= set(session)
    if visit >= 0:
        away |= {visit, visit + 1}
    free = tuple(slot for slot in range(slots) if slot not in away)
    most = min(len(free), chance.choice([6, 8, 10, slots, slots, slots]))
    return Person(party, free, speaks, side.online, most, tuple(engaged))


# --- wishes -----------------------------------------------------------------------------------


def _wished(
    chance: random.Random,
    rng: np.random.Generator,
    sides: list[_Side],
    parties: tuple[Party, ...],
    times: tuple[Slot, ...],
    places: tuple[Place, ...],
    per_party: float,
) -> tuple[Wish, ...]:
    asked = _asked(chance, rng, sides, per_party)
    found: list[Wish] = []
    of_party: dict[int, list[int]] = {}
    for (one, other), priority in asked.items():
        if (other, one) in asked and other < one:
            continue
        back = asked.get((other, one), 0)
        if not back and chance.random() < 0.35:
            continue  # the other side declines
        fits = chance.betavariate(4, 2)
        value = min(100, 12 * priority + 12 * back + round(28 * fits) + (8 if back else 0))
        a, b = min(one, other), max(one, other)
        wish = Wish(a, b, value, must=chance.random() < (0.12 if back else 0.01))
        if len(parties[a].people) > 1 and chance.random() < 0.25:
            wish = replace(wish, people_a=(chance.choice(parties[a].people),))
        if len(parties[b].people) > 1 and chance.random() < 0.25:
            wish = replace(wish, people_b=(chance.choice(parties[b].people),))
        luck = chance.random()
        if luck < 0.01:
            first = chance.randrange(len(times) - 3)
            wish = replace(wish, slots=tuple(range(first, first + 4)))
        elif luck < 0.015 and not (sides[a].online or sides[b].online):
            wish = replace(wish, places=(0,))
        elif luck < 0.02 and of_party.get(a):
            wish = replace(wish, after=(chance.choice(of_party[a]),))
        for party in (a, b):
            of_party.setdefault(party, []).append(len(found))
        found.append(wish)
    return tuple(found)


def _asked(
    chance: random.Random, rng: np.random.Generator, sides: list[_Side], per_party: float
) -> dict[tuple[int, int], int]:
    """Who asked whom, with a priority of 1 to 3."""
    renown = np.array([side.renown for side in sides])
    by_field = [[at for at, side in enumerate(sides) if k in side.fields] for k in range(FIELDS)]
    asked: dict[tuple[int, int], int] = {}
    for at, side in enumerate(sides):
        others = dict.fromkeys(
            other
            for one in sorted(side.fields)
            for other in by_field[one]
            if other != at
            and (
                (sides[other].tongue == "zh") != (side.tongue == "zh")
                or (sides[other].tongue != side.tongue and chance.random() < 0.08)
            )
        )
        able = np.array(list(others), dtype=int)
        wanted = min(max(2, int(rng.poisson(per_party * side.size**0.5))), len(able))
        if not wanted:
            continue
        weights = renown[able] / renown[able].sum()
        for rank, pick in enumerate(rng.choice(len(able), wanted, replace=False, p=weights)):
            priority = 3 if rank < wanted * 0.2 else 2 if rank < wanted * 0.6 else 1
            asked[at, int(able[pick])] = priority
    return asked


# --- interpreters -----------------------------------------------------------------------------


def _interpreters(
    chance: random.Random,
    wished: tuple[Wish, ...],
    parties: tuple[Party, ...],
    people: tuple[Person, ...],
    times: tuple[Slot, ...],
    places: tuple[Place, ...],
    share: float,
) -> tuple[Interpreter, ...]:
    """For each pair of languages with Chinese or English in it that wishes need, at least one."""
    needed: Counter[tuple[str, str]] = Counter()
    for wish in wished:
        tongues = []
        for side in (
            wish.people_a or parties[wish.a].people,
            wish.people_b or parties[wish.b].people,
        ):
            speaks = people[side[0]].speaks
            tongues.append({name for name, level in speaks.items() if level >= Level.WORKING})
        if not tongues[0] & tongues[1]:
            own = [next(iter(people[parties[p].people[0]].speaks)) for p in (wish.a, wish.b)]
            needed[min(own), max(own)] += 1
    capacity = sum(sum(place.tables) for place in places)
    held = min(1.0, capacity / max(1, len(wished)))
    found = []
    for pair, wishes in sorted(needed.items()):
        if not {"zh", "en"} & set(pair):
            continue
        number = max(1, round(share * held * wishes / (0.7 * len(times))))
        for _ in range(number):
            found.append(_interpreter(chance, pair, times))
    return tuple(found)


def _interpreter(
    chance: random.Random, pair: tuple[str, str], times: tuple[Slot, ...]
) -> Interpreter:
    free: list[int] = []
    for day in sorted({slot.day for slot in times}):
        of_day = [at for at, slot in enumerate(times) if slot.day == day]
        length = max(1, round(len(of_day) * chance.uniform(0.6, 1.0)))
        first = chance.randrange(len(of_day) - length + 1)
        free += of_day[first : first + length]
    speaks = {pair[0]: Level.FLUENT, pair[1]: Level.FLUENT}
    if "en" not in speaks:
        speaks["en"] = chance.choice([Level.WORKING, Level.FLUENT])
    most = max(1, round(len(free) * chance.uniform(0.75, 0.95)))
    return Interpreter(
        tuple(free), speaks, chance.random() < 0.1, most=most, run=chance.randint(4, 6)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--participants", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slots", type=int, default=0)
    parser.add_argument("--days", type=int, default=0)
    parser.add_argument("--no-relay", action="store_true")
    given = parser.parse_args()
    made = event(
        given.participants,
        given.seed,
        slots=given.slots,
        days=given.days,
        relay=not given.no_relay,
    )
    json.dump(dump(made), sys.stdout)


if __name__ == "__main__":
    main()
