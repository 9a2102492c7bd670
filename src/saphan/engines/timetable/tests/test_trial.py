"""Dragging a meeting: what the board says is what the checker says."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.engines.timetable.check import Rule, breaches, score
from saphan.engines.timetable.explain import Reason, why, why_not
from saphan.engines.timetable.problem import Meeting, Problem
from saphan.engines.timetable.tests.strategies import TONGUES, small_problem
from saphan.engines.timetable.tests.test_check import (
    MEETINGS,
    PROBLEM,
    interpreter,
    party,
    person,
    place,
    wish,
)
from saphan.engines.timetable.trial import State, spots, try_meeting

SEEDS = st.integers(0, 10**9)


def every_way(problem: Problem, number: int, slot: int, place: int) -> Iterator[Meeting]:
    """All the ways to hold a wish in a slot and place at table 0."""
    wished = problem.wishes[number]
    a = wished.people_a or problem.parties[wished.a].people
    b = wished.people_b or problem.parties[wished.b].people
    helpers = range(len(problem.interpreters))
    words = [(tongue, ()) for tongue in TONGUES]
    words += [("", (one,)) for one in helpers]  # type: ignore[misc]
    words += [("", two) for two in itertools.permutations(helpers, 2)]  # type: ignore[misc]
    for one, other in itertools.product(a, b):
        for language, team in words:
            for table in range(problem.places[place].tables[slot]):
                yield Meeting(number, slot, place, table, one, other, language, team)


def some_plan(problem: Problem, seed: int) -> list[Meeting]:
    """A plan that is right, of meetings tried in random order."""
    chance = random.Random(seed)
    found: list[Meeting] = []
    for number in chance.sample(range(len(problem.wishes)), len(problem.wishes)):
        slots = list(range(len(problem.slots)))
        chance.shuffle(slots)
        tries = (
            one
            for slot in slots
            for at in range(len(problem.places))
            for one in every_way(problem, number, slot, at)
        )
        for one in itertools.islice(tries, 150):
            if not breaches(problem, [*found, one]):
                found.append(one)
                break
    return found


def possible(problem: Problem, plan: Sequence[Meeting], number: int, slot: int, at: int) -> bool:
    return any(not breaches(problem, [*plan, one]) for one in every_way(problem, number, slot, at))


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_spots_agree_with_the_checker(seed: int) -> None:
    problem = small_problem(seed, most_parties=5, most_slots=4)
    plan = some_plan(problem, seed)
    number = seed % len(problem.wishes)
    others = [one for one in plan if one.wish != number]
    for spot in spots(problem, plan, number):
        free = possible(problem, others, number, spot.slot, spot.place)
        ever = possible(problem, [], number, spot.slot, spot.place)
        assert (spot.state is State.FREE) == free
        assert (spot.state is State.IMPOSSIBLE) == (not ever)
        if spot.state is State.IMPOSSIBLE:
            continue
        assert spot.choice is not None
        left = [one for one in others if one.wish not in spot.gives_way]
        trial = try_meeting(
            problem,
            left,
            number,
            slot=spot.slot,
            place=spot.place,
            person_a=spot.choice.person_a,
            person_b=spot.choice.person_b,
        )
        assert trial.breaches == ()
        assert breaches(problem, [*left, trial.meeting]) == []


@settings(max_examples=50, deadline=None)
@given(SEEDS, st.data())
def test_a_trial_tells_every_breach_and_the_change_of_points(
    seed: int, data: st.DataObject
) -> None:
    problem = small_problem(seed)
    plan = some_plan(problem, seed)
    number = data.draw(st.integers(0, len(problem.wishes) - 1))
    slot = data.draw(st.integers(0, len(problem.slots) - 1))
    at = data.draw(st.integers(0, len(problem.places) - 1))
    trial = try_meeting(problem, plan, number, slot=slot, place=at)
    after = [*(one for one in plan if one.wish != number), trial.meeting]
    found = breaches(problem, after)
    assert {one.rule for one in trial.breaches} == {one.rule for one in found}
    assert trial.points == score(problem, after).points - score(problem, plan).points
    for choice in trial.choices:
        again = try_meeting(
            problem,
            plan,
            number,
            slot=slot,
            place=at,
            person_a=choice.person_a,
            person_b=choice.person_b,
        )
        assert again.breaches == ()


@settings(max_examples=50, deadline=None)
@given(SEEDS)
def test_what_is_told_about_a_wish_is_true(seed: int) -> None:
    problem = small_problem(seed, most_parties=5, most_slots=4)
    plan = some_plan(problem, seed)
    held = {one.wish for one in plan}
    cells = list(itertools.product(range(len(problem.slots)), range(len(problem.places))))
    impossible = set(list(Reason)[: list(Reason).index(Reason.ROOM_LEFT)])
    before = score(problem, plan).points
    for number in range(len(problem.wishes)):
        if number in held:
            left = [one for one in plan if one.wish != number]
            assert why(problem, plan, number).worth == before - score(problem, left).points
            continue
        told = why_not(problem, plan, number)
        ever = any(possible(problem, [], number, *cell) for cell in cells)
        assert (told.reason in impossible) == (not ever)
        if told.choice is None:
            continue
        after = [one for one in plan if one.wish not in told.gives_way]
        trial = try_meeting(
            problem,
            after,
            number,
            slot=told.slot,
            place=told.place,
            person_a=told.choice.person_a,
            person_b=told.choice.person_b,
        )
        assert trial.breaches == ()
        now = score(problem, [*after, trial.meeting]).points
        if not problem.goals.table and not problem.goals.load:
            assert told.gain == now - before
        free = any(possible(problem, plan, number, *cell) for cell in cells)
        assert (told.reason is Reason.ROOM_LEFT) == free


# --- examples ---------------------------------------------------------------------------------


def test_a_meeting_dropped_onto_another_collides_with_it() -> None:
    trial = try_meeting(PROBLEM, MEETINGS, 3, slot=0, place=0)
    assert {one.rule for one in trial.breaches} == {
        Rule.PERSON_TWICE,
        Rule.TABLE_TWICE,
    }
    assert trial.collides == (0, 1)
    assert try_meeting(PROBLEM, MEETINGS, 3, slot=1, place=0).breaches == ()


def test_other_people_who_could_sit_are_offered() -> None:
    trial = try_meeting(PROBLEM, MEETINGS, 0, slot=2, place=0)
    rules = {one.rule for one in trial.breaches}
    assert rules == {Rule.PERSON_TWICE}
    online = try_meeting(PROBLEM, MEETINGS, 2, slot=0, place=2)
    assert {one.rule for one in online.breaches} == {Rule.PERSON_TWICE}
    assert [(one.person_a, one.person_b) for one in online.choices] == [(1, 5)]


def test_another_interpreter_comes_where_the_first_cannot() -> None:
    first, second, third = PROBLEM.interpreters
    team = (replace(first, free=(0,)), second, third, first)
    trial = try_meeting(replace(PROBLEM, interpreters=team), MEETINGS, 1, slot=1, place=0)
    assert trial.meeting.interpreters == (3,) and trial.breaches == ()


def reason(problem: Problem, number: int) -> Reason:
    return why_not(problem, [one for one in MEETINGS if one.wish != number], number).reason


def test_reasons_that_hold_whatever_the_plan() -> None:
    assert reason(party(2, people=()), 1) is Reason.NOBODY
    assert reason(person(3, most=0), 1) is Reason.NEVER
    assert reason(person(3, free=()), 1) is Reason.NO_COMMON_SLOT
    assert reason(wish(1, slots=(5,)), 1) is Reason.ROOM_LEFT
    assert reason(interpreter(0, speaks={}), 1) is Reason.NO_WORDS
    assert reason(interpreter(0, free=()), 1) is Reason.NO_INTERPRETER_THEN
    assert reason(place(2, tables=(0,) * 6), 2) is Reason.NO_PLACE
    assert reason(wish(1, places=(2,)), 1) is Reason.NO_PLACE
    far = wish(1, places=(0,), slots=(0,)).wishes
    apart = person(3, engaged=((-30, -5, 1),))
    assert reason(replace(apart, wishes=far), 1) is Reason.TOO_FAR


def test_who_would_have_to_give_way_and_what_it_would_cost() -> None:
    problem = wish(1, slots=(0,), places=(1,))
    taken = (Meeting(0, 0, 1, 0, 0, 2, "en"),)
    told = why_not(problem, taken, 1)
    assert told.reason is Reason.GIVES_WAY
    assert (told.slot, told.place, told.gives_way, told.gain) == (0, 1, (0,), 20 - 10)
    assert [one.rule for one in told.hurdles] == [Rule.NO_TABLE]
    floors = party(0, problem, floor=1)
    told = why_not(floors, taken, 1)
    assert told.below_floor == (0,) and told.gain == 20 - 10 - 60


def test_facts_of_a_meeting_that_is_held() -> None:
    told = why(party(2, floor=1), MEETINGS, 1)
    assert (told.value, told.language, told.interpreters) == (20, "", (0,))
    assert told.floor_of == ()  # the party has another meeting
    only = why(party(2, floor=1), MEETINGS[:2], 1)
    assert only.floor_of == (2,)
    assert only.worth == 20 + 60
    assert why(party(1, host=6), MEETINGS, 0).hosts == (6,)
    assert why(PROBLEM, MEETINGS, 2).online
