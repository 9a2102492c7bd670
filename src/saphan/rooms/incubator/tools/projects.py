"""Projects for assistants (MCP), and what the API shares with that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from saphan.house import callers
from saphan.house.room import Tool
from saphan.people.models import Person
from saphan.rooms.incubator import doing
from saphan.rooms.incubator.forms.projects import form_of
from saphan.rooms.incubator.models import Project
from saphan.rooms.incubator.queries import calls
from saphan.rooms.incubator.queries import projects as queries
from saphan.rooms.incubator.rules import projects as rules


def find(number: str, position: int, person: Person | None) -> Project:
    try:
        return queries.project(calls.call(number, asker=person), position, asker=person)
    except (queries.NotFound, calls.NotFound):
        raise callers.Missing(number) from None


def told(found: Project, person: Person | None) -> dict[str, Any]:
    """The whole story to those who may look inside; to others what is public."""
    return queries.whole(found) if rules.may_look_inside(person, found) else queries.public(found)


def projects(number: str, person: Person | None = None) -> dict[str, Any]:
    try:
        call = calls.call(number, asker=person)
    except calls.NotFound:
        raise callers.Missing(number) from None
    return {"projects": [queries.public(each) for each in queries.of_call(call)]
            if call.decided else []}


def read_project(number: str, person: Person | None = None) -> dict[str, Any]:
    call, _dash, position = number.rpartition("-")
    if not position.isascii() or not position.isdigit():
        raise callers.Missing(number)
    return told(find(call, int(position), person), person)


def act(found: Project, verb: str, part: int, data: dict[str, Any], *,
        by: Person) -> dict[str, Any]:
    """Do it with the fields of its form. Raises `Missing`, `Invalid`, `Refused`."""
    if not rules.may_look_inside(by, found):
        raise callers.Missing(found.answer.number)
    form = form_of(verb, found, data)
    if form is not None and not form.is_valid():
        raise callers.Invalid.form(form)
    try:
        doing.act(verb, found, part, form, by=by)
    except doing.Unknown:
        raise callers.Missing(verb) from None
    found.refresh_from_db()
    return told(found, by)


def tools() -> Sequence[Tool]:
    """The tools for projects."""
    return [
        Tool("projects", "What became of a decided call: its projects with their state, what was "
                         "measured against what was posted, and the follow-ups.", projects),
        Tool("read_project", "Read one project by the number of its answer, for example "
                             "INC-2026-0007-03.", read_project),
    ]
