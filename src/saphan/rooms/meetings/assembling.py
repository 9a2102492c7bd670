"""From the records of an event to the engine's problem, and from its plan back to records.

Positions of the engine stand for records: `Assembled.wishes[3]` is the record of
`problem.wishes[3]`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from saphan.engines.timetable import problem as engine
from saphan.rooms.meetings.models import (
    Event,
    Guest,
    Incident,
    Interpreter,
    Meeting,
    Party,
    Place,
    Plan,
    Session,
    Slot,
    Wish,
)
from saphan.rooms.meetings.vocabulary import IncidentKind, Mode, Presence

Stretch = tuple[datetime, datetime]
FAR = datetime(9999, 1, 1, tzinfo=UTC)
GONE = frozenset({IncidentKind.NO_SHOW, IncidentKind.LATE, IncidentKind.LEFT})
LESS_ROOM = frozenset({IncidentKind.PLACE_CLOSED, IncidentKind.FEWER_TABLES})

# What a wish is worth, 1 to 100: how much each side wants it (12 a step of three), that both do,
# and how well the two fit as the matching engine sees it. A wish that nobody answered counts half.
STEP, BOTH, FIT = 12, 8, 20
NOT_KNOWN_FIT = 0.5


@dataclass
class Assembled:
    """The engine's problem beside the records that its positions stand for."""

    problem: engine.Problem
    slots: list[Slot]
    places: list[Place]
    guests: list[Guest]
    parties: list[Party]
    wishes: list[Wish]
    interpreters: list[Interpreter]
    at: dict[str, dict[int, int]] = field(default_factory=dict)
    """Per kind of record (`slots`, `guests`, …): primary key to position."""

    def __post_init__(self) -> None:
        for kind in ("slots", "places", "guests", "parties", "wishes", "interpreters"):
            self.at[kind] = {record.pk: at for at, record in enumerate(getattr(self, kind))}

    def meetings(self, lines: Iterable[Sequence[Any]]) -> list[engine.Meeting]:
        """The engine's meetings of a plan's lines; without those whose records are gone."""
        found = []
        for wish, slot, place, table, a, b, language, interpreters in lines:
            try:
                found.append(engine.Meeting(
                    wish=self.at["wishes"][wish], slot=self.at["slots"][slot],
                    place=self.at["places"][place], table=table,
                    person_a=self.at["guests"][a], person_b=self.at["guests"][b],
                    language=language,
                    interpreters=tuple(self.at["interpreters"][one] for one in interpreters)))
            except KeyError:
                continue
        return found

    def lines(self, meetings: Iterable[engine.Meeting]) -> list[list[Any]]:
        """A plan's lines (`Plan.lines`) of the engine's meetings, in order of time."""
        return [[self.wishes[each.wish].pk, self.slots[each.slot].pk, self.places[each.place].pk,
                 each.table, self.guests[each.person_a].pk, self.guests[each.person_b].pk,
                 each.language, [self.interpreters[one].pk for one in each.interpreters]]
                for each in sorted(meetings, key=lambda one: (one.slot, one.place, one.table))]


def assemble(event: Event) -> Assembled:
    """Everything that a plan of this event has to respect, as things stand now."""
    slots = list(event.slots.all())
    places = list(event.places.all())
    parties = list(event.parties.filter(state=Party.State.APPROVED)
                   .select_related("organisation", "delegation", "delegation__host")
                   .order_by("position"))
    guests = list(Guest.objects.filter(party__in=parties).prefetch_related("sessions")
                  .order_by("party__position", "position", "pk"))
    interpreters = list(event.interpreters.all())
    incidents = list(event.incidents.filter(undone__isnull=True))
    sessions = list(event.sessions.all())
    builder = _Builder(event, slots, places, parties, guests, interpreters, incidents, sessions)
    wishes = [wish for wish in _wishes(event)
              if wish.asker_id in builder.party_at and wish.invited_id in builder.party_at]
    return Assembled(builder.problem(wishes), slots, places, guests, parties, wishes, interpreters)


def _wishes(event: Event) -> Iterable[Wish]:
    """What may be planned; not what somebody called off while the event was on."""
    live = set(Wish.LIVE) if event.unanswered else {Wish.State.ACCEPTED}
    off = event.incidents.filter(kind=IncidentKind.CANCELLED, undone__isnull=True)
    return (event.wishes.filter(state__in=live)
            .exclude(meeting__in=off.exclude(meeting=None).values("meeting"))
            .prefetch_related("only_slots", "after").order_by("pk"))


def value_of(wish: Wish) -> int:
    """What holding this wish is worth to the plan, 1 to 100."""
    fit = NOT_KNOWN_FIT if wish.fit is None else min(1.0, max(0.0, wish.fit))
    points = STEP * wish.priority + FIT * fit
    if wish.state == Wish.State.ACCEPTED:
        points += STEP * (wish.answer_priority or wish.priority) + BOTH
    return max(1, min(100, round(points)))


class _Builder:
    def __init__(self, event: Event, slots: list[Slot], places: list[Place], parties: list[Party],
                 guests: list[Guest], interpreters: list[Interpreter],
                 incidents: list[Incident], sessions: list[Session]) -> None:
        self.event, self.slots, self.places = event, slots, places
        self.parties, self.guests, self.interpreters = parties, guests, interpreters
        self.sessions = sessions
        self.party_at = {party.pk: at for at, party in enumerate(parties)}
        self.guest_at = {guest.pk: at for at, guest in enumerate(guests)}
        self.sent: dict[int, list[int]] = defaultdict(list)
        for at, guest in enumerate(guests):
            self.sent[guest.party_id].append(at)
        self.place_at = {place.pk: at for at, place in enumerate(places)}
        self.slot_at = {slot.pk: at for at, slot in enumerate(slots)}
        self.origin = slots[0].begins if slots else datetime.min.replace(tzinfo=UTC)
        self._read(incidents)

    def _read(self, incidents: list[Incident]) -> None:
        """What happened, by whom or what it happened to."""
        self.gone: dict[tuple[str, int], list[Stretch]] = defaultdict(list)
        self.fewer: dict[int, list[tuple[Stretch, int]]] = defaultdict(list)
        for one in incidents:
            stretch = (one.begins, one.ends or FAR)
            if one.kind in GONE and one.guest_id:
                self.gone["guest", one.guest_id].append(stretch)
            elif one.kind in GONE and one.party_id:
                self.gone["party", one.party_id].append(stretch)
            elif one.kind == IncidentKind.INTERPRETER_GONE and one.interpreter_id:
                self.gone["interpreter", one.interpreter_id].append(stretch)
            elif one.kind in LESS_ROOM and one.place_id:
                self.fewer[one.place_id].append((stretch, one.tables or 0))

    def problem(self, wishes: list[Wish]) -> engine.Problem:
        at = {wish.pk: here for here, wish in enumerate(wishes)}
        return engine.Problem(
            slots=tuple(self._slot(slot) for slot in self.slots),
            places=tuple(self._place(place) for place in self.places),
            walks=tuple(tuple(self._walk(a, b) for b in self.places) for a in self.places),
            people=tuple(self._person(guest) for guest in self.guests),
            parties=tuple(self._party(party) for party in self.parties),
            wishes=tuple(self._wish(wish, at) for wish in wishes),
            interpreters=tuple(self._interpreter(one) for one in self.interpreters),
            needs=engine.Level(self.event.language_level), relay=self.event.relay)

    def _minutes(self, moment: datetime) -> int:
        return round((moment - self.origin).total_seconds() / 60)

    def _slot(self, slot: Slot) -> engine.Slot:
        day = slot.begins.astimezone(self.event.zone).date()
        return engine.Slot(self._minutes(slot.begins), self._minutes(slot.ends),
                           (day - self.event.first_day).days)

    def _place(self, place: Place) -> engine.Place:
        tables = []
        for slot in self.slots:
            left = [number for stretch, number in self.fewer[place.pk] if _overlaps(slot, stretch)]
            tables.append(min([place.tables, *left]))
        return engine.Place(tuple(tables), online=place.online)

    @staticmethod
    def _walk(a: Place, b: Place) -> int:
        if a.pk == b.pk:
            return 0
        return int(a.walks.get(str(b.pk), b.walks.get(str(a.pk), 0)))

    def _person(self, guest: Guest) -> engine.Person:
        taken = [(session.begins, session.ends) for session in self.sessions
                 if session.everybody or session in guest.sessions.all()]
        away = [*taken, *_stretches(guest.away), *self.gone["guest", guest.pk],
                *self.gone["party", guest.party_id]]
        engaged = tuple(sorted(
            (self._minutes(session.begins), self._minutes(session.ends),
             self.place_at.get(session.place_id or 0, -1))
            for session in self.sessions
            if session.everybody or session in guest.sessions.all()))
        online = guest.presence == Presence.ONLINE or self.event.mode == Mode.ONLINE
        return engine.Person(
            party=self.party_at[guest.party_id], free=self._free(away),
            speaks=_speaks(guest.speaks), online=online,
            most=99 if guest.most is None else guest.most, engaged=() if online else engaged)

    def _party(self, party: Party) -> engine.Party:
        host = -1
        if party.delegation and party.delegation.host_sits_in and party.delegation.host_id:
            host = self.guest_at.get(party.delegation.host_id, -1)
        most = self.event.most if party.most is None else min(party.most, self.event.most)
        return engine.Party(
            people=tuple(self.sent[party.pk]),
            floor=min(self.event.floor, most), most=most, host=host)

    def _interpreter(self, one: Interpreter) -> engine.Interpreter:
        shifts = _stretches(one.shifts)
        free = [at for at in self._free(self.gone["interpreter", one.pk])
                if not shifts or any(begins <= self.slots[at].begins and self.slots[at].ends <= ends
                                     for begins, ends in shifts)]
        return engine.Interpreter(
            free=tuple(free), speaks=_speaks(one.speaks),
            online=one.presence == Presence.ONLINE, most=one.most, run=one.run)

    def _wish(self, wish: Wish, at: dict[int, int]) -> engine.Wish:
        return engine.Wish(
            a=self.party_at[wish.asker_id], b=self.party_at[wish.invited_id],
            value=value_of(wish), must=wish.must,
            people_a=self._guests(wish.who_asks), people_b=self._guests(wish.who_answers),
            slots=tuple(sorted(self.slot_at[slot.pk] for slot in wish.only_slots.all())),
            after=tuple(sorted(at[other.pk] for other in wish.after.all() if other.pk in at)))

    def _guests(self, keys: Iterable[int]) -> tuple[int, ...]:
        return tuple(sorted(self.guest_at[key] for key in keys if key in self.guest_at))

    def _free(self, away: Sequence[Stretch]) -> tuple[int, ...]:
        return tuple(at for at, slot in enumerate(self.slots)
                     if not any(_overlaps(slot, stretch) for stretch in away))


def _overlaps(slot: Slot, stretch: Stretch) -> bool:
    return slot.begins < stretch[1] and stretch[0] < slot.ends


def _stretches(pairs: Iterable[Sequence[str]]) -> list[Stretch]:
    return [(datetime.fromisoformat(begins), datetime.fromisoformat(ends))
            for begins, ends in pairs]


def _speaks(levels: dict[str, int]) -> dict[str, engine.Level]:
    return {lang: engine.Level(level) for lang, level in levels.items()}


def standing(event: Event) -> list[list[Any]]:
    """The lines of what people hold now: the meetings that are planned or took place."""
    held = (event.meetings.exclude(state=Meeting.State.CANCELLED)
            .prefetch_related("interpreters").order_by("slot__begins", "place", "table"))
    return [[each.wish_id, each.slot_id, each.place_id, each.table, each.guest_a_id,
             each.guest_b_id, each.language, [one.pk for one in each.interpreters.all()]]
            for each in held]


def published(event: Event) -> Plan | None:
    """The plan that people hold now."""
    return event.plans.filter(state=Plan.State.PUBLISHED).first()
