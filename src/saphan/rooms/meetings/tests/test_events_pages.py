"""Events through the front: reading, holding, setting up, registering, the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from saphan.ground import clock
from saphan.ground.text import Text
from saphan.people import actions as people_actions
from saphan.people.models import Person, Role
from saphan.rooms.meetings.actions import events as actions
from saphan.rooms.meetings.actions import parties as party_actions
from saphan.rooms.meetings.models import Event, Guest, Party, Session
from saphan.rooms.meetings.sample import make_examples
from saphan.rooms.meetings.tests import making
from saphan.rooms.meetings.tests.events import (
    FRUIT,
    NOW,
    Api,
    boxes,
    draft,
    get,
    opened,
    post,
    registered,
    sent,
    signed_in,
)

STAFF_PAGES = ("setup/", "setup/slots/", "setup/places/", "setup/sessions/",
               "setup/interpreters/", "setup/delegations/", "registrations/",
               "registrations/import/", "badges/", "check-in/", "check-in/walk-in/")


@pytest.fixture(autouse=True)
def stopped(db: None) -> Iterator[None]:
    people_actions.load_economies()
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def wei() -> Person:
    return making.organiser()


@pytest.fixture
def mali() -> Person:
    return making.person("Mali", language="th")


@pytest.fixture
def event(wei: Person) -> Event:
    return opened(wei)


def test_a_visitor_reads_what_when_where_and_how_many_places_are_left(event: Event) -> None:
    making.party(event, guests=2)
    html = get(None, f"{event.number}/")
    for words in (FRUIT["title"], "南宁", "10 Mar 2027 to 11 Mar 2027", "1 place left",
                  "1 March 2027, 6:00", "UTC+8", "Thailand", "Agriculture"):
        assert words in html.replace("\u202f", " "), words
    assert "Packer 1" not in html  # who comes is told to those who come


def test_outsiders_find_no_draft(wei: Person, mali: Person) -> None:
    hidden = draft(wei)
    for somebody in (None, mali):
        for path in ("", "programme/", "programme.ics", "register/", "party/1/"):
            expected = 404
            assert signed_in(somebody).get(
                f"/en/meetings/{hidden.number}/{path}").status_code == expected, path
        assert hidden.number not in get(somebody, "")
        Api(somebody)("GET", f"events/{hidden.number}", expect=404)
        assert Api(somebody)("GET", "events/")["count"] == 0
    assert hidden.number in get(wei, "")


@pytest.mark.parametrize("page", STAFF_PAGES)
def test_the_pages_of_the_staff_are_not_there_for_others(event: Event, mali: Person, wei: Person,
                                                         page: str) -> None:
    making.party(event)
    assert signed_in(mali).get(f"/en/meetings/{event.number}/{page}").status_code == 404
    assert signed_in(None).get(f"/en/meetings/{event.number}/{page}").status_code in (302, 404)
    get(wei, f"{event.number}/{page}")


def test_an_organiser_holds_an_event_from_the_first_word_to_the_open_door(wei: Person) -> None:
    answer = post(wei, "new/", FRUIT)
    event = Event.objects.get()
    assert answer["Location"].endswith(f"{event.number}/setup/")
    assert "missing" in get(wei, f"{event.number}/setup/")
    pattern = {"days": ["2027-03-10", "2027-03-11"], "begins": "09:00", "ends": "12:00",
               "length": "25", "pause": "5", "break_1_begins": "10:30", "break_1_ends": "11:00"}
    shown = signed_in(wei).post(f"/en/meetings/{event.number}/setup/slots/",
                                {**pattern, "action": "show"}).content.decode()
    assert "10 times for meetings would result" in shown and not event.slots.exists()
    post(wei, f"{event.number}/setup/slots/", {**pattern, "action": "keep"})
    assert event.slots.count() == 10
    post(wei, f"{event.number}/setup/places/", {"name": "大厅", "tables": "3"})
    post(wei, f"{event.number}/setup/places/", {"name": "沙龙", "tables": "2"})
    one, other = event.places.all()
    post(wei, f"{event.number}/setup/walks/", {f"walk-{one.pk}-{other.pk}": "4"})
    post(wei, f"{event.number}/move/open/")
    event.refresh_from_db()
    one.refresh_from_db()
    assert event.state == "open" and one.walks == {str(other.pk): 4}
    assert FRUIT["title"] in get(None, "")


def test_a_wrong_event_keeps_every_word(wei: Person) -> None:
    html = post(wei, "new/", {**FRUIT, "last_day": "2027-01-01"}, 422).content.decode()
    assert FRUIT["summary"] in html and "The last day is the first day or a later one" in html


def test_an_old_page_does_not_overwrite_what_was_saved_since(event: Event, wei: Person) -> None:
    assert f'name="version" value="{event.version}"' in get(wei, f"{event.number}/edit/")
    seen = event.version
    actions.save(event, {"capacity": 80}, by=wei)
    answer = post(wei, f"{event.number}/edit/", {**FRUIT, "title": "新名字", "version": seen}, 409)
    assert "新名字" in answer.content.decode() and "80" in answer.content.decode()
    event.refresh_from_db()
    assert event.capacity == 80


def test_saving_an_event_as_it_is_shown_changes_nothing(event: Event, wei: Person) -> None:
    post(wei, f"{event.number}/edit/", {**FRUIT, "version": event.version})
    event.refresh_from_db()
    assert event.version == 1


def test_what_was_written_before_signing_in_is_kept(event: Event, mali: Person,
                                                    client: Client) -> None:
    answer = client.post(f"/en/meetings/{event.number}/register/", boxes(sent()))
    assert answer.status_code == 302 and not Party.objects.exists()
    client.force_login(mali)
    html = client.get(f"/en/meetings/{event.number}/register/").content.decode()
    assert "เราปลูกทุเรียน" in html and "Mali 1" in html


def test_one_more_person_loses_no_word_and_saves_nothing(event: Event, mali: Person) -> None:
    html = post(mali, f"{event.number}/register/",
                {**boxes(sent(guests=2)), "action": "more"}, 200).content.decode()
    assert "Mali 2" in html and "guests-2-name" in html and "เราปลูกทุเรียน" in html
    assert not Party.objects.exists()


def test_she_registers_changes_and_withdraws(event: Event, mali: Person) -> None:
    post(mali, f"{event.number}/register/", boxes(sent(guests=2)))
    party = Party.objects.get()
    html = get(mali, f"{event.number}/register/")
    assert "Waiting for approval" in html and "Mali 2" in html
    first, second = party.guests.all()
    data = boxes({"about": "ทุเรียน", "guests": [
        {"id": first.pk, "name": "Mali", "speaks": {"th": 3}, "drop": "on"},
        {"id": second.pk, "name": "Somchai", "speaks": {"th": 3, "en": 2}}]})
    post(mali, f"{event.number}/register/1/", data)
    assert [guest.name for guest in party.guests.all()] == ["Somchai"]
    assert "Thai: Fluently" in get(mali, f"{event.number}/register/")
    post(mali, f"{event.number}/party/1/withdraw/", {"next": "register"})
    party.refresh_from_db()
    assert party.state == "withdrawn"
    assert "Register again" in get(mali, f"{event.number}/register/")


def test_a_registration_with_a_mistake_says_so_and_keeps_the_rest(event: Event,
                                                                  mali: Person) -> None:
    data = {**boxes(sent()), "guests-0-email": "nobody", "economy": ""}
    html = post(mali, f"{event.number}/register/", data, 422).content.decode()
    assert "เราปลูกทุเรียน" in html and "Say where the organisation is at home" in html
    assert 'value="nobody"' in html


def test_addresses_are_for_the_staff_and_the_own_party_only(event: Event, mali: Person,
                                                           wei: Person) -> None:
    party = party_actions.approve(registered(event, mali), by=wei)
    Guest.objects.filter(party=party).update(email="secret@example.net")
    other = making.party(event, account=True)
    page = f"{event.number}/party/{party.position}/"
    path = f"events/{event.number}/registrations/{party.position}"
    assert "secret@example.net" in get(wei, page) and "secret@example.net" in get(mali, page)
    assert "secret@example.net" not in get(other.contact, page)
    assert "secret@example.net" not in str(Api(other.contact)("GET", path))
    assert "secret@example.net" in str(Api(mali)("GET", path))
    assert "secret@example.net" in str(Api(wei)("GET", path))
    Api(making.person("Stranger"))("GET", path, expect=404)
    Api(other.contact)("GET", f"events/{event.number}/registrations", expect=404)
    Api(None)("GET", f"events/{event.number}/registrations", expect=401)


def test_the_desk_decides_on_many_at_once_and_hears_what_was_refused(event: Event,
                                                                     wei: Person) -> None:
    for name in ("A", "B", "C"):
        registered(event, making.person(name), name, guests=2)
    answer = signed_in(wei).post(f"/en/meetings/{event.number}/registrations/do/",
                                 {"party": ["1", "2"], "do": "approve"}, follow=True)
    html = answer.content.decode()
    assert "Done for 1 registration." in html and "B: All places are taken" in html
    signed_in(wei).post(f"/en/meetings/{event.number}/registrations/do/",
                        {"party": ["2", "3"], "do": "put_on_list"})
    assert [party.state for party in event.parties.all()] == ["approved", "waiting", "waiting"]
    found = get(wei, f"{event.number}/registrations/?state=waiting&text=B")
    assert "party/2/" in found and "party/3/" not in found


def test_the_staff_take_registrations_from_a_file_in_two_steps(event: Event, wei: Person) -> None:
    file = SimpleUploadedFile("list.csv", "organisation;economy;name;speaks\nA;TH;Mali;th:3\n"
                              "B;XX;Lan;vi:3\n".encode("utf-8-sig"))
    path = f"/en/meetings/{event.number}/registrations/import/"
    html = signed_in(wei).post(path, {"file": file, "action": "check"}).content.decode()
    assert "1 organisation can be registered" in html and "XX" in html
    assert not event.parties.exists()
    content = html.split('name="content"')[1].split(">", 1)[1].split("</textarea>")[0].lstrip("\n")
    signed_in(wei).post(path, {"content": content, "action": "load", "approve": "on"})
    assert [(str(party), party.state) for party in event.parties.all()] == [("A", "approved")]


def test_a_participant_chooses_sessions_for_her_people(event: Event, mali: Person,
                                                       wei: Person) -> None:
    party = party_actions.approve(registered(event, mali), by=wei)
    session = Session.objects.create(
        event=event, title=Text.of({"en": "Seeing"}), begins=making.BEGINS, capacity=1,
        ends=making.BEGINS + timedelta(minutes=45))
    guest = party.guests.get()
    path = f"{event.number}/programme/{session.pk}/attend/"
    assert "1 seat left" in get(mali, f"{event.number}/programme/")
    post(mali, path, {"guest": guest.pk})
    assert "All seats are taken" in get(mali, f"{event.number}/programme/")
    other = making.party(event, account=True)
    post(other.contact, path, {"guest": guest.pk}, 404)  # not hers
    answer = signed_in(other.contact).post(
        f"/en/meetings/{path}", {"guest": other.guests.get().pk}, follow=True)
    assert "All seats are taken." in answer.content.decode() and session.guests.count() == 1
    post(mali, path, {"guest": guest.pk, "do": "leave"})
    assert not session.guests.exists()


def test_the_programme_goes_into_a_calendar(event: Event) -> None:
    Session.objects.create(event=event, title=Text.of({"en": "Seeing"}), begins=making.BEGINS,
                           ends=making.BEGINS + timedelta(minutes=45))
    answer = signed_in(None).get(f"/en/meetings/{event.number}/programme.ics")
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert "Seeing" in text and "20270310T010000Z" in text


def counted(person: Person | None, path: str) -> int:
    client = signed_in(person)
    client.get(f"/en/meetings/{path}")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/en/meetings/{path}").status_code == 200
    return len(captured)


@pytest.mark.parametrize("page", [
    "", "programme/", "register/?more", "registrations/", "registrations/?state=approved",
    "setup/", "setup/slots/", "setup/interpreters/", "setup/delegations/", "badges/",
    "check-in/", "check-in/?q=packer", "party/1/"])
def test_pages_of_an_event_ask_as_often_for_thirty_participants_as_for_two(
        wei: Person, page: str) -> None:
    event = opened(wei, capacity="500")

    def grow(number: int) -> None:
        for _each in range(number):
            making.party(event, guests=2, speaks={"th": 3})
            making.interpreter(event, th=3, zh=3)

    grow(4)
    few = counted(wei, f"{event.number}/{page}")
    grow(28)
    assert counted(wei, f"{event.number}/{page}") == few


def test_the_list_of_events_asks_as_often_for_many_as_for_few(wei: Person) -> None:
    make_examples(8)
    few = counted(wei, "")
    make_examples(40)
    assert counted(wei, "") == few


@pytest.mark.parametrize("lang", ["th", "my", "zh-hans"])
def test_every_page_opens_in_other_scripts(event: Event, wei: Person, mali: Person,
                                           lang: str) -> None:
    party_actions.approve(registered(event, mali), by=wei)
    for page in ("", "programme/", "register/", "party/1/", "edit/", *STAFF_PAGES):
        answer = signed_in(wei).get(f"/{lang}/meetings/{event.number}/{page}")
        assert answer.status_code == 200, page


def test_a_clerk_looks_at_the_set_up_and_cannot_change_it(event: Event) -> None:
    clerk = making.person("Clerk", role=Role.Name.CLERK)
    assert "Only the organisers change it" in get(clerk, f"{event.number}/setup/places/")
    for path, data in (("places/", {"name": "X", "tables": "9"}), ("walks/", {}),
                       ("slots/", {"action": "keep"}), ("slots/add/", {})):
        post(clerk, f"{event.number}/setup/{path}", data, 403)
    assert event.places.count() == 1


def test_events_are_held_and_changed_by_software(wei: Person, mali: Person) -> None:
    api = Api(wei)
    data: dict[str, Any] = {**FRUIT, "capacity": 3, "needs_approval": True, "unanswered": True}
    made = api("POST", "events/", data, expect=201)
    assert made["words"]["title"] == {"zh-Hans": FRUIT["title"]} and made["version"] == 1
    number = made["number"]
    changed = api("PATCH", f"events/{number}", {"capacity": 9, "version": 1})
    assert (changed["capacity"], changed["version"]) == (9, 2)
    assert changed["words"] == made["words"]
    api("PATCH", f"events/{number}", {"capacity": 10, "version": 1}, expect=403)
    wrong = api("PATCH", f"events/{number}", {"colour": "red"}, expect=422)
    assert "colour" in str(wrong)
    api("POST", f"events/{number}/open", expect=403)
    Api(mali)("POST", "events/", data, expect=403)


def test_software_registers_reads_and_decides(event: Event, wei: Person, mali: Person) -> None:
    api = Api(mali)
    made = api("POST", f"events/{event.number}/registrations", sent(guests=2), expect=201)
    assert (made["state"], made["lang"], len(made["guests"])) == ("applied", "th", 2)
    wrong = api("POST", f"events/{event.number}/registrations",
                {**sent("B"), "guests": [{"name": "X", "shoe": 40}]}, expect=422)
    assert "guests.1.shoe" in str(wrong)
    keep = made["guests"][1]
    changed = api("PATCH", f"events/{event.number}/registrations/1",
                  {"seeks": "กล้อง", "guests": [{"id": keep["id"], "name": keep["name"],
                                                 "speaks": {"th": 3, "en": 1}}]})
    assert [guest["id"] for guest in changed["guests"]] == [keep["id"]]
    assert changed["about"] == made["about"]
    api("POST", f"events/{event.number}/registrations/1/approve", expect=403)
    done = Api(wei)("POST", f"events/{event.number}/registrations/1/approve")
    assert done["state"] == "approved"
    assert Api(wei)("GET", f"events/{event.number}/registrations?state=approved")["count"] == 1
    assert api("GET", f"events/{event.number}/registrations/mine")["registrations"][0][
        "position"] == 1
    Api(mali, "read")("PATCH", f"events/{event.number}/registrations/1", {}, expect=403)
