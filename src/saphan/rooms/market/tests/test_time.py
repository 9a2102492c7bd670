"""A record lives a year, is announced to end two weeks before, and can be extended once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from saphan.ground import clock, jobs
from saphan.ground.access import Refused
from saphan.rooms.market import actions, reactions
from saphan.rooms.market.vocabulary import State

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def listing(draft, packer, clerk):
    with clock.stopped_at(START):
        actions.submit(draft, by=packer)
        return actions.publish(draft, by=clerk)


def after(days: int):
    return clock.stopped_at(START + timedelta(days=days))


def test_it_is_there_on_its_last_day_and_gone_on_the_next(listing):
    with after(365):
        reactions.end_what_is_over()
    listing.refresh_from_db()
    assert listing.state == State.PUBLISHED
    with after(366):
        reactions.end_what_is_over()
    listing.refresh_from_db()
    assert listing.state == State.EXPIRED


def test_a_paused_record_expires_as_well(listing, packer):
    actions.pause(listing, by=packer)
    with after(366):
        reactions.end_what_is_over()
    listing.refresh_from_db()
    assert listing.state == State.EXPIRED


def test_two_weeks_before_the_author_hears_of_it_once_in_her_language(listing, mailoutbox):
    with after(350):
        reactions.announce_the_end()
    assert not mailoutbox
    for day in (351, 352):
        with after(day):
            reactions.announce_the_end()
    (letter,) = mailoutbox
    assert letter.to == ["packer@example.org"]
    assert listing.number in letter.subject
    assert "2570" in letter.body, "a Thai reader counts Buddhist years"
    assert f"/th/market/{listing.number}/" in letter.body


def test_it_is_extended_by_a_year_once(listing, packer):
    with after(370):
        reactions.end_what_is_over()
        listing.refresh_from_db()
        actions.extend(listing, by=packer)
        assert (listing.valid_until - clock.today()).days == 365
    with after(736):
        reactions.end_what_is_over()
        listing.refresh_from_db()
        with pytest.raises(Refused, match="extended once already"):
            actions.extend(listing, by=packer)


def test_an_extended_record_is_announced_again(listing, packer, mailoutbox):
    with after(360):
        reactions.announce_the_end()
    with after(370):
        reactions.end_what_is_over()
        listing.refresh_from_db()
        actions.extend(listing, by=packer)
    with after(370 + 355):
        reactions.announce_the_end()
    assert len(mailoutbox) == 2


def test_a_shorter_life_is_kept_and_a_longer_one_is_not(draft, packer, clerk):
    with clock.stopped_at(START):
        draft.valid_until = clock.today() + timedelta(days=900)
        draft.save()
        actions.submit(draft, by=packer)
        actions.publish(draft, by=clerk)
        assert draft.valid_until == clock.today() + timedelta(days=365)


def test_what_is_already_over_is_not_published(draft, packer, clerk):
    with clock.stopped_at(START):
        draft.valid_until = clock.today() - timedelta(days=1)
        draft.save()
        actions.submit(draft, by=packer)
        with pytest.raises(Refused, match="has passed"):
            actions.publish(draft, by=clerk)


def test_a_paused_record_whose_time_is_over_is_not_resumed(listing, packer):
    actions.pause(listing, by=packer)
    with after(366), pytest.raises(Refused, match="Its time is over"):
        actions.resume(listing, by=packer)


def test_the_author_is_told_that_it_was_published(listing, mailoutbox):
    jobs.follow_all()
    (letter,) = mailoutbox
    assert letter.to == ["packer@example.org"]
    jobs.follow_all()
    assert len(mailoutbox) == 1


def test_the_author_is_told_what_to_change(draft, packer, clerk, mailoutbox):
    actions.submit(draft, by=packer)
    actions.return_to_author(draft, by=clerk, because="Which variety?")
    jobs.follow_all()
    assert "Which variety?" in mailoutbox[-1].body


def test_accession_numbers_begin_anew_each_year(packer):
    with clock.stopped_at(START):
        first = actions.start({"kind": "business_offer"}, by=packer)
        second = actions.start({"kind": "business_offer"}, by=packer)
    with clock.stopped_at(datetime(2026, 12, 31, 16, 30, tzinfo=UTC)):
        third = actions.start({"kind": "business_offer"}, by=packer)  # 2027 at the centre
    assert [listing.number for listing in (first, second, third)] == [
        "MKT-2026-0001", "MKT-2026-0002", "MKT-2027-0001"]
