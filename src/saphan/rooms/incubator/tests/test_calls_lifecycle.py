"""A call from draft to its end: who may do what, and why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.people import actions as people_actions
from saphan.people.models import Person
from saphan.rooms.incubator.actions import calls as actions
from saphan.rooms.incubator.forms.calls import CallForm
from saphan.rooms.incubator.models import Call
from saphan.rooms.incubator.rules import calls as rules
from saphan.rooms.incubator.tests.conftest import LANDSLIDES, NOW, drafted, with_a_key


def test_a_complete_draft_goes_from_submission_to_evaluation(
        draft: Call, owner: Person, manager: Person) -> None:
    actions.submit(draft, by=owner)
    assert draft.organisation is not None and draft.organisation.kind == "government"
    actions.post(draft, by=manager)
    assert (draft.state, draft.manager) == ("posted", manager)
    actions.open_answers(with_a_key(draft), by=manager)
    with clock.stopped_at(datetime(2027, 4, 15, 10, 0, tzinfo=UTC)):  # 17:00 in Vientiane
        actions.end_answers(draft)
    draft.refresh_from_db()
    assert draft.state == "evaluation"
    assert [fact.name for fact in ledger.about(draft)] == [
        "call.drafted", "call.submitted", "call.posted", "call.opened", "call.ended"]


def test_the_deadline_is_read_on_the_clock_of_the_owner(draft: Call) -> None:
    assert draft.deadline == datetime(2027, 4, 15, 10, 0, tzinfo=UTC)
    assert draft.time_zone == "Asia/Vientiane"


def test_answers_are_not_ended_a_second_too_early(answering: Call, manager: Person) -> None:
    assert answering.deadline is not None
    with clock.stopped_at(answering.deadline - timedelta(seconds=1)):
        for by in (None, manager):
            with pytest.raises(Refused, match="not passed"):
                actions.end_answers(answering, by=by)


def test_nothing_but_the_form_is_required_of_a_draft(owner: Person) -> None:
    form = CallForm({"form": "grant"})
    assert form.is_valid(), form.errors
    call = actions.start(form.values(), by=owner)
    assert call.number == "INC-2027-0001"
    with pytest.raises(Refused, match="Still missing"):
        actions.submit(call, by=owner)


@pytest.mark.parametrize(("form", "asked", "not_asked"), [
    ("challenge", {"environment", "data_available", "modes", "indicators"}, {"support", "months"}),
    ("cohort", {"support", "months"}, {"environment", "data_available", "modes", "indicators"}),
    ("grant", {"budget_amount", "indicators"}, {"environment", "data_available", "modes"}),
])
def test_each_form_asks_for_other_things(form: str, asked: set[str], not_asked: set[str]) -> None:
    missing = set(rules.missing(Call(form=form)))
    assert asked <= missing
    assert not missing & not_asked


@pytest.mark.parametrize(("changes", "reason"), [
    ({"registered": "2026-03-02"}, "over a year"),
    ({"organisation_kind": ""}, "Only a university"),
    ({"deadline": "2027-03-15T10:59"}, "at least 14 days"),
    ({"indicators": [{"name": "Warnings", "value": 80}]}, "at least one indicator"),
    ({"rubric": [{"name": "All", "weight": 99}]}, "add up to 99"),
    ({"environment": ""}, "Still missing: Where it can be tried"),
])
def test_a_call_that_is_not_sound_is_not_submitted(
        owner: Person, changes: dict[str, object], reason: str) -> None:
    call = drafted(owner, **changes)
    with pytest.raises(Refused, match=reason):
        actions.submit(call, by=owner)
    call.refresh_from_db()
    assert call.state == "draft"


def test_fourteen_days_are_enough(owner: Person) -> None:
    call = drafted(owner, deadline="2027-03-15T11:00")
    assert actions.submit(call, by=owner).state == "submitted"


def test_it_is_not_announced_when_the_desk_took_so_long_that_no_time_is_left(
        submitted: Call, manager: Person) -> None:
    with clock.stopped_at(NOW + timedelta(days=40)), pytest.raises(Refused, match="14 days"):
        actions.post(submitted, by=manager)


def test_an_association_under_the_name_of_a_company_is_found_out(owner: Person) -> None:
    people_actions.find_or_add_organisation({"lo": "ກົມຂົວທາງ"}, economy="LA", kind="association")
    call = drafted(owner, organisation_kind="company")
    with pytest.raises(Refused, match="Only a university"):
        actions.submit(call, by=owner)
    call.refresh_from_db()
    assert call.state == "draft"


def test_it_is_not_opened_before_the_key_holders_have_their_slips(
        posted: Call, manager: Person) -> None:
    with pytest.raises(Refused, match="slips"):
        actions.open_answers(posted, by=manager)


def test_only_programme_managers_announce_open_and_end(
        draft: Call, owner: Person, clerk: Person, stranger: Person, manager: Person) -> None:
    actions.submit(draft, by=owner)
    for somebody in (owner, clerk, stranger):
        for verb in (actions.post, actions.open_answers, actions.end_answers, actions.finish):
            with pytest.raises(Refused):
                verb(draft, by=somebody)
    assert actions.post(draft, by=manager).state == "posted"


def test_only_its_own_people_submit_a_draft(draft: Call, manager: Person, stranger: Person) -> None:
    for somebody in (manager, stranger):
        with pytest.raises(Refused, match="Only the people who posted this"):
            actions.submit(draft, by=somebody)


def test_the_desk_returns_a_call_with_its_reason(submitted: Call, manager: Person) -> None:
    with pytest.raises(Refused):
        actions.return_to_author(submitted, by=manager, because=" ")
    actions.return_to_author(submitted, by=manager, because="Say how rain is measured.")
    assert (submitted.state, submitted.returned_because) == ("draft", "Say how rain is measured.")


def test_two_who_write_at_once_do_not_overwrite_each_other(draft: Call, owner: Person) -> None:
    other = Call.objects.get(pk=draft.pk)
    actions.save(draft, {"keywords": ["rain"]}, by=owner, version=1)
    with pytest.raises(actions.Conflict):
        actions.save(other, {"keywords": ["soil"]}, by=owner, version=1)
    other.refresh_from_db()
    assert (other.keywords, other.version) == (["rain"], 2)


def test_nobody_moves_the_goal_once_answers_are_taken(
        answering: Call, owner: Person, manager: Person) -> None:
    for somebody in (owner, manager):
        with pytest.raises(Refused):
            actions.save(answering, {"indicators": []}, by=somebody)


def test_before_that_the_desk_may_mend_what_was_announced_but_not_break_it(
        posted: Call, owner: Person, manager: Person) -> None:
    actions.save(posted, {"months": 12}, by=manager)
    with pytest.raises(Refused):
        actions.save(posted, {"months": 6}, by=owner)
    with pytest.raises(Refused, match="Still missing"):
        actions.save(posted, {"indicators": []}, by=manager)
    posted.refresh_from_db()
    assert posted.months == 12 and len(posted.indicators) == 2


def test_the_deadline_moves_once_later_and_with_a_reason(answering: Call, manager: Person) -> None:
    old = answering.deadline
    assert old is not None
    week = old + timedelta(days=7)
    with pytest.raises(Refused, match="later"):
        actions.extend(answering, by=manager, deadline=old, because="Holidays")
    with pytest.raises(Refused, match="Say why"):
        actions.extend(answering, by=manager, deadline=week, because=" ")
    actions.extend(answering, by=manager, deadline=week, because="Pi Mai")
    assert (answering.deadline, str(answering.extended_because)) == (week, "Pi Mai")
    with pytest.raises(Refused, match="once already"):
        actions.extend(answering, by=manager, deadline=week + timedelta(days=1), because="More")


def test_a_deadline_that_has_passed_does_not_come_back(answering: Call, manager: Person) -> None:
    assert answering.deadline is not None
    with clock.stopped_at(answering.deadline), pytest.raises(Refused, match="passed"):
        actions.extend(answering, by=manager, deadline=answering.deadline + timedelta(days=9),
                       because="Too few answers")


def test_the_owner_cancels_alone_only_before_others_know_of_it(
        draft: Call, owner: Person, manager: Person) -> None:
    actions.submit(draft, by=owner)
    actions.post(draft, by=manager)
    with pytest.raises(Refused, match="Ask the programme manager"):
        actions.cancel(draft, by=owner, because="No money")
    with pytest.raises(Refused, match="Say why"):
        actions.cancel(draft, by=manager)
    actions.cancel(draft, by=manager, because="No money this year")
    assert draft.state == "cancelled" and draft.is_public


def test_a_draft_is_cancelled_without_a_word(draft: Call, owner: Person) -> None:
    actions.cancel(draft, by=owner)
    assert draft.state == "cancelled" and not draft.is_public


def test_an_evaluated_call_without_answers_is_closed(evaluation: Call, manager: Person) -> None:
    assert actions.finish(evaluation, by=manager).state == "closed"


def test_a_call_is_handed_over_to_programme_managers_only(
        posted: Call, manager: Person, clerk: Person,
        person: Callable[..., Person]) -> None:
    other = person("other", "programme_manager")
    with pytest.raises(Refused):
        actions.hand_over(posted, to=clerk, by=manager)
    assert actions.hand_over(posted, to=other, by=manager).manager == other


def test_facts_about_calls_hold_no_words_of_people(answering: Call, owner: Person) -> None:
    said = " ".join(str(fact.data) for fact in ledger.about(answering))
    assert owner.email not in said and LANDSLIDES["title_en"] not in said
