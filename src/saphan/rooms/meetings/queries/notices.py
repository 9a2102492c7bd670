"""Questions about letters on days: what waits, what left, whom to tell in person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from saphan.rooms.meetings.models import Event, Notice
from saphan.rooms.meetings.queries import days, telling
from saphan.rooms.meetings.queries.agenda import Names
from saphan.rooms.meetings.queries.days import Reader

State = Notice.State
RELATED = ("event", "guest__party__organisation", "guest__party__economy", "guest__person",
           "interpreter__person")


def reader_of(notice: Notice) -> Reader:
    if notice.guest is not None:
        notice.guest.party.event = notice.event
    return Reader(notice.event, notice.guest, notice.interpreter)


def open_of(event: Event) -> QuerySet[Notice]:
    """Those that still wait, and those without address who were not told in person yet."""
    return event.notices.filter(
        Q(state=State.WAITING) | Q(state=State.NO_ADDRESS, told_at=None))


def due(event: Event | None, moment: datetime) -> QuerySet[Notice]:
    """What may leave now, the urgent first."""
    found = Notice.objects.filter(state=State.WAITING, due__lte=moment).select_related(*RELATED)
    return (found.filter(event=event) if event else found).order_by("-urgent", "due", "pk")


@dataclass(frozen=True)
class Progress:
    """How far the letters are. `in_person`: people whom somebody has to tell."""

    waiting: int
    sent: int
    failed: int
    in_person: int

    @property
    def total(self) -> int:
        return self.waiting + self.sent + self.failed


def progress(event: Event) -> Progress:
    found = event.notices.aggregate(
        waiting=Count("pk", filter=Q(state__in=[State.WAITING, State.LEAVING])),
        sent=Count("pk", filter=Q(state=State.SENT)),
        failed=Count("pk", filter=Q(state=State.FAILED)),
        in_person=Count("pk", filter=Q(in_person=True, told_at=None)
                        & ~Q(state=State.NEEDLESS)))
    return Progress(**found)


@dataclass(frozen=True)
class ToTell:
    """Somebody who has to be told in person, and what."""

    notice: Notice
    reader: Reader
    changes: list[telling.Told]


def to_tell(event: Event) -> list[ToTell]:
    """Whom the desk has to tell, the soonest first; without those who have looked since."""
    found = (event.notices.filter(in_person=True, told_at=None).exclude(state=State.NEEDLESS)
             .select_related(*RELATED, "guest__copy", "interpreter__copy")
             .order_by("soonest", "pk"))
    now, names, rows = days.all_lines(event), Names.of(event), []
    for notice in found:
        reader = reader_of(notice)
        copy = getattr(reader.record, "copy", None)
        here = now.get(reader.key, {})
        if copy is not None and copy.seen_at and not days.changes(days.read(copy.seen), here):
            continue
        changes = days.changes(days.read(notice.before), here)
        if changes:
            rows.append(ToTell(notice, reader, [
                telling.told(change, names, reader) for change in changes]))
    return rows


def failed(event: Event) -> list[Notice]:
    return list(event.notices.filter(state=State.FAILED).select_related(*RELATED))
