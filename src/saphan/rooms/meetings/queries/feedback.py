"""What was said of meetings. A side reads its own answer, the organisers read all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet

from saphan.people.models import Person
from saphan.rooms.meetings.models import Event, Feedback, Guest, Meeting, Party
from saphan.rooms.meetings.queries.events import NotFound
from saphan.rooms.meetings.rules import events as event_rules
from saphan.rooms.meetings.rules import feedback as rules
from saphan.rooms.meetings.rules import parties as party_rules
from saphan.rooms.meetings.vocabulary import NextStep

RELATED = ("slot", "place", "event", "wish", "wish__asker", "wish__asker__economy",
           "wish__asker__organisation", "wish__invited", "wish__invited__economy",
           "wish__invited__organisation", "guest_a__party__organisation",
           "guest_b__party__organisation", "guest_a__party__event", "guest_b__party__event")


def meeting(event: Event, word: str, *, asker: Person | None,
            guest: Guest | None = None) -> Meeting:
    """A meeting, for its sides and the staff. Raises `NotFound`."""
    found = event.meetings.select_related(*RELATED).filter(word=word).first()
    if found is None:
        raise NotFound(word)
    sides = [found.guest_a.party, found.guest_b.party]
    if guest is not None and guest.party_id in {side.pk for side in sides}:
        return found
    if event_rules.looks_at_events(asker) or any(
            party_rules.speaks_for(asker, side) for side in sides):
        return found
    raise NotFound(word)


def side_of(found: Meeting, person: Person | None, guest: Guest | None = None) -> Party | None:
    """The party for which she speaks in this meeting."""
    for party in (found.guest_a.party, found.guest_b.party):
        if (guest is not None and guest.party_id == party.pk) or (
                guest is None and party_rules.speaks_for(person, party)):
            return party
    return None


def given(found: Meeting, party: Party) -> Feedback | None:
    return found.feedback.filter(party=party).first()


@dataclass
class Pair:
    """How meetings between two economies went."""

    economies: tuple[str, str]
    meetings: int = 0
    held: int = 0
    useful: list[int] = field(default_factory=list)
    next_steps: int = 0

    @property
    def mean(self) -> float | None:
        return round(sum(self.useful) / len(self.useful), 1) if self.useful else None


@dataclass(frozen=True)
class Overview:
    """What the event's meetings brought, as far as it was said."""

    meetings: int
    held: int
    missed: int
    answers: int
    answered_meetings: int
    useful: tuple[tuple[int, int], ...]
    next_steps: tuple[tuple[str, int], ...]
    with_next_step: int
    differ: int
    """Meetings of which one side says that it took place and the other that it did not."""
    pairs: list[Pair]

    @property
    def share(self) -> int:
        """Answers given, in per cent of all that could be."""
        return round(100 * self.answers / (2 * self.meetings)) if self.meetings else 0


def of_event(event: Event, *, asker: Person | None) -> QuerySet[Meeting]:
    """All meetings with what was said of them, for the staff. Raises `NotFound`."""
    if not rules.may_read_all(asker):
        raise NotFound(event.number)
    return (event.meetings.exclude(state=Meeting.State.CANCELLED).select_related(*RELATED)
            .prefetch_related(Prefetch("feedback", Feedback.objects.order_by("pk")))
            .order_by("slot__begins", "place", "table"))


def overview(event: Event, *, asker: Person | None) -> Overview:
    meetings = list(of_event(event, asker=asker))
    useful, steps, pairs = Counter[int](), Counter[str](), dict[tuple[str, str], Pair]()
    with_step = differ = answered = 0
    for one in meetings:
        first, second = sorted(str(side.economy.name.best()) for side in (
            one.wish.asker, one.wish.invited))
        pair = pairs.setdefault((first, second), Pair((first, second)))
        said = list(one.feedback.all())
        pair.meetings += 1
        pair.held += one.state == Meeting.State.HELD
        pair.useful += [each.useful for each in said if each.useful]
        useful.update(each.useful for each in said if each.useful)
        named = {each.next_step for each in said} - {""}
        steps.update(each.next_step for each in said if each.next_step)
        has_step = bool(named - {NextStep.NONE})
        with_step += has_step
        pair.next_steps += has_step
        differ += len({each.took_place for each in said}) == 2
        answered += bool(said)
    states = Counter(one.state for one in meetings)
    return Overview(
        len(meetings), states[Meeting.State.HELD], states[Meeting.State.MISSED],
        sum(len(one.feedback.all()) for one in meetings), answered,
        tuple((value, useful[value]) for value in (4, 3, 2, 1)),
        tuple((step.value, steps[step.value]) for step in NextStep), with_step, differ,
        sorted(pairs.values(), key=lambda pair: (-pair.meetings, pair.economies)))


def to_rate(event: Event, parties: list[Party], now: object) -> list[Meeting]:
    """Meetings of these parties that have begun and of which they said nothing yet."""
    keys = [party.pk for party in parties]
    rows = event.meetings.filter(slot__begins__lte=now).exclude(
        state=Meeting.State.CANCELLED).select_related(*RELATED).prefetch_related("feedback")
    return [one for one in rows if any(
        side in keys and side not in {each.party_id for each in one.feedback.all()}
        for side in (one.wish.asker_id, one.wish.invited_id))]
