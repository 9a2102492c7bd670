"""The routes of tours that overlap in time: one CP-SAT model, begun from the quick plan.

Per group a circuit over door and stations with optional stays; per station a cumulative limit of
people. The bound is the solver's, sharpened by what each group could see alone."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from saphan.engines.timetable.tours.alone import best_alone, candidates
from saphan.engines.timetable.tours.model import DOOR, Held, Problem, Stop, worth
from saphan.engines.timetable.tours.situation import Standing, earliest, hours, walk

Stops = dict[int, list[Stop]]


@dataclass
class Stay:
    """A group at a station: whether, and from when."""

    there: cp_model.IntVar
    begins: cp_model.IntVar
    stretch: cp_model.IntervalVar


class Model:
    """Everything about the routes of `members`. With `others`, which keep their routes, they are
    the groups of whole tours."""

    def __init__(self, problem: Problem, members: Sequence[int], standing: Sequence[Standing],
                 held: Held | None, others: Stops) -> None:
        self.problem, self.members, self.others = problem, members, others
        self.standing, self.held = standing, held
        self.cp = cp_model.CpModel()
        self.stays: dict[tuple[int, int], Stay] = {}
        self.used: dict[tuple[int, int, int], cp_model.IntVar] = {}
        self.worth: list[cp_model.LinearExprT] = []
        self.stops: dict[int, cp_model.LinearExprT] = {}
        for group in members:
            self._group(group)
        self._crowds()
        self._spread()
        self.cp.maximize(sum(self.worth))

    def _group(self, at: int) -> None:
        group, standing = self.problem.groups[at], self.standing[at]
        open_to = candidates(self.problem, at, standing, self.held)
        for station in open_to:
            self._stay(at, station)
        walked = self._circuit(at, open_to)
        seen = [self.stays[at, station].there for station in open_to]
        minutes = [self.problem.stations[station].minutes * self.stays[at, station].there
                   for station in open_to]
        self.stops[at] = sum(seen) + len(standing.past)
        last = self.cp.new_int_var(standing.ready, max(standing.ready, standing.ends), "")
        for station in open_to:
            stay = self.stays[at, station]
            self.cp.add(last >= stay.begins + self.problem.stations[station].minutes
                        ).only_enforce_if(stay.there)
        wait = self.cp.new_int_var(0, max(0, standing.ends - standing.ready), "")
        self.cp.add(wait + cp_model.LinearExpr.sum([*minutes, *walked]) == last - standing.ready)
        home = [walk(self.problem, group, station, DOOR) * self.used[at, station, DOOR]
                for station in open_to]
        if open_to:
            self.cp.add(last + sum(home) <= max(standing.ready, standing.ends))
            self.cp.add_no_overlap(self.stays[at, station].stretch for station in open_to)
        self._value(at, open_to, wait)

    def _stay(self, at: int, station: int) -> None:
        group, standing = self.problem.groups[at], self.standing[at]
        here = self.problem.stations[station]
        first = earliest(self.problem, group, standing, station)
        last = standing.ends - walk(self.problem, group, station, DOOR) - here.minutes
        stretches = hours(self.problem, station, self.held) or ((first, last + here.minutes),)
        when = [[max(first, begins), min(last, ends - here.minutes)]
                for begins, ends in stretches
                if max(first, begins) <= min(last, ends - here.minutes)]
        there = self.cp.new_bool_var("")
        begins = self.cp.new_int_var_from_domain(cp_model.Domain.from_intervals(when), "")
        self.stays[at, station] = Stay(there, begins, self.cp.new_optional_fixed_size_interval_var(
            begins, here.minutes, there, ""))

    def _circuit(self, at: int, open_to: Sequence[int]) -> list[cp_model.LinearExprT]:
        """Its order; returns the minutes walked, without the way home."""
        group, standing = self.problem.groups[at], self.standing[at]
        arcs: list[cp_model.ArcT] = []
        walked: list[cp_model.LinearExprT] = []
        empty = self.cp.new_bool_var("")
        arcs.append((0, 0, empty))
        for here, a in enumerate(open_to, 1):
            stay = self.stays[at, a]
            arcs.append((here, here, ~stay.there))
            out, back = self.cp.new_bool_var(""), self.cp.new_bool_var("")
            self.used[at, DOOR, a], self.used[at, a, DOOR] = out, back
            arcs += [(0, here, out), (here, 0, back)]
            walked.append(walk(self.problem, group, standing.where, a) * out)
            for there, b in enumerate(open_to, 1):
                if a != b:
                    used = self.cp.new_bool_var("")
                    self.used[at, a, b] = used
                    arcs.append((here, there, used))
                    way = walk(self.problem, group, a, b)
                    walked.append(way * used)
                    self.cp.add(self.stays[at, b].begins >= stay.begins
                                + self.problem.stations[a].minutes + way).only_enforce_if(used)
        self.cp.add_circuit(arcs)
        return walked

    def _value(self, at: int, open_to: Sequence[int], wait: cp_model.IntVar) -> None:
        problem, standing = self.problem, self.standing[at]
        group, goals = problem.groups[at], problem.goals
        past = {stop.station for stop in standing.past}
        gain: list[cp_model.LinearExprT] = [sum(worth(problem, at, one) for one in past)]
        for station, here in enumerate(problem.stations):
            if station in open_to:
                more = worth(problem, at, station) + (goals.must if here.must else 0)
                gain.append(more * self.stays[at, station].there)
            if here.must and station not in past:
                gain.append(-goals.must)
        alone = best_alone(problem, at, standing, self.held)
        if alone is not None and open_to:
            self.cp.add(sum(gain[1:]) <= alone.points)
            self.cp.add(sum(self.stays[at, one].there for one in open_to) <= alone.stops)
        self.worth += [group.people * each for each in gain]
        self.worth.append(-group.people * goals.wait * wait)
        if standing.past or standing.held:
            self._changes(at, open_to)

    def _changes(self, at: int, open_to: Sequence[int]) -> None:
        """A held stop that is not there at its minute, and a stop that is new."""
        price = self.problem.groups[at].people * self.problem.goals.change
        held = {stop.station: stop.begins for stop in self.standing[at].held}
        for station in open_to:
            stay = self.stays[at, station]
            if station not in held:
                self.worth.append(-price * stay.there)
                continue
            same = self.cp.new_bool_var("")
            self.cp.add_implication(same, stay.there)
            self.cp.add(stay.begins == held[station]).only_enforce_if(same)
            self.worth.append(-price * (1 - same))
        self.worth.append(-price * len(set(held) - set(open_to)))

    def _crowds(self) -> None:
        for station, here in enumerate(self.problem.stations):
            coming = [(self.stays[group, station].stretch, group) for group in self.members
                      if (group, station) in self.stays]
            stretches = [stretch for stretch, _ in coming]
            people = [self.problem.groups[group].people for _, group in coming]
            fixed = {group: self.standing[group].past for group in self.members} | {
                group: (*self.standing[group].past, *stops)
                for group, stops in self.others.items()}
            for group, stops in fixed.items():
                for stop in stops:
                    if stop.station == station and stop.ends > self.standing[group].now:
                        stretches.append(self.cp.new_fixed_size_interval_var(
                            stop.begins, stop.ends - stop.begins, ""))
                        people.append(self.problem.groups[group].people)
            if sum(people) > here.room:
                self.cp.add_cumulative(stretches, people, here.room)

    def _spread(self) -> None:
        problem = self.problem
        for tour in sorted({problem.groups[group].tour for group in self.members}):
            groups = [group for group in self.members if problem.groups[group].tour == tour]
            beside = [group for group in self.others if problem.groups[group].tour == tour]
            if len(groups) + len(beside) < 2:
                continue
            most, least = (self.cp.new_int_var(0, len(problem.stations), "") for _ in range(2))
            for group in groups:
                self.cp.add(most >= self.stops[group])
                self.cp.add(least <= self.stops[group])
            for group in beside:
                seen = len(self.standing[group].past) + len(self.others[group])
                self.cp.add(most >= seen)
                self.cp.add(least <= seen)
            self.cp.add(most >= least)
            people = sum(problem.groups[group].people for group in (*groups, *beside))
            self.worth.append(-problem.goals.equal * people * (most - least))

    def hint(self, stops: Stops) -> None:
        """Begin the search from these routes."""
        order: set[tuple[int, int, int]] = set()
        for group in self.members:
            way = [DOOR, *(stop.station for stop in stops[group]), DOOR]
            order |= {(group, a, b) for a, b in itertools.pairwise(way)}
        for key, used in self.used.items():
            self.cp.add_hint(used, key in order)
        begins = {(group, stop.station): stop.begins
                  for group in self.members for stop in stops[group]}
        for pair, stay in self.stays.items():
            self.cp.add_hint(stay.there, pair in begins)
            if pair in begins:
                self.cp.add_hint(stay.begins, begins[pair])

    def read(self, value: Callable[[cp_model.IntVar], int]) -> Stops:
        found: Stops = {group: [] for group in self.members}
        for (group, station), stay in self.stays.items():
            if value(stay.there):
                at = value(stay.begins)
                found[group].append(Stop(station, at, at + self.problem.stations[station].minutes))
        for stops in found.values():
            stops.sort(key=lambda stop: stop.begins)
        return found


class _Teller(cp_model.CpSolverSolutionCallback):
    def __init__(self, model: Model, tell: Callable[[Stops, float], None] | None,
                 stop: Callable[[], bool]) -> None:
        super().__init__()
        self.model, self.tell, self.stop = model, tell, stop

    def on_solution_callback(self) -> None:
        if self.tell is not None:
            self.tell(self.model.read(lambda var: int(self.value(var))), self.best_objective_bound)
        if self.stop():
            self.stop_search()


def solve(problem: Problem, members: Sequence[int], standing: Sequence[Standing],
          held: Held | None, start: Stops, *, seed: int, effort: float,
          others: Stops | None = None,
          tell: Callable[[Stops, float], None] | None = None,
          stop: Callable[[], bool] = lambda: False) -> tuple[Stops, float]:
    """The best routes found from `start` in `effort` (the solver's deterministic seconds), and the
    most points that routes of these groups can have, while `others` keep theirs."""
    model = Model(problem, members, standing, held, others or {})
    model.hint(start)
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = effort
    solver.parameters.num_workers = 1  # several would not give the same plan twice
    status = solver.solve(model.cp, _Teller(model, tell, stop))
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return model.read(lambda var: int(solver.value(var))), solver.best_objective_bound
    return start, solver.best_objective_bound if status != cp_model.MODEL_INVALID else float("inf")

