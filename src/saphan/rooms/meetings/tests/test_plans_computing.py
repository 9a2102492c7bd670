"""Plans are computed beside the worker, checked, and seen while it goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from saphan.engines.timetable import check
from saphan.engines.timetable.progress import Progress
from saphan.ground import aside, clock
from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.rooms.meetings import assembling
from saphan.rooms.meetings.actions import computing, publishing
from saphan.rooms.meetings.models import Plan
from saphan.rooms.meetings.tests import making
from saphan.rooms.meetings.tests.planned import small_engine

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair(house: None) -> Any:
    """Six parties, of whom two need an interpreter, and nine wishes."""
    event = making.event(mode="mixed")
    parties = [making.party(event) for _ in range(4)]
    parties += [making.party(event, speaks={"th": 3}), making.party(event, speaks={"zh": 3})]
    making.interpreter(event, th=3, zh=3, en=3)
    for one, other in ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3), (4, 5), (0, 4), (1, 5)):
        making.wish(parties[one], parties[other])
    return event


def test_a_plan_is_computed_checked_and_published(fair: Any) -> None:
    chief = making.organiser()
    plan = computing.compute(fair, by=chief, seed=3, effort="quick")
    assert computing.line.do_all() == 1
    plan.refresh_from_db()
    assert (plan.state, plan.message) == (Plan.State.READY, "")
    found = assembling.assemble(fair)
    meetings = found.meetings(plan.lines)
    assert check.breaches(found.problem, meetings) == []
    assert len(meetings) == 9 and plan.score["held"] == 9
    assert plan.bound >= plan.score["points"] and plan.progress
    publishing.publish(plan, by=chief)
    assert fair.meetings.count() == 9
    assert fair.meetings.filter(interpreters__isnull=False).exists()
    told = Fact.objects.get(name="plan.published")
    assert (told.data["added"], told.data["dropped"]) == (9, 0)
    again = computing.compute(fair, by=chief, seed=3, effort="quick")
    computing.line.do_all()
    again.refresh_from_db()
    assert again.lines == plan.lines  # the same seed, the same plan


# Without the engine's process: what happens around it.

@pytest.fixture
def small(house: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(computing.client, "run", small_engine)
    event = making.event()
    one, other = making.party(event), making.party(event)
    making.wish(one, other)
    return event


def test_who_may_not_plan_and_what_cannot_be_planned_is_refused(small: Any) -> None:
    with pytest.raises(Refused):
        computing.compute(small, by=making.person("Nobody"))
    chief = making.organiser()
    with pytest.raises(Refused):  # nobody wishes anything
        computing.compute(making.event(), by=chief)
    with clock.stopped_at(making.BEGINS + timedelta(days=2)), pytest.raises(Refused):
        computing.compute(small, by=chief)


def test_a_computation_that_a_killed_process_left_is_taken_up_again_from_its_last_plan(
        small: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first process dies in the middle: it neither ends nor fails."""
    class Killed(BaseException):
        """As a signal would."""

    starts: list[int] = []

    def dies(request: dict[str, Any], *, report: Any, seconds: float) -> Any:
        starts.append(len(request["meetings"]))
        plan = small_engine(request, report=report, seconds=seconds)
        if len(starts) == 1:
            raise Killed
        return plan

    monkeypatch.setattr(computing.client, "run", dies)
    plan = computing.compute(small, by=making.organiser())
    with pytest.raises(Killed):
        computing.line.do_all()
    plan.refresh_from_db()
    assert (plan.state, len(plan.lines), plan.attempts) == (Plan.State.RUNNING, 1, 1)
    assert computing.claim() is None  # it may be alive
    with clock.stopped_at(clock.now() + aside.SILENT + timedelta(seconds=1)):
        assert computing.line.do_all() == 1
    plan.refresh_from_db()
    assert (plan.state, plan.attempts, starts) == (Plan.State.READY, 2, [0, 1])


def test_a_computation_that_dies_again_and_again_is_given_up(small: Any) -> None:
    plan = computing.compute(small, by=making.organiser())
    moment = clock.now()
    for _time in range(computing.ATTEMPTS):
        with clock.stopped_at(moment):
            assert computing.claim() == plan.pk
        moment += aside.SILENT + timedelta(seconds=1)
    with clock.stopped_at(moment):
        assert computing.claim() is None
    plan.refresh_from_db()
    assert (plan.state, plan.message) == (Plan.State.FAILED, "again_and_again")


def test_of_one_event_one_plan_is_computed_at_a_time_and_what_happens_live_does_not_wait(
        small: Any) -> None:
    chief = making.organiser()
    computing.compute(small, by=chief)
    computing.line.do_all()
    publishing.publish(small.plans.get(), by=chief)
    first, second = (computing.compute(small, by=chief, seed=seed) for seed in (1, 2))
    assert computing.claim() == first.pk
    assert computing.claim() is None
    mended = computing.replan(small, by=chief)
    assert computing.claim() == mended.pk
    elsewhere = making.event()
    making.wish(making.party(elsewhere), making.party(elsewhere))
    other = computing.compute(elsewhere, by=chief)
    assert computing.claim() == other.pk
    first.refresh_from_db()
    first.take("fail")
    assert computing.claim() == second.pk


def test_taking_the_plan_as_it_is_stops_the_computation(small: Any,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    chief, answers = making.organiser(), []

    def long(request: dict[str, Any], *, report: Any, seconds: float) -> Any:
        plan = small_engine(request, report=report, seconds=seconds)
        mine = Plan.objects.get()
        computing.end(mine, by=chief)
        monkeypatch.setattr(computing, "EVERY", 0.0)
        answers.append(report(Progress("improving", 1.0, 1, 1, 2.0, 1.0, plan)))
        return plan

    monkeypatch.setattr(computing.client, "run", long)
    plan = computing.compute(small, by=chief)
    computing.line.do_all()
    plan.refresh_from_db()
    assert answers == [False]
    assert (plan.state, len(plan.lines)) == (Plan.State.READY, 1)


def test_what_goes_wrong_is_said_and_can_be_tried_again(small: Any,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(request: Any, **_options: Any) -> Any:
        raise computing.client.EngineFailed("no memory")

    chief = making.organiser()
    monkeypatch.setattr(computing.client, "run", fails)
    plan = computing.compute(small, by=chief)
    computing.line.do_all()
    plan.refresh_from_db()
    assert plan.state == Plan.State.FAILED and "no memory" in plan.message
    monkeypatch.setattr(computing.client, "run", small_engine)
    computing.retry(plan, by=chief)
    computing.line.do_all()
    plan.refresh_from_db()
    assert plan.state == Plan.State.READY


def test_a_plan_of_the_engine_that_breaks_rules_is_not_kept(small: Any,
                                                            monkeypatch: pytest.MonkeyPatch
                                                            ) -> None:
    def wrong(request: dict[str, Any], **options: Any) -> Any:
        plan = small_engine(request, seconds=1)
        bad = replace(plan.meetings[0], table=99)
        return replace(plan, meetings=(bad,))

    monkeypatch.setattr(computing.client, "run", wrong)
    plan = computing.compute(small, by=making.organiser())
    computing.line.do_all()
    plan.refresh_from_db()
    assert (plan.state, plan.message) == (Plan.State.FAILED, "broken")


def test_in_the_middle_of_the_event_what_is_over_stays(small: Any) -> None:
    chief = making.organiser()
    first = computing.compute(small, by=chief)
    computing.line.do_all()
    first.refresh_from_db()
    publishing.publish(first, by=chief)
    three, four = making.party(small), making.party(small)
    making.wish(three, four)
    with clock.stopped_at(making.BEGINS + timedelta(minutes=5)):
        plan = computing.compute(small, by=chief)
        computing.line.do_all()
        plan.refresh_from_db()
        publishing.publish(plan, by=chief)
    assert [row for row in plan.lines if row[1] == small.slots.first().pk] == first.lines
    assert small.meetings.count() == 2
