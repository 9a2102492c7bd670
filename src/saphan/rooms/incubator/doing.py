"""What is done with a project, by its name: one table for the web, the API and MCP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from saphan.people.models import Person
from saphan.rooms.incubator.actions import projects as actions
from saphan.rooms.incubator.models import Project
from saphan.rooms.incubator.queries import projects as queries


class Unknown(Exception):
    """No such verb, or nothing to apply it to."""


OF_THE_PROJECT = ("sign", "milestone", "payment", "begin", "measure", "evidence", "validate",
                  "reject", "stop")
OF_A_PART = ("drop_milestone", "drop_payment", "hand_in", "approve", "return", "release",
             "withhold", "confirm", "report")


def act(verb: str, project: Project, part: int, form: Any, *, by: Person) -> object:
    """Do it. `part` is the key of the milestone, payment, measurement or follow-up, 0 for the
    project itself; `form` the valid form of the verb, if it has one. Raises `Unknown` and
    `Refused`."""
    cleaned = form.cleaned_data if form is not None else {}
    whole: dict[str, Callable[[], object]] = {
        "sign": lambda: actions.sign(project, form.values(), by=by),
        "milestone": lambda: actions.add_milestone(
            project, title=form.text("title", by), due=cleaned["due"], by=by),
        "payment": lambda: actions.add_payment(
            project, amount=cleaned["amount"], currency=cleaned["currency"], due=cleaned["due"],
            milestone=form.chosen, by=by),
        "begin": lambda: actions.begin(project, by=by),
        "measure": lambda: actions.measure(
            project, indicator=cleaned["indicator"], value=cleaned["value"], on=cleaned["on"],
            method=form.text("method", by), by=by, evidence=form.evidence()),
        "evidence": lambda: actions.add_evidence(project, form.evidence(), by=by),
        "validate": lambda: actions.validate(project, by=by, reasons=form.text("reasons", by)),
        "reject": lambda: actions.reject(project, by=by, reasons=form.text("reasons", by)),
        "stop": lambda: actions.stop(project, by=by, reasons=form.text("reasons", by)),
    }
    if verb in whole:
        return whole[verb]()
    return _on_a_part(verb, project, part, form, cleaned, by=by)


def _on_a_part(verb: str, project: Project, part: int, form: Any, cleaned: Any, *,
               by: Person) -> object:
    find = {"drop_milestone": queries.milestone, "hand_in": queries.milestone,
            "approve": queries.milestone, "return": queries.milestone,
            "drop_payment": queries.payment, "release": queries.payment,
            "withhold": queries.payment, "confirm": queries.measurement,
            "report": queries.follow_up}.get(verb)
    found: Any = find(project, part) if find else None
    if found is None:
        raise Unknown(verb)
    parts: dict[str, Callable[[], object]] = {
        "drop_milestone": lambda: actions.drop_milestone(found, by=by),
        "drop_payment": lambda: actions.drop_payment(found, by=by),
        "hand_in": lambda: actions.hand_in(found, report=form.text("report", by), by=by,
                                           evidence=form.evidence()),
        "approve": lambda: actions.approve(found, by=by),
        "return": lambda: actions.return_milestone(found, because=cleaned["because"], by=by),
        "release": lambda: actions.release(found, on=cleaned["on"],
                                           reference=cleaned["reference"], by=by),
        "withhold": lambda: actions.withhold(found, because=cleaned["because"], by=by),
        "confirm": lambda: actions.confirm(found, by=by),
        "report": lambda: actions.report(found, form.values(by), by=by),
    }
    return parts[verb]()
