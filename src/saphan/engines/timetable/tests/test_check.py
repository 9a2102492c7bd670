"""One plan that is right, and for each hard rule a change that breaks that rule and no other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from saphan.engines.timetable.check import Rule, breaches, score
from saphan.engines.timetable.problem import (
    Goals,
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

DAY = (0, 1, 2, 3, 4, 5)
EN, ZH, VI = ({name: Level.FLUENT} for name in ("en", "zh", "vi"))

PROBLEM = Problem(
    # Two days of three slots; five minutes between slots.
    slots=tuple(
        Slot(day * 1440 + at, day * 1440 + at + 25, day) for day in (0, 1) for at in (0, 30, 60)
    ),
    places=(
        Place((2,) * 6),
        Place((1,) * 6),
        Place((2,) * 6, online=True),
        Place((1,) * 6, home=(0,)),
    ),
    walks=((0, 10, 0, 0), (10, 0, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0)),
    people=(
        Person(0, DAY, EN),
        Person(0, DAY, EN),
        Person(1, DAY, EN),
        Person(2, DAY, ZH),
        Person(3, DAY, VI),
        Person(4, DAY, EN, online=True),
        Person(5, DAY, EN),  # the host
    ),
    parties=(
        Party((0, 1), floor=0),
        Party((2,), floor=0),
        Party((3,), floor=0),
        Party((4,), floor=0),
        Party((5,), floor=0),
        Party((6,), floor=0),
    ),
    wishes=(
        Wish(0, 1, 10),
        Wish(2, 3, 20),  # Chinese and Vietnamese
        Wish(0, 4, 30),  # online
        Wish(1, 2, 40),  # English and Chinese
    ),
    interpreters=(
        Interpreter(DAY, ZH | VI),
        Interpreter(DAY, ZH | EN),
        Interpreter(DAY, VI | EN),
    ),
)
MEETINGS = (
    Meeting(0, 0, 0, 0, 0, 2, "en"),
    Meeting(1, 0, 0, 1, 3, 4, "", (0,)),
    Meeting(2, 2, 2, 0, 0, 5, "en"),
    Meeting(3, 2, 0, 0, 2, 3, "", (1,)),
)


def changed(at: int, **what: Any) -> tuple[Meeting, ...]:
    found = list(MEETINGS)
    found[at] = replace(found[at], **what)
    return tuple(found)


def person(at: int, **what: Any) -> Problem:
    people = list(PROBLEM.people)
    people[at] = replace(people[at], **what)
    return replace(PROBLEM, people=tuple(people))


def party(at: int, problem: Problem = PROBLEM, **what: Any) -> Problem:
    parties = list(problem.parties)
    parties[at] = replace(parties[at], **what)
    return replace(problem, parties=tuple(parties))


def wish(at: int, **what: Any) -> Problem:
    wishes = list(PROBLEM.wishes)
    wishes[at] = replace(wishes[at], **what)
    return replace(PROBLEM, wishes=tuple(wishes))


def interpreter(at: int, **what: Any) -> Problem:
    team = list(PROBLEM.interpreters)
    team[at] = replace(team[at], **what)
    return replace(PROBLEM, interpreters=tuple(team))


def place(at: int, **what: Any) -> Problem:
    places = list(PROBLEM.places)
    places[at] = replace(places[at], **what)
    return replace(PROBLEM, places=tuple(places))


RELAYED = (MEETINGS[0], replace(MEETINGS[1], interpreters=(1, 2)), *MEETINGS[2:])
HOSTED = party(1, party(3, host=6), host=6)
HOST_APART = (
    MEETINGS[0],
    replace(MEETINGS[1], slot=1, table=0),
    MEETINGS[2],
    replace(MEETINGS[3], slot=3),
)

BROKEN: list[tuple[str, Problem, tuple[Meeting, ...], Rule]] = [
    ("a wish that is not there", PROBLEM, changed(0, wish=9), Rule.UNKNOWN),
    ("a person who is not there", PROBLEM, changed(0, person_a=-1), Rule.UNKNOWN),
    ("a wish held twice", PROBLEM, (*MEETINGS, replace(MEETINGS[0], slot=4)), Rule.WISH_TWICE),
    ("not in a slot of the wish", wish(0, slots=(1, 2)), MEETINGS, Rule.WISH_SLOT),
    ("not in a place of the wish", wish(0, places=(1,)), MEETINGS, Rule.WISH_PLACE),
    ("at the same time as the earlier", wish(1, after=(0,)), MEETINGS, Rule.ORDER),
    ("before the earlier", wish(0, after=(3,)), MEETINGS, Rule.ORDER),
    ("somebody whom the wish does not name", wish(0, people_a=(1,)), MEETINGS, Rule.NOT_OF_SIDE),
    ("somebody of another party", PROBLEM, changed(0, person_a=6), Rule.NOT_OF_SIDE),
    ("the sides swapped", PROBLEM, changed(0, person_a=2, person_b=0), Rule.NOT_OF_SIDE),
    ("somebody not free", person(2, free=(1, 2, 3)), MEETINGS, Rule.PERSON_NOT_FREE),
    ("somebody twice at once", PROBLEM, changed(2, slot=0), Rule.PERSON_TWICE),
    ("somebody with too many", person(0, most=1), MEETINGS, Rule.PERSON_MOST),
    ("a party with too many", party(0, most=1), MEETINGS, Rule.PARTY_MOST),
    (
        "a host not free",
        replace(party(0, host=6), people=person(6, free=(2,)).people),
        MEETINGS,
        Rule.HOST_NOT_FREE,
    ),
    ("a host twice at once", HOSTED, MEETINGS, Rule.HOST_TWICE),
    ("who sits as a host and for her own party", party(3, host=2), MEETINGS, Rule.HOST_TWICE),
    (
        "a host with too many",
        replace(party(0, host=6), people=person(6, most=1).people),
        MEETINGS,
        Rule.PERSON_MOST,
    ),
    ("a table beyond the last", PROBLEM, changed(0, table=2), Rule.NO_TABLE),
    ("a table below the first", PROBLEM, changed(0, table=-1), Rule.NO_TABLE),
    ("a place that is closed", place(0, tables=(2, 2, 0, 0, 0, 0)), MEETINGS, Rule.NO_TABLE),
    ("two at one table", PROBLEM, changed(1, table=0), Rule.TABLE_TWICE),
    ("at the stand of others", PROBLEM, changed(1, place=3, table=0), Rule.HOME),
    ("somebody online in a room", PROBLEM, changed(2, place=0, table=1), Rule.NEEDS_ONLINE),
    ("a host online in a room", replace(party(0, host=6), people=person(6, online=True).people),
     MEETINGS, Rule.NEEDS_ONLINE),
    ("nobody online on a line", PROBLEM, changed(0, place=2), Rule.NEEDS_SITE),
    ("a language one does not speak", PROBLEM, changed(0, language="vi"), Rule.LANGUAGE),
    ("a language spoken too little", person(2, speaks={"en": Level.BASIC, "zh": Level.BASIC, "vi":
     Level.WORKING}), MEETINGS[:1], Rule.LANGUAGE),
    ("a language and an interpreter", PROBLEM, changed(0, interpreters=(2,)),
     Rule.INTERPRETER_COUNT),
    ("neither of both", PROBLEM, changed(0, language=""), Rule.INTERPRETER_COUNT),
    ("three interpreters", PROBLEM, changed(1, interpreters=(0, 1, 2)), Rule.INTERPRETER_COUNT),
    ("an interpreter of other languages", PROBLEM, changed(1, interpreters=(2,)),
     Rule.INTERPRETER_LANGUAGE),
    ("an interpreter who is not fluent",
     interpreter(0, speaks={"zh": Level.FLUENT, "vi": Level.WORKING}), MEETINGS,
     Rule.INTERPRETER_LANGUAGE),
    ("a relay the wrong way round", replace(PROBLEM, relay=True), changed(1, interpreters=(2, 1)),
     Rule.INTERPRETER_LANGUAGE),
    ("a relay where none is allowed", PROBLEM, RELAYED, Rule.RELAY),
    ("an interpreter off shift", interpreter(0, free=(1, 2)), MEETINGS, Rule.INTERPRETER_NOT_FREE),
    ("an interpreter with too many", interpreter(0, most=0), MEETINGS, Rule.INTERPRETER_MOST),
    ("an interpreter online in a room", interpreter(0, online=True), MEETINGS,
     Rule.INTERPRETER_ONLINE),
    ("too far to walk", PROBLEM, changed(3, slot=1, place=1), Rule.WALK),
    ("too far from a session", person(4, engaged=((-30, -5, 1),)), MEETINGS, Rule.WALK),
    ("too far to a session", person(4, engaged=((30, 55, 1),)), MEETINGS, Rule.WALK),
    ("too far for a host to walk", HOSTED, (
        MEETINGS[0], replace(MEETINGS[1], slot=1, place=1, table=0), MEETINGS[2],
        replace(MEETINGS[3], slot=4)), Rule.WALK),
]  # fmt: skip


def test_a_plan_that_is_right_breaks_nothing() -> None:
    assert breaches(PROBLEM, MEETINGS) == []


def test_hosts_relays_and_ways_that_are_right_break_nothing() -> None:
    assert breaches(HOSTED, HOST_APART) == []
    assert breaches(replace(PROBLEM, relay=True), RELAYED) == []
    near = person(4, engaged=((-40, -10, 1), (35, 60, 1), (30, 55, -1)))
    assert breaches(near, MEETINGS) == []
    # The host of both sides, and a host who sits for her party herself, take one seat.
    assert breaches(party(0, party(1, host=6), host=6), MEETINGS[:2]) == []
    assert breaches(party(0, host=0), MEETINGS) == []
    # Over night there is time to walk, and who is on site interprets online.
    assert breaches(PROBLEM, changed(3, slot=3, place=1)) == []


@pytest.mark.parametrize(
    ("problem", "meetings", "rule"),
    [case[1:] for case in BROKEN],
    ids=[case[0] for case in BROKEN],
)
def test_a_plan_that_breaks_one_rule_is_told_so(
    problem: Problem, meetings: tuple[Meeting, ...], rule: Rule
) -> None:
    assert {breach.rule for breach in breaches(problem, meetings)} == {rule}


def test_interpreters_meet_once_at_a_time_rest_and_walk() -> None:
    """Several meetings of one interpreter need their own event."""
    people = tuple(Person(at, DAY, ZH if at % 2 else VI) for at in range(8))
    problem = replace(
        PROBLEM,
        people=people,
        parties=tuple(Party((at,), floor=0) for at in range(8)),
        places=(Place((9,) * 6), Place((9,) * 6)),
        walks=((0, 10), (10, 0)),
        wishes=tuple(Wish(at, at + 1, 1) for at in range(0, 8, 2)),
        interpreters=(Interpreter(DAY, ZH | VI, run=2),),
    )

    def rules(*where: tuple[int, int]) -> set[Rule]:
        meetings = [
            Meeting(at, slot, place, at, 2 * at, 2 * at + 1, "", (0,))
            for at, (slot, place) in enumerate(where)
        ]
        return {breach.rule for breach in breaches(problem, meetings)}

    assert rules((0, 0), (1, 0)) == set()
    assert rules((1, 0), (1, 0)) == {Rule.INTERPRETER_TWICE}
    assert rules((2, 0), (0, 0), (1, 0)) == {Rule.INTERPRETER_RUN}
    assert rules((1, 0), (2, 0), (3, 0), (4, 0)) == set()  # a night between
    assert rules((1, 0), (0, 1)) == {Rule.INTERPRETER_WALK}
    assert rules((2, 0), (0, 1)) == set()


def test_one_interpreter_cannot_be_both_halves_of_a_relay() -> None:
    everything = replace(interpreter(0, speaks=ZH | VI | EN), relay=True)
    found = breaches(everything, changed(1, interpreters=(0, 0)))
    assert [breach.rule for breach in found] == [Rule.INTERPRETER_TWICE]


def test_a_breach_names_its_meetings_and_what_a_message_needs() -> None:
    (twice,) = breaches(PROBLEM, changed(1, table=0))
    assert twice.meetings == (0, 1)
    assert twice.detail == {"slot": 0, "place": 0, "table": 0}
    (far,) = breaches(PROBLEM, changed(3, slot=1, place=1))[:1]
    assert far.meetings == (0, 3) and far.detail == {"person": 2, "minutes": 10}


# --- the score --------------------------------------------------------------------------------


def test_the_score_counts_values_musts_and_what_floors_lack() -> None:
    problem = replace(
        PROBLEM,
        wishes=(
            replace(PROBLEM.wishes[0], must=True),
            *PROBLEM.wishes[1:3],
            replace(PROBLEM.wishes[3], must=True),
        ),
        parties=(
            Party((0, 1), floor=3),  # has two wishes: lacks one of two
            Party((2,), floor=2, most=1),
            Party((3,), floor=2),  # lacks one
            Party((4,), floor=0),
            *PROBLEM.parties[4:],
        ),
        goals=Goals(must=1000, floor=60, breaks=0, table=0, load=0),
    )  # fmt: skip
    found = score(problem, MEETINGS[:2])
    assert (found.value, found.held, found.musts_missed) == (30, 2, 1)
    assert (found.below_floor, found.floor_short) == (2, 2)
    assert found.points == 30 + 1000 - 60 * 2


def test_breaks_are_counted_over_the_slots_in_which_somebody_is_free() -> None:
    def breaks(problem: Problem, *slots: int) -> int:
        wishes = tuple(Wish(0, 1, 1) for _ in slots)
        meetings = [Meeting(at, slot, 0, 0, 0, 2, "en") for at, slot in enumerate(slots)]
        return score(replace(problem, wishes=wishes), meetings).breaks

    assert breaks(PROBLEM, 0, 1, 2) == 0
    assert breaks(PROBLEM, 2, 0) == 2  # one for each of the two people
    assert breaks(person(0, free=(0, 2)), 0, 2) == 1
    assert breaks(PROBLEM, 0, 3, 5) == 2  # the night is no break
    assert breaks(party(3, host=0), 0, 2) == 1  # a host has none


def test_tables_are_changed_when_table_or_place_differ_within_a_day() -> None:
    def changes(problem: Problem, *where: tuple[int, int, int]) -> int:
        wishes = tuple(Wish(0, 1, 1) for _ in where)
        meetings = [Meeting(at, *here, 0, 2, "en") for at, here in enumerate(where)]
        return score(replace(problem, wishes=wishes), meetings).table_changes

    assert changes(PROBLEM, (0, 0, 1), (2, 0, 1)) == 0
    assert changes(PROBLEM, (0, 0, 1), (2, 0, 0)) == 2
    assert changes(PROBLEM, (0, 0, 0), (2, 1, 0)) == 2
    assert changes(PROBLEM, (2, 0, 0), (3, 1, 0)) == 0
    assert changes(party(3, host=2), (0, 0, 1), (2, 0, 0)) == 1


def test_overload_is_what_the_busiest_interpreter_has_beyond_the_mean_rounded_up() -> None:
    def overload(*load: tuple[int, ...]) -> int:
        meetings = [replace(MEETINGS[1], interpreters=one) for one in load]
        return score(PROBLEM, meetings).overload

    assert overload() == 0
    assert overload((0,)) == 0
    assert overload((0,), (0,), (0,), (1,)) == 1  # mean 4/3, fair 2
    assert overload((0, 1), (0, 2)) == 0  # a relay counts for both
    assert score(replace(PROBLEM, interpreters=()), MEETINGS[:1]).overload == 0
