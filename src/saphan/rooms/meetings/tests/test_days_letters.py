"""Letters to those whose day has changed: only those, all at once, once."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from icalendar import Calendar

from saphan.ground import clock, jobs
from saphan.ground.models import Fact
from saphan.rooms.meetings.actions import letters
from saphan.rooms.meetings.models import Copy, Event, Notice
from saphan.rooms.meetings.reactions import days as reactions
from saphan.rooms.meetings.tests import days, making

pytestmark = pytest.mark.usefixtures("house")
WEEK_BEFORE = days.MORNING - timedelta(days=7)


@pytest.fixture
def fair() -> dict[str, Any]:
    """Mango meets Sensors and Boats; Boats writes Thai; an interpreter helps with Boats."""
    event = days.event()
    mango, sensors, boats = (making.party(event, name) for name in ("Mango", "Sensors", "Boats"))
    for party, address in ((mango, "mango"), (sensors, "sensors"), (boats, "boats")):
        days.mailed(party, f"{address}@example.org")
    thai = days.first(boats)
    thai.language = "th"
    thai.save()
    helper = making.interpreter(event, en=3, th=3)
    helper.email = "ploy@example.org"
    helper.save()
    with clock.stopped_at(WEEK_BEFORE):
        one = days.meeting(mango, sensors, slot=0)
        two = days.meeting(mango, boats, slot=2, interpreters=(helper,))
    return {"event": event, "mango": mango, "sensors": sensors, "boats": boats, "one": one,
            "two": two, "helper": helper}


def published(fair: dict[str, Any], *, at: Any = WEEK_BEFORE) -> dict[str, Any]:
    """What is in the letters that a publication sends, by who gets them."""
    mail.outbox.clear()
    with clock.stopped_at(at):
        days.publish(fair["event"])
        jobs.drain()
        reactions.send()
    return {letter.to[0].partition("@")[0]: letter for letter in mail.outbox}


def calendars(letter: Any) -> list[Calendar]:
    return [Calendar.from_ical(piece.content) for piece in letter.attachments]


def test_the_first_letter_is_the_whole_day_in_her_language_with_a_calendar(fair):
    found = published(fair)
    assert set(found) == {"mango", "sensors", "boats", "ploy"}
    body = found["mango"].body
    assert "Sensors" in body and "Boats" in body and "7:30" in body and "UTC+6:30" in body
    assert f"/en/meetings/day/{days.first(fair['mango']).token}/" in body
    assert f"/th/meetings/day/{days.first(fair['boats']).token}/" in found["boats"].body
    assert "2570" in found["boats"].body and "Sensors" not in found["boats"].body
    whole, *invitations = calendars(found["mango"])
    assert len(whole.walk("VEVENT")) == 2
    assert [str(each["METHOD"]) for each in invitations] == ["REQUEST", "REQUEST"]
    [first, second] = [each.walk("VEVENT")[0] for each in invitations]
    assert first["DTSTART"].dt == fair["one"].slot.begins
    assert str(first["UID"]).startswith(fair["one"].word)
    assert "table 1" in str(first["LOCATION"])
    assert str(first["ATTENDEE"]).lower() == "mailto:mango@example.org"
    assert "boats@" not in str(whole) + str(second)


def test_only_those_whom_a_change_concerns_get_one_letter_with_all_of_it(fair):
    published(fair)
    days.move(fair["two"], 4)
    days.meeting(fair["mango"], making.party(fair["event"], "Late Comer"), slot=5)
    found = published(fair)
    assert set(found) == {"mango", "boats", "ploy"}
    assert "2 changes" in found["mango"].subject and "Urgent" not in found["mango"].subject
    body = found["mango"].body
    assert "Moved: Boats" in body and "before:" in body and "New: Late Comer" in body
    assert "Sensors" not in body
    moved = calendars(found["boats"])[0].walk("VEVENT")[0]
    assert int(moved["SEQUENCE"]) == 1
    assert moved["DTSTART"].dt == fair["event"].slots.all()[4].begins


def test_what_is_called_off_is_taken_out_of_the_calendar(fair):
    published(fair)
    days.call_off(fair["one"])
    found = published(fair)
    assert set(found) == {"mango", "sensors"}
    assert "Called off: Mango" in found["sensors"].body
    [calendar] = calendars(found["sensors"])
    event = calendar.walk("VEVENT")[0]
    assert (str(calendar["METHOD"]), str(event["STATUS"])) == ("CANCEL", "CANCELLED")
    assert int(event["SEQUENCE"]) == 1 and str(event["UID"]).startswith(fair["one"].word)


def test_a_publication_that_changes_nothing_writes_to_nobody(fair):
    published(fair)
    assert published(fair) == {}


def test_two_plans_in_a_row_make_one_letter(fair):
    with clock.stopped_at(WEEK_BEFORE):
        days.publish(fair["event"])
        letters.note(fair["event"])
        days.move(fair["one"], 3)
        letters.note(fair["event"])
        assert Notice.objects.filter(guest=days.first(fair["mango"])).count() == 1
        letters.send_waiting()
    assert sum(letter.to == ["mango@example.org"] for letter in mail.outbox) == 1
    assert letters.note(fair["event"]) == 0


def test_a_crash_in_the_middle_sends_nothing_twice_and_is_seen(fair, monkeypatch):
    def die(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    with clock.stopped_at(WEEK_BEFORE):
        letters.note(fair["event"])
        letters.send_waiting(at_most=1)
        with monkeypatch.context() as patch:
            patch.setattr(letters.letters, "write_to", die)
            with pytest.raises(KeyboardInterrupt):
                letters.send_waiting(at_most=1)
        letters.send_waiting()
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted({
        letter.to[0] for letter in mail.outbox}) and len(mail.outbox) == 3
    with clock.stopped_at(WEEK_BEFORE + timedelta(minutes=6)):
        assert letters.give_up_stuck() == 1
        letters.send_waiting()
    assert len(mail.outbox) == 3
    lost = Notice.objects.get(state="failed")
    with clock.stopped_at(WEEK_BEFORE + timedelta(minutes=7)):
        letters.send_again(lost, by=making.organiser())
        letters.send_waiting()
    assert len({letter.to[0] for letter in mail.outbox}) == 4


def test_a_letter_that_the_server_refuses_is_tried_again(fair, monkeypatch):
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise smtplib.SMTPServerDisconnected

    with clock.stopped_at(WEEK_BEFORE):
        letters.note(fair["event"])
        with monkeypatch.context() as patch:
            patch.setattr(letters.letters, "write_to", refuse)
            assert letters.send_waiting() == 0
        assert not Copy.objects.exclude(told={}).exists()
        assert letters.send_waiting() == 0  # not at once
    with clock.stopped_at(WEEK_BEFORE + timedelta(minutes=3)):
        reactions.send()
    assert len(mail.outbox) == 4


def test_changes_of_the_same_day_are_urgent_and_the_next_half_hour_is_told_in_person(fair):
    published(fair)
    soon = fair["one"].slot.begins - timedelta(minutes=25)
    days.move(fair["two"], 3)
    found = published(fair, at=soon)
    assert found["mango"].subject.startswith("Urgent") and not Notice.objects.filter(
        in_person=True).exists()
    days.call_off(fair["one"])
    published(fair, at=soon)
    waiting = Notice.objects.filter(in_person=True)
    assert {notice.guest for notice in waiting} == {days.first(fair["mango"]),
                                                    days.first(fair["sensors"])}
    client, staff = Client(), making.organiser()
    client.force_login(staff)
    path = f"/en/meetings/{fair['event'].number}/sheets/letters/"
    with clock.stopped_at(soon):
        page = client.get(path).content.decode()
        assert "Mango 1" in page and "Called off" in page
        client.post(path, {"do": "told", "notice": [notice.pk for notice in waiting]})
        assert "Mango 1" not in client.get(path).content.decode().partition("Tell these")[2]
    assert Fact.objects.filter(name="day.told_in_person", actor=staff.ref).count() == 2


def test_who_has_no_address_is_told_in_person_until_somebody_did(fair):
    guest = days.mailed(fair["sensors"], "")
    assert set(published(fair)) == {"mango", "boats", "ploy"}
    [notice] = Notice.objects.filter(in_person=True)
    assert notice.guest == guest
    letters.told_in_person([notice], by=making.organiser())
    assert published(fair) == {} and Notice.objects.filter(guest=guest).count() == 1


def test_a_cancelled_event_takes_all_meetings_back(fair):
    published(fair)
    Event.objects.filter(pk=fair["event"].pk).update(state="cancelled")
    mail.outbox.clear()
    letters.note(Event.objects.get(pk=fair["event"].pk))
    letters.send_waiting()
    assert len(mail.outbox) == 4
    assert all(str(calendar["METHOD"]) == "CANCEL"
               for letter in mail.outbox for calendar in calendars(letter))


def test_who_has_withdrawn_hears_nothing_more(fair):
    published(fair)
    days.move(fair["two"], 4)
    fair["boats"].state = "withdrawn"
    fair["boats"].save()
    assert "boats" not in published(fair)


def test_facts_of_letters_name_nobody(fair):
    published(fair)
    told = Fact.objects.filter(name="day.told")
    assert told.count() == 4
    secrets = ["@example.org", "Mango", *(days.first(fair[name]).token
                                          for name in ("mango", "sensors", "boats"))]
    assert not any(word in str(fact.data) for fact in told for word in secrets)


def test_notes_for_many_take_as_many_queries_as_for_few(fair, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        letters.note(fair["event"])
    for _ in range(5):
        a, b = (making.party(fair["event"]) for _ in range(2))
        days.mailed(a, "a@example.org")
        days.meeting(a, b, slot=1)
    with django_assert_max_num_queries(30):
        letters.note(fair["event"])


# The feed

def feed(token: str, **headers: str) -> Any:
    return Client().get(f"/en/meetings/day/{token}/calendar.ics", headers=headers)


def test_the_feed_is_in_her_language_and_says_what_was_called_off(fair):
    published(fair)
    token = days.first(fair["mango"]).token
    answer = feed(token)
    assert answer["Content-Type"].startswith("text/calendar")
    before = {str(each["UID"]): each for each in Calendar.from_ical(answer.content).walk("VEVENT")}
    assert len(before) == 2
    assert feed(token, if_none_match=answer["ETag"]).status_code == 304
    days.call_off(fair["one"])
    days.move(fair["two"], 5)
    again = feed(token, if_none_match=answer["ETag"])
    assert again.status_code == 200
    after = {str(each["UID"]): each for each in Calendar.from_ical(again.content).walk("VEVENT")}
    assert set(after) == set(before)
    off = next(each for key, each in after.items() if key.startswith(fair["one"].word))
    on = next(each for key, each in after.items() if key.startswith(fair["two"].word))
    assert str(off["STATUS"]) == "CANCELLED" and int(off["SEQUENCE"]) == 1
    assert str(on["STATUS"]) == "CONFIRMED" and int(on["SEQUENCE"]) == 1
    thai = feed(days.first(fair["boats"]).token).content.decode()
    assert "/th/meetings/day/" in thai.replace("\r\n ", "")


def test_a_called_off_meeting_leaves_the_feed_two_weeks_after_its_day(fair):
    published(fair)
    days.call_off(fair["one"])
    published(fair)
    token = days.first(fair["sensors"]).token
    with clock.stopped_at(days.MORNING + timedelta(days=10)):
        assert b"CANCELLED" in feed(token).content
    with clock.stopped_at(days.MORNING + timedelta(days=16)):
        assert b"CANCELLED" not in feed(token).content


def test_an_online_meeting_brings_its_address(fair):
    event = days.event(mode="online")
    a, b = making.party(event), making.party(event)
    days.meeting(a, b, place=1, link="https://meet.example/xyz")
    [entry] = Calendar.from_ical(feed(days.first(a).token).content).walk("VEVENT")
    assert str(entry["URL"]) == "https://meet.example/xyz"


def test_a_link_set_by_a_side_stays_when_the_meeting_is_moved_online_and_goes_with_it_on_site():
    from saphan.rooms.meetings.actions import publishing
    from saphan.rooms.meetings.diffing import Line

    event = days.event(mode="mixed")
    a, b = making.party(event), making.party(event)
    hall, online = event.places.order_by("position")
    made = days.meeting(a, b, place=1, link="https://own.example/")
    places = {hall.pk: hall, online.pk: online}

    def at(place: Any, slot: int) -> str:
        line = Line(made.wish_id, event.slots.all()[slot].pk, place.pk, 0, made.guest_a_id,
                    made.guest_b_id, "en", ())
        return publishing._moved(made, line, places).link

    assert at(online, 1) == "https://own.example/"
    assert at(hall, 2) == ""
    assert at(online, 3) == f"https://meet.example/{made.word}"
