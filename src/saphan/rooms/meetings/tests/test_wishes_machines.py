"""Wishes for software: API and MCP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from saphan.ground import clock
from saphan.ground.access import Refused
from saphan.house import callers
from saphan.people import actions as people_actions
from saphan.people.models import Person
from saphan.rooms.meetings.models import Event, Feedback, Meeting, Party, Wish
from saphan.rooms.meetings.tests import making
from saphan.rooms.meetings.tests.making import BEGINS
from saphan.rooms.meetings.tools import wishes as tools

NOW = BEGINS.replace(month=2, day=20)
API = Callable[..., Any]


@pytest.fixture(autouse=True)
def stopped(db: None) -> Iterator[None]:
    people_actions.load_economies()
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def api(client: Client) -> API:
    def call(method: str, path: str, who: Person | None, body: Any = None,
             scope: str = "write") -> Any:
        headers = {"Accept-Language": "en"}
        if who is not None:
            token = people_actions.issue_token(who, name="t", scope=scope, by=who)
            headers["Authorization"] = f"Bearer {token}"
        return getattr(client, method)(
            f"/api/v1/meetings/{path}", json.dumps(body) if body is not None else "",
            content_type="application/json", headers=headers)

    return call


@pytest.fixture
def event() -> Event:
    return making.event()


@pytest.fixture
def pair(event: Event) -> tuple[Party, Party]:
    return making.party(event, "One", account=True), making.party(event, "Two", account=True)


def test_software_sends_answers_and_reads_wishes(
        api: API, event: Event, pair: tuple[Party, Party]) -> None:
    one, two = pair[0].contact, pair[1].contact
    sent = api("post", f"events/{event.number}/wishes/to/2", one, {"priority": 3, "words": "Fruit"})
    assert sent.status_code == 201, sent.content
    key = sent.json()["id"]
    waiting = api("get", f"events/{event.number}/wishes", two).json()["to_answer"]
    assert [(one["id"], one["their_priority"]) for one in waiting] == [(key, 3)]
    wrong = api("post", f"events/{event.number}/wishes/{key}/refuse", two, {"reason": "bored"})
    assert wrong.status_code == 422 and "reason" in wrong.content.decode()
    done = api("post", f"events/{event.number}/wishes/{key}/accept", two, {"priority": 1})
    assert (done.json()["state"], done.json()["your_priority"]) == ("accepted", 1)
    seen = api("get", f"events/{event.number}/wishes", one).json()["both"][0]
    assert seen["their_priority"] is None  # how much the other wants it stays with the other
    assert api("post", f"events/{event.number}/wishes/{key}/dance", two, {}).status_code == 404


def test_software_of_others_learns_nothing(
        api: API, event: Event, pair: tuple[Party, Party]) -> None:
    wish = making.wish(*pair, state="sent")
    stranger = making.person("Passer")
    for path in ("people", "wishes", "suggestions"):
        assert api("get", f"events/{event.number}/{path}", stranger).status_code == 404
        assert api("get", f"events/{event.number}/{path}", None).status_code in (401, 404)
    third = making.party(event, "Three", account=True).contact
    answer = api("post", f"events/{event.number}/wishes/{wish.pk}/accept", third, {})
    assert answer.status_code == 404
    assert api("post", f"events/{event.number}/wishes/to/2", pair[0].contact, {},
               scope="read").status_code == 403
    people = api("get", f"events/{event.number}/people", third).json()
    assert people["count"] == 3 and "@" not in json.dumps(people)


def test_assistants_use_the_same_forms(event: Event, pair: tuple[Party, Party]) -> None:
    one, two = pair[0].contact, pair[1].contact
    sent = tools.send_wish(event.number, to=2, priority=2, words="Fruit", person=one)
    with pytest.raises(callers.Invalid):
        tools.answer_wish(event.number, sent["id"], "refuse", reason="bored", person=two)
    tools.answer_wish(event.number, sent["id"], "refuse", reason="too_early", person=two)
    assert tools.my_wishes(event.number, person=one)["declined"][0]["refusal"] == "too_early"
    with pytest.raises(Refused):
        tools.send_wish(event.number, to=2, person=one)
    with pytest.raises(Refused):
        tools.send_wish(event.number, to=2)
    with pytest.raises(callers.Missing):
        tools.send_wish(event.number, to=77, person=one)
    with pytest.raises(callers.Missing):
        tools.my_wishes(event.number, person=making.person("Passer"))
    assert tools.suggested_meetings(event.number, person=two)["suggestions"] == []
    assert tools.event_participants(event.number, economy="TH", person=one)["count"] == 2


def test_software_says_how_a_meeting_was(api: API, event: Event,
                                         pair: tuple[Party, Party]) -> None:
    wish = making.wish(*pair)
    Meeting.objects.create(event=event, wish=wish, slot=event.slots.all()[0],
                           place=event.places.all()[0], table=0, word="abc",
                           guest_a=pair[0].guests.get(), guest_b=pair[1].guests.get())
    body = {"took_place": True, "useful": 3, "next_step": "visit", "words": "Good."}
    early = api("post", f"events/{event.number}/feedback/abc", pair[0].contact, body)
    assert early.status_code == 403, early.content
    with clock.stopped_at(BEGINS + timedelta(hours=1)):
        wrong = api("post", f"events/{event.number}/feedback/abc", pair[0].contact,
                    {**body, "useful": 9})
        assert wrong.status_code == 422
        done = api("post", f"events/{event.number}/feedback/abc", pair[0].contact, body)
        assert (done.json()["state"], done.json()["useful"]) == ("held", 3)
        assert tools.rate_meeting(event.number, "abc", False,
                                  person=pair[1].contact)["took_place"] is False
    assert Feedback.objects.count() == 2
    assert Wish.objects.get().state == "accepted"
