"""Visits: asked for, planned, published, confirmed, mended; who may see what."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from saphan.engines.timetable.tours import planning
from saphan.engines.timetable.tours.advise import advise
from saphan.engines.timetable.tours.model import Held, Plan, Problem
from saphan.engines.timetable.wire import dump
from saphan.ground import clock, jobs, ledger
from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.people.models import Person, Role
from saphan.rooms.meetings.models import DayPlan, Station, Visit, VisitGroup
from saphan.rooms.meetings.tests import making
from saphan.rooms.meetings.tests.making_visits import (
    confirmed,
    day,
    guide,
    planned,
    station,
    visit,
)
from saphan.rooms.meetings.visits import actions, computing, rules
from saphan.rooms.meetings.visits.assembling import assemble
from saphan.rooms.meetings.visits.forms import VisitForm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]


@pytest.fixture(autouse=True)
def _planned_here(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Plans are made in this process: to start one and load the solver takes seconds. The engine's
    own tests start one, and so does one test here."""
    def here(problem: Problem, *, held: Held | None = None, effort: float,
             **_others: Any) -> tuple[Plan, dict[str, Any]]:
        made = planning.plan(problem, held=held, effort=min(effort, 0.5))
        return made, dump(advise(problem, made, held))

    if request.node.name != "test_a_day_is_planned_in_another_process":
        monkeypatch.setattr(computing.client, "plan", here)


@pytest.fixture
def desk() -> Person:
    return making.organiser()


@pytest.fixture
def hall() -> list[Station]:
    guide("Ploy", th=3, en=2)
    guide("Wei", en=3, zh=3)
    return [station() for _ in range(4)]


def said(**values: object) -> dict[str, object]:
    """What the form for a visit sends."""
    return {"title": "Fruit growers of Rayong", "about": "How is fruit sorted?", "lang": "en",
            "economy": "TH", "day": day().isoformat(), "begins": "10:00", "minutes": "90",
            "crowd-0-lang": "th", "crowd-0-people": "15", "crowd-0-slow": "2",
            "crowd-1-lang": "en", "crowd-1-people": "8", "guided": "on", **values}


def test_somebody_signed_in_asks_for_a_visit(client, hall):
    asker = making.person()
    client.force_login(asker)
    answer = client.post("/en/meetings/visits/request/", said(wishes=[str(hall[0].pk)]))
    made = Visit.objects.get()
    assert answer.headers["Location"].endswith(made.get_absolute_url())
    assert made.number.startswith("VST-")
    assert (made.crowd, made.slow) == ({"th": 15, "en": 8}, {"th": 2})
    assert made.asker == asker and list(made.wishes.all()) == [hall[0]]


def test_what_was_typed_is_kept_when_something_is_wrong(client, hall):
    client.force_login(making.person())
    answer = client.post("/en/meetings/visits/request/", said(day="2020-01-01"))
    assert answer.status_code == 422
    assert 'value="Fruit growers of Rayong"' in answer.content.decode()
    assert 'value="15"' in answer.content.decode()
    assert not Visit.objects.exists()


def test_who_is_not_signed_in_is_asked_to_sign_in_first(client):
    answer = client.get("/en/meetings/visits/request/")
    assert answer.status_code == 302 and "next=" in answer.headers["Location"]


@pytest.mark.parametrize("crowd", [{}, {"th": 0}, {"xx": 3}, {"th": -1}, {"th": [2, 3]},
                                   {"th": 9999}, "nobody"])
def test_a_crowd_that_makes_no_sense_is_refused(crowd):
    form = VisitForm({**said(), "crowd": crowd}, by=making.person())
    assert not form.is_valid() and "crowd" in form.errors


def test_only_the_staff_hold_public_tours():
    form = VisitForm(said(kind="public"), by=making.person())
    assert form.is_valid() and "kind" not in form.values()
    with pytest.raises(Refused):
        actions.request({**form.values(), "kind": "public"}, by=making.person())


def test_a_day_is_planned_published_and_confirmed(desk, hall):
    made = visit(making.person())
    plan = planned(desk)
    assert plan.state == "ready" and plan.score["seen"] == 8 and plan.score["unguided"] == 0
    computing.publish(plan, by=desk)
    made.refresh_from_db()
    assert made.state == "planned"
    assert sorted(group.people for group in made.groups.all()) == [8, 10]
    assert all(len(group.stops) == 4 for group in made.groups.all())
    assert {group.guide.name for group in made.groups.all()} == {"Ploy", "Wei"}
    actions.confirm(made, by=desk)
    assert made.state == "confirmed"


def test_a_day_is_planned_in_another_process(desk, hall):
    visit()
    assert planned(desk).state == "ready"


def test_a_visit_without_route_cannot_be_confirmed(desk):
    with pytest.raises(Refused):
        actions.confirm(visit(state="planned"), by=desk)


def test_groups_of_a_confirmed_visit_stay_when_the_day_is_planned_anew(desk, hall):
    first = confirmed(desk)
    before = {group.pk: group.stops for group in first.groups.all()}
    visit(begins=time(11, 30))
    computing.publish(planned(desk), by=desk)
    assert {group.pk: group.stops for group in first.groups.all()} == before


def test_a_closed_station_changes_routes_and_those_concerned_get_a_letter(desk, hall):
    asker = making.person()
    made = confirmed(desk, asker)
    other = confirmed(desk, making.person("Somchai"), begins=time(14))
    jobs.drain()
    mail.outbox.clear()
    group = made.groups.first()
    broken = group.stops[-1][0]
    plan = computing.mend(day(), by=desk, since=601, broken={broken: 13 * 60})
    computing.line.do_all()
    plan.refresh_from_db()
    assert plan.state == "ready", plan.message
    changed = computing.publish(plan, by=desk)
    assert [each.number for each in changed] == [made.number]
    jobs.drain()
    assert {letter.to[0] for letter in mail.outbox} == {asker.email}
    group.refresh_from_db()
    assert all(station != broken or begins < 601 for station, begins, _ends in group.stops)
    assert other.number not in str([fact.data for fact in Fact.objects.filter(
        name="visits.published").order_by("-seq")[:1]])


def test_a_guide_who_is_not_there_is_replaced(desk, hall):
    made = confirmed(desk, crowd={"en": 8})
    gone = made.groups.get().guide
    plan = computing.mend(day(), by=desk, since=0, missing=[gone.pk])
    computing.line.do_all()
    plan.refresh_from_db()
    computing.publish(plan, by=desk)
    assert made.groups.get().guide not in (None, gone)


def test_a_plan_is_not_published_over_a_visit_that_was_changed(desk, hall):
    made = visit(making.person())
    plan = planned(desk)
    Visit.objects.filter(pk=made.pk).update(crowd={"en": 30})
    with pytest.raises(Refused):
        computing.publish(plan, by=desk)


def test_a_newer_plan_replaces_what_waits(desk, hall):
    visit()
    first = planned(desk)
    planned(desk)
    first.refresh_from_db()
    assert first.state == "discarded"


def test_a_day_without_visits_cannot_be_planned(desk, hall):
    with pytest.raises(Refused):
        computing.plan_day(day(), by=desk)


def test_slow_walkers_get_a_group_with_more_time(desk, hall):
    visit(crowd={"th": 12}, slow={"th": 5})
    found = assemble(DayPlan(day=day()))
    assert sorted((group.people, group.pace) for group in found.problem.groups) == [
        (5, 150), (7, 100)]


def test_the_advice_names_the_language_that_lacks_a_guide(client, desk, hall):
    visit(crowd={"vi": 9})
    plan = planned(desk)
    assert plan.advice["guides"][0]["languages"] == ["vi"]
    client.force_login(desk)
    page = client.get(f"/en/meetings/visits/desk/{day().isoformat()}/").content.decode()
    assert "One more guide who speaks Vietnamese would do." in page


def test_a_fact_holds_no_name(desk, hall):
    made = confirmed(desk, making.person("Somsri"))
    actions.cancel(made, by=desk, because="Somsri is ill")
    told = str(list(Fact.objects.values_list("data", flat=True)))
    assert "Somsri" not in told and "Rayong" not in told and made.token not in told


@pytest.mark.parametrize(("who", "sees"), [
    ("stranger", 404), ("nobody", 404), ("asker", 200), ("desk", 200), ("guide", 200)])
def test_a_delegation_is_seen_by_those_whom_it_concerns(client, desk, hall, who, sees):
    leader, asker = making.person("Ploy"), making.person("Asker")
    people = {"stranger": making.person("Stranger"), "asker": asker, "desk": desk,
              "guide": leader}
    hall[0].refresh_from_db()
    guide("Lek", person=leader, vi=3)
    made = confirmed(desk, asker, crowd={"vi": 6})
    if who in people:
        client.force_login(people[who])
    assert client.get(f"/en/meetings/visits/{made.number}/").status_code == sees


def test_a_public_tour_is_for_everybody_but_not_its_needs(client, desk, hall):
    made = confirmed(desk, kind="public")
    page = client.get(f"/en/meetings/visits/{made.number}/")
    assert page.status_code == 200
    assert "Exhibit 1" in page.content.decode()
    assert made.token not in page.content.decode()
    assert made.number in client.get("/en/meetings/visits/").content.decode()


def test_a_public_tour_that_is_not_confirmed_is_not_public(client):
    made = visit(kind="public")
    assert client.get(f"/en/meetings/visits/{made.number}/").status_code == 404


def test_routes_open_without_account_in_the_reader_s_language(client, desk, hall):
    made = confirmed(desk)
    page = client.get(f"/th/meetings/visits/route/{made.token}/")
    assert page.status_code == 200 and page.headers["Cache-Control"] == "private, no-store"
    assert "Exhibit 1" in page.content.decode()
    calendar = client.get(f"/en/meetings/visits/route/{made.token}/calendar.ics")
    assert b"BEGIN:VEVENT" in calendar.content and b"Exhibit 1" in calendar.content.replace(
        b"\r\n ", b"")


def test_no_other_address_opens_routes(client, desk, hall):
    confirmed(desk)
    assert client.get("/en/meetings/visits/route/abc/").status_code == 404


def test_routes_are_not_shown_before_they_are_confirmed(client, desk, hall):
    asker = making.person()
    made = visit(asker)
    computing.publish(planned(desk), by=desk)
    client.force_login(asker)
    assert "Group A" not in client.get(f"/en/meetings/visits/{made.number}/").content.decode()
    assert "Group A" not in client.get(
        f"/en/meetings/visits/route/{made.token}/").content.decode()


def test_sheets_are_in_the_language_of_each_group(client, desk, hall):
    made = confirmed(desk)
    client.force_login(desk)
    page = client.get(f"/en/meetings/visits/{made.number}/sheets/").content.decode()
    assert '<article class="sheet" lang="th">' in page
    assert '<article class="sheet" lang="en">' in page


@pytest.mark.parametrize("path", ["desk/2027-03-10/", "stations/", "guides/", "stations/new/",
                                  "guides/new/"])
def test_the_desk_is_for_the_staff(client, desk, path):
    client.force_login(making.person())
    assert client.get(f"/en/meetings/visits/{path}").status_code == 404
    client.force_login(desk)
    assert client.get(f"/en/meetings/visits/{path}").status_code == 200


def test_a_guide_reads_the_own_tours(client, desk, hall):
    leader = making.person("Lek")
    guide("Lek", person=leader, vi=3)
    made = confirmed(desk, crowd={"vi": 6})
    client.force_login(leader)
    page = client.get("/en/meetings/visits/my-tours/").content.decode()
    assert "Fruit growers of Rayong" in page and "Exhibit 1" in page
    assert made.groups.get().guide.person == leader


def test_letters_go_out_when_a_visit_is_confirmed_and_cancelled(desk, hall):
    asker = making.person(language="th")
    made = confirmed(desk, asker)
    jobs.drain()
    letter = next(each for each in mail.outbox if each.to == [asker.email])
    assert f"/th/meetings/visits/route/{made.token}/" in letter.body
    assert letter.attachments[0].filename == f"{made.number}.ics" if hasattr(
        letter.attachments[0], "filename") else letter.attachments[0][0] == f"{made.number}.ics"
    mail.outbox.clear()
    actions.cancel(made, by=desk, because="The hall is closed.")
    jobs.drain()
    letter = next(each for each in mail.outbox if each.to == [asker.email])
    assert "The hall is closed." in letter.body


def test_the_lifecycle_goes_on_the_day(desk, hall):
    made = confirmed(desk)
    with pytest.raises(Refused):
        actions.arrive(made, by=desk)
    with clock.stopped_at(made.starts_at):
        actions.arrive(made, by=desk)
        actions.leave(made, by=desk)
    assert made.state == "done"
    assert not rules.may_edit(desk, made)


def test_who_asked_may_change_the_request_until_it_is_planned(client, desk, hall):
    asker = making.person()
    made = visit(asker)
    client.force_login(asker)
    address = f"/en/meetings/visits/{made.number}/edit/"
    client.post(address, said(title="Two schools"))
    made.refresh_from_db()
    assert str(made.title) == "Two schools"
    computing.publish(planned(desk), by=desk)
    assert client.get(address).status_code == 302


def test_a_stranger_may_not_cancel(client, desk, hall):
    made = confirmed(desk, kind="public")
    client.force_login(making.person())
    client.post(f"/en/meetings/visits/{made.number}/move/cancel/")
    made.refresh_from_db()
    assert made.state == "confirmed"


def test_the_desk_says_what_happened_through_the_page(client, desk, hall):
    made = confirmed(desk)
    client.force_login(desk)
    address = reverse("meetings:visits_happened", args=[day().isoformat()])
    answer = client.post(address, {"since": "10:20"})
    assert answer.status_code == 422
    client.post(address, {"since": "10:20", "group": made.groups.first().pk, "minutes": "10"})
    computing.line.do_all()
    plan = DayPlan.objects.filter(day=day()).first()
    assert plan.kind == "replan" and plan.state == "ready"
    answer = client.post(reverse("meetings:visits_plan_move", args=[plan.pk, "publish"]))
    plan.refresh_from_db()
    assert plan.state == "published"


@pytest.mark.parametrize("path", ["desk", "mine"])
def test_the_number_of_queries_does_not_grow(client, desk, hall, path):
    leader = making.person("Lek")
    guide("Lek", person=leader, th=3, en=3)

    def many(number: int) -> None:
        for at in range(number):
            made = visit(day=day(), begins=time(9 + at % 8))
            VisitGroup.objects.create(visit=made, position=1, people=5, languages=["th"],
                                      guide=leader.guiding.first(),
                                      stops=[[hall[0].pk, 600, 608]])

    def count() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(f"/en/meetings/visits/desk/{day().isoformat()}/" if path == "desk"
                       else "/en/meetings/visits/my-tours/")
        return len(caught)

    client.force_login(desk if path == "desk" else leader)
    many(1)
    count()
    few = count()
    many(20)
    assert count() <= few


def test_software_asks_for_a_visit_and_reads_its_route(desk, hall):
    from saphan.rooms.meetings.visits import tools
    asker = making.person()
    told = tools.request_visit(
        "Two schools", day().isoformat(), "10:00", {"en": 8}, wishes=[hall[1].pk], person=asker)
    assert told["state"] == "requested" and "groups" not in told
    made = Visit.objects.get(number=told["number"])
    computing.publish(planned(desk), by=desk)
    made.refresh_from_db()
    assert "groups" not in tools.read_route(made.number, person=asker)
    actions.confirm(made, by=desk)
    route = tools.read_route(made.number, person=asker)
    assert len(route["groups"][0]["stops"]) == 4
    assert tools.visit_stations()["stations"][0]["name"] == "Exhibit 1"


def test_the_api_hides_what_is_not_hers(client, desk, hall):
    made = confirmed(desk, making.person())
    assert client.get(f"/api/v1/meetings/visits/{made.number}").status_code == 404
    assert client.get("/api/v1/meetings/visits").json()["count"] == 0
    assert len(client.get("/api/v1/meetings/visits/stations").json()["stations"]) == 4


def test_exhibits_on_show_become_stations_once(desk):
    from saphan.house import registry
    entries = registry.room("exhibition").entries[0]
    expected = len(list(entries.documents()))
    assert actions.take_over_exhibits(by=desk) == expected
    assert actions.take_over_exhibits(by=desk) == 0
    assert Station.objects.count() == expected


def test_a_station_is_added_and_changed(client, desk):
    client.force_login(desk)
    given = {"name": "Sorting arm", "minutes": "6", "capacity": "15", "value": "4", "x": "3",
             "y": "4", "floor": "1", "shown": "on", "lang": "en"}
    client.post("/en/meetings/visits/stations/new/", given)
    made = Station.objects.get()
    assert (str(made.name), made.capacity, made.floor) == ("Sorting arm", 15, 1)
    client.post(f"/en/meetings/visits/stations/{made.pk}/", {**given, "capacity": "9"})
    made.refresh_from_db()
    assert made.capacity == 9


def test_a_guide_is_added_with_her_account(client, desk):
    her = making.person("Lek")
    client.force_login(desk)
    given = {"name": "Lek", "email": her.email, "speaks-0-lang": "th", "speaks-0-level": "3",
             "leads": "on", "begins": "09:00", "ends": "17:00", "away": "2027-03-10, 2027-03-11",
             "run": "120", "active": "on"}
    client.post("/en/meetings/visits/guides/new/", given)
    made = her.guiding.get()
    assert made.speaks == {"th": 3} and made.away == ["2027-03-10", "2027-03-11"]


def test_nobody_fills_the_calendar_alone():
    asker = making.person()
    for _ in range(rules.REQUESTS_AT_MOST):
        visit(asker)
    assert not rules.may_request(asker)


def test_each_move_has_its_rule():
    assert set(Visit.lifecycle.transitions) == set(rules.BY_TRANSITION)
    assert set(DayPlan.lifecycle.transitions) == set(rules.BY_PLAN)


def test_a_role_of_another_desk_does_not_open_this_one(client):
    judge = making.person("Judge", role=Role.Name.ASSESSOR if hasattr(
        Role.Name, "ASSESSOR") else "")
    client.force_login(judge)
    assert client.get(f"/en/meetings/visits/desk/{day()}/").status_code == 404


def test_the_ledger_stays_whole(desk, hall):
    confirmed(desk)
    assert Fact.objects.filter(name="visit.confirmed").count() == 1
    assert ledger.GENESIS
    assert day() - timedelta(days=7) == clock.today()
