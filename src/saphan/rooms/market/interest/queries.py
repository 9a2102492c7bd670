"""Questions about interests. What leaves this module never names a side to the other before both
agreed and were introduced: pages, letters, the API, MCP and exports all read `Shown`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from saphan.ground import ledger
from saphan.people.models import Economy, Organisation, Person, Role
from saphan.rooms.market import queries as market
from saphan.rooms.market.interest import rules
from saphan.rooms.market.models import Encounter, Interest, Listing, Progress, Refusal

State, Side = Interest.State, Interest.Side
RELATED = ("listing", "listing__organisation", "listing__economy", "listing__author",
           "organisation", "economy", "asker", "broker", "own_listing")


class NotFound(Exception):
    """No such interest, or none that the asker may know of."""


def visible_to(person: Person | None) -> QuerySet[Interest]:
    """Those in which she is a side or the broker."""
    found = Interest.objects.select_related(*RELATED)
    if person is None or not person.is_authenticated:
        return found.none()
    if rules.runs_brokering(person):
        return found
    desks = rules.desks_of(person)
    return found.filter(_as_asker(person) | _as_owner(person) | Q(broker=person)
                        | Q(economy__in=desks) | Q(listing__economy__in=desks))


def _organisations(person: Person) -> QuerySet[Organisation]:
    return Organisation.objects.filter(memberships__person=person, memberships__may_publish=True)


def _as_asker(person: Person) -> Q:
    return Q(asker=person) | Q(organisation__in=_organisations(person))


def _as_owner(person: Person) -> Q:
    return Q(listing__author=person) | Q(listing__organisation__in=_organisations(person))


def interest(number: str, position: int, *, asker: Person | None) -> Interest:
    """One interest by the number of its record and its own. Raises `NotFound`."""
    found = visible_to(asker).filter(listing__number=number.upper(), position=position).first()
    if found is None:
        raise NotFound(f"{number}-{position:02d}")
    return found


def by_number(number: str, *, asker: Person | None) -> Interest:
    """One interest by its whole number, `MKT-2026-0042-03`. Raises `NotFound`."""
    listing, _dash, position = number.upper().rpartition("-")
    if not position.isascii() or not position.isdigit() or len(position) > 4:
        raise NotFound(number)
    return interest(listing, int(position), asker=asker)


def sent_by(person: Person) -> QuerySet[Interest]:
    """What she and her organisations are interested in."""
    return Interest.objects.select_related(*RELATED).filter(_as_asker(person)).distinct()


def received_by(person: Person) -> QuerySet[Interest]:
    """Who is interested in what she and her organisations posted."""
    return Interest.objects.select_related(*RELATED).filter(_as_owner(person)).distinct()


def to_broker(person: Person) -> QuerySet[Interest]:
    """The broker's queue: what is open at her desks, what is due first."""
    return visible_to(person).filter(state__in=rules.OPEN).exclude(
        _as_asker(person) | _as_owner(person)).order_by("due", "sent", "pk")


def open_interest_of(person: Person, listing: Listing) -> Interest | None:
    """Her own open interest in this record."""
    return Interest.objects.select_related(*RELATED).filter(
        _as_asker(person), listing=listing, state__in=rules.OPEN).first()


def of_listing(listing: Listing, person: Person | None) -> QuerySet[Interest]:
    """The interests in one record that she may see as its owner or as a broker."""
    return visible_to(person).filter(listing=listing)


# What each side may know of the other.

@dataclass(frozen=True)
class Party:
    """A side, as somebody else may see it. All but the economy is empty until both were
    introduced: that is what those who ask were promised."""

    economy: str
    economy_code: str
    kind: str
    organisation: str = ""
    organisation_id: int | None = None
    person: str = ""
    email: str = ""

    @property
    def named(self) -> bool:
        return bool(self.organisation or self.person or self.email)


@dataclass(frozen=True)
class Shown:
    """An interest as one reader may see it."""

    interest: Interest
    sides: frozenset[str]
    owner: Party
    asker: Party
    own_listing: Listing | None
    disclosed: bool

    @property
    def is_owner(self) -> bool:
        return Side.OWNER in self.sides

    @property
    def is_asker(self) -> bool:
        return Side.ASKER in self.sides

    @property
    def is_broker(self) -> bool:
        return Side.BROKER in self.sides


def shown(found: Interest, *, to: Person | None) -> Shown:
    """The interest as `to` may see it. Raises `NotFound` for strangers."""
    sides = rules.sides(to, found)
    if not sides:
        raise NotFound(found.number)
    open_names = found.is_disclosed or Side.BROKER in sides
    listing = found.listing
    return Shown(
        found, sides,
        owner=_party(listing.organisation, listing.organisation_name, listing.economy,
                     listing.author,
                     named=open_names or Side.OWNER in sides or not listing.discreet,
                     personal=open_names or Side.OWNER in sides),
        asker=_party(found.organisation, "", found.economy, found.asker,
                     named=open_names or Side.ASKER in sides,
                     personal=open_names or Side.ASKER in sides),
        own_listing=found.own_listing if open_names or Side.ASKER in sides else None,
        disclosed=found.is_disclosed)


def _party(organisation: Organisation | None, other_name: str, economy: Economy | None,
           person: Person | None, *, named: bool, personal: bool) -> Party:
    """`named`: the organisation may be known; `personal`: who speaks for it as well."""
    return Party(
        economy=str(economy) if economy else "",
        economy_code=economy.code if economy else "",
        kind=str(organisation.get_kind_display()) if organisation and named else "",
        organisation=(str(organisation) if organisation else other_name) if named else "",
        organisation_id=organisation.pk if organisation and named else None,
        person=person.name if person and personal else "",
        email=person.email if person and personal and person.is_active else "")


# The broker's desk.

@dataclass(frozen=True)
class Officer:
    """Somebody who could broker, and how much she has to do."""

    person: Person
    open: int


def officers_for(found: Interest) -> list[Officer]:
    """Who could broker it, the least busy first: officers of either side, then managers."""
    codes = [found.economy_id, found.listing.economy_id]
    officer = Q(roles__name=Role.Name.LIAISON_OFFICER, roles__economy__in=codes)
    manager = Q(roles__name=Role.Name.PROGRAMME_MANAGER)
    people = Person.objects.filter(officer | manager, is_active=True).distinct().annotate(
        busy=Count("brokered", filter=Q(brokered__state__in=rules.OPEN), distinct=True),
    ).prefetch_related("roles")
    ranked = sorted(people, key=lambda person: (
        not rules.desks_of(person) & set(codes), person.busy, person.pk))
    return [Officer(person, person.busy) for person in ranked
            if not rules.is_asker(person, found) and not rules.is_owner(person, found)]


def overdue(today: date) -> QuerySet[Interest]:
    return Interest.objects.select_related(*RELATED).filter(state__in=rules.OPEN, due__lt=today)


def due_by(day: date) -> QuerySet[Interest]:
    """Open interests whose next step is due on that day or before."""
    return Interest.objects.select_related(*RELATED).filter(state__in=rules.OPEN, due__lte=day)


# Advice.

def advice_for(listing: Listing) -> list[tuple[str, int]]:
    """Reasons for which the record did not convince since its last change, the most frequent
    first, with how often each was given."""
    rows = Refusal.objects.filter(listing=listing, answered__isnull=True).values_list(
        "reason").annotate(n=Count("pk")).order_by("-n", "reason")
    return [(reason, number) for reason, number in rows]


# History and numbers.

MOVES = {"sent": State.SENT, "accepted": State.ACCEPTED, "declined": State.DECLINED,
         "introduced": State.INTRODUCED, "signed": State.AGREED, "started": State.RUNNING,
         "concluded": State.OUTCOME, "withdrawn": State.CLOSED, "lapsed": State.CLOSED,
         "closed": State.CLOSED}


def history(found: Interest) -> list[tuple[datetime, str, str]]:
    """When it was moved, by which fact and to which state, oldest first."""
    targets = {f"interest.{name}": state for name, state in MOVES.items()}
    return [(fact.at, fact.name, targets[fact.name]) for fact in ledger.about(found).filter(
        name__in=targets)]


def progress_of(found: Interest) -> Iterable[Progress]:
    return found.progress.all()


def encounters_of(found: Interest) -> list[Encounter]:
    """Where the two met at events of the house, as each side says. Only once they know each
    other, so both sides and the broker may read it."""
    return list(found.encounters.all()) if found.is_disclosed else []


__all__ = ["MOVES", "NotFound", "Officer", "Party", "Shown", "advice_for", "by_number", "due_by",
           "encounters_of", "history", "interest", "market", "of_listing", "officers_for",
           "open_interest_of", "overdue", "progress_of", "received_by", "sent_by", "shown",
           "to_broker", "visible_to"]
