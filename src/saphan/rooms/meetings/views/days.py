"""One's own day at a secret address: the page, the calendar, what can be sent from it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from saphan.design import formats
from saphan.ground import clock, limits
from saphan.people import calendars
from saphan.rooms.meetings import writing
from saphan.rooms.meetings.actions import days as actions
from saphan.rooms.meetings.actions import reports
from saphan.rooms.meetings.forms.days import LinkForm, ReportForm
from saphan.rooms.meetings.models import Meeting, Place
from saphan.rooms.meetings.queries import agenda as agendas
from saphan.rooms.meetings.queries import calendars as entries
from saphan.rooms.meetings.queries import days as queries
from saphan.rooms.meetings.queries import telling
from saphan.rooms.meetings.queries.agenda import Agenda, Item, Names
from saphan.rooms.meetings.queries.days import Reader
from saphan.rooms.meetings.rules import days as rules
from saphan.rooms.meetings.views.common import asker, event_or_404, frame, to_sign_in

WORKER = Path(__file__).parents[1] / "worker.js"
View = Callable[..., HttpResponseBase]
REPORTS_A_DAY = 20


def private(response: HttpResponseBase, referrer: str = "same-origin") -> HttpResponseBase:
    """Nobody keeps it but the reader's own device, and no other site learns its address. (Not
    `no-referrer`, with which browsers send forms without an origin: they would be refused.)"""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = referrer
    return response


def of_token(view: View) -> View:
    """Calls the view with whose day the address opens; an address that opens none gets the same
    answer whatever it once was."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str, **rest: Any) -> HttpResponseBase:
        reader = queries.by_token(token)
        if reader is None:
            return private(render(request, "meetings/day_gone.html", status=404))
        return private(view(request, reader, **rest))

    return wrapped


@require_safe
@of_token
def day(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The page."""
    actions.first_look(reader)
    return page(request, reader)


def page(request: HttpRequest, reader: Reader, *, report: ReportForm | None = None,
         link: tuple[str, LinkForm] | None = None, status: int = 200) -> HttpResponse:
    moment = clock.now()
    agenda = agendas.agenda(reader, moment=moment)
    ahead = [item for item in agenda.items if item.meeting and item.ends > moment]
    zone = reader.event.time_zone
    places = {each.pk: each for each in reader.event.places.all()} if agenda.changed else {}
    following = agenda.next(moment)

    def drawn(item: Item) -> dict[str, Any]:
        return card(item, reader, moment, places)

    return render(request, "meetings/day.html", {
        "reader": reader, "event": reader.event, "agenda": agenda, "moment": moment,
        "zone": zone, "offset": telling.offset(
            agenda.items[0].begins if agenda.items else moment, zone),
        "days": [{"date": each.date, "today": each.date == moment.astimezone(
            reader.event.zone).date(), "cards": [drawn(item) for item in each.items]}
                 for each in agenda.days],
        "now": [drawn(item) for item in agenda.current(moment)],
        "next": drawn(following) if following else None,
        "dropped": _dropped(agenda), "known": _known(agenda),
        "report": report or ReportForm(items=ahead, zone=zone),
        "reporting": report is not None, "link_of": link, "ahead": bool(ahead),
        "calendar": _calendar_path(reader), "webcal": _webcal(reader)}, status=status)


def card(item: Item, reader: Reader, moment: datetime,
         places: Mapping[int, Place]) -> dict[str, Any]:
    """An item with what its piece of the page needs."""
    meeting = item.meeting
    return {
        "item": item, "time": telling.stretch(item.begins, item.ends, reader.event.time_zone),
        "own": telling.own_time(item.begins, item.ends, reader), "own_zone": reader.own_zone,
        "label": telling.KINDS.get(item.mark, ""), "until": telling.until(item.begins - moment),
        "left": telling.until(item.ends - moment), "before": _before(item, reader, places),
        "over": item.ends <= moment,
        "is_now": item.kind != "free" and item.begins <= moment < item.ends,
        "feedback": _feedback(meeting, reader) if meeting and item.begins <= moment else "",
        "may_link": bool(meeting and item.is_online and item.ends > moment
                         and rules.may_change_link_by_token(reader.guest, meeting))}


def _before(item: Item, reader: Reader, places: Mapping[int, Place]) -> str:
    """When, or where, a meeting was before it was moved."""
    if item.change is None or item.change.kind != "moved" or item.change.before is None:
        return ""
    old, zone = item.change.before, reader.event.time_zone
    if old.starts == item.begins and old.stops == item.ends:
        return telling.where(old, Names(reader.event, places=dict(places)))
    time = telling.stretch(old.starts, old.stops, zone)
    if telling.day_of(old.starts, zone) != telling.day_of(item.begins, zone):
        time = f"{telling.day_of(old.starts, zone, style='medium')}, {time}"
    return time


def _feedback(meeting: Meeting, reader: Reader) -> str:
    """Where she says how a meeting was, if she sat in it for a side."""
    if reader.guest is None or reader.guest.pk not in (meeting.guest_a_id, meeting.guest_b_id):
        return ""
    return reverse("meetings:day_feedback", args=[reader.token, meeting.word])


def _dropped(agenda: Agenda) -> list[telling.Told]:
    if not agenda.dropped:
        return []
    names = Names.of(agenda.reader.event, [change.before for change in agenda.dropped
                                           if change.before is not None])
    return [telling.told(change, names, agenda.reader) for change in agenda.dropped]


def _known(agenda: Agenda) -> list[str]:
    """What the desk knows of her already."""
    zone = agenda.reader.event.time_zone
    found = []
    for each in agenda.incidents:
        if each.meeting_id and each.ends:
            found.append(_("You cannot come at %(time)s") % {
                "time": telling.stretch(each.begins, each.ends, zone)})
        elif each.ends:
            found.append(_("You come at %(time)s") % {
                "time": formats.clock(each.ends, zone=zone)})
        else:
            found.append(_("You cannot come any more"))
    return found


# What she sends

@require_POST
@of_token
def seen(request: HttpRequest, reader: Reader) -> HttpResponseBase:
    actions.look(reader)
    return _back(reader)


@require_POST
@of_token
def address(request: HttpRequest, reader: Reader) -> HttpResponseBase:
    """A new secret address, because the old one came into wrong hands."""
    limits.spend("day address", _counted(reader), at_most=5, per=timedelta(hours=1)).or_raise()
    actions.new_address(reader, by=reader.record.person, herself=True)
    messages.success(request, _("This is your new address. The old one does not work any more."))
    return _back(reader)


@require_POST
@of_token
def link(request: HttpRequest, reader: Reader, word: str) -> HttpResponseBase:
    """Another link for a meeting online."""
    meeting = queries.meetings(reader).filter(word=word).first()
    if meeting is None or reader.guest is None:
        raise Http404
    form = LinkForm(request.POST)
    if not form.is_valid():
        return page(request, reader, link=(word, form), status=422)
    actions.change_link(meeting, form.cleaned_data["link"], reader=reader)
    messages.success(request, _("The link is saved. The other side is told."))
    return _back(reader)


def _back(reader: Reader) -> HttpResponse:
    return redirect("meetings:day", reader.token)


def _counted(reader: Reader) -> str:
    """By what uses are counted; not by the token, which stands nowhere but in its row."""
    kind, key = reader.key
    return f"{kind}-{key}"


@require_POST
@of_token
def report(request: HttpRequest, reader: Reader) -> HttpResponseBase:
    """She comes late, or cannot come: the desk learns of it."""
    limits.spend("day report", _counted(reader), at_most=REPORTS_A_DAY,
                 per=timedelta(days=1)).or_raise()
    moment = clock.now()
    ahead = [item for item in agendas.agenda(reader, moment=moment).items
             if item.meeting and item.ends > moment]
    form = ReportForm(request.POST, items=ahead, zone=reader.event.time_zone)
    if not form.is_valid():
        return page(request, reader, report=form, status=422)
    given = form.cleaned_data
    chosen = form.items.get(given["meeting"]) if given["what"] == "meeting" else None
    reports.report(reader, given["what"], minutes=given["minutes"],
                   meeting=chosen.meeting if chosen else None, note=given["note"],
                   expected=next((item.begins for item in ahead), None))
    messages.success(request, _("Thank you. The desk knows now and tells those whom you meet."))
    return _back(reader)


# Her calendar

@require_safe
@of_token
def calendar(request: HttpRequest, reader: Reader) -> HttpResponseBase:
    """What her calendar program subscribes to, in her language."""
    with translation.override(reader.language.lower()):
        note = settings.BASE_URL + writing.day_path(reader)
        content = calendars.published(
            entries.of_reader(reader, moment=clock.now(), note=note),
            name=str(reader.event.title), lang=reader.language)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    found = get_conditional_response(request, etag=etag)
    response = found if found is not None else HttpResponse(
        content, content_type="text/calendar; charset=utf-8")
    response.headers["ETag"] = etag
    response.headers["Content-Disposition"] = 'inline; filename="meetings.ics"'
    return response


def _calendar_path(reader: Reader) -> str:
    return reverse("meetings:day_calendar", args=[reader.token])


def _webcal(reader: Reader) -> str:
    return f"webcal://{settings.BASE_URL.partition('://')[2]}{_calendar_path(reader)}"


# Offline

@lru_cache(maxsize=1)
def _worker() -> str:
    return WORKER.read_text()


@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """The script that keeps a day on the device. It stands where it may look after the addresses
    of days and of nothing else."""
    response = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = reverse("meetings:day_worker").rpartition(
        "/")[0] + "/"
    return response


# For who has an account

@require_safe
def my_day(request: HttpRequest, number: str) -> HttpResponseBase:
    """To her own day; she chooses where her party sends several."""
    event = event_or_404(request, number)
    person = asker(request)
    if person is None:
        return to_sign_in(request.path)
    found = queries.of_person(event, person)
    own = [reader for reader in found if reader.record.person_id == person.pk]
    if len(found) == 1 or (own and "choose" not in request.GET):
        return private(redirect("meetings:day", (own or found)[0].token))
    return private(render(request, "meetings/my_day.html", {
        **frame(request, event, "my_day"), "readers": found}))
