"""Does a plan obey every hard rule? Written for itself, in plain Python.

This module and `worth.py` share nothing with the solver but `problem.py`, so that a mistake in one
of them shows.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from saphan.engines.timetable.problem import RELAY, Level, Meeting, Problem
from saphan.engines.timetable.worth import score

__all__ = ["Breach", "Rule", "breaches", "minutes_from_elsewhere", "score", "seats"]


class Rule(Enum):
    """The hard rules. A value is the name that a message catalogue uses."""

    UNKNOWN = "unknown"
    WISH_TWICE = "wish-twice"
    WISH_SLOT = "wish-slot"
    WISH_PLACE = "wish-place"
    ORDER = "order"
    NOT_OF_SIDE = "not-of-side"
    PERSON_NOT_FREE = "person-not-free"
    PERSON_TWICE = "person-twice"
    PERSON_MOST = "person-most"
    PARTY_MOST = "party-most"
    HOST_NOT_FREE = "host-not-free"
    HOST_TWICE = "host-twice"
    NO_TABLE = "no-table"
    TABLE_TWICE = "table-twice"
    HOME = "home"
    NEEDS_ONLINE = "needs-online"
    NEEDS_SITE = "needs-site"
    LANGUAGE = "language"
    INTERPRETER_COUNT = "interpreter-count"
    INTERPRETER_LANGUAGE = "interpreter-language"
    RELAY = "relay"
    INTERPRETER_NOT_FREE = "interpreter-not-free"
    INTERPRETER_TWICE = "interpreter-twice"
    INTERPRETER_MOST = "interpreter-most"
    INTERPRETER_RUN = "interpreter-run"
    INTERPRETER_ONLINE = "interpreter-online"
    WALK = "walk"
    INTERPRETER_WALK = "interpreter-walk"


@dataclass(frozen=True)
class Breach:
    """A rule that a plan breaks."""

    rule: Rule
    meetings: tuple[int, ...]
    """Positions in the list of meetings that was checked, rising."""
    detail: dict[str, int] = field(default_factory=dict)
    """What a message needs: positions of people, slots and so on, limits, minutes."""


def breaches(problem: Problem, meetings: Sequence[Meeting]) -> list[Breach]:
    """Every rule that the meetings break; empty for a valid plan.

    A meeting that names something that the problem does not have is reported as unknown and left
    out of the other checks. The cost is linear in the meetings, not in the problem."""
    found: list[Breach] = []
    known: list[int] = []
    for at, meeting in enumerate(meetings):
        if _is_known(problem, meeting):
            known.append(at)
        else:
            found.append(Breach(Rule.UNKNOWN, (at,)))
    for at in known:
        found += [Breach(rule, (at,), detail) for rule, detail in _alone(problem, meetings[at])]
    found += _wishes(problem, meetings, known)
    found += _people(problem, meetings, known)
    found += _parties(problem, meetings, known)
    found += _tables(meetings, known)
    found += _interpreters(problem, meetings, known)
    return found


def seats(problem: Problem, meeting: Meeting) -> dict[int, bool]:
    """Who is in a meeting, interpreters aside: person to whether she is there only as a host."""
    wish = problem.wishes[meeting.wish]
    there = {meeting.person_a: False, meeting.person_b: False}
    for party in (wish.a, wish.b):
        host = problem.parties[party].host
        if host >= 0:
            there.setdefault(host, True)
    return there


def _is_known(problem: Problem, meeting: Meeting) -> bool:
    return (
        0 <= meeting.wish < len(problem.wishes)
        and 0 <= meeting.slot < len(problem.slots)
        and 0 <= meeting.place < len(problem.places)
        and 0 <= meeting.person_a < len(problem.people)
        and 0 <= meeting.person_b < len(problem.people)
        and all(0 <= one < len(problem.interpreters) for one in meeting.interpreters)
    )


# --- what one meeting can break by itself -----------------------------------------------------

_Found = Iterable[tuple[Rule, dict[str, int]]]


def _alone(problem: Problem, meeting: Meeting) -> _Found:
    wish = problem.wishes[meeting.wish]
    slot, place = meeting.slot, problem.places[meeting.place]
    if wish.slots and slot not in wish.slots:
        yield Rule.WISH_SLOT, {"wish": meeting.wish, "slot": slot}
    if wish.places and meeting.place not in wish.places:
        yield Rule.WISH_PLACE, {"wish": meeting.wish, "place": meeting.place}
    if not 0 <= meeting.table < place.tables[slot]:
        yield Rule.NO_TABLE, {"place": meeting.place, "slot": slot, "tables": place.tables[slot]}
    if place.home and wish.a not in place.home and wish.b not in place.home:
        yield Rule.HOME, {"place": meeting.place}
    sides = (
        (wish.a, wish.people_a, meeting.person_a),
        (wish.b, wish.people_b, meeting.person_b),
    )
    for party, allowed, person in sides:
        if person not in (allowed or problem.parties[party].people):
            yield Rule.NOT_OF_SIDE, {"person": person, "party": party}
    there = seats(problem, meeting)
    for person, as_host in there.items():
        if slot not in problem.people[person].free:
            rule = Rule.HOST_NOT_FREE if as_host else Rule.PERSON_NOT_FREE
            yield rule, {"person": person, "slot": slot}
    remote = [person for person in there if problem.people[person].online]
    if remote and not place.online:
        yield Rule.NEEDS_ONLINE, {"person": remote[0], "place": meeting.place}
    if place.online and not remote:
        yield Rule.NEEDS_SITE, {"place": meeting.place}
    yield from _words(problem, meeting)


def _words(problem: Problem, meeting: Meeting) -> _Found:
    a, b = problem.people[meeting.person_a].speaks, problem.people[meeting.person_b].speaks
    knows_a = {name for name, level in a.items() if level >= problem.needs}
    knows_b = {name for name, level in b.items() if level >= problem.needs}
    helpers = [problem.interpreters[one] for one in meeting.interpreters]
    for position, helper in zip(meeting.interpreters, helpers, strict=True):
        if meeting.slot not in helper.free:
            yield Rule.INTERPRETER_NOT_FREE, {"interpreter": position, "slot": meeting.slot}
        if helper.online and not problem.places[meeting.place].online:
            yield Rule.INTERPRETER_ONLINE, {"interpreter": position, "place": meeting.place}
    if meeting.language:
        if meeting.language not in knows_a & knows_b:
            yield Rule.LANGUAGE, {"person_a": meeting.person_a, "person_b": meeting.person_b}
        if helpers:
            yield Rule.INTERPRETER_COUNT, {"interpreters": len(helpers)}
        return
    fluent = [
        {name for name, level in helper.speaks.items() if level >= Level.FLUENT}
        for helper in helpers
    ]
    if len(fluent) == 1:
        if not (fluent[0] & knows_a and fluent[0] & knows_b):
            yield Rule.INTERPRETER_LANGUAGE, {"interpreter": meeting.interpreters[0]}
    elif len(fluent) == 2:
        if not problem.relay:
            yield Rule.RELAY, {}
        for position, spoken, knows in zip(
            meeting.interpreters, fluent, (knows_a, knows_b), strict=True
        ):
            if not (RELAY in spoken and spoken & knows):
                yield Rule.INTERPRETER_LANGUAGE, {"interpreter": position}
    else:
        yield Rule.INTERPRETER_COUNT, {"interpreters": len(fluent)}


# --- what meetings break together -------------------------------------------------------------


def _wishes(problem: Problem, meetings: Sequence[Meeting], known: list[int]) -> Iterable[Breach]:
    held: defaultdict[int, list[int]] = defaultdict(list)
    for at in known:
        held[meetings[at].wish].append(at)
    for wish, group in held.items():
        if len(group) > 1:
            yield Breach(Rule.WISH_TWICE, tuple(group), {"wish": wish})
        for before in problem.wishes[wish].after:
            for first in held.get(before, ()):
                for then in group:
                    over = problem.slots[meetings[first].slot].ends
                    if over > problem.slots[meetings[then].slot].begins:
                        both = tuple(sorted((first, then)))
                        yield Breach(Rule.ORDER, both, {"wish": wish, "before": before})


def _people(problem: Problem, meetings: Sequence[Meeting], known: list[int]) -> Iterable[Breach]:
    busy: defaultdict[int, list[int]] = defaultdict(list)
    as_host: set[tuple[int, int]] = set()
    for at in known:
        meeting = meetings[at]
        if meeting.person_a == meeting.person_b:
            yield Breach(Rule.PERSON_TWICE, (at,), {"person": meeting.person_a})
        for who, only_hosts in seats(problem, meeting).items():
            busy[who].append(at)
            if only_hosts:
                as_host.add((who, at))
    for who, group in busy.items():
        person = problem.people[who]
        if len(group) > person.most:
            yield Breach(Rule.PERSON_MOST, tuple(group), {"person": who, "most": person.most})
        for at, other in _same_slot(meetings, group):
            hosts = (who, at) in as_host or (who, other) in as_host
            rule = Rule.HOST_TWICE if hosts else Rule.PERSON_TWICE
            slot = meetings[at].slot
            yield Breach(rule, (at, other), {"person": who, "slot": slot})
        for pair, minutes in _too_far(problem, meetings, group):
            yield Breach(Rule.WALK, pair, {"person": who, "minutes": minutes})
        for stretch in person.engaged:
            for at in group:
                minutes = minutes_from_elsewhere(problem, meetings[at], stretch)
                if minutes:
                    yield Breach(Rule.WALK, (at,), {"person": who, "minutes": minutes})


def _parties(problem: Problem, meetings: Sequence[Meeting], known: list[int]) -> Iterable[Breach]:
    held: defaultdict[int, list[int]] = defaultdict(list)
    for at in known:
        wish = problem.wishes[meetings[at].wish]
        for party in {wish.a, wish.b}:
            held[party].append(at)
    for party, group in held.items():
        most = problem.parties[party].most
        if len(group) > most:
            yield Breach(Rule.PARTY_MOST, tuple(group), {"party": party, "most": most})


def _tables(meetings: Sequence[Meeting], known: list[int]) -> Iterable[Breach]:
    taken: defaultdict[tuple[int, int, int], list[int]] = defaultdict(list)
    for at in known:
        taken[meetings[at].slot, meetings[at].place, meetings[at].table].append(at)
    for (slot, place, table), group in taken.items():
        if len(group) > 1:
            yield Breach(
                Rule.TABLE_TWICE, tuple(group), {"slot": slot, "place": place, "table": table}
            )


def _interpreters(
    problem: Problem, meetings: Sequence[Meeting], known: list[int]
) -> Iterable[Breach]:
    busy: defaultdict[int, list[int]] = defaultdict(list)
    for at in known:
        for one in meetings[at].interpreters:
            if busy[one] and busy[one][-1] == at:
                slot = meetings[at].slot
                yield Breach(Rule.INTERPRETER_TWICE, (at,), {"interpreter": one, "slot": slot})
            else:
                busy[one].append(at)
    for one, group in busy.items():
        who = problem.interpreters[one]
        if len(group) > who.most:
            detail = {"interpreter": one, "most": who.most}
            yield Breach(Rule.INTERPRETER_MOST, tuple(group), detail)
        for at, other in _same_slot(meetings, group):
            detail = {"interpreter": one, "slot": meetings[at].slot}
            yield Breach(Rule.INTERPRETER_TWICE, (at, other), detail)
        for row in _runs(problem, meetings, group):
            if len({meetings[at].slot for at in row}) > who.run:
                detail = {"interpreter": one, "run": who.run}
                yield Breach(Rule.INTERPRETER_RUN, tuple(sorted(row)), detail)
        for pair, minutes in _too_far(problem, meetings, group):
            yield Breach(Rule.INTERPRETER_WALK, pair, {"interpreter": one, "minutes": minutes})


def _same_slot(meetings: Sequence[Meeting], group: list[int]) -> Iterable[tuple[int, int]]:
    """Pairs of meetings of one slot (the first of the slot with each other one)."""
    first: dict[int, int] = {}
    for at in group:
        earlier = first.setdefault(meetings[at].slot, at)
        if earlier != at:
            yield earlier, at


def _too_far(
    problem: Problem, meetings: Sequence[Meeting], group: list[int]
) -> Iterable[tuple[tuple[int, ...], int]]:
    """Pairs of meetings in consecutive busy slots of a day that leave too little time, with the
    minutes that the way takes."""
    slots: defaultdict[int, list[int]] = defaultdict(list)
    for at in group:
        slots[meetings[at].slot].append(at)
    for one, other in itertools.pairwise(sorted(slots)):
        before, after = problem.slots[one], problem.slots[other]
        if before.day != after.day:
            continue
        for first, then in itertools.product(slots[one], slots[other]):
            minutes = problem.walks[meetings[first].place][meetings[then].place]
            if minutes > after.begins - before.ends:
                yield tuple(sorted((first, then))), minutes


def minutes_from_elsewhere(
    problem: Problem, meeting: Meeting, stretch: tuple[int, int, int]
) -> int:
    """Minutes of the way to or from where a person is engaged, if they do not fit; else 0."""
    begins, ends, place = stretch
    slot = problem.slots[meeting.slot]
    if place < 0:
        return 0
    if ends <= slot.begins:
        minutes = problem.walks[place][meeting.place]
        return minutes if minutes > slot.begins - ends else 0
    if slot.ends <= begins:
        minutes = problem.walks[meeting.place][place]
        return minutes if minutes > begins - slot.ends else 0
    return 0


def _runs(problem: Problem, meetings: Sequence[Meeting], group: list[int]) -> list[list[int]]:
    """The meetings cut into rows of adjacent slots of one day."""
    rows: list[list[int]] = []
    for at in sorted(group, key=lambda at: meetings[at].slot):
        slot = meetings[at].slot
        last = meetings[rows[-1][-1]].slot if rows else -9
        if slot - last <= 1 and problem.slots[slot].day == problem.slots[last].day:
            rows[-1].append(at)
        else:
            rows.append([at])
    return rows
