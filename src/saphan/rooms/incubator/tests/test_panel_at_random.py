"""Random legal and illegal moves of reviews, answers and appeals: whatever happens, no forbidden
state is reached, rules and actions agree, and the ledger tells the same story as the records."""

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
from saphan.ground.text import Text
from saphan.people import actions as people_actions
from saphan.people.models import Person
from saphan.rooms.incubator import rubrics
from saphan.rooms.incubator.actions import panel as actions
from saphan.rooms.incubator.models import Answer, Appeal, Call, Project, Review
from saphan.rooms.incubator.queries import panel as queries
from saphan.rooms.incubator.rules import panel as rules
from saphan.rooms.incubator.tests.conftest import NOW

WORDS = Text.of({"en": "The plan says too little about the costs."})
WHO = st.sampled_from(["manager", "director", "reader1", "reader2", "reader3", "lead1", "lead2",
                       "stranger"])
AT = st.integers(1, 3)
AT_ALL = (1, 2, 3)
FOLLOWS = {"answer.accepted": "accepted", "answer.declined": "declined",
           "answer.excluded": "ineligible", "answer.reinstated": "opened"}


class Panel(RuleBasedStateMachine):
    """A call with three answers and three reviewers; everybody tries everything."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.stopped: Any = None
        self.block = transaction.atomic()
        self.block.__enter__()

    def tick(self, days: int = 0) -> None:
        self.now += timedelta(days=days, minutes=1)
        if self.stopped is not None:
            self.stopped.__exit__(None, None, None)
        self.stopped = clock.stopped_at(self.now)
        self.stopped.__enter__()

    def teardown(self) -> None:
        if self.stopped is not None:
            self.stopped.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize(places=st.integers(1, 2))
    def open_a_call(self, places: int) -> None:
        self.tick()
        people_actions.load_economies()
        self.people = {name: Person.objects.create_user(f"{name}@example.org") for name in (
            "manager", "director", "reader1", "reader2", "reader3", "lead1", "lead2", "lead3",
            "stranger")}
        people_actions.grant_role(self.people["manager"], "programme_manager", by=None)
        people_actions.grant_role(self.people["director"], "director", by=None)
        self.call = Call.objects.create(
            number="INC-2027-0001", key="random", form="challenge", lang="en", state="evaluation",
            posted=NOW, deadline=NOW - timedelta(days=1), unsealed=NOW, places=places,
            reviews_each=2, rubric=rubrics.default("challenge"))
        for position in AT_ALL:
            Answer.objects.create(
                call=self.call, position=position, number=f"INC-2027-0001-0{position}",
                state="opened", lang="en", economy_id="VN", lead=self.people[f"lead{position}"],
                content={"title": f"Answer {position}"})
        for name in ("reader1", "reader2", "reader3"):
            seat = actions.invite(self.call, self.people[name], by=self.people["manager"])
            actions.promise(seat, by=self.people[name])

    def fresh(self) -> Call:
        self.call = Call.objects.get(pk=self.call.pk)
        return self.call

    def answer(self, at: int) -> Answer:
        return Answer.objects.select_related("call", "lead", "economy").get(
            call=self.fresh(), position=at)

    def attempt(self, verdict: Any, act: Any) -> None:
        """The rule and the action must say the same."""
        self.tick()
        allowed = bool(verdict())
        try:
            act()
        except Refused:
            return
        assert allowed, "done although the rule refuses it"

    def review(self, who: str, at: int) -> Review | None:
        try:
            return queries.review(self.fresh(), at, asker=self.people[who])
        except queries.NotFound:
            return None

    @rule(who=WHO)
    def assign(self, who: str) -> None:
        by = self.people[who]
        self.attempt(lambda: rules.may_assign(by, self.fresh()),
                     lambda: actions.assign(self.fresh(), by=by))

    @rule(who=WHO, at=AT, mark=st.integers(0, 5))
    def write_and_hand_in(self, who: str, at: int, mark: int) -> None:
        review, by = self.review(who, at), self.people[who]
        if review is None:
            return
        names = [row["id"] for row in self.call.rubric]
        values = {"marks": dict.fromkeys(names, mark),
                  "remarks": dict.fromkeys(names, f"Words of {who}."), "lang": "en"}
        self.attempt(lambda: rules.may_mark(by, review),
                     lambda: actions.mark(review, values, by=by))
        self.attempt(lambda: rules.may_hand_in(by, review),
                     lambda: actions.hand_in(review, by=by))

    @rule(who=WHO, owner=WHO, at=AT, verb=st.sampled_from(["hand_in", "reopen", "declare"]))
    def touch_somebodys_review(self, who: str, owner: str, at: int, verb: str) -> None:
        review, by = self.review(owner, at), self.people[who]
        if review is None:
            return
        may = {"hand_in": rules.may_hand_in, "reopen": rules.may_reopen,
               "declare": rules.may_declare}[verb]
        self.attempt(lambda: may(by, review), lambda: getattr(actions, verb)(review, by=by))

    @rule(who=WHO, without=st.booleans())
    def open_the_talk(self, who: str, without: bool) -> None:
        by = self.people[who]
        self.attempt(lambda: rules.may_open_the_talk(by, self.fresh()),
                     lambda: actions.open_the_talk(self.fresh(), by=by, without_missing=without))

    @rule(who=WHO, at=AT, outcome=st.sampled_from([*rules.OUTCOMES, "opened"]))
    def prepare(self, who: str, at: int, outcome: str) -> None:
        by, answer = self.people[who], self.answer(at)
        self.attempt(lambda: rules.may_prepare(by, answer.call),
                     lambda: actions.prepare(answer, outcome=outcome, reasons=WORDS, by=by))

    @rule(who=st.sampled_from(["manager", "director", "stranger", "lead1"]))
    def decide(self, who: str) -> None:
        by = self.people[who]
        self.attempt(lambda: rules.may_decide(by, self.fresh()),
                     lambda: actions.decide(self.fresh(), by=by))

    @rule()
    def everybody_reads(self) -> None:
        self.assign("manager")
        for who in ("reader1", "reader2", "reader3"):
            for at in AT_ALL:
                self.write_and_hand_in(who, at, 3)

    @rule(outcomes=st.lists(st.sampled_from(rules.OUTCOMES), min_size=3, max_size=3))
    def go_all_the_way(self, outcomes: list[str]) -> None:
        """So that what comes after the decision is reached often enough."""
        self.everybody_reads()
        self.open_the_talk("manager", True)
        for at, outcome in zip(AT_ALL, outcomes, strict=True):
            self.prepare("manager", at, outcome)
        self.decide("manager")

    @rule(who=WHO, at=AT, days=st.integers(0, 20))
    def appeal(self, who: str, at: int, days: int) -> None:
        self.tick(days)
        by, answer = self.people[who], self.answer(at)
        self.attempt(lambda: rules.may_appeal(by, answer),
                     lambda: actions.appeal(answer, words=WORDS, by=by))

    @rule(who=WHO, pick=st.integers(0, 5),
          verb=st.sampled_from(["uphold", "dismiss", "withdraw_appeal"]))
    def answer_an_appeal(self, who: str, pick: int, verb: str) -> None:
        filed = list(Appeal.objects.select_related("answer__call", "answer__lead"))
        if not filed:
            return
        found, by = filed[pick % len(filed)], self.people[who]
        may = rules.BY_APPEAL[verb.split("_")[0]]
        words = {} if verb == "withdraw_appeal" else {"reasons": WORDS}
        self.attempt(lambda: may(by, found), lambda: getattr(actions, verb)(found, by=by, **words))

    @rule(at=AT, who=st.sampled_from(["manager", "director", "reader1"]),
          verb=st.sampled_from(["uphold", "dismiss"]))
    def go_through_an_appeal(self, at: int, who: str, verb: str) -> None:
        self.go_all_the_way(["accepted", "declined", "ineligible"])
        self.appeal(f"lead{at}", at, 0)
        self.answer_an_appeal(who, 0, verb)
        self.decide_again(who, at, "accepted")

    @rule(who=WHO, at=AT, outcome=st.sampled_from(rules.OUTCOMES))
    def decide_again(self, who: str, at: int, outcome: str) -> None:
        by, answer = self.people[who], self.answer(at)
        self.attempt(lambda: rules.may_decide_again(by, answer), lambda: actions.decide_again(
            answer, outcome=outcome, reasons=WORDS, by=by))

    @invariant()
    def no_more_are_chosen_than_there_are_places(self) -> None:
        if hasattr(self, "call"):
            chosen = Answer.objects.filter(state="accepted")
            assert chosen.count() <= self.call.places
            assert set(Project.objects.values_list("answer", flat=True)) >= set(
                chosen.values_list("pk", flat=True))

    @invariant()
    def whoever_reviewed_or_decided_answers_no_appeal(self) -> None:
        readers = {self.people[name].ref for name in ("reader1", "reader2", "reader3")} if hasattr(
            self, "people") else set()
        for each in Appeal.objects.exclude(decided_by=""):
            deciders = {fact.actor for fact in ledger.about(each.answer).filter(
                name__in=FOLLOWS, at__lt=each.filed)} - {""}
            assert each.decided_by not in readers
            last = ledger.about(each.answer).filter(
                name__in=[name for name in FOLLOWS if name != "answer.reinstated"],
                at__lt=each.filed).last()
            assert last is None or each.decided_by != last.actor, deciders

    @invariant()
    def ledger_and_records_agree(self) -> None:
        if not hasattr(self, "call"):
            return
        for answer in Answer.objects.all():
            states = [FOLLOWS[fact.name] for fact in ledger.about(answer)
                      if fact.name in FOLLOWS]
            assert answer.state == (states[-1] if states else "opened")
        for review in Review.objects.filter(round=1):
            told = [fact.name for fact in ledger.about(review) if fact.name != "review.saved"]
            expected = {"review.handed_in": "handed_in", "review.reopened": "open",
                        "review.withdrawn": "withdrawn"}
            assert review.state == (expected[told[-1]] if told else "open")

    @invariant()
    def the_blind_round_is_blind(self) -> None:
        if not hasattr(self, "call") or self.fresh().round >= 2:
            return
        for name in ("reader1", "reader2", "reader3"):
            for review in queries.reviews_of(self.call, self.people[name]):
                assert not queries.others(review, asker=self.people[name])
                assert not queries.as_read(review, asker=self.people[name]).named


@pytest.mark.django_db
def test_random_moves_keep_reviews_decisions_and_appeals_in_order() -> None:
    run_state_machine_as_test(Panel, settings=settings(
        max_examples=25, stateful_step_count=20, deadline=None,
        suppress_health_check=list(HealthCheck)))
