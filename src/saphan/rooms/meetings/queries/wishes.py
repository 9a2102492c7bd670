"""Questions about wishes. Getters here cannot return what the asker may not see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch, Q, QuerySet

from saphan.people.models import Person
from saphan.rooms.meetings.models import Event, Guest, Party, Wish
from saphan.rooms.meetings.queries.events import NotFound
from saphan.rooms.meetings.rules import events as event_rules
from saphan.rooms.meetings.rules import parties as party_rules
from saphan.rooms.meetings.rules.parties import ADMITTED

State = Wish.State
SIDES = ("asker", "asker__organisation", "asker__economy", "asker__event",
         "invited", "invited__organisation", "invited__economy", "invited__event", "event")


def _related(found: QuerySet[Wish]) -> QuerySet[Wish]:
    guests = Guest.objects.order_by("position", "pk")
    return found.select_related(*SIDES).prefetch_related(
        "only_slots", Prefetch("asker__guests", guests), Prefetch("invited__guests", guests))


def wish(event: Event, key: int, *, asker: Person | None) -> Wish:
    """One wish, for its two sides and the staff. Raises `NotFound`."""
    found = _related(event.wishes.all()).filter(pk=key).first()
    if found is None or not (
            event_rules.looks_at_events(asker) or party_rules.speaks_for(asker, found.asker)
            or party_rules.speaks_for(asker, found.invited)):
        raise NotFound(str(key))
    return found


@dataclass(frozen=True)
class Line:
    """A wish as one of its sides sees it."""

    wish: Wish
    me: Party

    @property
    def asks(self) -> bool:
        """Whether the reader's party asked."""
        return self.wish.asker_id == self.me.pk

    @property
    def other(self) -> Party:
        return self.wish.invited if self.asks else self.wish.asker

    @property
    def priority(self) -> int | None:
        """How important it is to the reader's party."""
        return self.wish.priority if self.asks else self.wish.answer_priority

    @property
    def their_priority(self) -> int | None:
        """How important it is to the other party, as far as the reader may know it: who asks says
        it with the wish."""
        return None if self.asks else self.wish.priority

    @property
    def who(self) -> list[Guest]:
        """Of the reader's people, those who shall go; empty: anybody."""
        mine = self.wish.asker if self.asks else self.wish.invited
        keys = set(self.wish.who_asks if self.asks else self.wish.who_answers)
        return [guest for guest in mine.guests.all() if guest.pk in keys]

    @property
    def is_unconfirmed(self) -> bool:
        """From the market, and nobody here has said that it stands."""
        return (self.wish.origin == Wish.Origin.MARKET and self.wish.answered is None
                and self.wish.state == State.ACCEPTED)


@dataclass
class Lists:
    """The wishes of a party, sorted by what is to be done."""

    to_answer: list[Line] = field(default_factory=list)
    both: list[Line] = field(default_factory=list)
    waiting: list[Line] = field(default_factory=list)
    declined: list[Line] = field(default_factory=list)
    """What others declined, and what we did."""
    withdrawn: list[Line] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Wishes that may become meetings."""
        return len(self.to_answer) + len(self.both) + len(self.waiting)


def of_party(me: Party) -> Lists:
    """All wishes of a party; of those that the other side took back only its own."""
    lists = Lists()
    found = _related(Wish.objects.filter(Q(asker=me) | Q(invited=me))).filter(
        asker__state__in=ADMITTED, invited__state__in=ADMITTED)
    for one in found.order_by("-must", "-priority", "pk"):
        line = Line(one, me)
        if one.state == State.ACCEPTED:
            lists.both.append(line)
        elif one.state == State.SENT:
            (lists.waiting if line.asks else lists.to_answer).append(line)
        elif one.state == State.REFUSED:
            lists.declined.append(line)
        elif line.asks:
            lists.withdrawn.append(line)
    return lists


# For the organisers.

def of_event(event: Event, *, asker: Person | None, state: str = "", origin: str = "",
             must: bool = False, party: int = 0) -> QuerySet[Wish]:
    """All wishes of an event, for the staff. Raises `NotFound`."""
    if not event_rules.looks_at_events(asker):
        raise NotFound(event.number)
    found = event.wishes.select_related(*SIDES).prefetch_related(
        "after", "after__asker__organisation", "after__invited__organisation")
    if state:
        found = found.filter(state=state)
    if origin:
        found = found.filter(origin=origin)
    if must:
        found = found.filter(must=True)
    if party:
        found = found.filter(Q(asker__position=party) | Q(invited__position=party))
    return found.order_by("asker__position", "invited__position")


@dataclass(frozen=True)
class Degree:
    """How many wishes a party has."""

    party: Party
    sent: int
    received: int
    both: int
    floor: int

    @property
    def live(self) -> int:
        return self.sent + self.received + self.both

    @property
    def is_below(self) -> bool:
        """With fewer wishes than meetings that everybody should have."""
        return self.live < self.floor


def degrees(event: Event) -> list[Degree]:
    """Of every party that was admitted, the fewest first."""
    sent, received, both = Counter[int](), Counter[int](), Counter[int]()
    for asker, invited, state in event.wishes.filter(state__in=Wish.LIVE).values_list(
            "asker_id", "invited_id", "state"):
        if state == State.ACCEPTED:
            both.update((asker, invited))
        else:
            sent[asker] += 1
            received[invited] += 1
    found = []
    for party in event.parties.filter(state__in=ADMITTED).select_related(
            "organisation", "economy", "event").order_by("position"):
        most = event.most if party.most is None else min(party.most, event.most)
        found.append(Degree(party, sent[party.pk], received[party.pk], both[party.pk],
                            min(event.floor, most)))
    return sorted(found, key=lambda one: (one.live, one.both, one.party.position))


@dataclass(frozen=True)
class Totals:
    """The event's wishes by state, how many must take place, and who has too few."""

    states: list[tuple[str, str, int]]
    must: int
    parties: int
    none: int
    below: int


def totals(event: Event, of: Iterable[Degree]) -> Totals:
    rows = list(of)
    counted = Counter(event.wishes.values_list("state", flat=True))
    return Totals([(state.value, str(state.label), counted[state.value]) for state in State],
                  event.wishes.filter(must=True).count(), len(rows),
                  sum(one.live == 0 for one in rows), sum(one.is_below for one in rows))


