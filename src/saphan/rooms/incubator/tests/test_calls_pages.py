"""Calls through the front: reading, posting, the desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from saphan.ground import clock
from saphan.people import actions as people_actions
from saphan.people.models import Organisation, Person
from saphan.rooms.incubator.actions import calls as actions
from saphan.rooms.incubator.models import Call
from saphan.rooms.incubator.sample import make_examples
from saphan.rooms.incubator.tests.conftest import (
    LANDSLIDES,
    NOW,
    drafted,
    page,
    signed_in,
    with_a_key,
)


def as_boxes(**changes: Any) -> dict[str, Any]:
    """What a browser sends for the department's call."""
    sent = {**LANDSLIDES, **changes}
    for position, row in enumerate(sent.pop("indicators", [])):
        for part in ("name", "direction", "value", "unit", "id"):
            sent[f"indicators-{position}-{part}"] = row.get(part, "")
        if row.get("must"):
            sent[f"indicators-{position}-must"] = "yes"
    return {name: value for name, value in sent.items() if value is not None}


def test_a_visitor_reads_what_is_asked_by_when_and_how_it_is_judged(
        client: Client, posted: Call) -> None:
    html = page(client.get(f"/en/incubator/{posted.number}/"))
    for words in ("Warning of landslides on road 13", "45 days left", "15 April 2027",
                  "UTC+7", "on the clock of Lao PDR", "USD 30,000", "At least 80%",
                  "Fit to the problem", "Joint research and development"):
        assert words.replace("USD 30", "USD\u00a030") in html, words


def test_a_signed_in_reader_sees_the_deadline_on_her_own_clock_too(
        posted: Call, person: Callable[..., Person]) -> None:
    reader = person("reader", economy_id="CN")
    html = page(signed_in(reader).get(f"/en/incubator/{posted.number}/"))
    assert "on your clock" in html and "UTC+8" in html
    near = person("near", economy_id="TH")  # the same time of day as in Vientiane
    assert "on your clock" not in page(signed_in(near).get(f"/en/incubator/{posted.number}/"))


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_outsiders_find_no_call_that_was_not_announced(
        request: pytest.FixtureRequest, client: Client, stranger: Person, state: str) -> None:
    call = request.getfixturevalue(state)
    for visitor in (client, signed_in(stranger)):
        for path in ("", "edit/"):
            assert visitor.get(f"/en/incubator/{call.number}/{path}").status_code == 404
        assert call.number not in page(visitor.get("/en/incubator/"))
        assert call.number not in visitor.get("/en/incubator/export.jsonl").content.decode()
        assert visitor.get(f"/api/v1/incubator/{call.number}").status_code == 404


def test_the_owner_writes_and_submits_and_the_desk_announces(
        owner: Person, manager: Person, client: Client) -> None:
    writer = signed_in(owner)
    made = writer.post("/en/incubator/new/", as_boxes(action="submit"), follow=True)
    call = Call.objects.get()
    assert call.state == "submitted", page(made)
    assert [row["must"] for row in call.indicators] == [True, False]
    desk = signed_in(manager)
    assert call.number in page(desk.get("/en/incubator/desk/"))
    desk.post(f"/en/incubator/{call.number}/move/post/", {"next": "desk"})
    assert call.number in page(client.get("/lo/incubator/"))


def test_what_was_written_before_signing_in_is_kept(client: Client, owner: Person) -> None:
    answer = client.post("/en/incubator/new/", as_boxes())
    assert answer.status_code == 302 and not Call.objects.exists()
    client.force_login(owner)
    html = page(client.get("/en/incubator/new/"))
    assert LANDSLIDES["title"] in html and "212" in html


def test_a_wrong_number_is_said_and_no_word_is_lost(owner: Person) -> None:
    sent = as_boxes(indicators=[{"name": "ຄຳເຕືອນ", "value": "1,000"}])
    answer = signed_in(owner).post("/en/incubator/new/", sent)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "digits and a point only" in html
    assert LANDSLIDES["scenario"] in html and "1,000" in html


def test_lao_digits_are_digits(owner: Person) -> None:
    sent = as_boxes(indicators=[{"name": "ຄຳເຕືອນ", "value": "໘໐.໕", "must": True}])
    signed_in(owner).post("/en/incubator/new/", sent)
    assert Call.objects.get().indicators[0]["value"] == 80.5


def test_an_old_page_does_not_overwrite_what_was_saved_since(draft: Call, owner: Person) -> None:
    writer, where = signed_in(owner), f"/en/incubator/{draft.number}/edit/"
    assert 'name="version" value="1"' in page(writer.get(where))
    actions.save(draft, {"months": 12}, by=owner)
    answer = writer.post(where, as_boxes(version="1", title="ຊື່ໃໝ່"))
    assert answer.status_code == 409 and "ຊື່ໃໝ່" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.months == 12


def test_saving_a_call_as_it_is_shown_changes_nothing(draft: Call, owner: Person) -> None:
    html = page(signed_in(owner).get(f"/en/incubator/{draft.number}/edit/"))
    fields = dict(re.findall(r'<input type="(?:text|hidden)"[^>]*? name="([^"]+)" value="([^"]*)"',
                             html))
    before = draft.rubric
    assert fields["rubric-0-name"] == before[0]["name"]["lo"]  # the language of the call
    sent = as_boxes(version="1")
    for position, row in enumerate(before):
        sent |= {f"rubric-{position}-id": row["id"], f"rubric-{position}-name": row["name"]["lo"],
                 f"rubric-{position}-weight": row["weight"],
                 f"rubric-{position}-guide": row["guide"]["lo"]}
    for position, row in enumerate(draft.indicators):
        sent[f"indicators-{position}-id"] = row["id"]
    signed_in(owner).post(f"/en/incubator/{draft.number}/edit/", sent)
    draft.refresh_from_db()
    assert (draft.version, draft.rubric) == (1, before)


def test_a_changed_criterion_is_in_the_owners_language_and_the_others_stay(
        draft: Call, owner: Person) -> None:
    sent = as_boxes(version="1")
    for position, row in enumerate(draft.rubric):
        sent |= {f"rubric-{position}-id": row["id"], f"rubric-{position}-name": row["name"]["lo"],
                 f"rubric-{position}-weight": row["weight"],
                 f"rubric-{position}-guide": row["guide"]["lo"]}
    sent["rubric-0-name"] = "ເໝາະກັບບັນຫາ"
    untouched = draft.rubric[1]
    signed_in(owner).post(f"/en/incubator/{draft.number}/edit/", sent)
    draft.refresh_from_db()
    assert draft.rubric[0]["name"] == {"lo": "ເໝາະກັບບັນຫາ"}
    assert draft.rubric[1] == untouched


def test_a_need_of_the_market_begins_a_call(owner: Person) -> None:
    from saphan.rooms.market import sample as market
    from saphan.rooms.market.models import Listing

    market.make_examples(2)
    need = Listing.objects.get(kind="technology_request")
    html = page(signed_in(owner).get(f"/en/incubator/new/?form=challenge&from={need.number}"))
    assert str(need.title["th"].text) in html and f'value="{need.number}"' in html
    signed_in(owner).post("/en/incubator/new/", as_boxes(came_from=need.number))
    assert Call.objects.get().came_from == need.number


def test_a_draft_of_somebody_else_begins_nothing(owner: Person, stranger: Person) -> None:
    secret = drafted(stranger, title="ຄວາມລັບ", title_en="A secret")
    html = page(signed_in(owner).get(f"/en/incubator/new/?form=challenge&from={secret.number}"))
    assert "A secret" not in html and "ຄວາມລັບ" not in html


def test_the_gate_marks_contact_data_and_takes_an_answer(owner: Person) -> None:
    writer = signed_in(owner)
    sent = as_boxes(action="submit", scenario=f"{LANDSLIDES['scenario']} call@example.com")
    answer = writer.post("/en/incubator/new/", sent)
    call = Call.objects.get()
    assert (answer.status_code, call.state) == (422, "draft")
    assert "call@example.com</mark>" in answer.content.decode()
    writer.post(f"/en/incubator/{call.number}/edit/",
                {**sent, "version": call.version, "objection": "ທີ່ຢູ່ຕົວຢ່າງ"})
    call.refresh_from_db()
    assert (call.state, call.objection) == ("submitted", "ທີ່ຢູ່ຕົວຢ່າງ")


def test_the_deadline_is_moved_from_the_page_on_the_owners_clock(
        answering: Call, manager: Person, client: Client) -> None:
    signed_in(manager).post(f"/en/incubator/{answering.number}/extend/",
                            {"deadline": "2027-04-20T09:30", "because": "Pi Mai"})
    html = page(client.get(f"/en/incubator/{answering.number}/"))
    assert "20 April 2027, 9:30" in html.replace("\u202f", " ") and "Pi Mai" in html


def test_a_refusal_comes_back_with_its_reason(posted: Call, manager: Person) -> None:
    answer = signed_in(manager).post(f"/en/incubator/{posted.number}/move/open/", follow=True)
    assert "slips" in page(answer)


def test_a_cancelled_call_says_why_to_everybody(posted: Call, manager: Person,
                                                client: Client) -> None:
    signed_in(manager).post(f"/en/incubator/{posted.number}/move/cancel/",
                            {"because": "The road was closed for good."})
    assert "The road was closed for good." in page(client.get(f"/th/incubator/{posted.number}/"))
    assert posted.number not in page(client.get("/th/incubator/"))


def test_members_of_the_organisation_see_its_drafts(
        draft: Call, owner: Person, stranger: Person, manager: Person) -> None:
    actions.submit(draft, by=owner)
    actions.return_to_author(draft, by=manager, because="More about rain")
    organisation = Organisation.objects.get()
    people_actions.join_organisation(stranger, organisation, by=None)
    assert "More about rain" in page(signed_in(stranger).get("/en/incubator/mine/"))


def test_the_desk_reads_who_has_to_do_what(posted: Call, manager: Person, owner: Person,
                                           clerk: Person) -> None:
    assert "Name key holders" in page(signed_in(clerk).get("/en/incubator/desk/"))
    actions.open_answers(with_a_key(posted), by=manager)
    assert "Teams" in page(signed_in(manager).get("/en/incubator/desk/"))
    assert signed_in(owner).get("/en/incubator/desk/").status_code == 403


def test_the_desk_asks_as_often_for_forty_calls_as_for_four(manager: Person) -> None:
    from django.db import connection

    desk = signed_in(manager)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(desk.get("/en/incubator/desk/"))
        return len(captured)

    make_examples(4)
    asked()
    few = asked()
    make_examples(36)
    assert asked() == few


def test_the_hall_is_narrowed_by_form_and_economy(posted: Call, owner: Person, manager: Person,
                                                  client: Client) -> None:
    make_examples(6)
    assert posted.number in page(client.get("/en/incubator/?form=challenge&economy=LA"))
    html = page(client.get("/en/incubator/?form=cohort"))
    assert posted.number not in html


def test_days_left_turn_into_hours_and_then_into_nothing(answering: Call) -> None:
    from saphan.rooms.incubator.queries import calls as queries

    assert answering.deadline is not None
    with clock.stopped_at(answering.deadline - timedelta(hours=5, minutes=1)):
        assert queries.time_left(answering) == "5 hours left"
    with clock.stopped_at(answering.deadline):
        assert queries.time_left(answering) == ""
    with clock.stopped_at(NOW):
        assert queries.time_left(answering) == "45 days left"
