"""The market for software: the same rules, the same fields, errors that name the field."""

from __future__ import annotations

import json

import pytest

from saphan.people import actions as people_actions
from saphan.rooms.market import tools
from saphan.rooms.market.models import Listing
from saphan.rooms.market.tests.conftest import DURIAN
from saphan.rooms.market.vocabulary import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(client, packer, clerk):
    """Calls the API for somebody with a token that may write (or `scope`)."""

    def make(method: str, path: str, body=None, *, who=packer, scope="write", **headers):
        token = people_actions.issue_token(who, name="test", scope=scope, by=who)
        return getattr(client, method)(
            f"/api/v1/market/{path}", json.dumps(body) if body is not None else "",
            content_type="application/json", headers={
                "Authorization": f"Bearer {token}", "Accept-Language": "en", **headers})

    return make


def test_software_posts_a_need_submits_it_and_the_desk_publishes(client, call, clerk):
    made = call("post", "", DURIAN)
    assert made.status_code == 201
    number = made.json()["number"]
    assert made.json()["record"]["title"] == {"th": DURIAN["title"]}
    assert client.get(f"/api/v1/market/{number}").status_code == 404
    assert call("post", f"{number}/submit").json()["state"] == "submitted"
    assert call("post", f"{number}/publish", who=clerk).json()["state"] == "published"
    assert client.get(f"/api/v1/market/{number}").json()["title"]["lang"] == "th"


def test_a_record_that_was_read_can_be_sent_back_as_a_new_one(call, published):
    record = call("get", published.number).json()["record"]
    sent = {name: value for name, value in record.items()
            if name not in ("key", "number", "state", "published", "source", "example")}
    made = call("post", "", sent)
    assert made.status_code == 201, made.content
    assert made.json()["record"]["description"] == record["description"]


def test_without_a_token_nothing_is_written(client):
    response = client.post("/api/v1/market/", DURIAN, content_type="application/json")
    assert response.status_code == 401
    assert not Listing.objects.exists()


def test_a_token_for_reading_does_not_write(call):
    assert call("post", "", DURIAN, scope="read").status_code == 403
    assert not Listing.objects.exists()


def test_every_wrong_field_is_named(call):
    response = call("post", "", {
        "kind": "technology_offer", "title": "x" * 257, "trl": 12, "titel": "x", "lang": "en"})
    assert response.status_code == 422
    assert response.json()["errors"] == [
        {"field": "titel", "message": "This field is not known, or cannot be set."}]
    response = call("post", "", {
        "kind": "technology_offer", "title": "x" * 257, "trl": 12, "lang": "en"})
    assert {error["field"] for error in response.json()["errors"]} == {"title", "trl"}


def test_a_value_of_the_wrong_type_is_named(call):
    response = call("post", "", {**DURIAN, "deadline": 5, "keywords": 7})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "deadline"


def test_a_change_touches_only_what_it_names(call, draft):
    response = call("patch", draft.number, {"summary": "สั้นลง", "version": 1})
    assert response.status_code == 200, response.content
    draft.refresh_from_db()
    assert str(draft.summary) == "สั้นลง"
    assert (str(draft.description), draft.economy_id, draft.version) == (
        DURIAN["description"], "TH", 2)


def test_a_change_in_several_languages_keeps_the_source(call, draft):
    call("patch", draft.number, {"title": {"th": DURIAN["title"], "vi": "Máy ảnh sầu riêng"}})
    draft.refresh_from_db()
    assert draft.title.source == "th"
    assert set(draft.title) == {"th", "vi"}


def test_budget_and_organisation_can_be_changed(call, draft):
    response = call("patch", draft.number, {
        "budget": {"amount": 500000, "currency": "THB"}, "organisation": "สวนทุเรียน"})
    record = response.json()["record"]
    assert record["budget"] == {"amount": 500000, "currency": "THB"}
    assert record["organisation"]["name"] == {"th": "สวนทุเรียน"}


def test_a_change_to_an_old_version_is_refused(call, draft):
    call("patch", draft.number, {"summary": "หนึ่ง", "version": 1})
    response = call("patch", draft.number, {"summary": "สอง", "version": 1})
    assert response.status_code == 403
    assert "Somebody saved this record" in response.json()["title"]
    assert call("patch", draft.number, {"version": "1"}).status_code == 422


def test_a_refused_step_comes_with_its_reason_in_the_language_asked_for(call, published, stranger):
    response = call("post", f"{published.number}/pause", who=stranger)
    assert response.status_code == 403
    assert "Only the people who posted this" in response.json()["title"]
    assert call("post", f"{published.number}/explode").status_code == 404


def test_lists_have_pages_and_filters(client, published):
    found = client.get("/api/v1/market/listings/needs?sector=general&page=1").json()
    assert found["count"] == 1
    assert client.get("/api/v1/market/listings/needs?page=5").json()["records"] == []
    assert client.get("/api/v1/market/listings/nothing").status_code == 404
    assert client.get("/api/v1/market/listings/needs?page=-3").status_code == 422


def test_mcp_posts_a_need_as_a_draft_in_the_language_of_its_words(packer):
    made = tools.post_need("หากล้องคัดทุเรียน", "แยกสุกดิบ", person=packer)
    assert made["record"]["lang"] == "th"
    assert Listing.objects.get().state == State.DRAFT


def test_mcp_lists_and_reads_what_is_public(published):
    assert tools.list_records("needs")["count"] == 1
    assert tools.read(published.number)["number"] == published.number
