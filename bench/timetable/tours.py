"""Guided tours: routes for groups over exhibits, beside what is usually done.

    python bench/timetable/tours.py [--effort 20] [--seed 1] [--only NAME]

`same order`: every group walks the same route (nearest next exhibit first, musts first of all), a
new group leaves the door as soon as the first exhibit has room, and waits wherever it is full.
`same order, no waiting`: groups start every five minutes and go in whether there is room or not,
as a guide with a schedule does: the minutes in which an exhibit holds more people than it may are
counted as crowding. `first`: our quick plan. `plan`: after the solver. The independent checker
looks at every plan. CPU-s are of this process; the loading of the solver is not counted."""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

from saphan.engines.timetable.problem import Level
from saphan.engines.timetable.tours import planning
from saphan.engines.timetable.tours.check import check
from saphan.engines.timetable.tours.model import (
    Guide,
    Held,
    Plan,
    Problem,
    Station,
    Stop,
    Tour,
    worth,
)
from saphan.engines.timetable.tours.situation import walk
from saphan.engines.timetable.tours.split import Part, split

F, W = Level.FLUENT, Level.WORKING
GUIDES = (
    Guide({"zh": F, "en": F}),
    Guide({"zh": F, "vi": W}),
    Guide({"th": F, "en": W}),
    Guide({"en": F, "zh": F}, interprets=True),
    Guide({"vi": F, "en": F}, interprets=True),
    Guide({"th": F, "zh": F}),
    Guide({"zh": F}),
    Guide({"en": F, "id": F}),
    Guide({"km": F, "en": F}),
    Guide({"zh": F, "th": W}),
    Guide({"vi": F, "zh": F}),
    Guide({"en": F, "th": F}, interprets=True),
)
SIXTY = (Part("zh", 25), Part("th", 15), Part("vi", 12), Part("en", 8))


def hall(seed: int, exhibits: int = 12) -> tuple[tuple[Station, ...], list[tuple[int, int]]]:
    """Exhibits in a hall of 60 by 30 metres; three of them musts."""
    dice = random.Random(seed)
    at = [(dice.randrange(60), dice.randrange(30)) for _ in range(exhibits)]
    return tuple(
        Station(
            dice.choice((5, 6, 8, 10)),
            dice.choice((15, 20, 30)),
            dice.choice((20, 40, 60, 80)),
            must=one < 3,
        )
        for one in range(exhibits)
    ), at


def house(seed: int, begins: list[int], length: int = 90, exhibits: int = 12) -> Problem:
    """Sixty people in four languages at each of these minutes."""
    stations, at = hall(seed, exhibits)
    walks = tuple(
        tuple(0 if a == b else 1 + (abs(a[0] - b[0]) + abs(a[1] - b[1])) // 30 for b in at)
        for a in at
    )
    groups = [
        one for tour in range(len(begins)) for one in split(SIXTY, tour, most=15, guides=GUIDES)
    ]
    return Problem(
        stations,
        walks,
        tuple(1 + (x + y) // 30 for x, y in at),
        tuple(Tour(one, length) for one in begins),
        tuple(groups),
        GUIDES,
    )


CASES = {
    "60 people, 12 exhibits, 90 min": lambda seed: house(seed, [600]),
    "60 people, 12 exhibits, 60 min": lambda seed: house(seed, [600], 60),
    "120 people at once, 12 exhibits": lambda seed: house(seed, [600, 615]),
    "120 people at once, 20 exhibits": lambda seed: house(seed, [600, 615], 90, 20),
    "300 people a day, 5 tours apart": lambda seed: house(
        seed, [540 + 95 * one for one in range(5)]
    ),
    "300 people a day, tours overlap": lambda seed: house(
        seed, [540 + 60 * one for one in range(5)]
    ),
}


def usual_order(problem: Problem) -> list[int]:
    left, where, order = set(range(len(problem.stations))), -1, []
    while left:
        ways = problem.door if where < 0 else problem.walks[where]
        where = min((not problem.stations[one].must, ways[one], one) for one in left)[2]
        left.remove(where)
        order.append(where)
    return order


def usual(problem: Problem, *, careful: bool) -> tuple[list[list[Stop]], int, int]:
    """Routes, waiting minutes, and minutes in which an exhibit is too full."""
    used: Counter[tuple[int, int]] = Counter()
    routes, waited = [], 0
    started: Counter[int] = Counter()
    for group in problem.groups:
        tour, stops, where = problem.tours[group.tour], [], -1
        now = tour.begins + (0 if careful else 5 * started[group.tour])
        waited += now - tour.begins
        started[group.tour] += 1
        for station in usual_order(problem):
            here = problem.stations[station]
            at = arrives = now + walk(problem, group, where, station)
            while careful and any(
                used[station, minute] + group.people > here.room
                for minute in range(at, at + here.minutes)
            ):
                at += 1
            if at + here.minutes + walk(problem, group, station, -1) > tour.begins + tour.length:
                break
            waited += at - arrives
            stops.append(Stop(station, at, at + here.minutes))
            for minute in range(at, at + here.minutes):
                used[station, minute] += group.people
            now, where = at + here.minutes, station
        routes.append(stops)
    crowded = sum(people > problem.stations[station].room for (station, _), people in used.items())
    return routes, waited, crowded


def line(name: str, *cells: object) -> None:
    print(f"| {name} | " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def numbers(problem: Problem, routes: list[list[Stop]]) -> tuple[int, int, int]:
    seen = [{stop.station for stop in stops} for stops in routes]
    musts = sum(
        here.must and one not in stations
        for stations in seen
        for one, here in enumerate(problem.stations)
    )
    value = sum(
        problem.groups[at].people * worth(problem, at, one)
        for at, stations in enumerate(seen)
        for one in stations
    )
    return sum(map(len, seen)), value, musts


def run(name: str, problem: Problem, effort: float) -> None:
    for kind, careful in (("same order", True), ("same order, no waiting", False)):
        begun = time.process_time()
        routes, waited, crowded = usual(problem, careful=careful)
        seen, value, musts = numbers(problem, routes)
        counts = [len(stops) for stops in routes]
        line(
            name,
            kind,
            seen,
            value,
            musts,
            waited,
            crowded,
            max(counts) - min(counts),
            "",
            f"{time.process_time() - begun:.2f}",
        )
    plans: list[tuple[float, Plan]] = []
    begun = time.process_time()
    made = planning.plan(
        problem,
        effort=effort,
        progress=lambda one: plans.append((time.process_time() - begun, one)),
    )
    plans.append((time.process_time() - begun, made))
    for kind, (cpu, each) in (("first", plans[0]), ("plan", plans[-1])):
        wrong = check(problem, each)
        assert not wrong, wrong
        line(
            name,
            kind,
            each.score.seen,
            each.score.value,
            each.score.musts_missed,
            each.score.waiting,
            0,
            each.score.spread,
            f"{100 * each.gap:.1f} %",
            f"{cpu:.1f}",
        )
    replan(name, problem, made, effort)


def replan(name: str, problem: Problem, made: Plan, effort: float) -> None:
    """Half an hour in, the exhibit with most stops still to come breaks, and a group is late."""
    now = problem.tours[0].begins + 30
    coming = Counter(
        stop.station for route in made.routes for stop in route.stops if stop.begins >= now
    )
    broken = coming.most_common(1)[0][0]
    held = Held(made.routes, now, late=((0, 8),), broken=((broken, 10**4),))
    begun = time.process_time()
    after = planning.plan(problem, held=held, effort=effort / 4)
    assert not check(problem, after, held)
    line(
        name,
        f"broken exhibit and a late group: {after.score.changed} of "
        f"{sum(coming.values())} coming stops change, {coming[broken]} were at the broken one",
        after.score.seen,
        after.score.value,
        after.score.musts_missed,
        after.score.waiting,
        0,
        after.score.spread,
        f"{100 * after.gap:.1f} %",
        f"{time.process_time() - begun:.1f}",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--effort", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    print(
        "| case | how | stops seen | value | musts missed | waiting min | crowded min | "
        "spread | gap | CPU-s |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    )
    for name, make in CASES.items():
        if options.only in name:
            run(name, make(options.seed), options.effort)


if __name__ == "__main__":
    main()
