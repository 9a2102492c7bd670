"""Whom the house suggests: from what parties write, in any language, and from the market."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from saphan.ground import clock, jobs, ledger
from saphan.ground.models import Work
from saphan.ground.text import Text
from saphan.people.models import Economy
from saphan.rooms.market import actions as market
from saphan.rooms.market.models import Listing
from saphan.rooms.meetings.actions import suggesting
from saphan.rooms.meetings.models import Event, Party, Suggestion
from saphan.rooms.meetings.queries import people, suggestions
from saphan.rooms.meetings.reactions import wishes as reactions
from saphan.rooms.meetings.tests import making
from saphan.rooms.meetings.tests.making import BEGINS


@pytest.fixture(autouse=True)
def stopped(house: None) -> Iterator[None]:
    with clock.stopped_at(BEGINS.replace(month=2, day=20)):
        yield


@pytest.fixture
def event() -> Event:
    return making.event()


@pytest.fixture
def seeker(event: Event) -> Party:
    return making.party(event, "Durian Hall", account=True, lang="th", seeks=Text.of({
        "th": "อยากได้ระบบปัญญาประดิษฐ์คัดเกรดทุเรียนด้วยกล้อง"}))


@pytest.fixture
def others(event: Event, seeker: Party) -> tuple[Party, Party]:
    return (making.party(event, "Orchard Eye", economy="CN", lang="zh-Hans", about=Text.of({
                "zh-Hans": "我们用相机和人工智能为榴莲和芒果自动分级。"})),
            making.party(event, "Chest Cloud", economy="VN", about=Text.of({
                "en": "Software that reads chest X-rays for district hospitals."})))


def test_what_one_seeks_in_thai_finds_who_offers_it_in_chinese_and_says_why(
        event: Event, seeker: Party, others: tuple[Party, Party]) -> None:
    suggesting.make(event)
    best = suggestions.of_party(seeker)[0]
    assert best.card.party == others[0]
    assert best.reasons[0].side == "seeks"
    assert "durian" in [str(each).lower() for each in best.reasons[0].concepts]
    turned = suggestions.of_party(others[0])
    assert turned[0].card.party == seeker
    assert turned[0].reasons[0].side == "offers"
    client = Client()
    client.force_login(seeker.contact)
    page = client.get(f"/th/meetings/{event.number}/people/suggested/").content.decode()
    assert "Orchard Eye" in page and "ทุเรียน" in page


def test_who_takes_part_is_found_by_meaning_in_any_language(
        event: Event, seeker: Party, others: tuple[Party, Party]) -> None:
    def found(text: str) -> list[str]:
        rows = people.search(event, seeker.contact, text=text)
        assert rows.complete
        return [str(party.organisation) for party in rows.parties]

    assert found("chụp X-quang phổi cho bệnh viện")[0] == "Chest Cloud"
    assert found("grading durian with cameras")[0] in {"Orchard Eye", "Durian Hall"}
    assert found("orchard")[0] == "Orchard Eye"


def test_a_public_offer_in_the_market_counts_as_what_a_party_offers(
        event: Event, seeker: Party) -> None:
    silent = making.party(event, "Silent", economy="CN")
    clerk = making.organiser()
    listing = Listing.objects.create(
        number="MKT-2027-0009", key="m9", kind="technology_offer", state="submitted", lang="en",
        title=Text.of({"en": "Camera line that grades durian with AI"}),
        summary=Text.of({"en": "Sorts durian by ripeness and weight."}),
        description=Text.of({"en": "Cameras look at each fruit from six sides on the line."}),
        organisation=silent.organisation, economy=Economy.objects.get(code="CN"),
        author=clerk)
    suggesting.make(event)
    assert not seeker.suggestions.exists()
    market.publish(listing, by=clerk)
    jobs.drain()
    suggesting.make(event)
    one = seeker.suggestions.get()
    assert one.other == silent
    assert one.because[0]["offer"] == "MKT-2027-0009"


def test_suggestions_are_made_beside_the_worker_after_texts_changed(
        event: Event, seeker: Party, others: tuple[Party, Party]) -> None:
    for party in (seeker, others[0]):
        with ledger.fact("party.changed", party, event=event.number, fields=["about"]):
            pass
    for reaction in jobs.reactions():
        if reaction.name.endswith("look_again_whom_to_suggest"):
            jobs.follow(reaction)
    assert Work.objects.filter(name=suggesting.NAME).count() == 1
    Work.objects.update(touched=suggesting.LONG_AGO)
    assert suggesting.line.do_all() == 1
    work = suggestions.progress(event)
    assert work and (work.state, work.done) == ("done", 100)
    assert Suggestion.objects.filter(event=event).exists()
    assert suggesting.line.do_all() == 0


def test_work_that_is_told_to_stop_leaves_the_old_suggestions(
        event: Event, seeker: Party, others: tuple[Party, Party]) -> None:
    suggesting.make(event)
    before = set(Suggestion.objects.values_list("pk", flat=True))
    stop = threading.Event()
    stop.set()
    with pytest.raises(suggesting.Stopped):
        suggesting.make(event, None, stop)
    assert set(Suggestion.objects.values_list("pk", flat=True)) == before


def test_the_staff_see_who_has_few_wishes_and_whom_to_invite(
        event: Event, seeker: Party, others: tuple[Party, Party]) -> None:
    suggesting.make(event)
    making.wish(others[0], others[1])
    Event.objects.update(floor=1)
    staff = making.organiser()
    client = Client()
    client.force_login(staff)
    page: Any = client.get(f"/en/meetings/{event.number}/all-wishes/").content.decode()
    few = page.partition('id="few"')[2].partition("</section>")[0]
    assert "Durian Hall" in few and "Orchard Eye" in few and "Chest Cloud" not in few
    client.post(f"/en/meetings/{event.number}/all-wishes/add/",
                {"asker": 1, "invited": 2, "priority": 2})
    wish = seeker.wishes_sent.get()
    assert (wish.origin, wish.fit) == ("staff", seeker.suggestions.get(other=others[0]).fit)


def test_the_chores_are_there(event: Event) -> None:
    names = {chore.name.rpartition(".")[2] for chore in clock.chores()}
    assert {"make_suggestions", "tell_news_of_wishes", "remind_before_wishes_end",
            "forget_vectors"} <= names
    reactions.forget_vectors()
