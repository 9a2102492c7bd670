"""Cuts the days of an event into stretches for meetings.

Times are those of the event's wall clock; what comes out are instants in UTC, so that neither a
zone with half hours (Myanmar, UTC+6:30) nor one that puts its clocks forward lengthens a slot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Stretch = tuple[datetime, datetime]
SLOTS_AT_MOST = 400


@dataclass(frozen=True)
class Pattern:
    """One day: meetings `length` minutes long with `pause` minutes between them from `begins` to
    `ends`; nothing in the breaks. The rhythm starts anew after each break."""

    begins: time
    ends: time
    length: int
    pause: int = 0
    breaks: tuple[tuple[time, time], ...] = ()


def cut(days: Iterable[date], pattern: Pattern, zone: ZoneInfo) -> list[Stretch]:
    """The slots of these days, in order, as instants in UTC."""
    found: list[Stretch] = []
    for day in days:
        for begins, ends in _free(day, pattern, zone):
            found += _slots(begins, ends, pattern)
    return sorted(found)


def _free(day: date, pattern: Pattern, zone: ZoneInfo) -> list[Stretch]:
    """The day from its begin to its end without its breaks."""
    at, end = _instant(day, pattern.begins, zone), _instant(day, pattern.ends, zone)
    free: list[Stretch] = []
    for begins, ends in sorted(pattern.breaks):
        first, last = _instant(day, begins, zone), _instant(day, ends, zone)
        if first > at:
            free.append((at, min(first, end)))
        at = max(at, last)
    return [*free, (at, end)] if at < end else free


def _slots(begins: datetime, ends: datetime, pattern: Pattern) -> list[Stretch]:
    length = timedelta(minutes=pattern.length)
    step = length + timedelta(minutes=pattern.pause)
    found: list[Stretch] = []
    while begins + length <= ends and len(found) < SLOTS_AT_MOST:
        found.append((begins, begins + length))
        begins += step
    return found


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def days_of(first: date, last: date) -> list[date]:
    return [first + timedelta(days=each) for each in range((last - first).days + 1)]


def halves(slots: Sequence[Stretch], zone: ZoneInfo) -> list[tuple[date, str, Stretch]]:
    """The mornings and afternoons in which there are slots: day, `am` or `pm`, and the stretch
    from the first slot's begin to the last one's end. What begins at 13:00 or later is afternoon.
    """
    found: dict[tuple[date, str], Stretch] = {}
    for begins, ends in sorted(slots):
        local = begins.astimezone(zone)
        key = (local.date(), "am" if local.hour < 13 else "pm")
        first, last = found.get(key, (begins, ends))
        found[key] = (min(first, begins), max(last, ends))
    return [(day, half, stretch) for (day, half), stretch in sorted(found.items())]


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same time with as few stretches as possible; those that touch become one."""
    found: list[Stretch] = []
    for begins, ends in sorted(stretches):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(ends, found[-1][1]))
        else:
            found.append((begins, ends))
    return found


def overlaps(one: Stretch, other: Stretch) -> bool:
    return one[0] < other[1] and other[0] < one[1]
