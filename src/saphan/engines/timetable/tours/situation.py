"""Where each group stands when planning begins: at the door, or in the middle of a route."""

from __future__ import annotations

from dataclasses import dataclass, replace

from saphan.engines.timetable.tours.model import DOOR, Group, Held, Problem, Stop

FIRST = -(10**6)


@dataclass(frozen=True)
class Standing:
    """A group from here on."""

    where: int
    """A station, or `DOOR`."""
    ready: int
    """From this minute on it may walk on."""
    ends: int
    """It is back at the door then, at the latest."""
    past: tuple[Stop, ...]
    """Stops that stay as they are."""
    held: tuple[Stop, ...]
    """Stops that it expects and that may change."""
    now: int
    """No new stop begins before."""


def standings(problem: Problem, held: Held | None) -> list[Standing]:
    """One for each group."""
    return [_standing(problem, at, group, held) for at, group in enumerate(problem.groups)]


def _standing(problem: Problem, at: int, group: Group, held: Held | None) -> Standing:
    tour = problem.tours[group.tour]
    ends = tour.begins + tour.length
    if held is None or at >= len(held.routes):
        return Standing(DOOR, tour.begins, ends, (), (),
                        now=FIRST if held is None else held.now)
    past, coming = [], []
    for stop in held.routes[at].stops:
        if stop.begins >= held.now:
            coming.append(stop)
        elif stop.ends > held.now and stop.station in dict(held.broken):
            past.append(replace(stop, ends=held.now))
        else:
            past.append(stop)
    ready = past[-1].ends if past else tour.begins
    late = dict(held.late)
    if at in late:
        ready = max(ready, held.now + late[at])
    return Standing(past[-1].station if past else DOOR, ready, ends, tuple(past), tuple(coming),
                    now=held.now)


def earliest(problem: Problem, group: Group, standing: Standing, station: int) -> int:
    """The first minute at which a group can be at a station, straight from where it stands. It is
    on its way to its next stop already; to go elsewhere it starts now."""
    way = walk(problem, group, standing.where, station)
    if standing.held and standing.held[0].station == station:
        return max(standing.now, standing.ready + way)
    return max(standing.now, standing.ready) + way


def walk(problem: Problem, group: Group, a: int, b: int) -> int:
    """Minutes that a group walks from a to b; either may be `DOOR`."""
    if a == DOOR or b == DOOR:
        plain = 0 if a == b else problem.door[max(a, b)]
    else:
        plain = problem.walks[a][b]
    return -(-plain * group.pace // 100)


def hours(problem: Problem, station: int, held: Held | None) -> tuple[tuple[int, int], ...]:
    """When groups may be at a station, without the time in which it is broken; () for always."""
    opened = problem.stations[station].open
    broken = dict(held.broken) if held else {}
    if held is None or station not in broken:
        return opened
    back = broken[station]
    whole = opened or ((FIRST, -FIRST),)
    return tuple(piece for begins, ends in whole
                 for piece in ((begins, min(ends, held.now)), (max(begins, back), ends))
                 if piece[0] < piece[1]) or ((0, 0),)
