"""Whatever happens in whatever order: what people hold breaks no rule, and the records, the plan
and the ledger say the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from saphan.engines.timetable import check
from saphan.ground import clock
from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.rooms.meetings import assembling, diffing
from saphan.rooms.meetings.actions import computing, live, publishing
from saphan.rooms.meetings.actions import plans as actions
from saphan.rooms.meetings.models import Meeting, Plan, Wish
from saphan.rooms.meetings.queries import plans as queries
from saphan.rooms.meetings.tests import making
from saphan.rooms.meetings.tests.planned import ready, small_engine

pytestmark = pytest.mark.django_db
PARTIES, SLOTS = 6, 5


class Fair(RuleBasedStateMachine):
    """An event of six parties while wishes change, things happen and hands move meetings."""

    chief: Any

    @initialize(tongues=st.lists(st.sampled_from(["en", "th", "zh"]), min_size=PARTIES,
                                 max_size=PARTIES))
    def open(self, tongues: list[str]) -> None:
        self.around = transaction.atomic()
        self.around.__enter__()
        self.event = making.event(slots=SLOTS, tables=2, mode="mixed", state="running",
                                  floor=2, most=4)
        self.parties = [making.party(self.event, speaks={tongue: 3}) for tongue in tongues]
        making.interpreter(self.event, th=3, zh=3, en=3)
        self.moment = making.BEGINS - timedelta(minutes=30)
        for at in range(PARTIES - 1):
            making.wish(self.parties[at], self.parties[at + 1])
        self._plan()

    def teardown(self) -> None:
        if hasattr(self, "around"):
            transaction.set_rollback(True)
            self.around.__exit__(None, None, None)

    def _try(self, act: Any, *args: Any, **options: Any) -> Any:
        """Do it at the machine's time; a refusal is an answer, too."""
        with clock.stopped_at(self.moment):
            try:
                return act(*args, **options)
            except Refused:
                return None

    def _plan(self) -> None:
        self._try(computing.compute, self.event, by=self.chief)
        self._work()

    def _work(self) -> None:
        with clock.stopped_at(self.moment):
            computing.line.do_all()

    @rule(one=st.integers(0, PARTIES - 1), other=st.integers(0, PARTIES - 1))
    def wish(self, one: int, other: int) -> None:
        a, b = self.parties[one], self.parties[other]
        low, high = sorted((a.pk, b.pk))
        if one != other and not Wish.objects.filter(low=low, high=high).exists():
            making.wish(a, b)

    @rule(at=st.integers(0, 30))
    def refuse(self, at: int) -> None:
        wishes = list(self.event.wishes.filter(state__in=Wish.LIVE))
        if wishes:
            wishes[at % len(wishes)].take("refuse")

    @rule(minutes=st.sampled_from([5, 40]))
    def time_goes_on(self, minutes: int) -> None:
        self.moment += timedelta(minutes=minutes)

    @rule()
    def compute(self) -> None:
        self._plan()

    @rule(at=st.integers(0, 20))
    def publish(self, at: int) -> None:
        ready = list(self.event.plans.filter(state=Plan.State.READY))
        if ready:
            self._try(publishing.publish, ready[at % len(ready)], by=self.chief)

    @rule(at=st.integers(0, 30), slot=st.integers(0, SLOTS - 1), table=st.integers(0, 2))
    def somebody_brings_a_plan_that_may_be_wrong(self, at: int, slot: int, table: int) -> None:
        rows = assembling.standing(self.event)
        if rows:
            row, to = rows[at % len(rows)], self.event.slots.all()[slot].pk
            rows[at % len(rows)] = [row[0], to, row[2], table, *row[4:]]
            with clock.stopped_at(self.moment):
                plan = ready(self.event, rows)
            self._try(publishing.publish, plan, by=self.chief)

    @rule(who=st.integers(0, PARTIES - 1), kind=st.sampled_from(["no_show", "left"]))
    def somebody_is_not_there(self, who: int, kind: str) -> None:
        with clock.stopped_at(self.moment):
            values = {"kind": kind, "guest": self.parties[who].guests.get(),
                      "begins": clock.now(), "ends": None, "note": ""}
        self._try(live.report, self.event, values, by=self.chief)
        self._work()

    @rule(tables=st.integers(0, 1), ahead=st.integers(0, 90))
    def a_room_gets_smaller(self, tables: int, ahead: int) -> None:
        begins = self.moment + timedelta(minutes=ahead)
        values = {"kind": "fewer_tables", "place": self.event.places.first(), "tables": tables,
                  "begins": begins, "ends": begins + timedelta(minutes=60), "note": ""}
        self._try(live.report, self.event, values, by=self.chief)
        self._work()

    @rule(at=st.integers(0, 10))
    def it_was_a_mistake(self, at: int) -> None:
        open_ones = list(self.event.incidents.filter(undone=None))
        if open_ones:
            self._try(live.undo, open_ones[at % len(open_ones)], by=self.chief)
            self._work()

    @rule(at=st.integers(0, 30), slot=st.integers(0, SLOTS - 1), swap=st.booleans())
    def move_by_hand(self, at: int, slot: int, swap: bool) -> None:
        wishes = list(self.event.wishes.all())
        if wishes and queries.published(self.event):
            to = (self.event.slots.all()[slot].pk, self.event.places.first().pk, None)
            self._try(actions.move, self.event, wishes[at % len(wishes)].pk, by=self.chief,
                      to=to, swap=swap)

    @rule(at=st.integers(0, 30))
    def call_off(self, at: int) -> None:
        planned = list(self.event.meetings.filter(state=Meeting.State.PLANNED))
        if planned:
            self._try(actions.call_off, planned[at % len(planned)], by=self.chief)

    @rule()
    def go_back(self) -> None:
        plan = self._try(publishing.undo, by=self.chief, event=self.event)
        if plan is not None:
            self._try(publishing.publish, plan, by=self.chief)
            assert Plan.objects.get(pk=plan.pk).state == Plan.State.PUBLISHED  # it never breaks

    @invariant()
    def records_plan_and_ledger_agree(self) -> None:
        if not hasattr(self, "event"):
            return
        current = queries.published(self.event)
        held = queries.standing(self.event)
        assert self.event.plans.filter(state=Plan.State.PUBLISHED).count() <= 1
        if current is None:
            assert held == []
            return
        assert sorted(line.as_row() for line in held) == sorted(current.lines)
        told = Fact.objects.filter(name="plan.published").order_by("-seq").first()
        assert told is not None and told.data["plan"] == current.number
        assert told.data["digest"] == diffing.digest(current.lines)

    @invariant()
    def what_was_just_published_breaks_nothing_ahead(self) -> None:
        if not hasattr(self, "event"):
            return
        last = Fact.objects.order_by("-seq").first()
        if last is None or last.name != "plan.published":
            return
        with clock.stopped_at(self.moment):
            found = assembling.assemble(self.event)
            past = queries.begun(found.slots)
            held = queries.standing(self.event)
            ahead = [line for line in held if line.slot not in past]
            assert len(found.meetings([line.as_row() for line in ahead])) == len(ahead)
            meetings = found.meetings([line.as_row() for line in held])
            over = {at for at, one in enumerate(meetings) if found.slots[one.slot].pk in past}
            assert [each for each in check.breaches(found.problem, meetings)
                    if not over.issuperset(each.meetings)] == []


def test_whatever_happens_the_plan_that_people_hold_breaks_no_rule(
        house: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(computing.client, "run", small_engine)
    Fair.chief = making.organiser()
    run_state_machine_as_test(Fair, settings=settings(
        max_examples=12, stateful_step_count=14, deadline=None, derandomize=True,
        suppress_health_check=list(HealthCheck)))
