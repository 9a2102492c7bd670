"""What is to be toured, by whom, and what a plan of tours is. Plain values, named by position.

Times are minutes since any fixed moment, the same for the whole problem; a stretch `(a, b)` is
a <= minute < b. Languages are BCP 47 codes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from saphan.engines.timetable.problem import Level

DOOR = -1
"""Where every route begins and ends."""
NOBODY = -1


@dataclass(frozen=True)
class Station:
    """Something to see: an exhibit, a room, a table where something is tried."""

    minutes: int
    """How long a group stays."""
    room: int
    """People who can be here at once, of all groups together."""
    value: int = 50
    """What seeing it is worth, 1 to 100."""
    must: bool = False
    open: tuple[tuple[int, int], ...] = ()
    """When a group may be here; empty for always. A group is inside one stretch as a whole."""
    langs: tuple[str, ...] = ()
    """Languages of its texts; empty for all. To others it is worth half."""


@dataclass(frozen=True)
class Guide:
    """Somebody who leads groups, or interprets for them."""

    speaks: dict[str, Level]
    free: tuple[tuple[int, int], ...] = ()
    """Empty: the whole day."""
    run: int = 240
    """At most so many minutes without a rest of `Problem.rest` minutes."""
    leads: bool = True
    interprets: bool = False


@dataclass(frozen=True)
class Tour:
    """What begins together: a delegation, or a public tour. Its groups leave the door at `begins`
    at the earliest and are back `length` minutes later at the latest."""

    begins: int
    length: int
    guided: bool = True


@dataclass(frozen=True)
class Group:
    """People who walk together."""

    tour: int
    people: int
    languages: tuple[str, ...]
    """Whoever leads speaks all of them."""
    wishes: tuple[int, ...] = ()
    """Stations that are worth twice as much to it."""
    pace: int = 100
    """Per cent of the minutes that a walk takes; 150 for people who walk slowly."""


@dataclass(frozen=True)
class Goals:
    """What counts, in points of the stations' values, for each person of a group."""

    must: int = 1000
    """A must that a group does not see."""
    wait: int = 1
    """Each minute of waiting: before or between stations."""
    equal: int = 5
    """Each station that the group of a tour that sees fewest sees less than the one that sees
    most; for each person of the tour."""
    unguided: int = 1000
    """A group of a guided tour that nobody leads."""
    interpreted: int = 20
    """A group whose guide is interpreted."""
    level: int = 5
    """A group led in a language that the guide does not speak fluently."""
    load: int = 10
    """Each tour that the busiest has more than the fair share (the mean of those who can lead or
    interpret any group, rounded up). Once, not for each person."""
    change: int = 40
    """Each stop or guide of a plan that people hold, when it changes or is new."""


@dataclass(frozen=True)
class Problem:
    stations: tuple[Station, ...]
    walks: tuple[tuple[int, ...], ...]
    """Minutes on foot from station to station."""
    door: tuple[int, ...]
    """Minutes on foot between the door and each station."""
    tours: tuple[Tour, ...]
    groups: tuple[Group, ...]
    guides: tuple[Guide, ...] = ()
    needs: Level = Level.WORKING
    """A guide leads in a language spoken at least so well; interpreters are fluent."""
    changeover: int = 5
    """Minutes that a guide needs between two groups."""
    rest: int = 15
    goals: Goals = field(default_factory=Goals)


@dataclass(frozen=True)
class Stop:
    station: int
    begins: int
    ends: int


@dataclass(frozen=True)
class Route:
    """What one group sees, and with whom. `routes[3]` of a plan is of group 3."""

    stops: tuple[Stop, ...]
    lead: int = NOBODY
    interpreter: int = NOBODY


@dataclass(frozen=True)
class Held:
    """A plan that people hold, and the minute from which it may change. What began before `now`
    stays; late groups go on so many minutes later."""

    routes: tuple[Route, ...]
    now: int
    late: tuple[tuple[int, int], ...] = ()
    """Group, and minutes from now until it can walk on."""
    broken: tuple[tuple[int, int], ...] = ()
    """Station, and the minute at which it works again. Who is there at `now` leaves."""


@dataclass(frozen=True)
class Score:
    """A plan in numbers; `points` is what the solver maximises."""

    points: int
    seen: int
    """Stops of all groups."""
    value: int
    """Of the stations seen, times the people who see them."""
    musts_missed: int
    waiting: int
    """Minutes of all groups together."""
    spread: int
    """The largest difference of stations between two groups of one tour."""
    unguided: int
    interpreted: int
    overload: int
    changed: int = 0


@dataclass(frozen=True)
class Plan:
    routes: tuple[Route, ...]
    score: Score
    bound: float
    """No plan has more points (proven)."""
    seed: int = 0

    @property
    def gap(self) -> float:
        """How far below the bound, as a share of it."""
        return max(0.0, (self.bound - self.score.points) / abs(self.bound)) if self.bound else 0.0


def worth(problem: Problem, group: int, station: int) -> int:
    """What one person of a group gets from a station: twice its value where wished for, half where
    it has no text in any language of the group."""
    here, they = problem.stations[station], problem.groups[group]
    value = here.value * 2 if station in they.wishes else here.value
    known = not here.langs or any(one in here.langs for one in they.languages)
    return value if known else value // 2
