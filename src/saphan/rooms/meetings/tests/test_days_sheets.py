"""Printouts: each in the reader's language, and only what is wanted."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from saphan.ground import clock
from saphan.ground.models import Fact
from saphan.people.models import Role
from saphan.rooms.meetings.models import Delegation, Event
from saphan.rooms.meetings.tests import days, making

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(making.organiser())
    return client


@pytest.fixture
def fair() -> Event:
    """Mango (Thai, no e-mail) meets Boats (English) with an interpreter, at table 2."""
    event = days.event()
    mango, boats = making.party(event, "Mango"), making.party(event, "Boats")
    guest = days.first(mango)
    guest.language = "th"
    guest.save()
    days.mailed(boats, "boats@example.org")
    days.meeting(mango, boats, table=1, interpreters=(making.interpreter(event, en=3, th=3),))
    return event


def sheets(desk: Client, event: Event, **wanted: str) -> list[str]:
    """The sheets, one string each."""
    with clock.stopped_at(days.MORNING):
        answer = desk.get(f"/en/meetings/{event.number}/sheets/print/", wanted)
        content = b"".join(_read(answer)).decode()
    return re.findall(r'<section class="sheet.*?</section>', content, re.DOTALL)


def _read(answer: Any) -> Any:
    from asgiref.sync import async_to_sync

    async def collect() -> list[bytes]:
        return [piece async for piece in answer]

    if not answer.streaming:
        return [answer.content]
    return async_to_sync(collect)()


def test_each_participant_has_a_sheet_in_the_own_language(desk, fair):
    thai, english = sheets(desk, fair, kind="people")
    assert 'lang="th"' in thai and "2570" in thai and "Boats" in thai and "7:30" in thai
    assert 'lang="en"' in english and "10 March 2027" in english and "Table 2" in english
    assert all('class="qr"' in one and "Ploy" in one for one in (thai, english))


def test_companies_interpreters_and_tables_have_their_own(desk, fair):
    companies = sheets(desk, fair, kind="companies")
    assert len(companies) == 2 and "Mango 1" in companies[0]
    [interpreter] = sheets(desk, fair, kind="interpreters")
    assert "Mango" in interpreter and "Boats" in interpreter
    [card] = sheets(desk, fair, kind="tables")
    assert ">2</b>" in card and "Mango" in card and "Boats" in card
    assert len(sheets(desk, fair, kind="everything")) == 4


def test_a_host_finds_the_meetings_of_the_delegation_on_the_sheet(desk, fair):
    host = making.party(fair, "Host")
    mango = fair.parties.get(position=1)
    mango.delegation = Delegation.objects.create(event=fair, host=days.first(host),
                                                 host_sits_in=True)
    mango.save()
    assert "Boats" in sheets(desk, fair, kind="people")[2]


def test_only_who_has_no_e_mail_or_whose_day_changed_since_the_last_print(desk, fair):
    [alone] = sheets(desk, fair, kind="people", who="no_email")
    assert "Mango 1" in alone
    assert len(sheets(desk, fair, kind="people", who="changed")) == 2
    desk.post(f"/en/meetings/{fair.number}/sheets/printed/", {"kind": "people", "who": "all"})
    assert sheets(desk, fair, kind="people", who="changed") == []
    days.meeting(fair.parties.get(position=2), making.party(fair, "Sensors"), slot=1)
    assert len(sheets(desk, fair, kind="people", who="changed")) == 2  # Boats and Sensors
    assert Fact.objects.get(name="sheets.printed").data == {"sheets": 2}


@pytest.mark.parametrize("role", ["", Role.Name.VENDOR, Role.Name.DIRECTOR])
def test_only_the_staff_prints(fair, role):
    client = Client()
    client.force_login(making.person("Somebody", role=role))
    for path in ("", "print/?kind=people"):
        assert client.get(f"/en/meetings/{fair.number}/sheets/{path}").status_code == 404
    assert client.post(f"/en/meetings/{fair.number}/sheets/printed/",
                       {"kind": "people"}).status_code == 404


def test_sheets_need_as_many_queries_for_many_as_for_few(desk, fair):
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as found:
            sheets(desk, fair, kind="everything")
        counts.append(len(found))
        for slot in range(1, 5):
            days.meeting(making.party(fair), making.party(fair), slot=slot)
    assert counts[0] == counts[1]


def test_the_desk_gives_somebody_a_new_address(desk, fair):
    guest = days.first(fair.parties.get(position=1))
    page = desk.get(f"/en/meetings/{fair.number}/sheets/?q=mang").content.decode()
    assert guest.token in page and "Boats 1" not in page
    desk.post(f"/en/meetings/{fair.number}/sheets/address/", {"reader": f"guest-{guest.pk}"})
    assert Client().get(f"/en/meetings/day/{guest.token}/").status_code == 404


# For software

@pytest.fixture
def meeting() -> Any:
    event = days.event(mode="online")
    ours, theirs = making.party(event, "Mango", account=True), making.party(
        event, "Boats", account=True)
    return days.meeting(ours, theirs, place=1, link="https://meet.example/a")


def test_software_reads_only_the_days_of_its_person(meeting):
    from saphan.rooms.meetings.tools import days as tools

    number = meeting.event.number
    told = tools.read_my_day(number, person=meeting.guest_a.party.contact)
    [one] = told["people"]
    [item] = one["days"][0]["items"]
    assert item["begins"] == "2027-03-10T07:30:00+06:30" and item["word"] == meeting.word
    assert item["with"][0]["organisation"]["text"] == "Boats"
    assert item["link"] is None and item["link_from"] == "2027-03-10T07:15:00+06:30"
    assert tools.read_my_day(number, person=making.person("Stranger"))["people"] == []


def test_software_sets_a_link_for_its_side_only(meeting):
    from saphan.ground.access import Refused
    from saphan.house import callers
    from saphan.rooms.meetings.tools import days as tools

    number, word = meeting.event.number, meeting.word
    hers = meeting.guest_b.party.contact
    assert tools.set_meeting_link(number, word, "https://b.example/", person=hers)["sequence"] == 1
    with pytest.raises(callers.Invalid):
        tools.set_meeting_link(number, word, "http://b.example/", person=hers)
    with pytest.raises(callers.Missing):
        tools.set_meeting_link(number, word, "https://b.example/", person=making.person("Other"))
    with pytest.raises(Refused):
        tools.set_meeting_link(number, word, "https://b.example/")


def test_the_api_wants_a_token():
    event = days.event()
    assert Client().get(f"/api/v1/meetings/{event.number}/my-day").status_code == 401
