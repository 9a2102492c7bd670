"""The local search in compiled code: meetings are put, moved and swapped many times a second.

Only `search.py` imports this module, because numba takes long to load. Everything stands in one
array `x` of whole numbers, because every further argument costs seconds of compiling: first sizes
and running numbers, then tables. A function named like a table gives the address of a row or cell;
columns have names in capitals. Every change is logged, so that a step that does not pay is
undone.

All of it is one module because numba looks only at this file to see whether what it has kept is
still good."""

# What numba decorates and what stands in the array has no type for mypy.
# mypy: disable-error-code="no-any-return,return-value"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

Memory = Any
"""The array; typed for the compiler by what it is given."""


def _numbers(*ends: int) -> Any:
    """Numbers of one width. A plain number would have each function that takes it as an argument
    compiled anew for it."""
    return [np.int64(one) for one in range(*ends)]


# Wishes
A, B, WORTH, HOST1, HOST2, OPT0, OPT1, SLOT0, SLOT1, SITE0, SITE1, LINE1 = _numbers(12)
PRE0, PRE1, SUC1, FIXED, WAS_SLOT, WAS_PLACE, WAS_OPT, WAS_FIRST, WAS_SECOND = _numbers(12, 21)
ZONE: Any = np.int64(21)
WISH_COLUMNS: Any = np.int64(22)
# Meetings; WHO begins six columns: two people, two hosts, two interpreters (-1: nobody)
SLOT, PLACE, OPT, FIRST, SECOND, AT, WHO = _numbers(7)
STAMP: Any = np.int64(13)
MEETING_COLUMNS: Any = np.int64(14)
# Options
ONE, OTHER, WORDS, ONLINE = _numbers(4)
# Helds: people, then interpreters
MOST, RUN, COUNTED, COUNT = _numbers(4)
# Helds in a slot, behind the meeting: free slots before and after on the day, places out of reach
BEFORE, AFTER, BARRED = _numbers(1, 4)
# Parties
P_MOST, P_FLOOR, P_MET, P_WISH0, P_WISH1 = _numbers(5)
# Kinds of interpretation: where the masks are of who can alone, first, second; whether a relay is
# allowed; where the list is of who can alone
W_ONE, W_FIRST, W_SECOND, W_RELAY, W_LIST0, W_LIST1 = _numbers(6)
WORDS_COLUMNS: Any = np.int64(6)
# What stands in front: sizes, prices, running numbers, what `_settle` picked, where tables begin
PEOPLE, SLOTS, PLACES, DAYS, HELPERS, NEAR, DEEPEST = _numbers(7)
BREAK, FLOOR, MOVE, MAY_MOVE, LEAD, SWAP = _numbers(7, 13)
POINTS, LOGGED, TICK, MOVED, OUTS, RANDOM = _numbers(13, 19)
PICK: Any = np.int64(19)
T_WISH, T_OPTION, T_HELD, T_PARTY, T_WORDS, T_DAY, T_NEAR, T_WALK = _numbers(22, 30)
T_TABLES, T_ABLE, T_MEETING, T_AT, T_IDLE, T_RUNS = _numbers(30, 36)
T_FULL, T_ROW, T_LOG, T_OUT, T_CHAIN, T_LINE, T_ROOM = _numbers(36, 43)
TABLE, SHIFT, LOOKS, TRIES, VOICE = _numbers(43, 48)
FRONT: Any = np.int64(48)

AWAY = -2
"""In `at`: not free in this slot. -1: free and idle."""
WIDTH: Any = np.int64(30)
"""Interpreters per word of a mask."""
LONGEST = 14
"""Meetings that one swap may move."""

NOBODY: Any = np.int64(-1)
TOOK: Any = np.int64(0)
PUT: Any = np.int64(1)
FREE: Any = np.int64(0)
FULL: Any = np.int64(1)
TWO: Any = np.int64(2)
HUNDRED: Any = np.int64(100)
MANY: Any = np.int64(1 << 30)

# What only compiled code calls needs no door to Python: half the time of compiling is saved.
_entry = njit(cache=True, nogil=True, error_model="numpy")
_within: Any = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_inner = njit(nogil=True, error_model="numpy", **_within)


# --- where things are ---


@_inner
def _get(x: Memory, at: int) -> int:
    """What stands there, in the one width that all functions are compiled for."""
    return np.int64(x[np.uint64(at)])


@_inner
def _wish(x: Memory, k: int) -> int:
    return _get(x, T_WISH) + WISH_COLUMNS * k


@_inner
def _option(x: Memory, k: int) -> int:
    return _get(x, T_OPTION) + 4 * k


@_inner
def _held(x: Memory, k: int) -> int:
    return _get(x, T_HELD) + 4 * k


@_inner
def _party(x: Memory, k: int) -> int:
    return _get(x, T_PARTY) + 5 * k


@_inner
def _words(x: Memory, k: int) -> int:
    return _get(x, T_WORDS) + WORDS_COLUMNS * k


@_inner
def _meeting(x: Memory, k: int) -> int:
    return _get(x, T_MEETING) + MEETING_COLUMNS * k


@_inner
def _log(x: Memory, k: int) -> int:
    return _get(x, T_LOG) + 7 * k


@_inner
def _chain(x: Memory, k: int) -> int:
    return _get(x, T_CHAIN) + 3 * k


@_inner
def _near(x: Memory, slot: int, k: int) -> int:
    return _get(x, T_NEAR) + 2 * (slot * _get(x, NEAR) + k)


@_inner
def _walk(x: Memory, place: int, other: int) -> int:
    return _get(x, T_WALK) + place * _get(x, PLACES) + other


@_inner
def _tables(x: Memory, place: int, slot: int) -> int:
    return _get(x, T_TABLES) + place * _get(x, SLOTS) + slot


@_inner
def _able(x: Memory, w: int, slot: int) -> int:
    return _get(x, T_ABLE) + w * _get(x, SLOTS) + slot


@_inner
def _at(x: Memory, one: int, slot: int) -> int:
    """What one holds in a slot: a meeting, or why none; then BEFORE, AFTER and BARRED."""
    return _get(x, T_AT) + 4 * (one * _get(x, SLOTS) + slot)


@_inner
def _idle(x: Memory, slot: int, helper: int) -> int:
    """The word of the mask of idle interpreters that has this one's bit."""
    return _get(x, T_IDLE) + slot * _get(x, HELPERS) + helper // WIDTH


@_inner
def _runs(x: Memory, one: int, day: int) -> int:
    return _get(x, T_RUNS) + one * _get(x, DAYS) + day


@_inner
def _full(x: Memory, place: int, slot: int) -> int:
    return _get(x, T_FULL) + place * _get(x, SLOTS) + slot


@_inner
def _room(x: Memory, online: int, slot: int) -> int:
    """Free tables on site (0) and online (1)."""
    return _get(x, T_ROOM) + online * _get(x, SLOTS) + slot


@_inner
def _row(x: Memory, place: int, slot: int, k: int) -> int:
    return _get(x, T_ROW) + (place * _get(x, SLOTS) + slot) * _get(x, DEEPEST) + k


# --- chance ---


@_inner
def _below(x: Memory, n: int) -> int:
    """A whole number from 0 to n - 1 (xorshift with 32 bits)."""
    v = _get(x, RANDOM) + (1 << 31)
    v ^= (v << 13) & 0xFFFFFFFF
    v ^= v >> 17
    v ^= (v << 5) & 0xFFFFFFFF
    x[RANDOM] = v - (1 << 31)  # to fit into 32 bits with a sign
    return v % n


@_inner
def _chance(x: Memory) -> float:
    return _below(x, MANY) / MANY


@_inner
def _apart(x: Memory, person: int, slot: int) -> int:
    """Change of the number of stretches if the person also sits in this slot."""
    change = 1
    row = _at(x, person, TOOK)
    for side in range(2):
        beside = _get(x, row + 4 * slot + BEFORE + side)
        if beside >= 0 and _get(x, row + 4 * beside) >= 0:
            change -= 1
    return change


@_inner
def _rooms(x: Memory, person: int, slot: int, place: int) -> int:
    """How often the person changes the place if she sits there between the meetings beside."""
    changes = 0
    row = _at(x, person, TOOK)
    for side in range(2):
        beside = _get(x, row + 4 * slot + BEFORE + side)
        if beside >= 0:
            w = _get(x, row + 4 * beside)
            if w >= 0 and _get(x, _meeting(x, w) + PLACE) != place:
                changes += 1
    return changes


@_inner
def _broken(x: Memory, person: int, slot: int) -> int:
    """Change of the number of breaks if the person also sits in this slot."""
    if (
        _get(x, _held(x, person) + COUNTED) == 0
        or _get(x, _runs(x, person, _get(x, _get(x, T_DAY) + slot))) == 0
    ):
        return 0
    return _apart(x, person, slot)


@_inner
def _other(x: Memory, w: int, slot: int, place: int, option: int) -> int:
    """Whether this is not where, when and with whom the wish was promised."""
    if _get(x, _wish(x, w) + WAS_SLOT) < 0:
        return 0
    same = _get(x, _wish(x, w) + WAS_SLOT) == slot and _get(x, _wish(x, w) + WAS_PLACE) == place
    return 0 if same and _get(x, _wish(x, w) + WAS_OPT) == option else 1


@_inner
def _broke(x: Memory, w: int, other: int) -> int:
    """The price of what is not as promised: another time, place or people (`other`, as `_other`
    says); else only another interpreter."""
    if other:
        return _get(x, MOVE)
    m, wish = _meeting(x, w), _wish(x, w)
    same = _get(x, wish + WAS_FIRST) == _get(x, m + FIRST)
    same = same and _get(x, wish + WAS_SECOND) == _get(x, m + SECOND)
    return 0 if _get(x, wish + WAS_SLOT) < 0 or same else _get(x, VOICE)


@_inner
def _put(x: Memory, w: int, slot: int, place: int, option: int, first: int, second: int) -> None:
    m = _meeting(x, w)
    x[m + SLOT], x[m + PLACE], x[m + OPT] = slot, place, option
    x[m + FIRST], x[m + SECOND] = first, second
    people = _get(x, PEOPLE)
    gain = _get(x, _wish(x, w) + WORTH)
    x[m + WHO], x[m + WHO + 1] = (
        _get(x, _option(x, option) + ONE),
        _get(x, _option(x, option) + OTHER),
    )
    for k in range(2):
        host = _get(x, _wish(x, w) + HOST1 + k)
        x[m + WHO + 2 + k] = (
            -1 if host == _get(x, m + WHO) or host == _get(x, m + WHO + 1) else host
        )
    x[m + WHO + 4] = first + people if first >= 0 else -1
    x[m + WHO + 5] = second + people if second >= 0 else -1
    for k in range(6):
        one = _get(x, m + WHO + k)
        if one < 0:
            continue
        if one >= people:
            x[_idle(x, slot, one - people)] &= ~(1 << (one - people) % WIDTH)
        elif _get(x, _held(x, one) + COUNTED):
            before = _get(x, _runs(x, one, _get(x, _get(x, T_DAY) + slot)))
            after = before + _apart(x, one, slot)
            x[_runs(x, one, _get(x, _get(x, T_DAY) + slot))] = after
            gain -= _get(x, BREAK) * (max(0, after - 1) - max(0, before - 1))
            gain -= _get(x, TABLE) * _rooms(x, one, slot, place)
        x[_at(x, one, slot)] = w
        x[_held(x, one) + COUNT] += 1
    for k in range(2):
        party = _get(x, _wish(x, w) + A + k)
        if _get(x, _party(x, party) + P_MET) < _get(x, _party(x, party) + P_FLOOR):
            gain += _get(x, FLOOR)
        x[_party(x, party) + P_MET] += 1
    n = _get(x, _full(x, place, slot))
    x[_row(x, place, slot, n)] = w
    x[m + AT] = n
    x[_full(x, place, slot)] = n + 1
    x[_room(x, _get(x, _get(x, T_LINE) + place), slot)] -= 1
    other = _other(x, w, slot, place, option)
    x[MOVED] += other
    x[POINTS] += gain - _broke(x, w, other)


@_inner
def _take(x: Memory, w: int) -> None:
    m = _meeting(x, w)
    slot, place = _get(x, m + SLOT), _get(x, m + PLACE)
    people = _get(x, PEOPLE)
    loss = _get(x, _wish(x, w) + WORTH)
    for k in range(6):
        one = _get(x, m + WHO + k)
        if one < 0:
            continue
        x[_at(x, one, slot)] = -1
        x[_held(x, one) + COUNT] -= 1
        if one >= people:
            x[_idle(x, slot, one - people)] |= 1 << (one - people) % WIDTH
        elif _get(x, _held(x, one) + COUNTED):
            before = _get(x, _runs(x, one, _get(x, _get(x, T_DAY) + slot)))
            after = before - _apart(x, one, slot)
            x[_runs(x, one, _get(x, _get(x, T_DAY) + slot))] = after
            loss -= _get(x, BREAK) * (max(0, before - 1) - max(0, after - 1))
            loss -= _get(x, TABLE) * _rooms(x, one, slot, place)
    for k in range(2):
        party = _get(x, _wish(x, w) + A + k)
        x[_party(x, party) + P_MET] -= 1
        if _get(x, _party(x, party) + P_MET) < _get(x, _party(x, party) + P_FLOOR):
            loss += _get(x, FLOOR)
    n = _get(x, _full(x, place, slot)) - 1
    x[_full(x, place, slot)] = n
    x[_room(x, _get(x, _get(x, T_LINE) + place), slot)] += 1
    last = _get(x, _row(x, place, slot, n))
    x[_row(x, place, slot, _get(x, m + AT))] = last
    x[_meeting(x, last) + AT] = _get(x, m + AT)
    other = _other(x, w, slot, place, _get(x, m + OPT))
    x[MOVED] -= other
    x[POINTS] -= loss - _broke(x, w, other)
    x[m + SLOT] = -1


@_inner
def _write(x: Memory, kind: int, w: int) -> None:
    n = _get(x, LOGGED)
    x[_log(x, n) + 0], x[_log(x, n) + 1] = kind, w
    for k in range(5):
        x[_log(x, n) + 2 + k] = _get(x, _meeting(x, w) + k)
    x[LOGGED] = n + 1


@_inner
def _hold(x: Memory, w: int, slot: int, option: int) -> None:
    """Puts with what `_settle` picked."""
    _put(x, w, slot, _get(x, PICK + 0), option, _get(x, PICK + 1), _get(x, PICK + 2))
    _write(x, PUT, w)


@_inner
def _eject(x: Memory, w: int) -> None:
    _write(x, TOOK, w)
    _take(x, w)
    x[_get(x, T_OUT) + _get(x, OUTS)] = w
    x[OUTS] += 1


@_inner
def _undo(x: Memory) -> None:
    for n in range(_get(x, LOGGED) - 1, -1, -1):
        e = _log(x, n)
        if _get(x, e + 0) == 1:
            _take(x, _get(x, e + 1))
        else:
            _put(
                x,
                _get(x, e + 1),
                _get(x, e + 2),
                _get(x, e + 3),
                _get(x, e + 4),
                _get(x, e + 5),
                _get(x, e + 6),
            )
    x[LOGGED] = 0


@_inner
def _reaches(x: Memory, one: int, slot: int, place: int) -> bool:
    """Whether the ways from the meeting before and to the one after leave enough time."""
    row = _at(x, one, TOOK)
    if _get(x, row + 4 * slot + BARRED) >> place & 1:
        return False
    near = _near(x, slot, TOOK)
    for _ in range(_get(x, NEAR)):
        other = _get(x, near)
        if other < 0:
            return True
        w = _get(x, row + 4 * other)
        if w >= 0:
            there = _get(x, _meeting(x, w) + PLACE)
            way = _walk(x, there, place) if other < slot else _walk(x, place, there)
            if _get(x, way) > _get(x, near + 1):
                return False
        near += 2
    return True


@_inner
def _ordered(x: Memory, w: int, slot: int) -> bool:
    """Whether the wishes that must come before and after leave this slot."""
    for k in range(_get(x, _wish(x, w) + PRE0), _get(x, _wish(x, w) + PRE1)):
        if _get(x, _meeting(x, _get(x, k)) + SLOT) >= slot:
            return False
    for k in range(_get(x, _wish(x, w) + PRE1), _get(x, _wish(x, w) + SUC1)):
        s = _get(x, _meeting(x, _get(x, k)) + SLOT)
        if s >= 0 and s <= slot:
            return False
    return True


@_inner
def _seat(x: Memory, w: int, option: int, k: int) -> int:
    """Who sits: k 0 and 1 the two sides, 2 and 3 the hosts."""
    return _get(x, _option(x, option) + ONE + k) if k < 2 else _get(x, _wish(x, w) + HOST1 + k - 2)


@_inner
def _sated(x: Memory, one: int) -> bool:
    """Whether one has as many meetings as one may."""
    return _get(x, _held(x, one) + COUNT) >= _get(x, _held(x, one) + MOST)


@_inner
def _met_most(x: Memory, party: int) -> bool:
    return _get(x, _party(x, party) + P_MET) >= _get(x, _party(x, party) + P_MOST)


@_inner
def _ready(x: Memory, w: int, option: int, slot: int) -> bool:
    """Whether all who must be there are idle and may have one meeting more."""
    for k in range(4):
        one = _seat(x, w, option, k)
        if one >= 0 and (_get(x, _at(x, one, slot)) != -1 or _sated(x, one)):
            return False
    return True


@_inner
def _spot(x: Memory, w: int, slot: int, option: int, full: int) -> int:
    """A place: reachable for all, with a free table (or without one, if `full`); else -1."""
    if _get(x, _option(x, option) + ONLINE):
        lo, hi = _get(x, _wish(x, w) + SITE1), _get(x, _wish(x, w) + LINE1)
    else:
        lo, hi = _get(x, _wish(x, w) + SITE0), _get(x, _wish(x, w) + SITE1)
    n = hi - lo
    if n == 0:
        return -1
    start = _below(x, n) if n > 1 else TOOK
    best, most = NOBODY, NOBODY
    zone = _get(x, _wish(x, w) + ZONE)
    for step in range(n):
        place = _get(x, lo + (start + step) % n)
        tables = _get(x, _tables(x, place, slot))
        if tables == 0 or (_get(x, _full(x, place, slot)) >= tables) != (full == FULL):
            continue
        good, fits = (1 if place == zone else 0), True
        for k in range(4):
            one = _seat(x, w, option, k)
            if one < 0:
                continue
            if not _reaches(x, one, slot, place):
                fits = False
                break
            if k < 2 and n > 1:
                for side in range(2):
                    beside = _get(x, _at(x, one, slot) + BEFORE + side)
                    if beside >= 0:
                        v = _get(x, _at(x, one, beside))
                        if v >= 0 and _get(x, _meeting(x, v) + PLACE) == place:
                            good += 2
        if fits:
            if (
                _get(x, _wish(x, w) + WAS_SLOT) == slot
                and _get(x, _wish(x, w) + WAS_PLACE) == place
            ):
                good += 99
            if good > most:
                best, most = place, good
    return best


@_inner
def _rested(x: Memory, one: int, slot: int) -> bool:
    """Whether one more slot does not make the row too long."""
    most = _get(x, _held(x, one) + RUN)
    n = _get(x, SLOTS)
    if most >= n:
        return True
    length = 1
    row = _at(x, one, TOOK)
    days = _get(x, T_DAY)
    day = _get(x, days + slot)
    for step in (-1, 1):
        other = slot + step
        while 0 <= other < n and _get(x, days + other) == day and _get(x, row + 4 * other) >= 0:
            length += 1
            if length > most:
                return False
            other += step
    return True


@_inner
def _helper(x: Memory, able: int, slot: int, place: int, but: int) -> int:
    """An idle interpreter of the mask at `able`; -1 where nobody can."""
    size = _get(x, HELPERS)
    idle = _idle(x, slot, TOOK)
    start = _below(x, size) if size > 1 else TOOK
    for step in range(size):
        word = (start + step) % size
        some = _get(x, able + word) & _get(x, idle + word)
        i = word * WIDTH
        while some:
            # To the next bit that is set, half and half.
            for width in (16, 8, 4, 2, 1):
                if some & ((1 << width) - 1) == 0:
                    some >>= width
                    i += width
            one = _get(x, PEOPLE) + i
            able_now = i != but and not _sated(x, one) and _rested(x, one, slot)
            if able_now and _reaches(x, one, slot, place):
                return i
            some >>= 1
            i += 1
    return NOBODY


@_inner
def _spoken(x: Memory, words: int, slot: int, place: int) -> bool:
    """Picks interpreters; False where none are to be had."""
    x[PICK + 1] = -1
    x[PICK + 2] = -1
    if words < 0:
        return True
    c = _words(x, words)
    i = _helper(x, _get(x, c + W_ONE), slot, place, NOBODY)
    if i >= 0:
        x[PICK + 1] = i
        return True
    if not _get(x, c + W_RELAY):
        return False
    i = _helper(x, _get(x, c + W_FIRST), slot, place, NOBODY)
    if i < 0:
        return False
    j = _helper(x, _get(x, c + W_SECOND), slot, place, i)
    if j < 0:
        return False
    x[PICK + 1], x[PICK + 2] = i, j
    return True


@_inner
def _promised(x: Memory, w: int, slot: int, place: int, option: int) -> bool:
    """Picks the interpreters who are promised for this very meeting, if they are free."""
    wish = _wish(x, w)
    if _get(x, wish + WAS_FIRST) < 0 or _other(x, w, slot, place, option):
        return False
    for k in range(2):
        i = _get(x, wish + WAS_FIRST + k)
        x[PICK + 1 + k] = i
        if i >= 0:
            one = _get(x, PEOPLE) + i
            if _get(x, _at(x, one, slot)) != -1 or _sated(x, one) or not _rested(x, one, slot):
                return False
            if not _reaches(x, one, slot, place):
                return False
    return True


@_inner
def _settle(x: Memory, w: int, slot: int, option: int) -> int:
    """Picks place and interpreters. 0: done; 1: no table; 2: no interpreter."""
    place = _spot(x, w, slot, option, FREE)
    if place < 0:
        return 1
    x[PICK + 0] = place
    if _promised(x, w, slot, place, option):
        return 0
    return 0 if _spoken(x, _get(x, _option(x, option) + WORDS), slot, place) else 2


@_inner
def _hosted(x: Memory, w: int, slot: int) -> bool:
    """Whether the hosts of both sides are idle and may have one meeting more."""
    for k in range(2):
        host = _get(x, _wish(x, w) + HOST1 + k)
        if host >= 0 and (_get(x, _at(x, host, slot)) != -1 or _sated(x, host)):
            return False
    return True


@_inner
def _insert(x: Memory, w: int) -> bool:
    """Puts a wish into its best slot without moving anything else."""
    wish = _wish(x, w)
    lo = _get(x, wish + SLOT0)
    n = _get(x, wish + SLOT1) - lo
    if _get(x, _meeting(x, w)) >= 0 or n == 0:
        return False
    if _met_most(x, _get(x, wish + A)) or _met_most(x, _get(x, wish + B)):
        return False
    best = MANY
    slot = option = place = i = j = NOBODY
    for o in range(_get(x, wish + OPT0), _get(x, wish + OPT1)):
        one, other = _get(x, _option(x, o) + ONE), _get(x, _option(x, o) + OTHER)
        if _sated(x, one) or _sated(x, other):
            continue
        room = _room(x, _get(x, _option(x, o) + ONLINE), TOOK)
        mine, theirs = _at(x, one, TOOK), _at(x, other, TOOK)
        start = _below(x, n)
        for step in range(n):
            k = start + step
            t = _get(x, lo + (k if k < n else k - n))
            if _get(x, mine + 4 * t) != -1 or _get(x, theirs + 4 * t) != -1:
                continue
            if _get(x, room + t) <= 0:
                continue
            cost = _broken(x, one, t) + _broken(x, other, t)
            cost = 4 * cost * _get(x, BREAK) + (_get(x, _option(x, o) + WORDS) >= 0)
            if _get(x, wish + WAS_SLOT) >= 0:
                cost += 4 * _get(x, MOVE) * _other(x, w, t, _get(x, wish + WAS_PLACE), o)
            if cost >= best or not _hosted(x, w, t) or not _ordered(x, w, t):
                continue
            if _settle(x, w, t, o) == 0:
                best, slot, option = cost, t, o
                place, i, j = _get(x, PICK), _get(x, PICK + 1), _get(x, PICK + 2)
    if slot < 0:
        return False
    x[PICK], x[PICK + 1], x[PICK + 2] = place, i, j
    _hold(x, w, slot, option)
    return True


@_inner
def _spare(x: Memory, party: int, one: int, slot: int) -> bool:
    """Ejects some meeting of the party (of this person, if given) out of another slot."""
    lo = _get(x, _party(x, party) + P_WISH0)
    n = _get(x, _party(x, party) + P_WISH1) - lo
    start = _below(x, n)
    for step in range(n):
        v = _get(x, lo + (start + step) % n)
        m = _meeting(x, v)
        if _get(x, m + SLOT) < 0 or _get(x, m + SLOT) == slot or _get(x, _wish(x, v) + FIXED):
            continue
        if one < 0 or _get(x, m + WHO) == one or _get(x, m + WHO + 1) == one:
            _eject(x, v)
            return True
    return False


@_inner
def _choose(x: Memory, w: int, slot: int) -> int:
    """The option whose people it costs least to free in this slot; -1 if some cannot be freed."""
    lo, n = _get(x, _wish(x, w) + OPT0), _get(x, _wish(x, w) + OPT1) - _get(x, _wish(x, w) + OPT0)
    start = _below(x, n) if n > 1 else TOOK
    best, least = NOBODY, MANY
    for step in range(n):
        o = lo + (start + step) % n
        cost = 0
        for k in range(4):
            one = _seat(x, w, o, k)
            if one < 0:
                continue
            v = _get(x, _at(x, one, slot))
            if v == AWAY or (v >= 0 and _get(x, _wish(x, v) + FIXED)):
                cost = MANY
                break
            if v >= 0:
                cost += _get(x, _wish(x, v) + WORTH)
            if _sated(x, one):
                cost += 20
        if cost < least:
            best, least = o, cost
    return best


@_inner
def _pass_on(x: Memory, words: int, slot: int, place: int) -> bool:
    """Gives the meeting of some able interpreter to another one; picks the freed one."""
    c = _words(x, words)
    lo = _get(x, c + W_LIST0)
    n = _get(x, c + W_LIST1) - lo
    if n == 0:
        return False
    start = _below(x, n)
    for step in range(min(n, 12)):
        i = _get(x, lo + (start + step) % n)
        one = _get(x, PEOPLE) + i
        v = _get(x, _at(x, one, slot))
        if v < 0 or _get(x, _wish(x, v) + FIXED) or _get(x, _meeting(x, v) + SECOND) >= 0:
            continue
        if not _reaches(x, one, slot, place):
            continue
        m = _meeting(x, v)
        kind = _words(x, _get(x, _option(x, _get(x, m + OPT)) + WORDS))
        j = _helper(x, _get(x, kind + W_ONE), slot, _get(x, m + PLACE), i)
        if j >= 0:
            spot, option = _get(x, m + PLACE), _get(x, m + OPT)
            _write(x, TOOK, v)
            _take(x, v)
            _put(x, v, slot, spot, option, j, NOBODY)
            _write(x, PUT, v)
            x[PICK + 1], x[PICK + 2] = i, -1
            return True
    return False


@_inner
def _make_heard(x: Memory, words: int, slot: int, place: int) -> bool:
    """Ejects a meeting in this slot whose interpreter can do this one; picks her."""
    c = _words(x, words)
    lo = _get(x, c + W_LIST0)
    n = _get(x, c + W_LIST1) - lo
    if n == 0:
        return False
    start = _below(x, n)
    for step in range(n):
        i = _get(x, lo + (start + step) % n)
        one = _get(x, PEOPLE) + i
        v = _get(x, _at(x, one, slot))
        if v >= 0 and _get(x, _wish(x, v) + FIXED) == 0 and _reaches(x, one, slot, place):
            _eject(x, v)
            x[PICK + 1], x[PICK + 2] = i, -1
            return True
    return False


@_inner
def _partner(x: Memory, place: int, slot: int, to: int) -> int:
    """Of some meetings at these tables, the one that can best go to slot `to` (or go altogether, if
    that is -1); -1 if none may go."""
    full = _get(x, _full(x, place, slot))
    best, least = NOBODY, MANY
    for _ in range(min(full, _get(x, TRIES))):
        v = _get(x, _row(x, place, slot, _below(x, full)))
        if _get(x, _wish(x, v) + FIXED) or _get(x, _meeting(x, v) + STAMP) == _get(x, TICK):
            continue
        apart = 0
        cost = 0 if to >= 0 else _get(x, _wish(x, v) + WORTH)
        if to >= 0 and not _get(x, _able(x, v, to)):
            cost = 500
        for k in range(2):
            one = _get(x, _meeting(x, v) + WHO + k)
            apart -= _apart(x, one, slot)
            if to >= 0:
                if _get(x, _at(x, one, to)) == -1:
                    apart += _apart(x, one, to)
                else:
                    cost += 100
        cost += apart * _get(x, BREAK)
        if cost < least:
            best, least = v, cost
    return best


@_inner
def _force(x: Memory, w: int, slot: int, origin: int) -> bool:
    """Puts a wish into a slot; who is in the way goes to `out`. `origin`: the slot that it comes
    from, or -1. False: it cannot be."""
    if not _ordered(x, w, slot):
        return False
    o = _choose(x, w, slot)
    if o < 0:
        return False
    for k in range(4):
        one = _seat(x, w, o, k)
        if one >= 0 and _get(x, _at(x, one, slot)) >= 0:
            _eject(x, _get(x, _at(x, one, slot)))
    for k in range(2):
        party = _get(x, _wish(x, w) + A + k)
        one = _get(x, _option(x, o) + ONE + k)
        if _sated(x, one) and not _spare(x, party, one, slot):
            return False
        if _met_most(x, party) and not _spare(x, party, NOBODY, slot):
            return False
    if not _ready(x, w, o, slot):
        return False
    place = _spot(x, w, slot, o, FREE)
    if place < 0:
        place = _spot(x, w, slot, o, FULL)
        if place < 0:
            return False
        v = _partner(x, place, slot, origin)
        if v < 0:
            return False
        _eject(x, v)
        if _get(x, _full(x, place, slot)) >= _get(x, _tables(x, place, slot)):
            return False
    words = _get(x, _option(x, o) + WORDS)
    if not _spoken(x, words, slot, place):
        if not _pass_on(x, words, slot, place) and not _make_heard(x, words, slot, place):
            return False
        one = _get(x, PEOPLE) + _get(x, PICK + 1)
        if _sated(x, one) or not _rested(x, one, slot):
            return False
    x[PICK + 0] = place
    _hold(x, w, slot, o)
    return True


@_inner
def _grow(x: Memory, first: int, to: int, head: int, n: int) -> int:
    """Adds to the chain whoever is in the way of its members from `head` on. Returns how many there
    are then, or -1 where the way is barred."""
    tick = _get(x, TICK)
    while head < n:
        w = _get(x, _chain(x, head))
        m = _meeting(x, w)
        target = to if _get(x, m + SLOT) == first else first
        if _get(x, _wish(x, w) + FIXED) or not _get(x, _able(x, w, target)):
            return NOBODY
        x[_chain(x, head) + 1], x[_chain(x, head) + 2] = target, _get(x, m + OPT)
        for k in range(4):
            one = _get(x, m + WHO + k)
            if one < 0:
                continue
            v = _get(x, _at(x, one, target))
            if v == AWAY:
                return NOBODY
            if v >= 0 and _get(x, _meeting(x, v) + STAMP) != tick:
                if n >= LONGEST:
                    return NOBODY
                x[_chain(x, n)] = v
                x[_meeting(x, v) + STAMP] = tick
                n += 1
        head += 1
    return n


@_inner
def _crowded(x: Memory, place: int, first: int, to: int, n: int) -> int:
    """A meeting that could make room in the place, should the chain bring more into one of the
    slots than there are tables; -1 if there is room."""
    more = 0
    for k in range(n):
        c = _chain(x, k)
        if _get(x, _meeting(x, _get(x, c)) + PLACE) == place:
            more += 1 if _get(x, c + 1) == to else -1
    slot, most = (to, more) if more > 0 else (first, -more)
    full = _get(x, _full(x, place, slot))
    if most <= _get(x, _tables(x, place, slot)) - full or full == 0:
        return NOBODY
    return _partner(x, place, slot, first if slot == to else to)


@_inner
def _swap(x: Memory, seed: int, to: int) -> bool:
    """Moves a meeting to another slot, and whoever is in the way there back to its slot, and so
    on; where tables are short, another meeting comes back in exchange. Meetings that find no table
    or interpreter go to `out`. False: the way is barred."""
    first = _get(x, _meeting(x, seed) + SLOT)
    place = _get(x, _meeting(x, seed) + PLACE)
    x[TICK] += 1
    x[_chain(x, TOOK)] = seed
    x[_meeting(x, seed) + STAMP] = _get(x, TICK)
    n = _grow(x, first, to, TOOK, PUT)
    for _ in range(3):
        if n < 0 or n >= LONGEST:
            return False
        v = _crowded(x, place, first, to, n)
        if v < 0:
            break
        x[_chain(x, n)] = v
        x[_meeting(x, v) + STAMP] = _get(x, TICK)
        n = _grow(x, first, to, n, n + 1)
    if n < 0:
        return False
    for k in range(n):
        _write(x, TOOK, _get(x, _chain(x, k)))
        _take(x, _get(x, _chain(x, k)))
    for k in range(n):
        _return(x, k)
    return True


@_inner
def _return(x: Memory, k: int) -> None:
    """Puts a member of the chain where the chain leads it, or into `out`."""
    c = _chain(x, k)
    w, target, o = _get(x, c), _get(x, c + 1), _get(x, c + 2)
    if _ordered(x, w, target):
        code = _settle(x, w, target, o)
        if code == 2 and _pass_on(x, _get(x, _option(x, o) + WORDS), target, _get(x, PICK)):
            one = _get(x, PEOPLE) + _get(x, PICK + 1)
            if not _sated(x, one) and _rested(x, one, target):
                code = 0
        if code == 0:
            _hold(x, w, target, o)
            return
    x[_get(x, T_OUT) + _get(x, OUTS)] = w
    x[OUTS] += 1


@_inner
def _lead(x: Memory, w: int) -> bool:
    """For a wish not held: one person is idle here, the other there; swaps the two slots for the
    one who is busy here, then puts the wish. False: no such slots."""
    n = _get(x, _wish(x, w) + OPT1) - _get(x, _wish(x, w) + OPT0)
    o = _get(x, _wish(x, w) + OPT0) + (_below(x, n) if n > 1 else 0)
    turn = _below(x, TWO)
    a, b = _get(x, _option(x, o) + ONE + turn), _get(x, _option(x, o) + OTHER - turn)
    lo, n = (
        _get(x, _wish(x, w) + SLOT0),
        _get(x, _wish(x, w) + SLOT1) - _get(x, _wish(x, w) + SLOT0),
    )
    start = _below(x, n)
    here = NOBODY
    for step in range(n):
        t = _get(x, lo + (start + step) % n)
        if _get(x, _at(x, a, t)) == -1 and _get(x, _at(x, b, t)) >= 0:
            here = t
            break
    if here < 0:
        return False
    v = _get(x, _at(x, b, here))
    n = _get(x, SLOTS)
    start = _below(x, n)
    for step in range(n):
        t = (start + step) % n
        if t != here and _get(x, _at(x, b, t)) == -1 and _get(x, _able(x, v, t)):
            return _swap(x, v, t) and _get(x, _at(x, a, here)) == -1 and _insert(x, w)
    return False


@_inner
def _suits(x: Memory, w: int, place: int) -> bool:
    """Whether a meeting may be held in this place instead, by the same people."""
    m = _meeting(x, w)
    option, slot = _get(x, m + OPT), _get(x, m + SLOT)
    line = _get(x, _option(x, option) + ONLINE)
    for k in range(_get(x, _wish(x, w) + SITE0 + line), _get(x, _wish(x, w) + SITE1 + line)):
        if _get(x, k) == place:
            for seat in range(6):
                one = _get(x, m + WHO + seat)
                if one >= 0 and not _reaches(x, one, slot, place):
                    return False
            return True
    return False


@_inner
def _change_place(x: Memory, w: int, place: int) -> None:
    m = _meeting(x, w)
    slot, option = _get(x, m + SLOT), _get(x, m + OPT)
    first, second = _get(x, m + FIRST), _get(x, m + SECOND)
    _write(x, TOOK, w)
    _take(x, w)
    _put(x, w, slot, place, option, first, second)
    _write(x, PUT, w)


@_inner
def _shift(x: Memory, w: int) -> bool:
    """Moves a meeting to where one of its people is just before or after, in exchange with another
    meeting if the tables there are taken. False: there is no such place, or a way is too long."""
    m = _meeting(x, w)
    slot, place = _get(x, m + SLOT), _get(x, m + PLACE)
    one = _get(x, m + WHO + _below(x, TWO))
    beside = _get(x, _at(x, one, slot) + BEFORE + _below(x, TWO))
    if beside < 0:
        return False
    near = _get(x, _at(x, one, beside))
    if near < 0:
        return False
    to = _get(x, _meeting(x, near) + PLACE)
    if to == place or not _suits(x, w, to):
        return False
    full = _get(x, _full(x, to, slot))
    if full >= _get(x, _tables(x, to, slot)):
        if full == 0:
            return False
        v = _get(x, _row(x, to, slot, _below(x, full)))
        if _get(x, _wish(x, v) + FIXED) or not _suits(x, v, place):
            return False
        _change_place(x, v, place)
    _change_place(x, w, to)
    return True


@_inner
def _again(x: Memory, w: int) -> None:
    """Puts what was ejected back wherever it fits; where it does not, lets another wish of the
    same parties use the time."""
    n = _get(x, OUTS)
    for k in range(n):
        if (
            _get(x, _get(x, T_OUT) + k) != w
            and _get(x, _meeting(x, _get(x, _get(x, T_OUT) + k)) + SLOT) < 0
        ):
            _insert(x, _get(x, _get(x, T_OUT) + k))
    for k in range(n):
        v = _get(x, _get(x, T_OUT) + k)
        if v == w or _get(x, _meeting(x, v) + SLOT) >= 0:
            continue
        for side in range(2):
            party = _get(x, _wish(x, v) + A + side)
            lo = _get(x, _party(x, party) + P_WISH0)
            size = _get(x, _party(x, party) + P_WISH1) - lo
            for _ in range(2):
                u = _get(x, lo + _below(x, size))
                if u != v and _insert(x, u):
                    break


@_inner
def _aim(x: Memory, w: int, now: int) -> int:
    """Of some slots of a wish, the one in which its people's days would be least broken up; who is
    busy there can swap if the wish is held, and costs the meeting that she has if not."""
    lo = _get(x, _wish(x, w) + SLOT0)
    n = _get(x, _wish(x, w) + SLOT1) - lo
    o = _get(x, _wish(x, w) + OPT0) if now < 0 else _get(x, _meeting(x, w) + OPT)
    best, least = now, MANY
    for _ in range(_get(x, LOOKS)):
        t = _get(x, lo + _below(x, n))
        if t == now:
            continue
        cost = 0
        for k in range(2):
            one = _get(x, _option(x, o) + ONE + k)
            v = _get(x, _at(x, one, t))
            if v == -1:
                cost += _apart(x, one, t) * _get(x, BREAK)
            elif v < 0:
                cost += 500
            else:
                cost += 8 if now >= 0 else _get(x, _wish(x, v) + WORTH)
        if cost < least:
            best, least = t, cost
    return best


@_inner
def _step(x: Memory, w: int) -> bool:
    """Tries one change around a wish. False: nothing to be tried."""
    now = _get(x, _meeting(x, w) + SLOT)
    if now < 0:
        if _below(x, HUNDRED) < _get(x, LEAD):
            return _lead(x, w)
        return _force(x, w, _aim(x, w, NOBODY), NOBODY)
    if _below(x, HUNDRED) < _get(x, SHIFT):
        return _shift(x, w)
    t = _aim(x, w, now)
    if t == now:
        return False
    if _below(x, HUNDRED) < _get(x, SWAP):
        return _swap(x, w, t)
    _write(x, TOOK, w)
    _take(x, w)
    return _force(x, w, t, now)


@_entry
def begin(x: Memory, seats: Memory) -> None:
    """Puts the meetings that the search begins with."""
    for k in range(seats.shape[0]):
        s = seats[k]
        _put(x, s[0], s[1], s[2], s[3], s[4], s[5])


@_entry
def anneal(x: Memory, active: Memory, steps: int, hot: float, cold: float) -> int:
    """Steps around the wishes of `active`, the temperature (in points) falling from `hot` to
    `cold`. Returns the points of the meetings it ends with."""
    fall = (cold / hot) ** (1.0 / max(1, steps))
    heat = hot
    for _ in range(steps):
        heat *= fall
        w = active[_below(x, active.shape[0])]
        before = _get(x, POINTS)
        x[LOGGED] = 0
        x[OUTS] = 0
        good = _step(x, w)
        if good:
            _again(x, w)
            change = _get(x, POINTS) - before
            good = _get(x, MOVED) <= _get(x, MAY_MOVE)
            if good and change < 0:
                good = _chance(x) < np.exp(change / heat)
        if not good:
            _undo(x)
    return _get(x, POINTS)
