"""Who takes part and who wishes to meet whom, through the pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from saphan.ground import clock, ledger
from saphan.ground.models import Fact
from saphan.ground.text import Text
from saphan.people import actions as people_actions
from saphan.people.models import Person
from saphan.rooms.meetings.models import Event, Party, Suggestion, Wish
from saphan.rooms.meetings.tests import making
from saphan.rooms.meetings.tests.making import BEGINS

NOW = BEGINS.replace(month=2, day=20)


@pytest.fixture(autouse=True)
def stopped(db: None) -> Iterator[None]:
    """Three weeks before the event, while wishes are open."""
    people_actions.load_economies()
    with clock.stopped_at(NOW):
        yield


def signed_in(person: Person | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def get(person: Person | None, path: str, expect: int = 200) -> str:
    response = signed_in(person).get(f"/en/meetings/{path}")
    assert response.status_code == expect, (path, response.status_code)
    return response.content.decode()


def post(person: Person | None, path: str, expect: int = 302, **data: Any) -> str:
    response = signed_in(person).post(f"/en/meetings/{path}", data)
    assert response.status_code == expect, response.content.decode()[-3000:]
    return response.content.decode()


@pytest.fixture
def event() -> Event:
    return making.event()


def contact(party: Party) -> Person:
    assert party.contact is not None
    return party.contact


@pytest.fixture
def three(event: Event) -> tuple[Party, Party, Party]:
    return (making.party(event, "Durian Hall", account=True, speaks={"th": 3},
                         about=Text.of({"en": "We pack durian in Chanthaburi."})),
            making.party(event, "Orchard Eye", economy="CN", account=True, speaks={"zh": 3},
                         about=Text.of({"en": "Cameras that grade fruit."})),
            making.party(event, "Cold Van", economy="VN", account=True, speaks={"vi": 3, "en": 2}))


def test_only_those_who_were_admitted_and_the_staff_see_who_takes_part(
        event: Event, three: tuple[Party, Party, Party]) -> None:
    waiting = making.party(event, "Late Comer", account=True, state="applied")
    pages = ["people/", "people/1/", "people/suggested/", "wishes/"]
    for path in pages:
        get(contact(waiting), f"{event.number}/{path}", 404)
        get(making.person("Passer"), f"{event.number}/{path}", 404)
        get(None, f"{event.number}/{path}", 302)
        assert "Orchard Eye" in get(contact(three[0]), f"{event.number}/people/")
    assert "Late Comer" not in get(contact(three[0]), f"{event.number}/people/")
    get(contact(three[0]), f"{event.number}/people/{waiting.position}/", 404)
    assert "Orchard Eye" in get(making.organiser(), f"{event.number}/people/")
    for path in ("all-wishes/", "feedback/", "all-wishes/wishes.csv", "feedback/answers.csv"):
        get(contact(three[0]), f"{event.number}/{path}", 404)
        get(making.organiser(), f"{event.number}/{path}")


def test_no_e_mail_address_stands_on_a_page_about_participants(
        event: Event, three: tuple[Party, Party, Party]) -> None:
    three[1].guests.update(email="secret@orchard.example")
    for path in ("people/", "people/2/"):
        page = get(contact(three[0]), f"{event.number}/{path}")
        assert "Orchard Eye 1" in page
        assert "secret@orchard.example" not in page
        assert contact(three[1]).email not in page


def test_participants_are_filtered_by_economy_language_and_words(
        event: Event, three: tuple[Party, Party, Party]) -> None:
    me = contact(three[0])
    assert "Cold Van" not in get(me, f"{event.number}/people/?economy=CN")
    spoken = get(me, f"{event.number}/people/?lang=vi")
    assert "Cold Van" in spoken
    assert "Orchard Eye" not in spoken
    assert "1 participant" in get(me, f"{event.number}/people/?q=cold")


def test_a_wish_is_sent_accepted_changed_and_taken_back(
        event: Event, three: tuple[Party, Party, Party]) -> None:
    me, other = contact(three[0]), contact(three[1])
    post(me, f"{event.number}/wishes/to/2/", priority="3", words="About grading")
    wish = Wish.objects.get()
    assert (wish.state, wish.priority, str(wish.words.best())) == ("sent", 3, "About grading")
    assert "They want to meet you" in get(other, f"{event.number}/wishes/")
    post(other, f"{event.number}/wishes/{wish.pk}/accept/", priority="1")
    wish.refresh_from_db()
    assert (wish.state, wish.answer_priority) == ("accepted", 1)
    assert "Both of you want to meet" in get(me, f"{event.number}/wishes/")
    post(me, f"{event.number}/wishes/{wish.pk}/change/", priority="2", words="About cameras")
    post(me, f"{event.number}/wishes/{wish.pk}/withdraw/")
    wish.refresh_from_db()
    assert (wish.state, wish.priority) == ("withdrawn", 2)
    post(me, f"{event.number}/wishes/{wish.pk}/wish_again/")
    wish.refresh_from_db()
    assert wish.state == "sent"
    names = list(ledger.about(wish).values_list("name", flat=True))
    assert names == ["wish.sent", "wish.accepted", "wish.changed", "wish.withdrawn", "wish.sent"]


def test_a_wish_is_answered_on_the_page_of_who_sent_it_as_well(
        event: Event, three: tuple[Party, Party, Party]) -> None:
    wish = making.wish(three[0], three[1], state="sent")
    page = get(contact(three[1]), f"{event.number}/people/1/")
    assert page.count('name="priority" value=') == 3
    assert 'name="reason" value="no_time"' in page
    post(contact(three[1]), f"{event.number}/wishes/{wish.pk}/accept/", priority="2",
         next=f"/en/meetings/{event.number}/people/1/")
    assert "Both of you want to meet" in get(contact(three[1]), f"{event.number}/people/1/")
    elsewhere = signed_in(contact(three[1])).post(
        f"/en/meetings/{event.number}/wishes/{wish.pk}/change/",
        {"priority": "1", "next": "//evil.example/"})
    assert elsewhere["Location"] == f"/en/meetings/{event.number}/wishes/"


def test_who_wishes_somebody_that_wished_first_accepts_that_wish(
        event: Event, three: tuple[Party, Party, Party]) -> None:
    post(contact(three[0]), f"{event.number}/wishes/to/2/", priority="2")
    post(contact(three[1]), f"{event.number}/wishes/to/1/", priority="3")
    wish = Wish.objects.get()
    assert (wish.state, wish.asker_id, wish.answer_priority) == ("accepted", three[0].pk, 3)


def test_a_decline_is_told_with_its_reason_and_is_final_for_the_asker(
        event: Event, three: tuple[Party, Party, Party]) -> None:
    me, other = contact(three[0]), contact(three[1])
    post(me, f"{event.number}/wishes/to/2/", priority="2")
    wish = Wish.objects.get()
    post(other, f"{event.number}/wishes/{wish.pk}/refuse/", 422)
    post(other, f"{event.number}/wishes/{wish.pk}/refuse/", reason="competitor")
    assert "We compete with each other" in get(me, f"{event.number}/wishes/")
    post(me, f"{event.number}/wishes/to/2/", priority="3")
    post(me, f"{event.number}/wishes/{wish.pk}/wish_again/")
    wish.refresh_from_db()
    assert wish.state == "refused"
    post(other, f"{event.number}/wishes/{wish.pk}/accept/", priority="2")
    wish.refresh_from_db()
    assert (wish.state, wish.refusal) == ("accepted", "")


def test_nobody_acts_on_a_wish_of_others(event: Event, three: tuple[Party, Party, Party]) -> None:
    wish = making.wish(three[0], three[1], state="sent")
    for verb in ("accept", "refuse", "withdraw", "change"):
        post(contact(three[2]), f"{event.number}/wishes/{wish.pk}/{verb}/", 404, reason="other")
    post(contact(three[0]), f"{event.number}/wishes/{wish.pk}/accept/", priority="2")
    wish.refresh_from_db()
    assert wish.state == "sent"
    post(contact(three[0]), f"{event.number}/wishes/to/2/", 404, **{"as": "3"})


def test_after_wishes_end_nothing_changes_but_by_the_staff(
        event: Event, three: tuple[Party, Party, Party]) -> None:
    wish = making.wish(three[0], three[1], state="sent")
    with clock.stopped_at(event.wishes_end):
        post(contact(three[1]), f"{event.number}/wishes/{wish.pk}/accept/", priority="2")
        post(contact(three[0]), f"{event.number}/wishes/to/3/", priority="2")
        assert Wish.objects.get().state == "sent"
        assert "Wishes for this event are closed" in get(contact(three[0]),
                                                         f"{event.number}/wishes/")
        post(making.organiser(), f"{event.number}/all-wishes/add/", asker="1", invited="3",
             priority="3", must="on")
    added = Wish.objects.get(invited=three[2])
    assert (added.origin, added.must) == ("staff", True)


def test_which_people_and_times_may_be_chosen(event: Event) -> None:
    one = making.party(event, "Two People", account=True, guests=2)
    making.party(event, "Other", account=True)
    slot, guest = event.slots.first(), one.guests.last()
    assert slot and guest
    post(contact(one), f"{event.number}/wishes/to/2/", priority="2", whole="yes",
         who=str(guest.pk), only_slots=str(slot.pk))
    wish = Wish.objects.get()
    assert wish.who_asks == [guest.pk]
    assert list(wish.only_slots.all()) == [slot]
    post(contact(one), f"{event.number}/wishes/{wish.pk}/change/", priority="3")
    wish.refresh_from_db()
    assert (wish.who_asks, wish.only_slots.count()) == ([guest.pk], 1)
    page = post(contact(one), f"{event.number}/wishes/{wish.pk}/change/", 422, priority="3",
                who="999999", whole="yes", words="Kept words")
    assert "Change" in page


def test_a_suggestion_becomes_a_wish_that_knows_why(
        event: Event, three: tuple[Party, Party, Party]) -> None:
    because = [{"side": "seeks", "concepts": ["durian"], "missing": [], "how": "meaning",
                "requirements": [["economy", "CN", "CN", "met"]], "seek": "", "offer": ""}]
    Suggestion.objects.create(event=event, party=three[0], other=three[1], position=1, fit=0.8,
                              because=because, languages=["en"], made=NOW)
    page = get(contact(three[0]), f"{event.number}/people/suggested/")
    assert "They offer what you seek" in page
    assert "Orchard Eye" in page
    post(contact(three[0]), f"{event.number}/wishes/to/2/", priority="2", origin="suggestion")
    wish = Wish.objects.get()
    assert (wish.origin, wish.fit, wish.because) == ("suggestion", 0.8, because)
    assert "Orchard Eye" not in get(contact(three[0]), f"{event.number}/people/suggested/")
    post(contact(three[2]), f"{event.number}/wishes/to/2/", priority="2", origin="suggestion")
    assert Wish.objects.get(asker=three[2]).origin == "hand"


def test_the_staff_set_order_and_no_circle_comes_of_it(
        event: Event, three: tuple[Party, Party, Party]) -> None:
    first, second = making.wish(three[0], three[1]), making.wish(three[1], three[2])
    staff = making.organiser()
    path = f"{event.number}/all-wishes/"
    post(staff, f"{path}{second.pk}/", must="on", after=str(first.pk))
    second.refresh_from_db()
    assert second.must and list(second.after.all()) == [first]
    post(staff, f"{path}{first.pk}/", 422, after=str(second.pk))
    assert not first.after.exists()
    post(contact(three[0]), f"{path}{first.pk}/", 404, must="on")


def test_wishes_go_out_to_a_file_and_come_in_from_one(
        event: Event, three: tuple[Party, Party, Party]) -> None:
    making.wish(three[0], three[1], state="sent")
    staff = making.organiser()
    told = get(staff, f"{event.number}/all-wishes/wishes.csv")
    assert "1,Durian Hall,2,Orchard Eye,sent" in told
    rows = b"asker,invited,priority,must\n1,3,3,yes\n3,2,1,no\n1,1,2,no\n1,77,2,no\n1,2,9,no\n"
    page = post(staff, f"{event.number}/all-wishes/load/", 422,
                file=SimpleUploadedFile("w.csv", rows))
    assert "Line 4" in page and "Line 5" in page and "Line 6" in page
    assert set(Wish.objects.values_list("asker__position", "invited__position", "must")) == {
        (1, 2, False), (1, 3, True), (3, 2, False)}


@pytest.mark.parametrize("path", ["people/", "wishes/", "people/suggested/"])
def test_pages_ask_the_database_as_often_for_many_as_for_few(
        path: str, event: Event) -> None:
    me = making.party(event, "Me", account=True, guests=2)
    client = signed_in(contact(me))

    def add(count: int) -> None:
        for _turn in range(count):
            other = making.party(event, guests=2)
            Suggestion.objects.create(event=event, party=me, other=other, position=1, fit=0.5,
                                      because=[], languages=["en"], made=NOW)
            third = making.party(event, guests=2)
            making.wish(third, me, state="sent")
            making.wish(me, making.party(event))

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/en/meetings/{event.number}/{path}").status_code == 200
        return len(queries)

    add(1)
    asked()
    few = asked()
    add(9)
    assert asked() == few


def test_facts_of_wishes_hold_no_words_and_no_names(
        event: Event, three: tuple[Party, Party, Party]) -> None:
    post(contact(three[0]), f"{event.number}/wishes/to/2/", priority="3", words="Secret plan")
    told = str(list(Fact.objects.filter(name__startswith="wish.").values_list("data", flat=True)))
    assert "Secret" not in told and "Durian Hall" not in told and "@" not in told
