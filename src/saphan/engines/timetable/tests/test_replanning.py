"""What becomes of a plan that people hold when something goes wrong."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.engines.timetable import changes, replan, solve
from saphan.engines.timetable.check import breaches
from saphan.engines.timetable.problem import Level, Meeting, Party, Person, Problem, Wish
from saphan.engines.timetable.tests.strategies import incident, problems, small_problem
from saphan.engines.timetable.tests.test_solving import day
from saphan.engines.timetable.worth import score


@given(problems(most_parties=12), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_a_new_plan_breaks_no_rule_and_leaves_the_past_alone(problem: Problem, seed: int) -> None:
    old = solve(problem, effort=0.2).meetings
    since = seed % (len(problem.slots) + 1)
    changed = incident(problem, since, seed)
    plan = replan(changed, old, since=since, seed=seed, seconds=0.2)
    assert breaches(changed, plan.meetings) == []
    assert plan.score == score(changed, plan.meetings)
    assert plan.score.points <= plan.bound
    past = {one for one in old if one.slot < since}
    assert {one for one in plan.meetings if one.slot < since} == past


@given(problems(most_parties=12))
@settings(max_examples=30, deadline=None)
def test_nobody_is_moved_when_nothing_has_changed_and_the_plan_was_good(problem: Problem) -> None:
    old = solve(problem, effort=0.5)
    plan = replan(problem, old.meetings, since=0, seconds=0.2)
    differ = changes(old.meetings, plan.meetings)
    assert plan.score.points >= old.score.points
    assert sum(one.kind == "moved" for one in differ) <= 1
    assert not any(one.kind == "dropped" for one in differ)


def test_what_a_no_show_leaves_free_goes_to_others() -> None:
    problem = day(4, 2, (Wish(0, 1, 50), Wish(0, 2, 20), Wish(1, 2, 20), Wish(0, 3, 40)))
    old = solve(problem)
    assert old.score.value == 130 - 20 - 20 + 20  # 0 meets 1 and 3, 1 meets 2
    people = list(problem.people)
    people[3] = replace(people[3], free=())
    plan = replan(replace(problem, people=tuple(people)), old.meetings, since=0)
    kinds = {one.wish: one.kind for one in changes(old.meetings, plan.meetings)}
    assert kinds[3] == "dropped" and plan.score.held == 2


def test_a_colleague_takes_over_in_the_same_slot() -> None:
    problem = day(2, 4, (Wish(0, 1, 50, slots=(2,)),))
    both = (*problem.people, Person(0, (0, 1, 2, 3), {"en": Level.FLUENT}))
    parties = (Party((0, 2), floor=0), Party((1,), floor=0))
    problem = replace(problem, people=both, parties=parties)
    (old,) = solve(problem).meetings
    gone = list(both)
    gone[old.person_a] = replace(gone[old.person_a], free=())
    plan = replan(replace(problem, people=tuple(gone)), [old], since=0)
    (change,) = changes([old], plan.meetings)
    assert change.kind == "people" and change.after is not None
    assert change.after.slot == old.slot


def test_a_promise_is_not_broken_for_a_slightly_dearer_wish() -> None:
    problem = day(3, 1, (Wish(0, 1, 20), Wish(0, 2, 60)))
    held = [Meeting(0, 0, 0, 0, 0, 1, "en")]
    assert [one.wish for one in replan(problem, held, since=0).meetings] == [0]
    assert [one.wish for one in replan(problem, held, since=0, drop_price=0).meetings] == [1]


def test_not_more_meetings_move_than_may() -> None:
    # Each of six meetings would be better off in the first slot, were it not promised.
    problem = small_problem(21, most_parties=14, most_slots=8)
    old = solve(problem, seed=1, effort=0.2).meetings
    moved = [replace(one) for one in old]
    plan = replan(problem, moved, since=0, move_price=0, drop_price=0, most_moved=0.0)
    kinds = [one.kind for one in changes(old, plan.meetings)]
    assert kinds.count("moved") <= 1


def test_past_meetings_stay_even_of_somebody_who_has_left_meanwhile() -> None:
    problem = day(2, 2, (Wish(0, 1, 50),))
    held = [Meeting(0, 0, 0, 0, 0, 1, "en")]
    people = (replace(problem.people[0], free=()), problem.people[1])
    closed = replace(problem.places[0], tables=(0, 0))
    changed = replace(problem, people=people, places=(closed,))
    assert list(replan(changed, held, since=1).meetings) == held


def test_changes_are_named_by_what_weighs_most() -> None:
    one = Meeting(0, 0, 0, 0, 0, 1, "", (0,))
    for other, kind in (
        (replace(one, slot=1, table=1), "moved"),
        (replace(one, place=1), "moved"),
        (replace(one, person_b=2, interpreters=(1,)), "people"),
        (replace(one, interpreters=(1,), table=2), "interpreter"),
        (replace(one, table=2), "table"),
    ):
        (change,) = changes([one], [other])
        assert (change.kind, change.before, change.after) == (kind, one, other)
    assert changes([one], [one]) == []
    assert [change.kind for change in changes([one], [])] == ["dropped"]
    assert [change.kind for change in changes([], [one])] == ["added"]
