"""My wishes: sent, received, both; and what is done with them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from saphan.ground.access import Refused
from saphan.rooms.meetings import wishing
from saphan.rooms.meetings.forms.wishes import RefusalForm, WishForm
from saphan.rooms.meetings.models import Event, Party, Wish
from saphan.rooms.meetings.queries import people, suggestions
from saphan.rooms.meetings.queries import wishes as queries
from saphan.rooms.meetings.queries.events import NotFound
from saphan.rooms.meetings.rules import wishes as rules
from saphan.rooms.meetings.views.acting import acting, acting_or_404, back, framed, may_look_or_404
from saphan.rooms.meetings.views.common import asker, event_or_404, to_sign_in
from saphan.rooms.meetings.views.people import ANSWERS, participant_page, party_or_404
from saphan.rooms.meetings.vocabulary import Refusal


@never_cache
@require_safe
def wishes(request: HttpRequest, number: str) -> HttpResponse:
    """All wishes of a party, those that wait for its answer first."""
    event = event_or_404(request, number)
    if asker(request) is None:
        return to_sign_in(request.get_full_path())
    me = acting_or_404(request, event)
    return wishes_page(request, event, me)


def wishes_page(request: HttpRequest, event: Event, me: Party, *,
                wrong: tuple[int, Any] | None = None, status: int = 200) -> HttpResponse:
    lists = queries.of_party(me)
    me.event = event
    open_ = bool(rules.takes_wishes(asker(request), event))

    def rows(lines: list[queries.Line], *, forms: bool = True) -> list[dict[str, Any]]:
        found = []
        for line in lines:
            line.other.event = event
            form = wrong[1] if wrong and wrong[0] == line.wish.pk else None
            found.append({
                "line": line, "plate": people.plate_of(line.other, summary=False),
                "about": line.other.about.best() if line.other.about else None,
                "because": line.wish.because,
                "form": form if isinstance(form, WishForm) else WishForm(
                    me=me, wish=line.wish, asks=line.asks, short=True,
                    auto_id=f"id_{line.wish.pk}_%s") if forms and open_ else None,
                "refusal": form if isinstance(form, RefusalForm) else None,
                "open": form is not None})
        return found

    return render(request, "meetings/wishes.html", {
        **framed(request, event, "wishes", me), "lists": lists, "open": open_,
        "to_answer": rows(lists.to_answer, forms=False), "both": rows(lists.both),
        "waiting": rows(lists.waiting), "declined": rows(lists.declined, forms=False),
        "withdrawn": rows(lists.withdrawn, forms=False), "answers": ANSWERS,
        "refusals": Refusal.choices, "most": event.most if me.most is None else min(
            me.most, event.most),
        "below": lists.count < event.floor, "sides": suggestions.SHOWN}, status=status)


@require_POST
def send(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """Wish to meet somebody."""
    event = event_or_404(request, number)
    person = asker(request)
    if person is None:
        return to_sign_in(reverse("meetings:participant", args=[number, position]))
    may_look_or_404(request, event)
    other, me = party_or_404(request, event, position), acting_or_404(request, event)
    try:
        _wish, said = wishing.send(me, other, request.POST, by=person,
                                   short="whole" not in request.POST)
        messages.success(request, said)
    except wishing.Wrong as wrong:
        return participant_page(request, event, other, wrong=wrong.form, status=422)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return back(request, people.address(other))


@require_POST
def act(request: HttpRequest, number: str, key: int, verb: str) -> HttpResponse:
    """Accept, decline, withdraw, wish again, change, confirm."""
    event, person = event_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(reverse("meetings:wishes", args=[number]))
    wish = wish_or_404(request, event, key)
    me = _side(request, event, wish)
    try:
        messages.success(request, wishing.act(verb, wish, me, request.POST, by=person))
    except wishing.Unknown:
        raise Http404 from None
    except wishing.Wrong as wrong:
        return wishes_page(request, event, me, wrong=(wish.pk, wrong.form), status=422)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return back(request, reverse("meetings:wishes", args=[number]))


def wish_or_404(request: HttpRequest, event: Event, key: int) -> Wish:
    try:
        return queries.wish(event, key, asker=asker(request))
    except NotFound:
        raise Http404 from None


def _side(request: HttpRequest, event: Event, wish: Wish) -> Party:
    """The side for which she acts. The staff act on their own pages."""
    me = acting(request, event)
    for party in (wish.asker, wish.invited):
        if me is not None and party.pk == me.pk:
            return party
    raise Http404
