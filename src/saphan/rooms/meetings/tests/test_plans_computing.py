"""Plans are computed beside the worker, checked, and seen while it goes."""

from __future__ import annotations

from typing import Any

import pytest

from saphan.engines.timetable import check
from saphan.ground import clock
from saphan.ground.models import Fact
from saphan.rooms.meetings import assembling
from saphan.rooms.meetings.actions import computing, publishing
from saphan.rooms.meetings.models import Plan
from saphan.rooms.meetings.tests import making

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
    assert clock.now()
