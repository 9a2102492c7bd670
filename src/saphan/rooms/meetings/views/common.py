"""What the room's pages share: finding what the address names, and the menu of an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.house.callers import asker
from saphan.house.pages import to_sign_in
from saphan.rooms.meetings.models import Event, Party
from saphan.rooms.meetings.queries import events as event_queries
from saphan.rooms.meetings.queries import parties as party_queries
from saphan.rooms.meetings.rules import events as event_rules


def event_or_404(request: HttpRequest, number: str) -> Event:
    """The event, if she may see it; what is not there and what is not hers look the same."""
    try:
        return event_queries.event(number, asker=asker(request))
    except event_queries.NotFound:
        raise Http404 from None


def party_or_404(request: HttpRequest, event: Event, position: int) -> Party:
    try:
        return party_queries.party(event, position, asker=asker(request))
    except party_queries.NotFound:
        raise Http404 from None


@dataclass(frozen=True)
class Way:
    """An entry of an event's menu."""

    name: str
    url: str
    label: str | Promise


FOR_ALL = (("event", pgettext_lazy("menu", "Event")), ("programme", _("Programme")))
FOR_PARTIES = (("register", _("My registration")), ("people", _("Who takes part")),
               ("wishes", _("My wishes")), ("my_day", _("My day")))
FOR_STAFF = (("setup", _("Set-up")), ("registrations", _("Registrations")),
             ("people", _("Who takes part")), ("all_wishes", _("All wishes")),
             ("plans", _("Timetable")), ("board", _("Board")), ("now", _("Now and next")),
             ("live", _("What happened")), ("check_in", _("Check-in")), ("sheets", _("Print")),
             ("feedback_overview", pgettext_lazy("menu", "What it brought")))


def frame(request: HttpRequest, event: Event, here: str) -> dict[str, Any]:
    """What every page of an event shows around its own: the event, her parties, the menu."""
    person = asker(request)
    mine = party_queries.of_person(event, person)
    staff = event_rules.looks_at_events(person)
    admitted = any(party.state == Party.State.APPROVED for party in mine)
    wanted: list[tuple[str, str | Promise]] = list(FOR_ALL)
    if mine or (event.takes_registrations and not staff):
        wanted += FOR_PARTIES if admitted else FOR_PARTIES[:1]
    desk = [entry for entry in FOR_STAFF if entry not in wanted] if staff else []
    return {"event": event, "mine": mine, "staff": staff, "here": here, "person": person,
            "ways": _ways(event, wanted), "desk_ways": _ways(event, desk)}


def _ways(event: Event, wanted: Sequence[tuple[str, str | Promise]]) -> list[Way]:
    found = []
    for name, label in wanted:
        try:
            found.append(Way(name, reverse(f"meetings:{name}", args=[event.number]), label))
        except NoReverseMatch:
            continue
    return found


__all__ = ["Way", "asker", "event_or_404", "frame", "party_or_404", "to_sign_in"]
