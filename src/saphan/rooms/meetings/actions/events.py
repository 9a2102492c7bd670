"""The verbs of an event. Each checks its rule, changes one thing and records one fact."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.ground import accession, clock, ledger
from saphan.ground.access import Refused
from saphan.ground.text import Text, reader_language
from saphan.people.models import Person
from saphan.rooms.meetings.models import Event, Place, Session, Slot
from saphan.rooms.meetings.rules import events as rules

SERIES = "MTG"
State = Event.State
COPIED = ("economy_id", "lang", "title", "summary", "description", "venue", "address", "sector",
          "mode", "time_zone", "capacity", "needs_approval", "floor", "most", "language_level",
          "relay", "unanswered", "example")


class Conflict(Refused):
    """Somebody else saved the event after the editor had opened it."""


def start(values: Mapping[str, Any], *, by: Person | None, key: str = "") -> Event:
    """A new draft from cleaned values. `by=None`: the house, from a file."""
    if by is not None:
        rules.may_start(by).or_raise()
    event = Event(manager=by, **values)
    with ledger.fact("event.drafted", event, by=by):
        event.number = accession.next_number(SERIES)
        event.key = key or f"{event.number.lower()}-{secrets.token_hex(4)}"
        event.save(force_insert=True)
    return event


def save(event: Event, values: Mapping[str, Any], *, by: Person | None,
         version: int | None = None) -> Event:
    """Keep changed words and fields. `version` is the one the editor saw: if somebody saved in
    between, nothing is overwritten and `Conflict` says so."""
    if by is not None:
        rules.may_edit(by, event).or_raise()
    changed = [name for name, value in values.items() if getattr(event, name) != value]
    if not changed:
        return event
    _fits_its_times(event, values)
    seen = event.version if version is None else version
    with ledger.fact("event.changed", event, by=by, fields=sorted(changed)):
        if not Event.objects.filter(pk=event.pk, version=seen).update(version=seen + 1):
            raise Conflict(_("Somebody saved this record while you were writing. "
                             "Your words are below; reload to see theirs."))
        for name in changed:
            setattr(event, name, values[name])
        event.version = seen + 1
        event.save(update_fields=[*changed, "version", "changed"])
    return event


def _fits_its_times(event: Event, values: Mapping[str, Any]) -> None:
    """Slots and sessions are moments: neither the zone nor the days may slip from under them."""
    times = [*event.slots.values_list("begins", flat=True),
             *event.sessions.values_list("begins", flat=True)]
    if not times:
        return
    if values.get("time_zone", event.time_zone) != event.time_zone:
        raise Refused(_("Remove the times for meetings and the sessions first: they stand in the "
                        "old time zone."))
    first, last = (values.get(name, getattr(event, name)) for name in ("first_day", "last_day"))
    if any(not first <= moment.astimezone(event.zone).date() <= last for moment in times):
        raise Refused(_("There are times for meetings or sessions on other days. Remove them "
                        "first."))


def open_event(event: Event, *, by: Person) -> Event:
    """From now on everybody sees it, and can register."""
    rules.may_open(by, event).or_raise()
    with ledger.fact("event.opened", event, by=by, economy=event.economy_id, mode=event.mode):
        event.take("open", opened=event.opened or clock.now())
    return event


def close(event: Event, *, by: Person) -> Event:
    """No registrations and no wishes from participants any more; the staff plan."""
    rules.may_close(by, event).or_raise()
    with ledger.fact("event.closed", event, by=by):
        event.take("close")
    return event


def reopen(event: Event, *, by: Person) -> Event:
    rules.may_reopen(by, event).or_raise()
    with ledger.fact("event.reopened", event, by=by):
        event.take("reopen")
    return event


def begin(event: Event, *, by: Person) -> Event:
    rules.may_begin(by, event).or_raise()
    with ledger.fact("event.begun", event, by=by):
        event.take("begin")
    return event


def finish(event: Event, *, by: Person) -> Event:
    rules.may_finish(by, event).or_raise()
    with ledger.fact("event.ended", event, by=by, economy=event.economy_id):
        event.take("finish")
    return event


def cancel(event: Event, *, by: Person, because: str = "") -> Event:
    """It will not take place. Once it was public, everybody reads why."""
    rules.may_cancel(by, event).or_raise()
    if event.opened is not None and not because.strip():
        raise Refused(_("Say why the event is cancelled. Everybody who registered reads it."))
    words = because.strip()[:1000]
    with ledger.fact("event.cancelled", event, by=by):
        event.take("cancel", cancelled_because=Text.of(
            {reader_language(): words}, by=by.ref) if words else Text())
    return event


def remove(event: Event, *, by: Person) -> None:
    """A draft that nobody saw goes without a trace but the fact."""
    rules.may_remove(by, event).or_raise()
    with ledger.fact("event.removed", event, by=by, number=event.number):
        pk = event.pk
        event.delete()
        event.pk = pk  # the fact is about what was there


def duplicate(event: Event, first_day: date, *, by: Person) -> Event:
    """A draft of the same event on other days: words, rules, rooms, times and sessions, at the
    same hours of the wall clock. People are not copied."""
    rules.may_start(by).or_raise()
    days = (first_day - event.first_day).days
    values = {name: getattr(event, name) for name in COPIED}

    def later(moment: datetime) -> datetime:
        wall = moment.astimezone(event.zone).replace(tzinfo=None) + timedelta(days=days)
        return wall.replace(tzinfo=event.zone)

    with transaction.atomic():
        copy = start({**values, "first_day": first_day,
                      "last_day": event.last_day + timedelta(days=days),
                      "registration_ends": later(event.registration_ends),
                      "wishes_end": later(event.wishes_end)}, by=by)
        Slot.objects.bulk_create(
            Slot(event=copy, begins=later(slot.begins), ends=later(slot.ends))
            for slot in event.slots.all())
        places = _copied_places(event, copy)
        for session in event.sessions.all():
            Session.objects.create(
                event=copy, place=places.get(session.place_id or 0), title=session.title,
                about=session.about, track=session.track, speakers=session.speakers,
                langs=session.langs, begins=later(session.begins), ends=later(session.ends),
                capacity=session.capacity, everybody=session.everybody)
    return copy


def _copied_places(event: Event, copy: Event) -> dict[int, Place]:
    """The places of the copy by the key of the original, with the same ways between them."""
    originals = list(event.places.all())
    places = {each.pk: Place.objects.create(
        event=copy, name=each.name, online=each.online, tables=each.tables,
        first_table=each.first_table, link=each.link, position=each.position)
        for each in originals}
    for each in originals:
        walks = {str(places[int(key)].pk): minutes for key, minutes in each.walks.items()
                 if int(key) in places}
        Place.objects.filter(pk=places[each.pk].pk).update(walks=walks)
    return places


BY_TRANSITION: dict[str, Callable[..., Event]] = {
    "open": open_event, "close": close, "reopen": reopen, "begin": begin, "finish": finish,
    "cancel": cancel,
}
WITH_A_REASON = frozenset({"cancel"})
