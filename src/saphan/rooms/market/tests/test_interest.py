"""From somebody's interest to a recorded outcome, through the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from saphan.ground import jobs, ledger
from saphan.people import actions as people_actions
from saphan.people.models import Economy, Person, Role
from saphan.rooms.market.models import Interest, Listing
from saphan.rooms.market.tests.conftest import page, signed_in

PDF = b"%PDF-1.4 signed"
WORDS = {
    "purpose": "我们想用相机和软件为贵方的包装线做一次为期两个月的分级试验。",
    "brings": "三年来我们在广西为荔枝和芒果做分级，已有四条生产线在运行。",
    "timing": "六周内可以开始，先做一条线。",
}


@pytest.fixture
def vendor(person: Callable[..., Person]) -> Person:
    """A vendor in Guangxi, with an organisation."""
    made = person("vendor", language="zh-hans", economy_id="CN")
    Person.objects.filter(pk=made.pk).update(name="覃晓梅")
    people_actions.add_own_organisation(
        made, {"zh-Hans": "广西果眼智能科技有限公司"}, economy="CN", kind="company", by=made)
    made.refresh_from_db()
    return made


@pytest.fixture
def broker(person: Callable[..., Person]) -> Person:
    made = person("broker", language="en")
    people_actions.grant_role(made, Role.Name.LIAISON_OFFICER, by=None,
                              economy=Economy.objects.get(code="TH"))
    return made


def ask(who: Person, listing: Listing, **more: Any) -> Interest:
    organisation = who.memberships.first()
    response = signed_in(who).post(f"/zh-hans/market/{listing.number}/interest/", {
        **WORDS, "organisation": organisation.organisation_id if organisation else "", **more})
    assert response.status_code == 302, response.content.decode()
    return Interest.objects.latest("pk")


def press(who: Person, interest: Interest, verb: str, expect: int = 302, **data: Any) -> str:
    response = signed_in(who).post(
        f"/en/market/{interest.listing.number}/interest/{interest.position}/do/{verb}/", data)
    assert response.status_code == expect, response.content.decode()
    interest.refresh_from_db()
    return response.content.decode()


def read(who: Person, interest: Interest) -> str:
    return page(signed_in(who).get(
        f"/en/market/{interest.listing.number}/interest/{interest.position}/"))


def test_a_vendor_and_a_packer_go_from_the_first_word_to_the_outcome(
        published: Listing, packer: Person, vendor: Person, broker: Person) -> None:
    interest = ask(vendor, published)
    assert interest.number == f"{published.number}-01"
    assert interest.broker == broker
    press(packer, interest, "accept", reply="ยินดีที่จะลองดูก่อนหนึ่งสาย")
    assert interest.state == "accepted" and not interest.both_agreed
    press(broker, interest, "introduce", expect=422)
    assert interest.state == "accepted"  # one side has not agreed yet
    press(vendor, interest, "agree")
    press(broker, interest, "introduce", meets_at="2099-03-05T09:30", zone="Asia/Bangkok",
          minutes=45, where="https://meet.example.org/durian")
    assert interest.state == "introduced"
    for verb, kind, state in (("sign", "memorandum", "agreed"), ("start", "pilot", "running"),
                              ("conclude", "deployment", "outcome")):
        press(vendor, interest, verb, kind=kind, on="2026-11-01", words="",
              file=SimpleUploadedFile("a.pdf", PDF, "application/pdf"))
        assert interest.state == state
    record = interest.progress.last()
    assert record is not None
    signed_in(packer).post(f"/en/market/{published.number}/interest/1/evidence/{record.pk}/confirm/")
    record.refresh_from_db()
    assert record.confirmed_by == packer.ref
    names = [fact.name for fact in ledger.about(interest)]
    assert names == ["interest.sent", "interest.accepted", "interest.confirmed",
                     "interest.introduced", "interest.signed", "interest.started",
                     "interest.concluded", "interest.progress_confirmed"]


def test_the_introduction_comes_by_letter_with_an_invitation(
        published: Listing, packer: Person, vendor: Person, broker: Person) -> None:
    interest = ask(vendor, published, agree="on")
    press(packer, interest, "accept")
    jobs.drain()
    before = "\n".join(str(letter.message()) + letter.body for letter in mail.outbox)
    assert "果眼" not in before and "覃晓梅" not in before and "vendor@" not in "".join(
        letter.body for letter in mail.outbox)
    mail.outbox.clear()
    press(broker, interest, "introduce", meets_at="2099-03-05T09:30", zone="Asia/Bangkok",
          minutes=45, where="https://meet.example.org/durian")
    jobs.drain()
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert set(letters) == {packer.email, vendor.email}
    assert "果眼" in letters[packer.email].body and vendor.email in letters[packer.email].body
    assert packer.email in letters[vendor.email].body
    calendar = letters[vendor.email].attachments[0].content
    assert "DTSTART:20990305T023000Z" in calendar and "METHOD:REQUEST" in calendar


def test_neither_side_reads_a_name_before_both_agreed(
        published: Listing, packer: Person, vendor: Person, broker: Person) -> None:
    interest = ask(vendor, published)
    seen = read(packer, interest)
    assert "果眼" not in seen and "覃晓梅" not in seen and "vendor@" not in seen
    assert "China" in seen  # where they are is told
    assert "覃晓梅" in read(broker, interest)
    press(packer, interest, "accept")
    assert "packer@" not in read(vendor, interest)


def test_words_that_tell_who_wrote_them_are_refused_and_kept(
        published: Listing, vendor: Person) -> None:
    words = {**WORDS, "brings": "我们是广西果眼智能科技有限公司，请致电 0771-5551234 联系我们。"}
    response = signed_in(vendor).post(f"/en/market/{published.number}/interest/", words)
    assert response.status_code == 422
    text = response.content.decode()
    assert "would tell who you are" in text and "0771-5551234" in text
    assert not Interest.objects.exists()


def test_a_refusal_comes_back_as_advice_for_the_next_edit(
        published: Listing, packer: Person, stranger: Person) -> None:
    client = signed_in(stranger)
    client.post(f"/en/market/{published.number}/why-not/", {"reason": "benefit_unclear"})
    again = client.post(f"/en/market/{published.number}/why-not/", {"reason": "too_early"},
                        follow=True)
    assert "too often" in page(again)
    seen = page(signed_in(packer).get(f"/en/market/{published.number}/"))
    assert "What readers missed" in seen and "The benefit is not clear" in seen
    assert "What readers missed" not in page(client.get(f"/en/market/{published.number}/"))


def test_a_declined_interest_says_why_and_ends(
        published: Listing, packer: Person, vendor: Person) -> None:
    interest = ask(vendor, published)
    text = press(packer, interest, "decline", expect=422)
    assert "Choose a reason from the list" in text
    press(packer, interest, "decline", reason="no_capacity")
    assert (interest.state, interest.reason) == ("declined", "no_capacity")
    assert "No capacity now" in read(vendor, interest)


def test_nothing_is_signed_without_evidence(
        published: Listing, packer: Person, vendor: Person, broker: Person) -> None:
    interest = ask(vendor, published, agree="on")
    press(packer, interest, "accept")
    press(broker, interest, "introduce")
    text = press(vendor, interest, "sign", expect=422, kind="contract", on="2026-11-01")
    assert "Add evidence" in text and interest.state == "introduced"


def test_strangers_find_no_interest(published: Listing, vendor: Person, stranger: Person) -> None:
    interest = ask(vendor, published)
    response = signed_in(stranger).get(f"/en/market/{published.number}/interest/1/")
    assert response.status_code == 404
    address = f"/api/v1/market/interests/{interest.number}"
    for somebody, status in ((stranger, 404), (vendor, 200)):
        secret = people_actions.issue_token(somebody, name="t", scope="read", by=somebody)
        found = signed_in(somebody).get(address, headers={"Authorization": f"Bearer {secret}"})
        assert found.status_code == status, found.content


def test_a_discreet_record_does_not_say_whose_it_is(
        published: Listing, packer: Person, client: Any, stranger: Person, clerk: Person) -> None:
    organisation, _hers = people_actions.add_own_organisation(
        packer, {"en": "Chanthaburi Golden Packers"}, economy="TH", kind="company", by=packer)
    Listing.objects.filter(pk=published.pk).update(discreet=True, organisation=organisation)
    for address in (f"/en/market/{published.number}/", "/en/market/needs/", "/en/market/",
                    f"/api/v1/market/{published.number}", "/api/v1/market/listings/needs",
                    "/en/market/export.jsonl", "/en/market/export.csv",
                    f"/en/organisations/{organisation.pk}/", "/feeds/market/needs.atom"):
        text = signed_in(stranger).get(address).content.decode()
        if re.search(r"organisations/\d", address):
            assert published.number not in text, address
        else:
            assert "Golden Packers" not in text, address
    assert "Golden Packers" in page(signed_in(clerk).get(f"/en/market/{published.number}/"))
    assert "Golden Packers" in page(signed_in(packer).get(f"/en/market/{published.number}/"))
