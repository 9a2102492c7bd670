"""Questions about who takes part. Getters here cannot return what the asker may not see."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from saphan.people.models import Person
from saphan.rooms.meetings.models import Event, Guest, Interpreter, Party
from saphan.rooms.meetings.queries.events import NotFound
from saphan.rooms.meetings.rules import events as event_rules

RELATED = ("organisation", "economy", "delegation", "event")
State = Party.State


def _hers(person: Person) -> Q:
    return (Q(contact=person) | Q(guests__person=person)
            | Q(organisation__in=person.memberships.filter(may_publish=True)
                .values("organisation")))


def of_person(event: Event, person: Person | None) -> list[Party]:
    """The parties of an event for which she speaks, also those that were not admitted."""
    if person is None or not person.is_authenticated:
        return []
    return list(event.parties.filter(_hers(person)).select_related(*RELATED).distinct())


def visible_to(event: Event, person: Person | None) -> QuerySet[Party]:
    """For the staff all; for who was admitted those who were; otherwise her own at most."""
    found = event.parties.select_related(*RELATED)
    if event_rules.looks_at_events(person):
        return found
    own = of_person(event, person)
    keys = [party.pk for party in own]
    if any(party.state == State.APPROVED for party in own):
        return found.filter(Q(state=State.APPROVED) | Q(pk__in=keys))
    return found.filter(pk__in=keys)


def party(event: Event, position: int, *, asker: Person | None) -> Party:
    """One party by its position at the event. Raises `NotFound`."""
    found = visible_to(event, asker).filter(position=position).first()
    if found is None:
        raise NotFound(f"{event.number}/{position}")
    return found


def guest_by_token(token: str) -> Guest | None:
    """Whose day this secret address opens. None after a registration that is not valid."""
    return (Guest.objects.filter(token=token, party__state=State.APPROVED)
            .select_related("party", "party__event", "party__organisation", "person").first())


def interpreter_by_token(token: str) -> Interpreter | None:
    return Interpreter.objects.filter(token=token).select_related("event").first()
