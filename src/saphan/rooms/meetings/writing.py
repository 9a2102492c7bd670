"""The letter about one's day: all of it the first time, later what changed. In the active
language."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saphan.design import formats
from saphan.ground.text import reader_language
from saphan.people import calendars
from saphan.people.letters import Attachment, Letter
from saphan.rooms.meetings.queries import calendars as entries
from saphan.rooms.meetings.queries import telling
from saphan.rooms.meetings.queries.agenda import Names
from saphan.rooms.meetings.queries.days import Change, Line, Lines, Reader

INVITATIONS = 40
"""Attached to one letter at most; what is beyond stands in the calendar that goes with it."""


def day_path(reader: Reader) -> str:
    """The secret address of her day, in the active language."""
    return reverse("meetings:day", args=[reader.token])


def letter(reader: Reader, found: Sequence[Change], now: Lines, names: Names, *, first: bool,
           urgent: bool, gone: Lines) -> Letter:
    """One letter with everything. `found` are the changes, `now` the whole day, `gone` the
    meetings that were called off, numbered as calendars want it."""
    title = str(reader.event.title)
    subject = _subject(found, title, first=first, cancelled=reader.event.state == "cancelled")
    if urgent:
        subject = _("Urgent: %(subject)s") % {"subject": subject}
    parts = [_opening(reader, title, first=first), *_body(reader, found, names, first=first)]
    if now and reader.event.state != "cancelled":
        begins = min(line.starts for line in now.values())
        parts.append(_("Times are those of the event (%(offset)s).") % {
            "offset": telling.offset(begins, reader.event.time_zone)})
    parts.append(_("Your whole day, always up to date. Keep this address to yourself: whoever has "
                   "it sees your meetings."))
    return Letter(subject, "\n\n".join(parts), link=day_path(reader),
                  headers={"Auto-Submitted": "auto-generated",
                           **({"Importance": "high"} if urgent else {})},
                  attachments=attachments(reader, found, now, gone, names, first=first))


def _subject(found: Sequence[Change], title: str, *, first: bool, cancelled: bool) -> str:
    if cancelled:
        return _("Your meetings are called off: %(event)s") % {"event": title}
    if first:
        return _("Your meetings: %(event)s") % {"event": title}
    return ngettext("%(number)s change in your meetings: %(event)s",
                    "%(number)s changes in your meetings: %(event)s", len(found)) % {
        "number": formats.number(len(found)), "event": title}


def _opening(reader: Reader, title: str, *, first: bool) -> str:
    event = reader.event
    if event.state == "cancelled":
        return _("The event “%(event)s” will not take place.") % {"event": title}
    if not first:
        return _("Something has changed in your meetings at “%(event)s”.") % {"event": title}
    begins = formats.day(event.first_day)
    return _("The timetable of “%(event)s” is ready. It begins on %(day)s. These are your "
             "meetings.") % {"event": title, "day": begins}


def _body(reader: Reader, found: Sequence[Change], names: Names, *, first: bool) -> list[str]:
    parts = []
    for change in found:
        said = telling.told(change, names, reader)
        head = said.whom if first else f"{said.label}: {said.whom}"
        rows = [head, *([f"  {said.now}"] if said.now else [])]
        if said.before:
            rows.append("  " + _("before: %(when)s") % {"when": said.before})
        parts.append("\n".join([*rows, *(f"  {detail}" for detail in said.details)]))
    return parts


def attachments(reader: Reader, found: Sequence[Change], now: Lines, gone: Lines, names: Names, *,
                first: bool) -> list[Attachment]:
    """An invitation or cancellation for each change; with the first letter the whole day in one
    file as well, for programs that take in only one."""
    note = settings.BASE_URL + day_path(reader)
    files = []
    if first:
        files.append(Attachment("day.ics", calendars.published(
            entries.of_lines(now, names, note=note), name=str(reader.event.title),
            lang=reader_language()), "text/calendar; method=PUBLISH"))
    her = [calendars.Attendee(reader.email, reader.name, answers=False)]
    for at, change in enumerate(found[:INVITATIONS], 1):
        line: Line | None = change.now or gone.get(change.word) or change.before
        if line is not None:
            entry = entries.of_line(change.word, line, names, note=note,
                                    cancelled=change.now is None)
            files.append(calendars.invitation(entry, her, name=f"meeting-{at}"))
    return files
