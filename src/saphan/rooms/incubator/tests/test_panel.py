"""The panel: who reads, who must not, what the marks are worth, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.ground.text import Text
from saphan.people.models import Person
from saphan.rooms.incubator.actions import panel as actions
from saphan.rooms.incubator.models import Answer, Appeal, Call, Project, Review
from saphan.rooms.incubator.queries import panel as queries
from saphan.rooms.incubator.rules import panel as rules
from saphan.rooms.incubator.tests.conftest import NOW
from saphan.rooms.incubator.tests.sealed import AFTER, unsealed_call

LATER = NOW + AFTER + timedelta(days=1)
REASONS = Text.of({"en": "The plan has no date for the measuring."})


@pytest.fixture
def call(posted: Call, manager: Person, person: Callable[..., Person]) -> Iterator[Call]:
    """Unsealed, with three answers; it is the day after."""
    made = unsealed_call(posted, manager, person, now=NOW)
    with clock.stopped_at(LATER):
        yield made


@pytest.fixture
def director(person: Callable[..., Person]) -> Person:
    return person("director", "director")


@pytest.fixture
def panel(call: Call, manager: Person, person: Callable[..., Person]) -> list[Person]:
    """Three reviewers who have promised; every answer is given to all of them."""
    people = [person(f"reviewer{number}") for number in range(3)]
    for number, each in enumerate(people):
        each.name = f"Mali Reader{number}"
        each.save(update_fields=["name"])
        actions.promise(actions.invite(call, each, by=manager), by=each)
    actions.assign(call, by=manager)
    return people


def marks(call: Call, mark: int, words: str = "Clear, and tried elsewhere.") -> dict[str, Any]:
    names = [row["id"] for row in call.rubric]
    return {"marks": dict.fromkeys(names, mark), "remarks": dict.fromkeys(names, words),
            "lang": "en"}


def hand_in(call: Call, reviewer: Person, position: int, mark: int, **words: str) -> Review:
    review = queries.review(call, position, asker=reviewer)
    actions.mark(review, marks(call, mark, **words), by=reviewer)
    return actions.hand_in(review, by=reviewer)


def all_hand_in(call: Call, panel: list[Person]) -> None:
    """Answer 1 is the best; the first reviewer is harsh."""
    for harsh, reviewer in zip((1, 0, 0), panel, strict=True):
        for position, mark in ((1, 5), (2, 3), (3, 2)):
            hand_in(call, reviewer, position, mark - harsh)


def prepared(call: Call, by: Person, *outcomes: str) -> None:
    for answer, outcome in zip(queries.to_decide(call), outcomes, strict=True):
        actions.prepare(answer, outcome=outcome, reasons=Text.of(
            {"en": f"Reasons for the answer at place {answer.position}."}), by=by)


@pytest.fixture
def decided(call: Call, panel: list[Person], manager: Person) -> Call:
    all_hand_in(call, panel)
    actions.open_the_talk(call, by=manager)
    prepared(call, manager, "accepted", "declined", "ineligible")
    return actions.decide(call, by=manager)


def test_nobody_reads_before_she_has_promised(call: Call, manager: Person,
                                              stranger: Person) -> None:
    actions.invite(call, stranger, by=manager)
    with pytest.raises(Refused):
        actions.assign(call, by=manager)
    assert queries.reviews_of(call, stranger) == []


def test_every_answer_gets_as_many_readers_as_the_call_asks_for(
        call: Call, panel: list[Person]) -> None:
    assert {len(found) for found in queries.readers(call).values()} == {call.reviews_each}


def test_whoever_leads_an_answer_is_not_invited(call: Call, manager: Person) -> None:
    lead = Person.objects.get(email="lead1@example.org")
    with pytest.raises(Refused):
        actions.invite(call, lead, by=manager)


def test_an_invitation_before_the_deadline_does_not_tell_who_answers(
        posted: Call, manager: Person, person: Callable[..., Person]) -> None:
    lead = person("lead9")
    Answer.objects.create(call=posted, position=1, number="INC-X-01", lead=lead, state="sent")
    assert actions.invite(posted, lead, by=manager).pk


def test_marks_count_only_when_they_are_whole_and_handed_in(
        call: Call, panel: list[Person], manager: Person) -> None:
    review = queries.review(call, 1, asker=panel[0])
    half = marks(call, 4)
    half["remarks"].popitem()
    actions.mark(review, half, by=panel[0])
    with pytest.raises(Refused):
        actions.hand_in(review, by=panel[0])
    assert queries.scoring(call, asker=manager).judgement is None


def test_a_declared_conflict_closes_the_answer_for_good(call: Call, panel: list[Person]) -> None:
    actions.declare(queries.review(call, 2, asker=panel[0]), by=panel[0])
    with pytest.raises(queries.NotFound):
        queries.review(call, 2, asker=panel[0])
    assert [each.answer.position for each in queries.reviews_of(call, panel[0])] == [1, 3]


def test_the_second_round_keeps_the_first(call: Call, panel: list[Person],
                                          manager: Person) -> None:
    all_hand_in(call, panel)
    actions.open_the_talk(call, by=manager)
    review = queries.review(call, 1, asker=panel[0])
    assert review.round == 2
    actions.reopen(review, by=panel[0])
    actions.mark(review, marks(call, 1), by=panel[0])
    actions.hand_in(review, by=panel[0])
    kept = Review.objects.get(reviewer=review.reviewer, answer=review.answer, round=1)
    assert set(kept.marks.values()) == {4}
    assert set(review.marks.values()) == {1}
    counted = queries.counted(call, answer=review.answer)
    assert sorted(next(iter(each.marks.values())) for each in counted) == [1, 5, 5]


def test_what_is_missing_holds_up_the_second_round_and_is_named(
        call: Call, panel: list[Person], manager: Person) -> None:
    hand_in(call, panel[0], 1, 4)
    with pytest.raises(Refused, match=f"{call.number}-02"):
        actions.open_the_talk(call, by=manager)
    actions.open_the_talk(call, by=manager, without_missing=True)
    assert Review.objects.filter(state="withdrawn").count() == 8


def test_a_harsh_reviewer_is_found_and_raw_stands_beside_adjusted(
        call: Call, panel: list[Person], manager: Person) -> None:
    all_hand_in(call, panel)
    found = queries.scoring(call, asker=manager)
    assert found.reviewers[0].reviewer.person == panel[0]
    assert found.reviewers[0].severity > 5
    assert [row.answer.position for row in found.answers] == [1, 2, 3]
    assert round(found.answers[0].raw) == 93


def test_the_scores_follow_a_changed_mark(call: Call, panel: list[Person],
                                          manager: Person) -> None:
    all_hand_in(call, panel)
    before = queries.scoring(call, asker=manager).answers[0].raw
    review = queries.review(call, 1, asker=panel[1])
    actions.reopen(review, by=panel[1])
    with clock.stopped_at(LATER + timedelta(minutes=1)):
        hand_in(call, panel[1], 1, 0)
    after = queries.scoring(call, asker=manager).answers
    assert before not in [row.raw for row in after]


def test_the_decision_needs_reasons_for_every_answer(call: Call, panel: list[Person],
                                                     manager: Person) -> None:
    all_hand_in(call, panel)
    actions.open_the_talk(call, by=manager)
    with pytest.raises(Refused):
        actions.prepare(queries.to_decide(call)[0], outcome="accepted",
                        reasons=Text.of({"en": "Good."}), by=manager)
    with pytest.raises(Refused, match=f"{call.number}-01"):
        actions.decide(call, by=manager)
    assert not call.answers.exclude(state="opened").exists()


def test_no_more_are_chosen_than_there_are_places(call: Call, panel: list[Person],
                                                  manager: Person) -> None:
    all_hand_in(call, panel)
    actions.open_the_talk(call, by=manager)
    prepared(call, manager, "accepted", "accepted", "declined")
    with pytest.raises(Refused, match="At most 1"):
        actions.decide(call, by=manager)


def test_the_chosen_become_projects_and_every_choice_is_a_fact(decided: Call) -> None:
    assert list(decided.answers.values_list("state", flat=True)) == [
        "accepted", "declined", "ineligible"]
    assert Project.objects.get().answer.position == 1
    names = [fact.name for answer in decided.answers.all() for fact in ledger.about(answer)]
    assert {"answer.accepted", "answer.declined", "answer.excluded"} <= set(names)
    assert [fact.data for fact in ledger.about(decided).filter(name="call.decided")] == [
        {"form": "challenge", "economy": "LA", "sector": "public_service"}]


def test_an_appeal_is_answered_by_somebody_who_did_not_decide(
        decided: Call, manager: Person, director: Person) -> None:
    answer = decided.answers.get(position=2)
    filed = actions.appeal(answer, words=Text.of({"en": "We gave the dates."}), by=answer.lead)
    assert filed.about == Appeal.About.DECISION
    with pytest.raises(Refused):
        actions.uphold(filed, reasons=REASONS, by=manager)
    actions.uphold(filed, reasons=REASONS, by=director)
    answer.refresh_from_db()
    assert answer.state == Answer.State.OPENED
    with pytest.raises(Refused):  # the one place is taken
        actions.decide_again(answer, outcome="accepted", reasons=REASONS, by=director)
    actions.decide_again(answer, outcome="declined", reasons=REASONS, by=director)
    assert answer.state == Answer.State.DECLINED


def test_software_appeals_and_is_told_what_was_filed(
        decided: Call, api: Callable[..., Any]) -> None:
    answer = decided.answers.get(position=2)
    filed = api("post", f"{decided.number}/answers/2/appeal", {"words": "We gave the dates."},
                who=answer.lead)
    assert filed.status_code == 201, filed.content
    assert answer.appeals.count() == 1


def test_an_appeal_is_in_time_for_ten_working_days(decided: Call) -> None:
    answer = decided.answers.get(position=3)
    until = rules.appeal_until(answer)
    assert until is not None
    with clock.stopped_at(LATER + (until - LATER.date()) + timedelta(days=1)):
        assert not rules.may_appeal(answer.lead, answer)
    with clock.stopped_at(LATER + (until - LATER.date())):
        assert rules.may_appeal(answer.lead, answer)


def test_a_dismissed_appeal_is_not_filed_again(decided: Call, director: Person) -> None:
    answer = decided.answers.get(position=3)
    filed = actions.appeal(answer, words=Text.of({"en": "We are an institute."}), by=answer.lead)
    assert filed.about == Appeal.About.ELIGIBILITY
    actions.dismiss(filed, reasons=REASONS, by=director)
    assert not rules.may_appeal(answer.lead, answer)
