"""What a plan is worth, counted from its meetings alone, in plain Python."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from saphan.engines.timetable.problem import Meeting, Problem, Score


def score(problem: Problem, meetings: Sequence[Meeting]) -> Score:
    """The plan in numbers, as `Score` and `Goals` define them. Breaches are not looked for."""
    goals = problem.goals
    held = {meeting.wish for meeting in meetings}
    value = sum(problem.wishes[wish].value for wish in held)
    musts = sum(wish.must for wish in problem.wishes)
    musts_held = sum(problem.wishes[wish].must for wish in held)
    lacking = _lacking(problem, held)
    breaks, changes = _comfort(problem, meetings)
    overload = _beyond(_load(problem, meetings))
    return Score(
        points=value
        + goals.must * musts_held
        - goals.floor * sum(lacking)
        - goals.breaks * breaks
        - goals.table * changes
        - goals.load * overload,
        value=value,
        held=len(held),
        musts_missed=musts - musts_held,
        below_floor=sum(1 for short in lacking if short),
        floor_short=sum(lacking),
        breaks=breaks,
        table_changes=changes,
        overload=overload,
    )


def _lacking(problem: Problem, held: set[int]) -> list[int]:
    """Per party: how many meetings it lacks to the smallest of floor, `most` and its wishes."""
    wished = [0] * len(problem.parties)
    has = [0] * len(problem.parties)
    for at, wish in enumerate(problem.wishes):
        for party in {wish.a, wish.b}:
            wished[party] += 1
            has[party] += at in held
    return [
        max(0, min(party.floor, party.most, wishes) - meetings)
        for party, wishes, meetings in zip(problem.parties, wished, has, strict=True)
    ]


def _comfort(problem: Problem, meetings: Sequence[Meeting]) -> tuple[int, int]:
    """Breaks and table changes of the people who sit for a side. Who is the host of a party has
    neither."""
    hosts = {party.host for party in problem.parties}
    own: defaultdict[int, list[Meeting]] = defaultdict(list)
    for meeting in meetings:
        for person in {meeting.person_a, meeting.person_b} - hosts:
            own[person].append(meeting)
    breaks = changes = 0
    for person, group in own.items():
        broken, changed = comfort(problem, person, group)
        breaks += broken
        changes += changed
    return breaks, changes


def comfort(problem: Problem, person: int, group: Sequence[Meeting]) -> tuple[int, int]:
    """Breaks and table changes of one person who has these meetings."""
    free = {slot: at for at, slot in enumerate(problem.people[person].free)}
    order = sorted(group, key=lambda meeting: meeting.slot)
    breaks = changes = 0
    for first, then in itertools.pairwise(order):
        if problem.slots[first.slot].day != problem.slots[then.slot].day:
            continue
        changes += (first.place, first.table) != (then.place, then.table)
        if first.slot in free and then.slot in free:
            breaks += free[then.slot] - free[first.slot] > 1
    return breaks, changes


def _load(problem: Problem, meetings: Sequence[Meeting]) -> list[int]:
    """Meetings per interpreter."""
    load = [0] * len(problem.interpreters)
    for meeting in meetings:
        for one in meeting.interpreters:
            load[one] += 1
    return load


def _beyond(load: list[int]) -> int:
    """Meetings of the busiest beyond the mean rounded up."""
    return max(load) - -(-sum(load) // len(load)) if load else 0


def change(
    problem: Problem,
    meetings: Sequence[Meeting],
    removed: Collection[int],
    added: Sequence[Meeting],
) -> dict[str, int]:
    """Points that a plan wins or loses, by goal (`value`, `must`, `floor`, `breaks`, `table`,
    `load`), if the meetings at the positions `removed` go and those of `added` come.

    Looks only at those concerned, so that it is quick while somebody drags a meeting."""
    goals = problem.goals
    out = [meetings[at] for at in removed]
    gone = set(removed)
    wins: Counter[int] = Counter()
    value = must = 0
    for sign, group in ((-1, out), (1, added)):
        for meeting in group:
            wish = problem.wishes[meeting.wish]
            value += sign * wish.value
            must += sign * wish.must
            for party in {wish.a, wish.b}:
                wins[party] += sign
    people = {one for meeting in (*out, *added) for one in (meeting.person_a, meeting.person_b)}
    people -= {party.host for party in problem.parties}
    before: defaultdict[int, list[Meeting]] = defaultdict(list)
    after: defaultdict[int, list[Meeting]] = defaultdict(list)
    for at, meeting in enumerate(meetings):
        if meeting.person_a in people or meeting.person_b in people:
            for one in {meeting.person_a, meeting.person_b} & people:
                before[one].append(meeting)
                if at not in gone:
                    after[one].append(meeting)
    for meeting in added:
        for one in {meeting.person_a, meeting.person_b} & people:
            after[one].append(meeting)
    breaks = changes = 0
    for one in people:
        was, will = comfort(problem, one, before[one]), comfort(problem, one, after[one])
        breaks += will[0] - was[0]
        changes += will[1] - was[1]
    load = _load(problem, meetings)
    now = _beyond(load)
    for sign, group in ((-1, out), (1, added)):
        for meeting in group:
            for helper in meeting.interpreters:
                load[helper] += sign
    overload = _beyond(load) - now
    return {
        "value": value,
        "must": goals.must * must,
        "floor": -goals.floor * _short_change(problem, meetings, wins),
        "breaks": -goals.breaks * breaks,
        "table": -goals.table * changes,
        "load": -goals.load * overload,
    }


def _short_change(problem: Problem, meetings: Sequence[Meeting], wins: dict[int, int]) -> int:
    """By how many meetings these parties lack more if they win (or lose) so many."""
    wished, has = dict.fromkeys(wins, 0), dict.fromkeys(wins, 0)
    for wish in problem.wishes:
        if wish.a in wished:
            wished[wish.a] += 1
        if wish.b in wished:
            wished[wish.b] += 1
    for meeting in meetings:
        wish = problem.wishes[meeting.wish]
        for party in (wish.a, wish.b):
            if party in has:
                has[party] += 1
    more = 0
    for party, win in wins.items():
        one = problem.parties[party]
        target = min(one.floor, one.most, wished[party])
        more += max(0, target - has[party] - win) - max(0, target - has[party])
    return more
