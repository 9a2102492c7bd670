"""The sample centre's events and visits: in every language, marked as examples, loaded once."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail

from saphan.engines.timetable.tours import check
from saphan.engines.timetable.tours.model import Plan
from saphan.ground import clock, jobs
from saphan.house import registry
from saphan.house.sampling import BadSample
from saphan.rooms.meetings.models import DayPlan, Station, Visit, VisitGuide
from saphan.rooms.meetings.tests import making
from saphan.rooms.meetings.tests.making_visits import station
from saphan.rooms.meetings.visits import actions, queries
from saphan.rooms.meetings.visits import sample as visits
from saphan.rooms.meetings.visits.assembling import assemble

CENTRE = settings.CENTRES / "nanning"
EVENTS = [json.loads(line) for line in (CENTRE / "meetings/events.jsonl").read_text(
    "utf-8").split("\n") if line]
TOURS_FILE = CENTRE / "meetings/visits.toml"
TOURS = tomllib.loads(TOURS_FILE.read_text("utf-8"))
READERS = {code for code, _name in settings.LANGUAGES}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]


CATALOGUE = "saphan.rooms.exhibition.catalogue"


@pytest.fixture
def hall(monkeypatch: pytest.MonkeyPatch) -> None:
    """All exhibits of the sample centre are on show, also those whose models this machine lacks."""
    _open(monkeypatch, lacks="")


@pytest.fixture
def hall_without_the_listener(monkeypatch: pytest.MonkeyPatch) -> None:
    """A house that could not install what the exhibit of speech needs."""
    _open(monkeypatch, lacks="whisper")


def _open(monkeypatch: pytest.MonkeyPatch, *, lacks: str) -> None:
    monkeypatch.setattr(f"{CATALOGUE}.installed", lambda modules: [
        name for name in modules if lacks and lacks in name])
    monkeypatch.setattr(f"{CATALOGUE}._seen", None)
    registry.room("exhibition").load_sample(CENTRE / "exhibition")


def _words() -> Iterator[Any]:
    for event in EVENTS:
        named = [("", event, name) for name in ("title", "summary", "venue")]
        named += [(part, row, "title" if part == "sessions" else "name")
                  for part in ("places", "sessions", "delegations")
                  for row in event.get(part, [])]
        for part, row, name in named:
            yield pytest.param(row[name], id=f"{event['key']} {part} {row[name]['en'][:30]}")
    for name, where in TOURS["where"].items():
        yield pytest.param(where, id=f"where {name}")
    for visit in (visit for day in TOURS["day"] for visit in day["visit"]):
        yield pytest.param(visit["title"], id=visit["key"])


@pytest.mark.parametrize("words", list(_words()))
def test_every_name_of_the_sample_stands_in_every_language_of_the_readers(words):
    assert {lang.lower() for lang in words} == READERS
    assert all(text.strip() for text in words.values())


def test_the_tours_lead_to_exhibits_that_are_there_at_times_that_fit():
    exhibits = {path.parent.name for path in (CENTRE.parents[1] / "exhibits").glob(
        "*/exhibit.toml")}
    stations = {row["exhibit"]: row for row in TOURS["station"]}
    assert stations.keys() == exhibits
    for route in (route for day in TOURS["day"] for route in day["route"]):
        assert {exhibit for _begins, _ends, exhibit in route["stops"]} <= exhibits
        assert {exhibit for exhibit, row in stations.items() if row.get("must")} <= {
            exhibit for _begins, _ends, exhibit in route["stops"]}


def test_a_new_house_has_tours_a_delegation_and_guides_all_marked_as_examples(client, hall):
    visits.load(TOURS_FILE)
    tours = queries.public_tours()
    assert len(tours) == 2 and len({tour.day for tour in tours}) == 1
    delegation = Visit.objects.get(kind=Visit.Kind.DELEGATION)
    assert (delegation.people, len(delegation.crowd), delegation.minutes) == (40, 3, 90)
    assert {visit.state for visit in Visit.objects.all()} == {Visit.State.CONFIRMED}
    assert all(visit.example for visit in Visit.objects.all())
    assert all(guide.example for guide in VisitGuide.objects.all())
    home = client.get("/en/meetings/visits/").content.decode()
    assert home.count('<span class="example">Example</span>') == 2
    page = client.get(tours[0].get_absolute_url()).content.decode()
    assert "This record is an example." in page and "Term bridge" in page


@pytest.mark.parametrize("passed", range(7))
def test_a_ministry_comes_on_a_weekday_whenever_the_house_is_set_up(passed):
    (given,) = [day for day in TOURS["day"] if any("economy" in each for each in day["visit"])]
    with clock.stopped_at(clock.now() + timedelta(days=passed)):
        assert visits.day_of(given).isoweekday() <= 5


def test_the_desk_sees_how_good_the_published_plan_is(client, hall):
    visits.load(TOURS_FILE)
    client.force_login(making.organiser())
    day = queries.public_tours()[0].day.isoformat()
    page = client.get(f"/en/meetings/visits/desk/{day}/").content.decode()
    assert "Plan of the day" in page and "below the best possible plan" in page


def test_every_group_of_the_sample_has_a_guide_and_the_best_route_that_there_is(hall):
    visits.load(TOURS_FILE)
    for plan in DayPlan.objects.all():
        assert (plan.state, plan.gap) == (DayPlan.State.PUBLISHED, 0.0)
        assert (plan.score["unguided"], plan.score["musts_missed"]) == (0, 0)
        found = assemble(plan)
        assert found.held is not None
        assert check.score(found.problem, Plan(found.held.routes, visits.NOTHING, 0)).value \
            == plan.score["value"]


def test_where_an_exhibit_lacks_the_routes_go_past_it_and_the_house_says_what_that_costs(
        hall_without_the_listener):
    visits.load(TOURS_FILE)
    assert not Station.objects.filter(address="exhibition/at/listen/").exists()
    gaps = [plan.gap for plan in DayPlan.objects.all()]
    assert len(gaps) == 2 and all(gap is not None and gap < 0.05 for gap in gaps) and any(gaps)


def test_the_visits_are_loaded_once_and_what_the_staff_change_stays(hall):
    visits.load(TOURS_FILE)
    before = [model.objects.count() for model in (Visit, VisitGuide, Station, DayPlan)]
    Station.objects.update(minutes=3)
    visits.load(TOURS_FILE)
    assert [model.objects.count() for model in (Visit, VisitGuide, Station, DayPlan)] == before
    assert set(Station.objects.values_list("minutes", flat=True)) == {3}


def test_without_exhibits_nobody_is_shown_round():
    visits.load(TOURS_FILE)
    assert not Visit.objects.exists() and not VisitGuide.objects.exists()


def test_where_the_routes_do_not_fit_the_staff_plan_the_day(hall):
    desk = making.organiser()
    actions.take_over_exhibits(by=desk)
    Station.objects.update(minutes=40)
    visits.load(TOURS_FILE)
    assert {visit.state for visit in Visit.objects.all()} == {Visit.State.REQUESTED}
    assert set(Station.objects.values_list("minutes", flat=True)) == {40}
    assert not DayPlan.objects.exists()


def test_where_the_house_has_more_to_see_nobody_says_that_the_routes_are_the_best(hall):
    station("The roof")
    visits.load(TOURS_FILE)
    assert {(plan.state, plan.gap) for plan in DayPlan.objects.all()} == {
        (DayPlan.State.PUBLISHED, None)}


def test_nobody_gets_a_letter_about_an_example(hall):
    making.organiser()
    visits.load(TOURS_FILE)
    jobs.drain()
    assert mail.outbox == []


def test_a_file_that_does_not_hold_what_it_should_is_refused(hall, tmp_path: Path):
    wrong = TOURS_FILE.read_text("utf-8").replace("minutes = 90", "minutes = 9000")
    (tmp_path / "visits.toml").write_text(wrong, "utf-8")
    with pytest.raises(BadSample, match="lao-ministry"):
        visits.load(tmp_path / "visits.toml")
    assert not VisitGuide.objects.exists()
