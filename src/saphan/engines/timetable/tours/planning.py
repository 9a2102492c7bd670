"""Plan tours: first quickly, then better, with a bound. The same seed and effort give the same
plan."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from saphan.engines.timetable.tours import count, escorts, routes
from saphan.engines.timetable.tours.alone import MOST, best_alone
from saphan.engines.timetable.tours.model import Held, Plan, Problem, Route, Score, Stop, worth
from saphan.engines.timetable.tours.quick import NOISE, ROUNDS, TRIES, Load, quick
from saphan.engines.timetable.tours.situation import Standing, earliest, standings, walk

Stops = dict[int, list[Stop]]
Progress = Callable[[Plan], None]
EFFORT = 20.0
FEW, PIECE = 3, 0.4
"""Groups that are planned anew together, and the effort of one such attempt."""
PARTS, WHOLE = 0.5, 6
"""Share of the effort that goes there; up to so many groups are also solved as a whole, which
proves a bound."""


def plan(problem: Problem, *, held: Held | None = None, seed: int = 0, effort: float = EFFORT,
         progress: Progress | None = None, stop: Callable[[], bool] = lambda: False) -> Plan:
    """The best plan within `effort` (deterministic seconds of the solver, for all tours together).

    `held`: people hold a plan already; what changes in it has its price. `progress` is called
    with the first plan and each better one. `stop` is asked now and then."""
    return _Run(problem, held, seed, effort, progress, stop).run()


class _Run:
    def __init__(self, problem: Problem, held: Held | None, seed: int, effort: float,
                 progress: Progress | None, stop: Callable[[], bool]) -> None:
        self.problem, self.held, self.seed = problem, held, seed
        self.effort, self.progress, self.stop = effort, progress, stop
        self.standing = standings(problem, held)
        self.parts = components(problem)
        self.stops: Stops = {}
        self.bounds: dict[int, float] = {}

    def run(self) -> Plan:
        self.escorts = escorts.assign(self.problem, self.held, seed=self.seed)
        for at, members in enumerate(self.parts):
            self.stops |= first(self.problem, members, self.standing, self.held, self.seed)
            self.bounds[at] = alone_bound(self.problem, members, self.standing, self.held)
        if self.progress:
            self.progress(self._plan())
        for at, members in enumerate(self.parts):
            if not self.stop():
                self.bounds[at] = min(self.bounds[at], self._each_alone(members))
                self._better(at, members)
        return self._plan()

    def _each_alone(self, members: list[int]) -> float:
        """Where there are too many stations for a table: the same bound, by the solver."""
        if len(self.problem.stations) <= MOST:
            return float("inf")
        total, known = 0.0, dict[object, float]()
        for at in members:
            here = self.problem.groups[at], self.standing[at]
            if here not in known:
                known[here] = routes.solve(
                    self.problem, [at], self.standing, self.held, {at: self.stops[at]},
                    seed=self.seed, effort=self._piece(), stop=self.stop)[1]
            total += known[here]
        return total

    def _piece(self) -> float:
        """Effort that grows with the number of walks between stations."""
        return PIECE * max(1.0, (len(self.problem.stations) / 12) ** 2)

    def _better(self, at: int, members: list[int]) -> None:
        def tell(stops: Stops, bound: float) -> None:
            """What the solver finds first may be worse than what we have."""
            self.bounds[at] = min(self.bounds[at], bound)
            if self._points(members, self.stops | stops) <= self._points(members, self.stops):
                return
            self.stops |= stops
            if self.progress:
                self.progress(self._plan())

        effort = self.effort * len(members) / len(self.problem.groups)
        effort -= self._by_parts(members, effort * PARTS, tell)
        if self.stop() or len(members) > WHOLE:
            return
        stops, bound = routes.solve(
            self.problem, members, self.standing, self.held,
            {group: self.stops[group] for group in members}, seed=self.seed,
            effort=effort, tell=tell, stop=self.stop)
        if self._points(members, self.stops | stops) > self._points(members, self.stops):
            self.stops |= stops
        self.bounds[at] = min(self.bounds[at], bound)

    def _points(self, members: list[int], stops: Stops) -> int:
        return count.route_points(self.problem, members, self.standing, stops)

    def _by_parts(self, members: list[int], effort: float,
                  tell: Callable[[Stops, float], None]) -> float:
        """Better routes for a few groups at a time, while the others stay. Returns the effort."""
        if len(members) <= FEW:
            return 0.0
        if len(members) > WHOLE:
            effort /= PARTS
        dice, spent = random.Random(self.seed), 0.0  # noqa: S311  not for secrets
        points = self._points(members, self.stops)
        while spent < effort and not self.stop():
            again = sorted(dice.sample(members, FEW))
            others = {group: self.stops[group] for group in members if group not in again}
            stops, _ = routes.solve(
                self.problem, again, self.standing, self.held,
                {group: self.stops[group] for group in again}, seed=dice.randrange(2**30),
                effort=self._piece(), others=others, stop=self.stop)
            spent += self._piece()
            found = self._points(members, others | stops)
            if found >= points:
                if found > points:
                    tell(stops, float("inf"))
                self.stops |= stops
                points = found
        return spent

    def _plan(self) -> Plan:
        made = tuple(
            Route((*self.standing[at].past, *self.stops[at]), *self.escorts.pairs[at])
            for at in range(len(self.problem.groups)))
        score = self._score(made)
        bound = sum(self.bounds.values()) + self.escorts.bound
        return Plan(made, score, max(bound, score.points), self.seed)

    def _score(self, made: Sequence[Route]) -> Score:
        problem, groups = self.problem, self.problem.groups
        points = self.escorts.points + sum(
            count.route_points(problem, members, self.standing, self.stops)
            for members in self.parts)
        seen = [{stop.station for stop in route.stops} for route in made]
        counts: dict[int, list[int]] = {}
        for group, stations in zip(groups, seen, strict=True):
            counts.setdefault(group.tour, []).append(len(stations))
        guided = [at for at, group in enumerate(groups) if problem.tours[group.tour].guided]
        return Score(
            points=points, seen=sum(map(len, seen)),
            value=sum(groups[at].people * worth(problem, at, one)
                      for at, stations in enumerate(seen) for one in stations),
            musts_missed=sum(here.must and one not in stations for stations in seen
                             for one, here in enumerate(problem.stations)),
            waiting=sum(count.waiting(problem, at, self.standing[at], self.stops[at])
                        for at in range(len(groups))),
            spread=max((max(each) - min(each) for each in counts.values()), default=0),
            unguided=sum(made[at].lead < 0 for at in guided),
            interpreted=sum(made[at].interpreter >= 0 for at in guided),
            overload=count.overload(problem, made, escorts.useful(problem)),
            changed=self._changed(made))

    def _changed(self, made: Sequence[Route]) -> int:
        """Stops and guides that differ from what people hold."""
        if self.held is None:
            return 0
        return sum(
            count.changed(self.stops[at], self.standing[at].held)
            + ((route.lead, route.interpreter)
               != (self.held.routes[at].lead, self.held.routes[at].interpreter))
            for at, route in enumerate(made) if at < len(self.held.routes))


def components(problem: Problem) -> list[list[int]]:
    """Groups whose tours overlap in time, directly or through others: only they can crowd each
    other."""
    found: list[list[int]] = []
    until: float = float("-inf")
    for tour in sorted(range(len(problem.tours)), key=lambda at: problem.tours[at].begins):
        members = [at for at, group in enumerate(problem.groups) if group.tour == tour]
        if problem.tours[tour].begins >= until or not found:
            found.append([])
        found[-1] += members
        until = max(until, problem.tours[tour].begins + problem.tours[tour].length)
    return [sorted(members) for members in found if members]


def first(problem: Problem, members: Sequence[int], standing: Sequence[Standing],
          held: Held | None, seed: int) -> Stops:
    """The best of some quick plans; for a plan that people hold, also what still holds of it."""
    dice = random.Random(seed)  # noqa: S311  not for secrets
    tries = [quick(problem, members, standing, held, dice, NOISE if at else 0.0)
             for at in range(TRIES)]
    if held is not None:
        kept = keeping(problem, members, standing, held)
        tries += [kept, quick(problem, members, standing, held, dice, 0.0, begun=kept)]
    best = max(tries, key=lambda one: count.route_points(problem, members, standing, one))
    points = count.route_points(problem, members, standing, best)
    for _ in range(ROUNDS if len(members) > 1 else 0):
        again = dice.sample(list(members), min(len(members), dice.choice((1, 1, 2))))
        others = {group: stops for group, stops in best.items() if group not in again}
        cut = held is not None or dice.random() < 0.5
        begun = {group: best[group][:dice.randint(0, len(best[group]))] if cut else []
                 for group in again}
        other = others | quick(problem, again, standing, held, dice, NOISE, others, begun)
        worth_it = count.route_points(problem, members, standing, other)
        if worth_it >= points:
            best, points = other, worth_it
    return best


def keeping(problem: Problem, members: Sequence[int], standing: Sequence[Standing],
            held: Held) -> Stops:
    """What still holds of a plan: of each group the stops that can stay, in order."""
    load = Load(problem, held)
    kept: Stops = {}
    for group in members:
        for stop in standing[group].past:
            load.put(group, stop)
    for group in members:
        they, here, where = problem.groups[group], standing[group], -1
        kept[group] = []
        for stop in here.held:
            arrives = (earliest(problem, they, here, stop.station) if not kept[group] else
                       kept[group][-1].ends + walk(problem, they, where, stop.station))
            back = here.ends - walk(problem, they, stop.station, -1)
            begins = load.first(group, stop.station, max(arrives, stop.begins), back)
            if begins == stop.begins:
                load.put(group, stop)
                kept[group].append(stop)
                where = stop.station
    return kept


def alone_bound(problem: Problem, members: Sequence[int], standing: Sequence[Standing],
                held: Held | None) -> float:
    """No routes of these groups have more points: each alone in the house."""
    total = 0
    for group in members:
        best = best_alone(problem, group, standing[group], held)
        if best is None:
            points = sum(worth(problem, group, one) for one in range(len(problem.stations)))
        else:
            points = best.points + sum(worth(problem, group, stop.station)
                                       for stop in standing[group].past)
        total += problem.groups[group].people * points
    return float(total)
