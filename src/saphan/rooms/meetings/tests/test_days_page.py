"""One's own day at its secret address, in several languages."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from saphan.ground import clock, ledger
from saphan.ground.hushing import Hush
from saphan.ground.models import Fact
from saphan.ground.text import Text
from saphan.rooms.meetings.models import Delegation, Incident, Party, Place, Session
from saphan.rooms.meetings.tests import days, making

pytestmark = pytest.mark.usefixtures("house")


def read(token: str, *, lang: str = "en", at: Any = days.MORNING) -> str:
    with clock.stopped_at(at):
        answer = Client().get(f"/{lang}/meetings/day/{token}/")
    assert answer.status_code == 200
    return answer.content.decode()


def send(token: str, part: str, **values: str) -> Any:
    return Client().post(f"/en/meetings/day/{token}/{part}/", values)


def test_who_when_where_in_which_language_and_why():
    event = days.event()
    ours, theirs = making.party(event, "Mango House"), making.party(event, "果眼智能", economy="CN")
    helper = making.interpreter(event, en=3, zh=3)
    days.meeting(ours, theirs, table=2, interpreters=(helper,))
    page = read(days.first(ours).token)
    assert "果眼智能" in page and "果眼智能 1" in page and "Mango House 2" not in page
    assert "7:30" in page and "UTC+6:30" in page  # half past seven in Yangon is one o'clock UTC
    assert "Table 3" in page and "Ploy" in page and "Let us talk about packing." in page
    assert "in 30 minutes" in page


def test_a_thai_reader_counts_buddhist_years():
    event = days.event()
    ours, theirs = making.party(event), making.party(event)
    days.meeting(ours, theirs)
    assert "2570" in read(days.first(ours).token, lang="th")


def test_who_joins_online_sees_the_own_time_beside_that_of_the_event():
    event = days.event(mode="mixed")
    ours, theirs = making.party(event), making.party(event)
    guest = days.first(ours)
    guest.presence, guest.time_zone = "online", "America/Los_Angeles"
    guest.save()
    days.meeting(ours, theirs, place=1, link="https://meet.example/abc")
    page = read(guest.token)
    assert "5:00" in page and "UTC-8" in page and "9 March 2027" in page


def test_the_link_is_shown_from_a_quarter_of_an_hour_before():
    event = days.event(mode="online")
    ours, theirs = making.party(event), making.party(event)
    days.meeting(ours, theirs, place=1, link="https://meet.example/abc")
    token = days.first(ours).token
    begins = event.slots.all()[0].begins
    assert 'href="https://meet.example/abc"' not in read(token, at=begins - timedelta(minutes=16))
    assert 'href="https://meet.example/abc"' in read(token, at=begins - timedelta(minutes=15))
    assert 'href="https://meet.example/abc"' not in read(token, at=begins + timedelta(minutes=31))


def test_the_way_from_one_room_to_the_next_is_told():
    event = days.event()
    ours, one, two = (making.party(event) for _ in range(3))
    there = Place.objects.create(event=event, name=Text.of({"en": "Garden"}), position=2,
                                 walks={str(event.places.get().pk): 7})
    days.meeting(ours, one, slot=0)
    days.meeting(ours, two, slot=1, place=1)
    assert there.walks and "7 minutes on foot" in read(days.first(ours).token)


def test_sessions_that_she_attends_stand_in_her_day():
    event = days.event()
    ours = making.party(event)
    begins = event.slots.all()[2].begins
    for title, everybody in (("Opening", True), ("Soil and sensors", False), ("Boats", False)):
        session = Session.objects.create(event=event, title=Text.of({"en": title}), begins=begins,
                                         ends=begins + timedelta(hours=1), everybody=everybody)
        if title == "Soil and sensors":
            days.first(ours).sessions.add(session)
    page = read(days.first(ours).token)
    assert "Opening" in page and "Soil and sensors" in page and "Boats" not in page


def test_an_interpreter_and_a_host_open_their_days():
    event = days.event()
    ours, theirs, hosts = (making.party(event, name) for name in ("Asker", "Asked", "Host"))
    helper = making.interpreter(event, en=3, th=3)
    days.meeting(ours, theirs, interpreters=(helper,))
    ours.delegation = Delegation.objects.create(
        event=event, name=Text.of({"en": "Lao growers"}), host=days.first(hosts),
        host_sits_in=True)
    ours.save()
    for token in (helper.token, days.first(hosts).token):
        page = read(token)
        assert "Asker" in page and "Asked" in page


def test_what_changed_since_she_looked_is_marked_until_she_has_seen_it():
    event = days.event()
    ours, one, two, three = (making.party(event) for _ in range(4))
    moved, gone = days.meeting(ours, one, slot=0), days.meeting(ours, two, slot=1)
    token = days.first(ours).token
    assert "since you last looked" not in read(token)
    days.move(moved, 3)
    days.call_off(gone)
    days.meeting(ours, three, slot=4)
    for _ in range(2):  # looking alone, or a device that refreshes, does not take the marks away
        page = read(token)
        assert "3 changes since you last looked" in page
        assert all(word in page for word in ("Moved", "Called off", "New"))
        assert 'data-mark="moved"' in page and "<s" in page
    send(token, "seen")
    assert "since you last looked" not in read(token)
    assert Fact.objects.filter(name="day.seen").count() == 1


@pytest.mark.parametrize("state", ["withdrawn", "applied", "declined"])
def test_the_address_opens_nothing_without_a_valid_registration(state):
    event = days.event()
    ours, theirs = making.party(event, "Mango House"), making.party(event)
    days.meeting(ours, theirs)
    token = days.first(ours).token
    Party.objects.filter(pk=ours.pk).update(state=state)
    for path in ("", "calendar.ics"):
        answer = Client().get(f"/en/meetings/day/{token}/{path}")
        assert answer.status_code == 404 and b"Mango" not in answer.content


def test_a_new_address_kills_the_old_one():
    event = days.event()
    guest = days.first(making.party(event))
    old = guest.token
    answer = send(old, "address")
    guest.refresh_from_db()
    assert guest.token != old and guest.token in answer["Location"]
    assert Client().get(f"/en/meetings/day/{old}/").status_code == 404
    assert Client().get(f"/en/meetings/day/{old}/calendar.ics").status_code == 404
    read(guest.token)
    assert all(old not in str(fact.data) and guest.token not in str(fact.data)
               for fact in Fact.objects.all())


def test_nobody_keeps_or_finds_the_page_and_no_other_site_learns_its_address():
    event = days.event()
    guest = days.first(making.party(event))
    for path in ("", "calendar.ics"):
        answer = Client().get(f"/en/meetings/day/{guest.token}/{path}")
        assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "same-origin"


def test_the_log_never_says_a_secret_address():
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "Not Found: %s",
                               ("/th/meetings/day/AbCdEfGhIjKlMnOpQrStUv/seen/",), None)
    assert Hush().filter(record)
    assert "AbCd" not in record.getMessage() and "/seen/" in record.getMessage()


def test_the_desk_learns_who_comes_late_and_who_cannot_come():
    event = days.event(state="running")
    ours, theirs = making.party(event), making.party(event)
    made = days.meeting(ours, theirs, slot=1)
    token = days.first(ours).token
    with clock.stopped_at(days.MORNING):
        send(token, "report", what="late", minutes="30", note="The bus stands still")
        late = Incident.objects.get()
        assert late.kind == "late" and late.guest == days.first(ours)
        assert late.ends == made.slot.begins + timedelta(minutes=30)
        send(token, "report", what="meeting", meeting=made.word)
        away = Incident.objects.first()
        assert (away.meeting, away.begins, away.ends) == (made, made.slot.begins, made.slot.ends)
        send(token, "report", what="meeting", meeting=made.word)
        assert Incident.objects.count() == 2  # said twice is said once
        answer = send(token, "report", what="meeting")
        assert answer.status_code == 422 and b"Choose the meeting" in answer.content
    assert "You come at 8:40" in read(token) and "You cannot come at 8:10" in read(token)
    assert all("bus" not in str(fact.data) for fact in Fact.objects.all())


def test_a_meeting_of_others_cannot_be_reported_or_linked():
    event = days.event(mode="online")
    ours, one, two = (making.party(event) for _ in range(3))
    others = days.meeting(one, two, place=1)
    token = days.first(ours).token
    with clock.stopped_at(days.MORNING):
        assert send(token, "report", what="meeting", meeting=others.word).status_code == 422
        assert send(token, f"link/{others.word}", link="https://a.example/").status_code == 404


@pytest.mark.parametrize(("link", "taken"), [
    ("https://meet.example/room/7", True), ("", True), ("http://meet.example/7", False),
    ("javascript:alert(1)", False), ("https://me:secret@meet.example/", False),
    ("https://meet.example/ two", False)])
def test_either_side_sets_another_link_if_it_is_an_https_address(link, taken):
    event = days.event(mode="online")
    ours, theirs = making.party(event), making.party(event)
    made = days.meeting(ours, theirs, place=1, link="https://old.example/")
    with clock.stopped_at(days.MORNING):
        answer = send(days.first(theirs).token, f"link/{made.word}", link=link)
    made.refresh_from_db()
    assert answer.status_code == (302 if taken else 422)
    assert made.link == (link if taken else "https://old.example/")
    assert made.sequence == (1 if taken else 0)
    facts = ledger.about(made)
    assert [fact.name for fact in facts] == (["meeting.link_changed"] if taken else [])
    assert link == "" or all(link not in str(fact.data) for fact in facts)


def test_who_signed_in_is_led_to_her_own_day_and_chooses_where_there_are_several():
    event = days.event()
    one = making.party(event, account=True)
    client = Client()
    client.force_login(one.contact)
    answer = client.get(f"/en/meetings/{event.number}/my-day/")
    assert answer["Location"].endswith(f"/day/{days.first(one).token}/")
    several = making.party(event, "Twins", account=True, guests=2)
    client.force_login(several.contact)
    page = client.get(f"/en/meetings/{event.number}/my-day/?choose=1").content.decode()
    assert "Twins 1" in page and "Twins 2" in page
    client.force_login(making.person("Stranger"))
    page = client.get(f"/en/meetings/{event.number}/my-day/").content.decode()
    assert "You have no day" in page and "Twins" not in page


def test_a_day_is_read_in_as_many_queries_with_one_meeting_as_with_ten():
    event = days.event(slots=12)
    ours = making.party(event)
    counts = []
    for slots in (range(1), range(1, 10)):
        for slot in slots:
            days.meeting(ours, making.party(event), slot=slot,
                         interpreters=(making.interpreter(event, en=3),))
        send(days.first(ours).token, "seen")
        with CaptureQueriesContext(connection) as found:
            read(days.first(ours).token)
        counts.append(len(found))
    assert counts[0] == counts[1]
