"""The programme of an event: meetings, breaks and sessions, and who attends what."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from saphan.design import formats
from saphan.ground.access import Refused
from saphan.ground.text import reader_language
from saphan.people import calendars
from saphan.rooms.meetings import languages
from saphan.rooms.meetings.actions import attending
from saphan.rooms.meetings.models import Event, Guest, Party
from saphan.rooms.meetings.queries import events as queries
from saphan.rooms.meetings.queries.programme import Block, programme
from saphan.rooms.meetings.rules import events as event_rules
from saphan.rooms.meetings.rules import parties as party_rules
from saphan.rooms.meetings.views.common import asker, event_or_404, frame, to_sign_in
from saphan.rooms.meetings.vocabulary import Presence


@require_safe
def page(request: HttpRequest, number: str) -> HttpResponse:
    event = event_or_404(request, number)
    shown = frame(request, event, "programme")
    guests = _guests(shown["mine"])
    days = programme(event, guests=guests)
    zone = _own_zone(event, guests)
    names = dict(languages.choices())
    return render(request, "meetings/programme.html", {
        **shown, "days": [{"day": day.day, "blocks": [
            _shown(block, guests, names) for block in day.blocks]} for day in days],
        "guests": guests, "own_zone": zone,
        "offset": formats.utc_offset(_moment(event)), "tracks": sorted({
            block.session.track for day in days for block in day.blocks
            if block.session is not None and block.session.track}),
        "may_attend": bool(guests) and bool(event_rules.is_not_over(None, event))})


def _guests(mine: list[Party]) -> list[Guest]:
    """Her people who were admitted, with the sessions that they attend."""
    admitted = [party for party in mine if party.state == Party.State.APPROVED]
    prefetch_related_objects(admitted, "guests__sessions")
    return [guest for party in admitted for guest in party.guests.all()]


def _own_zone(event: Event, guests: list[Guest]) -> str:
    """The zone of her people who join online, where their clock shows another time."""
    zone = next((guest.time_zone for guest in guests
                 if guest.presence == Presence.ONLINE and guest.time_zone), "")
    if not zone or formats.clock(_moment(event), zone=zone) == formats.clock(
            _moment(event), zone=event.time_zone):
        return ""
    return zone


def _moment(event: Event) -> Any:
    """A moment on the first day, by which offsets are told."""
    return datetime.combine(event.first_day, time(12), event.zone)


def _shown(block: Block, guests: list[Guest], names: dict[str, str]) -> dict[str, Any]:
    session = block.session
    if session is None:
        return {"block": block}
    attending_now = {guest.pk for guest in block.mine}
    return {"block": block, "session": session, "title": session.title.best(),
            "about": session.about.best() if session.about else None,
            "langs": [names.get(lang, lang) for lang in session.langs],
            "left": block.seats_left,
            "choices": [] if session.everybody else [
                {"guest": guest, "attends": guest.pk in attending_now} for guest in guests]}


@require_safe
def calendar(request: HttpRequest, number: str) -> HttpResponse:
    """The sessions of the programme for everybody's own calendar."""
    event = event_or_404(request, number)
    entries = [calendars.Entry(
        key=f"{event.number}-session-{session.pk}", sequence=0, starts=session.begins,
        ends=session.ends, summary=str(session.title.best()),
        description="\n\n".join(part for part in (session.speakers, str(session.about.best()))
                                if part),
        where=", ".join(part for part in (
            str(session.place) if session.place else "", str(event.venue.best())) if part))
        for session in queries.sessions(event)]
    content = calendars.published(entries, name=str(event.title.best()), lang=reader_language())
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers={
        "Content-Disposition": f'attachment; filename="{event.number}.ics"'})


@require_POST
def attend(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One of her people attends a session, or gives the seat back."""
    event, person = event_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    session = event.sessions.filter(pk=pk).first()
    given = request.POST.get("guest", "")
    guest = Guest.objects.filter(pk=int(given), party__event=event).select_related(
        "party", "party__event").first() if given.isdecimal() and len(given) < 15 else None
    if session is None or guest is None or not party_rules.may_read(person, guest.party):
        raise Http404
    leaves = request.POST.get("do") == "leave"
    try:
        (attending.leave if leaves else attending.attend)(session, guest, by=person)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The seat is given back.") if leaves else _(
            "%(name)s attends. No meeting is planned at that time.") % {"name": guest.name})
    return redirect(f"{event.get_absolute_url()}programme/#session-{session.pk}")
