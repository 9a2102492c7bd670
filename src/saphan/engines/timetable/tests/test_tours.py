"""Tours: every plan of every path obeys every hard rule, as an independent checker sees it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.engines.timetable.problem import Level
from saphan.engines.timetable.tours.advise import Longer, OneMoreGuide, advise
from saphan.engines.timetable.tours.check import check
from saphan.engines.timetable.tours.client import ToursFailed
from saphan.engines.timetable.tours.client import plan as plan_elsewhere
from saphan.engines.timetable.tours.model import (
    Group,
    Guide,
    Held,
    Plan,
    Problem,
    Route,
    Station,
    Stop,
    Tour,
)
from saphan.engines.timetable.tours.planning import plan
from saphan.engines.timetable.tours.split import Part, split

LANGS = ("en", "th", "vi")
LEVELS = st.dictionaries(st.sampled_from(LANGS), st.sampled_from(list(Level)), max_size=3)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    count = draw(st.integers(1, 5))
    stretch = st.tuples(st.integers(0, 40), st.integers(41, 130))
    stations = tuple(draw(st.builds(
        Station, minutes=st.integers(3, 12), room=st.integers(2, 20), value=st.integers(1, 100),
        must=st.booleans(), open=st.one_of(st.just(()), st.tuples(stretch)),
        langs=st.one_of(st.just(()), st.tuples(st.sampled_from(LANGS))))) for _ in range(count))
    ways = st.integers(0, 5)
    walks = tuple(tuple(0 if a == b else draw(ways) for b in range(count)) for a in range(count))
    tours = tuple(draw(st.lists(st.builds(
        Tour, begins=st.integers(0, 60), length=st.integers(5, 60), guided=st.booleans()),
        min_size=1, max_size=2)))
    groups = tuple(draw(st.lists(st.builds(
        Group, tour=st.integers(0, len(tours) - 1), people=st.integers(1, 12),
        languages=st.tuples(st.sampled_from(LANGS)), pace=st.sampled_from((100, 150)),
        wishes=st.sets(st.integers(0, count - 1), max_size=2).map(
            lambda one: tuple(sorted(one)))), min_size=1, max_size=4)))
    guides = tuple(draw(st.lists(st.builds(
        Guide, speaks=LEVELS, free=st.one_of(st.just(()), st.tuples(stretch)),
        run=st.integers(30, 240), leads=st.booleans(), interprets=st.booleans()), max_size=4)))
    return Problem(stations, walks, tuple(draw(ways) for _ in range(count)), tours, groups, guides)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_every_plan_obeys_every_rule(problem: Problem) -> None:
    seen: list[Plan] = []
    made = plan(problem, effort=0.3, progress=seen.append)
    assert seen, "there is a first plan"
    for each in (*seen, made):
        assert check(problem, each) == []
    points = [each.score.points for each in (*seen, made)]
    assert points == sorted(points), "a plan never gets worse"
    bounds = [each.bound for each in (*seen, made)]
    assert bounds == sorted(bounds, reverse=True), "nor does the bound"


@settings(max_examples=60, deadline=None)
@given(problems(), st.data())
def test_every_replanned_plan_obeys_every_rule(problem: Problem, data: st.DataObject) -> None:
    before = plan(problem, effort=0.1)
    held = Held(
        before.routes, now=data.draw(st.integers(0, 120)),
        late=tuple(data.draw(st.dictionaries(
            st.integers(0, len(problem.groups) - 1), st.integers(1, 20), max_size=2)).items()),
        broken=tuple((station, 10**4) for station in data.draw(st.sets(
            st.integers(0, len(problem.stations) - 1), max_size=1))))
    after = plan(problem, held=held, effort=0.3)
    assert check(problem, after, held) == []


def hall(rooms: int = 15, minutes: int = 8, count: int = 4, **values: object) -> Problem:
    """Four stations in a row, a group of ten each in Thai and English, sixty minutes."""
    stations = tuple(Station(minutes, rooms, value=50) for _ in range(count))
    walks = tuple(tuple(abs(a - b) for b in range(count)) for a in range(count))
    return replace(Problem(
        stations, walks, tuple(range(1, count + 1)), (Tour(600, 60),),
        (Group(0, 10, ("th",)), Group(0, 10, ("en",))),
        (Guide({"th": Level.FLUENT}), Guide({"en": Level.FLUENT}))), **values)


def test_two_groups_see_everything_without_crowding() -> None:
    made = plan(hall())
    assert made.score.seen == 8
    assert made.score.points == made.bound == 2 * 10 * 200


def test_each_group_is_led_in_its_language() -> None:
    made = plan(hall())
    assert [route.lead for route in made.routes] == [0, 1]


def test_a_group_that_nobody_understands_gets_a_guide_with_an_interpreter() -> None:
    both = {"en": Level.FLUENT, "th": Level.FLUENT}
    made = plan(hall(guides=(Guide({"en": Level.FLUENT}), Guide({"en": Level.WORKING}),
                             Guide(both, leads=False, interprets=True))))
    assert made.score.interpreted == 1
    assert made.routes[0].interpreter == 2


def test_a_guide_rests_after_a_long_run() -> None:
    tours = tuple(Tour(600 + 65 * at, 60) for at in range(3))
    groups = tuple(Group(at, 5, ("th",)) for at in range(3))
    made = plan(hall(tours=tours, groups=groups, guides=(Guide({"th": Level.FLUENT}, run=130),)))
    assert made.score.unguided == 1


def test_the_same_seed_gives_the_same_plan() -> None:
    assert plan(hall(count=7), effort=0.5, seed=3) == plan(hall(count=7), effort=0.5, seed=3)


def test_a_broken_station_changes_few_stops() -> None:
    problem = hall(count=6, minutes=6)
    before = plan(problem)
    held = Held(before.routes, now=615, broken=((0, 10**4),))
    after = plan(problem, held=held)
    assert check(problem, after, held) == []
    assert all(stop.station != 0 or stop.begins < 615
               for route in after.routes for stop in route.stops)
    gone = sum(stop.station == 0 and stop.begins >= 615
               for route in before.routes for stop in route.stops)
    assert after.score.changed <= 2 * gone


def test_a_late_group_goes_on_later() -> None:
    problem = hall(count=4, minutes=6)
    before = plan(problem)
    held = Held(before.routes, now=610, late=((1, 12),))
    after = plan(problem, held=held)
    assert check(problem, after, held) == []
    assert all(stop.begins < 610 or stop.begins >= 622 for stop in after.routes[1].stops)


def test_says_which_length_would_do() -> None:
    musts = tuple(Station(20, 10, must=True) for _ in range(4))
    problem = hall(stations=musts)
    found = advise(problem, plan(problem))
    assert {reason.why for reason in found.reasons} == {"no_time"}
    assert found.longer[0].least == 88  # out 1, four times 20, between 3, back 4
    assert found.longer[0].enough >= 88
    longer = replace(problem, tours=(Tour(600, found.longer[0].enough),))
    assert plan(longer).score.musts_missed == 0
    assert isinstance(found.longer[0], Longer)


def test_says_that_a_group_is_too_large_for_a_station() -> None:
    problem = hall(stations=(Station(5, 9, must=True), *hall().stations[1:]))
    reasons = advise(problem, plan(problem)).reasons
    assert [(one.station, one.why, one.number) for one in reasons] == 2 * [(0, "too_many", 9)]


def test_says_which_guide_would_help() -> None:
    problem = hall(guides=(Guide({"en": Level.FLUENT}),))
    assert advise(problem, plan(problem)).guides == (OneMoreGuide(0, ("th",), 1),)


def test_a_crowd_is_split_evenly_by_language() -> None:
    groups = split([Part("th", 31), Part("en", 8)], 0, most=15)
    assert [(one.people, one.languages) for one in groups] == [
        (11, ("th",)), (10, ("th",)), (10, ("th",)), (8, ("en",))]


def test_a_few_people_join_a_group_whose_guide_speaks_both() -> None:
    both = Guide({"th": Level.WORKING, "vi": Level.FLUENT})
    parts = [Part("th", 6), Part("vi", 2), Part("en", 5)]
    assert [one.languages for one in split(parts, 0, most=15, guides=[both])] == [
        ("th", "vi"), ("en",)]
    assert len(split(parts, 0, most=15)) == 3


@given(st.lists(st.builds(Part, st.sampled_from(LANGS), st.integers(0, 80)), max_size=5),
       st.integers(1, 20))
def test_a_split_loses_nobody(parts: list[Part], most: int) -> None:
    groups = split(parts, 0, most=most)
    assert sum(one.people for one in groups) == sum(one.people for one in parts)
    assert all(1 <= one.people <= most for one in groups)


RIGHT = hall(stations=tuple(Station(8, 10) for _ in range(4)))


@pytest.mark.parametrize(("rule", "group", "stops"), [
    ("crowd", 0, ((0, 601, 609), (1, 611, 619))),
    ("walk", 0, ((2, 602, 610),)),
    ("minutes", 0, ((2, 603, 609),)),
    ("length", 0, ((2, 655, 663),)),
    ("twice", 0, ((2, 603, 611), (2, 611, 619))),
])
def test_the_checker_names_each_broken_rule(
        rule: str, group: int, stops: tuple[tuple[int, int, int], ...]) -> None:
    other = Route((Stop(0, 601, 609), Stop(1, 610, 618)), lead=1)
    wrong = Route(tuple(Stop(*one) for one in stops), lead=0)
    made = Plan((wrong, other), plan(RIGHT).score, 1e9)
    assert rule in {one.rule for one in check(RIGHT, made)}


def test_another_process_plans_and_advises() -> None:
    problem = hall(guides=(Guide({"en": Level.FLUENT}),))
    made, advice = plan_elsewhere(problem, effort=1.0)
    assert check(problem, made) == []
    assert advice["guides"] == [{"tour": 0, "languages": ["th"], "groups": 1}]


def test_another_process_refuses_what_makes_no_sense() -> None:
    with pytest.raises(ToursFailed):
        plan_elsewhere("nonsense")  # type: ignore[arg-type]
