"""Which slots every meeting can be in, before any search.

Absence, sessions, fixed slots, order of meetings, and per person the rule that all her meetings are
in different slots: a slot stays for a meeting only if all the others still find one (a perfect
matching; the filter of Régin, AAAI 1994). Many impossible wishes end here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from saphan.engines.timetable.exact import Fixture

Domains = list[set[int]]


class NothingFits(Exception):
    """No timetable obeys the rules."""


def meetings_of(fixture: Fixture) -> list[list[int]]:
    """Per person, her meetings."""
    theirs: list[list[int]] = [[] for _ in range(fixture.people)]
    for number, meeting in enumerate(fixture.meetings):
        theirs[meeting.first].append(number)
        theirs[meeting.second].append(number)
    return theirs


def domains(fixture: Fixture) -> Domains:
    """Per meeting, the slots that are left for it. Raises NothingFits."""
    may: Domains = []
    for meeting in fixture.meetings:
        slots = set(range(fixture.slots)) if meeting.session is None else set(meeting.session)
        slots &= set(range(fixture.slots))
        slots -= fixture.away[meeting.first] | fixture.away[meeting.second]
        if meeting.fixed is not None:
            slots &= {meeting.fixed}
        may.append(slots)
    if not all(may):
        raise NothingFits
    theirs = meetings_of(fixture)
    changed = True
    while changed:
        changed = _order(fixture, may)
        for meetings in theirs:
            changed |= _all_different(meetings, may)
    return may


def _order(fixture: Fixture, may: Domains) -> bool:
    """Takes away slots that the order of meetings forbids."""
    changed = False
    for earlier, later in fixture.before:
        first, last = min(may[earlier]), max(may[later])
        for meeting, kept in (
            (later, {t for t in may[later] if t > first}),
            (earlier, {t for t in may[earlier] if t < last}),
        ):
            if not kept:
                raise NothingFits
            changed |= len(kept) < len(may[meeting])
            may[meeting] = kept
    return changed


def _all_different(meetings: list[int], may: Domains) -> bool:
    """Takes away the slots that leave none for another meeting of the person."""
    holder: dict[int, int] = {}
    for meeting in meetings:
        if not _place(meeting, holder, may, set()):
            raise NothingFits
    changed = False
    for meeting in meetings:
        for slot in sorted(may[meeting]):
            other = holder.get(slot)
            if other is None or other == meeting:
                continue
            trial = {t: m for t, m in holder.items() if m != meeting}
            trial[slot] = meeting
            if _place(other, trial, may, {slot}):
                holder = trial
            else:
                may[meeting].discard(slot)
                changed = True
    return changed


def _place(meeting: int, holder: dict[int, int], may: Domains, seen: set[int]) -> bool:
    """Finds a slot for the meeting, moving others where that helps (an augmenting path)."""
    for slot in may[meeting]:
        if slot in seen:
            continue
        seen.add(slot)
        if slot not in holder or _place(holder[slot], holder, may, seen):
            holder[slot] = meeting
            return True
    return False
