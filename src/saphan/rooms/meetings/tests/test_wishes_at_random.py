"""Random moves of wishes against a model in plain Python; and two who wish at the same moment."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.people import actions as people_actions
from saphan.rooms.meetings.actions import wishes as actions
from saphan.rooms.meetings.models import Event, Party, Wish
from saphan.rooms.meetings.tests import making
from saphan.rooms.meetings.tests.making import BEGINS

NOW = BEGINS.replace(month=2, day=20)
VERBS = ("send", "accept", "refuse", "withdraw", "wish_again", "change")
MOVES = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 1), st.integers(1, 3)),
                 max_size=12)


class Model:
    """One pair of parties, 0 and 1, as the rules say in words."""

    def __init__(self) -> None:
        self.state: str | None = None
        self.asker = 0
        self.priority: int | None = None
        self.answer: int | None = None

    def move(self, verb: str, who: int, priority: int) -> bool:
        """Take a move; False where it is refused."""
        asks = self.asker == who
        if verb == "send":
            return self._send(who, priority)
        if self.state is None:
            return False
        if verb == "accept" and not asks and self.state in {"sent", "refused"}:
            self.state, self.answer = "accepted", priority
        elif verb == "refuse" and not asks and self.state in {"sent", "accepted"}:
            self.state, self.answer = "refused", None
        elif verb == "withdraw" and asks and self.state in {"sent", "accepted"}:
            self.state, self.answer = "withdrawn", None
        elif verb == "wish_again" and asks and self.state == "withdrawn":
            self.state, self.priority = "sent", priority
        elif verb == "change" and (self.state == "accepted" or (asks and self.state == "sent")):
            self._change(asks, priority)
        else:
            return False
        return True

    def _change(self, asks: bool, priority: int) -> None:
        if asks:
            self.priority = priority
        else:
            self.answer = priority

    def _send(self, who: int, priority: int) -> bool:
        asks = self.asker == who
        if self.state is None:
            self.state, self.asker, self.priority = "sent", who, priority
        elif self.state in {"sent", "refused"} and not asks:
            self.state, self.answer = "accepted", priority
        elif self.state == "refused":
            return False
        elif self.state in {"sent", "accepted"}:
            self._change(asks, priority)
        else:
            self.state, self.asker, self.priority = "sent", who, priority
        return True


def do(verb: str, who: int, priority: int, parties: list[Party]) -> bool:
    me, other = parties[who], parties[1 - who]
    wish = actions.between(me.event, me, other)
    assert me.contact is not None
    try:
        if verb == "send":
            actions.send(me, other, by=me.contact, priority=priority)
        elif wish is None:
            return False
        elif verb == "refuse":
            actions.refuse(wish, by=me.contact, reason="no_time")
        elif verb == "withdraw":
            actions.withdraw(wish, by=me.contact)
        elif verb == "change":
            actions.change(wish, me, by=me.contact, priority=priority)
        else:
            getattr(actions, verb)(wish, by=me.contact, priority=priority)
    except Refused:
        return False
    return True


@pytest.fixture
def pair(db: None) -> list[Party]:
    people_actions.load_economies()
    event = making.event()
    return [making.party(event, "One", account=True), making.party(event, "Two", account=True)]


@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MOVES)
def test_random_moves_of_two_parties_leave_one_row_that_is_as_the_rules_say(
        pair: list[Party], moves: list[tuple[str, int, int]]) -> None:
    Wish.objects.all().delete()
    model = Model()
    with clock.stopped_at(NOW):
        for verb, who, priority in moves:
            assert do(verb, who, priority, pair) == model.move(verb, who, priority), verb
            rows = list(Wish.objects.all())
            assert len(rows) == (model.state is not None)
            for row in rows:
                assert (row.state, row.asker_id, row.priority, row.answer_priority) == (
                    model.state, pair[model.asker].pk, model.priority, model.answer)
                assert bool(row.refusal) == (row.state == "refused")
    assert ledger.verify().intact


def test_two_who_wish_each_other_at_the_same_moment_get_one_wish_of_both(
        pair: list[Party], monkeypatch: pytest.MonkeyPatch) -> None:
    """The second looks before the first has written, and writes after it."""
    one, two = pair
    really, looks = actions.between, []

    def between(event: Event, me: Party, other: Party) -> Wish | None:
        looks.append(me)
        if len(looks) > 1:
            return really(event, me, other)
        with monkeypatch.context() as quiet:
            quiet.setattr(actions, "between", really)
            actions.send(two, one, by=two.contact, priority=1)  # type: ignore[arg-type]
        return None

    monkeypatch.setattr(actions, "between", between)
    with clock.stopped_at(NOW):
        actions.send(one, two, by=one.contact, priority=3)  # type: ignore[arg-type]
    wish: Any = Wish.objects.get()
    assert (wish.state, wish.asker_id, wish.priority, wish.answer_priority) == (
        "accepted", two.pk, 1, 3)
    names = list(ledger.about(wish).values_list("name", flat=True))
    assert names == ["wish.sent", "wish.accepted"]
