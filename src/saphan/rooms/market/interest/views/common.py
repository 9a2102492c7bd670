"""What the pages of the brokered path share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saphan.ground import clock
from saphan.house.callers import asker
from saphan.people.models import Person
from saphan.rooms.market import queries as market
from saphan.rooms.market import rules as market_rules
from saphan.rooms.market.interest import queries, rules
from saphan.rooms.market.interest.queries import Shown
from saphan.rooms.market.models import Interest, Listing

State, Side = Interest.State, Interest.Side
PATH = (State.SENT, State.ACCEPTED, State.INTRODUCED, State.AGREED, State.RUNNING, State.OUTCOME)


def listing_or_404(request: HttpRequest, number: str) -> Listing:
    """The record, if she may see it."""
    try:
        return market.listing(number, asker=asker(request))
    except market.NotFound:
        raise Http404 from None


def interest_or_404(request: HttpRequest, number: str, position: int) -> Interest:
    """The interest, if she may know of it; what is not there and what is not hers look the same."""
    try:
        return queries.interest(number, position, asker=asker(request))
    except queries.NotFound:
        raise Http404 from None


@dataclass(frozen=True)
class Next:
    """What happens next, from the reader's side: in words, and whether it is her turn."""

    words: str
    mine: bool
    late: bool


def next_step(found: Interest, shown: Shown) -> Next:
    """Whose turn it is, as the reader is told."""
    late = found.due is not None and found.due < clock.today()
    return Next(_words(found, shown), found.due_from in shown.sides, late)


def _words(found: Interest, shown: Shown) -> str:
    owner, asker_, broker = shown.is_owner, shown.is_asker, shown.is_broker
    if found.state == State.SENT:
        if owner:
            return _("Read what they would like to do, and answer.")
        if broker and found.due_from == Side.BROKER:
            return _("Ask the owner, who has no account here, and record the answer.")
        return _("The owner of the record is asked.")
    if found.state == State.ACCEPTED and not found.asker_agreed:
        return _("They accepted. Say whether we may introduce you.") if asker_ else _(
            "Accepted. Those who asked are asked once more whether they want to be introduced.")
    if found.state == State.ACCEPTED:
        return _("Both have agreed: introduce them.") if broker else _(
            "Both have agreed. The broker introduces you.")
    return {
        State.INTRODUCED: _("Record it when something is signed, or close it."),
        State.AGREED: _("Record it when it begins to run."),
        State.RUNNING: _("Record the outcome when there is one."),
        State.OUTCOME: _("This cooperation has reached an outcome."),
        State.DECLINED: _("The owner declined."),
    }.get(State(found.state), str(found.get_ending_display()))


def path_of(found: Interest) -> list[dict[str, Any]]:
    """The way from the first word to the outcome, as the steps of `design/stepper.html`."""
    moments = {state: at for at, _name, state in queries.history(found)}
    steps = [*PATH]
    if found.state in (State.DECLINED, State.CLOSED):
        steps = [state for state in PATH if state in moments] + [State(found.state)]
    return [{"label": State(state).label, "date": moments.get(state),
             "state": "now" if state == found.state else "done" if state in moments else ""}
            for state in steps]


def on_record(listing: Listing, person: Person | None) -> dict[str, Any]:
    """What a record's page says of interest in it: how to show one's own; to its people and the
    brokers, what there is; to its people, what readers missed."""
    if market_rules.speaks_for(person, listing):
        return {"received": [line_of(each, person) for each in
                             queries.of_listing(listing, person)[:50]],
                "advice": [(Interest.Reason(reason).label, ADVICE[reason], number)
                           for reason, number in queries.advice_for(listing)]}
    if listing.state not in market_rules.PUBLIC_STATES:
        return {}
    block: dict[str, Any] = {"open": True, "example": listing.example,
                             "reasons": Interest.Reason.choices}
    if person is not None:
        block["mine"] = queries.open_interest_of(person, listing)
        if rules.brokers(person):
            block["brokered"] = [line_of(each, person) for each in
                                 queries.of_listing(listing, person)[:50]]
    return block


ADVICE: dict[str, Any] = {
    Interest.Reason.TOO_EARLY: gettext_lazy(
        "Say more clearly how far it is, and what shows that: a test, a first customer."),
    Interest.Reason.BENEFIT: gettext_lazy(
        "Say what it saves or adds, for whom, with a number and how it was measured."),
    Interest.Reason.ROUTE: gettext_lazy(
        "Say who would pay, how it is delivered, and who looks after it on site."),
    Interest.Reason.DESCRIPTION: gettext_lazy(
        "Describe one day with it: who does what, what goes in, what comes out."),
    Interest.Reason.FIELD: gettext_lazy(
        "Name the sector, the product and the size of user it is meant for, so that others "
        "do not lose time."),
    Interest.Reason.CAPACITY: gettext_lazy(
        "Nothing is wrong with your words. Say how little the first step would cost the "
        "partner."),
}


def line_of(found: Interest, person: Person | None) -> dict[str, Any]:
    """One interest in a list."""
    shown = queries.shown(found, to=person)
    return {"interest": found, "shown": shown, "next": next_step(found, shown)}


__all__ = ["Next", "asker", "interest_or_404", "line_of", "listing_or_404", "next_step",
           "on_record", "path_of"]
