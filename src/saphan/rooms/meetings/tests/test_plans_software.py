"""Plans, meetings and incidents through the API and MCP."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from saphan.house import callers
from saphan.people import actions as people
from saphan.rooms.meetings.actions import computing
from saphan.rooms.meetings.models import Incident, Plan
from saphan.rooms.meetings.tests import making
from saphan.rooms.meetings.tests.planned import published, small_engine
from saphan.rooms.meetings.tools import plans as tools

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair(house: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(computing.client, "run", small_engine)
    return published(making.event(slots=6, tables=3))


def test_the_staff_reads_all_meetings_and_a_party_its_own(fair: Any) -> None:
    assert tools.list_meetings(fair.number, person=making.organiser())["count"] == 6
    party = fair.parties.first()
    party.contact = making.person("Mali")
    party.save()
    own = tools.list_meetings(fair.number, person=party.contact)
    assert own["count"] == 3
    assert all(party.position in [side["party"] for side in each["sides"]]
               for each in own["meetings"])
    assert tools.list_meetings(fair.number, person=None)["count"] == 0
    for call in (tools.list_plans, tools.meetings_now):
        with pytest.raises(callers.Missing):
            call(fair.number, person=party.contact)


def test_software_computes_reads_and_publishes(fair: Any) -> None:
    chief = making.organiser()
    made = tools.compute_plan(fair.number, effort="quick", seed=4, person=chief)
    computing.line.do_all()
    told = tools.read_plan(fair.number, made["plan"], person=chief)
    assert told["state"] == "ready" and told["breaches"] == []
    assert told["changes"]["dropped"] == 0
    assert tools.publish_plan(fair.number, made["plan"], person=chief)["state"] == "published"
    with pytest.raises(callers.Invalid):
        tools.compute_plan(fair.number, effort="endless", person=chief)


def test_software_reports_what_happened(fair: Any) -> None:
    chief, party = making.organiser(), fair.parties.first()
    told = tools.report_incident(fair.number, "no_show", party=party.position, person=chief)
    assert told["meetings_hit"] == 3
    assert Incident.objects.get().plan.kind == Plan.Kind.REPLAN
    with pytest.raises(callers.Invalid):
        tools.report_incident(fair.number, "late", party=party.position, person=chief)


def test_the_api_speaks_the_same(fair: Any, client: Client) -> None:
    secret = people.issue_token(making.organiser(), name="test", scope="write", by=None)
    headers = {"authorization": f"Bearer {secret}"}
    base = f"/api/v1/meetings/events/{fair.number}"
    assert client.get(f"{base}/plans", headers=headers).json()["count"] == 1
    assert Client().get(f"{base}/plans").status_code == 404
    meeting = client.get(f"{base}/meetings", headers=headers).json()["meetings"][0]
    slots = [slot.pk for slot in fair.slots.all()]
    moved = client.post(f"{base}/moves", {"wish": meeting["wish"], "slot": slots[4],
                                       "place": fair.places.get().pk}, headers=headers,
                     content_type="application/json").json()
    assert moved["changes"]["moved"] == 1 and moved["people_told"] == 2
    done = client.post(f"{base}/plans/{moved['plan']}/publish", headers=headers).json()
    assert done["state"] == "published"
    back = client.post(f"{base}/undo", headers=headers).json()
    assert back["kind"] == "undo" and back["changes"]["moved"] == 1
    gone = client.post(f"{base}/meetings/{meeting['word']}/cancel", headers=headers).json()
    assert gone["state"] == "cancelled"
