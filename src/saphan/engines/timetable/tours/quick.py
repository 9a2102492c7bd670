"""A first plan in milliseconds: each group in turn goes where most is to be seen soonest."""

from __future__ import annotations

import heapq
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from saphan.engines.timetable.tours.model import Held, Problem, Stop, worth
from saphan.engines.timetable.tours.situation import Standing, earliest, hours, walk

NOISE = 0.35
TRIES = 40
ROUNDS = 1500


@dataclass
class Load:
    """Who is where, minute by minute."""

    problem: Problem
    held: Held | None = None
    used: dict[tuple[int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.hours = [hours(self.problem, at, self.held)
                      for at in range(len(self.problem.stations))]

    def put(self, group: int, stop: Stop) -> None:
        for minute in range(stop.begins, stop.ends):
            key = stop.station, minute
            self.used[key] = self.used.get(key, 0) + self.problem.groups[group].people

    def first(self, group: int, station: int, arrives: int, ends: int) -> int | None:
        """The first minute from `arrives` at which a group can begin a station and be done by
        `ends`."""
        here, people = self.problem.stations[station], self.problem.groups[group].people
        if people > here.room:
            return None
        at = arrives
        while at + here.minutes <= ends:
            if self.hours[station]:
                fitting = [max(begins, at) for begins, until in self.hours[station]
                           if max(begins, at) + here.minutes <= until]
                if not fitting:
                    return None
                at = min(fitting)
            full = [minute for minute in range(at, at + here.minutes)
                    if self.used.get((station, minute), 0) + people > here.room]
            if not full:
                return at if at + here.minutes <= ends else None
            at = full[-1] + 1
        return None


def quick(problem: Problem, members: Sequence[int], standing: Sequence[Standing],
          held: Held | None, dice: random.Random, noise: float,
          others: dict[int, list[Stop]] | None = None,
          begun: dict[int, list[Stop]] | None = None) -> dict[int, list[Stop]]:
    """New stops of the groups `members`, beside what `others` do, after those in `begun`. With
    noise, another plan each time."""
    load = Load(problem, held)
    for group, stops in (others or {}).items():
        for stop in (*standing[group].past, *stops):
            load.put(group, stop)
    for group in members:
        for stop in standing[group].past:
            load.put(group, stop)
    made: dict[int, list[Stop]] = {group: list((begun or {}).get(group, ())) for group in members}
    for group, stops in made.items():
        for stop in stops:
            load.put(group, stop)
    queue = [(made[group][-1].ends if made[group] else standing[group].ready,
              dice.random() if noise else group, group) for group in members]
    heapq.heapify(queue)
    while queue:
        _, _, group = heapq.heappop(queue)
        coming = _next(problem, group, standing[group], made[group], load, dice, noise)
        if coming is not None:
            made[group].append(coming)
            load.put(group, coming)
            heapq.heappush(queue, (coming.ends, dice.random() if noise else group, group))
    return made


def _next(problem: Problem, at: int, standing: Standing, made: list[Stop], load: Load,
          dice: random.Random, noise: float) -> Stop | None:
    group = problem.groups[at]
    seen = {stop.station for stop in (*standing.past, *made)}
    best: Stop | None = None
    best_rate = 0.0
    since = made[-1].ends if made else standing.ready
    for station, here in enumerate(problem.stations):
        if station in seen:
            continue
        arrives = (made[-1].ends + walk(problem, group, made[-1].station, station) if made
                   else earliest(problem, group, standing, station))
        back = standing.ends - walk(problem, group, station, -1)
        begins = load.first(at, station, arrives, back)
        if begins is None:
            continue
        gain = worth(problem, at, station) + (problem.goals.must / 10 if here.must else 0)
        rate = (gain / max(1, begins + here.minutes - since + (begins - arrives))
                * (1 + noise * dice.random()))
        if rate > best_rate:
            best, best_rate = Stop(station, begins, begins + here.minutes), rate
    return best
