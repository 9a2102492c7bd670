"""The best that one group could do with the house to itself: an upper bound for every plan.

A table over sets of stations: the earliest minute at which a group can have seen a set and be at
its last station. 2**n * n entries, so for at most `MOST` stations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saphan.engines.timetable.tours.model import DOOR, Held, Problem, worth
from saphan.engines.timetable.tours.situation import Standing, earliest, hours, walk

MOST = 14
NEVER = 10**7


@dataclass(frozen=True)
class Best:
    """What one person of a group can get at most from the stations it has not seen."""

    points: int
    """Values, with what missed musts cost taken off."""
    stops: int
    value: int
    length: int
    """Minutes from when it may go until all musts are seen and it is back; `NEVER` if they cannot
    be seen."""


def candidates(problem: Problem, at: int, standing: Standing, held: Held | None) -> list[int]:
    """Stations that a group could still see at all."""
    group, seen = problem.groups[at], {stop.station for stop in standing.past}
    found = []
    for station, here in enumerate(problem.stations):
        if station in seen or group.people > here.room:
            continue
        first = _opening(np.array([earliest(problem, group, standing, station)]), here.minutes,
                         hours(problem, station, held))[0]
        if first + here.minutes + walk(problem, group, station, DOOR) <= standing.ends:
            found.append(station)
    return found


def best_alone(problem: Problem, at: int, standing: Standing,
               held: Held | None = None) -> Best | None:
    """None where there are more than `MOST` stations to choose from."""
    goals = problem.goals
    open_to = candidates(problem, at, standing, held)
    missing = {one for one, here in enumerate(problem.stations) if here.must} - {
        stop.station for stop in standing.past}
    if len(open_to) > MOST:
        return None
    count = len(open_to)
    back = _back(problem, at, standing, held, open_to)
    sets = np.arange(1 << count)
    values = np.zeros(1 << count, dtype=np.int64)
    gains = np.zeros(1 << count, dtype=np.int64)
    musts = 0
    for bit, station in enumerate(open_to):
        inside = (sets >> bit) & 1
        values += inside * worth(problem, at, station)
        gains += inside * (goals.must if station in missing else 0)
        musts |= (station in missing) << bit
    stops = np.array([int(one).bit_count() for one in sets])
    fits = back <= standing.ends
    whole = back[(sets & musts) == musts]
    possible = missing <= set(open_to) or not missing
    return Best(
        points=int((values + gains)[fits].max()) - goals.must * len(missing),
        stops=int(stops[fits].max()), value=int(values[fits].max()),
        length=int(whole.min()) - standing.ready if possible else NEVER)


def _back(problem: Problem, at: int, standing: Standing, held: Held | None,
          open_to: list[int]) -> NDArray[np.int64]:
    """Per set of stations: the earliest minute at which a group that saw it is at the door."""
    group, count = problem.groups[at], len(open_to)
    done = np.full((1 << count, max(1, count)), NEVER, dtype=np.int64)
    opened = [hours(problem, station, held) for station in open_to]
    minutes = [problem.stations[station].minutes for station in open_to]
    for bit, station in enumerate(open_to):
        first = np.array([earliest(problem, group, standing, station)])
        done[1 << bit, bit] = _opening(first, minutes[bit], opened[bit])[0] + minutes[bit]
    sets = np.arange(1 << count)
    sizes = np.array([int(one).bit_count() for one in sets])
    for size in range(1, count):
        level = sets[sizes == size]
        for bit in range(count):
            into = level[(level >> bit) & 1 == 0]
            ways = np.array([walk(problem, group, one, open_to[bit]) for one in open_to])
            arrives = (done[into] + ways).min(axis=1)
            ends = _opening(arrives, minutes[bit], opened[bit]) + minutes[bit]
            target = into | (1 << bit)
            done[target, bit] = np.minimum(done[target, bit], ends)
    home = np.array([walk(problem, group, one, DOOR) for one in open_to] or [0])
    back: NDArray[np.int64] = (done + home).min(axis=1)
    back[0] = standing.ready + walk(problem, group, standing.where, DOOR)
    if not standing.past:
        back[0] = standing.ready
    back[0] = min(back[0], standing.ends)  # who is late already still has the empty rest
    return back


def _opening(arrives: NDArray[np.int64], minutes: int,
             opened: tuple[tuple[int, int], ...]) -> NDArray[np.int64]:
    """The first minute from `arrives` on at which a stay of `minutes` fits into the hours."""
    if not opened:
        return arrives
    best = np.full(arrives.shape, NEVER, dtype=np.int64)
    for begins, ends in opened:
        at = np.maximum(arrives, begins)
        best = np.where(at + minutes <= ends, np.minimum(best, at), best)
    return best
