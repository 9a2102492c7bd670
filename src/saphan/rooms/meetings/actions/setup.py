"""How an event is set up: its slots, places, sessions, interpreters and delegations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from saphan.ground import ledger
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.meetings.cutting import SLOTS_AT_MOST, Stretch, overlaps
from saphan.rooms.meetings.models import (
    Delegation,
    Event,
    Interpreter,
    Meeting,
    Place,
    Session,
    Slot,
)
from saphan.rooms.meetings.rules import events as rules

Part = TypeVar("Part", Place, Session, Interpreter, Delegation)


def _allow(event: Event, by: Person | None) -> None:
    """`by=None`: the house, from a file."""
    if by is not None:
        rules.may_edit(by, event).or_raise()


def set_slots(event: Event, stretches: Sequence[Stretch], *, by: Person | None) -> int:
    """Let meetings be at these times and no others. Slots that stay keep what is in them; refused
    if one that would go holds a meeting. Returns how many slots there are."""
    _allow(event, by)
    wanted = dict(sorted(stretches))
    if len(wanted) > SLOTS_AT_MOST:
        raise Refused(_("At most %(limit)d times for meetings.") % {"limit": SLOTS_AT_MOST})
    _in_order(list(wanted.items()))
    with ledger.fact("event.slots_set", event, by=by) as fact:
        known = {slot.begins: slot for slot in event.slots.select_for_update()}
        gone = [slot for begins, slot in known.items()
                if begins not in wanted or wanted[begins] != slot.ends]
        _holds_nothing(gone)
        Slot.objects.filter(pk__in=[slot.pk for slot in gone]).delete()
        kept = {begins for begins, slot in known.items() if slot not in gone}
        Slot.objects.bulk_create(Slot(event=event, begins=begins, ends=ends)
                                 for begins, ends in wanted.items() if begins not in kept)
        fact.data |= {"slots": len(wanted), "removed": len(gone)}
    return len(wanted)


def _in_order(stretches: Sequence[Stretch]) -> None:
    for begins, ends in stretches:
        if ends <= begins:
            raise Refused(_("A meeting ends after it begins."))
    for one, other in pairwise(stretches):
        if overlaps(one, other):
            raise Refused(_("Two times for meetings overlap."))


def _holds_nothing(slots: Sequence[Slot]) -> None:
    """No meeting, also none that was called off: it is on record with its time."""
    if Meeting.objects.filter(slot__in=slots).exists():
        raise Refused(_("There are meetings in the timetable at times that would go. Nothing was "
                        "changed."))


def add_slot(event: Event, begins: datetime, ends: datetime, *, by: Person | None) -> Slot:
    """One more time for meetings."""
    _allow(event, by)
    others = [(slot.begins, slot.ends) for slot in event.slots.all()]
    _in_order(sorted([*others, (begins, ends)]))
    if not event.first_day <= begins.astimezone(event.zone).date() <= event.last_day:
        raise Refused(_("This is not on a day of the event."))
    if len(others) >= SLOTS_AT_MOST:
        raise Refused(_("At most %(limit)d times for meetings.") % {"limit": SLOTS_AT_MOST})
    with ledger.fact("event.slot_added", event, by=by):
        return Slot.objects.create(event=event, begins=begins, ends=ends)


def remove_slot(slot: Slot, *, by: Person) -> None:
    _allow(slot.event, by)
    _holds_nothing([slot])
    with ledger.fact("event.slot_removed", slot.event, by=by):
        slot.delete()


def keep(event: Event, model: type[Part], values: Mapping[str, Any], *, by: Person | None,
         part: Part | None = None) -> Part:
    """Add a place, a session, an interpreter or a delegation, or change one."""
    _allow(event, by)
    name = model._meta.model_name
    record: Any = part or model(event=event)
    changed = sorted(field for field, value in values.items() if getattr(record, field) != value)
    if part is not None and not changed:
        return part
    if isinstance(record, Place):
        _keeps_its_meetings(record, values)
    fact = f"{name}.changed" if part is not None else f"{name}.added"
    with ledger.fact(fact, record, by=by, event=event.number,
                     **({"fields": changed} if part is not None else {})):
        for field, value in values.items():
            setattr(record, field, value)
        if part is None and isinstance(record, Place):
            record.position = event.places.count()
        record.save()
    return record  # type: ignore[no-any-return]


def _keeps_its_meetings(place: Place, values: Mapping[str, Any]) -> None:
    """A published meeting keeps its table; to close one, say what happened in the live page."""
    tables = values.get("tables", place.tables)
    planned = place.meetings.filter(state=Meeting.State.PLANNED) if place.pk else None
    if planned is not None and planned.filter(table__gte=tables).exists():
        raise Refused(_("There are meetings at tables that would go. Report in “What happened” "
                        "that there are fewer tables: then the timetable is mended."))
    if planned is not None and values.get("online", place.online) != place.online \
            and planned.exists():
        raise Refused(_("There are meetings in the timetable here."))


def remove(part: Place | Session | Interpreter | Delegation, *, by: Person) -> None:
    """It is gone, unless people hold meetings there or with it."""
    event = part.event
    _allow(event, by)
    try:
        with ledger.fact(f"{part._meta.model_name}.removed", part, by=by, event=event.number):
            if isinstance(part, Interpreter) and part.meetings.filter(
                    state=Meeting.State.PLANNED).exists():
                raise Refused(_("There are meetings in the timetable with this interpreter."))
            pk = part.pk
            part.delete()
            part.pk = pk  # the fact is about what was there
            if isinstance(part, Place):
                _forget_ways(event, pk)
    except models.ProtectedError:
        raise Refused(_("There are meetings in the timetable here.")) from None


def _forget_ways(event: Event, gone: int) -> None:
    for place in event.places.all():
        if str(gone) in place.walks:
            place.walks.pop(str(gone))
            place.save(update_fields=["walks"])


def set_walks(event: Event, minutes: Mapping[tuple[int, int], int], *, by: Person | None) -> None:
    """How long one walks between places: `{(key, key): minutes}`, both ways alike."""
    _allow(event, by)
    places = {place.pk: place for place in event.places.all()}
    with ledger.fact("event.walks_set", event, by=by):
        for place in places.values():
            place.walks = {}
        for (one, other), number in minutes.items():
            if one in places and other in places and one != other and number > 0:
                places[one].walks[str(other)] = number
                places[other].walks[str(one)] = number
        Place.objects.bulk_update(places.values(), ["walks"])
