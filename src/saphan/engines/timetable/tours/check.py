"""Looks at a plan of tours with no help of what made it: every hard rule again, in the plainest
way, minute by minute, and the score counted anew. Shares only the values of `model`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import ceil

from saphan.engines.timetable.tours.model import Held, Plan, Problem, Score


@dataclass(frozen=True)
class Broken:
    """A rule that a plan breaks; `at` are positions: of groups, stations, guides, minutes."""

    rule: str
    at: tuple[int, ...]


def check(problem: Problem, plan: Plan, held: Held | None = None) -> list[Broken]:
    """Everything that is wrong; an empty list for a plan that can be walked."""
    if len(plan.routes) != len(problem.groups):
        return [Broken("not_a_route_for_each_group", (len(plan.routes),))]
    found = [*_routes(problem, plan, held), *_crowds(problem, plan, held),
             *_leads(problem, plan), *_runs(problem, plan)]
    counted = score(problem, plan, held)
    if counted != plan.score:
        found.append(Broken("score", (counted.points, plan.score.points)))
    if plan.score.points > plan.bound + 1e-6:
        found.append(Broken("bound", (plan.score.points,)))
    return found


def _kept(held: Held | None, group: int) -> list[tuple[int, int, int]]:
    """Station, begin and end of what had begun when the plan was changed."""
    if held is None or group >= len(held.routes):
        return []
    broken = {station for station, _ in held.broken}
    return [(one.station, one.begins, held.now if one.station in broken and one.ends > held.now
             else one.ends) for one in held.routes[group].stops if one.begins < held.now]


def _minutes(plain: int, pace: int) -> int:
    return ceil(plain * pace / 100)


def _routes(problem: Problem, plan: Plan, held: Held | None) -> list[Broken]:
    found = []
    for at, (group, route) in enumerate(zip(problem.groups, plan.routes, strict=True)):
        tour = problem.tours[group.tour]
        stops = [(one.station, one.begins, one.ends) for one in route.stops]
        kept = _kept(held, at)
        if stops[:len(kept)] != kept:
            found.append(Broken("past", (at,)))
        if len({station for station, _, _ in stops}) < len(stops):
            found.append(Broken("twice", (at,)))
        free, where = tour.begins, -1
        for here, (station, begins, ends) in enumerate(stops):
            new = here >= len(kept)
            way = problem.door[station] if where < 0 else problem.walks[where][station]
            if begins < free + _minutes(way, group.pace):
                found.append(Broken("walk", (at, station)))
            if new and ends - begins != problem.stations[station].minutes:
                found.append(Broken("minutes", (at, station)))
            if new and held is not None and begins < held.now + dict(held.late).get(at, 0):
                found.append(Broken("too_soon", (at, station)))
            if new and not _is_open(problem, station, begins, ends, held):
                found.append(Broken("closed", (at, station)))
            free, where = ends, station
        back = tour.begins + tour.length
        if len(stops) > len(kept) and free + _minutes(problem.door[where], group.pace) > back:
            found.append(Broken("length", (at,)))
    return found


def _is_open(problem: Problem, station: int, begins: int, ends: int, held: Held | None) -> bool:
    hours = problem.stations[station].open
    works = all(one != station or begins >= back for one, back in (held.broken if held else ()))
    return works and (not hours or any(a <= begins and ends <= b for a, b in hours))


def _crowds(problem: Problem, plan: Plan, held: Held | None) -> list[Broken]:
    """People at each station in each minute."""
    there: Counter[tuple[int, int]] = Counter()
    for group, route in zip(problem.groups, plan.routes, strict=True):
        for stop in route.stops:
            for minute in range(stop.begins, stop.ends):
                there[stop.station, minute] += group.people
    return [Broken("crowd", key) for key, people in sorted(there.items())
            if people > problem.stations[key[0]].room]


def _leads(problem: Problem, plan: Plan) -> list[Broken]:
    found = []
    for at, (group, route) in enumerate(zip(problem.groups, plan.routes, strict=True)):
        if route.lead < 0:
            if route.interpreter >= 0:
                found.append(Broken("interpreter_alone", (at,)))
            continue
        lead = problem.guides[route.lead]
        if not problem.tours[group.tour].guided or not lead.leads:
            found.append(Broken("leads", (at, route.lead)))
        if route.interpreter < 0:
            if any(lead.speaks.get(one, 0) < problem.needs for one in group.languages):
                found.append(Broken("language", (at, route.lead)))
            continue
        other = problem.guides[route.interpreter]
        between = [one for one, level in other.speaks.items()
                   if level == 3 and lead.speaks.get(one, 0) >= problem.needs]
        if (not other.interprets or not between or route.interpreter == route.lead
                or any(other.speaks.get(one, 0) < 3 for one in group.languages)):
            found.append(Broken("interpreter", (at, route.interpreter)))
    return found


def _runs(problem: Problem, plan: Plan) -> list[Broken]:
    """Guides: free, in one place at once, rested."""
    found = []
    for at, guide in enumerate(problem.guides):
        turns = sorted((problem.tours[group.tour].begins,
                        problem.tours[group.tour].begins + problem.tours[group.tour].length)
                       for group, route in zip(problem.groups, plan.routes, strict=True)
                       for one in (route.lead, route.interpreter) if one == at)
        since = until = None
        for begins, ends in turns:
            if guide.free and not any(a <= begins and ends <= b for a, b in guide.free):
                found.append(Broken("guide_not_free", (at, begins)))
            if until is not None and begins < until + problem.changeover:
                found.append(Broken("guide_twice", (at, begins)))
            if since is None or until is None or begins - until >= problem.rest:
                since = begins
            if ends - since > guide.run:
                found.append(Broken("guide_run", (at, begins)))
            until = ends
    return found


def score(problem: Problem, plan: Plan, held: Held | None = None) -> Score:
    """The plan in numbers, counted from nothing but the plan."""
    goals, points, value, waits, missed, changes = problem.goals, 0, 0, 0, 0, 0
    numbers: dict[int, list[int]] = {}
    crowd: Counter[int] = Counter()
    for at, (group, route) in enumerate(zip(problem.groups, plan.routes, strict=True)):
        seen = [stop.station for stop in route.stops]
        mine = sum(_value(problem, at, one) for one in seen)
        lacking = len([1 for one, here in enumerate(problem.stations)
                       if here.must and one not in seen])
        waited = _waited(problem, plan, held, at)
        moved = _moved(plan, held, at)
        known = held is not None and at < len(held.routes)
        other = known and held is not None and (
            (route.lead, route.interpreter) != (held.routes[at].lead, held.routes[at].interpreter))
        had_stops = held is not None and known and bool(held.routes[at].stops)
        points += group.people * (
            mine - goals.must * lacking - goals.wait * waited + _escort(problem, plan, at)
            - goals.change * ((moved if had_stops else 0) + bool(other)))
        value, missed, waits = value + group.people * mine, missed + lacking, waits + waited
        changes += (moved + bool(other)) if known else 0
        numbers.setdefault(group.tour, []).append(len(seen))
        crowd[group.tour] += group.people
    points -= sum(goals.equal * crowd[tour] * (max(each) - min(each))
                  for tour, each in numbers.items())
    overload = _overload(problem, plan)
    alone = [route.lead < 0 and problem.tours[group.tour].guided
             for group, route in zip(problem.groups, plan.routes, strict=True)]
    return Score(
        points=points - goals.load * overload, value=value, musts_missed=missed, waiting=waits,
        seen=sum(len(route.stops) for route in plan.routes), unguided=sum(alone),
        spread=max((max(each) - min(each) for each in numbers.values()), default=0),
        interpreted=sum(route.interpreter >= 0 for route in plan.routes), overload=overload,
        changed=changes)


def _value(problem: Problem, at: int, station: int) -> int:
    group, here = problem.groups[at], problem.stations[station]
    value = here.value + (here.value if station in group.wishes else 0)
    return value if not here.langs or set(here.langs) & set(group.languages) else value // 2


def _waited(problem: Problem, plan: Plan, held: Held | None, at: int) -> int:
    """Minutes of waiting in what was still to be planned."""
    group, kept = problem.groups[at], _kept(held, at)
    stops = [(one.station, one.begins, one.ends) for one in plan.routes[at].stops]
    free, where = problem.tours[group.tour].begins, -1
    if kept:
        free, where = kept[-1][2], kept[-1][0]
    if held is not None and at in dict(held.late):
        free = max(free, held.now + dict(held.late)[at])
    lost = 0
    for station, begins, ends in stops[len(kept):]:
        way = problem.door[station] if where < 0 else problem.walks[where][station]
        lost += begins - free - _minutes(way, group.pace)
        free, where = ends, station
    return lost


def _moved(plan: Plan, held: Held | None, at: int) -> int:
    if held is None or at >= len(held.routes):
        return 0
    old = {one.station: one.begins for one in held.routes[at].stops if one.begins >= held.now}
    past = {station for station, _, _ in _kept(held, at)}
    new = {one.station: one.begins for one in plan.routes[at].stops if one.station not in past}
    return len([1 for one in {**old, **new} if old.get(one) != new.get(one)])


def _escort(problem: Problem, plan: Plan, at: int) -> int:
    group, route, goals = problem.groups[at], plan.routes[at], problem.goals
    if not problem.tours[group.tour].guided:
        return 0
    if route.lead < 0:
        return -goals.unguided
    if route.interpreter >= 0:
        return -goals.interpreted
    fluent = all(problem.guides[route.lead].speaks.get(one, 0) == 3 for one in group.languages)
    return 0 if fluent else -goals.level


def _overload(problem: Problem, plan: Plan) -> int:
    """Tours of the busiest beyond the mean, rounded up, of those who could be chosen at all."""
    able = {one for at in range(len(problem.groups)) for one in _able(problem, at)}
    turns = Counter(one for route in plan.routes for one in (route.lead, route.interpreter)
                    if one >= 0)
    return max(turns.values(), default=0) - ceil(sum(turns.values()) / len(able)) if able else 0


def _able(problem: Problem, at: int) -> set[int]:
    group = problem.groups[at]
    tour = problem.tours[group.tour]
    back = tour.begins + tour.length
    if not tour.guided:
        return set()
    there = [(one, guide) for one, guide in enumerate(problem.guides)
             if tour.length <= guide.run and (not guide.free or any(
                 a <= tour.begins and back <= b for a, b in guide.free))]
    found = set()
    for one, guide in there:
        if not guide.leads:
            continue
        if all(guide.speaks.get(lang, 0) >= problem.needs for lang in group.languages):
            found.add(one)
            continue
        for another, other in there:
            if (another != one and other.interprets
                    and all(other.speaks.get(lang, 0) == 3 for lang in group.languages)
                    and any(level >= problem.needs and other.speaks.get(lang, 0) == 3
                            for lang, level in guide.speaks.items())):
                found |= {one, another}
    return found
