"""Writing a record: nothing is lost, nobody overwrites anybody, mistakes are named."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from saphan.ground.text import Text
from saphan.people import actions as people_actions
from saphan.people.models import Organisation
from saphan.rooms.market import actions
from saphan.rooms.market.models import Listing
from saphan.rooms.market.tests.conftest import DURIAN, page, signed_in
from saphan.rooms.market.vocabulary import State

pytestmark = pytest.mark.django_db
JSON = {"X-Autosave": "1", "Accept": "application/json"}


def edit_of(listing: Listing) -> str:
    return f"/en/market/{listing.number}/edit/"


def test_a_visitor_chooses_a_kind_and_writes_before_she_signs_in(client, economies):
    assert "technology_request" in page(client.get("/th/market/new/"))
    form = page(client.get("/th/market/new/?kind=technology_request"))
    assert 'name="indicators-0-name"' in form
    assert 'name="patents-0-number"' not in form


def test_what_she_wrote_survives_signing_in(client, packer):
    response = client.post("/en/market/new/", {**DURIAN, "action": "save"})
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('account_login')}?next=%2Fen%2Fmarket%2Fnew%2F"
    client.force_login(packer)
    form = page(client.get("/en/market/new/"))
    assert DURIAN["title"] in form
    assert DURIAN["description"] in form
    assert "Here is what you wrote before you signed in." in form
    client.post("/en/market/new/", {**DURIAN, "action": "save"})
    assert str(Listing.objects.get(author=packer).title) == DURIAN["title"]
    assert DURIAN["title"] not in page(client.get("/en/market/new/?kind=business_offer"))


def test_what_a_visitor_typed_is_kept_even_without_pressing_save(client, packer):
    answer = client.post("/en/market/new/", DURIAN, headers=JSON).json()
    assert answer["url"] == ""
    assert not Listing.objects.exists()
    client.force_login(packer)
    assert DURIAN["summary"] in page(client.get("/en/market/new/"))


def test_a_visitor_who_saves_without_end_is_asked_to_wait(client, economies, monkeypatch):
    from saphan.rooms.market.views import post

    monkeypatch.setattr(post, "VISITOR_SAVES", 2)
    answers = [client.post("/en/market/new/", DURIAN, headers=JSON).status_code
               for _attempt in range(3)]
    assert answers == [200, 200, 403]


def test_tables_and_ticks_survive_signing_in_as_well(client, packer):
    client.post("/en/market/new/", {
        **DURIAN, "partnership": ["licence", "training"], "indicators-0-name": "fruit an hour",
        "indicators-0-value": "2000", "indicators-0-unit": "pieces"})
    client.force_login(packer)
    form = page(client.get("/en/market/new/"))
    assert 'value="fruit an hour"' in form
    assert form.count(" checked") >= 2


def test_a_draft_is_made_at_the_first_autosave_and_grows_with_the_next(as_packer, packer):
    first = as_packer.post("/en/market/new/", {
        "kind": "technology_request", "title": "หากล้อง"}, headers=JSON).json()
    assert first["version"] == 1
    second = as_packer.post(first["url"], {**DURIAN, "version": "1"}, headers=JSON).json()
    assert (second["version"], second["errors"], second["url"]) == (2, {}, first["url"])
    draft = Listing.objects.get()
    assert draft.state == State.DRAFT
    assert draft.summary == Text.of({"th": DURIAN["summary"]}, by=packer.ref)


def test_autosave_saves_what_is_right_and_names_what_is_not(as_packer, draft):
    answer = as_packer.post(edit_of(draft), {
        **DURIAN, "version": "1", "title": "กล้องใหม่", "summary": "ก" * 501}, headers=JSON).json()
    assert answer["errors"] == {"summary": ["At most 500 characters; this has 501."]}
    draft.refresh_from_db()
    assert str(draft.title) == "กล้องใหม่"
    assert str(draft.summary) == DURIAN["summary"]


def test_autosave_without_a_change_keeps_the_version(as_packer, draft):
    answer = as_packer.post(edit_of(draft), {**DURIAN, "version": "1"}, headers=JSON).json()
    assert answer["version"] == 1


def test_autosave_does_not_make_organisations_of_half_a_name(as_packer, draft):
    for name in ("สวน", "สวนทุเรียน", "สวนทุเรียนจันท์"):
        as_packer.post(edit_of(draft), {**DURIAN, "organisation": name}, headers=JSON)
    assert not Organisation.objects.exists()
    draft.refresh_from_db()
    assert draft.organisation_name == "สวนทุเรียนจันท์"
    as_packer.post(edit_of(draft), {**DURIAN, "organisation": draft.organisation_name,
                                    "action": "submit"})
    draft.refresh_from_db()
    assert (draft.state, str(draft.organisation), draft.organisation_name) == (
        "submitted", "สวนทุเรียนจันท์", "")


def test_an_organisation_that_the_house_knows_is_found_under_any_of_its_names(
        as_packer, draft, packer):
    known = people_actions.find_or_add_organisation(
        {"en": "Chanthaburi Durian Co., Ltd.", "th": "ทุเรียนจันทบุรี"}, economy="TH",
        kind="company")
    as_packer.post(edit_of(draft), {**DURIAN, "organisation": "CHANTHABURI DURIAN",
                                    "action": "submit"})
    draft.refresh_from_db()
    assert draft.organisation == known


def test_of_two_editors_the_second_is_told_and_sees_both_words(as_packer, as_clerk, draft):
    as_clerk.post(edit_of(draft), {**DURIAN, "version": "1", "title": "ชื่อของเจ้าหน้าที่"})
    answer = as_packer.post(edit_of(draft), {**DURIAN, "version": "1", "title": "ชื่อของฉัน"},
                            headers=JSON)
    assert answer.status_code == 409
    assert "Somebody saved this record" in answer.json()["conflict"]
    response = as_packer.post(edit_of(draft), {**DURIAN, "version": "1", "title": "ชื่อของฉัน"})
    assert response.status_code == 409
    html = response.content.decode()
    assert "ชื่อของฉัน" in html
    assert "ชื่อของเจ้าหน้าที่" in html
    draft.refresh_from_db()
    assert str(draft.title) == "ชื่อของเจ้าหน้าที่"


def test_words_taken_for_another_language_move_when_she_says_which_it_is(as_packer, draft):
    as_packer.post(edit_of(draft), {**DURIAN, "lang": "lo", "title_en": "Durian camera"})
    draft.refresh_from_db()
    assert draft.lang == "lo"
    assert draft.title.source == "lo"
    assert draft.title.plain() == {"lo": DURIAN["title"], "en": "Durian camera"}


def test_the_language_is_found_from_the_words_when_she_does_not_choose(as_packer):
    as_packer.post("/en/market/new/", {
        "kind": "technology_request", "lang": "", "title": "Tìm máy phân loại sầu riêng bằng AI",
        "summary": "Chúng tôi cần phân biệt quả chín và quả xanh tại nhà đóng gói"})
    assert Listing.objects.get().lang == "vi"


def test_a_wrong_field_says_so_beside_it_and_loses_nothing(as_packer):
    response = as_packer.post("/en/market/new/", {
        **DURIAN, "budget_amount": "500000", "partnership": ["licence", "training", "supplier",
                                                             "investment"]})
    assert response.status_code == 422
    html = response.content.decode()
    assert "A budget needs both an amount and a currency." in html
    assert "At most 3; you chose 4." in html
    assert DURIAN["description"] in html
    assert not Listing.objects.exists()


def test_changing_the_kind_keeps_the_words_and_shows_other_questions(as_packer):
    html = page(as_packer.post("/en/market/new/", {
        **DURIAN, "kind": "technology_offer", "action": "kind"}))
    assert DURIAN["title"] in html
    assert 'name="patents-0-number"' in html
    assert not Listing.objects.exists()


def test_a_question_that_nothing_answered_becomes_a_need(client, economies):
    html = page(client.get("/en/market/post-need/", {"q": "คัดทุเรียนด้วยกล้อง"}))
    assert 'value="คัดทุเรียนด้วยกล้อง"' in html
    assert 'value="th" selected' in html


def test_a_long_question_is_kept_whole_in_the_description(client, economies):
    question = "sort mangoes by sweetness " * 40
    html = page(client.get("/en/market/post-need/", {"q": question}))
    assert question.strip() in html


def test_she_is_not_asked_again_for_her_organisation(as_packer, packer):
    organisation = people_actions.find_or_add_organisation(
        {"th": "สวนทุเรียน"}, economy="TH", kind="company")
    people_actions.join_organisation(packer, organisation, by=None)
    html = page(as_packer.get("/en/market/new/?kind=business_offer"))
    assert 'value="สวนทุเรียน"' in html
    assert 'value="TH" selected' in html


def test_submitting_an_unfinished_draft_saves_it_and_says_what_is_missing(as_packer):
    html = page(as_packer.post("/en/market/new/", {
        "kind": "business_offer", "title": "Durian crisps", "lang": "en", "economy": "TH",
        "action": "submit"}, follow=True))
    assert "Still missing: Summary and Description." in html
    assert Listing.objects.get().state == State.DRAFT


def test_a_published_record_changes_only_when_save_is_pressed(as_packer, published):
    refused = as_packer.post(edit_of(published), {**DURIAN, "title": "ใหม่"}, headers=JSON)
    assert refused.status_code == 403
    as_packer.post(edit_of(published), {**DURIAN, "title": "กล้องใหม่", "kind": "business_offer"})
    published.refresh_from_db()
    assert (str(published.title), published.kind) == ("กล้องใหม่", "technology_request")


def test_a_published_record_cannot_lose_its_words(as_packer, published):
    response = as_packer.post(edit_of(published), {**DURIAN, "summary": ""})
    assert response.status_code == 422
    published.refresh_from_db()
    assert str(published.summary) == DURIAN["summary"]


def test_a_stranger_finds_no_draft_to_edit(client, draft, stranger):
    assert client.get(edit_of(draft)).status_code == 404
    assert signed_in(stranger).post(edit_of(draft), DURIAN).status_code == 404


def test_a_stranger_cannot_edit_what_is_published(published, stranger):
    signed_in(stranger).post(edit_of(published), {**DURIAN, "title": "Mine now"})
    published.refresh_from_db()
    assert str(published.title) == DURIAN["title"]


def test_a_form_from_another_site_is_not_taken(packer):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(packer)
    assert careful.post("/en/market/new/", DURIAN).status_code == 403
    assert not Listing.objects.exists()


def test_words_are_shown_as_words_whatever_they_hold(client, as_packer, packer, clerk):
    as_packer.post("/en/market/new/", {
        **DURIAN, "lang": "en", "title": "<script>alert(1)</script>",
        "description": "<img src=x onerror=alert(1)>", "organisation": "<b>x</b>"})
    listing = Listing.objects.get()
    actions.submit(listing, by=packer)
    actions.publish(listing, by=clerk)
    for address in ("/en/market/", "/en/market/needs/", f"/en/market/{listing.number}/"):
        html = page(client.get(address))
        assert "<script>alert" not in html
        assert "<img src=x" not in html


def test_a_link_to_a_patent_is_a_web_address_or_nothing(as_packer):
    response = as_packer.post("/en/market/new/", {
        **DURIAN, "kind": "technology_offer", "patents-0-number": "TH1",
        "patents-0-url": "javascript:alert(1)"})
    assert response.status_code == 422


def test_her_records_are_listed_with_what_can_be_done(as_packer, draft, client):
    html = page(as_packer.get("/en/market/mine/"))
    assert draft.number in html
    assert "/move/submit/" in html
    assert client.get("/en/market/mine/").status_code == 302


def test_concepts_are_found_in_thai_and_shown_in_the_language_of_the_reader(client, published):
    assert "durian" in published.concepts
    assert "durian" in page(client.get(f"/en/market/{published.number}/")).lower()
    assert "ทุเรียน" in page(client.get(f"/th/market/{published.number}/"))


def test_the_page_says_in_which_language_the_words_are(client, published):
    html = page(client.get(f"/en/market/{published.number}/"))
    assert "Source language: Thai" in html
    assert f'lang="th">{DURIAN["title"]}' in html


def test_the_original_words_stand_beside_a_rendering(client, published):
    published.title = published.title.with_words("en", "Durian camera", origin="machine")
    published.save()
    html = page(client.get(f"/en/market/{published.number}/"))
    assert "Machine translation" in html
    assert "Original words (Thai)" in html
    assert DURIAN["title"] in html


def test_the_wait_at_the_desk_counts_from_submitting(as_clerk, draft, packer):
    from datetime import timedelta

    from saphan.ground import clock

    with clock.stopped_at(clock.now() - timedelta(days=3)):
        actions.submit(draft, by=packer)
    assert "Waiting for 3 days" in page(as_clerk.get("/en/market/desk/"))


def test_the_desk_is_for_its_staff(client, as_packer):
    assert client.get("/en/market/desk/").status_code == 302
    assert as_packer.get("/en/market/desk/").status_code == 403
    assert as_packer.get("/en/market/import/").status_code == 403
