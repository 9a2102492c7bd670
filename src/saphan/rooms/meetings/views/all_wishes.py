"""All wishes of an event, for its organisers: who has too few, what must take place, files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saphan.ground.access import Refused
from saphan.rooms.meetings import wishing
from saphan.rooms.meetings.actions import suggesting
from saphan.rooms.meetings.forms.wishes import (
    AddWishForm,
    AllWishesFilterForm,
    OrderForm,
    WishFileForm,
)
from saphan.rooms.meetings.models import Event
from saphan.rooms.meetings.queries import suggestions
from saphan.rooms.meetings.queries import wishes as queries
from saphan.rooms.meetings.rules import events as event_rules
from saphan.rooms.meetings.rules import wishes as rules
from saphan.rooms.meetings.views.common import asker, event_or_404, frame, to_sign_in
from saphan.rooms.meetings.views.wishes import wish_or_404

PER_PAGE = 50
FEW_SHOWN = 20
LARGEST = 5_000_000  # bytes of a file


def _event(request: HttpRequest, number: str) -> Event:
    event = event_or_404(request, number)
    if not event_rules.looks_at_events(asker(request)):
        raise Http404
    return event


def _wanted(request: HttpRequest, form: AllWishesFilterForm) -> dict[str, Any]:
    values = form.cleaned_data if form.is_bound and form.is_valid() else {}
    return {"state": values.get("state", ""), "origin": values.get("origin", ""),
            "must": values.get("must", False), "party": int(values.get("party") or 0)}


@never_cache
@require_safe
def all_wishes(request: HttpRequest, number: str) -> HttpResponse:
    if asker(request) is None:
        return to_sign_in(request.get_full_path())
    return _page(request, _event(request, number))


def _page(request: HttpRequest, event: Event, *, add: AddWishForm | None = None,
          loaded: wishing.Imported | None = None, status: int = 200) -> HttpResponse:
    person = asker(request)
    parties = wishing.admitted(event)
    form = AllWishesFilterForm(request.GET or None, parties=list(parties.values()))
    found = queries.of_event(event, asker=person, **_wanted(request, form))
    degrees = queries.degrees(event)
    few = [one for one in degrees if one.is_below][:FEW_SHOWN]
    invite = suggestions.to_invite([one.party for one in few])
    return render(request, "meetings/all_wishes.html", {
        **frame(request, event, "all_wishes"), "form": form, "degrees": degrees,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "totals": queries.totals(event, degrees),
        "few": [{"degree": one, "best": invite.get(one.party.pk, [])} for one in few],
        "add": add or AddWishForm(parties=parties, choices=None), "file_form": WishFileForm(),
        "loaded": loaded, "work": suggestions.progress(event),
        "may_insist": bool(rules.may_insist(person, event)
                           & rules.takes_wishes(person, event)),
        "may_help": bool(event_rules.is_helper(person))}, status=status)


@require_POST
def add(request: HttpRequest, number: str) -> HttpResponse:
    event, person = _event(request, number), asker(request)
    assert person is not None
    try:
        wishing.add(event, request.POST, by=person)
    except wishing.Wrong as wrong:
        return _page(request, event, add=wrong.form, status=422)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("meetings:all_wishes", event.number)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one_wish(request: HttpRequest, number: str, key: int) -> HttpResponse:
    """One wish: must it be held, and after which others; why it is there."""
    if asker(request) is None:
        return to_sign_in(request.get_full_path())
    event, person = _event(request, number), asker(request)
    assert person is not None
    wish = wish_or_404(request, event, key)
    others, status = wishing.others_of(wish), 200
    form = OrderForm(wish=wish, others=others)
    if request.method == "POST":
        try:
            messages.success(request, wishing.order(wish, request.POST, by=person))
            return redirect("meetings:all_wishes", event.number)
        except wishing.Wrong as wrong:
            form, status = wrong.form, 422
        except Refused as refusal:
            form, status = OrderForm(request.POST, wish=wish, others=others), 422
            messages.error(request, str(refusal))
    return render(request, "meetings/one_wish.html", {
        **frame(request, event, "all_wishes"), "wish": wish, "form": form,
        "reasons": suggestions.reasons(wish.because),
        "may_insist": bool(rules.may_insist(person, wish))}, status=status)


@require_safe
def export(request: HttpRequest, number: str) -> HttpResponse:
    """The wishes that the filters leave, as CSV."""
    event = _event(request, number)
    form = AllWishesFilterForm(request.GET or None, parties=list(
        wishing.admitted(event).values()))
    found = queries.of_event(event, asker=asker(request), **_wanted(request, form))
    response = HttpResponse("\ufeff" + wishing.export(found.iterator(chunk_size=2000)),
                            content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{event.number}-wishes.csv"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def load(request: HttpRequest, number: str) -> HttpResponse:
    """Add the wishes of a file."""
    event, person = _event(request, number), asker(request)
    assert person is not None
    file = request.FILES.get("file")
    loaded = None
    try:
        rules.may_insist(person, event).or_raise()
        if file is None or (file.size or 0) > LARGEST:
            raise Refused(WishFileForm({}).fields["file"].error_messages["required"])
        loaded = wishing.load(event, file.read(), by=person)
        messages.success(request, str(loaded))
    except Refused as refusal:
        messages.error(request, str(refusal))
    if loaded is not None and loaded.problems:
        return _page(request, event, loaded=loaded, status=422)
    return redirect("meetings:all_wishes", event.number)


@require_POST
def suggest(request: HttpRequest, number: str) -> HttpResponse:
    """Make the suggestions anew, now."""
    event, person = _event(request, number), asker(request)
    assert person is not None
    try:
        suggesting.make_now(event, by=person)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("meetings:all_wishes", event.number)
