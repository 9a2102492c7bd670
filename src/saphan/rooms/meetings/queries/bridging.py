"""What the ledger tells of two who were introduced in the market, and where both take part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from saphan.ground.models import Fact
from saphan.rooms.meetings.models import Event, Party, Wish
from saphan.rooms.meetings.rules.parties import ADMITTED

INTRODUCED, CLOSED = "interest.introduced", "interest.closed"


@dataclass(frozen=True)
class Introduction:
    """Two organisations know each other: who posted something, and who was interested in it."""

    interest: str
    owner: int
    asker: int
    subject: tuple[str, str]


def introduction(fact: Fact) -> Introduction | None:
    """What a fact says; None where a side is no organisation."""
    owner, asker = (*fact.data.get("organisations", ()), None, None)[:2]
    if not (owner and asker) or owner == asker:
        return None
    return Introduction(fact.data["number"], owner, asker, (fact.subject_type, fact.subject_id))


def of_organisation(key: int) -> Iterator[Introduction]:
    """Introductions of an organisation, but for those whose path has ended."""
    facts = Fact.objects.filter(
        Q(data__organisations__0=key) | Q(data__organisations__1=key), name=INTRODUCED)
    found = [one for fact in facts.order_by("seq") if (one := introduction(fact))]
    if not found:
        return
    over = set(Fact.objects.filter(
        name=CLOSED, subject_type=found[0].subject[0],
        subject_id__in=[one.subject[1] for one in found]).values_list("subject_id", flat=True))
    for one in found:
        if one.subject[1] not in over:
            yield one


def together(one: Introduction) -> Iterator[tuple[Party, Party]]:
    """Who asked and who was asked, at every event that takes wishes and admitted both."""
    parties = Party.objects.filter(
        organisation__in=[one.owner, one.asker], state__in=ADMITTED,
        event__state=Event.State.OPEN).select_related("event").order_by("event", "pk")
    sides: dict[int, dict[int, Party]] = {}
    for party in parties:
        if party.event.takes_wishes:
            sides.setdefault(party.event_id, {})[party.organisation_id] = party
    for found in sides.values():
        if len(found) == 2:
            yield found[one.asker], found[one.owner]


def wishes_of(fact: Fact) -> list[Wish]:
    """The wishes that came from the introduction of an interest that has ended now, at events
    that are not over."""
    numbers = [data["number"] for data in Fact.objects.filter(
        name=INTRODUCED, subject_type=fact.subject_type,
        subject_id=fact.subject_id).values_list("data", flat=True) if "number" in data]
    return list(Wish.objects.select_related("event", "asker", "invited").filter(
        came_from__in=numbers, origin=Wish.Origin.MARKET,
        event__state__in=[Event.State.OPEN, Event.State.PLANNING]))
