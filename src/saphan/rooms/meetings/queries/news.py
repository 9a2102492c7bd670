"""What is new in the wishes of parties since they were last told, for the daily letter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Max

from saphan.ground import clock
from saphan.ground.models import Fact
from saphan.people.models import Person
from saphan.rooms.meetings.models import Event, Party, Wish
from saphan.rooms.meetings.queries import wishes
from saphan.rooms.meetings.rules.parties import ADMITTED

TOLD, REMINDED = "party.told_of_wishes", "party.reminded_of_wishes"
REMIND_BEFORE = timedelta(days=2)


@dataclass
class News:
    """Of one party: who wishes to meet it, who accepted, how many declined."""

    party: Party
    wanted_by: list[Party] = field(default_factory=list)
    accepted_by: list[Party] = field(default_factory=list)
    declined: int = 0

    def __bool__(self) -> bool:
        return bool(self.wanted_by or self.accepted_by or self.declined)


def of_event(event: Event) -> list[News]:
    """News of every party of an event."""
    parties = _admitted(event)
    since = last_told(parties.values(), TOLD)
    found = {key: News(party) for key, party in parties.items()}
    for one in event.wishes.select_related(*wishes.SIDES).order_by("-priority", "pk"):
        asker, invited = one.asker_id, one.invited_id
        if asker not in found or invited not in found:
            continue
        if one.state == Wish.State.SENT and _after(one.sent, since.get(invited)):
            found[invited].wanted_by.append(one.asker)
        elif one.answered and _after(one.answered, since.get(asker)):
            if one.state == Wish.State.ACCEPTED:
                found[asker].accepted_by.append(one.invited)
            elif one.state == Wish.State.REFUSED:
                found[asker].declined += 1
    return [news for news in found.values() if news]


def _after(moment: datetime, since: datetime | None) -> bool:
    return since is None or moment > since


def _admitted(event: Event) -> dict[int, Party]:
    return {party.pk: party for party in event.parties.filter(state__in=ADMITTED).select_related(
        "organisation", "event", "contact").prefetch_related("guests__person")}


def last_told(parties: object, name: str) -> dict[int, datetime]:
    """When each of these parties got its last letter of this name, as the ledger knows it."""
    keys = [str(party.pk) for party in parties]  # type: ignore[attr-defined]
    return {int(key): at for key, at in Fact.objects.filter(
        name=name, subject_type=Party._meta.label_lower, subject_id__in=keys).values_list(
            "subject_id").annotate(at=Max("at"))}


@dataclass(frozen=True)
class Reminder:
    """Wishes end soon: so many wait for an answer, and so few were sent."""

    party: Party
    to_answer: int
    has_few: bool


def reminders(event: Event) -> Iterator[Reminder]:
    """Two days before wishes end, once: who has to answer something, or has too few."""
    left = event.wishes_end - clock.now()
    if not event.takes_wishes or left > REMIND_BEFORE:
        return
    parties = _admitted(event)
    told = last_told(parties.values(), REMINDED)
    for degree in wishes.degrees(event):
        party = parties.get(degree.party.pk)
        if party is None or party.pk in told:
            continue
        if degree.received or degree.is_below:
            yield Reminder(party, degree.received, degree.is_below)


def readers(party: Party) -> list[Person]:
    """Who reads the letters of a party: who registered it, else its people with an account."""
    if party.contact is not None and party.contact.is_active:
        return [party.contact]
    return [guest.person for guest in party.guests.all()
            if guest.person is not None and guest.person.is_active]
