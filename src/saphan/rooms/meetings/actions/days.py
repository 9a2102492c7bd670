"""What people do with their day: say that they looked, get a new address, change a link."""

from __future__ import annotations

from saphan.ground import clock, ledger
from saphan.people.models import Person
from saphan.rooms.meetings.models import Copy, Guest, Interpreter, Meeting
from saphan.rooms.meetings.models.people import new_token
from saphan.rooms.meetings.queries import days
from saphan.rooms.meetings.queries.days import Reader
from saphan.rooms.meetings.rules import days as rules
from saphan.rooms.meetings.rules import events as event_rules


def look(reader: Reader) -> None:
    """She has seen her day as it is now; nothing in it is marked as new any more."""
    now, moment = days.lines(reader), clock.now()
    copy = days.copy_of(reader) or Copy(event=reader.event, **reader.keys)
    with ledger.fact("day.seen", reader.record, by=reader.record.person,
                     event=reader.event.number):
        copy.gone = days.gone_after(copy, now, moment)
        copy.seen, copy.seen_at = days.stored(now), moment
        copy.save()


def first_look(reader: Reader) -> None:
    """What she finds when she opens her day for the first time is what later changes are marked
    against. Not a step of anybody: no fact. A page that is only fetched ahead does no harm."""
    if Copy.objects.filter(**reader.keys, seen_at__isnull=False).exists():
        return
    now, moment = days.lines(reader), clock.now()
    if now:
        Copy.objects.update_or_create(**reader.keys, defaults={
            "event": reader.event, "seen": days.stored(now), "seen_at": moment})


def new_address(reader: Reader, *, by: Person | None = None, herself: bool = False) -> str:
    """A new secret address; the old one opens nothing from now on. `herself`: she came by the old
    one. Returns the new token."""
    if not herself:
        if reader.guest is not None:
            rules.is_her_day(by, reader.guest).or_raise()
        else:
            event_rules.is_helper(by).or_raise()
    with ledger.fact("day.address_changed", reader.record, by=by, event=reader.event.number):
        token = new_token()
        model = Guest if reader.guest is not None else Interpreter
        model._default_manager.filter(pk=reader.record.pk).update(token=token)
        reader.record.token = token
    return token


def change_link(meeting: Meeting, link: str, *, by: Person | None = None,
                reader: Reader | None = None) -> Meeting:
    """Another address for a meeting online, by either side (also by who opened her day, `reader`)
    or the staff. Both sides are told by the fact."""
    if reader is not None:
        rules.may_change_link_by_token(reader.guest, meeting).or_raise()
        by = reader.record.person
    else:
        rules.may_change_link(by, meeting).or_raise()
    if link == meeting.link:
        return meeting
    with ledger.fact("meeting.link_changed", meeting, by=by, event=meeting.event.number):
        meeting.link, meeting.sequence = link, meeting.sequence + 1
        meeting.save(update_fields=["link", "sequence", "changed"])
    return meeting
