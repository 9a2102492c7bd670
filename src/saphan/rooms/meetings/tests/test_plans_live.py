"""What goes otherwise: reported, priced, answered by a mended plan, undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saphan.ground import clock
from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.rooms.meetings import assembling
from saphan.rooms.meetings.actions import computing, live, publishing
from saphan.rooms.meetings.forms.plans import IncidentForm
from saphan.rooms.meetings.models import Incident, Meeting, Party, Plan
from saphan.rooms.meetings.queries import live as queries
from saphan.rooms.meetings.queries import plans as plan_queries
from saphan.rooms.meetings.tests import making
from saphan.rooms.meetings.tests.planned import published, small_engine

pytestmark = pytest.mark.django_db
NINE_TWENTY = making.BEGINS + timedelta(minutes=20)  # the first slot is on


@pytest.fixture
def fair(house: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(computing.client, "run", small_engine)
    return published(making.event(slots=6, tables=3))


def _values(event: Any, **given: Any) -> dict[str, Any]:
    form = IncidentForm(given, event=event)
    assert form.is_valid(), form.errors
    return form.values()


def _mended(event: Any) -> Plan:
    computing.line.do_all()
    plan = queries.pending(event)
    assert plan is not None and plan.state == Plan.State.READY, plan
    return plan


def test_a_no_show_costs_nothing_before_it_is_reported(fair: Any) -> None:
    guest = fair.parties.first().guests.get()
    values = _values(fair, kind="no_show", guest=guest.pk)
    hits = live.cost(fair, values)
    assert len(hits) == 3
    assert all(guest in (hit.meeting.guest_a, hit.meeting.guest_b) for hit in hits)
    assert all(guest.name in hit.words for hit in hits)
    assert not Incident.objects.exists()


def test_a_no_show_is_answered_by_a_plan_that_is_published_and_undone(fair: Any) -> None:
    chief, guest = making.organiser(), fair.parties.first().guests.get()
    before = sorted(line.as_row() for line in plan_queries.standing(fair))
    with clock.stopped_at(NINE_TWENTY):
        incident = live.report(fair, _values(fair, kind="no_show", guest=guest.pk), by=chief)
        plan = _mended(fair)
        assert plan.kind == Plan.Kind.REPLAN and incident.plan_id == plan.pk
        assert fair.meetings.filter(state=Meeting.State.CANCELLED).count() == 0  # nobody was told
        publishing.publish(plan, by=chief)
        off = fair.meetings.filter(state=Meeting.State.CANCELLED)
        assert off.count() == 2  # the meeting that had begun stays
        assert queries.to_mend(fair) == []
        incident.refresh_from_db()
        back = live.undo(incident, by=chief)
        assert back is not None and back.kind == Plan.Kind.UNDO
        publishing.publish(back, by=chief)
    assert sorted(line.as_row() for line in plan_queries.standing(fair)) == before
    names = set(Fact.objects.values_list("name", flat=True))
    assert {"incident.reported", "incident.undone", "plan.ready"} <= names


@pytest.mark.parametrize("kind", ["late", "left", "place_closed", "fewer_tables",
                                  "interpreter_gone"])
def test_every_incident_leads_to_a_plan_without_breaches(house: None, kind: str,
                                                         monkeypatch: Any) -> None:
    monkeypatch.setattr(computing.client, "run", small_engine)
    event = making.event(slots=6, tables=3, mode="mixed")
    interpreter = making.interpreter(event, th=3, zh=3, en=3)
    published(event)
    given = {
        "late": {"guest": event.parties.first().guests.get().pk, "ends": "10:30"},
        "left": {"party": event.parties.first().position},
        "place_closed": {"place": event.places.first().pk, "begins": "09:35", "ends": "11:00"},
        "fewer_tables": {"place": event.places.first().pk, "tables": 1},
        "interpreter_gone": {"interpreter": interpreter.pk}}[kind]
    chief = making.organiser()
    with clock.stopped_at(NINE_TWENTY):
        live.report(event, _values(event, kind=kind, **given), by=chief)
        publishing.publish(_mended(event), by=chief)
        found = assembling.assemble(event)
        past = plan_queries.begun(found.slots)
        assert publishing.broken(found, plan_queries.standing(event), past) == []
        assert queries.to_mend(event) == []


def test_a_second_report_is_answered_together_with_the_first(fair: Any) -> None:
    chief = making.organiser()
    one, two = (party.guests.get() for party in fair.parties.all()[:2])
    first = live.report(fair, _values(fair, kind="no_show", guest=one.pk), by=chief)
    old = _mended(fair)
    second = live.report(fair, _values(fair, kind="no_show", guest=two.pk), by=chief)
    plan = _mended(fair)
    old.refresh_from_db()
    assert old.state == Plan.State.DISCARDED
    first.refresh_from_db()
    assert first.plan_id == second.plan_id == plan.pk
    with pytest.raises(Refused):
        live.report(fair, _values(fair, kind="no_show", guest=two.pk), by=chief)


def test_undoing_before_anything_was_published_leaves_everything(fair: Any) -> None:
    chief, guest = making.organiser(), fair.parties.first().guests.get()
    incident = live.report(fair, _values(fair, kind="no_show", guest=guest.pk), by=chief)
    plan = _mended(fair)
    assert live.undo(incident, by=chief) is None
    plan.refresh_from_db()
    assert plan.state == Plan.State.DISCARDED and queries.pending(fair) is None
    with pytest.raises(Refused):
        live.undo(incident, by=chief)


def test_small_changes_are_published_at_once_where_the_organiser_wants_that(fair: Any) -> None:
    chief, guest = making.organiser(), fair.parties.first().guests.get()
    live.switch(fair, 2, by=chief)
    live.report(fair, _values(fair, kind="no_show", guest=guest.pk), by=chief)
    assert _mended(fair).state == Plan.State.READY  # three meetings are more than two
    live.undo(fair.incidents.get(), by=chief)
    live.switch(fair, 3, by=chief)
    live.report(fair, _values(fair, kind="no_show", guest=guest.pk), by=chief)
    computing.line.do_all()
    assert queries.pending(fair) is None
    assert fair.meetings.exclude(state=Meeting.State.CANCELLED).count() == 3
    told = Fact.objects.filter(name="plan.published").last()
    assert told is not None and told.actor == ""


def test_who_withdraws_after_publication_is_something_to_mend(fair: Any) -> None:
    party = fair.parties.first()
    party.take("withdraw")
    hits = queries.to_mend(fair)
    assert len(hits) == 3 and all("withdrawn" in hit.words for hit in hits)
    chief = making.organiser()
    live.mend(fair, by=chief)
    publishing.publish(_mended(fair), by=chief)
    assert queries.to_mend(fair) == []
    assert fair.meetings.filter(state=Meeting.State.CANCELLED).count() == 3


def test_who_came_in_from_the_street_gets_meetings(fair: Any) -> None:
    chief = making.organiser()
    new = making.party(fair, decided=clock.now())
    assert queries.without_meetings(fair) == [new]
    making.wish(new, fair.parties.first())
    live.report(fair, _values(fair, kind="walk_in", party=new.position), by=chief)
    publishing.publish(_mended(fair), by=chief)
    assert queries.without_meetings(fair) == []
    assert fair.meetings.filter(guest_a__party=new).count() == 1


def test_who_has_not_checked_in_is_shown_until_it_is_reported(fair: Any) -> None:
    with clock.stopped_at(making.BEGINS - timedelta(minutes=10)):
        expected = [each.guest for each in queries.missing(fair)]
        assert len(expected) == 4
        expected[0].checked_in = clock.now()
        expected[0].save()
        Incident.objects.create(event=fair, kind="no_show", guest=expected[1],
                                begins=clock.now(), at=clock.now())
        assert {each.guest for each in queries.missing(fair)} == set(expected[2:])


@pytest.mark.parametrize(("given", "field"), [
    ({"kind": "no_show"}, "guest"), ({"kind": "late", "guest": 0}, "ends"),
    ({"kind": "place_closed"}, "place"), ({"kind": "fewer_tables", "place": 0}, "tables"),
    ({"kind": "fewer_tables", "place": 0, "tables": 3}, "tables"),
    ({"kind": "interpreter_gone"}, "interpreter"), ({"kind": "walk_in"}, "party"),
    ({"kind": "cancelled"}, "kind"), ({"kind": "left", "guest": 0, "begins": "11:00",
                                       "ends": "10:00"}, "ends"),
    ({"kind": "left", "guest": 0, "begins": "soon"}, "begins")])
def test_a_report_says_what_is_missing(fair: Any, given: dict[str, Any], field: str) -> None:
    if "guest" in given:
        given["guest"] = fair.parties.first().guests.get().pk
    if "place" in given:
        given["place"] = fair.places.get().pk
    form = IncidentForm(given, event=fair)
    assert not form.is_valid() and field in form.errors


def test_times_are_those_of_the_event_also_in_myanmar(house: None) -> None:
    event = making.event(time_zone="Asia/Yangon")
    with clock.stopped_at(making.BEGINS):  # 07:30 in Yangon
        values = _values(event, kind="left", guest=making.party(event).guests.get().pk,
                         begins="08:00")
    assert values["begins"] == making.BEGINS + timedelta(minutes=30)


def test_the_page_prices_then_reports_then_undoes(fair: Any, client: Client) -> None:
    client.force_login(making.organiser())
    address = reverse("meetings:live", args=[fair.number])
    guest = fair.parties.first().guests.get()
    given = {"act": "report", "kind": "no_show", "guest": guest.pk}
    priced = client.post(address, given)
    assert b"3 meetings cannot be as planned." in priced.content
    assert not Incident.objects.exists()
    assert client.post(address, {**given, "confirm": "yes"}).status_code == 302
    assert b"data-refresh" in client.get(address).content  # it is being mended
    computing.line.do_all()
    shown = client.get(address).content
    assert b"3 meetings dropped" in shown and b"4 people are told" in shown
    plan = queries.pending(fair)
    assert plan is not None
    client.post(reverse("meetings:plan", args=[fair.number, plan.number]),
                {"act": "publish", "next": "live"})
    client.post(address, {"act": "undo", "incident": fair.incidents.get().pk})
    assert b"3 new meetings" in client.get(address).content


def test_nobody_but_the_staff_reports(fair: Any, client: Client) -> None:
    party = making.party(fair, account=True)
    assert isinstance(party, Party) and party.contact is not None
    with pytest.raises(Refused):
        live.report(fair, _values(fair, kind="left", party=party.position), by=party.contact)
    client.force_login(party.contact)
    assert client.post(reverse("meetings:live", args=[fair.number]),
                       {"act": "mend"}).status_code == 404
