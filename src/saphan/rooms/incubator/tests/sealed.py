"""Calls with real keys and answers, for tests of what comes after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from saphan.ground import clock
from saphan.people.models import Person
from saphan.rooms.incubator.actions import answers as actions
from saphan.rooms.incubator.actions import calls
from saphan.rooms.incubator.forms.answers import INDICATOR, AnswerForm
from saphan.rooms.incubator.models import Answer, Call

AFTER = timedelta(days=46)
"""From the tests' now to the day after the deadline of `conftest.LANDSLIDES`."""


def words(call: Call, position: int = 1, **changes: Any) -> dict[str, Any]:
    """What a team types."""
    return {
        "title": f"Listening to the slope, proposal {position}",
        "solution": "Small sensors in the ground report how the slope moves and how wet it is; "
                    f"a model on the roadside box warns before it slides. Variant {position}.",
        "plan": "Two months of installation, four months of measuring, three months of warning.",
        "experience": "Eleven slopes on mountain roads since 2021.",
        "risks": "Lightning; we keep spare boxes in the village.",
        "mode": "joint_rd", "amount": "28000", "months": "9",
        "organisation": f"Slope Institute {position}", "organisation_kind": "institute",
        "economy": "VN",
        **{INDICATOR + row["id"]: str(row["value"]) for row in call.indicators}, **changes}


def keyed(call: Call, manager: Person, holders: list[Person]) -> dict[int, str]:
    """Name these holders, let each take a slip, make the key and open the call. Slips by person."""
    slips = {}
    for person in holders:
        holder = actions.appoint(call, person, by=manager)
        slips[person.pk] = actions.take_slip(holder, by=person)
    actions.make_key(call, by=manager)
    calls.open_answers(call, by=manager)
    return slips


def answered(call: Call, by: Person, position: int = 1, *, send: bool = True,
             **changes: Any) -> tuple[Answer, bytes]:
    """An answer of this person, sealed; with the team's key."""
    form = AnswerForm(words(call, position, **changes), call=call, by=by, sending=send)
    assert form.is_valid(), form.errors
    return actions.write(call, form.content(), by=by, send=send)


def opened(call: Call, slips: dict[int, str], *, at: datetime) -> Call:
    """The deadline passes, and as many holders as are needed enter their slips."""
    with clock.stopped_at(at):
        calls.end_answers(call)
        for holder in call.holders.select_related("person")[:call.key_needed]:
            holder.refresh_from_db()
            actions.release(holder, slips[holder.person_id], by=holder.person)
    call.refresh_from_db()
    return call


def unsealed_call(posted: Call, manager: Person, person: Callable[..., Person], *, now: datetime,
                  count: int = 3) -> Call:
    """A call with `count` opened answers of as many teams."""
    holders = [person(f"holder{number}") for number in range(3)]
    slips = keyed(posted, manager, holders)
    for position in range(1, count + 1):
        answered(posted, person(f"lead{position}", economy_id="VN"), position)
    return opened(posted, slips, at=now + AFTER)
