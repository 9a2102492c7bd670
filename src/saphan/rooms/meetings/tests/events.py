"""What the tests about events share."""

from __future__ import annotations

import json
from datetime import date, time
from typing import Any

from django.test import Client

from saphan.people import actions as people_actions
from saphan.people.models import Person
from saphan.rooms.meetings.actions import events as actions
from saphan.rooms.meetings.actions import parties as party_actions
from saphan.rooms.meetings.actions import setup
from saphan.rooms.meetings.cutting import Pattern, cut
from saphan.rooms.meetings.forms.events import EventForm
from saphan.rooms.meetings.forms.parties import RegistrationForm
from saphan.rooms.meetings.forms.setup import PlaceForm
from saphan.rooms.meetings.models import Event, Party, Place
from saphan.rooms.meetings.tests.making import BEGINS

NOW = BEGINS.replace(month=2, day=1)
DAY = date(2027, 3, 10)

FRUIT: dict[str, Any] = {
    "title": "水果与人工智能", "summary": "包装水果的人与看得见成熟度的人见面。", "lang": "zh-Hans",
    "description": "", "venue": "南宁", "economy": "CN", "mode": "onsite", "sector": "agriculture",
    "time_zone": "Asia/Shanghai", "first_day": "2027-03-10", "last_day": "2027-03-11",
    "registration_ends": "2027-03-01T18:00", "wishes_end": "2027-03-05T18:00",
    "capacity": "3", "needs_approval": "on", "floor": "2", "most": "12", "language_level": "2",
    "unanswered": "on",
}
GUEST: dict[str, Any] = {"name": "Mali", "email": "mali@example.com", "speaks": {"th": 3},
                         "language": "th"}


def draft(by: Person, **changes: Any) -> Event:
    form = EventForm({**FRUIT, **changes})
    assert form.is_valid(), form.errors
    return actions.start(form.values(by=by.ref), by=by)


def set_up(event: Event, by: Person | None = None) -> Event:
    """Six half hours on the first day, one hall."""
    setup.set_slots(event, cut([event.first_day], Pattern(
        time(9), time(12), 25, 5), event.zone), by=by)
    form = PlaceForm({"name": "大厅", "tables": "3"}, event=event)
    assert form.is_valid(), form.errors
    setup.keep(event, Place, form.values(), by=by)
    return event


def opened(by: Person, **changes: Any) -> Event:
    return actions.open_event(set_up(draft(by, **changes)), by=by)


def sent(name: str = "สหกรณ์ทุเรียน", guests: int = 1, **changes: Any) -> dict[str, Any]:
    """A registration as software sends it."""
    return {"organisation": name, "economy": "TH", "about": "เราปลูกทุเรียน",
            "guests": [{**GUEST, "name": f"Mali {number}", "email": ""}
                       for number in range(1, guests + 1)], **changes}


def boxes(data: dict[str, Any]) -> dict[str, Any]:
    """The same as a browser sends it."""
    data = dict(data)
    for at, guest in enumerate(data.pop("guests", [])):
        for name, value in guest.items():
            if name == "speaks":
                for row, (lang, level) in enumerate(value.items()):
                    data[f"guests-{at}-speaks-{row}-lang"] = lang
                    data[f"guests-{at}-speaks-{row}-level"] = level
            else:
                data[f"guests-{at}-{name}"] = value
    return data


def registered(event: Event, by: Person | None, name: str = "สหกรณ์ทุเรียน", guests: int = 1,
               **changes: Any) -> Party:
    form = RegistrationForm(sent(name, guests, **changes), event=event, by=by)
    assert form.is_valid(), form.problems()
    return party_actions.register(event, form.registration(by=by.ref if by else ""), by=by)


class Api:
    """What software with somebody's token does."""

    def __init__(self, person: Person | None, scope: str = "write") -> None:
        self.client = Client()
        self.headers: dict[str, Any] = {}
        if person is not None:
            token = people_actions.issue_token(person, name="test", scope=scope, by=person)
            self.headers = {"HTTP_AUTHORIZATION": f"Bearer {token}"}

    def __call__(self, verb: str, path: str, body: Any = None, expect: int = 200) -> Any:
        answer = self.client.generic(
            verb, f"/api/v1/meetings/{path}", json.dumps(body) if body is not None else "",
            content_type="application/json", **self.headers)
        assert answer.status_code == expect, (answer.status_code, answer.content.decode()[:2000])
        return answer.json() if answer.content else None


def signed_in(person: Person | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def get(person: Person | None, path: str, expect: int = 200) -> str:
    response = signed_in(person).get(f"/en/meetings/{path}")
    assert response.status_code == expect, (path, response.status_code)
    return response.content.decode()


def post(person: Person | None, path: str, data: dict[str, Any] | None = None,
         expect: int = 302) -> Any:
    response = signed_in(person).post(f"/en/meetings/{path}", data or {})
    assert response.status_code == expect, (response.status_code,
                                            response.content.decode()[-3000:])
    return response
