"""The board: meetings moved by hand, with what breaks shown before they are dropped."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.meetings import diffing
from saphan.rooms.meetings.actions import plans as actions
from saphan.rooms.meetings.actions import publishing
from saphan.rooms.meetings.forms.plans import MoveForm
from saphan.rooms.meetings.models import Event, Plan, Wish
from saphan.rooms.meetings.queries import board as queries
from saphan.rooms.meetings.queries import plans as plan_queries
from saphan.rooms.meetings.rules import plans as rules
from saphan.rooms.meetings.views.common import frame
from saphan.rooms.meetings.views.plans import at_the_desk, plan_or_404, verbs

State, Kind = Plan.State, Plan.Kind


def shown_plan(request: HttpRequest, event: Event, person: Person) -> Plan | None:
    """The plan on the board: the one that the address names, her open draft, what people hold, or
    the newest that is ready."""
    text = request.POST.get("plan") or request.GET.get("plan", "")
    if text.isascii() and text.isdigit():
        return plan_or_404(event, int(text), person)
    current = plan_queries.published(event)
    draft = event.plans.filter(kind=Kind.HAND, state=State.READY, by=person.ref,
                               base=current).first()
    return draft or current or event.plans.filter(state=State.READY).first()


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


@never_cache
@require_safe
@at_the_desk
def board(request: HttpRequest, event: Event, person: Person) -> HttpResponse:
    """One place on one day. With `?wish=` also where that meeting could go, as a list."""
    plan = shown_plan(request, event, person)
    found = queries.board(event, plan, place=_number(request.GET.get("place")),
                          day=_day(request.GET.get("day")))
    wish = _number(request.GET.get("wish"))
    draft = plan if plan is not None and plan.kind == Kind.HAND and plan.state == (
        State.READY) else None
    after = publishing.outcome(draft) if draft else None
    movable = plan is not None and plan.state in (State.READY, State.PUBLISHED)
    return render(request, "meetings/board/board.html", {
        **frame(request, event, "board"), "plan": plan, "board": found, "draft": draft,
        "after": after, "counts": diffing.counts(after.changes) if after else None,
        "told": plan_queries.told(draft) if draft else 0, "price": _price(draft),
        "verbs": verbs(draft, person) if draft else [],
        "may": rules.may_mend(person, event), "movable": movable,
        "wanted": _wanted(event, plan, wish) if wish and movable else None,
        "days": len(found.days) > 1})


def _price(draft: Plan | None) -> int | None:
    """Points that the changes by hand win or lose."""
    if draft is None or draft.base is None or "points" not in draft.base.score:
        return None
    return int(draft.score["points"] - draft.base.score["points"])


def _wanted(event: Event, plan: Plan | None, key: int) -> dict[str, Any]:
    """Where a meeting could go, for the list that works without script."""
    wish = (event.wishes.filter(pk=key)
            .select_related("asker__organisation", "invited__organisation").first())
    if wish is None:
        raise Http404
    held = next((row for row in queries.rows(event, plan) if row[0] == key), None)
    spots = queries.choices(event, key, plan)
    return {"wish": wish, "held": held is not None, "movable": bool(spots),
            "free": [spot for spot in spots if spot.state == "free"],
            "swap": [spot for spot in spots if spot.state == "swap"],
            "impossible": [spot for spot in spots if spot.state == "impossible"]}


@never_cache
@require_safe
@at_the_desk
def spots(request: HttpRequest, event: Event, person: Person, wish: int) -> HttpResponse:
    """Where a meeting could go, for the script of the board."""
    if not Wish.objects.filter(event=event, pk=wish).exists():
        raise Http404
    found = queries.choices(event, wish, shown_plan(request, event, person))
    return JsonResponse({"wish": wish, "spots": [
        {"slot": spot.slot.pk, "place": spot.place.pk, "state": spot.state, "words": spot.words,
         "tables": list(spot.tables)} for spot in found]})


@require_POST
@at_the_desk
def move(request: HttpRequest, event: Event, person: Person) -> HttpResponse:
    """Put a meeting somewhere else, or take it out, in a draft."""
    plan, form = shown_plan(request, event, person), MoveForm(request.POST)
    wish = _number(request.POST.get("wish"))
    try:
        if request.POST.get("act") == "take_out" and wish is not None:
            draft = actions.take_out(event, wish, by=person, on=plan)
            messages.success(request, _("The meeting is out of the draft."))
        elif form.is_valid():
            given = form.cleaned_data
            draft = actions.move(event, given["wish"], by=person, on=plan, swap=given["swap"],
                                 to=(given["slot"], given["place"], given["table"]))
            messages.success(request, _("Moved in the draft. Nobody is told before you publish."))
            return _back(event, draft, place=given["place"], slot=given["slot"], wish=wish)
        else:
            raise Refused(_("Choose where the meeting goes."))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _back(event, plan, place=_number(request.POST.get("here")),
                     slot=_number(request.POST.get("slot")), wish=wish)
    return _back(event, draft, place=_number(request.POST.get("here")), slot=None, wish=None)


def _back(event: Event, plan: Plan | None, *, place: int | None, slot: int | None,
          wish: int | None) -> HttpResponse:
    """To the board, where the meeting is now."""
    asked: dict[str, Any] = {"plan": plan.number} if plan else {}
    if place is not None:
        asked["place"] = place
    there = event.slots.filter(pk=slot).first() if slot is not None else None
    if there is not None:
        asked["day"] = there.begins.astimezone(event.zone).date().isoformat()
    address = reverse("meetings:board", args=[event.number])
    return redirect(f"{address}?{urlencode(asked)}{f'#w{wish}' if wish else ''}")
