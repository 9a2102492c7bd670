"""Calls for software: API, MCP, feeds, search, files; and what people hear and leave behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from saphan.ground import clock, jobs
from saphan.house import callers
from saphan.people import actions as people_actions
from saphan.people.models import Person
from saphan.rooms.incubator import exchange, sample, tools
from saphan.rooms.incubator.actions import calls as actions
from saphan.rooms.incubator.models import Call, KeyHolder
from saphan.rooms.incubator.queries import calls as queries
from saphan.rooms.incubator.reactions import calls as reactions
from saphan.rooms.incubator.tests.conftest import LANDSLIDES, NOW, drafted


def test_software_drafts_changes_and_submits_and_the_desk_announces(
        api: Callable[..., Any], client: Client, manager: Person) -> None:
    made = api("post", "", {**LANDSLIDES, "title": {"lo": LANDSLIDES["title"], "en": "Landslides"},
                            "title_en": None})
    assert made.status_code == 201, made.content
    number = made.json()["number"]
    changed = api("patch", number, {"months": 12, "version": 1})
    assert changed.json()["record"]["months"] == 12, changed.content
    assert api("patch", number, {"months": 3, "version": 1}).status_code in (403, 409)
    assert api("post", f"{number}/submit").json()["state"] == "submitted"
    assert client.get(f"/api/v1/incubator/{number}").status_code == 404
    assert api("post", f"{number}/post", who=manager).json()["state"] == "posted"
    assert client.get("/api/v1/incubator/calls/open").json()["calls"][0]["number"] == number


@pytest.mark.parametrize(("wrong", "field"), [
    ({"form": "lottery"}, "form"),
    ({"deadline": "soon"}, "deadline"),
    ({"budget": {"amount": 5}}, "budget"),
    ({"indicators": [{"name": "x"}]}, "indicators"),
    ({"indicators": "x"}, "indicators"),
    ({"rubric": [{"name": "x", "weight": 0}]}, "rubric"),
    ({"scenario": 5}, "scenario"),
    ({"economy": "XX"}, "economy"),
    ({"time_zone": "Asia/Tokyo"}, "time_zone"),
    ({"state": "posted"}, "state"),
    ({"months": True}, "months"),
])
def test_software_is_told_which_field_is_wrong(api: Callable[..., Any], wrong: dict[str, Any],
                                               field: str) -> None:
    answer = api("post", "", {**LANDSLIDES, **wrong})
    assert answer.status_code == 422, answer.content
    assert field in json.dumps(answer.json())
    assert not Call.objects.exists()


def test_a_token_for_reading_does_not_write(api: Callable[..., Any]) -> None:
    assert api("post", "", LANDSLIDES, scope="read").status_code == 403


def test_tools_list_read_and_draft(posted: Call, owner: Person) -> None:
    run = {tool.name: tool.run for tool in tools.tools()}
    assert run["list_calls"](form="challenge")["calls"][0]["number"] == posted.number
    assert run["read_call"](posted.number)["days_left"] == 45
    made = run["draft_call"]("grant", "Pilots on the river", person=owner)
    with pytest.raises(callers.Missing):
        run["read_call"](made["number"])


def test_the_feed_has_announced_calls_alone(client: Client, posted: Call, owner: Person) -> None:
    hidden = drafted(owner)
    feed = client.get("/en/incubator/open.atom")
    if feed.status_code == 404:
        from django.urls import reverse
        feed = client.get(reverse("feeds:atom", args=["en", "incubator", "open"]))
    words = feed.content.decode()
    assert posted.number in words and hidden.number not in words


def test_search_reads_public_calls_alone_with_deadline_and_budget(
        posted: Call, owner: Person) -> None:
    drafted(owner)
    found = list(queries.CallEntries().documents())
    assert [document.id for document in found] == [str(posted.pk)]
    document = found[0]
    assert (document.budget, document.currency, document.economy) == (30000.0, "USD", "LA")
    assert document.deadline is not None and document.deadline.isoformat() == "2027-04-15"
    assert "ຄຳເຕືອນທີ່ຖືກຕ້ອງ 80 %" in document.description


def test_an_exported_call_comes_in_as_the_same_draft(posted: Call) -> None:
    row = exchange.row_of(posted)
    row["key"] = "from-elsewhere"
    report = exchange.check(json.dumps(row) + "\n")
    assert not report.problems
    made = exchange.load_row(report.good[0][1], by=None)
    assert made is not None and made.state == "draft"
    again = exchange.row_of(Call.objects.get(pk=made.pk))
    for name in ("key", "number", "state", "posted"):
        row.pop(name, None), again.pop(name, None)
    assert again == row
    assert exchange.load_row(report.good[0][1], by=None) is None


def test_an_import_says_which_row_is_wrong_and_does_not_touch_what_is_announced(
        posted: Call) -> None:
    rows = [{"key": "a", "form": "challenge"}, {"key": "b", "form": "lottery"},
            {"key": "c", "form": "grant", "indicators": [{"name": "x", "value": "much"}]},
            ["no"]]
    report = exchange.check("\n".join(json.dumps(row) for row in rows))
    assert [number for number, _row in report.good] == [1]
    assert [problem.row for problem in report.problems] == [2, 3, 4]
    row = exchange.row_of(posted) | {"months": 1}
    assert exchange.load_row(row, by=None) is None
    posted.refresh_from_db()
    assert posted.months == 9


def test_the_house_ends_a_call_by_the_clock(answering: Call) -> None:
    assert answering.deadline is not None
    with clock.stopped_at(answering.deadline - timedelta(seconds=1)):
        reactions.end_what_is_over()
        assert Call.objects.get().state == "answering"
    with clock.stopped_at(answering.deadline):
        reactions.end_what_is_over()
    assert Call.objects.get().state == "evaluation"


def test_the_author_hears_in_her_language_what_became_of_it(
        submitted: Call, manager: Person, owner: Person) -> None:
    jobs.drain()
    mail.outbox.clear()
    actions.return_to_author(submitted, by=manager, because="Say how rain is measured.")
    jobs.drain()
    letter, = (letter for letter in mail.outbox if letter.to == [owner.email])
    assert submitted.number in letter.subject and "Say how rain is measured." in letter.body
    assert f"/lo/incubator/{submitted.number}/" in letter.body


def test_everybody_who_works_on_a_call_hears_that_it_is_cancelled(
        answering: Call, manager: Person, owner: Person, clerk: Person,
        person: Callable[..., Person]) -> None:
    KeyHolder.objects.create(call=answering, person=clerk)
    reviewer, left = person("reviewer"), person("left")
    answering.reviewers.create(person=reviewer, invited=NOW)
    answering.reviewers.create(person=left, invited=NOW, left=NOW)
    jobs.drain()
    mail.outbox.clear()
    actions.cancel(answering, by=manager, because="The road is closed.")
    jobs.drain()
    told = {address for letter in mail.outbox for address in letter.to
            if "The road is closed." in letter.body}
    assert told == {owner.email, clerk.email, reviewer.email}


def test_what_was_never_announced_goes_with_its_author_the_rest_stays(
        posted: Call, owner: Person) -> None:
    drafted(owner)
    data = people_actions.export_data(owner, by=owner)
    assert len(data["incubator"]["calls"]) == 2
    people_actions.forget(owner, by=owner)
    call, = Call.objects.all()
    assert (call.pk, call.author) == (posted.pk, None)


def test_the_sample_loads_once_and_its_calls_are_examples(economies: None) -> None:
    from django.conf import settings

    folder = settings.CENTRES / "nanning" / "incubator"
    count = sample.load(folder)
    states = sorted(Call.objects.values_list("state", flat=True))
    assert count == len(states) >= 5 and len(set(states)) >= 3
    assert all(Call.objects.values_list("example", flat=True))
    assert sample.load(folder) == count
