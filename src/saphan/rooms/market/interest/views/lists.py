"""One's own interests, and the broker's desk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from saphan.ground import clock
from saphan.house.pages import to_sign_in
from saphan.rooms.market import rules as market
from saphan.rooms.market.interest import queries, rules
from saphan.rooms.market.interest.views.common import asker, line_of

SHOWN = 200


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What she is interested in, and who is interested in what she posted."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    return render(request, "market/interest/mine.html", {
        "received": [line_of(each, person) for each in queries.received_by(person)[:SHOWN]],
        "sent": [line_of(each, person) for each in queries.sent_by(person)[:SHOWN]],
        "works_the_desk": market.works_the_desk(person), "brokers": rules.brokers(person)})


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The broker's queue: what is due first stands first."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    rules.may_see_the_brokers_desk(person).or_raise()
    lines = [line_of(each, person) for each in queries.to_broker(person)[:SHOWN]]
    mine_ = [line for line in lines if line["interest"].broker_id == person.pk]
    others = [line for line in lines if line["interest"].broker_id != person.pk]
    return render(request, "market/interest/desk.html", {
        "mine": mine_, "others": others, "today": clock.today(),
        "late": sum(line["next"].late for line in lines),
        "works_the_desk": market.works_the_desk(person), "brokers": True})
