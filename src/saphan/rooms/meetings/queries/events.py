"""Questions about events. Getters here cannot return what the asker may not see."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from saphan.people.models import Person
from saphan.rooms.meetings.models import Event
from saphan.rooms.meetings.rules import events as rules

State = Event.State
RELATED = ("economy", "manager")
PUBLIC = Q(state__in=Event.PUBLIC) | Q(state=State.CANCELLED, opened__isnull=False)


class NotFound(Exception):
    """No such thing, or none that the asker may know of."""


def visible_to(person: Person | None) -> QuerySet[Event]:
    """What is public; for the staff all."""
    found = Event.objects.select_related(*RELATED)
    return found if rules.looks_at_events(person) else found.filter(PUBLIC)


def event(number: str, *, asker: Person | None) -> Event:
    """One event by accession number. Raises `NotFound`, also for what she may not see."""
    found = visible_to(asker).filter(number=number.upper()).first()
    if found is None:
        raise NotFound(number)
    return found
