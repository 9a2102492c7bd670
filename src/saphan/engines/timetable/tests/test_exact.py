from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.engines.timetable.exact import Fixture, Pairing, breaks_in, decide
from saphan.engines.timetable.exact_domains import NothingFits, domains

PATIENCE = 120.0


def fixture(meetings, *, people, slots, tables=9, away=None, before=(), fairness=None):
    absent = tuple(frozenset((away or {}).get(p, ())) for p in range(people))
    pairs = tuple(m if isinstance(m, Pairing) else Pairing(*m) for m in meetings)
    return Fixture(people, slots, tables, pairs, absent, tuple(before), fairness)


def breaks_of(case, slots):
    """Per person, counted from a row of marks; None where a rule is broken."""
    rows = [["."] * case.slots for _ in range(case.people)]
    for meeting, slot in zip(case.meetings, slots, strict=True):
        if meeting.session is not None and slot not in meeting.session:
            return None
        if meeting.fixed not in (None, slot):
            return None
        for person in (meeting.first, meeting.second):
            if slot in case.away[person] or rows[person][slot] == "x":
                return None
            rows[person][slot] = "x"
    if any(slots.count(t) > case.tables for t in slots):
        return None
    if any(slots[a] >= slots[b] for a, b in case.before):
        return None
    found = [max(0, len("".join(row).replace(".", " ").split()) - 1) for row in rows]
    if case.fairness is not None and max(found) - min(found) > case.fairness:
        return None
    return found


def fewest(case):
    every = itertools.product(range(case.slots), repeat=len(case.meetings))
    sums = [sum(found) for slots in every if (found := breaks_of(case, slots)) is not None]
    return min(sums, default=None)


@st.composite
def fixtures(draw):
    people, slots = draw(st.integers(2, 5)), draw(st.integers(2, 5))
    couples = list(itertools.combinations(range(people), 2))
    some = st.none() | st.sets(st.integers(0, slots - 1), min_size=1).map(
        lambda s: tuple(sorted(s))
    )
    rarely = st.sampled_from([None, None, None, *range(slots)])
    pairings = st.builds(
        lambda couple, session, fixed: Pairing(*couple, session, fixed),
        st.sampled_from(couples), some, rarely,
    )  # fmt: skip
    meetings = draw(st.lists(pairings, min_size=1, max_size=5))
    numbers = st.integers(0, len(meetings) - 1)
    return fixture(
        meetings,
        people=people,
        slots=slots,
        tables=draw(st.integers(1, 3)),
        away=draw(st.dictionaries(st.integers(0, people - 1), st.sets(st.integers(0, slots - 1), max_size=2))),  # noqa: E501
        before=draw(st.lists(st.tuples(numbers, numbers), max_size=2)),
        fairness=draw(st.sampled_from([None, 0, 1, 2])),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(fixtures())
def test_what_is_proven_is_what_trying_everything_finds(case):
    verdict = decide(case, seconds=PATIENCE)
    truth = fewest(case)
    assert verdict.status == ("infeasible" if truth is None else "optimal")
    assert verdict.breaks == truth
    if truth is not None:
        found = breaks_of(case, verdict.slots_of_meetings)
        assert found is not None
        assert sum(found) == truth == verdict.bound


@settings(max_examples=60, deadline=None)
@given(fixtures())
def test_the_filter_takes_away_no_slot_that_a_timetable_needs(case):
    every = itertools.product(range(case.slots), repeat=len(case.meetings))
    good = [slots for slots in every if breaks_of(case, slots) is not None]
    try:
        may = domains(case)
    except NothingFits:
        assert not good
        return
    assert all(slots[m] in may[m] for slots in good for m in range(len(case.meetings)))


def test_meetings_of_one_person_close_ranks():
    case = fixture([(0, 1), (0, 2), (0, 3)], people=4, slots=6, away={0: {3}})
    verdict = decide(case, seconds=PATIENCE)
    assert (verdict.status, verdict.breaks) == ("optimal", 0)
    assert sorted(verdict.slots_of_meetings) == [0, 1, 2]


def test_a_break_that_cannot_be_avoided_is_counted_once_however_long():
    case = fixture([Pairing(0, 1, fixed=0), Pairing(0, 2, fixed=5)], people=3, slots=6)
    assert decide(case, seconds=PATIENCE).breaks == 1


def test_more_meetings_than_slots_are_impossible_before_any_search():
    case = fixture([(0, p) for p in range(1, 5)], people=5, slots=3)
    with pytest.raises(NothingFits):
        domains(case)
    assert decide(case, seconds=PATIENCE).status == "infeasible"


def test_too_few_tables_in_a_session_are_impossible():
    morning = (0, 1)
    meetings = [Pairing(2 * i, 2 * i + 1, morning) for i in range(5)]
    assert decide(fixture(meetings, people=10, slots=4, tables=2), seconds=PATIENCE).status == (
        "infeasible"
    )
    assert decide(fixture(meetings, people=10, slots=4, tables=3), seconds=PATIENCE).breaks == 0


def test_meetings_in_a_circle_of_orders_are_impossible():
    case = fixture([(0, 1), (0, 2)], people=3, slots=4, before=[(0, 1), (1, 0)])
    assert decide(case, seconds=PATIENCE).status == "infeasible"


def test_the_earlier_meeting_is_in_an_earlier_slot_even_at_the_price_of_a_break():
    meetings = [Pairing(0, 1), Pairing(0, 2, fixed=1), Pairing(3, 4, fixed=2)]
    free = decide(fixture(meetings, people=5, slots=4), seconds=PATIENCE)
    assert free.breaks == 0
    ordered = decide(fixture(meetings, people=5, slots=4, before=[(2, 0)]), seconds=PATIENCE)
    assert ordered.breaks == 1
    assert ordered.slots_of_meetings == (3, 1, 2)


def test_fairness_forbids_what_one_person_would_have_to_bear():
    at = [Pairing(0, p, fixed=2 * (p - 1)) for p in (1, 2, 3)]
    assert decide(fixture(at, people=4, slots=5), seconds=PATIENCE).breaks == 2
    assert decide(fixture(at, people=4, slots=5, fairness=2), seconds=PATIENCE).breaks == 2
    assert decide(fixture(at, people=4, slots=5, fairness=1), seconds=PATIENCE).status == (
        "infeasible"
    )


def test_fairness_may_cost_breaks_where_everybody_has_one_already():
    """Everybody must have as many breaks as the one who has one: it is spread, not lifted."""
    meetings = [Pairing(0, 1, fixed=0), Pairing(0, 1, fixed=2), Pairing(2, 3), Pairing(2, 3)]
    loose = decide(fixture(meetings, people=4, slots=4), seconds=PATIENCE)
    even = decide(fixture(meetings, people=4, slots=4, fairness=0), seconds=PATIENCE)
    assert (loose.breaks, even.breaks) == (2, 4)


def test_without_time_nothing_is_claimed():
    case = fixture([(0, 1)], people=2, slots=2)
    verdict = decide(case, seconds=0.0)
    assert (verdict.status, verdict.slots_of_meetings) == ("unknown", None)


def test_breaks_are_counted_for_both_sides_of_a_meeting():
    case = fixture([(0, 1), (0, 1), (0, 2)], people=3, slots=6)
    assert breaks_in(case, [0, 2, 5]) == 3


def test_a_fixture_refuses_people_and_meetings_that_do_not_exist():
    with pytest.raises(ValueError, match="person"):
        fixture([(0, 2)], people=2, slots=2)
    with pytest.raises(ValueError, match="nobody"):
        fixture([(1, 1)], people=2, slots=2)
    with pytest.raises(ValueError, match="order"):
        fixture([(0, 1)], people=2, slots=2, before=[(0, 1)])
