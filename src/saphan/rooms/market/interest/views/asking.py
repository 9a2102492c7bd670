"""Somebody is interested, or says why not."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from saphan.ground.access import Refused
from saphan.house.pages import to_sign_in
from saphan.rooms.market import queries as market
from saphan.rooms.market.interest import actions, queries, rules
from saphan.rooms.market.interest.forms import InterestForm
from saphan.rooms.market.interest.views.common import asker, listing_or_404
from saphan.rooms.market.models import Listing

KEPT = "market_interest"  # the session's key for what a visitor wrote before she signed in


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """The three questions. What a visitor writes before she signs in is kept."""
    listing, person = listing_or_404(request, number), asker(request)
    if person is None:
        if request.method == "POST":
            request.session[KEPT] = {"number": listing.number, **{
                name: request.POST.get(name, "")[:2000] for name in InterestForm.base_fields}}
        return to_sign_in(request.path)
    known = queries.open_interest_of(person, listing)
    if known is not None:
        return redirect(known)
    verdict = rules.may_ask(person, listing)
    if request.method != "POST":
        kept = request.session.get(KEPT, {})
        initial: dict[str, Any] = kept if kept.get("number") == listing.number else {}
        form = InterestForm(by=person, listing=listing, initial=initial)
        return _page(request, form, listing, verdict=verdict)
    form = InterestForm(request.POST, by=person, listing=listing)
    if not form.is_valid():
        return _page(request, form, listing, verdict=verdict, status=422)
    try:
        found = actions.send(listing, form.values(), by=person, agree=form.cleaned_data["agree"],
                             organisation=form.in_the_name_of)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _page(request, form, listing, verdict=verdict, status=422)
    request.session.pop(KEPT, None)
    messages.success(request, _("Your interest is on its way. The other side reads what you wrote, "
                                "but not who you are."))
    return redirect(found)


def _page(request: HttpRequest, form: InterestForm, listing: Listing, *, verdict: Any,
          status: int = 200) -> HttpResponse:
    return render(request, "market/interest/ask.html", {
        "form": form, "listing": listing, "verdict": verdict,
        "plate": market.plate_of(listing, asker=form.by)}, status=status)


@require_POST
def why_not(request: HttpRequest, number: str) -> HttpResponse:
    """A reader's reason, as advice for the owner."""
    listing, person = listing_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(listing.get_absolute_url())
    try:
        actions.say_why_not(listing, request.POST.get("reason", ""), by=person)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Thank you. The owner learns the reason, not who gave it."))
    return redirect(listing)
