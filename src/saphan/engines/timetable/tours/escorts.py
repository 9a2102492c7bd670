"""Who leads which group: a small exact model, since tours begin and end at known minutes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from ortools.sat.python import cp_model

from saphan.engines.timetable.problem import Level
from saphan.engines.timetable.tours.model import NOBODY, Group, Guide, Held, Problem, Tour

EFFORT = 4.0


@dataclass(frozen=True)
class Escorts:
    """Per group `(lead, interpreter)`; `points` below 0 are what it costs, `bound` the least."""

    pairs: tuple[tuple[int, int], ...]
    points: int
    bound: float


@dataclass(frozen=True)
class _Option:
    lead: int
    interpreter: int
    cost: int


def assign(problem: Problem, held: Held | None = None, *, seed: int = 0,
           effort: float = EFFORT) -> Escorts:
    """Guides for the groups of guided tours, at the lowest cost. `effort`: the solver's own
    deterministic seconds."""
    model = cp_model.CpModel()
    cost: list[cp_model.LinearExprT] = []
    uses: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
    chosen: list[list[tuple[_Option, cp_model.IntVar]]] = []
    for at, group in enumerate(problem.groups):
        options = list(_options(problem, at, group, held))
        row = [(option, model.new_bool_var("")) for option in options]
        model.add_exactly_one(var for _, var in row)
        for option, var in row:
            cost.append(option.cost * var)
            for guide in (option.lead, option.interpreter):
                if guide != NOBODY:
                    uses[guide, group.tour].append(var)
        chosen.append(row)
    _limits(problem, model, uses)
    _load(problem, model, uses, cost)
    model.minimize(sum(cost))
    solver = _solver(seed, effort)
    solver.solve(model)
    pairs = tuple(next(((option.lead, option.interpreter) for option, var in row
                        if solver.boolean_value(var)), (NOBODY, NOBODY)) for row in chosen)
    return Escorts(pairs, -round(solver.objective_value), -solver.best_objective_bound)


def useful(problem: Problem) -> list[int]:
    """Guides who may be chosen for some group: the fair share is counted over them."""
    return sorted({guide for at, group in enumerate(problem.groups)
                   for option in _options(problem, at, group, None)
                   for guide in (option.lead, option.interpreter) if guide != NOBODY})


def _solver(seed: int, effort: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = effort
    return solver


def _options(problem: Problem, at: int, group: Group, held: Held | None) -> Iterator[_Option]:
    """Nobody, each guide who can, each guide with each interpreter who can."""
    tour, goals = problem.tours[group.tour], problem.goals
    old = held.routes[at] if held and at < len(held.routes) else None

    def option(lead: int, interpreter: int, price: int) -> _Option:
        if old and (old.lead, old.interpreter) != (lead, interpreter):
            price += goals.change
        return _Option(lead, interpreter, price * group.people)

    if not tour.guided:
        yield option(NOBODY, NOBODY, 0)
        return
    yield option(NOBODY, NOBODY, goals.unguided)
    there = [(here, guide) for here, guide in enumerate(problem.guides) if is_free(guide, tour)]
    tongues = [(here, guide) for here, guide in there if guide.interprets
               and speaks(guide, group.languages, Level.FLUENT)]
    for here, guide in there:
        if not guide.leads:
            continue
        if speaks(guide, group.languages, problem.needs):
            fluent = speaks(guide, group.languages, Level.FLUENT)
            yield option(here, NOBODY, 0 if fluent else goals.level)
        else:
            for there_too, other in tongues:
                if there_too != here and _understand(guide, other, problem.needs):
                    yield option(here, there_too, goals.interpreted)


def is_free(guide: Guide, tour: Tour) -> bool:
    ends = tour.begins + tour.length
    return tour.length <= guide.run and (not guide.free or any(
        begins <= tour.begins and ends <= until for begins, until in guide.free))


def speaks(guide: Guide, languages: tuple[str, ...], level: Level) -> bool:
    return all(guide.speaks.get(one, 0) >= level for one in languages)


def _understand(guide: Guide, interpreter: Guide, needs: Level) -> bool:
    return any(level >= needs and interpreter.speaks.get(one, 0) >= Level.FLUENT
               for one, level in guide.speaks.items())


def _limits(problem: Problem, model: cp_model.CpModel,
            uses: dict[tuple[int, int], list[cp_model.IntVar]]) -> None:
    """One place at once, with the changeover; and no run without a rest that is too long."""
    for guide in {guide for guide, _ in uses}:
        tours = sorted((tour for who, tour in uses if who == guide),
                       key=lambda tour: (problem.tours[tour].begins, tour))
        for at, first in enumerate(tours):
            begins = problem.tours[first].begins
            with_it = [tour for tour in tours[:at + 1] if problem.tours[tour].begins
                       + problem.tours[tour].length + problem.changeover > begins]
            model.add_at_most_one(var for tour in with_it for var in uses[guide, tour])
        for chain in _too_long(problem, problem.guides[guide].run, tours):
            model.add(sum(var for tour in chain for var in uses[guide, tour]) < len(chain))


def _too_long(problem: Problem, run: int, tours: list[int]) -> Iterator[tuple[int, ...]]:
    """Shortest chains of tours with no rest between that last longer than `run` together."""
    def follow(chain: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        first, last = problem.tours[chain[0]], problem.tours[chain[-1]]
        ends = last.begins + last.length
        if ends - first.begins > run:
            yield chain
            return
        for tour in tours:
            gap = problem.tours[tour].begins - ends
            if problem.changeover <= gap < problem.rest:
                yield from follow((*chain, tour))

    for tour in tours:
        yield from follow((tour,))


def _load(problem: Problem, model: cp_model.CpModel,
          uses: dict[tuple[int, int], list[cp_model.IntVar]],
          cost: list[cp_model.LinearExprT]) -> None:
    who = sorted({guide for guide, _ in uses})
    if not who:
        return
    groups = len(problem.groups)
    busiest, total = (model.new_int_var(0, 2 * groups, "") for _ in range(2))
    fair = model.new_int_var(0, 2 * groups, "")
    over = model.new_int_var(0, 2 * groups, "")
    counts = [sum(var for (one, _), row in uses.items() if one == guide for var in row)
              for guide in who]
    model.add(total == sum(counts))
    for count in counts:
        model.add(busiest >= count)
    model.add(fair * len(who) >= total)
    model.add(fair * len(who) <= total + len(who) - 1)
    model.add(over >= busiest - fair)
    cost.append(problem.goals.load * over)
