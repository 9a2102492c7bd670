"""The quality gate at the market's door: seen while writing, firm at the end, open to answers."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from saphan.ground import clock
from saphan.ground.models import Fact
from saphan.ground.text import Text
from saphan.house import duplicates
from saphan.people import actions as people_actions
from saphan.rooms.market import actions, exchange, gating, linkwatch
from saphan.rooms.market.models import Listing
from saphan.rooms.market.tests.conftest import DURIAN, page
from saphan.rooms.market.vocabulary import State

pytestmark = pytest.mark.django_db
CALL = "สนใจโทร 081-234-5678 ได้ทุกวัน"
SALE = "ลดสูงสุด 30% สั่งซื้อเลยวันนี้"
GUNS = "ใช้กับชิ้นส่วนอาวุธปืนขนาด 9 มม. ด้วย"


def with_words(listing: Listing, extra: str, **fields: object) -> Listing:
    """The draft with one more sentence in its description."""
    listing.description = Text.of({"th": f"{DURIAN['description']} {extra}"})
    for name, value in fields.items():
        setattr(listing, name, value)
    listing.save()
    return listing


def test_a_refusal_names_the_rule_and_the_sentence_and_says_nothing_of_the_words_in_the_ledger(
        draft, packer):
    with pytest.raises(gating.Held) as held:
        actions.submit(with_words(draft, CALL), by=packer)
    [finding] = held.value.findings
    assert (finding.rule, finding.field, finding.found) == (
        "contact", "description", "081-234-5678")
    assert finding.found in finding.sentence
    draft.refresh_from_db()
    assert draft.state == State.DRAFT
    fact = Fact.objects.get(name="listing.refused")
    assert fact.data == {"rules": ["contact"]}


def test_clean_words_go_to_the_desk_without_an_answer(draft, packer):
    actions.submit(draft, by=packer, objection="not needed")
    draft.refresh_from_db()
    assert (draft.state, draft.objection, draft.findings) == (State.SUBMITTED, "", [])
    assert "overridden" not in Fact.objects.get(name="listing.submitted").data
    assert not Fact.objects.filter(name="listing.refused").exists()


def test_an_author_who_says_why_is_heard_by_the_desk(draft, packer, as_clerk):
    actions.submit(with_words(draft, SALE), by=packer, objection="  It is a quotation.  ")
    draft.refresh_from_db()
    assert (draft.state, draft.objection) == (State.SUBMITTED, "It is a quotation.")
    assert Fact.objects.get(name="listing.submitted").data == {"overridden": ["direct_selling"]}
    for shown in (page(as_clerk.get("/en/market/desk/")),
                  page(as_clerk.get(f"/en/market/{draft.number}/"))):
        assert "It is a quotation." in shown
        assert "Advertising or prices" in shown
        assert "<mark>ลดสูงสุด</mark>" in shown
    assert "A person must decide" in page(as_clerk.get("/en/market/desk/"))


def test_what_may_be_about_weapons_goes_to_a_person_and_is_not_refused(draft, packer, as_clerk):
    actions.submit(with_words(draft, GUNS), by=packer)
    assert Listing.objects.get().state == State.SUBMITTED
    shown = page(as_clerk.get("/en/market/desk/"))
    assert "A person must decide" in shown
    assert "Weapons" in shown


def test_strangers_see_neither_findings_nor_answers(draft, packer, clerk, client):
    actions.submit(with_words(draft, SALE), by=packer, objection="It is a quotation.")
    actions.publish(draft, by=clerk)
    shown = page(client.get(f"/en/market/{draft.number}/"))
    assert "It is a quotation." not in shown
    assert "Advertising or prices" not in shown
    assert "quotation" not in client.get("/en/market/export.jsonl?shelf=needs").getvalue().decode()


def test_the_writer_sees_findings_beside_the_field_while_it_is_a_draft(as_packer, draft):
    with_words(draft, CALL)
    shown = page(as_packer.get(f"/en/market/{draft.number}/edit/"))
    assert "The quality gate found something" in shown
    field = shown.partition('name="description"')[2]
    assert field.index("Contact data in public words") < field.index('name="organisation"')
    assert "<mark>081-234-5678</mark>" in field
    assert '<p lang="th">ผู้สนใจกรุณาแสดงความสนใจในหน้านี้' in field
    assert 'name="objection"' in field


def test_advice_alone_asks_for_no_answer(as_packer, draft):
    with_words(draft, "ระบบชั้นนำระดับโลก")
    shown = page(as_packer.get(f"/en/market/{draft.number}/edit/"))
    assert "A claim without a number" in shown
    assert 'name="objection"' not in shown


def test_a_draft_without_findings_says_nothing_of_the_gate(as_packer, draft):
    assert "quality gate" not in page(as_packer.get(f"/en/market/{draft.number}/edit/"))


def test_submitting_from_the_form_leads_back_to_what_is_marked(as_packer, draft):
    words = {**DURIAN, "description": f"{DURIAN['description']} {CALL}"}
    address = f"/en/market/{draft.number}/edit/"
    answer = as_packer.post(address, {**words, "action": "submit", "version": draft.version})
    assert answer["Location"] == f"{address}#gate"
    draft.refresh_from_db()
    assert draft.state == State.DRAFT
    answer = as_packer.post(address, {**words, "action": "submit", "version": draft.version,
                                      "objection": "It is the number of a machine."})
    draft.refresh_from_db()
    assert (draft.state, draft.objection) == (State.SUBMITTED, "It is the number of a machine.")


def test_an_answer_that_was_typed_is_kept_with_the_draft(as_packer, draft):
    with_words(draft, CALL)
    address = f"/en/market/{draft.number}/edit/"
    as_packer.post(address, {**DURIAN, "description": str(draft.description), "action": "save",
                             "objection": "Look at page two."})
    assert "Look at page two.</textarea>" in page(as_packer.get(address))


def test_the_button_on_the_record_leads_to_the_form_too(as_packer, draft):
    with_words(draft, CALL, objection="an old answer")
    answer = as_packer.post(f"/en/market/{draft.number}/move/submit/")
    assert answer["Location"] == f"/en/market/{draft.number}/edit/#gate"
    assert Listing.objects.get().state == State.DRAFT


def test_a_discreet_record_does_not_tell_its_own_name(draft, packer):
    organisation = people_actions.find_or_add_organisation(
        {"th": "บริษัท จันทบุรีฟรุ๊ตเทค จำกัด", "en": "Chantaburi Fruit Tech Co., Ltd."},
        economy="TH", kind="company", source="th", by=packer)
    with_words(draft, "จันทบุรีฟรุ๊ตเทค คัดทุเรียนวันละสิบตัน", organisation=organisation)
    assert gating.findings_of(draft) == []
    draft.discreet = True
    assert [one.rule for one in gating.findings_of(draft)] == ["own_name"]
    draft.description = Text.of({"th": DURIAN["description"]})
    draft.title = draft.title.with_words("en", "Grading at CHANTABURI FRUIT TECH", by="x")
    assert [(one.rule, one.field, one.lang) for one in gating.findings_of(draft)] == [
        ("own_name", "title", "en")]


def test_a_public_record_cannot_be_edited_into_what_the_gate_refuses(published, packer, clerk):
    words = Text.of({"th": f"{DURIAN['description']} {CALL}"})
    with pytest.raises(gating.Held):
        actions.save(published, {"description": words}, by=packer)
    kept = Listing.objects.get()
    assert CALL not in str(kept.description.best("th"))
    assert Fact.objects.get(name="listing.refused").data == {"rules": ["contact"]}
    actions.save(kept, {"description": words}, by=clerk)
    assert CALL in str(Listing.objects.get().description.best("th"))


def test_what_the_desk_let_through_does_not_stop_the_next_edit(draft, packer, clerk):
    actions.submit(with_words(draft, CALL), by=packer, objection="It is the fire brigade's.")
    actions.publish(draft, by=clerk)
    actions.save(draft, {"summary": Text.of({"th": "โรงคัดบรรจุต้องการแยกทุเรียนสุก"})}, by=packer)
    assert Listing.objects.get().version == 2


def test_editing_a_public_record_on_the_page_keeps_what_was_typed(as_packer, published):
    answer = as_packer.post(f"/en/market/{published.number}/edit/", {
        **DURIAN, "description": f"{DURIAN['description']} {CALL}", "action": "save"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert f"{CALL}</textarea>" in shown
    assert "Contact data in public words" in shown


def test_software_gets_field_rule_and_sentence_and_may_answer(client, draft, packer):
    with_words(draft, CALL)
    secret = people_actions.issue_token(packer, name="test", scope="write", by=packer)
    headers = {"Authorization": f"Bearer {secret}"}
    address = f"/api/v1/market/{draft.number}"
    changed = client.patch(address, json.dumps({"keywords": ["durian"]}), headers=headers,
                           content_type="application/json").json()
    assert [one["rule"] for one in changed["findings"]] == ["contact"]
    answer = client.post(f"{address}/submit", "{}", headers=headers,
                         content_type="application/json")
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["field"], error["rule"]) == ("description", "contact")
    assert "081-234-5678" in error["sentence"]
    answer = client.post(f"{address}/submit", json.dumps({"objection": "a machine's number"}),
                         headers=headers, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert Listing.objects.get().objection == "a machine's number"


def test_an_import_is_warned_and_not_stopped(economies):
    row = {"key": "x", "kind": "technology_request", "lang": "th", "title": DURIAN["title"],
           "summary": DURIAN["summary"], "description": f"{DURIAN['description']} {CALL}",
           "economy": "TH", "example": True}
    report = exchange.check(json.dumps(row), "jsonl", warn=True)
    assert (report.problems, len(report.good)) == ([], 1)
    [warning] = report.warnings
    assert (warning.row, warning.field) == (1, "description")
    assert "081-234-5678" in warning.message
    assert exchange.check(json.dumps(row), "jsonl").warnings == []


def test_a_record_that_is_here_already_is_shown_to_the_desk(
        draft, packer, published, as_clerk, monkeypatch):
    def find(document, *, without):
        assert (document.id, without) == (str(copy.pk), f"market.listing.{copy.pk}")
        return [duplicates.Alike(f"market.listing.{published.pk}", "market", str(published.pk),
                                 0.93, (), ())]

    copy = actions.start({"kind": draft.kind, "lang": "th", "economy_id": "TH", **{
        name: getattr(draft, name) for name in ("title", "summary", "description")}}, by=packer)
    monkeypatch.setattr(duplicates, "find", find)
    actions.submit(copy, by=packer)
    shown = page(as_clerk.get("/en/market/desk/"))
    assert "It may be here already" in shown
    assert f'href="/en/market/{published.number}/"' in shown


def test_a_link_is_dead_when_it_is_gone_twice_a_day_apart(published, monkeypatch):
    link = "https://here.example.com/page"
    with_words(published, f"ดูที่ {link}")
    assert linkwatch.due(published) == [link]
    linkwatch.remember(published, {link: "gone"})
    assert gating.dead_links(published) == []
    assert linkwatch.due(published) == []
    linkwatch.remember(published, {link: "gone"})
    assert gating.dead_links(published) == []
    later = clock.now() + timedelta(hours=25)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert linkwatch.due(published) == [link]
    linkwatch.remember(published, {link: "unknown"})
    assert gating.dead_links(published) == []
    linkwatch.remember(published, {link: "gone"})
    kept = Listing.objects.get()
    assert gating.dead_links(kept) == [link]
    assert [one["rule"] for one in kept.findings] == ["dead_link"]
    assert kept.version == published.version
    assert Fact.objects.get(name="listing.links_died").data == {"number": 1}
    linkwatch.remember(kept, {link: "there"})
    assert Listing.objects.get().findings == []
