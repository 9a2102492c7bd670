"""Random people make random moves with an event and its registrations: both move along their tables
and nowhere else, the hall is never fuller than it is big, and the ledger tells the same story."""

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
    precondition,
    rule,
    run_state_machine_as_test,
)

from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.people import actions as people_actions
from saphan.people.models import Person, Role
from saphan.rooms.meetings.actions import events as actions
from saphan.rooms.meetings.actions import parties as party_actions
from saphan.rooms.meetings.models import Event, Guest, Party, Plan
from saphan.rooms.meetings.queries import events as queries
from saphan.rooms.meetings.tests.events import NOW, draft, registered, set_up

PEOPLE = {"organiser": (Role.Name.PROGRAMME_MANAGER,), "clerk": (Role.Name.CLERK,),
          "mali": (), "lan": (), "stranger": ()}
EVENT_FACTS = {"open": "event.opened", "close": "event.closed", "reopen": "event.reopened",
               "begin": "event.begun", "finish": "event.ended", "cancel": "event.cancelled"}
PARTY_FACTS = {"approve": "party.approved", "put_on_list": "party.waiting",
               "decline": "party.declined", "withdraw": "party.withdrawn",
               "apply_again": "party.applied_again"}
DESK = {"organiser", "clerk"}


class AnEvent(RuleBasedStateMachine):
    """The model beside it: states, owners and the facts that there must be."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize(approval=st.booleans(), capacity=st.integers(1, 5))
    def begin(self, approval: bool, capacity: int) -> None:
        self.now, self.number = NOW, 0
        people_actions.load_economies()
        self.people: dict[str, Person] = {}
        for name, roles in PEOPLE.items():
            person = Person.objects.create_user(f"{name}@example.org")
            for role in roles:
                people_actions.grant_role(person, role, by=None)
            self.people[name] = person
        with clock.stopped_at(self.now):
            event = set_up(draft(self.people["organiser"], capacity=str(capacity),
                                 needs_approval="on" if approval else ""))
        self.key, self.approval = event.pk, approval
        self.state, self.story = "draft", list[str]()
        self.parties: dict[int, tuple[str, str]] = {}  # key: state and who registered
        self.overruled = False

    def fresh(self) -> Event:
        return Event.objects.get(pk=self.key)

    @rule(name=st.sampled_from(sorted(EVENT_FACTS)), who=st.sampled_from(sorted(PEOPLE)),
          because=st.sampled_from(["", "Flood"]), rare=st.integers(0, 6))
    def move(self, name: str, who: str, because: str, rare: int) -> None:
        if name == "cancel" and rare:
            return
        event, given = self.fresh(), {"because": because} if name == "cancel" else {}
        with clock.stopped_at(self.now):
            ahead = self.now < event.registration_ends
            try:
                actions.BY_TRANSITION[name](event, by=self.people[who], **given)
            except Refused:
                return
        transition = Event.lifecycle.transitions[name]
        assert who == "organiser" and self.state in transition.sources
        assert name != "open" or ahead
        assert name != "begin" or event.plans.filter(state="published").exists()
        assert name != "cancel" or because or self.state == "draft"
        self.state = transition.target
        self.story.append(EVENT_FACTS[name])

    @rule()
    def forward(self) -> None:
        """The step that leads on: without it chance would seldom come far."""
        name = {"draft": "open", "open": "close", "planning": "begin",
                "running": "finish"}.get(self.state)
        if name == "begin" and not self.fresh().plans.exists():
            Plan.objects.create(event_id=self.key, number=1, state="published", made=self.now)
        if name == "finish":
            self.now = max(self.now, self.fresh().slots.last().ends)
        if name:
            self.move(name, "organiser", "", 0)

    @rule(days=st.integers(1, 20))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(who=st.sampled_from(sorted(PEOPLE)), guests=st.integers(1, 3))
    def register(self, who: str, guests: int) -> None:
        event, self.number = self.fresh(), self.number + 1
        with clock.stopped_at(self.now):
            open_ = event.takes_registrations
            left = queries.places_left(event)
            try:
                party = registered(event, self.people[who], f"Company {self.number}", guests)
            except Refused:
                return
        assert open_ or (who in DESK and self.state in {"open", "planning", "running"})
        expected = "applied" if self.approval else "approved" if guests <= left else "waiting"
        assert party.state == expected
        self.parties[party.pk] = (expected, who)

    @precondition(lambda self: getattr(self, "parties", None))
    @rule(name=st.sampled_from(sorted(PARTY_FACTS)), who=st.sampled_from(sorted(PEOPLE)),
          which=st.integers(0, 20), because=st.sampled_from(["", "A reason"]))
    def decide(self, name: str, who: str, which: int, because: str) -> None:
        key = sorted(self.parties)[which % len(self.parties)]
        party = Party.objects.select_related("event").get(pk=key)
        state, owner = self.parties[key]
        given: dict[str, Any] = {"because": because} if name == "decline" else {}
        if name == "approve":
            given = {"over_because": because}
        with clock.stopped_at(self.now):
            left, size = queries.places_left(self.fresh()), party.guests.count()
            try:
                party_actions.BY_TRANSITION[name](party, by=self.people[who], **given)
            except Refused:
                return
        transition = Party.lifecycle.transitions[name]
        assert state in transition.sources and self.state not in {"over", "cancelled"}
        # Of those whom the staff register, nobody is the contact.
        assert who in DESK or (who == owner and name in {"withdraw", "apply_again"})
        if name == "approve" and size > left:
            assert because
            self.overruled = True
        after = transition.target
        if name == "apply_again" and not self.approval:
            after = "approved" if size <= left else "waiting"
        assert party.state == after
        self.parties[key] = (after, owner)

    @rule()
    def the_house_fills_free_places(self) -> None:
        event = self.fresh()
        with clock.stopped_at(self.now):
            moved = party_actions.move_up(event)
        assert not moved or self.state in {"open", "planning"}
        for party in moved:
            assert self.parties[party.pk][0] == "waiting"
            self.parties[party.pk] = ("approved", self.parties[party.pk][1])
        if self.state in {"open", "planning"}:
            left = queries.places_left(event)
            assert not any(party.guests.count() <= left
                           for party in event.parties.filter(state="waiting"))

    @invariant()
    def records_and_ledger_agree(self) -> None:
        if not hasattr(self, "key"):
            return
        event = self.fresh()
        assert event.state == self.state
        told = [fact.name for fact in ledger.about(event) if fact.name in EVENT_FACTS.values()]
        assert told == self.story
        assert dict(event.parties.values_list("pk", "state")) == {
            key: state for key, (state, _who) in self.parties.items()}
        taken = Guest.objects.filter(party__event=event, party__state="approved").count()
        assert taken <= event.capacity or self.overruled
        assert ledger.verify().intact
        public = queries.public().filter(pk=event.pk).exists()
        assert public == ("event.opened" in self.story)


@pytest.mark.django_db
def test_random_people_move_an_event_and_its_participants_along_their_tables() -> None:
    run_state_machine_as_test(AnEvent, settings=settings(
        max_examples=20, stateful_step_count=25, deadline=None,
        suppress_health_check=list(HealthCheck)))
