"""Badges, check-in, people who come without registration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.ground.text import Text
from saphan.people import actions as people_actions
from saphan.people.models import Person, Role
from saphan.rooms.meetings.actions import attending
from saphan.rooms.meetings.models import Event, Guest, Meeting, Party, Session
from saphan.rooms.meetings.queries import checkin as queries
from saphan.rooms.meetings.tests import making
from saphan.rooms.meetings.tests.events import (
    Api,
    boxes,
    get,
    opened,
    post,
    sent,
    signed_in,
)

MORNING = making.BEGINS - timedelta(minutes=40)


@pytest.fixture(autouse=True)
def stopped(db: None) -> Iterator[None]:
    people_actions.load_economies()
    return


@pytest.fixture
def clerk() -> Person:
    return making.person("Clerk", role=Role.Name.CLERK)


@pytest.fixture
def event() -> Iterator[Event]:
    """The morning of the event, with a plan."""
    with clock.stopped_at(MORNING - timedelta(days=30)):
        made = opened(making.organiser())
    Event.objects.filter(pk=made.pk).update(state="running")
    made.refresh_from_db()
    with clock.stopped_at(MORNING):
        yield made


def test_a_scanned_badge_checks_in_and_shows_the_first_meeting(event: Event,
                                                               clerk: Person) -> None:
    one, other = making.party(event, "Packers"), making.party(event, "Vision")
    slots = list(event.slots.all())
    place = event.places.get()
    for at, slot in ((1, slots[3]), (2, slots[1])):
        third = making.party(event, f"Third {at}")
        Meeting.objects.create(
            event=event, wish=making.wish(one, third if at == 1 else other), slot=slot,
            place=place, table=at, guest_a=one.guests.get(), word=f"w{at}",
            guest_b=(third if at == 1 else other).guests.get())
    guest = one.guests.get()
    answer = signed_in(clerk).post(f"/en/meetings/{event.number}/check-in/do/",
                                   {"code": guest.badge}, follow=True)
    html = answer.content.decode()
    guest.refresh_from_db()
    assert guest.checked_in == MORNING
    assert "Packers 1" in html and "Vision" in html and "9:30" in html
    assert [fact.name for fact in ledger.about(guest)] == ["guest.checked_in"]
    assert queries.counts(event).here == 1


def test_the_address_of_her_day_serves_as_a_badge(event: Event) -> None:
    guest = making.party(event).guests.get()
    assert queries.by_code(event, f"https://house.example/th/meetings/day/{guest.token}/") == guest
    assert queries.by_code(event, guest.badge) == guest
    assert queries.by_code(event, "") is None and queries.by_code(event, "x" * 400) is None


def test_a_badge_of_another_event_or_of_who_was_not_admitted_opens_nothing(
        event: Event, clerk: Person) -> None:
    waiting = making.party(event, state=Party.State.WAITING).guests.get()
    assert queries.by_code(event, waiting.badge) is None
    with pytest.raises(Refused, match="approved"):
        attending.check_in(waiting, by=clerk)
    elsewhere = making.party(making.event()).guests.get()
    assert queries.by_code(event, elsewhere.badge) is None


def test_a_name_is_found_in_any_script_and_by_organisation(event: Event, clerk: Person) -> None:
    party = making.party(event, "สหกรณ์ทุเรียน")
    Guest.objects.filter(party=party).update(name="มาลี ศรีสุข")
    people_actions.add_alias(party.organisation, "Chanthaburi Packers", by=None)
    for text in ("มาลี", "chanthaburi", "PACKERS"):
        assert "มาลี ศรีสุข" in get(clerk, f"{event.number}/check-in/?q={text}"), text
    assert "Nobody who is admitted" in get(clerk, f"{event.number}/check-in/?q=nobody")


def test_of_two_desks_one_checks_in_and_both_can_undo(event: Event, clerk: Person) -> None:
    guest = making.party(event).guests.get()
    stale = Guest.objects.select_related("party__event").get(pk=guest.pk)
    attending.check_in(guest, by=clerk)
    with pytest.raises(Refused, match="already"):
        attending.check_in(stale, by=clerk)
    attending.undo_check_in(guest, by=clerk)
    with pytest.raises(Refused, match="not checked in"):
        attending.undo_check_in(guest, by=clerk)
    attending.check_in(guest, by=clerk)
    assert [fact.name for fact in ledger.about(guest)] == [
        "guest.checked_in", "guest.check_in_undone", "guest.checked_in"]


def test_participants_do_not_check_anybody_in(event: Event) -> None:
    party = making.party(event, account=True)
    with pytest.raises(Refused, match="staff"):
        attending.check_in(party.guests.get(), by=party.contact)
    post(party.contact, f"{event.number}/check-in/do/", {"guest": party.guests.get().pk}, 404)


def test_somebody_without_registration_is_in_within_one_form(event: Event, clerk: Person) -> None:
    data = boxes(sent("Late Packers"))
    post(clerk, f"{event.number}/check-in/walk-in/", data)
    party = event.parties.get()
    assert party.state == "approved" and party.guests.get().checked_in == MORNING
    assert ledger.about(party).first().data["walk_in"] is True


def test_a_full_house_lets_in_whoever_the_staff_give_a_reason_for(event: Event,
                                                                  clerk: Person) -> None:
    making.party(event, guests=3)  # three places
    html = post(clerk, f"{event.number}/check-in/walk-in/", boxes(sent("Late")), 422)
    assert "All places are taken" in html.content.decode() and event.parties.count() == 1
    post(clerk, f"{event.number}/check-in/walk-in/",
         {**boxes(sent("Late")), "over_because": "A speaker"})
    assert event.parties.get(position=2).remark == "A speaker"


def test_badges_stand_eight_on_a_sheet_with_the_name_in_its_own_script(event: Event,
                                                                       clerk: Person) -> None:
    for number in range(9):
        making.party(event, f"Packer {number}", speaks={"th": 3, "en": 2})
    Guest.objects.filter(party__position=1).update(name="ສົມພອນ", presence="online")
    html = get(clerk, f"{event.number}/badges/")
    assert html.count('class="sheet"') == 1 and html.count('class="badge"') == 8
    assert html.count('class="qr"') == 8 and "ສົມພອນ" not in html  # she joins online
    one = get(clerk, f"{event.number}/badges/?party=1")
    assert "ສົມພອນ" in one and one.count('class="badge"') == 1


def test_participants_print_their_own_badges_and_no_others(event: Event) -> None:
    hers, other = making.party(event, "Hers", account=True), making.party(event, "Others")
    html = get(hers.contact, f"{event.number}/badges/?party={hers.position}")
    assert "Hers 1" in html
    get(hers.contact, f"{event.number}/badges/?party={other.position}", 404)
    get(making.person("Stranger"), f"{event.number}/badges/", 404)


def test_a_code_on_a_badge_says_nothing_about_whom_it_is_of(event: Event) -> None:
    guest = making.party(event, "Packers").guests.get()
    assert re.fullmatch(r"[\w-]{22}", guest.badge) and guest.badge != guest.token


def test_who_attends_a_session_has_no_meeting_then_and_the_other_way_round(
        event: Event, clerk: Person) -> None:
    one, other = making.party(event), making.party(event)
    guest, slots = one.guests.get(), list(event.slots.all())

    def session(at: int, **values: object) -> Session:
        return Session.objects.create(
            event=event, title=Text.of({"en": f"Session {at}"}), begins=slots[at].begins,
            ends=slots[at].ends, **values)

    Meeting.objects.create(event=event, wish=making.wish(one, other), slot=slots[0],
                           place=event.places.get(), table=0, guest_a=guest,
                           guest_b=other.guests.get(), word="w")
    with pytest.raises(Refused, match="meeting in the timetable"):
        attending.attend(session(0), guest, by=clerk)
    attending.attend(session(1), guest, by=clerk)
    with pytest.raises(Refused, match="same time"):
        attending.attend(session(1), guest, by=clerk)
    with pytest.raises(Refused, match="Everybody"):
        attending.attend(session(2, everybody=True), guest, by=clerk)
    full = session(3, capacity=1)
    attending.attend(full, other.guests.get(), by=clerk)
    with pytest.raises(Refused, match="seats"):
        attending.attend(full, guest, by=clerk)


def test_software_checks_in_by_code_and_counts(event: Event, clerk: Person) -> None:
    guest = making.party(event, "Packers", guests=2).guests.first()
    api = Api(clerk)
    done = api("POST", f"events/{event.number}/check-in", {"code": guest.badge})
    assert (done["guest"], done["here"], done["expected"]) == (guest.pk, 1, 2)
    api("POST", f"events/{event.number}/check-in", {"code": guest.badge}, expect=403)
    undone = api("POST", f"events/{event.number}/check-in", {"guest": guest.pk, "undo": True})
    assert undone["checked_in"] is None and undone["here"] == 0
    api("POST", f"events/{event.number}/check-in", {"code": "nobody"}, expect=404)
    party = making.party(event, account=True)
    Api(party.contact)("POST", f"events/{event.number}/check-in", {"code": guest.badge},
                       expect=404)
