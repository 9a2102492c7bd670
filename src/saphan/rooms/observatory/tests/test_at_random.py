"""Whatever officers do in whatever order, the books stay in order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saphan.ground import ledger
from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.people.models import Person
from saphan.rooms.observatory import actions, queries
from saphan.rooms.observatory.models import Indicator, Observation
from saphan.rooms.observatory.tests.conftest import values

STEPS = st.lists(st.tuples(st.sampled_from(["add", "correct", "withdraw", "restore"]),
                           st.integers(0, 5), st.sampled_from(["", "a", "b"]),
                           st.integers(1, 400)), max_size=12)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_nothing_is_overwritten_and_a_key_stands_for_one_number(
        indicator: Indicator, officer: Person, steps: list[tuple[str, int, str, int]]) -> None:
    before = set(Observation.objects.values_list("pk", flat=True))
    facts = Fact.objects.count()
    said: dict[int, tuple[Any, str]] = {}
    done = 0
    for step, which, key, value in steps:
        there = list(Observation.objects.exclude(pk__in=before).order_by("pk"))
        one = there[which % len(there)] if there else None
        try:
            if step == "add":
                if key and Observation.objects.filter(key=key, state="current").exists():
                    continue
                made = actions.add(values(value=str(value), key=key), by=officer)
            elif one is None:
                continue
            elif step == "correct":
                made = actions.correct(one, values(value=str(value)), by=officer, because="Why.")
            else:
                made = (actions.withdraw(one, by=officer, because="Why.") if step == "withdraw"
                        else actions.restore(one, by=officer))
        except Refused:
            continue
        done += 1
        said.setdefault(made.pk, (made.value, made.quote))
    now = list(Observation.objects.exclude(pk__in=before))
    assert {one.pk: (one.value, one.quote) for one in now} == said
    current = [one for one in now if one.state == Observation.State.CURRENT]
    assert len({one.key for one in current if one.key}) == len([one for one in current if one.key])
    assert {one.pk for one in queries.current(of=indicator)} - before == {
        one.pk for one in current}
    for one in now:
        if one.replaces is not None:
            assert one.replaces.state == Observation.State.CORRECTED
    assert Fact.objects.count() - facts == done
    assert ledger.verify().intact
    Observation.objects.exclude(pk__in=before).update(key=None)
