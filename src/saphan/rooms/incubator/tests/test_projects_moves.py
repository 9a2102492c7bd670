"""Random moves by random people: a project goes along its table, and nothing is paid or validated
that must not be."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run

from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.ground.text import Text
from saphan.people import actions as people_actions
from saphan.people.models import Economy, Person, Role
from saphan.rooms.incubator import verdicts
from saphan.rooms.incubator.actions import projects as actions
from saphan.rooms.incubator.models import Answer, Call, FollowUp, Milestone, Payment, Project
from saphan.rooms.incubator.tests.conftest import NOW

WHO = st.sampled_from(["lead", "owner", "manager", "stranger", "clerk"])
PAPER = {"url": "https://example.org/paper"}
SAID = Text.of({"en": "As the numbers say."})
MOVES = {"project.assigned": "assigned", "project.begun": "working",
         "project.validated": "validated", "project.rejected": "rejected",
         "project.stopped": "stopped", "project.resumed": "working"}


class Moves(RuleBasedStateMachine):
    """One project with two indicators, one of which must be reached."""

    @initialize()
    def start(self) -> None:
        people_actions.load_economies()
        self.people = {name: self._person(name) for name in (
            "lead", "owner", "manager", "stranger", "clerk")}
        people_actions.grant_role(self.people["manager"], Role.Name.PROGRAMME_MANAGER, by=None)
        people_actions.grant_role(self.people["clerk"], Role.Name.CLERK, by=None)
        number = f"INC-2027-{Call.objects.count() + 1:04d}"
        call = Call.objects.create(
            number=number, form="challenge", state=Call.State.ASSIGNED, decided=NOW,
            author=self.people["owner"], economy=Economy.objects.get(code="LA"),
            modes=["joint_rd"], budget_amount=Decimal(1000), budget_currency="USD",
            indicators=[
                {"id": "a", "name": "Right warnings", "direction": "at_least", "value": "80",
                 "unit": "%", "must": True},
                {"id": "b", "name": "False ones", "direction": "at_most", "value": "2",
                 "unit": "a month", "must": False}])
        answer = Answer.objects.create(
            call=call, position=1, number=f"{number}-01", state=Answer.State.ACCEPTED,
            lead=self.people["lead"], economy=Economy.objects.get(code="VN"),
            content={"title": "Slopes", "amount": "900", "mode": "joint_rd"})
        self.project = actions.assign(answer, by=self.people["manager"])
        self.day = 0

    def _person(self, name: str) -> Person:
        return Person.objects.create_user(f"{name}{Person.objects.count()}@example.org")

    def attempt(self, act: Any) -> None:
        """Do it, or be refused with a reason; a refusal changes nothing."""
        before = ledger.head()[0]
        with clock.stopped_at(NOW + timedelta(days=self.day)):
            try:
                act()
            except Refused:
                assert ledger.head()[0] == before
        self.project = Project.objects.get(pk=self.project.pk)

    @rule(days=st.integers(1, 400))
    def time_passes(self, days: int) -> None:
        self.day += days

    @rule(who=WHO, amount=st.sampled_from([None, Decimal(900), Decimal(10)]))
    def sign(self, who: str, amount: Any) -> None:
        self.attempt(lambda: actions.sign(self.project, {
            "signed": date(2027, 1, 2), "mode": "joint_rd", "amount": amount, "currency": "USD",
            "starts": None, "ends": date(2028, 1, 1), **PAPER}, by=self.people[who]))

    @rule(who=WHO)
    def plan(self, who: str) -> None:
        self.attempt(lambda: actions.add_milestone(
            self.project, title=SAID, due=date(2027, 6, 1), by=self.people[who]))

    @rule(who=WHO, amount=st.sampled_from([Decimal(5), Decimal(400), Decimal(2000)]),
          tied=st.booleans())
    def plan_a_payment(self, who: str, amount: Decimal, tied: bool) -> None:
        step = self.project.milestones.first() if tied else None
        self.attempt(lambda: actions.add_payment(
            self.project, amount=amount, currency="USD", due=date(2027, 6, 1),
            milestone=step, by=self.people[who]))

    @rule(who=WHO, verb=st.sampled_from(["begin", "validate", "reject", "stop", "resume"]))
    def move(self, who: str, verb: str) -> None:
        words = {} if verb in ("begin", "resume") else {"reasons": SAID}
        self.attempt(lambda: actions.BY_TRANSITION[verb](
            self.project, by=self.people[who], **words))

    @rule(who=WHO, verb=st.sampled_from(["hand_in", "approve", "return", "drop"]))
    def milestone(self, who: str, verb: str) -> None:
        step, by = self.project.milestones.order_by("?").first(), self.people[who]
        if step is not None:
            self.attempt({
                "hand_in": lambda: actions.hand_in(step, report=SAID, by=by, evidence=PAPER),
                "approve": lambda: actions.approve(step, by=by),
                "return": lambda: actions.return_milestone(step, because="Why?", by=by),
                "drop": lambda: actions.drop_milestone(step, by=by)}[verb])

    @rule(who=WHO, verb=st.sampled_from(["release", "withhold", "drop"]))
    def payment(self, who: str, verb: str) -> None:
        paid, by = self.project.payments.order_by("?").first(), self.people[who]
        if paid is not None:
            self.attempt({
                "release": lambda: actions.release(paid, on=date(2027, 5, 1), reference="R",
                                                   by=by),
                "withhold": lambda: actions.withhold(paid, because="Late.", by=by),
                "drop": lambda: actions.drop_payment(paid, by=by)}[verb])

    @rule(who=WHO, indicator=st.sampled_from(["a", "b", "nothing"]),
          value=st.sampled_from([Decimal(1), Decimal(79), Decimal("80.5")]))
    def measure(self, who: str, indicator: str, value: Decimal) -> None:
        self.attempt(lambda: actions.measure(
            self.project, indicator=indicator, value=value, on=date(2027, 4, 1), method=SAID,
            by=self.people[who], evidence=PAPER))

    @rule(who=WHO)
    def confirm(self, who: str) -> None:
        found = self.project.measurements.order_by("?").first()
        if found is not None:
            self.attempt(lambda: actions.confirm(found, by=self.people[who]))

    @rule(who=WHO)
    def report(self, who: str) -> None:
        found = self.project.follow_ups.order_by("?").first()
        if found is not None:
            self.attempt(lambda: actions.report(found, {"use": "daily", "words": SAID},
                                                by=self.people[who]))

    @invariant()
    def ledger_and_project_agree(self) -> None:
        if not hasattr(self, "project"):
            return
        states = [MOVES[fact.name] for fact in ledger.about(self.project) if fact.name in MOVES]
        assert states[-1] == self.project.state
        for before, after in pairwise(states):
            assert Project.lifecycle.allows(before, after)

    @invariant()
    def nothing_is_paid_for_work_that_nobody_approved(self) -> None:
        if hasattr(self, "project"):
            assert not Payment.objects.filter(
                project=self.project, state=Payment.State.RELEASED).exclude(
                milestone=None).exclude(milestone__state=Milestone.State.APPROVED).exists()

    @invariant()
    def validated_means_that_every_must_was_reached(self) -> None:
        if not hasattr(self, "project"):
            return
        if self.project.state == Project.State.VALIDATED:
            assert all(row["reached"] for row in self.project.verdict if row["must"])
            assert [each.months for each in self.project.follow_ups.all()] == [6, 18, 36]
        elif self.project.state != Project.State.VALIDATED:
            assert not FollowUp.objects.filter(project=self.project).exists()
        if self.project.state == Project.State.WORKING:
            assert self.project.signed and self.project.evidence.exists()

    @invariant()
    def only_what_others_confirmed_counts(self) -> None:
        if hasattr(self, "project"):
            lead = self.people["lead"].ref
            assert not self.project.measurements.filter(confirmed_by=lead).exists()
            for row in verdicts.of(self.project):
                if row["measured"] is not None:
                    assert self.project.measurements.filter(
                        indicator=row["id"], confirmed__isnull=False).exists()


@pytest.mark.django_db
def test_random_moves_keep_a_project_on_its_path(db: None) -> None:
    run(Moves, settings=settings(max_examples=30, stateful_step_count=40, deadline=None,
                                 suppress_health_check=list(HealthCheck)))
