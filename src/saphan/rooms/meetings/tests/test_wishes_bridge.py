"""From the market to the event and back: who was introduced wants to meet; what was agreed in a
meeting stands in the interest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from saphan.ground import clock, jobs, ledger
from saphan.ground.text import Text
from saphan.people import actions as people_actions
from saphan.people.models import Economy, Person, Role
from saphan.rooms.market.interest import actions as interests
from saphan.rooms.market.models import Interest, Listing
from saphan.rooms.meetings.actions import wishes as actions
from saphan.rooms.meetings.models import Event, Feedback, Guest, Meeting, Party, Wish
from saphan.rooms.meetings.queries import feedback as feedback_queries
from saphan.rooms.meetings.reactions import wishes as reactions
from saphan.rooms.meetings.tests import making
from saphan.rooms.meetings.tests.making import BEGINS

NOW = BEGINS.replace(month=2, day=20)


@pytest.fixture(autouse=True)
def stopped(db: None) -> Iterator[None]:
    people_actions.load_economies()
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def event() -> Event:
    return making.event()


@pytest.fixture
def sides(event: Event) -> tuple[Party, Party]:
    """Who posted something in the market, and who was interested; both come to the event."""
    return (making.party(event, "Durian Hall", account=True, state="applied"),
            making.party(event, "Orchard Eye", economy="CN", account=True))


@pytest.fixture
def interest(sides: tuple[Party, Party]) -> Interest:
    """Both agreed to be introduced; the broker has not done it yet."""
    owner, asker = sides
    broker = making.person("Lin", role=Role.Name.PROGRAMME_MANAGER)
    listing = Listing.objects.create(
        number="MKT-2027-0001", key="m1", kind="technology_request", state="published",
        title=Text.of({"en": "Grade durian"}), organisation=owner.organisation,
        economy=Economy.objects.get(code="TH"), author=owner.contact)
    return Interest.objects.create(
        listing=listing, position=1, number="MKT-2027-0001-01", state="accepted",
        asker=asker.contact, organisation=asker.organisation, economy=asker.economy, lang="en",
        broker=broker, sent=NOW, asker_agreed=NOW, owner_agreed=NOW)


def introduce(interest: Interest) -> None:
    assert interest.broker
    interests.introduce(interest, by=interest.broker)


def admit(party: Party) -> None:
    with ledger.fact("party.approved", party, event=party.event.number):
        party.take("approve")


def react() -> None:
    """Let the room's own reactions read the ledger, and the market's."""
    for reaction in jobs.reactions():
        if ".meetings.reactions.wishes." in reaction.name or \
                reaction.name.endswith("note_that_they_met"):
            while jobs.follow(reaction):
                pass


def test_two_who_were_introduced_want_to_meet_at_an_event_of_both(
        interest: Interest, sides: tuple[Party, Party]) -> None:
    admit(sides[0])
    react()
    assert not Wish.objects.exists()  # nobody knows a name before the introduction
    introduce(interest)
    react()
    wish = Wish.objects.get()
    assert (wish.asker, wish.invited) == (sides[1], sides[0])
    assert (wish.state, wish.origin, wish.priority, wish.came_from) == (
        "accepted", "market", 3, "MKT-2027-0001-01")


def test_who_is_admitted_later_finds_whom_she_knows_from_the_market(
        interest: Interest, sides: tuple[Party, Party]) -> None:
    introduce(interest)
    react()
    assert not Wish.objects.exists()
    admit(sides[0])
    react()
    assert Wish.objects.get().came_from == "MKT-2027-0001-01"


def test_what_has_ended_in_the_market_is_not_brought_to_an_event(
        interest: Interest, sides: tuple[Party, Party]) -> None:
    introduce(interest)
    interests.close(interest, by=interest.broker)
    react()
    admit(sides[0])
    react()
    assert not Wish.objects.exists()


@pytest.mark.parametrize("confirmed", [False, True])
def test_when_it_ends_in_the_market_only_what_was_confirmed_here_stays(
        confirmed: bool, interest: Interest, sides: tuple[Party, Party]) -> None:
    admit(sides[0])
    introduce(interest)
    react()
    wish = Wish.objects.get()
    if confirmed:
        client = Client()
        client.force_login(sides[1].contact)
        client.post(f"/en/meetings/{wish.event.number}/wishes/{wish.pk}/confirm/")
    interests.close(interest, by=interest.broker)
    react()
    wish.refresh_from_db()
    assert wish.state == ("accepted" if confirmed else "withdrawn")


def test_a_wish_that_stands_already_learns_of_the_market_and_a_refusal_stays(
        event: Event, interest: Interest, sides: tuple[Party, Party]) -> None:
    admit(sides[0])
    wish = making.wish(sides[0], sides[1], state="sent")
    introduce(interest)
    react()
    wish.refresh_from_db()
    assert (wish.came_from, wish.origin, wish.state) == ("MKT-2027-0001-01", "hand", "sent")
    Wish.objects.update(state="refused", came_from="")
    assert actions.bring_together(sides[1], sides[0], interest="MKT-2027-0001-01") is None


def test_the_introduction_names_organisations_and_no_fact_before_it_does(
        interest: Interest, sides: tuple[Party, Party]) -> None:
    before = str(list(ledger.about(interest).values_list("data", flat=True)))
    assert "organisations" not in before
    introduce(interest)
    fact = ledger.about(interest).get(name="interest.introduced")
    assert fact.data["organisations"] == [sides[0].organisation_id, sides[1].organisation_id]
    assert "Durian Hall" not in str(fact.data)


# Feedback

@pytest.fixture
def meeting(event: Event, sides: tuple[Party, Party]) -> Meeting:
    admit(sides[0])
    wish = making.wish(sides[1], sides[0], came_from="MKT-2027-0001-01", origin="market")
    return Meeting.objects.create(
        event=event, wish=wish, slot=event.slots.all()[0], place=event.places.all()[0], table=0,
        guest_a=sides[1].guests.get(), guest_b=sides[0].guests.get(), word="abcdef")


def rate(meeting: Meeting, who: Any, expect: int = 302, **said: Any) -> str:
    if isinstance(who, Guest):
        path, client = f"/en/meetings/day/{who.token}/meetings/{meeting.word}/feedback/", Client()
    else:
        path, client = f"/en/meetings/{meeting.event.number}/meetings/{meeting.word}/feedback/", \
            Client()
        client.force_login(who)
    with clock.stopped_at(BEGINS + timedelta(hours=1)):
        response = client.post(path, said)
    assert response.status_code == expect, response.content.decode()[-2000:]
    return response.content.decode()


MET = {"took_place": "yes", "useful": "4", "next_step": "trial", "words": "They were kind."}


def test_what_a_side_agreed_stands_in_the_interest_of_both_and_says_no_more(
        interest: Interest, meeting: Meeting, sides: tuple[Party, Party]) -> None:
    introduce(interest)
    rate(meeting, sides[1].contact, **MET)
    react()
    met = interest.encounters.get()
    assert (met.side, met.took_place, met.next_step, met.event) == (
        "asker", True, "trial", meeting.event.number)
    for reader in (sides[0].contact, sides[1].contact, interest.broker):
        client = Client()
        client.force_login(reader)
        page = client.get("/en/market/MKT-2027-0001/interest/1/").content.decode()
        assert "Next step: Try it or send samples" in page
        assert "kind" not in page.partition("Met at an event")[2][:400]
    rate(meeting, sides[1].contact, **{**MET, "next_step": "contract"})
    react()
    assert interest.encounters.get().next_step == "contract"


def test_a_meeting_without_an_interest_leaves_nothing_in_the_market(
        interest: Interest, meeting: Meeting, sides: tuple[Party, Party]) -> None:
    introduce(interest)
    Wish.objects.update(came_from="")
    rate(meeting, sides[1].contact, **MET)
    react()
    assert not interest.encounters.exists()


def test_one_yes_makes_it_held_and_two_noes_make_it_missed(
        meeting: Meeting, sides: tuple[Party, Party]) -> None:
    rate(meeting, sides[1].contact, took_place="no")
    meeting.refresh_from_db()
    assert meeting.state == "planned"
    rate(meeting, sides[0].contact, took_place="no", useful="4", next_step="talk")
    meeting.refresh_from_db()
    assert meeting.state == "missed"
    kept = Feedback.objects.get(party=sides[0])
    assert (kept.useful, kept.next_step) == (None, "")
    rate(meeting, sides[1].contact, **MET)
    meeting.refresh_from_db()
    assert meeting.state == "held"
    names = set(ledger.about(meeting).values_list("name", flat=True))
    assert {"meeting.rated", "meeting.missed", "meeting.held",
            "meeting.next_step_agreed"} <= names
    rate(meeting, sides[0].contact, **MET)
    assert ledger.about(meeting).filter(name="meeting.next_step_agreed").count() == 1


def test_a_guest_without_account_answers_at_her_secret_address(
        meeting: Meeting, sides: tuple[Party, Party]) -> None:
    guest = meeting.guest_b
    rate(meeting, guest, 422, took_place="yes")
    rate(meeting, guest, **MET)
    assert Feedback.objects.get().party == guest.party
    other = making.party(meeting.event).guests.get()
    rate(meeting, other, 404, **MET)
    assert Client().get("/en/meetings/day/nonsense/meetings/abcdef/feedback/").status_code == 404


def test_nobody_answers_for_others_nor_before_the_meeting(
        meeting: Meeting, sides: tuple[Party, Party]) -> None:
    stranger = making.party(meeting.event, account=True).contact
    rate(meeting, stranger, 404, **MET)
    client = Client()
    client.force_login(sides[0].contact)
    path = f"/en/meetings/{meeting.event.number}/meetings/{meeting.word}/feedback/"
    assert client.post(path, MET).status_code == 422  # three weeks before
    assert not Feedback.objects.exists()
    rate(meeting, sides[0].contact, **MET)
    client.force_login(sides[1].contact)
    assert "They were kind" not in client.get(path).content.decode()


def test_the_staff_see_what_the_meetings_brought(
        meeting: Meeting, sides: tuple[Party, Party]) -> None:
    rate(meeting, sides[0].contact, **MET)
    rate(meeting, sides[1].contact, took_place="no")
    staff = making.organiser()
    told = feedback_queries.overview(meeting.event, asker=staff)
    assert (told.meetings, told.held, told.share, told.with_next_step, told.differ) == (
        1, 1, 100, 1, 1)
    client = Client()
    client.force_login(staff)
    page = client.get(f"/en/meetings/{meeting.event.number}/feedback/").content.decode()
    assert "China" in page and "Thailand" in page
    rows = client.get(f"/en/meetings/{meeting.event.number}/feedback/answers.csv")
    assert "They were kind." in rows.content.decode()


# Letters

def test_news_of_wishes_come_once_a_day_in_the_readers_language(
        event: Event, mailoutbox: list[Any]) -> None:
    me = making.party(event, "Me", account=True)
    for _turn in range(3):
        making.wish(making.party(event, account=True), me, state="sent")
    reactions.tell_news_of_wishes()
    assert len(mailoutbox) == 1
    assert "3 want to meet you" in mailoutbox[0].subject
    reactions.tell_news_of_wishes()
    assert len(mailoutbox) == 1
    with clock.stopped_at(NOW + timedelta(days=1)):
        making.wish(me, making.party(event), answered=clock.now())
        reactions.tell_news_of_wishes()
    assert len(mailoutbox) == 2
    assert "1 wants to meet you as well" in mailoutbox[1].subject


def test_before_wishes_end_those_who_have_to_answer_are_reminded_once(
        event: Event, mailoutbox: list[Any]) -> None:
    me = making.party(event, "Me", account=True)
    other = making.party(event, "Other", account=True)
    making.wish(other, me, state="sent")
    Event.objects.update(floor=0)
    reactions.remind_before_wishes_end()
    assert not mailoutbox
    with clock.stopped_at(event.wishes_end - timedelta(days=1)):
        reactions.remind_before_wishes_end()
        reactions.remind_before_wishes_end()
    assert [mail.to for mail in mailoutbox] == [[Person.objects.get(pk=me.contact_id).email]]
    assert "1 participant waits for your answer" in mailoutbox[0].body
