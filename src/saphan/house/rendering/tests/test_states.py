"""Random moves, legal and illegal: no state that the table forbids, no words that nobody approved
by two, and the ledger tells the same as the rows."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.house.rendering import actions
from saphan.house.rendering.models import Rendering
from saphan.house.rendering.tests.conftest import PORTUGUESE, published, work
from saphan.people.models import Person
from saphan.rooms.market.models import Listing

State = Rendering.State
MOVES = ("claim", "release", "hand_in", "approve", "send_back", "set_aside", "reopen",
         "want_again", "ask_machine", "save", "other", "machine")
LEADS_TO = {"wanted": State.WANTED, "drafted": State.DRAFTED, "handed_in": State.IN_REVIEW,
            "sent_back": State.DRAFTED, "approved": State.APPROVED, "reopened": State.DRAFTED,
            "set_aside": State.SET_ASIDE, "wanted_again": State.WANTED}


@pytest.mark.parametrize("move", Rendering.lifecycle.transitions)
def test_every_move_has_a_rule(move):
    from saphan.house.rendering import rules

    assert callable(rules.BY_TRANSITION[move])


@settings(max_examples=40, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 2)), max_size=14))
def test_whatever_is_tried_the_rules_hold(person, moves):
    Listing.objects.all().update(state="archived")
    mark = Fact.objects.count()
    people = [_somebody(person, name, langs) for name, langs in (
        ("one", ["pt"]), ("two", ["pt"]), ("khmer", ["km"]))]
    record = published(f"record-{mark}")
    rendering = actions.begin(record, "pt", by=people[0])
    for move, who in moves:
        before = Rendering.objects.get(pk=rendering.pk).state
        try:
            _try(move, rendering, people[who])
        except Refused:
            assert move != "want_again" or before != State.SET_ASIDE or who == 2
            assert Rendering.objects.get(pk=rendering.pk).state == before
        else:
            table = Rendering.lifecycle.transitions
            assert move not in table or before in table[move].sources
        now = Rendering.objects.get(pk=rendering.pk)
        assert now.state == before or Rendering.lifecycle.allows(before, now.state)
        words = Listing.objects.get(pk=record.pk).title.renderings.get("pt")
        if words is not None and words.approved_by:
            assert words.approved_by not in (words.by, people[2].ref)
        assert words is None or words.origin == "machine" or words.approved_by
    told = [LEADS_TO[fact.name.removeprefix("rendering.")] for fact in Fact.objects.filter(
        seq__gt=mark, subject_type="rendering.rendering").order_by("seq")
        if fact.name.removeprefix("rendering.") in LEADS_TO]
    assert told[-1] == Rendering.objects.get(pk=rendering.pk).state


def _somebody(person, name: str, langs: list[str]) -> Person:
    found = Person.objects.filter(email=f"{name}@example.org").first()
    return found or person(name, langs=langs)


def _try(move: str, rendering: Rendering, by: Person) -> None:
    opened = work(rendering)
    if move == "save":
        actions.save(opened, PORTUGUESE, by=by)
    elif move == "other":
        actions.save(opened, {"title": ["Outra câmara que classifica durião"]}, by=by)
    elif move == "machine":
        actions.take_machine_draft(opened, PORTUGUESE, provider="toy",
                                   version=opened.rendering.version)
    else:
        actions.by_transition(move, opened, by=by, remark="because")
