"""Who takes part, one participant, and whom the house suggests."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from saphan.rooms.meetings.forms.wishes import PeopleFilterForm, WishForm
from saphan.rooms.meetings.models import Event, Party
from saphan.rooms.meetings.queries import people as queries
from saphan.rooms.meetings.queries import suggestions
from saphan.rooms.meetings.queries.events import NotFound
from saphan.rooms.meetings.queries.wishes import Line
from saphan.rooms.meetings.rules import wishes as rules
from saphan.rooms.meetings.views.acting import acting, acting_or_404, framed, may_look_or_404
from saphan.rooms.meetings.views.common import asker, event_or_404, to_sign_in
from saphan.rooms.meetings.vocabulary import Priority, Refusal

PER_PAGE = 24
ANSWERS = [(value, label) for value, label in reversed(Priority.choices)]


@never_cache
@require_safe
def people(request: HttpRequest, number: str) -> HttpResponse:
    """Everybody who was admitted, to be searched and wished for."""
    event = event_or_404(request, number)
    if asker(request) is None:
        return to_sign_in(request.get_full_path())
    may_look_or_404(request, event)
    me = acting(request, event)
    form = PeopleFilterForm(request.GET or None, choices=queries.filters_of(event))
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = queries.search(event, asker(request), text=wanted.get("q", ""),
                           **{name: wanted.get(name, "") for name in ("economy", "sector", "lang")})
    page = Paginator(found.parties, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "meetings/people.html", {
        **framed(request, event, "people", me), "form": form, "page": page, "found": found,
        "cards": [entry(card, me, event, short=True)
                  for card in queries.cards(list(page), me)],
        "may_wish": may_wish(request, event, me), "filtered": any(wanted.values())})


def may_wish(request: HttpRequest, event: Event, me: Party | None) -> bool:
    return me is not None and bool(rules.takes_wishes(asker(request), event))


def entry(card: Any, me: Party | None, event: Event, *, short: bool,
          form: WishForm | None = None) -> dict[str, Any]:
    """A card with what can be done with it now."""
    party = card.party
    if me is not None:
        party.event = me.event = event  # read once for all cards
    line = Line(card.wish, me) if card.wish and me else None
    return {"card": card, "line": line, "wish_form": form or (
        WishForm(me=me, short=short, auto_id=f"id_{party.position}_%s")
        if me is not None and not card.is_mine and line is None else None)}


@never_cache
@require_safe
def participant(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """One who takes part, with all that it says of itself."""
    event = event_or_404(request, number)
    if asker(request) is None:
        return to_sign_in(request.get_full_path())
    return participant_page(request, event, party_or_404(request, event, position))


def party_or_404(request: HttpRequest, event: Event, position: int) -> Party:
    try:
        return queries.participant(event, position, asker=asker(request))
    except NotFound:
        raise Http404 from None


def participant_page(request: HttpRequest, event: Event, party: Party, *,
                     wrong: Any = None, status: int = 200) -> HttpResponse:
    me = acting(request, event)
    card = queries.cards([party], me)[0]
    suggestion = me.suggestions.filter(other=party).first() if me else None
    told = entry(card, me, event, short=False, form=wrong if isinstance(wrong, WishForm) and (
        card.wish is None) else None)
    line = told["line"]
    return render(request, "meetings/participant.html", {
        **framed(request, event, "people", me), **told,
        "reasons": suggestions.reasons(suggestion.because) if suggestion else (),
        "about": party.about.best() if party.about else None,
        "change_form": _change_form(me, line, wrong), "answers": ANSWERS,
        "refusals": Refusal.choices,
        "may_wish": may_wish(request, event, me)}, status=status)


def _change_form(me: Party | None, line: Line | None, wrong: Any) -> WishForm | None:
    if me is None or line is None:
        return None
    if isinstance(wrong, WishForm):
        return wrong
    return WishForm(me=me, wish=line.wish, asks=line.asks, auto_id="id_change_%s")


@never_cache
@require_safe
def suggested(request: HttpRequest, number: str) -> HttpResponse:
    """Whom the house thinks that she should meet, and why."""
    event = event_or_404(request, number)
    if asker(request) is None:
        return to_sign_in(request.get_full_path())
    may_look_or_404(request, event)
    me = acting_or_404(request, event)
    shown = suggestions.of_party(me)
    return render(request, "meetings/suggested.html", {
        **framed(request, event, "people", me),
        "rows": [{**entry(one.card, me, event, short=True), "one": one} for one in shown],
        "work": suggestions.progress(event), "may_wish": may_wish(request, event, me),
        "told_enough": bool(me.seeks)})
