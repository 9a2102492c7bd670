"""A record's way from draft to archive, who may move it, and what the others are told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import timezone

from saphan.ground import ledger
from saphan.ground.access import Refused
from saphan.people import actions as people_actions
from saphan.rooms.market import actions, rules
from saphan.rooms.market.models import Listing
from saphan.rooms.market.tests.conftest import page, signed_in
from saphan.rooms.market.vocabulary import State

pytestmark = pytest.mark.django_db


def press(client, listing, transition, **data):
    return client.post(f"/en/market/{listing.number}/move/{transition}/", data, follow=True)


def test_a_need_goes_from_its_author_over_the_desk_to_everybody(
        client, as_packer, as_clerk, draft):
    assert client.get(f"/en/market/{draft.number}/").status_code == 404
    press(as_packer, draft, "submit")
    assert draft.number in page(as_clerk.get("/en/market/desk/"))
    press(as_clerk, draft, "publish")
    assert draft.number in page(client.get("/en/market/needs/"))
    draft.refresh_from_db()
    assert draft.state == State.PUBLISHED
    assert (draft.valid_until - timezone.localdate(draft.published)).days == 365
    assert [fact.name for fact in ledger.about(draft)] == [
        "listing.drafted", "listing.submitted", "listing.published"]


def test_the_desk_returns_a_record_with_a_remark_that_its_author_reads(
        as_packer, as_clerk, draft, packer):
    actions.submit(draft, by=packer)
    press(as_clerk, draft, "return_to_author", because="Which variety of durian?", next="desk")
    assert "Which variety of durian?" in page(as_packer.get(f"/en/market/{draft.number}/"))
    assert "Which variety of durian?" in page(as_packer.get(f"/en/market/{draft.number}/edit/"))


def test_the_desk_cannot_return_a_record_without_a_word(as_clerk, draft, packer):
    actions.submit(draft, by=packer)
    assert "Say what the author should change." in page(
        press(as_clerk, draft, "return_to_author", because="  "))
    draft.refresh_from_db()
    assert draft.state == State.SUBMITTED


def test_a_draft_without_words_is_not_submitted_and_says_what_is_missing(packer, economies):
    empty = actions.start({"kind": "business_offer", "lang": "en"}, by=packer)
    with pytest.raises(Refused) as refusal:
        actions.submit(empty, by=packer)
    assert str(refusal.value) == (
        "Still missing: Title, Summary, Description and Country or region.")


@pytest.mark.parametrize("transition", ["publish", "pause", "archive", "return_to_author"])
def test_a_stranger_moves_nothing_and_is_told_why(published, stranger, transition):
    before = published.state
    assert rules.BY_TRANSITION[transition](stranger, published).reason
    press(signed_in(stranger), published, transition, because="x")
    published.refresh_from_db()
    assert published.state == before


def test_nobody_publishes_the_own_record(draft, packer):
    actions.submit(draft, by=packer)
    with pytest.raises(Refused, match="Only the staff of the market"):
        actions.publish(draft, by=packer)


def test_buttons_show_only_what_the_reader_may_do(client, as_packer, as_clerk, published):
    address = f"/en/market/{published.number}/"
    assert "/move/" not in page(client.get(address))
    assert "/move/pause/" in page(as_packer.get(address))
    assert "/move/expire/" not in page(as_packer.get(address))
    assert "/move/expire/" in page(as_clerk.get(address))


def test_a_refused_step_gives_its_reason_to_the_author_only(
        client, as_packer, published, packer, clerk):
    actions.expire(published, by=clerk)
    actions.extend(published, by=packer)
    actions.expire(published, by=clerk)
    assert "It was extended once already." in page(as_packer.get(f"/en/market/{published.number}/"))
    assert client.get(f"/en/market/{published.number}/").status_code == 404


def test_of_two_clerks_who_press_publish_at_once_the_second_is_told(draft, packer, clerk, person):
    actions.submit(draft, by=packer)
    other_clerk = person("other-clerk", "clerk")
    one, two = Listing.objects.get(pk=draft.pk), Listing.objects.get(pk=draft.pk)
    actions.publish(one, by=clerk)
    with pytest.raises(Refused, match="Somebody else was quicker"):
        actions.publish(two, by=other_clerk)
    assert [fact.name for fact in ledger.about(draft)].count("listing.published") == 1


def test_pressing_an_old_button_says_that_the_step_is_not_possible_now(as_clerk, published):
    assert "This step is not possible now" in page(press(as_clerk, published, "publish"))


def test_an_unknown_step_does_not_exist(as_clerk, published):
    assert as_clerk.post(f"/en/market/{published.number}/move/explode/").status_code == 404
    assert as_clerk.get(f"/en/market/{published.number}/move/pause/").status_code == 405


def test_a_colleague_who_speaks_for_the_organisation_may_pause_its_record(
        published, stranger, clerk):
    organisation = people_actions.find_or_add_organisation(
        {"th": "สวนทุเรียน"}, economy="TH", kind="company")
    Listing.objects.filter(pk=published.pk).update(organisation=organisation)
    people_actions.join_organisation(stranger, organisation, by=None)
    press(signed_in(stranger), published, "pause")
    published.refresh_from_db()
    assert published.state == State.PAUSED


def test_the_readme_draws_the_lifecycle_as_it_is():
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    drawn = re.search(r"```mermaid\n(.*?)\n```", readme, re.DOTALL).group(1)
    assert drawn == Listing.lifecycle.mermaid()


def test_an_owner_cannot_take_another_step_to_the_same_state(draft, packer, clerk):
    """Extending leads to `published` as publishing does, but not from where publishing begins."""
    actions.submit(draft, by=packer)
    with pytest.raises(Refused):
        actions.extend(draft, by=packer)
    with pytest.raises(Refused):
        actions.resume(draft, by=packer)
    draft.refresh_from_db()
    assert draft.state == State.SUBMITTED
