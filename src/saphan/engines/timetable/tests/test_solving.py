"""Plans of the solver, on problems made by chance and on some small ones by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.engines.timetable import BadProblem, Progress, solve, upper_bound
from saphan.engines.timetable.check import breaches
from saphan.engines.timetable.compile import compiled
from saphan.engines.timetable.construct import drafted
from saphan.engines.timetable.points import scored
from saphan.engines.timetable.problem import (
    Interpreter,
    Level,
    Meeting,
    Party,
    Person,
    Place,
    Problem,
    Slot,
    Wish,
)
from saphan.engines.timetable.tables import meetings
from saphan.engines.timetable.tests.strategies import problems, small_problem
from saphan.engines.timetable.worth import score

EN, ZH, VI = ({name: Level.FLUENT} for name in ("en", "zh", "vi"))
# The first example compiles the local search, which takes seconds.
PATIENT = settings(max_examples=60, deadline=None)


def day(parties: int, slots: int, wishes: tuple[Wish, ...], tables: int = 9) -> Problem:
    """One room, one day, one person per party; everybody speaks English and may have no floor."""
    return Problem(
        slots=tuple(Slot(30 * at, 30 * at + 25, 0) for at in range(slots)),
        places=(Place((tables,) * slots),),
        walks=((0,),),
        people=tuple(Person(at, tuple(range(slots)), EN) for at in range(parties)),
        parties=tuple(Party((at,), floor=0) for at in range(parties)),
        wishes=wishes,
    )


@given(problems(most_parties=12))
@settings(max_examples=200, deadline=None)
def test_a_first_plan_breaks_no_rule_and_counts_its_points_right(problem: Problem) -> None:
    world = compiled(problem)
    draft = drafted(world)
    found = meetings(draft, draft.seats)
    assert breaches(problem, found) == []
    assert scored(world, found) == score(problem, found)


@given(problems(most_parties=12), st.integers(0, 9))
@PATIENT
def test_a_plan_breaks_no_rule_and_stays_below_its_bound(problem: Problem, seed: int) -> None:
    plan = solve(problem, seed=seed, effort=0.3)
    assert breaches(problem, plan.meetings) == []
    assert plan.score == score(problem, plan.meetings)
    assert plan.score.points <= plan.bound == upper_bound(problem)


@given(problems(), st.integers(0, 9))
@PATIENT
def test_meetings_to_keep_stay_and_the_rest_is_planned_around_them(
    problem: Problem, seed: int
) -> None:
    start = solve(problem, seed=seed, effort=0.1).meetings
    keep = [one.wish for one in start[::2]]
    plan = solve(problem, seed=seed + 1, effort=0.3, start=start, keep=keep)
    assert set(start[::2]) <= set(plan.meetings)
    assert breaches(problem, plan.meetings) == []
    assert plan.score.points >= score(problem, start).points


def test_the_same_seed_and_effort_give_the_same_plan() -> None:
    problem = small_problem(5, most_parties=14)
    first, again = (solve(problem, seed=3, effort=0.5) for _ in range(2))
    assert first == again and first.meetings


def test_a_triangle_needs_three_slots_and_the_search_uses_them_all() -> None:
    wishes = (Wish(0, 1, 10), Wish(1, 2, 20), Wish(0, 2, 30))
    assert solve(day(3, 2, wishes)).score.value == 50
    assert solve(day(3, 3, wishes)).score.value == 60


def test_a_cycle_of_six_fits_into_two_slots_although_greed_leaves_one_out() -> None:
    # In order of value, the first three take a slot each and block the others.
    around = [(0, 1, 60), (2, 3, 59), (3, 4, 58), (1, 2, 57), (4, 5, 56), (5, 0, 55)]
    problem = day(6, 2, tuple(Wish(a, b, value) for a, b, value in around))
    assert solve(problem).score.held == 6


def test_a_must_is_held_instead_of_dearer_wishes() -> None:
    wishes = (Wish(0, 1, 100), Wish(0, 2, 1, must=True), Wish(2, 1, 100))
    plan = solve(day(3, 1, wishes))
    assert [one.wish for one in plan.meetings] == [1]
    assert plan.score.musts_missed == 0


def test_a_floor_goes_before_small_value() -> None:
    wishes = (Wish(0, 1, 50), Wish(0, 1, 50), Wish(0, 2, 20), Wish(1, 2, 20))
    problem = day(3, 2, wishes)
    parties = (*problem.parties[:2], Party((2,), floor=2))
    plan = solve(replace(problem, parties=parties))
    assert {one.wish for one in plan.meetings} == {2, 3}


def test_two_colleagues_sit_in_two_meetings_at_once() -> None:
    problem = day(3, 1, (Wish(0, 1, 10), Wish(0, 2, 10)))
    people = (*problem.people, Person(0, (0,), EN))
    parties = (Party((0, 3), floor=0), *problem.parties[1:])
    assert solve(problem).score.held == 1
    assert solve(replace(problem, people=people, parties=parties)).score.held == 2


def test_two_interpreters_pass_words_on_only_where_a_relay_is_allowed() -> None:
    problem = day(2, 1, (Wish(0, 1, 10),))
    problem = replace(
        problem,
        people=(Person(0, (0,), ZH), Person(1, (0,), VI)),
        interpreters=(Interpreter((0,), VI | EN), Interpreter((0,), ZH | EN)),
    )
    assert solve(problem).meetings == ()
    (one,) = solve(replace(problem, relay=True)).meetings
    assert one.interpreters == (1, 0) and one.language == ""


def test_an_empty_problem_has_an_empty_plan() -> None:
    nothing = Problem((), (), (), (), (), ())
    plan = solve(nothing)
    assert plan.meetings == () and plan.score.points == 0 == plan.bound


def test_the_bound_counts_the_tables_and_who_must_change_them() -> None:
    wishes = tuple(Wish(a, b, 10) for a in range(4) for b in range(a))
    problem = day(4, 3, wishes, tables=2)
    # Six meetings at two tables; of eight ways to the next slot four at best lead nowhere.
    assert 56 <= solve(problem).score.points <= upper_bound(problem) < 60
    assert upper_bound(day(4, 3, wishes, tables=1)) <= 30


def test_progress_tells_a_first_plan_then_the_bound_and_ends_with_the_best() -> None:
    told: list[Progress] = []

    def report(progress: Progress) -> bool:
        told.append(progress)
        return True

    plan = solve(small_problem(11, most_parties=14), effort=0.5, report=report)
    assert [one.stage for one in told][:2] == ["first", "bound"]
    assert told[-1].stage == "done" and told[-1].plan == plan
    assert [one.points for one in told] == sorted(one.points for one in told)


def test_a_listener_who_has_enough_gets_the_first_plan() -> None:
    told: list[str] = []

    def report(progress: Progress) -> bool:
        told.append(progress.stage)
        return False

    plan = solve(small_problem(11, most_parties=14), report=report)
    assert told == ["first", "done"] and plan.meetings


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        (replace(day(2, 2, ()), walks=()), "walks"),
        (day(2, 2, (Wish(0, 0, 10),)), "party"),
        (day(2, 2, (Wish(0, 5, 10),)), "party"),
        (day(2, 2, (Wish(0, 1, 10, slots=(2,)),)), "slots"),
        (day(2, 2, (Wish(0, 1, 10, people_a=(1,)),)), "people"),
        (day(2, 2, (Wish(0, 1, 10, after=(0,)),)), "after"),
        (replace(day(2, 2, ()), slots=(Slot(0, 30, 0), Slot(20, 50, 0))), "slots"),
        (replace(day(2, 2, ()), places=(Place((1,)),)), "tables"),
    ],
)
def test_a_problem_that_makes_no_sense_is_refused(broken: Problem, what: str) -> None:
    with pytest.raises(BadProblem) as refused:
        solve(broken)
    assert refused.value.what == what and refused.value.where


def test_meetings_of_what_is_not_there_are_refused() -> None:
    problem = day(2, 2, (Wish(0, 1, 10),))
    for wrong in (Meeting(1, 0, 0, 0, 0, 1), Meeting(0, 2, 0, 0, 0, 1)):
        with pytest.raises(BadProblem):
            solve(problem, start=[wrong])
