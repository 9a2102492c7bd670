"""What is to be planned, and what a plan is. Plain values: no solver, no Django.

Everything is named by its position: person 3 is `problem.people[3]`, slot 0 the first slot. A set
of slots, places or people is a tuple of positions, in rising order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum


class Level(IntEnum):
    """How well somebody speaks a language."""

    BASIC = 1
    WORKING = 2
    FLUENT = 3


RELAY = "en"
"""The language through which two interpreters pass words on where nobody knows both sides'."""


@dataclass(frozen=True)
class Slot:
    """A stretch of time in which a meeting may be. Slots are in order and do not overlap; `day`
    counts the days of the event from 0."""

    begins: int
    """Minutes since any fixed moment (the same for the whole problem)."""
    ends: int
    day: int


@dataclass(frozen=True)
class Place:
    """A room with tables, or the lines for meetings online."""

    tables: tuple[int, ...]
    """Per slot: how many meetings may be here at once; 0 where it is closed."""
    online: bool = False
    home: tuple[int, ...] = ()
    """Reserved for meetings of these parties (a stand); empty for everybody."""


@dataclass(frozen=True)
class Person:
    """Somebody who sits at tables, for one party."""

    party: int
    free: tuple[int, ...]
    """The slots in which she may sit in a meeting."""
    speaks: dict[str, Level]
    """Language (BCP 47) to level."""
    online: bool = False
    """Joins from elsewhere: her meetings are in online places."""
    most: int = 99
    """At most so many meetings; those in which she only sits in as a host count too."""
    engaged: tuple[tuple[int, int, int], ...] = ()
    """`(begins, ends, place)` in minutes: where else she has to be (a session). Her `free` leaves
    these slots out already; the place is given because she has to walk from there. Place -1: from
    no particular place."""


@dataclass(frozen=True)
class Party:
    """A company, university or office at the event, with the people it sent."""

    people: tuple[int, ...]
    floor: int = 3
    """It should have at least so many meetings, if it has so many wishes."""
    most: int = 99
    host: int = -1
    """A person who sits in on each of its meetings (the host of a delegation), or -1. Her own
    `party` may be another one, and several parties may share her."""


@dataclass(frozen=True)
class Interpreter:
    """Somebody who interprets between any two of the languages that she speaks fluently."""

    free: tuple[int, ...]
    speaks: dict[str, Level]
    online: bool = False
    """Works online only. Who is on site works in online places too."""
    most: int = 99
    run: int = 99
    """At most so many slots in a row; a slot without a meeting is a rest."""


@dataclass(frozen=True)
class Wish:
    """Two parties who should talk."""

    a: int
    b: int
    value: int
    """What holding it is worth: 1 to 100; see `Goals` for what the others are worth beside it."""
    must: bool = False
    people_a: tuple[int, ...] = ()
    """Who of party `a` may go; empty for any of its people."""
    people_b: tuple[int, ...] = ()
    slots: tuple[int, ...] = ()
    """Only in these slots; empty for any."""
    places: tuple[int, ...] = ()
    """Only in these places; empty for any."""
    after: tuple[int, ...] = ()
    """Wishes that, if they are met too, must be over before this one begins."""


@dataclass(frozen=True)
class Goals:
    """What counts beside the wishes' values, in points of these values, in the order of weight."""

    must: int = 1000
    """A must-meet that is held, on top of its value."""
    floor: int = 60
    """Each meeting that a party lacks to its floor."""
    breaks: int = 8
    """Each break: a stretch without a meeting between two meetings of a person, on one day, counted
    over the slots in which the person is free. Interpreters have none, nor has a person who is the
    host of any party (not even between meetings of her own)."""
    table: int = 1
    """Each time a person changes the table or the place between two consecutive meetings in one
    day, online places as well. Interpreters and people who are hosts are left out as above."""
    load: int = 1
    """Each meeting that the busiest interpreter has more than the fair share, which is the mean
    over all interpreters rounded up. A relay is a meeting for both of its interpreters."""


@dataclass(frozen=True)
class Problem:
    slots: tuple[Slot, ...]
    places: tuple[Place, ...]
    walks: tuple[tuple[int, ...], ...]
    """Minutes from place to place (a square; 0 on the diagonal)."""
    people: tuple[Person, ...]
    parties: tuple[Party, ...]
    wishes: tuple[Wish, ...]
    interpreters: tuple[Interpreter, ...] = ()
    needs: Level = Level.WORKING
    """A language is shared where both speak it at least so well."""
    relay: bool = False
    """Whether two interpreters may pass words on through English."""
    goals: Goals = field(default_factory=Goals)


@dataclass(frozen=True)
class Meeting:
    """A wish that is met."""

    wish: int
    slot: int
    place: int
    table: int
    """From 0, below the number of tables of the place in this slot."""
    person_a: int
    person_b: int
    language: str = ""
    """What the two speak with each other; empty where they are interpreted."""
    interpreters: tuple[int, ...] = ()
    """One; two with a relay, the first beside `person_a`."""


@dataclass(frozen=True)
class Score:
    """A plan in numbers; `points` is what the solver maximises."""

    points: int
    value: int
    held: int
    musts_missed: int
    below_floor: int
    """Parties that have fewer meetings than `min(floor, most, number of wishes)`."""
    floor_short: int
    """Meetings that these lack together."""
    breaks: int
    table_changes: int
    overload: int
    """Meetings of the busiest interpreter beyond the fair share."""


@dataclass(frozen=True)
class Plan:
    """Meetings that obey every hard rule, what they are worth and what nothing can exceed."""

    meetings: tuple[Meeting, ...]
    score: Score
    bound: float
    """No plan has more points than this (proven)."""
    seed: int = 0

    @property
    def gap(self) -> float:
        """How far below the bound, as a share of it: 0.02 is two per cent. The best possible plan
        is at most so much better."""
        return (self.bound - self.score.points) / abs(self.bound) if self.bound else 0.0
