"""The desk: the plan of a day, what happened, stations, guides; and a guide's own tours."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saphan.design import formats
from saphan.ground import clock
from saphan.ground.access import Refused
from saphan.rooms.meetings import languages
from saphan.rooms.meetings.models import DayPlan, Station, VisitGuide
from saphan.rooms.meetings.visits import actions, computing, queries, rules, shown
from saphan.rooms.meetings.visits.assembling import DAY, minute_of, time_of
from saphan.rooms.meetings.visits.forms import GuideForm, HappenedForm, StationForm
from saphan.rooms.meetings.visits.views.common import asker, day_or_404, frame, to_sign_in

State = DayPlan.State


def _desk_only(request: HttpRequest) -> HttpResponse | None:
    """To sign in, or nothing; what she may not see is not there."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    if not rules.looks(person):
        raise Http404
    return None


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """The next day on which somebody comes."""
    if (away := _desk_only(request)) is not None:
        return away
    days = queries.days_ahead(limit=1)
    return redirect("meetings:visits_day", (days[0][0] if days else clock.today()).isoformat())


@require_safe
def day(request: HttpRequest, day: str) -> HttpResponse:
    if (away := _desk_only(request)) is not None:
        return away
    return _day(request, day_or_404(day))


def _day(request: HttpRequest, on: date, form: HappenedForm | None = None) -> HttpResponse:
    visits = queries.of_day(on)
    plans = queries.plans_of(on)
    latest = next((plan for plan in plans if plan.state in (
        State.WAITING, State.RUNNING, State.READY, State.FAILED)), None)
    rows = shown.Rows()
    held = [row for visit in visits for row in rows.of_visit(visit)]
    draft = rows.of_plan(latest, visits) if latest is not None and latest.lines else []
    picture = draft or held
    published = next((plan for plan in plans if plan.state == State.PUBLISHED), None)
    told = latest if latest is not None and latest.advice else published
    shows = latest or published
    names = {row.key: f"{row.visit.number} · {row.name}" for row in held if row.key}
    return render(request, "meetings/visits/day.html", {
        **frame(request, "visits_desk"), "day": on, "visits": visits,
        "before": on - timedelta(days=1), "after": on + timedelta(days=1),
        "days": queries.days_ahead(), "plan": shows, "draft": bool(draft), "rows": picture,
        "busy": latest is not None and latest.state in (State.WAITING, State.RUNNING),
        "people": sum(visit.people for visit in visits),
        "schedule": shown.schedule(picture),
        "load": shown.load(picture, rows.stations, rows.numbers),
        "advice": shown.advice_of(told, visits, rows.stations) if told else [],
        "gap": round(100 * shows.gap, 1) if shows and shows.gap is not None else None,
        "happened": form or HappenedForm(day=on, names=names, initial={
            "since": time_of(computing.minute_now())}) if held else None,
        "tried": form is not None}, status=422 if form is not None else 200)


@require_POST
def plan_day(request: HttpRequest, day: str) -> HttpResponse:
    if (away := _desk_only(request)) is not None:
        return away
    on, person = day_or_404(day), asker(request)
    assert person is not None
    try:
        computing.plan_day(on, by=person)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("meetings:visits_day", on.isoformat())


@require_POST
def happened(request: HttpRequest, day: str) -> HttpResponse:
    """A group is late, a station breaks, a guide is not there: the routes are mended."""
    if (away := _desk_only(request)) is not None:
        return away
    on, person = day_or_404(day), asker(request)
    assert person is not None
    form = HappenedForm(request.POST, day=on)
    if not form.is_valid():
        return _day(request, on, form)
    said = form.cleaned_data
    until = minute_of(said["until"]) if said["until"] else DAY
    try:
        computing.mend(
            on, by=person, since=minute_of(said["since"]),
            late={said["group"].pk: said["minutes"]} if said["group"] else {},
            broken={said["station"].pk: until} if said["station"] else {},
            missing=[said["guide"].pk] if said["guide"] else [])
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("meetings:visits_day", on.isoformat())


@require_POST
def plan_move(request: HttpRequest, key: int, step: str) -> HttpResponse:
    """Publish a plan, or discard it."""
    if (away := _desk_only(request)) is not None:
        return away
    person = asker(request)
    assert person is not None
    try:
        plan = queries.plan(key)
    except queries.NotFound:
        raise Http404 from None
    try:
        if step == "publish":
            changed = computing.publish(plan, by=person)
            messages.success(request, ngettext(
                "Published. The routes of %(number)s visit are new.",
                "Published. The routes of %(number)s visits are new.", len(changed)) % {
                "number": formats.number(len(changed))})
        elif step == "discard":
            computing.discard(plan, by=person)
        else:
            raise Http404
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("meetings:visits_day", plan.day.isoformat())


@require_safe
def my_tours(request: HttpRequest) -> HttpResponse:
    """For a guide on her phone: whom she leads, where and when."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    guide = queries.guide_of(person)
    if guide is None:
        raise Http404
    rows = shown.Rows()
    tours = [rows.of_group(group) for group in queries.led_by(guide, since=clock.today())]
    return render(request, "meetings/visits/mine.html", {
        **frame(request, "visits_mine"), "guide": guide, "tours": tours,
        "today": clock.today()})


# --- what there is to see, and who leads -------------------------------------------------------

@require_safe
def stations(request: HttpRequest) -> HttpResponse:
    if (away := _desk_only(request)) is not None:
        return away
    return render(request, "meetings/visits/stations.html", {
        **frame(request, "stations"), "stations": queries.stations(everything=True)})


@require_POST
def take_over(request: HttpRequest) -> HttpResponse:
    if (away := _desk_only(request)) is not None:
        return away
    person = asker(request)
    assert person is not None
    try:
        number = actions.take_over_exhibits(by=person)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, ngettext(
            "%(number)s exhibit is new. Check its minutes and its place.",
            "%(number)s exhibits are new. Check their minutes and their places.", number) % {
            "number": formats.number(number)})
    return redirect("meetings:stations")


@require_http_methods(["GET", "HEAD", "POST"])
def station(request: HttpRequest, key: int = 0) -> HttpResponse:
    if (away := _desk_only(request)) is not None:
        return away
    person = asker(request)
    assert person is not None
    found = get_object_or_404(Station, pk=key) if key else None
    form = StationForm(request.POST if request.method == "POST" else None, station=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_station(form.values(by=person.ref), by=person, station=found)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("meetings:stations")
    return _edit(request, form, "stations", _("Station"))


@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    if (away := _desk_only(request)) is not None:
        return away
    return render(request, "meetings/visits/guides.html", {
        **frame(request, "guides"), "guides": [
            (each, languages.said(each.speaks)) for each in queries.guides(everything=True)]})


@require_http_methods(["GET", "HEAD", "POST"])
def guide(request: HttpRequest, key: int = 0) -> HttpResponse:
    if (away := _desk_only(request)) is not None:
        return away
    person = asker(request)
    assert person is not None
    found = get_object_or_404(VisitGuide, pk=key) if key else None
    form = GuideForm(request.POST if request.method == "POST" else None, guide=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_guide(form.values(), by=person, guide=found)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("meetings:guides")
    return _edit(request, form, "guides", _("Guide"))


def _edit(request: HttpRequest, form: Any, here: str, title: str) -> HttpResponse:
    return render(request, "meetings/visits/edit.html", {
        **frame(request, here), "form": form, "title": title, "back": f"meetings:{here}"},
        status=422 if form.errors else 200)
