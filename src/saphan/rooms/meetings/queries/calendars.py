"""A day as entries of a calendar."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from saphan.people.calendars import Entry
from saphan.rooms.meetings.models import Copy, Meeting
from saphan.rooms.meetings.queries import days, telling
from saphan.rooms.meetings.queries.agenda import Names, sessions
from saphan.rooms.meetings.queries.days import Line, Lines, Reader


def of_line(word: str, line: Line, names: Names, *, note: str = "", cancelled: bool = False,
            changed: datetime | None = None) -> Entry:
    """A meeting. `note` is written below what is known of it: the address of the day."""
    people = [names.guests[key] for key in line.guests if key in names.guests]
    about = [", ".join(part for part in (guest.name, guest.function) if part) for guest in people]
    about += [said] if (said := telling.spoken(line, names)) else []
    return Entry(
        key=word, sequence=line.sequence, starts=line.starts, ends=line.stops,
        summary=_("Meeting: %(name)s") % {"name": telling.whom(line, names)},
        description="\n".join([*about, *([note] if note else [])]),
        where=telling.where(line, names), link=line.link, cancelled=cancelled, changed=changed)


def of_reader(reader: Reader, *, moment: datetime, note: str = "") -> list[Entry]:
    """All that stands in her day, and for a while what was called off."""
    found: list[Meeting] = [] if reader.event.state == "cancelled" else list(
        days.meetings(reader))
    now = days.lines(reader, found)
    copy = days.copy_of(reader)
    gone = {word: Line.of(row) for word, row in days.gone_after(copy, now, moment).items()}
    names = Names.of(reader.event, [*now.values(), *gone.values()])
    when = {each.word: each.changed for each in found}
    entries = [of_line(word, line, names, note=note, changed=when.get(word))
               for word, line in now.items()]
    entries += [of_line(word, line, names, cancelled=True, changed=_known_since(copy))
                for word, line in gone.items()]
    entries += [Entry(
        key=f"{reader.event.number.lower()}-session-{each.pk}", sequence=0, starts=each.begins,
        ends=each.ends, summary=str(each.title),
        where=str(each.place.name) if each.place else "", changed=reader.event.changed)
        for each in sessions(reader)]
    return sorted(entries, key=lambda entry: (entry.starts, entry.key))


def of_lines(lines: Lines, names: Names, *, note: str = "") -> list[Entry]:
    return [of_line(word, line, names, note=note) for word, line in lines.items()]


def _known_since(copy: Copy | None) -> datetime | None:
    return max((when for when in (copy.told_at, copy.seen_at) if when), default=None) if (
        copy) else None
