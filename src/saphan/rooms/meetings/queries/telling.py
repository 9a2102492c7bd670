"""A day and its changes in words, for pages, letters, calendars and sheets alike. Everything is in
the language that is active."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_timedelta
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from saphan.design import formats
from saphan.rooms.meetings.queries.agenda import Names
from saphan.rooms.meetings.queries.days import Change, Line, Reader

KINDS: dict[str, Promise] = {
    "added": pgettext_lazy("meeting in a day", "New"),
    "moved": pgettext_lazy("meeting in a day", "Moved"),
    "changed": pgettext_lazy("meeting in a day", "Changed"),
    "dropped": pgettext_lazy("meeting in a day", "Called off"),
}


def stretch(begins: datetime, ends: datetime, zone: str) -> str:
    """09:00–09:30 on the clock of `zone`."""
    return f"{formats.clock(begins, zone=zone)}–{formats.clock(ends, zone=zone)}"


def day_of(moment: datetime, zone: str, *, style: str = "long") -> str:
    """The day that it is in `zone`."""
    return formats.day(moment, style=style, zone=zone)


def offset(moment: datetime, zone: str) -> str:
    return formats.utc_offset(formats.at_clock(moment, zone))


def own_time(begins: datetime, ends: datetime, reader: Reader) -> str:
    """The same on her own clock, for who joins from elsewhere: with its day where that is another
    one. Empty for who is in the event's zone."""
    zone = reader.own_zone
    if not zone:
        return ""
    there, here = begins.astimezone(ZoneInfo(zone)), begins.astimezone(reader.event.zone)
    time = f"{stretch(begins, ends, zone)} ({formats.utc_offset(there)})"
    return time if there.date() == here.date() else f"{day_of(begins, zone)}, {time}"


def until(span: timedelta) -> str:
    """“in 25 minutes”, “in 3 hours”; minutes up to two hours, hours up to two days."""
    return format_timedelta(timedelta(minutes=round(span.total_seconds() / 60)),
                            granularity="minute", threshold=2.0, add_direction=True,
                            locale=formats.locale_of(get_language() or "en"))


@dataclass(frozen=True)
class Told:
    """A change in words. `before` and `now` say when and where; one of them may be empty."""

    kind: str
    label: str
    whom: str
    before: str
    now: str
    details: tuple[str, ...] = ()


def told(change: Change, names: Names, reader: Reader) -> Told:
    line = change.now or change.before
    assert line is not None
    before = _when_and_where(change.before, names, reader) if change.before else ""
    now = _when_and_where(change.now, names, reader) if change.now else ""
    if change.kind == "changed":
        before = ""
    return Told(change.kind, str(KINDS[change.kind]), whom(line, names), before, now,
                tuple(_details(change, names)))


def whom(line: Line, names: Names) -> str:
    """The organisations she meets; of interpreters both, from one to the other."""
    found = [str(names.parties[key].organisation) for key in line.parties if key in names.parties]
    return " – ".join(found)


def where(line: Line, names: Names) -> str:
    place = names.places.get(line.place)
    if place is None:
        return ""
    return str(place.name) if place.online else at_table(
        str(place.name), place.first_table + line.table)


def at_table(place: str, number: int) -> str:
    return pgettext("where a meeting is", "%(place)s, table %(number)s") % {
        "place": place, "number": formats.number(number)}


def _when_and_where(line: Line, names: Names, reader: Reader) -> str:
    zone = reader.event.time_zone
    said = f"{day_of(line.starts, zone, style='medium')}, {stretch(line.starts, line.stops, zone)}"
    if own := own_time(line.starts, line.stops, reader):
        said += " · " + _("your time: %(time)s") % {"time": own}
    place = where(line, names)
    return f"{said} · {place}" if place else said


def _details(change: Change, names: Names) -> list[str]:
    """What else is new about a meeting that stays, and how a new one is held."""
    old, new = change.before, change.now
    if new is None:
        return []
    found = []
    if old is None or old.guests != new.guests:
        people = [names.guests[key].name for key in new.guests if key in names.guests]
        if people and old is not None:
            found.append(_("You meet: %(names)s") % {"names": ", ".join(people)})
    if old is None or (old.language, old.interpreters) != (new.language, new.interpreters):
        found += [said] if (said := spoken(new, names)) else []
    if old is not None and old.link != new.link and new.link:
        found.append(_("The link for this online meeting is new."))
    return found


def spoken(line: Line, names: Names) -> str:
    """In which language, or who interprets."""
    helping = [names.interpreters[key].name for key in line.interpreters
               if key in names.interpreters]
    if helping:
        return _("Interpreter: %(names)s") % {"names": ", ".join(helping)}
    if line.language:
        return _("Language: %(language)s") % {
            "language": formats.language_name(line.language)}
    return ""
