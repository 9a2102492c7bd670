"""From a chosen answer to a validated and to a rejected pilot, through the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from saphan.ground import clock, jobs, ledger
from saphan.people.models import Person
from saphan.rooms.incubator.actions import projects as actions
from saphan.rooms.incubator.models import Call, Project
from saphan.rooms.incubator.reactions import projects as reactions
from saphan.rooms.incubator.tests import sealed
from saphan.rooms.incubator.tests.conftest import NOW, page, signed_in

LATER = NOW + sealed.AFTER
PDF = b"%PDF-1.4 signed"


@pytest.fixture
def project(posted: Call, manager: Person, person: Callable[..., Person]) -> Iterator[Project]:
    """The first of two answers was chosen; from now on it is the day after."""
    call = sealed.unsealed_call(posted, manager, person, now=NOW, count=2)
    answer = call.answers.get(position=1)
    answer.take("accept")
    Call.objects.filter(pk=call.pk).update(state=Call.State.ASSIGNED, decided=LATER)
    with clock.stopped_at(LATER):
        yield actions.assign(answer, by=manager)


@pytest.fixture
def lead(project: Project) -> Person:
    assert project.answer.lead is not None
    return project.answer.lead


def address(project: Project) -> str:
    return f"/en/incubator/{project.answer.call.number}/answers/{project.answer.position}/project/"


def press(who: Person, project: Project, verb: str, part: int = 0, expect: int = 302,
          **data: Any) -> str:
    response = signed_in(who).post(f"{address(project)}do/{verb}/{part}/", data)
    assert response.status_code == expect, response.content.decode()
    project.refresh_from_db()
    return response.content.decode()


def proof() -> SimpleUploadedFile:
    return SimpleUploadedFile("proof.pdf", PDF, "application/pdf")


def at_work(project: Project, manager: Person, lead: Person) -> None:
    """Planned, signed, begun."""
    press(lead, project, "milestone", title="Sensors installed", due="2027-07-01")
    step = project.milestones.get()
    press(manager, project, "payment", amount="9000", due="2027-07-15", milestone=step.pk)
    press(manager, project, "sign", signed="2027-04-10", mode="joint_rd", amount="28000",
          currency="USD", ends="2028-01-31", file=proof())
    press(manager, project, "begin")
    assert project.state == "working"


def measured(project: Project, lead: Person, manager: Person, *values: str) -> None:
    for row, value in zip(project.answer.call.indicators, values, strict=False):
        press(lead, project, "measure", indicator=row["id"], value=value, on="2027-04-12",
              method="Counted at five slopes over a month.", url="https://example.org/log")
        press(manager, project, "confirm", project.measurements.latest("pk").pk)


def test_a_pilot_is_validated_against_what_was_posted(
        project: Project, manager: Person, owner: Person, lead: Person, client: Any) -> None:
    at_work(project, manager, lead)
    step = project.milestones.get()
    press(lead, project, "hand_in", step.pk, report="Five slopes have sensors.", file=proof())
    press(owner, project, "return", step.pk, because="The photos of slope 4 are missing.")
    assert "slope 4" in page(signed_in(lead).get(address(project)))
    press(lead, project, "hand_in", step.pk, report="With photos of slope 4.", file=proof())
    press(owner, project, "approve", step.pk)
    payment = project.payments.get()
    press(manager, project, "release", payment.pk, on="2027-04-14", reference="TT-118")
    payment.refresh_from_db()
    assert payment.state == "released"
    measured(project, lead, manager, "84.5", "1")
    press(owner, project, "validate", reasons="Both numbers were reached at five slopes.")
    assert project.state == "validated"
    assert [row["reached"] for row in project.verdict] == [True, True]
    assert [each.months for each in project.follow_ups.all()] == [6, 18, 36]
    seen = page(client.get(f"/en/incubator/{project.answer.call.number}/"))
    assert "84.5" in seen and "Slope Institute 1" in seen and "Slope Institute 2" not in seen
    assert "TT-118" not in page(client.get(address(project)))
    facts = [fact.name for fact in ledger.about(project)]
    assert facts == ["project.assigned", "project.signed", "project.begun", "project.validated"]


def test_a_pilot_that_misses_a_must_is_not_validated(
        project: Project, manager: Person, owner: Person, lead: Person) -> None:
    at_work(project, manager, lead)
    press(owner, project, "reject", expect=422, reasons="Too early to tell.")
    assert project.state == "working"  # nothing was measured, and its time is not over
    measured(project, lead, manager, "61")
    text = press(owner, project, "validate", expect=422, reasons="")
    assert project.state == "working" and "not reached" in text
    press(owner, project, "reject", reasons="61 % of the warnings were right; 80 % were posted.")
    assert project.state == "rejected"
    jobs.drain()
    assert any("not validated" in letter.subject and lead.email in letter.to
               for letter in mail.outbox)


def test_the_team_does_not_confirm_its_own_measurement(
        project: Project, manager: Person, lead: Person) -> None:
    at_work(project, manager, lead)
    row = project.answer.call.indicators[0]
    press(lead, project, "measure", indicator=row["id"], value="99", on="2027-04-12",
          method="Counted.", url="https://example.org/log")
    press(lead, project, "confirm", project.measurements.get().pk)
    assert project.measurements.get().confirmed is None


def test_no_payment_is_released_before_its_milestone_is_approved(
        project: Project, manager: Person, lead: Person) -> None:
    at_work(project, manager, lead)
    payment = project.payments.get()
    press(manager, project, "release", payment.pk, expect=422, on="2027-04-14", reference="x")
    payment.refresh_from_db()
    assert payment.state == "planned"


def test_no_more_is_planned_than_there_is(
        project: Project, manager: Person, lead: Person) -> None:
    at_work(project, manager, lead)
    text = press(manager, project, "payment", expect=422, amount="19000.01", due="2027-09-01")
    assert "more than the" in text and project.payments.count() == 1


def test_work_begins_only_with_a_signed_paper_and_a_plan(
        project: Project, manager: Person, lead: Person) -> None:
    press(manager, project, "begin")
    assert project.state == "assigned"
    seen = page(signed_in(manager).get(address(project)))
    assert "on which day it was signed" in seen


def test_strangers_see_neither_plan_nor_papers(
        project: Project, manager: Person, lead: Person, stranger: Person) -> None:
    at_work(project, manager, lead)
    seen = page(signed_in(stranger).get(address(project)))
    assert "Sensors installed" not in seen and "9,000" not in seen
    paper = project.evidence.get()
    assert signed_in(stranger).get(f"{address(project)}evidence/{paper.pk}/").status_code == 404
    press(stranger, project, "stop", expect=404, reasons="No.")
    assert signed_in(stranger).get(address(project)[:-1] + ".json").status_code == 404
    assert "Sensors installed" in signed_in(lead).get(
        address(project)[:-1] + ".json").content.decode()
    shown = signed_in(lead).get(f"{address(project)}evidence/{paper.pk}/")
    assert shown.getvalue() == PDF
    shown.close()


def test_after_six_months_somebody_asks_what_is_left_of_it(
        project: Project, manager: Person, owner: Person, lead: Person, client: Any) -> None:
    at_work(project, manager, lead)
    measured(project, lead, manager, "84.5", "1")
    press(owner, project, "validate", reasons="Reached.")
    first = project.follow_ups.get(months=6)
    press(lead, project, "report", first.pk, expect=422, use="daily", words="In use.")
    mail.outbox.clear()
    with clock.stopped_at(LATER + timedelta(days=190)):
        reactions.look_after_follow_ups()
        reactions.look_after_follow_ups()
        assert len([each for each in mail.outbox if lead.email in each.to]) == 1
        press(lead, project, "report", first.pk, use="spread",
              words="Three more districts have it.")
        seen = page(client.get(address(project)))
        assert "Three more districts" in seen and "In use and taken over elsewhere" in seen
    with clock.stopped_at(LATER + timedelta(days=18 * 31 + 70)):
        reactions.look_after_follow_ups()
    assert project.follow_ups.get(months=18).state == "missed"
