"""What a plan of routes is worth."""

from __future__ import annotations

from collections.abc import Sequence

from saphan.engines.timetable.tours.model import NOBODY, Problem, Route, Stop, worth
from saphan.engines.timetable.tours.situation import Standing, walk


def waiting(problem: Problem, group: int, standing: Standing, stops: Sequence[Stop]) -> int:
    """Minutes that a group waits before and between the stops that are still to be planned."""
    if not stops:
        return 0
    they = problem.groups[group]
    where, at = standing.where, standing.ready
    lost = 0
    for stop in stops:
        lost += stop.begins - at - walk(problem, they, where, stop.station)
        where, at = stop.station, stop.ends
    return lost


def changed(stops: Sequence[Stop], held: Sequence[Stop]) -> int:
    """Stops that moved, went or are new."""
    old = {stop.station: stop.begins for stop in held}
    new = {stop.station: stop.begins for stop in stops}
    return sum(old.get(station) != new.get(station) for station in {*old, *new})


def route_points(problem: Problem, members: Sequence[int], standing: Sequence[Standing],
                 stops: dict[int, list[Stop]]) -> int:
    """Points of the routes of some groups (whole tours), without the guides."""
    goals, points = problem.goals, 0
    counts: dict[int, list[int]] = {}
    people: dict[int, int] = {}
    for group in members:
        they = problem.groups[group]
        whole = (*standing[group].past, *stops[group])
        seen = {stop.station for stop in whole}
        missed = sum(one.must and at not in seen for at, one in enumerate(problem.stations))
        points += they.people * (
            sum(worth(problem, group, one) for one in seen) - goals.must * missed
            - goals.wait * waiting(problem, group, standing[group], stops[group])
            - goals.change * (changed(stops[group], standing[group].held)
                              if standing[group].past or standing[group].held else 0))
        counts.setdefault(they.tour, []).append(len(whole))
        people[they.tour] = people.get(they.tour, 0) + they.people
    return points - sum(goals.equal * people[tour] * (max(each) - min(each))
                        for tour, each in counts.items())


def overload(problem: Problem, routes: Sequence[Route], who: Sequence[int]) -> int:
    """Tours that the busiest guide has beyond the fair share of `who`."""
    loads = dict.fromkeys(who, 0)
    for route in routes:
        for guide in (route.lead, route.interpreter):
            if guide != NOBODY:
                loads[guide] = loads.get(guide, 0) + 1
    return max(loads.values()) - -(-sum(loads.values()) // len(loads)) if loads else 0
