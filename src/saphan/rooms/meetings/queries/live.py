"""What goes otherwise than planned, and what that does to the plan. For the staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from saphan.engines.timetable import check
from saphan.ground import clock
from saphan.rooms.meetings import assembling, breaking
from saphan.rooms.meetings.models import Event, Guest, Incident, Meeting, Party, Plan, Wish
from saphan.rooms.meetings.queries import checkin
from saphan.rooms.meetings.queries import plans as queries

State = Plan.State
SOON = timedelta(minutes=45)


@dataclass(frozen=True)
class Hit:
    """A meeting that cannot be as it stands, and why, in words."""

    meeting: Meeting
    words: str


def to_mend(event: Event) -> list[Hit]:
    """The meetings ahead that are not possible any more as things stand now, in order of time."""
    found = assembling.assemble(event)
    past = queries.begun(found.slots)
    held = {one.wish_id: one for one in queries.meetings_of(event)}
    lines, ahead, words = [], [], dict[int, str]()
    for line in queries.standing(event):
        if found.meetings([line.as_row()]):
            lines.append(line)
            ahead.append(line.slot not in past)
        elif line.slot not in past:
            words[line.wish] = _("One side has withdrawn, or the wish was taken back.")
    meetings = found.meetings([line.as_row() for line in lines])
    for breach in check.breaches(found.problem, meetings):
        guilty = [at for at in breach.meetings if ahead[at]]
        if guilty:
            words.setdefault(lines[guilty[-1]].wish, breaking.words(breach, found, meetings))
    return sorted((Hit(held[wish], told) for wish, told in words.items() if wish in held),
                  key=lambda hit: (hit.meeting.slot.begins, hit.meeting.pk))


@dataclass(frozen=True)
class Missing:
    """Somebody who has not checked in, with her next meeting."""

    guest: Guest
    meeting: Meeting


def missing(event: Event, *, soon: bool = True) -> list[Missing]:
    """Who has not checked in and has a meeting soon (or at all), the nearest first. Who joins
    online checks in nowhere."""
    moment = clock.now()
    ahead = queries.meetings_of(event).filter(state=Meeting.State.PLANNED, slot__ends__gt=moment)
    if soon:
        ahead = ahead.filter(slot__begins__lt=moment + SOON)
    gone = set(event.incidents.filter(undone__isnull=True, ends__isnull=True)
               .exclude(guest=None).values_list("guest", flat=True))
    gone_parties = set(event.incidents.filter(undone__isnull=True, ends__isnull=True)
                       .exclude(party=None).values_list("party", flat=True))
    found: dict[int, Missing] = {}
    for meeting in ahead:
        for guest in (meeting.guest_a, meeting.guest_b):
            if (guest.checked_in is None and guest.presence == "onsite" and guest.pk not in gone
                    and guest.party_id not in gone_parties):
                found.setdefault(guest.pk, Missing(guest, meeting))
    return list(found.values())


def without_meetings(event: Event) -> list[Party]:
    """Who was admitted after the plan was published and has no meeting: walk-ins above all."""
    current = queries.published(event)
    if current is None or current.published is None:
        return []
    busy = event.meetings.exclude(state=Meeting.State.CANCELLED)
    return list(event.parties.filter(state=Party.State.APPROVED, decided__gt=_first(event, current))
                .exclude(pk__in=busy.values("guest_a__party"))
                .exclude(pk__in=busy.values("guest_b__party"))
                .select_related("organisation", "economy").order_by("-decided")[:30])


def _first(event: Event, current: Plan) -> Any:
    """When people first held a plan."""
    first = event.plans.filter(published__isnull=False).order_by("published").first()
    return (first or current).published


def incidents(event: Event) -> QuerySet[Incident]:
    """What was reported, newest first."""
    return event.incidents.select_related(
        "guest__party__organisation", "party__organisation", "interpreter", "place", "plan",
        "meeting__slot", "meeting__guest_a__party__organisation",
        "meeting__guest_b__party__organisation")


def pending(event: Event) -> Plan | None:
    """The mended plan that waits to be published, or is being computed."""
    return (event.plans.filter(kind__in=[Plan.Kind.REPLAN, Plan.Kind.UNDO],
                               state__in=[State.WAITING, State.RUNNING, State.READY, State.FAILED])
            .select_related("event", "base").first())


def named(event: Event, text: str) -> list[Guest]:
    """Guests of admitted parties whose name or organisation holds the text."""
    return checkin.named(event, text)


def without_wishes(event: Event) -> QuerySet[Party]:
    """Who was admitted and neither wishes nor is wished."""
    live = Q(wishes_sent__state__in=Wish.LIVE) | Q(wishes_received__state__in=Wish.LIVE)
    has = Party.objects.filter(live, event=event).values("pk")
    return (event.parties.filter(state=Party.State.APPROVED).exclude(pk__in=has)
            .select_related("organisation", "economy"))

