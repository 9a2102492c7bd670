"""Whatever way a plan comes about, the independent checker finds nothing wrong with it."""

from __future__ import annotations

import random
from collections.abc import Sequence

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from saphan.engines.timetable import replan, solve, upper_bound
from saphan.engines.timetable.check import Rule, breaches, score
from saphan.engines.timetable.compile import compiled
from saphan.engines.timetable.construct import drafted
from saphan.engines.timetable.problem import Interpreter, Meeting, Person, Plan, Problem
from saphan.engines.timetable.tables import meetings as with_tables
from saphan.engines.timetable.tests.strategies import incident, mutated, problems, small_problem
from saphan.engines.timetable.tests.test_trial import some_plan

SEEDS = st.integers(0, 10**9)


def right(problem: Problem, plan: Plan) -> None:
    assert breaches(problem, plan.meetings) == []
    assert score(problem, plan.meetings) == plan.score
    assert plan.score.points <= plan.bound + 1e-6


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_first_plan_obeys_every_rule(problem: Problem) -> None:
    draft = drafted(compiled(problem))
    assert breaches(problem, with_tables(draft, draft.seats)) == []


@settings(max_examples=50, deadline=None)
@given(problems(), SEEDS)
def test_an_improved_plan_obeys_every_rule(problem: Problem, seed: int) -> None:
    plan = solve(problem, seed=seed, seconds=20)
    right(problem, plan)
    again = solve(problem, seed=seed, seconds=20)
    assert again.meetings == plan.meetings


@settings(max_examples=20, deadline=None)
@given(problems(most_parties=14, most_slots=10), SEEDS)
def test_a_larger_plan_obeys_every_rule(problem: Problem, seed: int) -> None:
    right(problem, solve(problem, seed=seed, effort=0.3, seconds=20))


@settings(max_examples=40, deadline=None)
@given(problems(), SEEDS)
def test_a_plan_from_a_start_obeys_every_rule_and_keeps_what_it_should(
    problem: Problem, seed: int
) -> None:
    start = some_plan(problem, seed)
    chance = random.Random(seed)
    keep = {one.wish for one in start if chance.random() < 0.5}
    plan = solve(problem, seed=seed, seconds=20, start=start, keep=keep)
    right(problem, plan)
    assert {one for one in start if one.wish in keep} <= set(plan.meetings)


@settings(max_examples=40, deadline=None)
@given(problems(), SEEDS)
def test_a_start_that_breaks_rules_is_put_right(problem: Problem, seed: int) -> None:
    start = some_plan(problem, seed)
    assume(start)
    for turn in range(3):
        changed = mutated(problem, start, seed + turn)
        if len({one.wish for one in changed}) == len(changed):
            start = changed
    right(problem, solve(problem, seed=seed, effort=0.3, seconds=20, start=start))


@settings(max_examples=40, deadline=None)
@given(problems(), SEEDS)
def test_a_chain_of_replans_obeys_every_rule_and_leaves_the_past_alone(
    problem: Problem, seed: int
) -> None:
    held: Sequence[Meeting] = solve(problem, seed=seed, effort=0.3, seconds=20).meetings
    since = 0
    chance = random.Random(seed)
    while since < len(problem.slots):
        problem = incident(problem, since, seed + since)
        before = held
        plan = replan(problem, before, since=since, seed=seed, seconds=0.1)
        right(problem, plan)
        past = {one for one in before if one.slot < since}
        assert past == {one for one in plan.meetings if one.slot < since}
        held = plan.meetings
        since += chance.randint(1, 3)


@settings(max_examples=40, deadline=None)
@given(problems(most_parties=5, most_slots=4), SEEDS)
def test_no_plan_has_more_points_than_the_bound(problem: Problem, seed: int) -> None:
    plan = some_plan(problem, seed)
    assert score(problem, plan).points <= upper_bound(problem) + 1e-6


# --- the checker itself -----------------------------------------------------------------------


@settings(max_examples=300, deadline=None)
@given(SEEDS, SEEDS)
def test_a_change_is_found_where_it_breaks_a_rule_told_another_way(seed: int, turn: int) -> None:
    """The rules once more, straight from their words, one meeting against another."""
    problem = small_problem(seed)
    plan = _quick(problem)
    assume(plan)
    changed = mutated(problem, plan, turn)
    assert bool(breaches(problem, changed)) == (not _fine(problem, changed))


def test_random_changes_break_most_rules() -> None:
    found: set[Rule] = set()
    for seed in range(600):
        problem = small_problem(seed)
        plan = _quick(problem)
        if plan:
            found |= {one.rule for one in breaches(problem, mutated(problem, plan, seed))}
    assert len(found) >= len(Rule) - 4, set(Rule) - found


def _quick(problem: Problem) -> tuple[Meeting, ...]:
    draft = drafted(compiled(problem))
    return with_tables(draft, draft.seats)


def _fine(problem: Problem, plan: Sequence[Meeting]) -> bool:
    return all(_alone(problem, one) for one in plan) and _together(problem, plan)


def _alone(problem: Problem, one: Meeting) -> bool:
    wish, place = problem.wishes[one.wish], problem.places[one.place]
    a, b = problem.parties[wish.a], problem.parties[wish.b]
    there = {one.person_a, one.person_b, a.host, b.host} - {-1}
    people = [problem.people[who] for who in there]
    helpers = [problem.interpreters[who] for who in one.interpreters]
    idle = [set(who.free) for who in people] + [set(who.free) for who in helpers]
    x, y = problem.people[one.person_a].speaks, problem.people[one.person_b].speaks
    needs = problem.needs

    def fluent(who: int, among: dict[str, object]) -> bool:
        speaks = helpers[who].speaks
        return any(speaks.get(name) == 3 and among[name] >= needs for name in among)  # type: ignore

    if one.language:
        words = x.get(one.language, 0) >= needs <= y.get(one.language, 0) and not helpers
    elif len(helpers) == 1:
        words = fluent(0, x) and fluent(0, y)  # type: ignore[arg-type]
    else:
        words = (
            len(set(one.interpreters)) == len(helpers) == 2
            and problem.relay
            and all(helper.speaks.get("en") == 3 for helper in helpers)
            and fluent(0, x)  # type: ignore[arg-type]
            and fluent(1, y)  # type: ignore[arg-type]
        )
    return (
        words
        and one.person_a != one.person_b
        and one.person_a in (wish.people_a or a.people)
        and one.person_b in (wish.people_b or b.people)
        and all(one.slot in free for free in idle)
        and one.table in range(place.tables[one.slot])
        and (not wish.slots or one.slot in wish.slots)
        and (not wish.places or one.place in wish.places)
        and (not place.home or bool({wish.a, wish.b} & set(place.home)))
        and any(who.online for who in people) == place.online
        and (place.online or not any(helper.online for helper in helpers))
        and all(_in_time(problem, one, stretch) for who in people for stretch in who.engaged)
    )


def _in_time(problem: Problem, one: Meeting, stretch: tuple[int, int, int]) -> bool:
    begins, ends, place = stretch
    slot = problem.slots[one.slot]
    if place == -1 or (begins < slot.ends and slot.begins < ends):
        return True
    way = problem.walks[place][one.place]
    return slot.begins - ends >= way or begins - slot.ends >= way


def _together(problem: Problem, plan: Sequence[Meeting]) -> bool:
    if len({one.wish for one in plan}) < len(plan):
        return False
    if len({(one.slot, one.place, one.table) for one in plan}) < len(plan):
        return False
    days: dict[tuple[str, int], list[tuple[int, int]]] = {}
    parties: dict[int, int] = {}
    for one in plan:
        wish = problem.wishes[one.wish]
        hosts = {problem.parties[wish.a].host, problem.parties[wish.b].host} - {-1}
        for who in {one.person_a, one.person_b, *hosts}:
            days.setdefault(("person", who), []).append((one.slot, one.place))
        for helper in one.interpreters:
            days.setdefault(("interpreter", helper), []).append((one.slot, one.place))
        for party in (wish.a, wish.b):
            parties[party] = parties.get(party, 0) + 1
        for other in plan:
            if other.wish in wish.after and other.slot >= one.slot:
                return False
    if any(number > problem.parties[party].most for party, number in parties.items()):
        return False
    return all(_day(problem, *who, held) for who, held in days.items())


def _day(problem: Problem, kind: str, who: int, held: list[tuple[int, int]]) -> bool:
    one: Person | Interpreter = (
        problem.people[who] if kind == "person" else problem.interpreters[who]
    )
    slots = sorted(slot for slot, _ in held)
    if len(set(slots)) < len(slots) or len(slots) > one.most:
        return False
    for first, place in held:
        for then, other in held:
            same_day = problem.slots[first].day == problem.slots[then].day
            between = problem.slots[then].begins - problem.slots[first].ends
            if first < then and same_day and problem.walks[place][other] > between:
                return False
    if kind == "person":
        return True
    run = problem.interpreters[who].run
    for begin in slots:
        row = range(begin, begin + run + 1)
        if set(row) <= set(slots) and len({problem.slots[slot].day for slot in row}) == 1:
            return False
    return True
