"""Questions of the approval desk: who applied, narrowed and counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q, QuerySet

from saphan.people.models import Person
from saphan.people.names import fold, loose
from saphan.rooms.meetings.models import Event, Guest, Party
from saphan.rooms.meetings.queries import parties

State = Party.State


@dataclass(frozen=True)
class Filters:
    """What the queue is narrowed to; empty means everything."""

    state: str = ""
    economy: str = ""
    sector: str = ""
    delegation: str = ""
    text: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Filters:
        read = {name: (given.get(name) or "")[:80].strip() for name in cls.__dataclass_fields__}
        if read["state"] not in State.values:
            read["state"] = ""
        if not read["delegation"].isdecimal():
            read["delegation"] = ""
        return cls(**read)

    def as_dict(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__
                if getattr(self, name)}

    def apply(self, found: QuerySet[Party]) -> QuerySet[Party]:
        chosen = {"state": self.state, "economy_id": self.economy.upper(), "sector": self.sector,
                  "delegation_id": self.delegation}
        found = found.filter(**{name: value for name, value in chosen.items() if value})
        if not self.text:
            return found
        named = Q(guests__name__icontains=self.text) | Q(guests__email__iexact=self.text)
        if fold(self.text):
            named |= Q(organisation__aliases__folded__contains=fold(self.text))
            named |= Q(organisation__aliases__loose__contains=loose(self.text))
        return found.filter(named).distinct()


def queue(event: Event, filters: Filters, *, asker: Person | None) -> QuerySet[Party]:
    """Registrations as the staff see them, the longest waiting first, with their people."""
    return (filters.apply(parties.visible_to(event, asker)).select_related(
        *parties.RELATED, "contact").prefetch_related("guests").order_by("applied", "position"))


def by_state(event: Event) -> list[tuple[str, Any, int]]:
    """Each state with its words and how many registrations are in it."""
    counts = dict(event.parties.order_by().values_list("state").annotate(Count("pk")))
    return [(state.value, state.label, counts.get(state.value, 0)) for state in State]


FACETS = {"economy": "economy_id", "sector": "sector", "delegation": "delegation_id"}


def facets(event: Event, filters: Filters) -> dict[str, list[tuple[str, int]]]:
    """For each filter: its values and how many registrations each would leave, most first."""
    counted = {}
    for name, column in FACETS.items():
        found = replace(filters, **{name: ""}).apply(event.parties.all())
        rows = found.order_by().values_list(column).annotate(Count("pk", distinct=True))
        counted[name] = sorted(((str(value), number) for value, number in rows if value),
                               key=lambda row: (-row[1], row[0]))
    return counted


def waiting(event: Event) -> int:
    """How many people are on the waiting list."""
    return Guest.objects.filter(party__event=event, party__state=State.WAITING).count()


def place_in_line(party: Party) -> int:
    """Her place on the waiting list, from 1."""
    before = party.event.parties.filter(state=State.WAITING).filter(
        Q(applied__lt=party.applied) | Q(applied=party.applied, position__lt=party.position))
    return before.count() + 1
