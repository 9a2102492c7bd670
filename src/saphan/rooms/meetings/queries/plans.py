"""Questions about plans and the meetings in them. Getters here cannot return what the asker may
not see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from saphan.ground import clock
from saphan.people.models import Person
from saphan.rooms.meetings import assembling, diffing
from saphan.rooms.meetings.diffing import Change, Line
from saphan.rooms.meetings.models import (
    Event,
    Guest,
    Interpreter,
    Meeting,
    Party,
    Place,
    Plan,
    Slot,
    Wish,
)
from saphan.rooms.meetings.queries import parties
from saphan.rooms.meetings.queries.events import NotFound
from saphan.rooms.meetings.rules import events as event_rules
from saphan.rooms.meetings.rules import parties as party_rules

State = Plan.State
MEETING_RELATED = (
    "event", "slot", "place", "wish", "guest_a__party__organisation",
    "guest_b__party__organisation", "guest_a__party__economy", "guest_b__party__economy")


def plans(event: Event, asker: Person | None) -> QuerySet[Plan]:
    """The plans of an event, newest first, without their long columns; for the staff."""
    found = event.plans.select_related("base").defer("lines", "changes", "progress")
    return found if event_rules.looks_at_events(asker) else found.none()


def plan(event: Event, number: int, *, asker: Person | None) -> Plan:
    """Raises `NotFound`, also for who is not of the staff."""
    found = event.plans.filter(number=number).select_related("event", "base", "since").first()
    if found is None or not event_rules.looks_at_events(asker):
        raise NotFound(f"{event.number}/plans/{number}")
    return found


def published(event: Event) -> Plan | None:
    """The plan that people hold now."""
    return event.plans.filter(state=State.PUBLISHED).select_related("base").first()


def meetings_of(event: Event) -> QuerySet[Meeting]:
    """All that people hold, with what a page shows of them, in order of time."""
    return (event.meetings.exclude(state=Meeting.State.CANCELLED).select_related(*MEETING_RELATED)
            .prefetch_related("interpreters").order_by("slot__begins", "place__position", "table"))


def visible_meetings(event: Event, asker: Person | None) -> QuerySet[Meeting]:
    """For the staff all; otherwise those of the parties for which she speaks."""
    if event_rules.looks_at_events(asker):
        return meetings_of(event)
    return meetings_of(event).filter(pk__in=_own(event, asker))


def _own(event: Event, asker: Person | None) -> list[int]:
    if asker is None or not asker.is_authenticated:
        return []
    keys = [party.pk for party in parties.of_person(event, asker)]
    return [*event.meetings.filter(guest_a__party__in=keys).values_list("pk", flat=True),
            *event.meetings.filter(guest_b__party__in=keys).values_list("pk", flat=True)]


def meeting(event: Event, word: str, *, asker: Person | None) -> Meeting:
    """One meeting by its word, also one that was called off: for the two sides, for the hosts who
    sit in, and for the staff. Raises `NotFound`."""
    found = (event.meetings.filter(word=word).select_related(*MEETING_RELATED)
             .prefetch_related("interpreters").first())
    if found is None or not (
            event_rules.looks_at_events(asker)
            or party_rules.speaks_for(asker, found.guest_a.party)
            or party_rules.speaks_for(asker, found.guest_b.party)
            or _sits_in(asker, found)):
        raise NotFound(f"{event.number}/meetings/{word}")
    return found


def _sits_in(person: Person | None, meeting: Meeting) -> bool:
    """Whether she is the host of a side's delegation and sits in on its meetings."""
    delegations = (meeting.guest_a.party.delegation, meeting.guest_b.party.delegation)
    return person is not None and person.is_authenticated and any(
        each.host.person_id == person.pk for each in delegations
        if each is not None and each.host_sits_in and each.host is not None)


# --- what a plan would change -----------------------------------------------------------------

def begun(slots: Iterable[Slot], moment: datetime | None = None) -> set[int]:
    """Keys of the slots that nobody can plan any more."""
    moment = moment or clock.now()
    return {slot.pk for slot in slots if slot.begins <= moment}


def standing(event: Event) -> list[Line]:
    """What people hold now, also what took place."""
    return [Line.of(row) for row in assembling.standing(event)]


def merged(held: Iterable[Line], wanted: Iterable[Line], past: set[int]) -> list[Line]:
    """What people hold once `wanted` is published: what is over stays as it was."""
    kept = [line for line in held if line.slot in past]
    done = {line.wish for line in kept}
    return kept + [line for line in wanted if line.slot not in past and line.wish not in done]


def changes_of(plan: Plan) -> list[Change]:
    """What its publication changed; for one that waits, what it would change now."""
    if plan.published is not None:
        return [Change.of(row) for row in plan.changes]
    held = standing(plan.event)
    past = begun(plan.event.slots.all())
    after = merged(held, [Line.of(row) for row in plan.lines], past)
    return diffing.compare([line for line in held if line.slot not in past],
                           [line for line in after if line.slot not in past])


# --- whom it concerns -------------------------------------------------------------------------

@dataclass(frozen=True)
class Sitting:
    """A meeting as it stands in one of two plans."""

    slot: Slot
    place: Place
    table: int
    """The number that stands on the table."""
    guest_a: Guest
    guest_b: Guest
    language: str
    interpreters: tuple[Interpreter, ...]


@dataclass(frozen=True)
class ChangeLine:
    """One change as one person sees it: for whom a meeting was given to a colleague, it is
    `dropped`, and for the colleague `added`."""

    kind: str
    wish: Wish
    meeting: Meeting | None
    """The record; None while the plan is not published and the meeting is new."""
    before: Sitting | None
    after: Sitting | None
    as_host: bool = False
    """She does not sit for a side: she is the host of a delegation, or interprets."""


def concerned(plan: Plan) -> dict[int, list[ChangeLine]]:
    """Per guest (primary key) what changes for her, in order of time. Needs a constant number of
    queries. Guests of a withdrawn registration are in it as well: their meetings are dropped."""
    records = _Records(plan.event)
    found: defaultdict[int, list[ChangeLine]] = defaultdict(list)
    for change in changes_of(plan):
        old, new = records.people(change.before), records.people(change.after)
        for guest in {**old, **new}:
            if line := records.line(change, guest in old, guest in new,
                                    as_host=(old.get(guest) or new.get(guest)) == "host"):
                found[guest].append(line)
    return _in_order(found)


def concerned_interpreters(plan: Plan) -> dict[int, list[ChangeLine]]:
    """Per interpreter (primary key) what changes for her."""
    records = _Records(plan.event)
    found: defaultdict[int, list[ChangeLine]] = defaultdict(list)
    for change in changes_of(plan):
        old = set(change.before.interpreters) if change.before else set()
        new = set(change.after.interpreters) if change.after else set()
        for one in sorted(old | new):
            if line := records.line(change, one in old, one in new, as_host=True):
                found[one].append(line)
    return _in_order(found)


def lines_of(plan: Plan) -> list[ChangeLine]:
    """All changes, as the staff read them."""
    return _told(plan.event, changes_of(plan))


def lines_between(plan: Plan, other: Plan) -> list[ChangeLine]:
    """What would change from another plan to this one."""
    return _told(plan.event, diffing.compare([Line.of(row) for row in other.lines],
                                             [Line.of(row) for row in plan.lines]))


def _told(event: Event, changes: Iterable[Change]) -> list[ChangeLine]:
    records = _Records(event)
    told = (records.line(change, change.before is not None, change.after is not None,
                         as_host=False) for change in changes)
    return sorted((line for line in told if line is not None), key=_when)


def _when(line: ChangeLine) -> datetime:
    sitting = line.after or line.before
    assert sitting is not None
    return sitting.slot.begins


def _in_order(found: dict[int, list[ChangeLine]]) -> dict[int, list[ChangeLine]]:
    return {key: sorted(lines, key=_when) for key, lines in found.items()}


class _Records:
    """The records of an event that lines name, read once."""

    def __init__(self, event: Event) -> None:
        self.slots = {one.pk: one for one in event.slots.all()}
        self.places = {one.pk: one for one in event.places.all()}
        self.guests = {one.pk: one for one in Guest.objects.filter(party__event=event)
                       .select_related("party__organisation", "party__economy", "person")}
        self.interpreters = {one.pk: one for one in event.interpreters.all()}
        self.wishes = {one.pk: one for one in event.wishes.all()}
        self.meetings = {one.wish_id: one for one in event.meetings.all()}
        self.hosts = {
            party.pk: party.delegation.host_id for party in Party.objects.filter(
                event=event, delegation__host_sits_in=True).select_related("delegation")
            if party.delegation is not None and party.delegation.host_id}

    def people(self, line: Line | None) -> dict[int, str]:
        """Who sits in: guest to `side` or `host`."""
        if line is None or not {line.guest_a, line.guest_b} <= self.guests.keys():
            return {}
        there = {line.guest_a: "side", line.guest_b: "side"}
        for guest in (line.guest_a, line.guest_b):
            host = self.hosts.get(self.guests[guest].party_id)
            if host in self.guests:
                there.setdefault(host, "host")
        return there

    def line(self, change: Change, was_in: bool, is_in: bool, *,
             as_host: bool) -> ChangeLine | None:
        """The change for somebody who was in the meeting before, is in it after, or both. None if
        records are gone."""
        kind = change.kind if was_in and is_in else diffing.ADDED if is_in else diffing.DROPPED
        before = self._sitting(change.before) if was_in else None
        after = self._sitting(change.after) if is_in else None
        wish = self.wishes.get(change.wish)
        if wish is None or (before is None and after is None):
            return None
        return ChangeLine(kind, wish, self.meetings.get(change.wish), before, after, as_host)

    def _sitting(self, line: Line | None) -> Sitting | None:
        if line is None:
            return None
        try:
            place = self.places[line.place]
            return Sitting(self.slots[line.slot], place, place.first_table + line.table,
                           self.guests[line.guest_a], self.guests[line.guest_b], line.language,
                           tuple(self.interpreters[one] for one in line.interpreters))
        except KeyError:
            return None


def told(plan: Plan) -> int:
    """How many people a plan concerns, interpreters as well."""
    return len(concerned(plan)) + len(concerned_interpreters(plan))


__all__ = ["ChangeLine", "Sitting", "begun", "changes_of", "concerned", "concerned_interpreters",
           "lines_between", "lines_of", "meeting", "meetings_of", "merged", "plan", "plans",
           "published", "standing", "told", "visible_meetings"]
