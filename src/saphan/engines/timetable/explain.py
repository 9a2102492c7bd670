"""Why a wish is not met, and what speaks for a meeting that is. Plain data, no sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from saphan.engines.timetable.around import Around
from saphan.engines.timetable.check import Rule
from saphan.engines.timetable.hurdles import Choice, Hurdle, Option
from saphan.engines.timetable.problem import Meeting, Problem
from saphan.engines.timetable.worth import change


class Reason(Enum):
    """Why a wish is not met. The first group holds whatever the plan; the order is that in which
    they are looked for."""

    NOBODY = "nobody"
    """A side has nobody who may sit."""
    NEVER = "never"
    """A limit of a party or of all its people is 0."""
    NO_COMMON_SLOT = "no-common-slot"
    """No two people and their hosts are free at the same time (in the wish's slots)."""
    NO_WORDS = "no-words"
    """They share no language, and no interpreter speaks those they have."""
    NO_INTERPRETER_THEN = "no-interpreter-then"
    """Interpreters are there, but not when the two sides are free."""
    NO_PLACE = "no-place"
    """When they can, no place that fits has a table, for anybody."""
    TOO_FAR = "too-far"
    """They would not get there in time from where else they have to be."""

    ROOM_LEFT = "room-left"
    """It could be added now; then the plan would have `Why.gain` more points (less if negative:
    it breaks up days more than it is worth)."""
    GIVES_WAY = "gives-way"
    """Others have better use of what it needs."""


@dataclass(frozen=True)
class Why:
    """Why a wish is not met."""

    wish: int
    reason: Reason
    slot: int = -1
    """Where it would cost least now, with whom; -1 if it is impossible."""
    place: int = -1
    choice: Choice | None = None
    hurdles: tuple[Hurdle, ...] = ()
    """What is in the way there. Positions are positions in the plan that was given."""
    gives_way: tuple[int, ...] = ()
    """Wishes whose meetings would have to go."""
    below_floor: tuple[int, ...] = ()
    """Parties that would then lack a meeting to their floor (more than now)."""
    gain: int = 0
    """Points the plan would have more (fewer, if negative)."""
    parts: dict[str, int] = field(default_factory=dict)
    """The same by goal, as in `worth.change`."""


@dataclass(frozen=True)
class Held:
    """Facts about a meeting that is held."""

    wish: int
    value: int
    must: bool
    language: str
    interpreters: tuple[int, ...]
    hosts: tuple[int, ...]
    """Hosts who sit in besides the two people."""
    online: bool
    stand: bool
    """At a place that is reserved for one of the parties."""
    named: bool
    """The wish names one of the two people."""
    floor_of: tuple[int, ...]
    """Parties that would lack a meeting to their floor without it."""
    worth: int
    """Points the plan would lose without it (if nothing took its place)."""


def why(problem: Problem, meetings: Sequence[Meeting], wish: int) -> Held:
    """What speaks for a meeting. Raises KeyError if the wish is not met."""
    around = Around(problem, meetings, wish)
    if around.own < 0:
        raise KeyError(wish)
    meeting, wished = meetings[around.own], problem.wishes[wish]
    place = problem.places[meeting.place]
    parts = change(problem, meetings, (around.own,), ())
    return Held(
        wish=wish,
        value=wished.value,
        must=wished.must,
        language=meeting.language,
        interpreters=meeting.interpreters,
        hosts=tuple(sorted(around.hosts - {meeting.person_a, meeting.person_b})),
        online=place.online,
        stand=bool(place.home),
        named=bool(wished.people_a or wished.people_b),
        floor_of=_dropping(problem, meetings, (around.own,), ()),
        worth=-sum(parts.values()),
    )


def why_not(problem: Problem, meetings: Sequence[Meeting], wish: int) -> Why:
    """Why a wish is not met. Raises KeyError if it is."""
    around = Around(problem, meetings, wish)
    if around.own >= 0:
        raise KeyError(wish)
    reason = _impossible(problem, around)
    if reason:
        return Why(wish, reason)
    option = _cheapest(problem, around)
    if option is None:
        return Why(wish, Reason.TOO_FAR)
    removed = around.prices.giving_way(option.hurdles)
    choice = option.choice
    added = Meeting(
        wish,
        option.slot,
        option.place,
        _table(problem, around, option, removed),
        choice.person_a,
        choice.person_b,
        choice.language,
        choice.interpreters,
    )
    parts = change(problem, meetings, removed, (added,))
    return Why(
        wish,
        Reason.GIVES_WAY if removed else Reason.ROOM_LEFT,
        option.slot,
        option.place,
        choice,
        option.hurdles,
        tuple(meetings[at].wish for at in removed),
        _dropping(problem, meetings, removed, (added,)),
        sum(parts.values()),
        parts,
    )


def _impossible(problem: Problem, around: Around) -> Reason | None:
    """Looks at the problem alone, in the order of `Reason`."""
    if not any(True for _ in around.pairs()):
        return Reason.NOBODY
    parties = (problem.parties[around.wish.a], problem.parties[around.wish.b])
    able = [
        pair
        for pair in around.pairs()
        if all(problem.people[one].most > 0 for one in {*pair, *around.hosts})
    ]
    if not able or any(party.most < 1 for party in parties):
        return Reason.NEVER
    slots = set(around.wish.slots or range(len(problem.slots)))
    for host in around.hosts:
        slots &= around.free[host]
    together = {(a, b): slots & around.free[a] & around.free[b] for a, b in able}
    together = {pair: common for pair, common in together.items() if common}
    if not together:
        return Reason.NO_COMMON_SLOT
    kinds = {pair: around.interpreting.kind(*pair) for pair in together}
    talking = {
        pair: common
        for pair, common in together.items()
        if kinds[pair].language or kinds[pair].one or kinds[pair].first
    }
    if not talking:
        return Reason.NO_WORDS
    reasons = {
        rule
        for pair, common in talking.items()
        for slot in common
        for place in range(len(problem.places))
        for rule in (_shut(around, pair, slot, place),)
    }
    if None in reasons:
        return None
    for rules, reason in (
        ((Rule.WALK,), Reason.TOO_FAR),
        (_PLACE, Reason.NO_PLACE),
    ):
        if reasons & set(rules) and not reasons & set(_WORDS):
            return reason
    return Reason.NO_INTERPRETER_THEN


_PLACE = (Rule.NO_TABLE, Rule.WISH_PLACE, Rule.HOME, Rule.NEEDS_ONLINE, Rule.NEEDS_SITE)
_WORDS = (
    Rule.INTERPRETER_NOT_FREE,
    Rule.INTERPRETER_ONLINE,
    Rule.INTERPRETER_LANGUAGE,
    Rule.INTERPRETER_MOST,
)


def _shut(around: Around, pair: tuple[int, int], slot: int, place: int) -> Rule | None:
    """What closes a slot and place to two people for good: place first, then way, then words."""
    there = [
        *around.meeting_hurdles(slot, place),
        *around.pair_hurdles(*pair, slot, place),
        *around.interpreting.words(*pair, slot, place)[2],
    ]
    shut = {hurdle.rule for hurdle in there if not hurdle.meetings}
    for rules in (_PLACE, (Rule.WALK,), _WORDS):
        for rule in rules:
            if rule in shut:
                return rule
    return next(iter(shut), None)


def _cheapest(problem: Problem, around: Around) -> Option | None:
    """Where least would have to give way; early slots first among equals."""
    best: Option | None = None
    least = (0, 0)
    for slot in range(len(problem.slots)):
        for place in range(len(problem.places)):
            option = around.best(slot, place)
            price = around.prices.price(option.hurdles)
            if not price[0] and (best is None or price < least):
                best, least = option, price
                if not option.hurdles:
                    return best
    return best


def _table(problem: Problem, around: Around, option: Option, removed: Sequence[int]) -> int:
    """A table that is free once those at the positions `removed` are gone."""
    taken = {
        around.meetings[at].table
        for at in around.at[option.slot, option.place]
        if at not in removed
    }
    tables = problem.places[option.place].tables[option.slot]
    return next((table for table in range(tables) if table not in taken), 0)


def _dropping(
    problem: Problem, meetings: Sequence[Meeting], removed: Sequence[int], added: Sequence[Meeting]
) -> tuple[int, ...]:
    """Parties that lack more to their floor after the change than before."""
    concerned: dict[int, int] = {}
    for sign, group in ((-1, [meetings[at] for at in removed]), (1, added)):
        for meeting in group:
            wish = problem.wishes[meeting.wish]
            for party in (wish.a, wish.b):
                concerned[party] = concerned.get(party, 0) + sign
    losing = {party for party, won in concerned.items() if won < 0}
    has, wished = dict.fromkeys(losing, 0), dict.fromkeys(losing, 0)
    for meeting in meetings:
        wish = problem.wishes[meeting.wish]
        for party in losing & {wish.a, wish.b}:
            has[party] += 1
    for wish in problem.wishes:
        for party in losing & {wish.a, wish.b}:
            wished[party] += 1
    found = []
    for party in sorted(losing):
        one = problem.parties[party]
        target = min(one.floor, one.most, wished[party])
        if has[party] + concerned[party] < target:
            found.append(party)
    return tuple(found)
