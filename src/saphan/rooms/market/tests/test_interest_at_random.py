"""Random people make random moves with an interest: it goes along its table and nowhere else, the
ledger tells the same story, and nobody is named before both agreed and were introduced."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.forms.models import model_to_dict
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
from saphan.people.models import Economy, Person, Role
from saphan.rooms.market.interest import actions, queries, told
from saphan.rooms.market.interest.forms import InterestForm
from saphan.rooms.market.models import Interest, Listing, Note, Progress
from saphan.rooms.market.tests.test_interest import WORDS

PEOPLE = ("owner", "asker", "thai officer", "chinese officer", "manager", "other officer",
          "stranger")
BROKERS = {"thai officer", "chinese officer", "manager"}
PARTIES = BROKERS | {"owner", "asker"}
OPEN = {"sent", "accepted", "introduced", "agreed", "running"}
MET = {"introduced", "agreed", "running"}
NEXT = {"introduced": ("sign", "signed"), "agreed": ("start", "started"),
        "running": ("conclude", "concluded")}
START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
EVIDENCE = {"kind": "contract", "on": date(2026, 3, 1), "url": "https://example.org/proof"}
VERBS = ("accept", "decline", "agree", "withdraw", "lapse", "introduce", "sign", "start",
         "conclude", "close", "hand_over", "note", "meeting", "confirm")
FACTS = {"accept": "accepted", "decline": "declined", "agree": "confirmed",
         "withdraw": "withdrawn", "lapse": "lapsed", "introduce": "introduced", "sign": "signed",
         "start": "started", "conclude": "concluded", "close": "closed",
         "hand_over": "handed_over", "note": "noted", "meeting": "meeting_planned",
         "confirm": "progress_confirmed"}
TARGETS = {"accept": "accepted", "decline": "declined", "withdraw": "closed", "lapse": "closed",
           "introduce": "introduced", "sign": "agreed", "start": "running",
           "conclude": "outcome", "close": "closed"}

USUAL = {"accept": "owner", "decline": "owner", "agree": "asker", "withdraw": "asker",
         "lapse": None, "introduce": "manager", "sign": "owner", "start": "asker",
         "conclude": "owner", "close": "asker", "meeting": "manager", "note": "stranger"}


class AnInterest(RuleBasedStateMachine):
    """The model beside it: a state, two agreements, and the facts that there must be."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize(agree=st.booleans())
    def begin(self, agree: bool) -> None:
        self.now = START
        people_actions.load_economies()
        homes = {"owner": "TH", "asker": "CN", "stranger": "VN"}
        self.people = {name: Person.objects.create_user(
            f"{name.replace(' ', '.')}@example.org", name=f"Name of {name}",
            economy_id=homes.get(name)) for name in PEOPLE}
        for name, economy in (("thai officer", "TH"), ("chinese officer", "CN"),
                              ("other officer", "LA")):
            people_actions.grant_role(self.people[name], Role.Name.LIAISON_OFFICER, by=None,
                                      economy=Economy.objects.get(code=economy))
        people_actions.grant_role(self.people["manager"], Role.Name.PROGRAMME_MANAGER, by=None)
        self.listing = Listing.objects.create(
            number="MKT-2026-0001", kind="technology_request", lang="th", state="published",
            author=self.people["owner"], economy_id="TH", discreet=True)
        with clock.stopped_at(self.now):
            self.interest = self.send(agree)

    def send(self, agree: bool) -> Interest:
        asker = self.people["asker"]
        form = InterestForm(WORDS, by=asker, listing=self.listing)
        assert form.is_valid(), form.errors
        sent = actions.send(self.listing, form.values(), by=asker, agree=agree)
        self.state, self.facts = "sent", ["sent"]
        self.agreed = {"asker": agree, "owner": False}
        self.writers: list[str] = []
        return sent

    def is_legal(self, verb: str, who: str | None) -> bool:
        """What the table and the rules say, told a second time."""
        state, asked, owned = self.state, self.agreed["asker"], self.agreed["owner"]
        unconfirmed = bool(self.writers) and self.last_is_open
        return {
            "accept": state == "sent" and who in BROKERS | {"owner"},
            "decline": state == "sent" and who in BROKERS | {"owner"},
            "agree": state == "accepted" and who == "asker" and not asked,
            "withdraw": state in ("sent", "accepted") and who == "asker",
            "lapse": state in ("sent", "accepted") and (
                who is None or (who in BROKERS and self.is_overdue)),
            "introduce": state == "accepted" and who in BROKERS and asked and owned,
            "sign": state == "introduced" and who in PARTIES,
            "start": state == "agreed" and who in PARTIES,
            "conclude": state == "running" and who in PARTIES,
            "close": state in MET and who in PARTIES,
            "hand_over": who in BROKERS, "note": who in BROKERS,
            "meeting": state in MET and who in BROKERS,
            "confirm": unconfirmed and who in PARTIES and _side(who) != _side(self.writers[-1]),
        }[verb]

    @property
    def is_overdue(self) -> bool:
        due = Interest.objects.get(pk=self.interest.pk).due
        return due is not None and due < (self.now + timedelta(hours=7)).date()

    @property
    def last_is_open(self) -> bool:
        last = Progress.objects.filter(interest=self.interest).last()
        return last is not None and last.confirmed is None

    def run(self, verb: str, who: str | None, found: Interest, evidence: bool) -> object:
        by: Any = self.people[who] if who else None
        proof = EVIDENCE if evidence else {**EVIDENCE, "url": ""}
        acts: dict[str, Callable[[], object]] = {
            "decline": lambda: actions.decline(found, by=by, reason="too_early"),
            "hand_over": lambda: actions.hand_over(found, self.people["manager"], by=by),
            "note": lambda: actions.note(found, "Called them.", by=by),
            "meeting": lambda: actions.plan_meeting(found, by=by, meets_at=self.now,
                                                    where="https://example.org/meet"),
            "confirm": lambda: actions.confirm(_last(found), by=by),
            **{name: lambda name=name: actions.BY_TRANSITION[name](found, proof, by=by)
               for name in ("sign", "start", "conclude")},
            "agree": lambda: actions.agree(found, by=by),
        }
        return acts.get(verb, lambda: actions.BY_TRANSITION[verb](found, by=by))()

    @rule(verb=st.sampled_from(VERBS), who=st.sampled_from([*PEOPLE, None]),
          stale=st.booleans(), evidence=st.sampled_from([True, True, False]),
          rare=st.integers(0, 3))
    def move(self, verb: str, who: str | None, stale: bool, evidence: bool, rare: int) -> None:
        ends = verb in ("decline", "withdraw", "lapse", "close")
        if (who is None and verb != "lapse") or (ends and rare):
            return  # else most would end before they began
        self.attempt(verb, who, stale=stale, evidence=evidence)

    def attempt(self, verb: str, who: str | None, *, stale: bool = False,
                evidence: bool = True) -> None:
        if verb == "confirm" and not self.writers:
            return
        found = self.interest if stale else Interest.objects.get(pk=self.interest.pk)
        before = self.picture()
        with clock.stopped_at(self.now):
            legal = self.is_legal(verb, who) and (evidence or verb not in (
                "sign", "start", "conclude"))
            reason = ""
            try:
                self.run(verb, who, found, evidence)
            except Refused as refused:
                reason = str(refused)
        if reason:
            assert stale or not legal, f"{verb} by {who} in {self.state}: {reason}"
            assert self.picture() == before
            return
        assert legal, f"{verb} by {who} in {self.state}"
        self.note_move(verb, who)

    def note_move(self, verb: str, who: str | None) -> None:
        if verb in TARGETS:
            assert Interest.lifecycle.transitions[verb].target == TARGETS[verb]
            assert self.state in Interest.lifecycle.transitions[verb].sources
            self.state = TARGETS[verb]
        if verb in ("accept", "agree"):
            self.agreed["owner" if verb == "accept" else "asker"] = True
        if verb in ("sign", "start", "conclude"):
            assert who is not None
            self.writers.append(who)
        self.facts.append(FACTS[verb])

    @rule(who=st.sampled_from(sorted(PARTIES)))
    def forward(self, who: str) -> None:
        """The step that leads on, by whoever may: without it chance would seldom come far."""
        if self.state == "sent":
            self.attempt("accept", "owner")
        elif self.state == "accepted":
            self.attempt(*(("introduce", "manager") if self.agreed["asker"] else
                           ("agree", "asker")))
        elif self.state in NEXT:
            self.attempt(NEXT[self.state][0], who)

    @rule()
    def all_at_the_wrong_time(self) -> None:
        """Every step by whoever takes it, but now it is not its turn."""
        for verb, who in USUAL.items():
            with clock.stopped_at(self.now):
                early = not self.is_legal(verb, who)
            if early:
                self.attempt(verb, who)

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule()
    def it_grows_stale(self) -> None:
        self.interest = Interest.objects.get(pk=self.interest.pk)

    @rule(who=st.sampled_from(["asker", "owner", "other officer"]), agree=st.booleans())
    def send_again(self, who: str, agree: bool) -> None:
        """One open interest of the same side in a record, and nobody asks herself."""
        with clock.stopped_at(self.now):
            if who == "asker" and self.state not in OPEN:
                before = Interest.objects.get(pk=self.interest.pk).position
                self.interest = self.send(agree)
                assert self.interest.position == before + 1
                return
            count = Interest.objects.count()
            with pytest.raises(Refused):
                actions.send(self.listing, {"lang": "en"}, by=self.people[who], agree=agree)
            assert Interest.objects.count() == count

    def picture(self) -> dict[str, Any]:
        """All that the house keeps of it."""
        return {"interest": model_to_dict(Interest.objects.get(pk=self.interest.pk)),
                "facts": ledger.about(self.interest).count(), "head": ledger.head()[0],
                "progress": list(Progress.objects.values()), "notes": Note.objects.count()}

    @invariant()
    def model_and_ledger_agree(self) -> None:
        if not hasattr(self, "interest"):
            return
        found = Interest.objects.select_related(*queries.RELATED).get(pk=self.interest.pk)
        assert found.state == self.state
        assert [fact.name for fact in ledger.about(found)] == [
            f"interest.{name}" for name in self.facts]
        assert (found.asker_agreed is not None, found.owner_agreed is not None) == (
            self.agreed["asker"], self.agreed["owner"])
        assert found.is_disclosed == ("introduced" in self.facts)
        assert not found.is_disclosed or found.both_agreed
        assert (found.due is not None) == (found.state in OPEN)
        assert [state for _at, _name, state in queries.history(found)][-1] == found.state
        for record in found.progress.all():
            assert record.url or record.file
        assert found.progress.count() == len(self.writers)
        assert ledger.verify().intact
        self.nobody_is_named_too_early(found)

    def nobody_is_named_too_early(self, found: Interest) -> None:
        for reader, other in (("owner", "asker"), ("asker", "owner")):
            said = json.dumps(told.whole(found, self.people[reader]), ensure_ascii=False)
            assert (f"Name of {other}" in said) == found.is_disclosed
            assert (self.people[other].email in said) == found.is_disclosed
        for stranger in ("stranger", "other officer"):
            with pytest.raises(queries.NotFound):
                queries.shown(found, to=self.people[stranger])
            assert not queries.visible_to(self.people[stranger]).exists()
        data = json.dumps([fact.data for fact in ledger.about(found)])
        assert "Name of" not in data and "@" not in data


def _side(who: str | None) -> str:
    return "broker" if who in BROKERS else str(who)


def _last(found: Interest) -> Progress:
    last = Progress.objects.filter(interest=found).last()
    assert last is not None
    return last


@pytest.mark.django_db
def test_random_people_move_an_interest_along_its_table_alone() -> None:
    run_state_machine_as_test(AnInterest, settings=settings(
        max_examples=30, stateful_step_count=25, deadline=None,
        suppress_health_check=list(HealthCheck)))
