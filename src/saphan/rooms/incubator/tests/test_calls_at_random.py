"""Random people make random moves with a call: it moves along its table and nowhere else, and the
ledger tells the same story as the record."""

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

from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.people import actions as people_actions
from saphan.people.models import Person, Role
from saphan.rooms.incubator.actions import calls as actions
from saphan.rooms.incubator.forms.calls import CallForm
from saphan.rooms.incubator.models import Call
from saphan.rooms.incubator.queries import calls as queries
from saphan.rooms.incubator.tests.conftest import LANDSLIDES, NOW

PEOPLE = {"owner": (), "manager": (Role.Name.PROGRAMME_MANAGER,), "clerk": (Role.Name.CLERK,),
          "administrator": (Role.Name.ADMINISTRATOR,), "stranger": ()}
FACTS = {"submit": "call.submitted", "take_back": "call.taken_back",
         "return_to_author": "call.returned", "post": "call.posted", "open": "call.opened",
         "end_answers": "call.ended", "finish": "call.finished", "cancel": "call.cancelled"}
WHO = {"submit": {"owner"}, "take_back": {"owner"}, "post": {"manager", "administrator"},
       "return_to_author": {"manager", "administrator"}, "open": {"manager", "administrator"},
       "end_answers": {"manager", "administrator", None}, "finish": {"manager", "administrator"},
       "cancel": {"owner", "manager", "administrator"}}


class ACall(RuleBasedStateMachine):
    """The model beside it is a state and the list of facts that there must be."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        people_actions.load_economies()
        self.people: dict[str | None, Person | None] = {None: None}
        for name, roles in PEOPLE.items():
            person = Person.objects.create_user(f"{name}@example.org")
            for role in roles:
                people_actions.grant_role(person, role, by=None)
            self.people[name] = person
        with clock.stopped_at(self.now):
            form = CallForm(LANDSLIDES)
            assert form.is_valid()
            self.call = actions.start(form.values(), by=self.people["owner"])
        self.state, self.facts, self.deadlines = "draft", ["call.drafted"], 0

    @rule(name=st.sampled_from(sorted(FACTS)), who=st.sampled_from([*PEOPLE, None]),
          because=st.sampled_from(["", "A good reason"]), stale=st.booleans(),
          rare=st.integers(0, 4))
    def move(self, name: str, who: str | None, because: str, stale: bool, rare: int) -> None:
        if name != "cancel" or rare == 0:  # else most calls would end before they began
            self.attempt(name, who, because, stale=stale)

    def attempt(self, name: str, who: str | None, because: str, *, stale: bool) -> None:
        by: Any = self.people[who]
        if by is None and name != "end_answers":
            return
        call = self.call if stale else Call.objects.get(pk=self.call.pk)
        given = {"because": because} if name in actions.WITH_A_REASON else {}
        with clock.stopped_at(self.now):
            over = call.is_over
            try:
                actions.BY_TRANSITION[name](call, by=by, **given)
            except Refused:
                return
        transition = Call.lifecycle.transitions[name]
        assert self.state in transition.sources
        assert who in WHO[name]
        if name == "end_answers":
            assert over, "ended before the deadline"
        if name == "post":
            assert call.deadline - self.now >= timedelta(days=14)
        if name == "cancel" and who == "owner":
            assert "call.posted" not in self.facts
        self.state = transition.target
        self.facts.append(FACTS[name])

    @rule()
    def forward(self) -> None:
        """The step that leads on, by whoever may: without it chance would seldom come far."""
        call = Call.objects.get(pk=self.call.pk)
        name, who = {"draft": ("submit", "owner"), "submitted": ("post", "manager"),
                     "posted": ("open", "manager"), "answering": ("end_answers", None),
                     "evaluation": ("finish", "manager")}.get(self.state, ("submit", "owner"))
        if name == "open":
            self.the_key_holders_take_their_slips()
        if name == "end_answers" and self.facts.count("call.changed") % 2 == 0:
            self.now = max(self.now, call.deadline)
        self.attempt(name, who, "A good reason", stale=False)

    @rule(days=st.integers(1, 30))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule()
    def the_key_holders_take_their_slips(self) -> None:
        if self.state == "posted":
            Call.objects.filter(pk=self.call.pk).update(key_public="a key")

    @rule(who=st.sampled_from(sorted(PEOPLE)), days=st.integers(-5, 20))
    def more_time(self, who: str, days: int) -> None:
        call = Call.objects.get(pk=self.call.pk)
        before = call.deadline
        with clock.stopped_at(self.now):
            try:
                actions.extend(call, by=self.people[who], because="Holidays",  # type: ignore[arg-type]
                               deadline=before + timedelta(days=days))
            except Refused:
                return
        assert who in ("manager", "administrator") and days > 0 and self.now < before
        assert self.state in ("posted", "answering")
        self.deadlines += 1
        self.facts.append("call.extended")

    @rule(who=st.sampled_from(sorted(PEOPLE)), months=st.integers(1, 60))
    def edit(self, who: str, months: int) -> None:
        call = Call.objects.get(pk=self.call.pk)
        version = call.version
        with clock.stopped_at(self.now):
            try:
                actions.save(call, {"months": months}, by=self.people[who])
            except Refused:
                return
        if call.version != version:
            assert (self.state == "draft" and who != "stranger" and who != "clerk") or (
                self.state == "posted" and who in ("manager", "administrator"))
            self.facts.append("call.changed")

    @invariant()
    def record_and_ledger_agree(self) -> None:
        if not hasattr(self, "call"):
            return
        call = Call.objects.get(pk=self.call.pk)
        assert call.state == self.state
        assert [fact.name for fact in ledger.about(call)] == self.facts
        assert self.deadlines <= 1
        public = queries.public().filter(pk=call.pk).exists()
        assert public == ("call.posted" in self.facts)
        assert ledger.verify().intact


@pytest.mark.django_db
def test_random_people_move_a_call_along_its_table_alone() -> None:
    run_state_machine_as_test(ACall, settings=settings(
        max_examples=40, stateful_step_count=30, deadline=None,
        suppress_health_check=list(HealthCheck)))
